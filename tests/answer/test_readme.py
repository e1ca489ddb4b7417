"""What the two READMEs show and promise is what the program does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from oracle import Ask

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = "令和4年度に執行率が50%を下回った事業は？"
ENGLISH = (ROOT / "README.md").read_text(encoding="utf-8")
JAPANESE = (ROOT / "README.ja.md").read_text(encoding="utf-8")


def test_the_sample_answer_is_the_real_one(ask: Ask) -> None:
    answer = ask(SAMPLE)
    assert SAMPLE in ENGLISH
    assert answer.interpreted in ENGLISH
    for line in answer.text.splitlines():
        assert line in ENGLISH
        assert line.removeprefix("・") in JAPANESE
    for warning in answer.warnings:
        assert warning in ENGLISH
        assert warning in JAPANESE
    for figure in answer.figures:
        assert f"{figure.source.line_start}〜" in ENGLISH or f"{figure.source.line_start}行" in ENGLISH
        assert f"出典 {figure.source.line_start}行" in JAPANESE


ASKED = re.findall(r"^- ([^（\n]+？)$", JAPANESE, re.MULTILINE)


@pytest.mark.parametrize("question", ASKED)
def test_the_questions_it_invites_are_answered(ask: Ask, question: str) -> None:
    assert ask(question).status == "answered"


def test_it_invites_questions() -> None:
    assert len(ASKED) >= 4


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("川崎市の予算は？", "no_document"),
        ("令和元年度の予算は？", "no_document"),
        ("令和5年度の決算額は？", "not_settled"),
        ("明日の天気は？", "out_of_scope"),
    ],
)
def test_the_questions_it_says_it_refuses_are_refused(ask: Ask, question: str, reason: str) -> None:
    assert question in JAPANESE
    answer = ask(question)
    assert (answer.status, answer.reason) == ("not_found", reason)


@pytest.mark.parametrize("text", [ENGLISH, JAPANESE])
def test_files_it_points_to_exist(text: str) -> None:
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
    assert links
    assert all((ROOT / link).exists() for link in links), links
