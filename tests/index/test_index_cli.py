"""python -m index: results on stdout, one clear line on failure."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

import index.__main__ as command
from index.generation import build_generation, serving_generation
from index.library import Library
from ingest.state import StateLayout
from records import Extraction
from tests.index.conftest import PairEncoder


@pytest.fixture
def held(
    layout: StateLayout,
    encoder: PairEncoder,
    two_documents: tuple[Extraction, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> StateLayout:
    build_generation(layout, two_documents, encoder)
    monkeypatch.setattr(command, "open_library", lambda: Library(*serving_generation(layout), encoder))
    return layout


@pytest.mark.usefixtures("held")
def test_search_as_json() -> None:
    run = CliRunner().invoke(command.app, ["search", "猫の手術", "--k", "2", "--json"])
    assert run.exit_code == 0
    result = json.loads(run.stdout)
    first = result["passages"][0]
    assert (first["rank"], first["project"], first["municipality"]) == (1, "飼い主のいない猫対策事業", "架空市")
    assert first["source"]["line_start"] == 2
    assert len(result["passages"]) == 2
    assert 0 <= result["answerable"] <= 1


@pytest.mark.usefixtures("held")
@pytest.mark.parametrize(
    ("options", "documents"),
    [
        (["--municipality", "別の市"], {"b"}),
        (["--ward", "海老区", "--fiscal-year", "2022"], {"a"}),
        (["--document", "b"], {"b"}),
        (["--fiscal-year", "2021"], {"b"}),
    ],
)
def test_search_is_filtered(options: list[str], documents: set[str]) -> None:
    run = CliRunner().invoke(command.app, ["search", "猫", "--json", *options])
    assert {passage["source"]["document_id"] for passage in json.loads(run.stdout)["passages"]} == documents


@pytest.mark.usefixtures("held")
def test_a_place_that_is_not_held_is_an_error() -> None:
    run = CliRunner().invoke(command.app, ["search", "猫", "--ward", "無い区"])
    assert run.exit_code == 1
    assert "架空市海老区" in run.stderr
    assert run.stdout == ""


def test_without_an_index_one_line_says_what_to_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUSEI_STATE", str(tmp_path))
    for arguments in (["search", "猫"], ["build"]):
        run = CliRunner().invoke(command.app, arguments)
        assert run.exit_code == 1
        assert run.stderr.count("\n") == 1
        assert "python -m in" in run.stderr


def test_help_shows_an_example() -> None:
    for name in ("build", "search", "prepare-model"):
        assert f"python -m index {name}" in CliRunner().invoke(command.app, [name, "--help"]).stdout
