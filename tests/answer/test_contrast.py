"""「AではなくB」 keeps B, with what both share."""

from __future__ import annotations

import pytest

from answer.contrast import what_is_meant


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("令和4年度の予算ではなく決算が最大の事業は", "令和4年度の決算が最大の事業は"),
        ("大阪市旭区ではなく横浜市旭区の予算は", "横浜市旭区の予算は"),
        ("あさひみらい塾の応募じゃなくて参加者は何人", "あさひみらい塾の参加者は何人"),
        ("令和4年度、親子で学ぶ両親教室ではなく、地域育児教室には何人", "令和4年度、地域育児教室には何人"),
        ("地域振興課ではなく総務課", "総務課"),
        ("初動対応訓練は何施設ですか（協定締結施設の総数ではなく）。", "初動対応訓練は何施設ですか。"),
        # Both are meant, or nothing is set against anything.
        ("予算だけではなく決算も教えて", "予算だけではなく決算も教えて"),
        ("統合や廃止でなくなった事業", "統合や廃止でなくなった事業"),
        ("事業ではなく", "事業ではなく"),
    ],
)
def test_what_is_meant(question: str, meant: str) -> None:
    assert what_is_meant(question) == meant
