"""Commands: `python -m eval run` over our own questions, `python -m eval benchmark FOLDER` over public sets."""

from __future__ import annotations

import json
import platform
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, cast, get_args

import typer
from typer.exceptions import TyperException

from eval.ablation import Ablated, ablate
from eval.benchmark import BenchmarkScores, load_benchmark, run_benchmark
from eval.errors import EvalError
from eval.metrics import BENCHMARK_MEASURES
from eval.questions import RETRIEVAL_FAMILIES, load_questions, question_files
from eval.run import is_held, report, run_json, run_questions, save_run
from ingest.state import state_layout

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)


@app.callback()
def commands() -> None:
    """Score answers and retrieval.

    Example: python -m eval run
    """


@app.command()
def run(
    questions: Annotated[
        list[Path] | None, typer.Option(help="question files (.jsonl); all dev questions where none is given")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="folder for the run's file; eval/ in the state folder")] = None,
    held_back: Annotated[bool, typer.Option("--held-back", help="ask the held-back questions too")] = False,
    ablation: Annotated[bool, typer.Option(help="score every arm of retrieval over the passages")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="print the run's JSON instead of the report")] = False,
    failures: Annotated[int, typer.Option(help="how many failing questions to print")] = 40,
) -> None:
    """Ask the questions, grade the answers, and write scores and predictions to one file.

    Example: python -m eval run --questions eval/questions/dev_filter.jsonl
    """
    splits = ("dev", "held_back") if held_back else ("dev",)
    asked = load_questions(questions or question_files(cast(Any, splits)))
    # Late: the index and the engine bring the heavy libraries, and --help should not wait for them.
    from answer.service import answer_as_json, answer_question
    from index.library import open_library

    started = time.perf_counter()
    library = open_library()

    def ask(question: str, history: Sequence[str]) -> dict[str, Any]:
        return answer_as_json(library, answer_question(library, question, history))

    ask("令和4年度の事業の予算は？", ())  # loads the model: the questions are timed in a warm process
    library.search("区役所", k=1)
    warm_up = time.perf_counter() - started
    result = run_questions(asked, ask, library.lines, lambda question: library.search(question, k=10).answerable)
    if ablation:
        wanted = [question for question in asked if question.family in RETRIEVAL_FAMILIES]
        if wanted:
            build, arms = _pipeline()
            result = replace(result, ablation=ablate(wanted, library.passages, build, arms))
    facts = {
        "questions": len(asked),
        "documents": {document_id: document.sha256 for document_id, document in library.documents.items()},
        "passages": len(library.passages),
        "figures": len(library.figures),
        "python": platform.python_version(),
        "warm_up_s": round(warm_up, 2),
    }
    written = run_json(result, facts)
    path = save_run(written, out or state_layout().root / "eval")
    print(json.dumps(written, ensure_ascii=False, default=str) if as_json else report(result, failures))
    print(f"written to {path}", file=sys.stderr)


@app.command()
def benchmark(
    folder: Annotated[Path, typer.Argument(help="a BEIR folder: corpus.jsonl, queries.jsonl, qrels.tsv")],
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON document")] = False,
    arms: Annotated[str, typer.Option(help="which arms, separated by commas")] = "default,dense,lexical",
) -> None:
    """Score retrieval on a public question set.

    Example: python -m eval benchmark jaquad-dev --json
    """
    data = load_benchmark(folder)
    for warning in data.warnings:
        print(f"warning: {warning}", file=sys.stderr)
    build, known = _pipeline()
    wanted = [arm.strip() for arm in arms.split(",") if arm.strip()]
    unknown = set(wanted) - set(known)
    if unknown or not wanted:
        raise EvalError(f"unknown arms {', '.join(sorted(unknown)) or '(none)'}: of {', '.join(known)}")
    print(f"{len(data.document_ids)} documents, {len(data.qrels)} judged queries", file=sys.stderr)
    scores = run_benchmark(data, build, wanted)
    print(json.dumps(scores.as_json(), ensure_ascii=False) if as_json else _benchmark_report(scores))


@app.command()
def calibrate() -> None:
    """Fit when to refuse, on half of the questions, and report on the other half.

    Example: python -m eval calibrate
    """
    from eval.calibration import Case, calibrate, calibration_report, load_answerable
    from index.library import open_library

    library = open_library()
    asked = load_answerable()
    for question in load_questions(question_files(("dev",))):
        held = is_held(question)
        if held is not None and not question.history:
            asked.setdefault(question.question, held)
    cases = [Case(question, library.evidence(question), held) for question, held in asked.items()]
    print(calibration_report(calibrate(cases)))


def _pipeline() -> tuple[Callable[[Sequence[str], Sequence[str]], Ablated], tuple[str, ...]]:
    """How to build a pipeline, and the arms that it offers; default, dense and lexical come first."""
    from index import pipeline

    arms = tuple(getattr(pipeline, "ARMS", None) or get_args(pipeline.Arm))
    return pipeline.Pipeline.build, arms


def _benchmark_report(scores: BenchmarkScores) -> str:
    out = [
        f"{len(scores.benchmark.qrels)} queries, {len(scores.benchmark.document_ids)} documents "
        "(mean [95 % bootstrap interval over queries])",
        f"{'':10}" + "".join(f"{name:>24}" for name in BENCHMARK_MEASURES),
    ]
    for arm in scores.scores:
        estimates = scores.estimates(arm)
        out.append(f"{arm:10}" + "".join(f"{estimates[name]!s:>24}" for name in BENCHMARK_MEASURES))
    if "default" in scores.scores:
        for other in scores.scores:
            if other != "default":
                out.append(f"default - {other}, nDCG@10, query by query: {scores.gain('default', other)}")
    out.append("seconds: " + ", ".join(f"{name} {seconds:.1f}" for name, seconds in scores.seconds.items()))
    return "\n".join(out)


def main() -> None:
    """Run a command; a failure is one clear line on stderr and exit status 1."""
    try:
        app(standalone_mode=False)
    except TyperException as error:
        print(f"error: {error}. See python -m eval --help", file=sys.stderr)
        raise SystemExit(1) from None
    except EvalError as error:
        print(f"error: {error}", file=sys.stderr)
        raise SystemExit(1) from None
    except Exception as error:
        if not isinstance(error, _state_errors()):
            raise
        print(f"error: {error}", file=sys.stderr)
        raise SystemExit(1) from None


def _state_errors() -> tuple[type[Exception], ...]:
    """What says that the state or the model is not there, or not of this version; each tells what to do."""
    from index.generation import IndexUnavailableError
    from index.model_setup import ModelUnavailableError
    from ingest.store import StoreError

    return IndexUnavailableError, ModelUnavailableError, StoreError


if __name__ == "__main__":
    main()
