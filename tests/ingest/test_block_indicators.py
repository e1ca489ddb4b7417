"""事業指標: bullets and small tables as printed, and what must be read from them."""

from __future__ import annotations

import pytest

from ingest.joining import Line
from ingest.layouts.block_indicators import gather_bullets, parse_bullet, parse_value_table

Expected = tuple[str, str | None, str | None]


def lines(*texts: str, step: int = 2) -> list[Line]:
    return [Line(1 + step * at, text, False) for at, text in enumerate(texts)]


def gist(*texts: str) -> list[Expected]:
    found = parse_bullet(lines(*texts), 70)
    return [
        (
            item.name,
            None if item.target is None else f"{item.target.value} {item.target.unit}",
            None if item.result is None else (f"{item.result.value} {item.result.unit}".strip()),
        )
        for item in found
    ]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["・講習会の実施 93回（48回）"], [("講習会の実施", "93 回", "48 回")]),
        (["・満足度 80％以上（92％）"], [("満足度", "80 percent", "92 percent")]),
        (["・店舗数 800店舗(870店舗)"], [("店舗数", "800 店舗", "870 店舗")]),
        (["・教室 ８回、120人（８回、85人）"], [("教室", "8 回", "8 回"), ("教室", "120 人", "85 人")]),
        (["・社会体験 80回（17回、５人）"], [("社会体験", "80 回", "17 回"), ("社会体験", None, "5 人")]),
        (
            ["【法律相談】相談（12回、28人）"],
            [("【法律相談】相談", None, "12 回"), ("【法律相談】相談", None, "28 人")],
        ),
        (["・キャンペーンの実施（実施済み）"], [("キャンペーンの実施", None, "None")]),
        (["・連絡会 年１回開催（10月６日）"], [("連絡会", "1 回", "None")]),
        (["・啓発の実施"], [("啓発の実施", None, None)]),
        (["・開放 週５日（週５日、381人）"], [("開放", "5 日", "5 日"), ("開放", None, "381 人")]),
        (
            ["・貸出 年間 80件【うち画像：60件、着ぐるみ：20件】", "（画像：64件、着ぐるみ：20件）"],
            [("貸出", "80 件", None), ("貸出（画像）", "60 件", "64 件"), ("貸出（着ぐるみ）", "20 件", "20 件")],
        ),
        (
            ["・資材提供 小学校 15校（19校に提供）、民間", "保育園 35園（37園に提供）"],
            [("資材提供 小学校", "15 校", "19 校"), ("資材提供 民間 保育園", "35 園", "37 園")],
        ),
        (["・応援隊 登録者：55人（登録者：56人）"], [("応援隊（登録者）", "55 人", "56 人")]),
        (
            ["・直売の開催（15回（区役所 12回、施設３回））"],
            [
                ("直売の開催", None, "15 回"),
                ("直売の開催（区役所）", None, "12 回"),
                ("直売の開催（施設）", None, "3 回"),
            ],
        ),
        (["・助成団体 50団体以上／255団体（42団体）"], [("助成団体", "50 団体", "42 団体")]),
        # Two numbers, and the page does not say which one is the result.
        (["・ウォーキング（３回/10回）"], [("ウォーキング", None, "None 回")]),
        (["・両親教室 ４回（４回＋６回）"], [("両親教室", "4 回", "None 回")]),
        # A bracket that nobody closes (001 line 641).
        (["・思想の普及（交通安全教室（９月 29日）"], [("思想の普及", None, "None")]),
        (["・利用（１回の開室あたり平均 3.04人の託児）"], [("利用", None, "3.04 人")]),
        (["・投稿 １日平均１投稿（一日平均：1.41投稿）"], [("投稿", "1 投稿", "1.41 投稿")]),
    ],
)
def test_bullets(texts: list[str], expected: list[Expected]) -> None:
    assert gist(*texts) == expected


def test_the_printed_forms_are_those_of_the_page() -> None:
    found = parse_bullet(lines("・連絡会 ２回（書面開催１回）"), 70)[0]
    assert found.target is not None
    assert found.result is not None
    assert (found.target.printed, found.result.printed) == ("２回", "書面開催１回")


def test_captions_after_the_list_are_no_indicators() -> None:
    block = [*lines("・動画の作成 ３本（２本）", "・オンライン視聴可能な動画の作成")]
    captions = [Line(11, "あさひウォーキングラリー", False), Line(13, "（こども自然公園）", False)]
    bullets, rest = gather_bullets([*block, *captions], 70)
    assert [[line.text for line in bullet] for bullet in bullets] == [[line.text] for line in block]
    assert rest == captions


@pytest.mark.parametrize(
    ("texts", "numbers", "expected"),
    [
        (
            ["訓練等に参加したこと", "がない方の割合", "食料・", "水を３日分以上", "備えている割合", "35％ 55％"],
            None,
            [("訓練等に参加したことがない方の割合", "35％"), ("食料・水を３日分以上備えている割合", "55％")],
        ),
        (
            ["相談件数", "（新規・継続）", "登録者数", "150件 250団体・人"],
            None,
            [("相談件数（新規・継続）", "150件"), ("登録者数", "250団体・人")],
        ),
        (
            ["スポーツ祭参加者数 大会参加者満足度", "3,500人 80％"],
            None,
            [("スポーツ祭参加者数", "3,500人"), ("大会参加者満足度", "80％")],
        ),
        (
            ["ウォーキング等", "による運動", "喫煙者の割合", "虫歯のない", "３歳児の割合", "34％ 12％ 90％"],
            [6, 8, 9, 11, 13, 15],
            [("ウォーキング等による運動", "34％"), ("喫煙者の割合", "12％"), ("虫歯のない３歳児の割合", "90％")],
        ),
        (["法律相談・個別カウンセリング", "72人"], None, [("法律相談・個別カウンセリング", "72人")]),
    ],
)
def test_labels_over_a_line_of_values(
    texts: list[str], numbers: list[int] | None, expected: list[tuple[str, str]]
) -> None:
    block = lines(*texts)
    if numbers:
        block = [Line(number, text, False) for number, text in zip(numbers, texts, strict=True)]
    found, rest, complaint = parse_value_table([*block, Line(99, "講座の様子", False)])
    assert [(item.name, item.target.printed if item.target else None) for item in found] == expected
    assert [line.text for line in rest] == ["講座の様子"]
    assert complaint is None


def test_labels_that_do_not_fit_their_values_are_told_and_not_guessed() -> None:
    found, _, complaint = parse_value_table(lines("参加者数", "35％ 55％"))
    assert found == []
    assert complaint is not None
    assert "2個" in complaint


def test_more_labels_than_can_be_weighed_are_told_at_once() -> None:
    found, _, complaint = parse_value_table(lines(*["見出し"] * 60, " ".join(["35％"] * 30)))
    assert found == []
    assert complaint is not None
