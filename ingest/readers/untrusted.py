"""Reading an upload: in a process of its own, with limits on time and memory, so that a bomb harms nothing else."""

from __future__ import annotations

import multiprocessing
import resource
from multiprocessing.connection import Connection

from ingest.raw import RawDocument
from ingest.readers.archive import ArchiveEntry, read_archive
from ingest.readers.errors import ReadError
from ingest.readers.formats import LARGEST_FILE_BYTES, detect_format, read_bytes, too_large

Outcome = tuple[str, object]


def read_untrusted(name: str, data: bytes, seconds: float = 60, megabytes: int = 1024) -> RawDocument:
    """Read one file within `seconds` and `megabytes`; a file that needs more is refused with a ReadError."""
    document = _in_child("document", name, data, seconds, megabytes)
    assert isinstance(document, RawDocument)
    return document


def read_untrusted_archive(
    name: str, data: bytes, seconds: float = 60, megabytes: int = 1024
) -> tuple[ArchiveEntry, ...]:
    """Read every document of an upload, which may be a ZIP or a single file, within the limits."""
    entries = _in_child("archive", name, data, seconds, megabytes)
    assert isinstance(entries, tuple)
    return entries


def _in_child(kind: str, name: str, data: bytes, seconds: float, megabytes: int) -> object:
    if len(data) > LARGEST_FILE_BYTES:
        raise too_large(name, len(data))
    # A fresh interpreter: it shares no memory with this one, so the limit counts only what the file needs.
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_read_limited, args=(sender, kind, name, data, seconds, megabytes), daemon=True)
    child.start()
    sender.close()
    try:
        outcome: Outcome | None = receiver.recv() if receiver.poll(seconds + 10) else ("time", None)
    except EOFError:
        outcome = None
    finally:
        child.join(0.5)
        if child.is_alive():
            child.kill()
            child.join()
        receiver.close()
    if outcome is None:
        # Killed by the limit on processor time (SIGXCPU, SIGKILL) or by an allocation that a library did not survive.
        outcome = ("time", None) if child.exitcode in (-24, -9) else ("memory", None)
    verdict, value = outcome
    if verdict == "read":
        return value
    if verdict == "refused":
        assert isinstance(value, tuple)
        raise ReadError(*value)
    if verdict == "time":
        raise ReadError(f"{seconds:g} 秒以内に読み終わりませんでした", name, "ページやシートを分けて指定してください")
    if verdict == "memory":
        raise ReadError(
            f"読むのに {megabytes:,} MB を超えるメモリが必要なため中止しました", name, "分けて指定してください"
        )
    raise ReadError(f"読み取り中に失敗しました（{value}）", name, "別の形式で保存し直してください")


def _read_limited(sender: Connection, kind: str, name: str, data: bytes, seconds: float, megabytes: int) -> None:
    limit = megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    cpu = max(1, int(seconds))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 2))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    outcome: Outcome
    try:
        if kind == "document":
            outcome = ("read", read_bytes(name, data))
        elif detect_format(name, data) == "zip":
            outcome = ("read", read_archive(name, data))
        else:
            outcome = ("read", (ArchiveEntry(name, read_bytes(name, data), None),))
    except ReadError as error:
        outcome = ("refused", (error.what, error.where, error.what_to_do))
    except MemoryError:
        outcome = ("memory", None)
    except Exception as error:
        outcome = ("failed", type(error).__name__)
    sender.send(outcome)
