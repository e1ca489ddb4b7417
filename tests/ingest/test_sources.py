"""sources.toml: the corpus's own, and what is said of a broken one."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import pytest

from ingest.sources import SourcesError, load_sources

CORPUS = Path(__file__).resolve().parents[2] / "corpus"


def test_the_corpus_is_byte_for_byte_what_is_registered() -> None:
    facts = load_sources(CORPUS / "sources.toml")
    assert [entry.file for entry in facts] == sorted(path.name for path in CORPUS.glob("*.txt"))
    for entry in facts:
        assert hashlib.sha256((CORPUS / entry.file).read_bytes()).hexdigest() == entry.sha256
        assert entry.licence
    assert facts[4].licence == "CC BY 4.0"
    assert [(p.fiscal_year, p.phase, p.as_of) for p in facts[1].parts] == [
        (2022, "settlement", None),
        (2023, "interim", date(2023, 7, 31)),
        (2024, "plan", None),
    ]


def test_an_absent_file_holds_no_facts(tmp_path: Path) -> None:
    assert load_sources(tmp_path / "sources.toml") == ()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("[[document]\nfile = 1", "書き方に誤り"),
        ('[[document]]\nfile = "a.txt"\ntitel = "x"', "titel"),
        ('[[document]]\ntitle = "x"', "file がありません"),
        ('[[document]]\nfile = "../a.txt"', "フォルダーを含めず"),
        ('[[document]]\nfile = "a.txt"\nsha256 = "xyz"', "sha256"),
        ('[[document]]\nfile = "a.txt"\nmunicipality_code = "14100"', "6桁"),
        ('[[document]]\nfile = "a.txt"\n[[document.part]]\nfiscal_year = "令和4"', "fiscal_year"),
        ('[[document]]\nfile = "a.txt"\n[[document.part]]\nfiscal_year = 2022\nphase = "final"', "phase"),
        ('[[document]]\nfile = "a.txt"\n[[document.part]]\nfiscal_year = 2022\nas_of = "7月"', "as_of"),
        ('[[document]]\nfile = "a.txt"\n[[document]]\nfile = "a.txt"', "二度"),
        ('[documents]\nfile = "a.txt"', "documents"),
        ("document = 3", "[[document]]"),
    ],
)
def test_a_broken_file_is_told_with_its_place(tmp_path: Path, content: str, told: str) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SourcesError) as error:
        load_sources(path)
    assert told in str(error.value)
    assert "sources.toml" in str(error.value)
    assert "\n" not in str(error.value)


def test_a_file_in_another_encoding_is_told(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    path.write_bytes('[[document]]\nfile = "区.txt"'.encode("shift_jis"))
    with pytest.raises(SourcesError, match="UTF-8"):
        load_sources(path)
