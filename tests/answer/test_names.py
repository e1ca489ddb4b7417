"""Names as people write them: nouns in their order, in kana, in Latin letters, in a row, with one character wrong."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from oracle import Ask

ROOT = Path(__file__).resolve().parents[2]

WATER_GREEN_FLOWERS = "水･緑･花を暮らしに取り入れた旭区魅力アップ事業（国際園芸博覧会へ向けた機運醸成）"


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("水・緑・花の魅力アップ事業", WATER_GREEN_FLOWERS),
        ("水・みどり・花の事業", WATER_GREEN_FLOWERS),
        ("きぼうがおか駅周辺のまちづくり検討", "希望ヶ丘駅周辺のまちづくりに関する検討"),
        ("障がい者ネットワークすいしん事業", "障害者ネットワーク推進事業"),
        ("わかばだい西中学校の活用検討", "旧若葉台西中学校の本格活用検討事業"),
        ("「地域のつながりづくりに向けた民生委員」の事業", "地域のつながりづくりに向けた民生委員の活動支援事業"),
        ("高齢者の生きがいづくりの支援事業", "高齢者生きがいづくり支援事業"),
        ("健康生活支援事行", "健康生活支援事業"),
        ("「農」の魅力PR事業", "旭区の「農」の魅力ＰＲ事業"),
        ("Asahi Fureai Kumin Matsuri", "旭ふれあい区民まつり"),
        ("区庁舎や区民利用施設の管理費", "区庁舎・区民利用施設管理費"),
    ],
)
def test_one_name(ask: Ask, written: str, name: str) -> None:
    answer = ask(f"{written}の令和4年度の決算額は？")
    assert answer.status == "answered"
    assert [f.metric for f in answer.figures] == ["settled"]
    plain = ask(f"{name}の令和4年度の決算額は？")
    assert [f.figure_id for f in answer.figures] == [f.figure_id for f in plain.figures] != []


@pytest.mark.parametrize("joint", ["、", "・", "と"])
def test_a_row_of_parts_of_names(ask: Ask, joint: str) -> None:
    row = joint.join(("認知症", "高齢者生きがいづくり", "障害者ネットワーク"))
    answer = ask(f"{row}の3事業を足すと令和5年度の予算はいくら？")
    assert answer.computation is not None
    assert answer.computation.value == 1_507_000 + 746_000 + 1_327_000


def test_a_row_of_which_one_is_not_found_is_not_added_up(ask: Ask) -> None:
    answer = ask("市営住宅、高齢者生きがいづくり、障害者ネットワークの3事業の令和5年度予算の合計は？")
    assert answer.status == "not_found"
    assert not answer.figures


def test_a_tie_falls_alike_in_every_run() -> None:
    """Which alias of a name wins must not hang on the order of a set, which differs from process to process."""
    program = (
        "from answer.names import NameIndex; from answer.segments import reading_of;"
        "names = NameIndex(['「あさひあったかバス」(旭区福祉バス)の運行支援', '福祉バスの運行'], reading_of);"
        "print(names.by_reading('あさひくふくしばす、あさひあったかばす'), list(names.cores))"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2", "3")
    }
    assert len(runs) == 1


def test_a_year_behind_a_name_is_no_part_of_it(ask: Ask) -> None:
    # The name of 2023 goes on with （２０２７年…）, which the first digit of 2022 begins like.
    answer = ask("水･緑･花を暮らしに取り入れた旭区魅力アップ事業 2022年度 予算額")
    assert [(f.fiscal_year, str(f.value)) for f in answer.figures] == [(2022, "4706000")]


@pytest.mark.parametrize(
    "question", ["R3 大阪市旭区 ぎゃくたいゼロ 予算", "大阪市旭区の令和3年度、ぎゃくたいゼロの予算は？"]
)
def test_a_part_of_a_name_in_kana_with_a_word_for_nothing_in_it(ask: Ask, question: str) -> None:
    assert [str(f.value) for f in ask(question).figures] == ["9339000"]
