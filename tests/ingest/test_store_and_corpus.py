"""What is stored comes back the same; a build keeps what did not change and survives bad files and broken state."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from corpus_documents import CORPUS, read

from ingest.corpus import add_documents, build_corpus, remove_documents
from ingest.sources import PartFacts, SourceFacts
from ingest.state import StateLayout
from ingest.store import (
    StoreError,
    decode,
    encode,
    load_catalog,
    load_extraction,
    load_extractions,
    save_extraction,
)
from records import Extraction

POLICY = """令和８年度 緑区運営方針

1 見守りを進めます
- ・連絡会を開催（年３回）

2 朝市を進めます
- ・朝市を開催（年12 回）
"""


@pytest.fixture
def layout(tmp_path: Path) -> StateLayout:
    return StateLayout(tmp_path / "state")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "corpus"
    made.mkdir()
    for prefix in ("002", "003"):
        shutil.copy(next(CORPUS.glob(f"{prefix}_*.txt")), made)
    return made


@pytest.mark.parametrize("prefix", ["000", "001", "002", "003", "004"])
def test_an_extraction_comes_back_as_it_was(layout: StateLayout, prefix: str) -> None:
    extraction = read(prefix)
    assert decode(Extraction, json.loads(json.dumps(encode(extraction)))) == extraction
    save_extraction(layout, extraction)
    assert load_extraction(layout, extraction.document.document_id) == extraction


def test_a_stored_file_that_is_broken_or_of_another_shape_is_told(layout: StateLayout) -> None:
    with pytest.raises(StoreError, match="ingest build"):
        load_extraction(layout, "absent")
    save_extraction(layout, read("004"))
    path = layout.extracted / f"{read('004').document.document_id}.json"
    whole = path.read_text(encoding="utf-8")
    for broken in (whole[: len(whole) // 2], "[]", whole.replace('"phase": "plan"', '"phase": "someday"')):
        path.write_text(broken, encoding="utf-8")
        with pytest.raises(StoreError, match="壊れています"):
            load_extraction(layout, read("004").document.document_id)


def test_a_second_build_reads_nothing_again(folder: Path, layout: StateLayout) -> None:
    first = build_corpus(folder, layout)
    assert [outcome.unchanged for outcome in first] == [False, False]
    stamps = {path.name: path.stat().st_mtime_ns for path in layout.extracted.glob("0*.json")}
    second = build_corpus(folder, layout)
    assert [outcome.unchanged for outcome in second] == [True, True]
    assert {path.name: path.stat().st_mtime_ns for path in layout.extracted.glob("0*.json")} == stamps
    assert load_extractions(layout) == tuple(outcome.extraction for outcome in second)


def test_a_changed_file_or_changed_facts_are_read_again(folder: Path, layout: StateLayout) -> None:
    build_corpus(folder, layout)
    (folder / "sources.toml").write_text(
        f'[[document]]\nfile = "{next(folder.glob("002_*")).name}"\ntitle = "別の名"\n', encoding="utf-8"
    )
    outcomes = build_corpus(folder, layout)
    assert [outcome.unchanged for outcome in outcomes] == [False, True]
    assert outcomes[0].extraction is not None
    assert outcomes[0].extraction.document.title == "別の名"
    next(folder.glob("003_*")).write_text(POLICY, encoding="utf-8")
    assert [outcome.unchanged for outcome in build_corpus(folder, layout)] == [True, False]


def test_bad_files_are_told_one_by_one_and_stop_no_other(folder: Path, layout: StateLayout) -> None:
    (folder / "a_empty.txt").write_bytes(b"")
    (folder / "b_binary.txt").write_bytes(bytes(range(256)) * 20)
    (folder / "sources.toml").write_text('[[document]]\nfile = "gone.txt"\n', encoding="utf-8")
    outcomes = build_corpus(folder, layout)
    problems = {outcome.path.name: outcome.problem for outcome in outcomes if outcome.problem}
    assert set(problems) == {"a_empty.txt", "b_binary.txt", "gone.txt"}
    assert all(("\n" not in problem and problem.endswith("。")) or problem for problem in problems.values())
    assert len(load_extractions(layout)) == 2


@pytest.mark.parametrize("encoding", ["shift_jis", "euc_jp", "utf-8-sig", "utf-16"])
def test_other_encodings_give_the_same_reading(tmp_path: Path, layout: StateLayout, encoding: str) -> None:
    folder = tmp_path / "encoded"
    folder.mkdir()
    (folder / "midori.txt").write_bytes(POLICY.encode(encoding))
    outcome = build_corpus(folder, layout)[0]
    assert outcome.extraction is not None, outcome.problem
    assert [p.name for p in outcome.extraction.projects] == ["見守りを進めます", "朝市を進めます"]
    assert [int(f.value) for f in outcome.extraction.figures] == [3, 12]


def test_a_file_that_left_the_corpus_leaves_the_state(folder: Path, layout: StateLayout) -> None:
    build_corpus(folder, layout)
    next(folder.glob("002_*")).unlink()
    build_corpus(folder, layout)
    assert len(load_catalog(layout)) == 1
    assert len(list(layout.extracted.glob("0*.json"))) == 1


def test_a_broken_catalog_is_made_anew(folder: Path, layout: StateLayout) -> None:
    build_corpus(folder, layout)
    layout.catalog.write_text("{", encoding="utf-8")
    with pytest.raises(StoreError, match="ingest build"):
        load_catalog(layout)
    build_corpus(folder, layout)
    assert len(load_extractions(layout)) == 2


def test_documents_are_added_beside_the_corpus_and_removed(folder: Path, layout: StateLayout, tmp_path: Path) -> None:
    build_corpus(folder, layout)
    other = tmp_path / "緑区.txt"
    other.write_text(POLICY, encoding="utf-8")
    given = SourceFacts(municipality="横浜市", ward="緑区", parts=(PartFacts(2026, "運営方針"),))
    (outcome,) = add_documents([other], given, layout)
    assert outcome.extraction is not None
    assert outcome.extraction.document.municipality == "横浜市"
    assert [entry.document_id for entry in load_catalog(layout)][-1] == "緑区"
    build_corpus(folder, layout)  # a build of the corpus keeps it
    assert len(load_catalog(layout)) == 3
    (again,) = add_documents([other], given, layout)
    assert again.unchanged
    clash = tmp_path / next(folder.glob("002_*")).name
    clash.write_text(POLICY, encoding="utf-8")
    (refused,) = add_documents([clash], SourceFacts(), layout)
    assert refused.problem is not None
    assert remove_documents(["緑区", "002"], layout) == (["緑区"], ["002"])
    assert len(load_catalog(layout)) == 2
    assert not (layout.extracted / "緑区.json").exists()


def test_a_changed_hash_is_a_warning(tmp_path: Path, layout: StateLayout) -> None:
    folder = tmp_path / "c"
    folder.mkdir()
    (folder / "a.txt").write_text(POLICY, encoding="utf-8")
    (folder / "sources.toml").write_text(f'[[document]]\nfile = "a.txt"\nsha256 = "{"0" * 64}"\n', encoding="utf-8")
    extraction = build_corpus(folder, layout)[0].extraction
    assert extraction is not None
    assert any("sha256" in warning for warning in extraction.warnings)
    assert replace(extraction, warnings=()).projects


def test_many_files_are_read_at_once_in_their_order(tmp_path: Path, layout: StateLayout) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(9):
        (folder / f"d{number}.txt").write_text(POLICY.replace("３回", f"{number + 2}回"), encoding="utf-8")
    (folder / "d4.txt").write_bytes(b"")
    outcomes = build_corpus(folder, layout)
    assert [outcome.path.name for outcome in outcomes] == [f"d{number}.txt" for number in range(9)]
    assert [outcome.path.name for outcome in outcomes if outcome.problem] == ["d4.txt"]
    values = [int(outcome.extraction.figures[0].value) for outcome in outcomes if outcome.extraction]
    assert values == [2, 3, 4, 5, 7, 8, 9, 10]
