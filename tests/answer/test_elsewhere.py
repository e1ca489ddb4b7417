"""Questions about documents in other layouts: departments as paths, 款項目, sheets of several years, 事業費 alone."""

from __future__ import annotations

from decimal import Decimal

import pytest
from elsewhere import DOCUMENTS
from made_up import extractions
from oracle import Ask

from answer.service import answer_question
from index.encoder import open_encoder
from index.generation import build_generation, serving_generation
from index.library import Library
from ingest.state import StateLayout


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    folder = tmp_path_factory.mktemp("elsewhere")
    layout, encoder = StateLayout(folder / "state"), open_encoder()
    build_generation(layout, extractions(folder, DOCUMENTS), encoder)
    library = Library(*serving_generation(layout), encoder)
    return lambda question, *history: answer_question(library, question, history)


def thousands(*amounts: int) -> list[Decimal]:
    return [Decimal(amount) * 1000 for amount in amounts]


@pytest.mark.parametrize(
    ("question", "amounts"),
    [
        # A step of a department's path means all that is under it, and a longer name is no department.
        ("青空県の畜産課の令和2年度の事業の一覧と予算額", thousands(155_000, 472_000)),
        ("青空県の農林水産部で令和2年度予算が1億円以上の事業は？", thousands(472_000, 155_000)),
        ("丘上区の「図書館サービスの推進」の令和8年度予算額は？", thousands(892_150)),
        # An office that the title names is no project, though a project has it in brackets.
        ("丘上区教育委員会事務局の令和8年度予算で、金額が大きい事業の上位2つは？", thousands(892_150, 477_368)),
        ("丘上区の令和8年度予算で、予算額がゼロになっている事業を教えて", thousands(0)),
        ("丘上区の文化財費のうち、令和8年度予算が1千万円以上の事業は？", thousands(103_003)),
        # The parts of one project are ranked, not the project itself.
        ("青空県の令和2年度の犬猫との暮らし環境整備事業の中で、いちばん予算が多い取組は？", thousands(18_000)),
        # の before a name written whole is no typing error of a longer name.
        ("青空県の公共事業の令和2年度予算額は？", thousands(30_000)),
        # A name that only another municipality has is no name here.
        ("丘上区の民家園の維持運営の令和8年度の予算額は？", thousands(103_003)),
        ("令和2年度の青空県の主要事業を予算の大きい順に2つ挙げて", thousands(472_000, 155_000)),
        # A sheet of several years.
        ("海辺市の海辺の清掃事業の令和5年度の事業費はいくら", thousands(2_817)),
        ("海辺市の海辺の清掃事業、令和7年度の計画ではいくら？", thousands(2_828)),
        ("海辺市の海辺の清掃事業の令和6年度の国庫支出金はいくらですか", thousands(30)),
        ("海辺の清掃事業の令和6年度の事業費（実績）はいくら", thousands(2_843)),
        ("海辺市の一覧に載っている、令和6年度の事業費が0円になっている事業は", thousands(0)),
        ("海辺市市民環境課で、令和6年度の事業費が0円だった事業を挙げて", thousands(0)),
        # 事業費 where no budget is printed.
        ("里山市の図書館維持管理事業の事業費を教えてください", thousands(38_528)),
        ("里山市の公民館の事業で、令和6年度の事業費が6000万円以上のものは", thousands(88_697)),
    ],
)
def test_amounts(ask: Ask, question: str, amounts: list[Decimal]) -> None:
    answer = ask(question)
    assert answer.status == "answered"
    assert [f.value for f in answer.figures] == amounts


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("青空県農林水産部畜産課の令和2年度予算を合計するといくらですか", 627_000_000),
        ("丘上区の図書館費には、令和8年度いくつの事業が載っていますか", 2),
        ("丘上区の社会教育費のうち「図書館サービスの推進」が占める割合は令和8年度で何％？", Decimal("72.3")),
        ("海辺の清掃事業の事業費は令和2年度と令和6年度でどれだけ違いますか", -246_000),
        # An office that lies in another: the inner one alone.
        ("里山市の教育部図書館の令和6年度の事業費の合計は", 40_073_000),
        ("海辺の清掃事業の事業費は、令和6年度実績に対して令和7年度計画でいくら減りますか", -15_000),
        # One project listed under two policies is one project.
        ("里山市の緑地課の令和6年度の事業費の合計は？", 10_000_000),
    ],
)
def test_computations(ask: Ask, question: str, value: int | Decimal) -> None:
    computation = ask(question).computation
    assert computation is not None
    assert computation.value is not None
    assert abs(computation.value) == abs(Decimal(value))


@pytest.mark.parametrize(
    ("question", "counts"),
    [
        ("海辺市の清掃ボランティア活動参加者数は令和5年度に何人", {(2023, 383)}),
        (
            "海辺市の清掃ボランティア活動参加者数は令和2年度から令和6年度までどう推移しましたか",
            {(2020, 225), (2021, 236), (2022, 285), (2023, 383), (2024, 480)},
        ),
        ("海辺市の公害測定調査事業で、騒音の環境基準達成率は令和6年度何％？", {(2024, 99)}),
        # The city's name is a part of the hall's.
        ("里山公民館の利用者数は", {(2024, 17_028)}),
        ("里山市の里山公民館と川辺公民館では、利用者数はどちらが多いですか", {(2024, 17_028), (2024, 28_945)}),
    ],
)
def test_counts_of_their_own_year(ask: Ask, question: str, counts: set[tuple[int, int]]) -> None:
    answer = ask(question)
    assert answer.status == "answered"
    assert {(f.fiscal_year, int(f.value)) for f in answer.figures} == counts


def test_a_verdict_in_words_picks_its_projects(ask: Ask) -> None:
    answer = ask("里山市の事務事業評価で「改善（手段変更）」とされた事業をすべて挙げてください")
    assert "図書館維持管理事業" in answer.text
    assert "公民館" not in answer.text
    assert "2件" in ask("里山市の事務事業評価で「改善（手段変更）」はいくつ").text


def test_who_is_counted_is_no_project(ask: Ask) -> None:
    """「修繕件数」 is told, though a project may be of 修繕."""
    answer = ask("図書館の修繕件数は何件でしたか", "里山市の令和6年度の図書館維持管理事業の事業費は")
    assert [int(f.value) for f in answer.figures] == [12]


def test_an_amount_that_is_not_called_settled_is_told_by_its_own_name(ask: Ask) -> None:
    text = ask("里山市の令和6年度の図書館維持管理事業の事業費は").text
    assert "事業費 38,528千円" in text
    assert "決算" not in text


def test_the_plan_of_a_sheet_of_results_is_told_as_a_plan(ask: Ask) -> None:
    assert "令和7年度（計画）" in ask("海辺市の海辺の清掃事業の令和7年度の予算額は？").text


@pytest.mark.parametrize(
    "question",
    [
        # Members at a meeting are no users of the library.
        "里山市の図書館の利用者数は何人",
        "海辺市の令和6年度の国庫支出金が一番多い事業は",
        "里山市の公共事業の令和6年度の事業費は？",
        "青空県の税務課の令和2年度予算の合計は？",
    ],
)
def test_what_is_not_printed_is_refused(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert answer.status == "not_found"
    assert answer.figures == ()
