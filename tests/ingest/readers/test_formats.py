from __future__ import annotations

from pathlib import Path

import pytest
from made_files import make_pdf, make_workbook, make_zip, ruled_page

from ingest.readers import (
    ReadError,
    formats,
    read_archive,
    read_bytes,
    read_file,
    read_untrusted,
    read_untrusted_archive,
)


def test_content_decides_not_the_name() -> None:
    assert read_bytes("a.txt", make_pdf(ruled_page)).format == "pdf"
    assert read_bytes("a.csv", make_workbook()).format == "xlsx"
    assert read_bytes("a.txt", "<!DOCTYPE html><html><body><p>本文</p></body></html>".encode()).format == "html"
    assert read_bytes("a.txt", "<主な事業>という見出し".encode()).format == "text"


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"\x89PNG\r\n\x1a\n0000", "画像（PNG）"),
        (b"\xff\xd8\xff\xe0abc", "画像（JPEG）"),
        (b"7z\xbc\xaf\x27\x1c", "圧縮ファイル（7z）"),
        (b"PK\x03\x04broken", "壊れています"),
        (b"%PDF-1.7 nothing", "PDF が壊れています"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "読めません"),
    ],
)
def test_what_cannot_be_read_says_so(data: bytes, what: str) -> None:
    with pytest.raises(ReadError) as caught:
        read_bytes("資料", data)
    assert what in str(caught.value)
    assert str(caught.value).endswith("。")


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="ファイルがありません"):
        read_file(tmp_path / "無い.txt")
    with pytest.raises(ReadError, match="フォルダです"):
        read_file(tmp_path)


def test_a_zip_of_documents_is_read_entry_by_entry() -> None:
    data = make_zip(
        [
            ("令和6年度/予算.txt", "予算".encode("cp932")),
            ("写真.png", b"\x89PNG\r\n"),
            ("一覧.xlsx", make_workbook()),
            ("__MACOSX/._予算.txt", b"x"),
        ]
    )
    entries = read_archive("資料.zip", data)
    assert [entry.name for entry in entries] == ["令和6年度/予算.txt", "写真.png", "一覧.xlsx"]
    assert entries[0].document is not None
    assert entries[0].document.lines == ("予算",)
    assert entries[1].document is None
    assert entries[1].error is not None
    assert "PNG" in entries[1].error
    with pytest.raises(ReadError, match="複数のファイル"):
        read_bytes("資料.zip", data)


def test_names_that_windows_wrote_in_shift_jis() -> None:
    data = make_zip([("AAAA.txt", "本文".encode())]).replace(b"AAAA.txt", "予算".encode("cp932") + b".txt")
    assert [entry.name for entry in read_archive("a.zip", data)] == ["予算.txt"]


def test_bombs_are_refused_before_they_are_opened() -> None:
    bomb = make_zip([("a.txt", b"0" * (301 * 1024 * 1024))])
    assert len(bomb) < 1_000_000
    with pytest.raises(ReadError, match="展開すると"):
        read_archive("bomb.zip", bomb)
    with pytest.raises(ReadError, match="展開すると"):
        read_bytes("bomb.xlsx", make_zip([("xl/workbook.xml", b"0" * (301 * 1024 * 1024))]))
    with pytest.raises(ReadError, match="多すぎます"):
        read_archive("many.zip", make_zip([(f"{n}.txt", b"a") for n in range(501)]))


def test_a_file_beyond_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(formats, "LARGEST_FILE_BYTES", 10)
    with pytest.raises(ReadError, match="大きすぎます"):
        read_bytes("a.txt", "十バイトより長い文".encode())


def test_an_upload_is_read_in_a_process_of_its_own() -> None:
    assert read_untrusted("a.txt", "予算".encode(), 20, 1024).lines == ("予算",)
    entries = read_untrusted_archive("a.zip", make_zip([("a.txt", "予算".encode())]), 20, 1024)
    assert entries[0].document is not None
    with pytest.raises(ReadError, match="空です"):
        read_untrusted("a.txt", b"", 20, 1024)


def test_an_upload_that_needs_too_much_memory_is_refused() -> None:
    with pytest.raises(ReadError, match="メモリ"):
        read_untrusted("a.txt", ("あ" * 40_000_000).encode(), 30, 300)


def test_an_upload_that_takes_too_long_is_refused() -> None:
    with pytest.raises(ReadError, match="秒以内"):
        read_untrusted("a.pdf", make_pdf(_endless), 1, 2048)


def _endless(page: object) -> None:
    for _ in range(400):
        for row in range(60):
            page.text(30, 30 + row * 13, "予算事業費" * 9, 9)  # type: ignore[attr-defined]
        page.next()  # type: ignore[attr-defined]
