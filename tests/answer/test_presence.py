"""Which of two years' lists a question says a project is in: gone, come new, or kept."""

from __future__ import annotations

import pytest

from answer.presence import kept_stretch, presence_of
from answer.service import Engine


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("令和4年度にはあったが令和5年度にはない事業は？", "vanished"),
        ("令和4年度の一覧表には載っていたのに令和5年度の一覧表には見当たらない事業", "vanished"),
        ("令和5年度になって一覧表から姿を消した事業はどれですか", "vanished"),
        ("5年度の一覧から外れた事業", "vanished"),
        ("4年度にはなく5年度からの事業", "new"),
        ("前の年にはなくて令和5年度に新しく一覧に載った事業", "new"),
        ("令和5年度に新たに登場した事業", "new"),
        ("令和4年度にも令和5年度にもある事業", "kept"),
        ("令和5年度の前年度にはなかった事業", "new"),
        ("健康生活支援事業の細事業で、令和5年度にはもう載っていないもの", "vanished"),
        ("令和5年度にはもう計上されていない前年度の事業", "vanished"),
        ("令和4年度の事業のうち、令和5年度の一覧表に同じ名称が見当たらないもの", "vanished"),
        ("健康生活支援事業の細事業で令和4年度限りとなり、5年度には見当たらないもの", "vanished"),
        ("5年度になくなった細事業", "vanished"),
        ("「安全・安心」の柱の事業で、令和5年度には事業として載らなくなったもの", "vanished"),
        ("令和4年度に総務課の自主企画事業だったもののうち、令和5年度の一覧表に同じ名前が見当たらないもの", "vanished"),
        # What is said of one year alone tells of no other.
        ("令和5年度にある事業は", None),
        ("令和4年度の予算がない事業", None),
        ("令和5年度で前年度より予算が少ない事業", None),
    ],
)
def test_presence(engine: Engine, question: str, expected: str | None) -> None:
    draft, _ = engine.understanding.reader.read(question)
    assert presence_of(draft) == expected


@pytest.mark.parametrize(
    ("question", "kept"),
    [
        ("両年度にある事業で、令和4年度の決算額が一番多いものは", "両年度にある事業"),
        ("R4と令和5年度の両方にある事業の執行額の合計は？", "両方にある事業"),
        ("どちらの年度の一覧表にも載っている事業のうち予算が最大のものは", "どちらの年度の一覧表にも載っている事業"),
        ("両年度に載っている総務課の事業の令和5年度予算の合計は", "両年度に載っている総務課の事業"),
        ("令和5年度にも引き継がれた令和4年度の事業の予算の合計", "引き継がれた令和4年度の事業"),
        # What must hold in both years is a bound, and no list.
        ("両年度とも執行率が90%以上の事業", None),
        ("令和5年度にある事業は", None),
    ],
)
def test_what_is_in_both_lists(engine: Engine, question: str, kept: str | None) -> None:
    draft, _ = engine.understanding.reader.read(question)
    stretch = kept_stretch(draft)
    assert (draft.folded[slice(*stretch)] if stretch else None) == kept
