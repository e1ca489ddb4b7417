"""Writes papers of the 個性ある区づくり推進費 kind for wards that do not exist, in the reading order of a PDF.

The same contents can be written with other wrap widths, with or without blank lines, and with full- or half-width
digits; a test reads the text and compares it with the contents.
"""

from __future__ import annotations

import random
import unicodedata
from dataclasses import dataclass, field

ROMANS = "ⅠⅡⅢⅣⅤⅥⅦ"
_PILLARS = ("安心のまち", "支え合い", "にぎわい", "区役所の力")
_PLACES = ("港の", "丘の", "川沿いの", "駅前", "みどりの", "学びの", "子どもの", "シニアの", "防災の", "商店街の")
_THINGS = ("居場所づくり", "見守り", "魅力発信", "健康づくり", "花いっぱい", "読書", "ICT活用", "避難所運営", "交流")
_ENDS = ("事業", "推進事業", "支援事業", "（なかっこ）事業", "フェスタ", "に関する検討")
_DEPARTMENTS = (
    "総務課",
    "区政推進課",
    "地域振興課",
    "福祉保健課",
    "高齢・障害支援課",
    "中土木事務所",
    "こども家庭支援課",
)
_SENTENCES = (
    "区民の皆さまが安心して暮らせるよう、関係機関や団体と連携し、身近な地域での取組を支援しました。",
    "また、新たな担い手の発掘に向けて、講座やイベントを実施し、参加のきっかけづくりに努めました。",
    "区の歴史や文化、豊かな緑などの資源を生かし、まちの魅力を内外に発信しました。",
)
_BULLETS = (
    "実行委員会への補助金交付による活動支援",
    "地域の団体や学校、企業と連携した講座を開催（９月、12 回）",
    "区民利用施設や区役所の窓口で、取組を紹介する冊子を継続して配布",
    "関係機関による連絡会の開催（年２回、延べ 45 人）",
)


@dataclass
class Sub:
    name: str
    budget: int
    spent: int
    bullets: list[str]


@dataclass
class Project:
    name: str
    departments: list[str]
    lead: str
    subs: list[Sub]
    indicators: list[tuple[str, str, str]]  # name, target, result

    @property
    def budget(self) -> int:
        return sum(sub.budget for sub in self.subs)

    @property
    def spent(self) -> int:
        return sum(sub.spent for sub in self.subs)


@dataclass
class Paper:
    ward: str
    year: int  # of 令和
    interim: bool
    pillars: list[tuple[str, list[Project]]]
    common: list[Project] = field(default_factory=list)  # 統合事業費: each is one sub of the bundle
    office: tuple[int, int] = (20_000, 19_000)  # 統合事務費
    building: tuple[int, int] = (500_000, 480_000)

    @property
    def projects(self) -> list[Project]:
        return [project for _, projects in self.pillars for project in projects]


@dataclass
class Style:
    body_width: int = 70
    lead_width: int = 62
    name_width: int = 22
    list_width: int = 44
    blank_lines: bool = True
    full_width_digits: bool = False
    bracket_below: bool = False
    padded: bool = True
    listed: bool = True  # with the per-project tables
    broken_brackets: bool = False


def make_paper(seed: int, *, interim: bool, pillars: int = 3, wards: tuple[str, ...] = ("中区", "都筑区")) -> Paper:
    rng = random.Random(seed)
    used: set[str] = set()

    def name() -> str:
        while True:
            made = rng.choice(_PLACES) + rng.choice(_THINGS) + rng.choice(("", "と" + rng.choice(_THINGS)))
            made += rng.choice(_ENDS)
            if made not in used:
                used.add(made)
                return made

    def sub() -> Sub:
        budget = rng.randint(30, 9_000)
        return Sub(name(), budget, rng.randint(0, budget + 200), rng.sample(_BULLETS, rng.randint(1, 3)))

    def project() -> Project:
        counts = [
            (f"{rng.choice(_THINGS)}参加者数", f"{rng.randint(10, 9000):,}人", f"{rng.randint(0, 9000):,}人")
            for _ in range(rng.randint(1, 3))
        ]
        rates = [(f"{rng.choice(_THINGS)}満足度", f"{rng.randint(10, 99)}％", f"{rng.randint(10, 99)}％")]
        return Project(
            name(),
            rng.sample(_DEPARTMENTS, rng.choice((1, 1, 1, 2, 3))),
            "".join(rng.sample(_SENTENCES, rng.randint(1, 3))),
            [sub() for _ in range(rng.randint(1, 6))],
            counts[:2] + rates if not interim else counts[:1] + rates,
        )

    groups = [(_PILLARS[i], [project() for _ in range(rng.randint(1, 6))]) for i in range(pillars)]
    common = [project() for _ in range(rng.randint(3, 6))]
    for each in common:
        each.subs = each.subs[:1]
        each.subs[0].name = each.name
        each.subs[0].bullets = []
        each.departments = each.departments[:1]
    return Paper(rng.choice(wards), rng.randint(3, 7), interim, groups, common)


def wide(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)


def wrap(text: str, width: int) -> list[str]:
    lines, line = [], ""
    for character in text:
        if wide(line) + wide(character) > width and character not in "、。）」":
            lines.append(line)
            line = ""
        line += character
    return [*lines, line] if line else lines


def percent(budget: int, spent: int) -> str:
    return f"{spent / budget * 100 + 1e-9:.1f}" if budget else "0.0"


def write(paper: Paper, style: Style) -> str:
    writer = _Writer(paper, style)
    writer.summary()
    if style.listed:
        writer.listing()
    writer.blocks()
    return writer.text()


class _Writer:
    def __init__(self, paper: Paper, style: Style) -> None:
        self.paper, self.style = paper, style
        self.lines: list[str] = []
        self.spent = "執行額" if paper.interim else "決算額"

    def add(self, *lines: str) -> None:
        for line in lines:
            self.lines.append(line + (" " if self.style.padded else ""))
            if self.style.blank_lines:
                self.lines.append("")

    def page(self) -> None:
        while self.lines and not self.lines[-1].strip():
            self.lines.pop()

    def text(self) -> str:
        text = "\n".join(self.lines) + "\n"
        if self.style.full_width_digits:
            text = text.translate(str.maketrans("0123456789,.", "０１２３４５６７８９，．"))
        return text

    def row(self, budget: int, spent: int, *, yen: bool = False) -> str:
        scale = 1000 if yen else 1
        difference = (budget - spent) * scale
        cells = [f"{budget * scale:,}", f"{spent * scale:,}"]
        if not self.paper.interim and yen:
            cells.append(f"▲ {-difference:,}" if difference < 0 else f"{difference:,}")
        return " ".join([*cells, percent(budget, spent) + "%"])

    def totals(self) -> tuple[int, int]:
        return sum(p.budget for p in self.paper.projects), sum(p.spent for p in self.paper.projects)

    def common(self) -> tuple[int, int]:
        return sum(p.budget for p in self.paper.common), sum(p.spent for p in self.paper.common)

    def summary(self) -> None:
        paper = self.paper
        own, shared, office, building = self.totals(), self.common(), paper.office, paper.building
        both = (office[0] + shared[0], office[1] + shared[1])
        whole = (own[0] + both[0] + building[0], own[1] + both[1] + building[1])
        if paper.interim:
            self.add("（９月30日現在）", "（単位：千円）", "予算額 執行額 執行率（％）")
            self.add(self.row(*whole), f"自主企画事業費 {self.row(*own)}", f"統合事務事業費 {self.row(*both)}")
            self.add(f"統合事務費 {self.row(*office)}", "統合事業費", "（各種委員の任命・委嘱に関する経費な", "ど）")
            self.add(self.row(*shared), self.row(*building))
            title = f"令和{paper.year}年度　{paper.ward}個性ある区づくり推進費　執行状況"
            self.add(title, "区　　分", "個性ある区づくり推進費", "区庁舎・区民利用施設管理費")
            return
        general = (both[0] + building[0], both[1] + building[1])
        self.add("（単位：円）", "予算額 決算額 差引 執行率")
        self.add(*(self.row(*each, yen=True) for each in (own, general, office, shared, building, whole)))
        self.add("（単位：円）", "予算額 決算額 差引 執行率")
        for pillar, projects in paper.pillars:
            total = sum(p.budget for p in projects), sum(p.spent for p in projects)
            self.add(f"{pillar} {self.row(*total, yen=True)}")
            first = projects[0]
            *above, last = wrap(first.name, 28)
            if above:
                self.add(*above, last, self.row(first.budget, first.spent, yen=True))
            else:
                self.add(f"{last} {self.row(first.budget, first.spent, yen=True)}")
        self.add(self.row(*own, yen=True))
        self.add("合　　　　計", "統合事務費", "統合事業費", "主な", "事業", "自 主 企 画 事 業 費")
        self.add(f"令和{paper.year}年度　{paper.ward}個性ある区づくり推進費　決算総括説明書")
        self.add("一 般 管 理 費", "区庁舎・区民利用施設管理費（※）", "１　事業区分別実績", "合　　　　計")

    def listing(self) -> None:
        self.page()
        self.add(" （単位：千円）", f"予算額 {self.spent} 執行率 課　　名")
        for _, projects in self.paper.pillars:
            for number, project in enumerate(projects, start=1):
                self.listed(number, project)
        self.add(self.row(*self.totals()))
        for numeral, (name, _) in zip(ROMANS, self.paper.pillars, strict=False):
            self.add(f"{numeral}　{name}")
        self.add(*"自主企画事業", "合　計", "事 業 別 一 覧 表", "事業名")
        self.page()
        self.add(" （単位：千円）", f"予算額 {self.spent} 執行率 課　　名")
        self.add(f"{self.row(*self.paper.office)} 総務課")
        for number, project in enumerate(self.paper.common, start=1):
            self.listed(number, project)
        both = [a + b for a, b in zip(self.paper.office, self.common(), strict=True)]
        self.add(
            self.row(*both),
            f"予算額 {self.spent} 執行率 課　　名",
            self.row(*self.paper.building),
            "総務課",
            "地域振興課",
        )
        self.add("事業名", "区庁舎・区民利用施設管理費（※）", "統合事務費", "事業名")
        self.add(self.roman(), *"統合事務事業費統合事業費", "合　計")

    def roman(self) -> str:
        return ROMANS[len(self.paper.pillars)]

    def listed(self, number: int, project: Project) -> None:
        names = wrap(project.name, self.style.list_width)
        row = self.row(project.budget, project.spent)
        stacked = len(project.departments) > 1
        tail = "" if stacked else f" {project.departments[0]}"
        if len(names) == 1:
            self.add(f"{number} {names[0]} {row}{tail}")
        else:
            self.add(str(number), *names, row + tail)
        if stacked:
            self.add(*project.departments)

    def blocks(self) -> None:
        for numeral, (pillar, projects) in zip(ROMANS, self.paper.pillars, strict=False):
            self.page()
            self.add(f" {numeral} {pillar}")
            for number, project in enumerate(projects, start=1):
                self.block(f"{numeral}-{number}", project.name, project.lead, project.subs, project.departments)
                self.indicators(project)
                self.add("取組の様子", "講座のちらし")
        self.page()
        self.add(f" {self.roman()} 統合事業費")
        subs = [sub for project in self.paper.common for sub in project.subs]
        self.block(f"{self.roman()}-1", "統合事業費", "18区で共通している事業費", subs, [])

    def block(self, code: str, name: str, lead: str, subs: list[Sub], departments: list[str]) -> None:
        self.page()
        names = wrap(name, self.style.name_width)
        self.add(f" {code} 事業内容")
        leads = wrap(lead, self.style.lead_width)
        if len(names) == 1:
            self.add(f"{names[0]} {leads[0]}", *leads[1:])
        else:
            self.add(*names, *leads)
        for number, sub in enumerate(subs, start=1):
            money = f"【{sub.budget:,}千円】"
            if not self.paper.interim:
                difference = sub.budget - sub.spent
                left = f"▲{-difference:,}" if difference < 0 else f"{difference:,}"
                tail = f"差引：{left}千円" if difference else "差引：0円"
                money = f"【予算：{sub.budget:,}千円 決算：{sub.spent:,}千円 {tail}】"
            wrapped = wrap(f"{number} {sub.name}", self.style.body_width)
            if self.style.broken_brackets and " " in money:
                first, _, rest = money.partition(" ")
                self.add(*wrapped[:-1], wrapped[-1] + first, rest)
                self.bullets(sub)
                continue
            if self.style.bracket_below or wide(wrapped[-1]) + wide(money) > self.style.body_width:
                self.add(*wrapped, money)
            else:
                self.add(*wrapped[:-1], wrapped[-1] + money)
            self.bullets(sub)
        budget, spent = sum(sub.budget for sub in subs), sum(sub.spent for sub in subs)
        self.add(f"予算額 {budget:,}千円", f"{self.spent} {spent:,}千円")
        if not self.paper.interim:
            self.add(f"差 引 {budget - spent:,}千円".replace("-", "▲"))
        self.add(f"執行率 {percent(budget, spent)}％")
        if departments:
            self.add("、".join(departments))

    def bullets(self, sub: Sub) -> None:
        for bullet in sub.bullets:
            self.add(*wrap(f"・{bullet}", self.style.body_width))

    def indicators(self, project: Project) -> None:
        if self.paper.interim:
            self.add("事業指標")
            for name, _, _ in project.indicators:
                self.add(*wrap(name, 24))
            self.add(" ".join(target for _, target, _ in project.indicators))
            return
        self.add("事業指標・目標", "（目標に対する成果）")
        for name, target, result in project.indicators:
            self.add(*wrap(f"・{name} {target}（{result}）", self.style.body_width))
