"""Several answers as one: each under its title, with all their figures, passages and tables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from answer.types import Answer
from records import Hit

_MARK = re.compile(r"\[(\d+)\]")


def joined(answers: Sequence[Answer], titles: Sequence[str], lead: str = "") -> Answer:
    """The first answer with the texts, figures, passages, quotes and tables of all; it has no computation."""
    lines = [lead] if lead else []
    hits: list[Hit] = []
    quotes: list[dict[str, Any]] = []
    for title, answer in zip(titles, answers, strict=True):
        before = len(hits)
        lines.append(f"◆{title}")
        lines.append(_MARK.sub(lambda m, n=before: f"[{int(m[1]) + n}]", answer.text))  # type: ignore[misc]
        hits.extend(replace(hit, rank=hit.rank + before) for hit in answer.hits)
        quotes.extend({**quote, "mark": quote["mark"] + before} for quote in answer.extra.get("quotes", ()))
    extra: dict[str, Any] = {"quotes": quotes} if quotes else {}
    table = _one_table([answer.extra["table"] for answer in answers if "table" in answer.extra])
    return replace(
        answers[0],
        text="\n".join(lines),
        figures=tuple(dict.fromkeys(f for answer in answers for f in answer.figures)),
        computation=None,
        hits=tuple(hits),
        warnings=tuple(dict.fromkeys(w for answer in answers for w in answer.warnings)),
        suggestions=(),
        extra=extra | ({"table": table} if table else {}),
    )


def _one_table(tables: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """The rows of all tables under the columns of all; a row that two of them hold stands there once for each."""
    if not tables:
        return None
    columns = list(dict.fromkeys(column for table in tables for column in table["columns"]))
    return {"columns": columns, "rows": [row for table in tables for row in table["rows"]]}
