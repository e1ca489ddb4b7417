"""A generation is whole or not there; the old one serves until the new one is."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path

import pytest

from index.figures import FigureTable
from index.generation import IndexUnavailableError, build_generation, serving_generation
from index.library import Library
from ingest.state import StateLayout
from records import Extraction, SearchScope
from tests.index.conftest import BUSES, CATS, PairEncoder, extraction

ROOT = Path(__file__).resolve().parents[2]


def library(layout: StateLayout, encoder: PairEncoder) -> Library:
    return Library(*serving_generation(layout), encoder)


def test_what_was_built_is_what_is_read(
    layout: StateLayout, encoder: PairEncoder, two_documents: tuple[Extraction, ...]
) -> None:
    manifest, built = build_generation(layout, two_documents, encoder)
    assert built
    held = library(layout, encoder)
    assert list(held.documents.values()) == [each.document for each in two_documents]
    assert list(held.projects.values()) == [project for each in two_documents for project in each.projects]
    assert held.figures == tuple(figure for each in two_documents for figure in each.figures)
    assert held.indicators == tuple(indicator for each in two_documents for indicator in each.indicators)
    assert held.sections == tuple(section for each in two_documents for section in each.sections)
    assert held.lines("b") == two_documents[1].lines
    assert manifest.counts == {
        "documents": 2,
        "projects": 5,
        "figures": 5,
        "indicators": 5,
        "passages": 5,
        "units": 6,
    }
    with pytest.raises(KeyError):
        held.lines("c")


def test_figures_are_selected_and_duckdb_is_shut(
    layout: StateLayout, encoder: PairEncoder, two_documents: tuple[Extraction, ...]
) -> None:
    build_generation(layout, two_documents, encoder)
    tables = library(layout, encoder).tables
    assert [figure.figure_id for figure in tables.select()] == ["a/f1", "a/f3", "b/f1"]
    assert [figure.figure_id for figure in tables.select(fiscal_years=[2021], primary_only=False)] == ["b/f1", "b/f2"]
    assert tables.select(document_ids=["a"], metrics=["budget"])[0].value == Decimal("1000.5")
    assert tables.select(metrics=["settled"]) == []
    assert tables.query("SELECT sum(value_number) FROM figures WHERE document_id = ?", ["a"]) == [(Decimal("6001.5"),)]
    for forbidden in ("SELECT * FROM read_text('/etc/hostname')", "SET enable_external_access = true"):
        with pytest.raises(Exception, match=r"(?i)disabled|locked|permission|cannot"):
            tables.query(forbidden)


def test_search_stays_inside_its_scope(
    layout: StateLayout, encoder: PairEncoder, two_documents: tuple[Extraction, ...]
) -> None:
    build_generation(layout, two_documents, encoder)
    held = library(layout, encoder)
    result = held.search("猫の手術を支援")
    assert result.hits[0].passage.project_id == "a/p1"
    assert [hit.rank for hit in result.hits] == list(range(1, 6))
    assert 0 <= result.answerable <= 1
    assert {hit.passage.document_id for hit in held.search("猫", 10, SearchScope(document_ids=("b",))).hits} == {"b"}
    assert {hit.passage.fiscal_year for hit in held.search("猫", 10, SearchScope(fiscal_years=(2021,))).hits} == {2021}
    only = held.search("猫", 10, SearchScope(project_ids=("a/p2",))).hits
    assert [hit.passage.project_id for hit in only] == ["a/p2"]
    assert held.search("猫", 10, SearchScope(document_ids=("b",), fiscal_years=(2022,))).hits == ()
    assert held.search(" ").hits == ()


def test_the_unit_that_says_it_scores_highest(
    layout: StateLayout, encoder: PairEncoder, two_documents: tuple[Extraction, ...]
) -> None:
    build_generation(layout, two_documents, encoder)
    held = library(layout, encoder)
    cats = next(passage for passage in held.passages if passage.project_id == "a/p1")
    surgery = held.unit_scores("不妊去勢の手術", cats)
    machines = held.unit_scores("猫よけの機器を借りる", cats)
    assert len(surgery) == len(machines) == len(cats.units) == 2
    assert surgery[0] > surgery[1]
    assert machines[1] > machines[0]
    assert all(0 <= score <= 1 for score in surgery + machines)


def test_nothing_is_built_or_encoded_twice(layout: StateLayout, two_documents: tuple[Extraction, ...]) -> None:
    first, built = build_generation(layout, two_documents[:1], PairEncoder())
    assert built
    again = PairEncoder()
    same, built = build_generation(layout, two_documents[:1], again)
    assert not built
    assert (same.name, again.seen) == (first.name, [])
    adding = PairEncoder()
    added, built = build_generation(layout, two_documents, adding)
    assert built
    assert len(adding.seen) == 2
    assert all("別の市" in text for text in adding.seen)
    whole = StateLayout(layout.root / "whole")
    build_generation(whole, two_documents, PairEncoder())
    step, once = library(layout, adding), library(whole, PairEncoder())
    for query in ("猫", "バスの運行", "防災訓練"):
        assert [(hit.passage, hit.score) for hit in step.search(query).hits] == [
            (hit.passage, hit.score) for hit in once.search(query).hits
        ]
    assert added.documents.keys() == {"a", "b"}


def test_another_model_is_an_error_and_not_bad_results(
    layout: StateLayout, encoder: PairEncoder, two_documents: tuple[Extraction, ...]
) -> None:
    build_generation(layout, two_documents, encoder)
    other = library(layout, PairEncoder("another"))
    assert other.figures
    with pytest.raises(IndexUnavailableError, match=r"埋め込みモデル.*違います"):
        other.search("猫")
    rebuilt, built = build_generation(layout, two_documents, PairEncoder("another"))
    assert built
    assert rebuilt.fingerprint == "another"
    assert library(layout, PairEncoder("another")).search("猫の手術").hits


def test_no_index_says_what_to_run(layout: StateLayout) -> None:
    with pytest.raises(IndexUnavailableError, match="python -m index build"):
        serving_generation(layout)
    layout.root.mkdir(parents=True)
    layout.current.write_text("missing", "utf-8")
    with pytest.raises(IndexUnavailableError, match="python -m index build"):
        serving_generation(layout)


@pytest.mark.parametrize("broken", ["manifest.json", "retrieval/dense/0.faiss", "retrieval/words/terms.json"])
def test_a_broken_generation_says_so_and_is_built_anew(
    layout: StateLayout, encoder: PairEncoder, two_documents: tuple[Extraction, ...], broken: str
) -> None:
    build_generation(layout, two_documents, encoder)
    (serving_generation(layout)[0] / broken).write_text("{", "utf-8")
    with pytest.raises(IndexUnavailableError, match="python -m index build"):
        library(layout, encoder).search("猫")
    _, built = build_generation(layout, (extraction("c", CATS),), encoder)
    assert built
    assert library(layout, encoder).search("猫").hits


def test_old_generations_are_pruned_but_not_the_last_two(layout: StateLayout, encoder: PairEncoder) -> None:
    names = []
    for number in range(4):
        manifest, _ = build_generation(layout, (extraction(f"d{number}", BUSES),), encoder)
        names.append(manifest.name)
    left = {folder.name for folder in layout.generations.iterdir() if folder.is_dir()}
    assert left == set(names[-2:])


def test_two_builds_at_once_are_refused(
    layout: StateLayout, encoder: PairEncoder, two_documents: tuple[Extraction, ...]
) -> None:
    class Meanwhile(PairEncoder):
        def read_passages(self, *args: object, **options: object) -> list[object]:  # type: ignore[override]
            with pytest.raises(IndexUnavailableError, match="別の索引作成"):
                build_generation(layout, two_documents, encoder)
            return super().read_passages(*args, **options)  # type: ignore[arg-type, return-value]

    _, built = build_generation(layout, two_documents, Meanwhile())
    assert built


BUILD = """
import sys, time
sys.path.insert(0, {root!r})
from pathlib import Path
from index import generation
from ingest.state import StateLayout
from tests.index.conftest import CATS, BUSES, PairEncoder, extraction
print("ready", flush=True)
number = 0
while True:
    number += 1
    texts = {{f"事業{{number}}": [f"版{{number}}の文です。"], **CATS}}
    generation.build_generation(StateLayout(Path({state!r})), (extraction("a", texts),), PairEncoder())
    print("built", number, flush=True)
"""


@pytest.mark.slow
def test_killed_at_any_moment_a_whole_generation_serves(tmp_path: Path) -> None:
    """A process builds one version after the other and is killed; what serves then is one whole version."""
    layout = StateLayout(tmp_path / "state")
    rng = random.Random(7)
    versions = set()
    for _ in range(12):
        script = BUILD.format(root=str(ROOT), state=str(layout.root))
        with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            for _ in range(rng.randrange(1, 4)):
                assert process.stdout.readline().startswith("built")
            time.sleep(rng.uniform(0, 0.6))
            os.kill(process.pid, signal.SIGKILL)
        held = library(layout, PairEncoder())
        names = [project.name for project in held.projects.values()]
        versions.add(names[0])
        texts = {names[0]: [names[0].replace("事業", "版") + "の文です。"], **CATS}
        assert held.extraction("a") == extraction("a", texts)
        assert len(held.passages) == len(held.pipeline) == 4
        assert held.search("猫の手術").hits[0].passage.project_id == "a/p2"
        assert json.loads((held.folder / "manifest.json").read_text("utf-8"))["counts"]["passages"] == 4
    assert len(versions) > 1
    build_generation(layout, (extraction("z", BUSES),), PairEncoder())
    assert not list(layout.generations.glob(".*-*"))


def test_tables_of_an_empty_corpus(layout: StateLayout, encoder: PairEncoder) -> None:
    build_generation(layout, (), encoder)
    held = library(layout, encoder)
    assert (held.figures, held.passages, held.search("猫").hits) == ((), (), ())
    assert isinstance(held.tables, FigureTable)
