"""python -m ingest: read documents into the state, show what one holds, check its arithmetic."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from ingest.as_json import extraction_json
from ingest.corpus import Outcome, add_documents, build_corpus, remove_documents
from ingest.eras import find_years, fiscal_year_label
from ingest.extract import extract_file
from ingest.readers import ReadError
from ingest.sources import PartFacts, SourceFacts, SourcesError, load_sources
from ingest.state import state_layout
from ingest.store import StoreError, load_catalog, load_extraction
from records import Extraction

app = typer.Typer(
    help="文書を読み取り、事業・金額・指標を取り出します。",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

_CORPUS = Path(__file__).resolve().parent.parent / "corpus"


def _fail(message: str) -> typer.Exit:
    typer.echo(message, err=True)
    return typer.Exit(1)


def _progress(done: int, total: int, name: str) -> None:
    if not sys.stderr.isatty():
        if name:
            typer.echo(f"[{done + 1}/{total}] {name}", err=True)
        return
    sys.stderr.write(f"\r\x1b[K[{min(done + 1, total)}/{total}] {name}" if name else "\r\x1b[K")
    sys.stderr.flush()


def _counts(extraction: Extraction) -> str:
    projects = sum(1 for p in extraction.projects if p.kind != "sub_project")
    subs = len(extraction.projects) - projects
    parts = "・".join(f"{fiscal_year_label(part.fiscal_year)}{part.kind}" for part in extraction.document.parts)
    return (
        f"事業{projects} 細事業{subs} 金額・率{sum(1 for f in extraction.figures if f.primary)} "
        f"指標{len(extraction.indicators)} 節{len(extraction.sections)} 注意{len(extraction.warnings)}  {parts}"
    )


def _report(outcomes: tuple[Outcome, ...]) -> None:
    for outcome in outcomes:
        if outcome.extraction:
            mark = "変更なし" if outcome.unchanged else "読み取り"
            typer.echo(f"{mark} {outcome.path.name}: {_counts(outcome.extraction)}")
    problems = [outcome.problem for outcome in outcomes if outcome.problem]
    for problem in problems:
        typer.echo(problem, err=True)
    if problems:
        raise _fail(f"{len(outcomes)}件のうち{len(problems)}件は読めませんでした。ほかの文書は使えます。")


@app.command(epilog="例: python -m ingest build --corpus corpus/")
def build(
    corpus: Annotated[Path, typer.Option(help="文書と sources.toml のあるフォルダー")] = _CORPUS,
) -> None:
    """フォルダーの文書をすべて読み取り、保存します。変わっていない文書は読み直しません。"""
    if not corpus.is_dir():
        raise _fail(f"フォルダー {corpus} がありません。--corpus で文書のあるフォルダーを指定してください。")
    try:
        outcomes = build_corpus(corpus, state_layout(), _progress)
    except (SourcesError, StoreError) as error:
        raise _fail(str(error)) from None
    except OSError as error:
        raise _fail(f"保存できません: {error.filename}（{error.strerror}）。") from None
    if not outcomes:
        raise _fail(f"{corpus} に文書がありません。文書のファイルを置いてください。")
    _report(outcomes)


def _facts_for(path: Path) -> SourceFacts | None:
    for folder in (path.resolve().parent, _CORPUS):
        found = next((facts for facts in load_sources(folder / "sources.toml") if facts.file == path.name), None)
        if found:
            return found
    return None


@app.command(epilog="例: python -m ingest extract corpus/001_3f457d84957d5b7b.txt --json")
def extract(
    file: Annotated[Path, typer.Argument(help="読み取る文書")],
    as_json: Annotated[bool, typer.Option("--json", help="JSON で出力します")] = False,
) -> None:
    """一つの文書から読み取れるものを表示します。何も保存しません。"""
    try:
        extraction = extract_file(file, _facts_for(file))
    except (ReadError, SourcesError) as error:
        raise _fail(str(error)) from None
    content = extraction_json(extraction)
    if as_json:
        typer.echo(json.dumps(content, ensure_ascii=False, indent=1))
        return
    _show(extraction, content)


def _show(extraction: Extraction, content: dict[str, Any]) -> None:
    document = extraction.document
    typer.echo(f"{document.title}（{document.municipality}{document.ward or ''}）")
    typer.echo(_counts(extraction))
    figures: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for figure in content["figures"]:
        key = (figure["fiscal_year"], figure["parent_project"], figure["project"] or figure["section"])
        figures.setdefault(key, []).append(figure)
    for (year, parent, name), rows in figures.items():
        printed = "  ".join(f"{row['label']} {row['printed']}" for row in rows)
        typer.echo(
            f"{year} {f'{parent} > ' if parent else ''}{name}: {printed}（{rows[0]['source']['line_start']}行目）"
        )
    for warning in extraction.warnings:
        typer.echo(f"注意: {warning}", err=True)


@app.command(epilog="例: python -m ingest check --json")
def check(
    as_json: Annotated[bool, typer.Option("--json", help="JSON で出力します")] = False,
) -> None:
    """読み取った文書の計算（差引・執行率・合計）を確かめ、合わないところをすべて挙げます。"""
    from ingest.audit import audit, finding_json
    from ingest.store import load_extractions

    try:
        extractions = load_extractions(state_layout())
    except StoreError as error:
        raise _fail(str(error)) from None
    if not extractions:
        raise _fail("読み取った文書がありません。先に python -m ingest build を実行してください。")
    findings = audit(extractions)
    if as_json:
        content = {"documents": len(extractions), "findings": [finding_json(finding) for finding in findings]}
        typer.echo(json.dumps(content, ensure_ascii=False, indent=1))
        return
    for finding in findings:
        lines = "、".join(str(line) for line in sorted({source.line_start for source in finding.sources}))
        typer.echo(f"{finding.document_id} {lines}行目: {finding.message}")
    typer.echo(f"{len(extractions)}文書を調べ、合わないところが{len(findings)}か所ありました。", err=True)


@app.command(
    epilog="例: python -m ingest add 予算書.pdf --municipality 大船渡市 --fiscal-year 令和7年度 --kind 当初予算"
)
def add(
    paths: Annotated[list[Path], typer.Argument(help="加える文書、または文書のフォルダー")],
    municipality: Annotated[str | None, typer.Option(help="市町村の名")] = None,
    ward: Annotated[str | None, typer.Option(help="区の名")] = None,
    fiscal_year: Annotated[str | None, typer.Option(help="年度（2024 または 令和6年度）")] = None,
    kind: Annotated[str | None, typer.Option(help="文書の種類（当初予算、決算 など）")] = None,
    title: Annotated[str | None, typer.Option(help="文書の名")] = None,
) -> None:
    """corpus の外の文書を加えます。文書の名・市町村・年度は、指定がなければ本文から読み取ります。"""
    parts: tuple[PartFacts, ...] = ()
    if fiscal_year is not None:
        years = find_years(fiscal_year)
        year = (
            years[0].year if years else (int(fiscal_year) if fiscal_year.isdigit() and len(fiscal_year) == 4 else None)
        )
        if year is None:
            raise _fail(f"年度「{fiscal_year}」が読めません。2024 や 令和6年度 のように書いてください。")
        parts = (PartFacts(year, kind),)
    elif kind is not None:
        raise _fail("--kind は --fiscal-year と一緒に指定してください。")
    given = SourceFacts(title=title, municipality=municipality, ward=ward, parts=parts)
    try:
        outcomes = add_documents(paths, given, state_layout(), _progress)
    except (SourcesError, StoreError) as error:
        raise _fail(str(error)) from None
    if not outcomes:
        raise _fail("加える文書がありません。文書のファイルかフォルダーを指定してください。")
    _report(outcomes)


@app.command("list", epilog="例: python -m ingest list --json")
def list_documents(
    as_json: Annotated[bool, typer.Option("--json", help="JSON で出力します")] = False,
) -> None:
    """保存した文書を一覧にします。"""
    layout = state_layout()
    rows = []
    try:
        for entry in load_catalog(layout):
            extraction = load_extraction(layout, entry.document_id)
            rows.append((entry, extraction))
    except StoreError as error:
        raise _fail(str(error)) from None
    if as_json:
        content = [extraction_json(extraction)["document"] | {"added": entry.added} for entry, extraction in rows]
        typer.echo(json.dumps(content, ensure_ascii=False, indent=1))
        return
    for entry, extraction in rows:
        document = extraction.document
        mark = "（追加）" if entry.added else ""
        place = f"{document.municipality}{document.ward or ''}"
        typer.echo(f"{document.document_id}{mark}: {document.title}／{place}／{_counts(extraction)}")


@app.command(epilog="例: python -m ingest remove 予算書")
def remove(names: Annotated[list[str], typer.Argument(help="除く文書の ID またはファイル名")]) -> None:
    """add で加えた文書を除きます。"""
    try:
        removed, refused = remove_documents(names, state_layout())
    except StoreError as error:
        raise _fail(str(error)) from None
    for name in removed:
        typer.echo(f"除きました: {name}")
    if refused:
        raise _fail(
            f"{'、'.join(refused)} は、add で加えた文書の中にありません。python -m ingest list で確かめてください。"
        )


if __name__ == "__main__":
    app()
