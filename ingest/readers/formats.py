"""Which reader a file belongs to: by its first bytes, then by the ending of its name."""

from __future__ import annotations

import io
import re
import zipfile
from importlib import import_module
from typing import Literal

from ingest.raw import RawDocument
from ingest.readers.errors import ReadError

Format = Literal["text", "markdown", "html", "csv", "pdf", "xlsx", "docx", "zip"]

LARGEST_FILE_BYTES = 256 * 1024 * 1024
LARGEST_UNPACKED_BYTES = 300 * 1024 * 1024
SUFFIXES: dict[str, Format] = {
    "md": "markdown",
    "markdown": "markdown",
    "html": "html",
    "htm": "html",
    "xhtml": "html",
    "csv": "csv",
    "tsv": "csv",
}
# What is met in a municipality's folders and is not text: first bytes, and what to call it.
UNREADABLE: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG", "画像（PNG）"),
    (b"\xff\xd8\xff", "画像（JPEG）"),
    (b"GIF8", "画像（GIF）"),
    (b"II*\x00", "画像（TIFF）"),
    (b"MM\x00*", "画像（TIFF）"),
    (b"BM", "画像（BMP）"),
    (b"\x1f\x8b", "圧縮ファイル（gzip）"),
    (b"7z\xbc\xaf", "圧縮ファイル（7z）"),
    (b"Rar!", "圧縮ファイル（RAR）"),
    (b"{\\rtf", "リッチテキスト（RTF）"),
)
HTML_START = re.compile(
    rb"\s*(<\?xml[^>]*\?>\s*)?(<!--.*?-->\s*)*<(!doctype\s+html|html[\s>]|head[\s>]|body[\s>])", re.I | re.S
)


def detect_format(name: str, data: bytes) -> Format:
    """The format of `data`; a name's ending only decides between the kinds of text."""
    if not data:
        raise ReadError("ファイルが空です", name, "中身のあるファイルを指定してください")
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "xlsx"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_format(name, data)
    for magic, label in UNREADABLE:
        if data.startswith(magic) and not (magic == b"BM" and b"\x00" not in data[:32]):
            raise ReadError(
                f"{label}は読めません", name, "PDF・Excel・Word・HTML・CSV・テキストの形式で指定してください"
            )
    if HTML_START.match(data[:4096].removeprefix(b"\xef\xbb\xbf")):
        return "html"
    suffix = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    return SUFFIXES.get(suffix, "text")


def _zip_format(name: str, data: bytes) -> Format:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.namelist()
            unpacked = sum(info.file_size for info in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError):
        raise ReadError("ZIP 形式のファイルが壊れています", name, "もう一度入手するか、保存し直してください") from None
    office = any(entry.startswith(("word/", "xl/", "ppt/")) for entry in entries) or "content.xml" in entries
    if office and unpacked > LARGEST_UNPACKED_BYTES:
        raise ReadError(
            f"展開すると {unpacked / 1024 / 1024:,.0f} MB になるため読みません"
            f"（上限 {LARGEST_UNPACKED_BYTES // 1024 // 1024} MB）",
            name,
            "必要な部分だけを別のファイルに保存してください",
        )
    if any(entry.startswith("word/") for entry in entries):
        return "docx"
    if any(entry.startswith("xl/") for entry in entries):
        return "xlsx"
    if "mimetype" in entries and any(entry == "content.xml" for entry in entries):
        return "xlsx"  # OpenDocument: calamine reads its sheets
    if any(entry.startswith("ppt/") for entry in entries):
        raise ReadError("PowerPoint は読めません", name, "PDF に書き出して指定してください")
    return "zip"


# Each format's library is imported only when a file of that format is met.
READERS: dict[str, tuple[str, str]] = {
    "html": ("ingest.readers.html", "read_html"),
    "csv": ("ingest.readers.csv_table", "read_csv"),
    "pdf": ("ingest.readers.pdf", "read_pdf"),
    "xlsx": ("ingest.readers.workbook", "read_workbook"),
    "docx": ("ingest.readers.word", "read_word"),
}


def read_bytes(name: str, data: bytes) -> RawDocument:
    """Read one file of any known format from memory; a ZIP of several is refused (`read_archive` reads it)."""
    if len(data) > LARGEST_FILE_BYTES:
        raise too_large(name, len(data))
    format = detect_format(name, data)
    if format == "zip":
        raise ReadError("複数のファイルをまとめた ZIP です", name, "ZIP の中の文書として読み込んでください")
    if format in READERS:
        module, function = READERS[format]
        document: RawDocument = getattr(import_module(module), function)(name, data)
        return document
    from ingest.readers.text import read_text

    return read_text(name, data, format)


def too_large(name: str, size: int) -> ReadError:
    """The refusal of a file beyond LARGEST_FILE_BYTES."""
    return ReadError(
        f"ファイルが大きすぎます（{size / 1024 / 1024:,.0f} MB、上限 {LARGEST_FILE_BYTES // 1024 // 1024} MB）",
        name,
        "分割して指定してください",
    )
