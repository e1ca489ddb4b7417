"""Years as a question writes them: 令和4・5年度, 4年度, 5年7月末."""

from __future__ import annotations

import re

from answer.draft import Draft
from answer.ledger import Ledger
from ingest.amounts import parse_numeral
from ingest.eras import find_years

_YEAR_LIST = re.compile(
    r"(?P<era>令和|平成|[rh])(?P<first>\d{1,2})(?:年度?)?(?:、|と|~|から)(?P<second>\d{1,2})(?:の?両)?年度"
)
_SHORT_YEAR = re.compile(r"(?<![\d,.])(\d{1,2})年(?=(1[0-2]|[1-9])月)")
_EARLY_MONTH = re.compile(r"[1-3](?:月|/)")
_LAST_MONTH = 3
_SINCE = re.compile("以降|以来|をピーク|(?:頃|ごろ)?から(?:ずっと|これまで|今まで|減|増)")
_OF_TITLE = re.compile(r"(?:[ァ-ヺー]|計画|構想)$")


class YearReader:
    """Finds years in questions; those without an era are of the era that the ledger's years make possible."""

    def __init__(self, ledger: Ledger) -> None:
        self.known = frozenset(y for place in ledger.places for y in ledger.years_of([place]))

    def read(self, draft: Draft) -> None:
        """Years outside of whole names; before parts of names, which may hold years of their own (令和２年度分)."""
        self._read_year_lists(draft)
        for year in find_years(draft.open.upper() if len(draft.open.upper()) == len(draft.open) else draft.open):
            if _OF_TITLE.search(draft.open[: year.start]) and year.printed.isdigit():
                # 「旭区将来ビジョン2022」: the number belongs to a title.
                continue
            if not year.fiscal and year.year not in self.known and _SINCE.match(draft.open, year.end):
                # 「平成15年以降」 says since when, and asks for no document of that year.
                draft.take(year.start, year.end)
                continue
            # 「令和5年3月末」 is a day, of the fiscal year that began the April before.
            early = not year.fiscal and _EARLY_MONTH.match(draft.open[year.end :])
            fiscal = year.year - 1 if early else year.year
            draft.years.append(fiscal)
            draft.year_spans.append((year.start, year.end, fiscal))
            draft.take(year.start, year.end)
        self._read_bare_years(draft)

    def _read_year_lists(self, draft: Draft) -> None:
        """「令和4・5年度」 and 「令和4〜5年度」: the era and 年度 are written once for both."""
        for match in _YEAR_LIST.finditer(draft.open):
            first = find_years(f"{match['era']}{match['first']}年度".upper())
            second = find_years(f"{match['era']}{match['second']}年度".upper())
            if first and second:
                draft.years.extend(range(first[0].year, second[0].year + 1))
                draft.take(match.start(), match.end())

    def _read_bare_years(self, draft: Draft) -> None:
        """「4年度」 or 「5年度」 without an era is of the era that the corpus' years make possible."""
        for match in re.finditer(r"(?<![\d,.])(元|\d{1,2}|(?<![一-鿿])[二三四五六七八九十]{1,2})年度", draft.open):
            number = 1 if match[1] == "元" else int(parse_numeral(match[1]) or 0)
            years = [base + number - 1 for base in (2019, 1989) if base + number - 1 in self.known] or [
                2019 + number - 1
            ]
            draft.years.append(years[0])
            draft.year_spans.append((match.start(), match.end(), years[0]))
            draft.take(match.start(), match.end())

        for match in _SHORT_YEAR.finditer(draft.open):
            # 「5年7月末」 is of Reiwa where the corpus has that year.
            year, month = int(match[1]), int(match[2])
            fiscal = next(
                (y for base in (2018, 1988) if (y := base + year - (month <= _LAST_MONTH)) in self.known), None
            )
            if fiscal is not None:
                draft.years.append(fiscal)
                draft.year_spans.append((match.start(), match.end(1) + 1, fiscal))
                draft.take(match.start(), match.end(1) + 1)
