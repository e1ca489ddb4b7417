from __future__ import annotations

import pytest

from ingest.readers import read_bytes
from ingest.tables.facts import check_digit, places, propose_facts


@pytest.mark.parametrize(
    ("text", "municipality", "code", "ward", "ward_code", "year", "kind", "phase"),
    [
        ("小樽市 平成３１年度当初予算案　主要事業", "小樽市", "012033", None, None, 2019, "当初予算", "initial_budget"),
        ("令和4年度 横浜市旭区 運営方針", "横浜市", "141003", "旭区", "141127", 2022, "運営方針", "plan"),
        (
            "令和3年度 旭区運営方針\n大阪市の方針。",
            "大阪市",
            "271004",
            "旭区",
            "271179",
            2021,
            "運営方針",
            "plan",
        ),
        ("茨城県 令和2年度 予算案関係資料", "茨城県", "080004", None, None, 2020, "当初予算", "initial_budget"),
        ("令和８年度　世田谷区当初予算", "世田谷区", "131121", None, None, 2026, "当初予算", "initial_budget"),
        ("下妻市 事務事業評価 一覧（R6）", "下妻市", "082104", None, None, 2024, "事務事業評価", "result"),
        ("令和８年度\n一般会計予算書\n富 士 市", "富士市", "222101", None, None, 2026, "当初予算", "initial_budget"),
        (
            "# 広報 2024年4月号\n音威子府村\n令和6年度予算",
            "音威子府村",
            "014702",
            None,
            None,
            2024,
            "広報",
            "plan",
        ),
        ("一宮市 令和5年度決算 主要施策の成果", "一宮市", "232033", None, None, 2023, "決算", "settlement"),
    ],
)
def test_what_a_document_says_of_itself(
    text: str, municipality: str, code: str, ward: str | None, ward_code: str | None, year: int, kind: str, phase: str
) -> None:
    facts = propose_facts(read_bytes("a.txt", text.encode()))
    names = ("municipality", "municipality_code", "ward", "ward_code", "fiscal_year", "kind", "phase")
    found = [getattr(facts, name) for name in names]
    assert tuple(fact.value if fact else None for fact in found) == (
        municipality, code, ward, ward_code, year, kind, phase,
    )  # fmt: skip


def test_a_ward_of_several_cities_is_not_guessed() -> None:
    facts = propose_facts(read_bytes("a.txt", "令和3年度 旭区運営方針".encode()))
    assert facts.municipality is None
    assert facts.ward is not None
    assert facts.ward.value == "旭区"
    assert facts.ward_code is None


def test_nothing_is_proposed_from_nothing() -> None:
    facts = propose_facts(read_bytes("a.txt", "本日は晴天なり。".encode()))
    assert (facts.municipality, facts.fiscal_year, facts.kind) == (None, None, None)


def test_every_code_of_the_list_has_its_check_digit() -> None:
    wrong = [place for place in places() if check_digit(place.code[:5]) != place.code[5]]
    assert len(places()) > 1900
    assert wrong == []
