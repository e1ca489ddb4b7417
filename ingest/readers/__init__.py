"""Bytes to a RawDocument, one module per format; which one is decided by content, then by the name's ending.

read_file(path)                                a file of the corpus
read_bytes(name, data)                         the same from memory
read_archive(name, data)                       every document of a ZIP
read_untrusted(name, data, seconds, megabytes) an upload, in a process of its own with limits
"""

from __future__ import annotations

from pathlib import Path

from ingest.raw import RawDocument
from ingest.readers.archive import ArchiveEntry, read_archive
from ingest.readers.errors import ReadError
from ingest.readers.formats import LARGEST_FILE_BYTES, read_bytes, too_large
from ingest.readers.untrusted import read_untrusted, read_untrusted_archive

__all__ = [
    "ArchiveEntry",
    "ReadError",
    "read_archive",
    "read_bytes",
    "read_file",
    "read_untrusted",
    "read_untrusted_archive",
]


def read_file(path: Path) -> RawDocument:
    """Read one file of any known format; the document's name is the file's, without its folder."""
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise ReadError("ファイルではなくフォルダです", str(path), "中のファイルを指定してください")
        if size > LARGEST_FILE_BYTES:
            raise too_large(path.name, size)
        data = path.read_bytes()
    except FileNotFoundError:
        raise ReadError("ファイルがありません", str(path), "場所と名前を確かめてください") from None
    except PermissionError:
        raise ReadError("ファイルを開く権限がありません", str(path), "読み取りの権限を確かめてください") from None
    except OSError as error:
        raise ReadError(
            f"ファイルを開けません: {error.strerror}", str(path), "別の場所に写して試してください"
        ) from None
    return read_bytes(path.name, data)
