from __future__ import annotations

from decimal import Decimal

import pytest
from made_documents import by_name, read, values, yen

from ingest.tables.lists import parse_item
from ingest.tables.words import split_departments
from records import Extraction

BUDGET_LIST = """青葉市 令和６年度当初予算案　主要事業


【健やかに暮らせるまち ／ 子育て支援　《公約1-①》】
〔福祉部〕
○ 病児保育事業費補助金　4,275千円
　病気の回復期にある児童を預かる施設に補助する（うち債務負担分 1,000千円）。
○ 見守り支援事業　15,000 千円（前年度 12,000 千円）
〔保健所,福祉部〕
○ 検診事業費（市の単独分）　１，２００千円

【健やかに暮らせるまち ／ 高齢者支援】
○ 安心して年を重ねる地域へ　3億4,567万円
　見守りの輪を広げる。

【安心して年を重ねる地域へ】
○ 見守り拠点の運営　3億4,000万円
○ 相談員の配置　567万円


○ 公園の再整備　9,000千円
"""

EVALUATION_LIST = """緑野市 事務事業評価 一覧（R6）　（事業費 単位：千円）

■ 市長公室　秘書課
1　秘書事務　16,376　現状継続
　　活動指標：要請件数　1562件
　　成果指標：参加率　46％
2　学力向上に関すること　540　判断できない
3　式典事業　0　完了
　　活動指標：案内状の送付数　件

■ 保健所　保健総務課　健康支援課
2-1　健康相談事業　1,006,377　現状継続
　　成果指標：健康寿命（平均自立期間）の延伸（男性）（年）　79.8
"""

ACCOUNT_LIST = """令和８年度　青葉区当初予算　教育委員会事務局
（単位：千円）


08款 教育費　01項 教育総務費　01目 教育委員会費
教育委員会事務（教育委員会事務）　1,815
移動教室（児童）（移動教室（児童））　36,557
部活動の支援（部活動の支援）　0

08款 教育費　01項 教育総務費　02目 事務局費
教育広報（教育広報）　2,484

合　　計　40,856
"""

NEWSLETTER = """# 広報あおば 2025年4月号

## 令和7年度予算成立しました

### 予算総額

- 一般会計: 26億3,200万円
- **合計: 28億円(前年度比+5,000万円)**

| 項目 | 予算額 | 割合 | 前年度対比 |
|------|--------|------|-----------|
| ①議会費 | 1,904万円 | 40.0% | △138万円 |
| ②総務費 | 2,856万円 | 60.0% | 10万円 |
| **合計** | **4,760万円** | | △128万円 |

## 令和7年度 主要事業

### 土木

**◆道路台帳補正委託業務 [300万円]**

西岡線の台帳を更新します。中島橋(2,500万円)、頓別橋(2,650万円)を実施します

◇橋梁点検 [1億2,570万円]

## くらし

### 手当

- 全額支給: 45,500円(月額)
- 一部支給: 10,740円から

| 業務名 | 落札者 | 契約金額 |
|---|---|---|
| 橋梁点検委託業務 | ㈱青葉 | 5,140,000円 |
| 台帳補正委託業務 | ㈱緑野 | 2,112,000円 |
"""


def test_a_budget_list() -> None:
    read_list = read("budget.txt", BUDGET_LIST)
    assert values(read_list) == {
        ("病児保育事業費補助金", 2024, "budget"): yen(4275),
        ("見守り支援事業", 2024, "budget"): yen(15000),
        ("見守り支援事業", 2023, "budget"): yen(12000),
        ("検診事業費（市の単独分）", 2024, "budget"): yen(1200),
        ("安心して年を重ねる地域へ", 2024, "budget"): yen(345670),
        ("見守り拠点の運営", 2024, "budget"): yen(340000),
        ("相談員の配置", 2024, "budget"): yen(5670),
        ("公園の再整備", 2024, "budget"): yen(9000),
    }
    nursery = by_name(read_list, "病児保育事業費補助金")
    assert nursery.departments == ("福祉部",)
    assert nursery.category == "健やかに暮らせるまち ／ 子育て支援　《公約1-①》"
    assert nursery.text.startswith("病気の回復期にある児童を預かる施設に補助する")
    assert by_name(read_list, "検診事業費（市の単独分）").departments == ("保健所", "福祉部")
    assert read_list.document.parts[0].phase == "initial_budget"
    assert read_list.document.parts[0].fiscal_year == 2024


def test_parts_of_a_project_are_sub_projects_until_two_blank_lines() -> None:
    read_list = read("budget.txt", BUDGET_LIST)
    whole = by_name(read_list, "安心して年を重ねる地域へ")
    parts = [project for project in read_list.projects if project.parent_id == whole.project_id]
    assert [part.name for part in parts] == ["見守り拠点の運営", "相談員の配置"]
    assert {part.kind for part in parts} == {"sub_project"}
    park = by_name(read_list, "公園の再整備")
    assert (park.parent_id, park.category, park.kind) == (None, None, "project")


def test_every_figure_points_at_the_line_that_prints_it() -> None:
    read_list = read("budget.txt", BUDGET_LIST)
    for figure in read_list.figures:
        printed = read_list.lines[figure.source.line_start - 1]
        assert figure.printed.replace(" ", "") in printed.replace(" ", "")


def test_an_evaluation_list_with_indicators() -> None:
    read_list = read("hyoka.txt", EVALUATION_LIST)
    assert costs(read_list) == {
        "秘書事務": ("other", "事業費", "result", yen(16376)),
        "学力向上に関すること": ("other", "事業費", "result", yen(540)),
        "式典事業": ("other", "事業費", "result", yen(0)),
        "健康相談事業": ("other", "事業費", "result", yen(1006377)),
    }
    health = by_name(read_list, "健康相談事業")
    assert (health.code, health.departments) == ("2-1", ("保健所", "保健総務課", "健康支援課"))
    assert measured(read_list) == {
        "要請件数": (Decimal(1562), "件"),
        "参加率": (Decimal(46), "percent"),
        "案内状の送付数": None,
        "健康寿命（平均自立期間）の延伸（男性）": (Decimal("79.8"), "年"),
    }


def costs(extraction: Extraction) -> dict[str, tuple[str, str, str, Decimal]]:
    """Metric, label, phase and value of each project's own amount."""
    names = {project.project_id: project.name for project in extraction.projects}
    return {
        names[figure.project_id]: (figure.metric, figure.label, figure.phase, figure.value)
        for figure in extraction.figures
        if figure.project_id and figure.primary
    }


def measured(extraction: Extraction) -> dict[str, tuple[Decimal | None, str] | None]:
    """Value and unit of each indicator's result."""
    return {
        indicator.name: indicator.result and (indicator.result.value, indicator.result.unit)
        for indicator in extraction.indicators
        if indicator.name != "評価結果"
    }


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("事業費", ("other", "事業費", "result", yen(540))),
        ("決算額", ("settled", "決算額", "settlement", yen(540))),
        ("予算額", ("budget", "予算額", "initial_budget", yen(540))),
    ],
)
def test_an_amount_of_an_evaluation_is_what_its_note_says(
    printed: str, expected: tuple[str, str, str, Decimal]
) -> None:
    # 事業費 may be settled or budgeted, with or without the staff: where the page does not say, nobody does.
    read_list = read("hyoka.txt", EVALUATION_LIST.replace("（事業費 単位", f"（{printed} 単位"))
    assert costs(read_list)["学力向上に関すること"] == expected


def test_the_verdict_of_an_evaluation_is_kept_as_printed() -> None:
    changed = EVALUATION_LIST.replace("16,376　現状継続", "16,376　改善（手段変更）")
    read_list = read("hyoka.txt", changed)
    names = {project.project_id: project.name for project in read_list.projects}
    verdicts = [indicator for indicator in read_list.indicators if indicator.name == "評価結果"]
    assert {names[i.project_id]: i.result and (i.result.value, i.result.printed) for i in verdicts} == {
        "秘書事務": (None, "改善（手段変更）"),
        "学力向上に関すること": (None, "判断できない"),
        "式典事業": (None, "完了"),
        "健康相談事業": (None, "現状継続"),
    }
    assert all(i.result and i.result.printed in read_list.lines[i.source.line_start - 1] for i in verdicts)


@pytest.mark.parametrize(
    ("printed", "name", "unit"),
    [
        ("配信回数（アプリ）　120回", "配信回数（アプリ）", "回"),
        ("利用人数（延べ）　230人", "利用人数（延べ）", "人"),
        ("受診率（女性）　83.9％", "受診率（女性）", "percent"),
        ("受診率（％）　83.9", "受診率", "percent"),
        ("受診率（％）　83.9％", "受診率", "percent"),
        ("相談件数（件）　12件", "相談件数", "件"),
    ],
)
def test_a_bracket_behind_an_indicator_is_its_unit_or_part_of_its_name(printed: str, name: str, unit: str) -> None:
    read_list = read("hyoka.txt", EVALUATION_LIST + f"　　成果指標：{printed}\n")
    last = read_list.indicators[-1]
    assert last.result is not None
    assert (last.name, last.result.unit) == (name, unit)


def test_a_list_under_accounts_adds_up_to_its_total() -> None:
    read_list = read("kuyosan.txt", ACCOUNT_LIST)
    assert values(read_list) == {
        ("教育委員会事務", 2026, "budget"): yen(1815),
        ("移動教室（児童）", 2026, "budget"): yen(36557),
        ("部活動の支援", 2026, "budget"): yen(0),
        ("教育広報", 2026, "budget"): yen(2484),
    }
    assert by_name(read_list, "教育広報").category == "教育費 ／ 教育総務費 ／ 事務局費"
    totals = [figure for figure in read_list.figures if figure.project_id is None]
    assert [(figure.section, figure.value) for figure in totals] == [("合計", yen(40856))]
    assert read_list.warnings == ()


SAME_NAMES = """令和８年度　青葉区当初予算　教育委員会事務局
（単位：千円）


08款 教育費　03項 中学校費　10目 校外施設費
林間学園維持管理（林間学園維持管理）　1,000

08款 教育費　04項 校外施設費　01目 校外施設費
林間学園維持管理（林間学園維持管理）　1,000

09款 職員費　01項 職員費　08目 教育職員費
会計年度任用職員の人件費（会計年度任用職員の人件費）　500
会計年度任用職員の人件費（会計年度任用職員の人件費）　700

合　　計　3,200
"""


def test_accounts_of_one_name_at_two_levels_stay_two() -> None:
    read_list = read("kuyosan.txt", SAME_NAMES)
    assert [(project.name, project.category) for project in read_list.projects] == [
        ("林間学園維持管理", "教育費 ／ 中学校費 ／ 校外施設費"),
        ("林間学園維持管理", "教育費 ／ 校外施設費 ／ 校外施設費"),
        ("会計年度任用職員の人件費", "職員費 ／ 職員費 ／ 教育職員費"),
        ("会計年度任用職員の人件費", "職員費 ／ 職員費 ／ 教育職員費"),
    ]
    assert [f.value for f in read_list.figures if f.project_id and f.primary] == [
        yen(1000),
        yen(1000),
        yen(500),
        yen(700),
    ]


def test_a_total_that_does_not_add_up_is_told() -> None:
    wrong = read("kuyosan.txt", ACCOUNT_LIST.replace("2,484", "2,485"))
    assert any("一致しません" in warning for warning in wrong.warnings)


def test_a_newsletter_has_only_the_projects_that_it_lists() -> None:
    paper = read("kouhou.md", NEWSLETTER)
    assert values(paper) == {
        ("道路台帳補正委託業務", 2025, "budget"): Decimal(3_000_000),
        ("橋梁点検", 2025, "budget"): Decimal(125_700_000),
    }
    assert by_name(paper, "橋梁点検").category == "土木"
    sections = {(f.section, f.label): f.value for f in paper.figures if f.project_id is None}
    assert sections["一般会計", "予算額"] == Decimal(2_632_000_000)
    assert sections["議会費", "前年度対比"] == Decimal(-1_380_000)
    assert sections["総務費", "割合"] == Decimal("60.0")
    assert not any(value in (Decimal(45_500), Decimal(5_140_000)) for value in sections.values())


def test_text_around_projects_is_kept_for_questions_about_content() -> None:
    paper = read("kouhou.md", NEWSLETTER)
    text = "\n".join(unit.text for section in paper.sections for unit in section.units)
    assert "西岡線の台帳を更新します" in text
    assert "全額支給:45,500円(月額)" in text
    owned = [section for section in paper.sections if section.project_id]
    assert {section.heading[-1] for section in owned} == {"道路台帳補正委託業務", "橋梁点検"}


@pytest.mark.parametrize(
    ("text", "unit", "name", "value"),
    [
        ("○ 病児保育事業　4,275千円", None, "病児保育事業", 4_275_000),
        ("◇保健体育振興事業 [213万円]", None, "保健体育振興事業", 2_130_000),
        ("・防災訓練（1億2,000万6千円）", None, "防災訓練", 120_006_000),
        ("1-2　健康相談事業　540　現状継続", 1000, "健康相談事業", 540_000),
        ("道路整備事業1,428,600", 1000, "道路整備事業", 1_428_600_000),
        ("② 橋梁長寿命化 △1,200", 1000, "橋梁長寿命化", -1_200_000),
        ("13 使用料及び賃借料 | 1,133", 1000, "使用料及び賃借料", 1_133_000),
    ],
)
def test_items(text: str, unit: int | None, name: str, value: int) -> None:
    item = parse_item(text, unit)
    assert item is not None
    assert (item.name, item.value) == (name, Decimal(value))


@pytest.mark.parametrize(
    "text",
    [
        "令和6年度は、事業費として4,275千円を計上した。",
        "上限は 1,000千円",
        "中島橋(2,500万円)、頓別橋(2,650万円)を実施します",
        "その他　54,738　50,547　49,599",
        "９年度　１，９５０",
        "電話　045-123-4567",
        "計画期間　5年",
    ],
)
def test_sentences_and_rows_of_several_columns_are_no_items(text: str) -> None:
    assert parse_item(text, 1000) is None


def test_a_name_and_its_amount_on_two_lines() -> None:
    paper = (
        "緑市 令和5年度当初予算　主要事業\n\n○ 長い名前の事業（その一\nとその二）　1,000千円\n○ 次の事業\n2,000千円\n"
    )
    assert values(read("a.txt", paper)) == {
        ("長い名前の事業（その一とその二）", 2023, "budget"): yen(1000),
        ("次の事業", 2023, "budget"): yen(2000),
    }


def test_a_list_without_any_unit_gives_no_figures() -> None:
    assert (
        read("a.txt", "緑市 令和5年度 事業一覧\n\n1　道路事業　1,234　継続\n2　橋梁事業　5,678　継続\n").figures == ()
    )


NUMBERED_PILLARS = """令和５年度　青葉市　主要事業の概要
（単位：千円）

重点目標１　子育て支援の充実

○ 見守り事業　3,000千円
○ 保育所整備事業　12,000千円
　施策２　安全なまちづくりにも役立つ施設である。

重点目標２　安全なまちづくり

○ 防災倉庫整備事業　4,500千円
"""

HEADED_PILLARS = """# 令和5年度 青葉市 当初予算 主要事業

## 基本目標1 子育て支援の充実

| 事業名 | 予算額（千円） | 担当課 |
|---|---|---|
| 見守り事業 | 3,000 | 子育て支援課 |

## 基本目標2 安全なまちづくり

| 事業名 | 予算額（千円） | 担当課 |
|---|---|---|
| 防災倉庫整備事業 | 4,500 | 防災課 |
"""


@pytest.mark.parametrize(("text", "label"), [(NUMBERED_PILLARS, "重点目標"), (HEADED_PILLARS, "基本目標")])
def test_a_numbered_heading_is_the_pillar_and_keeps_its_number(text: str, label: str) -> None:
    extraction = read("主要事業.md", text.encode())
    found = {p.name: (p.pillar, p.pillar_aliases) for p in extraction.projects}
    assert found["見守り事業"] == (f"{label}1 子育て支援の充実", (f"{label}1",))
    assert found["防災倉庫整備事業"] == (f"{label}2 安全なまちづくり", (f"{label}2",))
    assert found.get("保育所整備事業", found["見守り事業"]) == found["見守り事業"]


def test_the_title_of_the_document_is_no_pillar() -> None:
    text = HEADED_PILLARS.replace("## 基本目標1 子育て支援の充実\n", "").replace("## 基本目標2 安全なまちづくり\n", "")
    assert {p.pillar for p in read("主要事業.md", text.encode()).projects} == {None}


DEPARTMENTS_WITH_DOTS = """青葉県 令和６年度当初予算案　主要事業


〔農林部畜産課生産Ｇ〕
○ 和牛支援事業　5,000千円
〔農林部畜産課防疫・安全Ｇ〕
○ 防疫対策事業　7,000千円

【防疫対策事業】
○ 検査体制の充実　3,000千円


〔総務部総務課・企画部広報課〕
○ 広報事業　2,000千円
〔{unreadable}〕
○ 記念式典事業　1,000千円
"""


def test_a_department_with_a_middle_dot_in_its_name() -> None:
    read_list = read("budget.txt", DEPARTMENTS_WITH_DOTS.format(unreadable="スポーツ・文化課"))
    assert {project.name: project.departments for project in read_list.projects} == {
        "和牛支援事業": ("農林部畜産課生産Ｇ",),
        "防疫対策事業": ("農林部畜産課防疫・安全Ｇ",),
        "検査体制の充実": ("農林部畜産課防疫・安全Ｇ",),
        "広報事業": ("総務部総務課", "企画部広報課"),
        "記念式典事業": ("スポーツ・文化課",),
    }


def test_a_department_that_cannot_be_read_is_unknown_and_told() -> None:
    read_list = read("budget.txt", DEPARTMENTS_WITH_DOTS.format(unreadable="各部共通"))
    assert by_name(read_list, "記念式典事業").departments == ()
    assert any("各部共通" in warning for warning in read_list.warnings)


def test_a_square_heading_that_names_no_department_ends_the_one_before() -> None:
    read_list = read("hyoka.txt", EVALUATION_LIST + "\n■ 全庁共通\n9　文書管理事務　800　現状継続\n")
    assert by_name(read_list, "文書管理事務").departments == ()
    assert by_name(read_list, "健康相談事業").departments == ("保健所", "保健総務課", "健康支援課")


def test_a_branch_in_front_of_departments() -> None:
    read_list = read(
        "hyoka.txt", EVALUATION_LIST + "\n■ 防災　防災本部総務課　防災本部予防課\n9　訓練事業　800　現状継続\n"
    )
    assert by_name(read_list, "訓練事業").departments == ("防災本部総務課", "防災本部予防課")


def test_a_label_of_a_department_that_cannot_be_read() -> None:
    text = "青葉市 令和６年度当初予算案　主要事業\n\n〔福祉部〕\n○ 見守り事業　5,000千円\n担当：{}\n"
    text += "○ 検診事業　1,000千円\n"
    for printed, expected in (("保健部", ("保健部",)), ("未定", ())):
        read_list = read("budget.txt", text.format(printed))
        assert by_name(read_list, "見守り事業").departments == expected
        assert by_name(read_list, "検診事業").departments == ("福祉部",)


@pytest.mark.parametrize(
    ("text", "departments"),
    [
        ("公園・緑地課", ("公園・緑地課",)),
        ("図書館・公民館", ("図書館", "公民館")),
        ("産業・雇用局・労働課", ("産業・雇用局", "労働課")),
        ("教育委員会・市民課", ("教育委員会", "市民課")),
        ("福祉部，保健所／総務課", ("福祉部", "保健所", "総務課")),
    ],
)
def test_names_of_departments(text: str, departments: tuple[str, ...]) -> None:
    assert split_departments(text) == departments
