"""python -m bench: speed, memory and size of retrieval as the collection grows, beside two other systems."""

from __future__ import annotations

import dataclasses
import json
import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from bench.measure import SizeRow, measure_size, passages_per_second, peak_mib, token_bytes
from bench.others import Asked, Searcher, SystemRow, available, compare
from eval.questions import RETRIEVAL_FAMILIES, load_questions, question_files
from index.generation import IndexUnavailableError
from index.library import Library, open_library
from index.model_setup import ModelUnavailableError
from index.passages import embedded_text
from index.pipeline import EncodedTexts, Pipeline, encode_texts, progress_line

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


@app.command(epilog="例: python -m bench --sizes corpus,10000,100000,1000000 --json")
def main(
    sizes: Annotated[str, typer.Option(help="文章の数（corpus は収録どおり）")] = "corpus,10000,100000,1000000",
    others: Annotated[bool, typer.Option(help="ほかの検索システムとも比べる")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="結果をJSONで出します")] = False,
    out: Annotated[Path | None, typer.Option(help="結果のJSONを書くファイル")] = None,
) -> None:
    """索引作成と検索の速さ、メモリ、大きさを、文章の数を変えて測ります。"""
    try:
        library = open_library()
        held = library.passages
    except (IndexUnavailableError, ModelUnavailableError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    encoder = library.encoder
    asked = _asked(library)
    questions = [each.question for each in asked]
    encoder.warm()
    _say("文章を埋め込んでいます…")
    speed = passages_per_second(encoder, held)
    texts = [embedded_text(passage) for passage in held]
    real = encode_texts(texts, encoder, progress_line(len(texts), "件"))
    rows: list[SizeRow] = []
    for size in sizes.split(","):
        n = len(held) if size.strip() == "corpus" else int(size)
        _say(f"{n:,}件を測っています…")
        rows.append(measure_size(n, held, real, encoder, questions))
    systems = _compared(library, real, asked) if others else []
    result = {
        "cores": os.cpu_count(),
        "passages_per_second": round(speed, 1),
        "token_bytes_per_passage": round(token_bytes(real.tokens)),
        "questions": len(questions),
        "sizes": [_rounded(row) for row in rows],
        "systems": [_rounded(row) for row in systems],
        "peak_memory_mib": round(peak_mib()),
    }
    if out is not None:
        out.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", "utf-8")
    typer.echo(json.dumps(result, ensure_ascii=False) if as_json else _report(speed, real, rows, systems))


def _say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


def _asked(library: Library) -> list[Asked]:
    """The questions of the evaluation that passages answer, with the positions of those passages."""
    found = []
    for question in load_questions(question_files(("dev", "held_back"))):
        if question.family not in RETRIEVAL_FAMILIES or question.history:
            continue
        answers = frozenset(
            at
            for at, passage in enumerate(library.passages)
            for gold in question.passages
            if passage.document_id == gold.document_id
            and passage.source.line_start <= gold.line_end
            and passage.source.line_end >= gold.line_start
        )
        if answers:
            found.append(Asked(question.question, answers))
    return found


def _compared(library: Library, real: EncodedTexts, asked: list[Asked]) -> list[SystemRow]:
    """This system and those that are installed, over the same passages with the same encoder, encoding included."""
    held = library.passages
    texts, headings = [passage.text for passage in held], [passage.heading for passage in held]

    def ours() -> Searcher:
        pipeline = Pipeline.build(texts, headings, library.encoder)
        return lambda question: [at for at, _ in pipeline.search(question, 10)]

    systems: dict[str, Callable[[], Searcher]] = {"この検索": ours}
    whole = [embedded_text(passage) for passage in held]
    for name, build_other in available().items():
        systems[name] = partial(build_other, whole, library.encoder)
    rows = compare(systems, asked)
    if len(rows) == 1:
        _say("比べる相手がありません。`pip install -r requirements-bench.txt` で入ります。")
    return rows


def _rounded(row: SizeRow | SystemRow) -> dict[str, object]:
    return {
        name: round(value, 3) if isinstance(value, float) else value for name, value in dataclasses.asdict(row).items()
    }


def _report(speed: float, real: EncodedTexts, rows: list[SizeRow], systems: list[SystemRow]) -> str:
    lines = [
        f"埋め込み {speed:.1f} 文章/秒　語の列 {token_bytes(real.tokens) / 1024:.0f} KiB/文章",
        "",
        "文章数     索引  作成秒   中央値ms  p95ms  (埋込  語句  密) 再現率  ディスクMiB  メモリMiB",
    ]
    lines.extend(
        f"{row.passages:>9,}  {row.dense:5}{row.index_seconds:7.1f} {row.median_ms:9.1f} {row.p95_ms:7.1f}"
        f"  ({row.encode_ms:.0f}  {row.lexical_ms:.0f}  {row.dense_ms:.0f}) {row.recall:7.3f} {row.disk_mib:11.0f}"
        f" {row.memory_mib:10.0f}"
        for row in rows
    )
    if systems:
        first = systems[0]
        lines.extend(["", "同じ文章・同じ埋め込みモデル   作成秒(比)   中央値ms(比)   p95ms   MRR@10  5位以内"])
        lines.extend(
            f"{row.system:16} {row.build_seconds:8.1f} ({row.build_seconds / first.build_seconds:.2f})"
            f" {row.median_ms:9.1f} ({row.median_ms / first.median_ms:.2f}) {row.p95_ms:8.1f} {row.mrr:8.3f}"
            f" {row.found:7.3f}"
            for row in systems
        )
    return "\n".join(lines)


if __name__ == "__main__":
    app()
