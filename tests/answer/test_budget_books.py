"""Questions about 歳入歳出予算: 款, 項 and accounts looked up, listed, ranked, bounded, added up and compared."""

from __future__ import annotations

from decimal import Decimal

import pytest
from budget_books import DOCUMENTS
from made_up import extractions
from oracle import Ask

from answer.accounts import column_of, standings_of
from answer.service import answer_question
from index.encoder import open_encoder
from index.generation import build_generation, serving_generation
from index.library import Library
from ingest.state import StateLayout
from records import Extraction


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> tuple[Extraction, ...]:
    return extractions(tmp_path_factory.mktemp("books"), DOCUMENTS)


@pytest.fixture(scope="module")
def ask(books: tuple[Extraction, ...], tmp_path_factory: pytest.TempPathFactory) -> Ask:
    layout, encoder = StateLayout(tmp_path_factory.mktemp("state")), open_encoder()
    build_generation(layout, books, encoder)
    library = Library(*serving_generation(layout), encoder)
    return lambda question, *history: answer_question(library, question, history)


def thousands(*amounts: int) -> list[Decimal]:
    return [Decimal(amount) * 1000 for amount in amounts]


def test_a_documents_own_tables_say_where_a_row_stands(books: tuple[Extraction, ...]) -> None:
    figures = [figure for book in books for figure in book.figures]
    standings = standings_of(figures)
    stands = {(s.level, s.side, s.path) for f in figures if (s := standings.get(f.figure_id)) is not None}
    assert ("kan", "歳入", ("市税",)) in stands
    assert ("kou", "歳出", ("民生費", "児童福祉費")) in stands
    # The table whose total is the amount of 特別会計 lists the accounts under it.
    assert ("sub_account", "会計", ("特別会計", "国民健康保険")) in stands
    assert ("total", "歳出", ("歳出合計",)) in stands
    assert not any("道路整備事業" in path for _, _, path in stands)


@pytest.mark.parametrize(
    ("label", "column"),
    [("一 般 財 源 千円", "一般財源"), ("特 定 財 源 国県支出金 千円", "国県支出金"), ("比 較 千円", "比較")],
)
def test_a_column_without_the_headings_above_it(label: str, column: str) -> None:
    assert column_of(label) == column


@pytest.mark.parametrize(
    ("question", "amounts"),
    [
        # Looked up, by any name that municipalities have for it; of the book's own year where none is said.
        ("青葉市の民生費はいくら", thousands(4_000)),
        ("青葉市の児童福祉費の予算額を教えて", thousands(2_500)),
        ("青葉市の民生費のうち児童福祉費は", thousands(2_500)),
        ("青葉市の税収はいくらですか", thousands(5_000)),
        ("青葉市の道路橋りょう費は", thousands(1_400)),
        ("青葉市の令和7年度の土木費の予算は", thousands(2_300)),
        ("青葉市の繰越金は", thousands(500)),
        ("青葉市は民生にいくら使いますか", thousands(4_000)),
        # A 項 of its 款's name is not told beside it.
        ("青葉市の消防費の予算は", thousands(900)),
        ("青葉市の一般会計の予算総額は", thousands(10_000, 10_000)),
        ("青葉市の歳出の総額は", thousands(10_000)),
        # Other columns.
        ("青葉市の民生費の財源のうち一般財源は", thousands(2_000)),
        ("青葉市の土木費の地方債と国県支出金はそれぞれいくら", thousands(700, 300)),
        ("青葉市の総務費の国庫支出金は", thousands(100)),
        ("青葉市の国庫支出金は", thousands(2_300)),
        ("青葉市で一般財源が最も多い款は", thousands(2_000)),
        ("青葉市の歳出で地方債が20万円以上の款は", thousands(700, 260)),
        ("青葉市の民生費の財源の内訳は", thousands(2_000, 1_900, 40, 60)),
        # Lists and parts.
        ("青葉市の歳出を款別に教えて", thousands(2_000, 4_000, 2_400, 900, 700)),
        ("青葉市の歳入の内訳は？", thousands(5_000, 1_200, 2_300, 500, 1_000)),
        ("青葉市の土木費の内訳を項ごとに", thousands(200, 1_400, 800)),
        # Rankings.
        ("青葉市の歳出で一番多い款は？", thousands(4_000)),
        ("青葉市の歳入で金額の大きい款から2つ", thousands(5_000, 2_300)),
        ("青葉市の土木費で一番大きい項は", thousands(1_400)),
        ("青葉市の項のうち一番予算が大きいのは", thousands(3_000, 2_500)),
        # Bounds.
        ("青葉市の歳出で200万円以上の款は？", thousands(4_000, 2_400, 2_000)),
        ("青葉市の歳出予算で30万円以下の項は", thousands(200, 300)),
        ("青葉市の市民税と固定資産税を合わせるといくら", thousands(3_000, 2_000)),
        # Accounts.
        ("若竹村の特別会計の予算は", [Decimal(50_000_000)]),
        ("若竹村の国保の予算はいくら", [Decimal(25_000_000)]),
        ("若竹村で一番小さい特別会計は", [Decimal(3_000_000)]),
        ("若竹村の会計別の予算を教えて", [Decimal(200_000_000), Decimal(50_000_000)]),
        ("青葉市の一般会計の歳出で予算額が最大の項目は", [Decimal(4_000_000)]),
        ("若竹村の全会計の合計は", [Decimal(250_000_000)]),
        # 「事業」 means no 款, and a project's name is not the 款 that stands in it.
        ("若竹村の主要事業で一番予算が大きいのは", [Decimal(1_400_000)]),
        ("若竹村の土木費等計算支援事業の予算は", [Decimal(900_000)]),
    ],
)
def test_amounts(ask: Ask, question: str, amounts: list[Decimal]) -> None:
    answer = ask(question)
    if amounts:
        assert answer.status == "answered"
    assert [f.value for f in answer.figures] == amounts


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("青葉市の市民税と固定資産税を合わせるといくら", 5_000_000),
        ("青葉市の民生費は歳出の何%？", 40),
        ("青葉市の歳入に占める市税の割合は", 50),
        ("青葉市の民生費に占める児童福祉費の割合は", Decimal("62.5")),
        ("青葉市の民生費に占める一般財源の割合は", 50),
        ("青葉市の歳出の款はいくつある？", 5),
        ("青葉市の土木費の項の平均額", 800_000),
        ("青葉市の土木費と総務費はどちらがいくら多い", 400_000),
        # Each side by side, a 款 of 歳入 and one of 歳出.
        ("青葉市の市債と公債費の差は", 300_000),
        ("青葉市の民生費は消防費の何倍", Decimal("4.44")),
        ("青葉市の児童福祉費は項の中で何番目", 1),
        ("青葉市の民生費を除いた歳出の合計は", 6_000_000),
        # The year before is printed beside the book's own.
        ("青葉市の民生費は前年度からどれだけ増えた？", 400_000),
        ("青葉市の歳出総額は前年度と比べて何%増えましたか", Decimal("5.3")),
        ("青葉市の歳出で前年度より減った款はいくつ", 1),
        ("青葉市の歳出で前年度から一番増えた款は", 400_000),
        # Changes that the page prints, where no year before is held.
        ("若竹村の民生費は前年度よりいくら減った", -3_000_000),
        ("若竹村の特別会計のうち前年度より減ったのはどれ", 2),
        ("若竹村の特別会計全体は前年度からいくら変わった", -1_400_000),
        ("若竹村の公債費は歳出の何%", 30),
        ("若竹村の特別会計に占める国民健康保険の割合は", 50),
    ],
)
def test_computations(ask: Ask, question: str, value: int | Decimal) -> None:
    computation = ask(question).computation
    assert computation is not None
    assert computation.value == value


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("若竹村の特別会計のうち、予算が前年度より減ったものは", ["国民健康保険", "サービス事業"]),
        # What the page prints of the whole is told beside what its own figures make of it.
        ("若竹村の公債費は歳出の何%", ["30.0%", "33.0%"]),
        ("青葉市の歳入と歳出の総額は", ["同じ額"]),
        ("青葉市の民生費と児童福祉費の合計は", ["二重に数えています"]),
        ("青葉市の社会福祉費は民生費の何%で、児童福祉費は何%", ["37.5%", "62.5%"]),
        ("青葉市の児童福祉費はいくら", ["民生費の項"]),
    ],
)
def test_what_is_told(ask: Ask, question: str, told: list[str]) -> None:
    text = ask(question).text
    assert all(words in text for words in told)


def test_of_the_accounts_that_fell_none_is_told_that_rose(ask: Ask) -> None:
    text = ask("若竹村の特別会計のうち、予算が前年度より減ったものは").text
    assert "後期高齢者医療" not in text
    assert "保険(保険事業)" not in text


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("青葉市の令和8年度の歳出の款を多い順に3つ", "青葉市の令和8年度の歳出の款を予算額が多い順に並べた上位3件"),
        ("青葉市の土木費の内訳を項ごとに", "青葉市の令和8年度の「土木費」の項の予算額の一覧"),
        ("青葉市で一般財源が最も多い款は", "青葉市の令和8年度の款を一般財源が多い順に並べた最上位のもの"),
        ("青葉市の歳出で200万円以上の款は？", "青葉市の令和8年度の歳出の款のうち、予算額が2,000千円以上のもの"),
    ],
)
def test_the_plan_reads_well(ask: Ask, question: str, sentence: str) -> None:
    assert ask(question).interpreted == sentence


@pytest.mark.parametrize(
    ("history", "question", "amounts"),
    [
        (["青葉市の民生費はいくら"], "そのうち児童福祉費は？", thousands(2_500)),
        (["青葉市の民生費はいくら"], "前年度は？", thousands(3_600)),
        (["青葉市の歳出を款別に教えて"], "そのうち一番少ないのは？", thousands(700)),
        (["青葉市の令和8年度の歳出で200万円以上の款は"], "その中で前年度より減ったのは？", thousands(2_100, 2_000)),
        (["青葉市の民生費で一番多い項は"], "それは民生費の何%？", thousands(2_500, 4_000)),
    ],
)
def test_a_question_that_goes_on(ask: Ask, history: list[str], question: str, amounts: list[Decimal]) -> None:
    assert [f.value for f in ask(question, *history).figures] == amounts


@pytest.mark.parametrize(
    ("question", "amounts", "titles"),
    [
        ("青葉市の債務負担行為で、若葉小学校改築事業の限度額は", thousands(950_000), ["債務負担行為"]),
        ("青葉市の若葉小学校改築事業に充てる地方債の限度額は", thousands(29_500), ["地方債"]),
        ("青葉市の若葉小学校改築事業の起債の限度額は", thousands(29_500), ["地方債"]),
        ("青葉市の若葉小学校改築事業の限度額は", thousands(950_000, 29_500), ["債務負担行為", "地方債"]),
        ("青葉市の道路整備事業の限度額は", thousands(300_000), ["地方債"]),
        ("青葉市の債務負担行為で限度額が1億円を超えるものは", thousands(950_000), ["債務負担行為"]),
        ("青葉市の地方債の限度額を大きい順に2つ", thousands(300_000, 120_000), ["地方債"]),
        ("青葉市の限度額が1億円以上のものは", thousands(950_000, 300_000, 120_000), ["債務負担行為", "地方債"]),
        # Of the same words the 款 of 歳入, and the column beside a 款.
        ("青葉市の地方債はいくら", thousands(1_000), ["市債"]),
        ("青葉市の地方債が一番多い款は", thousands(700), ["土木費"]),
    ],
)
def test_a_limit_is_of_the_table_that_is_asked_for(
    ask: Ask, question: str, amounts: list[Decimal], titles: list[str]
) -> None:
    answer = ask(question)
    assert [f.value for f in answer.figures] == amounts
    assert all(title in answer.text for title in titles)


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("青葉市の民生費の決算額は", "no_figure"),
        ("青葉市の令和5年度の民生費は", "no_document"),
        ("青葉市の警察費はいくら", "no_figure"),
        ("青葉市の民生費のうち生活困窮者支援はいくら", "no_figure"),
        ("青葉市の児童福祉費の目ごとの内訳", "no_figure"),
        ("青葉市の特別会計の予算は", "no_figure"),
        ("青葉市の消防費の国県支出金は", "no_figure"),
        ("青葉市の児童福祉費の令和7年度予算は", "no_figure"),
        ("若竹村の歳入で一番多い款は", "no_figure"),
        ("若竹村の民生費の一般財源は", "no_figure"),
        ("青葉市の市民1人当たりの民生費は", "no_figure"),
        ("青葉市の事業で予算が一番多いのは", "no_figure"),
    ],
)
def test_what_the_book_does_not_say_is_refused(ask: Ask, question: str, reason: str) -> None:
    answer = ask(question)
    assert (answer.status, answer.reason) == ("not_found", reason)
    assert answer.figures == ()


@pytest.mark.parametrize(
    ("question", "cities", "villages"),
    [
        ("前年度より予算が減った款をすべて", {"総務費", "繰越金"}, {"民生費", "公債費"}),
        ("民生費は前年度からいくら増えましたか", {"民生費"}, {"民生費"}),
    ],
)
def test_a_change_is_told_of_every_book(
    ask: Ask, books: tuple[Extraction, ...], question: str, cities: set[str], villages: set[str]
) -> None:
    """The city prints two years and the village the change alone; without a city named either was left out."""
    answer = ask(question)
    told: dict[str, set[str]] = {}
    names = {f.figure_id: f.section or "" for book in books for f in book.figures}
    for figure in answer.figures:
        told.setdefault(figure.document_id, set()).add(names[figure.figure_id])
    assert list(told.values()) == [cities, villages], answer.text
    assert "比較が印字された4件" in answer.text or "民生費は" in question
