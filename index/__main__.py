"""python -m index: prepare the model, build a generation, search passages."""

from __future__ import annotations

import json
import sys
import time
from typing import Annotated, Any

import typer

from index.generation import IndexUnavailableError, build_generation, manifest_json
from index.library import Library, open_library
from index.model_setup import ModelUnavailableError, prepare_model
from ingest.as_json import source_json
from ingest.state import state_layout
from ingest.store import StoreError, load_extractions
from records import Hit, SearchScope

app = typer.Typer(
    help="検索の索引を作り、文章を検索します。",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _fail(error: Exception | str) -> typer.Exit:
    typer.echo(str(error), err=True)
    return typer.Exit(1)


def _say(message: str) -> None:
    typer.echo(message, err=True)


@app.command("prepare-model", epilog="例: python -m index prepare-model")
def prepare_model_command() -> None:
    """埋め込みモデルを用意します。用意してあれば何もしません。"""
    try:
        made = prepare_model(say=_say)
    except (ModelUnavailableError, OSError) as error:
        raise _fail(error) from None
    _say(f"埋め込みモデルを用意しました: {state_layout().model}" if made else "埋め込みモデルは用意してあります。")


@app.command(epilog="例: python -m index build")
def build(as_json: Annotated[bool, typer.Option("--json", help="結果をJSONで出します")] = False) -> None:
    """読み取った文書から新しい索引を作ります。完成するまでは、いまの索引が使われます。"""
    layout = state_layout()
    try:
        extractions = load_extractions(layout)
        if not extractions:
            raise _fail("読み取った文書がありません。先に `python -m ingest build` を実行してください。")
        manifest, built = build_generation(layout, extractions, say=_say)
    except (IndexUnavailableError, ModelUnavailableError, StoreError, OSError) as error:
        raise _fail(error) from None
    if as_json:
        typer.echo(json.dumps(manifest_json(manifest) | {"built": built}, ensure_ascii=False))
        return
    counts = manifest.counts
    what = "索引を作りました" if built else "索引は最新です"
    typer.echo(
        f"{what}: 文書{counts['documents']} 事業{counts['projects']} 金額・率{counts['figures']} "
        f"指標{counts['indicators']} 文章{counts['passages']}（{manifest.name}）"
    )


@app.command(epilog='例: python -m index search "庭に来る野良猫を何とかしたい" --k 5')
def search(
    query: Annotated[str, typer.Argument(metavar="質問", help="探したいこと")],
    k: Annotated[int, typer.Option("--k", min=1, max=100, help="件数")] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="結果をJSONで出します")] = False,
    municipality: Annotated[str | None, typer.Option(help="市区町村の名前で絞ります（例: 横浜市）")] = None,
    ward: Annotated[str | None, typer.Option(help="区の名前で絞ります（例: 旭区）")] = None,
    fiscal_year: Annotated[int | None, typer.Option(help="年度で絞ります（西暦、例: 2022）")] = None,
    document: Annotated[str | None, typer.Option(help="文書の番号で絞ります（例: 001_3f457d84957d5b7b）")] = None,
) -> None:
    """質問に合う文章を探します。"""
    try:
        library = open_library()
        scope = _scope(library, municipality, ward, fiscal_year, document)
        start = time.perf_counter()
        result = library.search(query, k, scope)
    except (IndexUnavailableError, ModelUnavailableError) as error:
        raise _fail(error) from None
    elapsed = (time.perf_counter() - start) * 1000
    if as_json:
        found = [_hit_json(hit, library) for hit in result.hits]
        out = {
            "question": query,
            "answerable": round(result.answerable, 4),
            "passages": found,
            "elapsed_ms": round(elapsed, 1),
        }
        typer.echo(json.dumps(out, ensure_ascii=False))
        return
    for hit in result.hits:
        source = hit.passage.source
        typer.echo(
            f"{hit.rank}. {hit.passage.heading}  [{source.file}:{source.line_start}-{source.line_end}]  {hit.score:.3f}"
        )
        for line in hit.passage.text.splitlines()[:4]:
            typer.echo(f"   {line}")
    if not result.hits:
        typer.echo("見つかりませんでした。")


def _scope(
    library: Library, municipality: str | None, ward: str | None, fiscal_year: int | None, document: str | None
) -> SearchScope | None:
    """The filter that the options ask for; IndexUnavailableError where no document fits them."""
    if municipality is None and ward is None and document is None:
        return SearchScope(fiscal_years=(fiscal_year,)) if fiscal_year is not None else None
    chosen = tuple(
        held.document_id
        for held in library.documents.values()
        if (municipality is None or held.municipality == municipality)
        and (ward is None or held.ward == ward)
        and (document is None or held.document_id == document)
    )
    if not chosen:
        places = sorted({held.municipality + (held.ward or "") for held in library.documents.values()})
        raise IndexUnavailableError(f"その条件の文書はありません。収録しているのは {'、'.join(places)} です。")
    return SearchScope(document_ids=chosen, fiscal_years=(fiscal_year,) if fiscal_year is not None else ())


def _hit_json(hit: Hit, library: Library) -> dict[str, Any]:
    passage = hit.passage
    document = library.documents[passage.document_id]
    project = library.projects.get(passage.sub_project_id or passage.project_id or "")
    return {
        "rank": hit.rank,
        "score": round(hit.score, 4),
        "passage_id": passage.passage_id,
        "project": project.name if project else None,
        "heading": passage.heading,
        "municipality": document.municipality,
        "ward": document.ward,
        "fiscal_year": passage.fiscal_year,
        "text": passage.text,
        "source": source_json(passage.source),
    }


def main() -> None:
    """Run the command line; a broken pipe of the reader is no error of ours."""
    try:
        app()
    except BrokenPipeError:
        sys.stderr.close()


if __name__ == "__main__":
    main()
