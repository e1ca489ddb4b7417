"""ZIP of documents: each entry read by itself, within limits on their number and on what they open to."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass

from ingest.raw import RawDocument
from ingest.readers.errors import ReadError
from ingest.readers.formats import read_bytes

MAX_ENTRIES = 500
MAX_ENTRY_BYTES = 100 * 1024 * 1024
MAX_TOTAL_BYTES = 300 * 1024 * 1024
UTF8_FLAG = 0x800
IGNORED = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")


@dataclass(frozen=True, slots=True)
class ArchiveEntry:
    """One file of a ZIP: what was read, or why it could not be."""

    name: str
    document: RawDocument | None
    error: str | None


def entry_name(info: zipfile.ZipInfo) -> str:
    """The name of an entry; Windows writes Shift_JIS names without saying so."""
    if info.flag_bits & UTF8_FLAG:
        return info.filename
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for encoding in ("utf-8", "cp932"):
        try:
            return raw.decode(encoding).replace("\\", "/")
        except UnicodeDecodeError:
            continue
    return info.filename


def read_archive(name: str, data: bytes) -> tuple[ArchiveEntry, ...]:
    """Read every document of a ZIP, in the archive's order; one that cannot be read stops no other."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, OSError, ValueError):
        raise ReadError("ZIP 形式のファイルが壊れています", name, "もう一度入手するか、保存し直してください") from None
    with archive:
        infos = [
            info
            for info in archive.infolist()
            if not info.is_dir() and not any(mark in info.filename for mark in IGNORED)
        ]
        total = sum(info.file_size for info in infos)
        if len(infos) > MAX_ENTRIES:
            raise ReadError(
                f"ZIP の中のファイルが多すぎます（{len(infos):,} 個、上限 {MAX_ENTRIES} 個）",
                name,
                "分けて指定してください",
            )
        if total > MAX_TOTAL_BYTES:
            raise ReadError(
                f"展開すると {total / 1024 / 1024:,.0f} MB になるため読みません"
                f"（上限 {MAX_TOTAL_BYTES // 1024 // 1024} MB）",
                name,
                "分けて指定してください",
            )
        if not infos:
            raise ReadError("ZIP の中にファイルがありません", name, "中身のある ZIP を指定してください")
        return tuple(_entry(archive, info) for info in infos)


def _entry(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> ArchiveEntry:
    name = entry_name(info)
    try:
        if info.flag_bits & 0x1:
            raise ReadError("パスワードで保護されています", name, "保護を外して指定してください")
        with archive.open(info) as file:
            # The size in the directory may be false: never read past the limit.
            data = file.read(MAX_ENTRY_BYTES + 1)
        if len(data) > MAX_ENTRY_BYTES:
            raise ReadError(
                f"大きすぎます（上限 {MAX_ENTRY_BYTES // 1024 // 1024} MB）", name, "分けて指定してください"
            )
        return ArchiveEntry(name, read_bytes(name, data), None)
    except ReadError as error:
        return ArchiveEntry(name, None, str(error))
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, RuntimeError, ValueError):
        return ArchiveEntry(
            name, None, str(ReadError("ZIP の中のこのファイルは壊れています", name, "もう一度入手してください"))
        )
