"""`python -m answer "質問"`: one question, or a file of questions, answered from the serving index."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from answer.service import answer_as_json, answer_question
from index.library import Library, open_library

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command(
    help="質問に、出典の行とともに答えます。\n\n"
    '例: python -m answer "令和4年度に執行率が50%を下回った事業は？"\n\n'
    '例: python -m answer "令和5年度は？" --history "令和4年度に執行率が50%を下回った事業は？" --json\n\n'
    "例: python -m answer --batch questions.jsonl --out answers.jsonl"
)
def main(
    question: Annotated[str | None, typer.Argument(help="日本語の質問")] = None,
    history: Annotated[list[str] | None, typer.Option(help="前の質問（古い順に、いくつでも）")] = None,
    json_output: Annotated[bool, typer.Option("--json", help="JSON で出力する")] = False,
    batch: Annotated[Path | None, typer.Option(help='質問のファイル（1行に {"id", "question", "history"}）')] = None,
    out: Annotated[Path | None, typer.Option(help="答えのファイル（1行に1つ）")] = None,
) -> None:
    if batch is not None:
        _run_batch(batch, out)
        return
    if question is None:
        raise _FailureError(
            '質問がありません。python -m answer "質問" の形で実行してください（--help に例があります）。'
        )
    library = _open()
    answer = answer_question(library, question, history or ())
    document = answer_as_json(library, answer)
    print(json.dumps(document, ensure_ascii=False, indent=2) if json_output else _plain(document))


class _FailureError(Exception):
    """A failure told in one line."""


def _open() -> Library:
    try:
        return open_library()
    except Exception as error:
        raise _FailureError(str(error)) from error


def _run_batch(batch: Path, out: Path | None) -> None:
    """Answer a file of questions; a line that cannot be read is answered by an error line and stops no other."""
    try:
        lines = batch.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise _FailureError(
            f"質問のファイル {batch} を読めません（{error.strerror}）。場所を確かめてください。"
        ) from error
    except UnicodeDecodeError as error:
        raise _FailureError(
            f"質問のファイル {batch} は UTF-8 ではありません。UTF-8 で保存し直してください。"
        ) from error
    library = _open()
    sink = out.open("w", encoding="utf-8") if out else sys.stdout
    total = sum(bool(line.strip()) for line in lines)
    done = 0
    try:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            document = _answer_line(library, line, number)
            sink.write(json.dumps(document, ensure_ascii=False) + "\n")
            done += 1
            if done % 50 == 0:
                print(f"{done}/{total}", file=sys.stderr)
    finally:
        if out:
            sink.close()
    print(f"{done}問に答えました。", file=sys.stderr)


def _answer_line(library: Library, line: str, number: int) -> dict[str, Any]:
    try:
        asked = json.loads(line)
        question, history = str(asked["question"]), [str(h) for h in asked.get("history") or []]
    except (ValueError, KeyError, TypeError, AttributeError):
        return {
            "id": None,
            "line": number,
            "error": f"{number}行目を質問として読めません（JSON で question が要ります）。",
        }
    answer = answer_question(library, question, history)
    return {"id": asked.get("id"), **answer_as_json(library, answer)}


def _plain(document: dict[str, Any]) -> str:
    """The answer for a person at a terminal: as understood, the text, the sources."""
    lines = [f"［{document['interpreted']}］", "", document["text"]]
    lines.extend(f"注意: {warning}" for warning in document["warnings"])
    sources = [f["source"] for f in document["figures"]] or [q["source"] for q in document["passages"][:3]]
    shown = dict.fromkeys(f"{s['file']} {s['line_start']}〜{s['line_end']}行" for s in sources)
    if shown and document["status"] != "not_found":
        lines.extend(["", "出典:", *(f"  {source}" for source in shown)])
    if document["suggestions"]:
        lines.extend(["", "次の質問の例:", *(f"  {s}" for s in document["suggestions"])])
    return "\n".join(lines)


def run() -> None:
    """The command, with every failure told in one line and exit status 1."""
    try:
        app()
    except _FailureError as failure:
        print(f"エラー: {failure}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    run()
