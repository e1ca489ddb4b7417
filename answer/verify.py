"""The last check: every number in a finished text is a stored figure, a declared computation, or a quoted line."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from ingest.amounts import find_amounts
from ingest.eras import find_years


class UnprovedNumberError(Exception):
    """A text holds a number that nothing proves; the text must not be shown."""


def check_numbers(text: str, allowed: Iterable[Decimal], literals: Iterable[str], years: Iterable[int]) -> None:
    """Raise UnprovedNumberError where the text holds a number outside `allowed` (compared by absolute value).

    `literals` are strings taken from the documents or the question (names, quoted lines), whose numbers are theirs;
    `years` are the calendar years that the text may name. Yen are compared in yen and rates in percent, so that
    12,182千円, 1,218万2千円 and 0.12182億円 are one number.
    """
    open_text = text
    for literal in sorted({lit for lit in literals if lit}, key=len, reverse=True):
        open_text = open_text.replace(literal, "\0" * len(literal))
    wanted_years = set(years)
    for mention in find_years(open_text):
        if mention.year not in wanted_years:
            raise UnprovedNumberError(f"答えの中の年「{mention.printed}」は、根拠の資料にありません。")
        open_text = open_text[: mention.start] + "\0" * (mention.end - mention.start) + open_text[mention.end :]
    proved = {abs(value) for value in allowed}
    for amount in find_amounts(open_text):
        if abs(amount.value) not in proved:
            raise UnprovedNumberError(f"答えの中の数「{amount.printed}」は、根拠の資料にありません。")
