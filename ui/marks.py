"""Where the numbered source marks of an answer go: beside the figure or the sentence that each source proves."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any


@dataclass(frozen=True, slots=True)
class Citation:
    """A source with the number that its marks bear, and what it proves ("" where it is only a passage)."""

    number: int
    document_id: str
    file: str
    page: int | None
    line_start: int
    line_end: int
    quote: str
    subject: str


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of one line of the answer: text, text that is a cited figure (`strong`), or a mark (`number`)."""

    text: str = ""
    strong: bool = False
    number: int | None = None


@dataclass(frozen=True, slots=True)
class CitedText:
    """The answer's lines as runs, the citations by number, and the passages that the text does not use."""

    lines: tuple[tuple[Run, ...], ...]
    citations: tuple[Citation, ...]
    unused_passages: tuple[Mapping[str, Any], ...]


_SPACE = re.compile(r"\s+")
_Place = tuple[str, int, int]


def cite(answer: Mapping[str, Any]) -> CitedText:
    """Place a mark after every printed figure and every quoted sentence of the answer's text.

    Figures on the same lines share one source. A source that no line of the text shows is still listed.
    """
    lines = str(answer.get("text") or "").splitlines()
    figures = list(answer.get("figures") or ())
    passages = list(answer.get("passages") or ())
    numbers: dict[_Place, Citation] = {}
    ends: list[dict[int, list[tuple[int, int]]]] = [{} for _ in lines]

    def number_of(source: Mapping[str, Any], subject: str) -> int:
        place = (str(source["document_id"]), int(source["line_start"]), int(source["line_end"]))
        if place not in numbers:
            numbers[place] = Citation(
                number=len(numbers) + 1,
                document_id=place[0],
                file=str(source.get("file") or ""),
                page=source.get("page"),
                line_start=place[1],
                line_end=place[2],
                quote=str(source.get("quote") or ""),
                subject=subject,
            )
        return numbers[place].number

    found = [_figure_spans(lines, figure, figures) for figure in figures]
    order = sorted(range(len(figures)), key=lambda i: min(found[i], default=(len(lines), 0, 0)))
    for i in order:
        number = number_of(figures[i]["source"], str(figures[i].get("project") or figures[i].get("label") or ""))
        for line, start, end in found[i]:
            ends[line].setdefault(number, []).append((start, end))
    lines, marked = _without_printed_marks(lines)
    quotes = list(answer.get("quotes") or ())
    for line, text in enumerate(lines):
        quote = next(
            (q for q in quotes if line in marked and _plain(str(q["text"])).lstrip("・") in _plain(text)), None
        )
        if quote is not None:
            passage: Mapping[str, Any] = next((p for p in passages if p.get("rank") == quote["mark"]), {"source": {}})
            place = {**passage["source"], **{key: quote[key] for key in ("document_id", "line_start", "line_end")}}
            number = number_of({**place, "quote": quote["text"]}, _subject(passage))
            # A sentence is proved by its own line, though another may print the same number.
            ends[line] = {number: [*ends[line].get(number, []), (len(text), len(text))]}
    _keep_to_parts(lines, ends)
    used = {quote["mark"] for quote in quotes}
    unused = []
    for passage in passages:
        if passage.get("rank") in used:
            continue
        cited = [line for line, text in enumerate(lines) if _is_quoted(text, passage)]
        if not cited:
            unused.append(passage)
            continue
        number = number_of(passage["source"], _subject(passage))
        for line in cited:
            end = len(lines[line].rstrip())
            ends[line].setdefault(number, []).append((end, end))
    if not figures and not numbers and answer.get("status") == "answered":
        # The text rests on the first passage even where it is put in other words.
        for passage in unused[:1]:
            number_of(passage["source"], _subject(passage))
        unused = unused[1:]
    return CitedText(
        lines=tuple(_runs(text, ends[line]) for line, text in enumerate(lines)),
        citations=tuple(numbers.values()),
        unused_passages=tuple(unused),
    )


def _keep_to_parts(lines: Sequence[str], ends: list[dict[int, list[tuple[int, int]]]]) -> None:
    """In a text of several parts, each headed by ◆, the number that leads a part bears that part's marks alone."""
    heads = [at for at, text in enumerate(lines) if text.startswith("◆")]
    for start, stop in itertools.pairwise([*heads, len(lines)] if heads else []):
        quoted = {number for spans in ends[start + 2 : stop] for number in spans}
        if start + 1 < stop and quoted & ends[start + 1].keys():
            ends[start + 1] = {number: spans for number, spans in ends[start + 1].items() if number in quoted}


_PRINTED_MARK = re.compile(r"\s*\[\d+\]\s*$")


def _without_printed_marks(lines: Sequence[str]) -> tuple[list[str], set[int]]:
    """The lines without the marks that the text carries for readers of plain text, and which lines had one."""
    marked = {i for i, line in enumerate(lines) if _PRINTED_MARK.search(line)}
    return [_PRINTED_MARK.sub("", line) for line in lines], marked


def _subject(passage: Mapping[str, Any]) -> str:
    names = [str(passage[key]) for key in ("project", "sub_project") if passage.get(key)]
    return "　".join(names) or str(passage.get("heading") or "")


def _runs(text: str, spans: Mapping[int, Sequence[tuple[int, int]]]) -> tuple[Run, ...]:
    strong = sorted({span for all_spans in spans.values() for span in all_spans if span[0] < span[1]})
    marks = sorted((max(end for _, end in all_spans), number) for number, all_spans in spans.items())
    cuts = sorted({0, len(text), *(edge for span in strong for edge in span), *(end for end, _ in marks)})
    runs: list[Run] = []
    for start, end in zip(cuts, [*cuts[1:], None], strict=True):
        runs.extend(Run(number=number) for place, number in marks if place == start)
        if end is not None and start < end:
            runs.append(Run(text[start:end], strong=any(a <= start and end <= b for a, b in strong)))
    return tuple(runs)


def _figure_spans(
    lines: Sequence[str], figure: Mapping[str, Any], figures: Sequence[Mapping[str, Any]]
) -> list[tuple[int, int, int]]:
    """(line, start, end) where the text states this figure: its characters, on a line that speaks of its row."""
    needles = _needles(figure)
    name = _plain(str(figure.get("project") or figure.get("label") or ""))
    others = {_plain(str(other.get("project") or other.get("label") or "")) for other in figures} - {name, ""}
    year = figure.get("fiscal_year")
    several_years = len({other.get("fiscal_year") for other in figures}) > 1
    spans = []
    for index, line in enumerate(lines):
        plain = _plain(line)
        named = bool(name) and name in plain
        if not named and others and any(other in plain for other in others):
            continue
        if (
            several_years
            and not _speaks_of_year(plain, year)
            and any(_speaks_of_year(plain, other.get("fiscal_year")) for other in figures)
        ):
            continue
        for needle in needles:
            at = _find_number(line, needle)
            if at is not None:
                spans.append((index, *at))
                break
    return spans


def _speaks_of_year(line: str, year: Any) -> bool:
    if not isinstance(year, int):
        return False
    era = f"令和{'元' if year == 2019 else year - 2018}年" if year >= 2019 else f"平成{year - 1988}年"
    return era in line or f"{year}年" in line


def _needles(figure: Mapping[str, Any]) -> list[str]:
    """The ways in which an answer may write this figure, the longest first."""
    value, unit = str(figure.get("value") or ""), str(figure.get("unit") or "")
    needles = {str(figure.get("printed") or "").strip()}
    try:
        number = Decimal(value)
    except InvalidOperation:
        return sorted((n for n in needles if n), key=len, reverse=True)
    if unit == "yen":
        needles |= {f"{number:,}円", f"{number:,f}円"}
        if number % 1000 == 0:
            needles |= {f"{number / 1000:,.0f}千円", f"{number / 1000:,.0f}"}
    elif unit == "percent":
        needles |= {f"{value}%", f"{value}％", f"{number.normalize():f}%", f"{number.normalize():f}％"}
    else:
        needles |= {f"{number:,}{unit}", f"{value}{unit}"}
    return sorted((n for n in needles if n), key=len, reverse=True)


def _find_number(line: str, needle: str) -> tuple[int, int] | None:
    """The place of `needle` in the line, where it is not the tail or the head of a longer number."""
    folded, wanted = _fold(line), _fold(needle)
    start = folded.find(wanted)
    while start >= 0:
        end = start + len(wanted)
        before, after = folded[start - 1 : start], folded[end : end + 1]
        glued_before = wanted[:1].isdigit() and (before.isdigit() or before in {",", "."}) and before != ""
        glued_after = wanted[-1:].isdigit() and after.isdigit()
        if not glued_before and not glued_after:
            return start, end
        start = folded.find(wanted, start + 1)
    return None


_FOLD = {ord(full): half for full, half in zip("０１２３４５６７８９，．％", "0123456789,.%", strict=True)}


def _fold(text: str) -> str:
    return text.translate(_FOLD)


def _plain(text: str) -> str:
    return _SPACE.sub("", unicodedata.normalize("NFKC", text))


def _is_quoted(line: str, passage: Mapping[str, Any]) -> bool:
    wanted = _plain(line).strip("・-「」『』〇○。 ")
    if len(wanted) < 6:
        return False
    held = _plain(str(passage.get("text") or "")) + "\n" + _plain(str(passage["source"].get("quote") or ""))
    if wanted in held:
        return True
    quoted = re.findall(r"「(.{6,})」", wanted)
    return any(part.rstrip("。") in held for part in quoted)
