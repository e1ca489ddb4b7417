"""Operating policies published as a web page, with a budget beside each measure: 【1-1-1 …】(9,339千円)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.amounts import find_amounts, half_width
from ingest.counts import add_counts
from ingest.eras import find_years
from ingest.joining import Line, build_units, content_lines, tidy
from ingest.layouts.parts import settle_part
from ingest.raw import RawDocument
from ingest.reading import Reading
from ingest.sources import PartFacts
from records import Part, Project

_CODE = r"\d{1,2}(?:[-－‐−]\d{1,2})*"
_MEASURE = re.compile(
    r"^【(?P<code>\d{1,2}(?:[-－‐−]\d{1,2}){2,})[\s　]*(?P<name>.+)】\s*[(（](?P<money>[^()（）]*円)[)）]$"
)
_UNPRICED = re.compile(r"^【(?P<code>\d{1,2}(?:[-－‐−]\d{1,2}){2,})[\s　]*(?P<name>.+)】$")
_STRATEGY = re.compile(r"^【(?P<code>\d{1,2}[-－‐−]\d{1,2})[\s　]*(?P<name>[^】]+)】$")
_ISSUE = re.compile(r"^【(?P<label>[^\d】]{2,8})\s*(?P<code>\d{1,2})[\s　]*(?P<name>[^】]+)】$")
_FURNITURE = re.compile(
    r"ページ番号|PDF形式|XLSX?形式|DOCX?形式|KB[)）]|MB[)）]|CC-BY|クリエイティブ・?コモンズ|で提供いたします|Adobe|Acrobat|"
    r"ダウンロード|改訂履歴|策定経過|探している情報|お問い?合わせ|このページ|ページの先頭|メニュー|シェア|印刷する|^\d{4}年\d{1,2}月\d{1,2}日$|"
    r"^【様式|^様式\d|更新[)）]$|^トップ|サイトマップ"
)
_OVER_MEASURES = re.compile(r"^主な(?:戦略|具体的取組)|^重点的に取り組む")


def fits(raw: RawDocument) -> bool:
    """Whether the text has measures with a code and a budget in their headings."""
    return sum(1 for line in content_lines(raw.lines) if _match_measure(line.text)) >= 2


def _match_measure(text: str) -> re.Match[str] | None:
    return _MEASURE.match(half_width(text))


def read(reading: Reading, facts: Sequence[PartFacts]) -> tuple[Part, ...]:
    """Read the one part of the page."""
    raw = reading.raw
    lines = content_lines(raw.lines)
    years = [mention for line in lines[:5] for mention in find_years(line.text) if mention.fiscal]
    year = years[0].year if years else (facts[0].fiscal_year if facts else 0)
    part = settle_part(
        reading.document.document_id, 0, year, "運営方針", "plan", None, 1, len(raw.lines), facts, whole=True
    )
    lines = _without_furniture(lines)
    budget_year = part.fiscal_year
    issue: str | None = None
    number: str | None = None
    strategy: str | None = None
    heading = ""
    project: Project | None = None
    held: list[Line] = []

    def close() -> None:
        nonlocal held
        if project is not None:
            words = tuple(word for word in (issue, project.name) if word)
        elif strategy:
            words = tuple(word for word in (issue, f"戦略 {strategy}") if word)
        elif issue:
            words = (issue,)
        else:
            words = (heading,) if heading else ()
        units = build_units(held, None)
        if words and units:
            reading.add_section(part, words, tuple(units), project)
        if project is not None:
            add_counts(reading, part, project, units)
        held = []

    for at, line in enumerate(lines):
        text = half_width(line.text)
        measure, strategic, issued = _match_measure(line.text), _STRATEGY.match(text), _ISSUE.match(text)
        unpriced = None if measure else _UNPRICED.match(text)
        if measure or unpriced:
            close()
            match = measure or unpriced
            assert match is not None
            strategy = None
            name = tidy(line.text[match.start("name") : match.end("name")])
            following = []
            for after in lines[at + 1 :]:
                if after.text.startswith("【") or _OVER_MEASURES.match(after.text):
                    break
                following.append(after)
            units = build_units(following, None)
            project = reading.add_project(
                part,
                name,
                "project",
                reading.source(line.number),
                code=re.sub(r"[－‐−]", "-", match["code"]),
                pillar=issue,
                pillar_aliases=(number,) if number else (),
                text="".join(unit.text for unit in units),
            )
            amounts = [amount for amount in find_amounts(measure["money"]) if amount.kind == "yen"] if measure else []
            if measure and len(amounts) == 1:
                printed = line.text[measure.start("money") : measure.end("money")]
                reading.add_figure(
                    part, "budget", amounts[0].value, "yen", printed, "予算額", reading.source(line.number),
                    project=project, table="heading", fiscal_year=budget_year,
                )  # fmt: skip
            elif measure:
                reading.warn(f"{line.number}行目: 「{measure['money']}」を金額として読めないので、採りませんでした。")
        elif strategic:
            close()
            project, strategy = None, tidy(line.text[strategic.start("name") : strategic.end("name")])
        elif issued:
            close()
            project, strategy = None, None
            # "経営課題1" is how other pages of the municipality call it: the number is a part of its name.
            number = f"{issued['label']}{issued['code']}"
            issue = f"{number} {tidy(line.text[issued.start('name') : issued.end('name')])}"
        elif _OVER_MEASURES.match(line.text):
            close()
            project, strategy = None, None
            mentioned = [mention for mention in find_years(line.text) if mention.fiscal]
            if mentioned and "予算" in line.text:
                budget_year = mentioned[0].year
        elif _is_heading(lines, at):
            close()
            project, strategy, issue, number = None, None, None, None
            heading = tidy(line.text)
        else:
            held.append(line)
    close()
    return (part,)


def _without_furniture(lines: Sequence[Line]) -> list[Line]:
    """The lines of the policy itself: from the title on, without links, licences, file lists and their headings."""
    kept = [line for line in lines if not _FURNITURE.search(line.text)]
    last = max((i for i, line in enumerate(kept) if "。" in line.text), default=len(kept) - 1)
    return kept[: last + 1]


def _is_heading(lines: Sequence[Line], at: int) -> bool:
    line = lines[at]
    following = lines[at + 1] if at + 1 < len(lines) else None
    short = "。" not in line.text and len(line.text) <= 40 and not line.text.startswith(("-", "・", "【"))
    return short and (following is None or not following.text.startswith("・"))
