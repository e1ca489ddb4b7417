"""What users say of answers, kept in one SQLite file: the day, the question, the answer and the words; no person."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from ui.export import Sheet
from ui.text import label

Verdict = Literal["good", "bad"]
_LONGEST = 2000
# Addresses, telephone numbers and long numbers say who somebody is; they are not needed to mend an answer.
_PERSONAL = re.compile(
    r"[a-zA-Z0-9._%+-]+@[a-zA-Z0-9-]+(?:\.[a-zA-Z0-9-]+)+"
    r"|(?<!\d)0\d{1,4}[-(（ ‐－ー]?\d{1,4}[-)） ‐－ー]?\d{3,4}(?!\d)"
    r"|\d{10,}"
)


@dataclass(frozen=True, slots=True)
class Opinion:
    """One verdict on one answer."""

    day: date
    question: str
    answer: str
    verdict: Verdict
    comment: str


def without_personal_data(text: str) -> str:
    """The text with mail addresses and telephone numbers left out.

    >>> without_personal_data("連絡は taro@example.jp か 045-123-4567 まで")
    '連絡は［省略］ か ［省略］ まで'
    """
    return _PERSONAL.sub("［省略］", text)[:_LONGEST]


@contextmanager
def _open(path: Path) -> Iterator[sqlite3.Connection]:
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, timeout=5)
    try:
        connection.execute(
            "CREATE TABLE IF NOT EXISTS opinion (id INTEGER PRIMARY KEY, day TEXT NOT NULL, question TEXT NOT NULL,"
            " answer TEXT NOT NULL, verdict TEXT NOT NULL CHECK (verdict IN ('good', 'bad')), comment TEXT NOT NULL)"
        )
        with connection:
            yield connection
    finally:
        connection.close()


def save_opinion(path: Path, opinion: Opinion, replaces: int | None = None) -> int:
    """Keep an opinion, and give its number; `replaces` is the number of an earlier one by the same reader."""
    cells = (
        opinion.day.isoformat(),
        without_personal_data(opinion.question),
        opinion.answer[:_LONGEST],
        opinion.verdict,
        without_personal_data(opinion.comment),
    )
    with _open(path) as connection:
        if replaces is not None:
            connection.execute(
                "UPDATE opinion SET day=?, question=?, answer=?, verdict=?, comment=? WHERE id=?", (*cells, replaces)
            )
            return replaces
        cursor = connection.execute(
            "INSERT INTO opinion (day, question, answer, verdict, comment) VALUES (?, ?, ?, ?, ?)", cells
        )
        assert cursor.lastrowid is not None
        return cursor.lastrowid


def load_opinions(path: Path) -> tuple[Opinion, ...]:
    """Every opinion kept, the latest first; none where nobody has said anything yet."""
    if not path.exists():
        return ()
    with _open(path) as connection:
        rows = connection.execute(
            "SELECT day, question, answer, verdict, comment FROM opinion ORDER BY id DESC"
        ).fetchall()
    return tuple(Opinion(date.fromisoformat(row[0]), *row[1:]) for row in rows)


def opinion_sheet(opinions: tuple[Opinion, ...]) -> Sheet:
    """Opinions as a table to read and to save."""
    return Sheet(
        label("view_feedback"),
        tuple(label(key) for key in ("date", "verdict", "question", "comment", "answer")),
        tuple((o.day.isoformat(), label(f"feedback_{o.verdict}"), o.question, o.comment, o.answer) for o in opinions),
    )
