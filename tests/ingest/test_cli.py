"""python -m ingest: results on stdout, one clear line and status 1 on failure."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from corpus_documents import CORPUS
from typer.testing import CliRunner

from ingest.__main__ import app

RUNNER = CliRunner()


@pytest.fixture(autouse=True)
def _own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUSEI_STATE", str(tmp_path / "state"))


def test_extract_keeps_to_the_contract() -> None:
    path = next(CORPUS.glob("001_*.txt"))
    result = RUNNER.invoke(app, ["extract", str(path), "--json"])
    assert result.exit_code == 0
    content = json.loads(result.stdout)
    assert {"document", "projects", "figures", "indicators", "warnings"} <= set(content)
    assert {"name", "code", "pillar", "departments", "fiscal_year", "parent", "source"} <= set(content["projects"][0])
    figure = next(
        f for f in content["figures"] if f["project"] == "青少年健全育成事業" and f["metric"] == "execution_rate"
    )
    assert (figure["value"], figure["unit"], figure["printed"]) == ("47.5", "percent", "47.5%")
    assert figure["source"]["file"] == path.name
    budget = next(f for f in content["figures"] if f["project"] == "災害に強い区づくり事業" and f["metric"] == "budget")
    assert (budget["value"], budget["unit"]) == ("12182000", "yen")
    keys = [
        (f["fiscal_year"], f["project"], f["parent_project"], f["section"], f["metric"], f["label"], f["value"])
        for f in content["figures"]
    ]
    money = [key for key in keys if key[4] in ("budget", "settled", "executed", "difference", "execution_rate")]
    assert len(money) == len(set(money))
    assert {"indicator_target", "indicator_result", "count"} <= {f["metric"] for f in content["figures"]}
    words = next(i for i in content["indicators"] if i["name"] == "あさひの逸品キャンペーンの実施")
    assert (words["target"], words["result"], words["result_printed"]) == (None, None, "実施済み")
    assert content["document"]["ward"] == "旭区"  # the facts registered for this file


def test_build_check_list_and_remove(tmp_path: Path) -> None:
    built = RUNNER.invoke(app, ["build"])
    assert built.exit_code == 0, built.output
    assert built.stdout.count("読み取り") == 5
    assert "事業67 細事業217" in built.stdout
    checked = RUNNER.invoke(app, ["check", "--json"])
    assert checked.exit_code == 0
    assert len(json.loads(checked.stdout)["findings"]) == 7
    other = tmp_path / "緑区運営方針.txt"
    other.write_text(
        "令和８年度 緑区運営方針\n1 見守りを進めます\n- ・開催（年３回）\n2 朝市\n- ・朝市\n", encoding="utf-8"
    )
    added = RUNNER.invoke(app, ["add", str(other), "--municipality", "横浜市", "--fiscal-year", "令和8年度"])
    assert added.exit_code == 0, added.output
    listed = json.loads(RUNNER.invoke(app, ["list", "--json"]).stdout)
    assert [entry["added"] for entry in listed] == [False] * 5 + [True]
    assert RUNNER.invoke(app, ["remove", "緑区運営方針"]).exit_code == 0
    assert len(json.loads(RUNNER.invoke(app, ["list", "--json"]).stdout)) == 5


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["extract", "no-such-file.txt"], "no-such-file.txt"),
        (["build", "--corpus", "no-such-folder"], "no-such-folder"),
        (["check"], "ingest build"),
        (["remove", "x"], "ingest list"),
        (["add", "x.txt", "--fiscal-year", "いつか"], "いつか"),
        (["add", "x.txt", "--kind", "決算"], "--fiscal-year"),
    ],
)
def test_a_failure_is_one_clear_line(arguments: list[str], told: str) -> None:
    result = RUNNER.invoke(app, arguments)
    assert result.exit_code == 1
    assert told in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert result.stdout == ""


@pytest.mark.parametrize("command", ["build", "extract", "check", "add", "list", "remove"])
def test_every_help_has_an_example(command: str) -> None:
    result = RUNNER.invoke(app, [command, "--help"])
    assert result.exit_code == 0
    assert f"python -m ingest {command}" in result.stdout
