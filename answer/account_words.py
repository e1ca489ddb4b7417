"""Reads what a question says of a budget book: names of 款, 項, 目, 節 and accounts, 歳入 or 歳出, and columns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from answer.accounts import ACCOUNTS, BOOK_LEVELS, EXPENDITURE, REVENUE, column_of
from answer.draft import Draft
from answer.ledger import Ledger, Row
from answer.names import Mention, NameIndex
from answer.segments import reading_of
from answer.types import Level, NameMatch, Place
from answer.vocabulary import vocabulary

# The step of the book that rows are asked at. 「1つ目」「項目」「事項」「季節」 are no 目, 項 and 節.
_STEPS: tuple[tuple[Level, re.Pattern[str]], ...] = (
    ("kou", re.compile(r"款項(?!目)|(?<![事要条募強多款])項(?!目)")),
    ("kan", re.compile(r"款(?!項)|何費|(?:費目|科目|目的|分野|区分)(?:別|ごと|毎)")),
    ("moku", re.compile(r"(?<![項科費品種細題番つ年回件日度月])目(?=ごと|別|まで|の|は|で|を|が|も|に|単位|、|$)")),
    ("setsu", re.compile(r"(?<![季使調])節(?=ごと|別|まで|の|は|で|を|が|も|に|単位|、|$)")),
    ("account", re.compile(r"(?:どの|各|何)会計|会計(?=ごと|別|毎|それぞれ|の(?:うち|中)|は|で|を)(?!年度)")),
)
_ITEM = re.compile("項目(?=は|を|が|の|で|別|ごと|、|$)")
_BEHIND_STEP = re.compile(r"^(?:単位|レベル|区分)?(?:ごと|別|毎|それぞれ)?(?:に|で)?")
_SIDES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (REVENUE, re.compile(r"歳入(?:予算額?)?|収入(?=総額|全体|合計|予算|の|は|が|を|で|に|、|$)")),
    (EXPENDITURE, re.compile(r"歳出(?:予算額?)?|支出(?=総額|全体|合計|予算|の(?!割合|率)|は|が|を|で|に(?!対)|、|$)")),
)
_SURE_SIDE = ("歳入", "歳出", "収入")
_BOTH_SIDES = re.compile(r"歳入(?:と|、|及び|および)?歳出(?:予算)?")
# 「一般会計の予算総額」 of a book that is 一般会計 by its title.
_WHOLE_BOOK = re.compile(r"(?:予算(?:の)?(?:総額|全体|規模|総計)|総予算額?|財政規模)")
# その他 is a column only where it is said of money: 「民生費の財源のその他」.
_OTHER_COLUMN = re.compile(
    r"(?:の|「|財源の?|うち、?)その他(?=」|の財源|の特定財源|の金額|の額|は|が|を|で|、|$|が?一番|が?最も)"
)
# 「衛生費の財源内訳」 is every column of sources.
_SOURCES = re.compile(
    r"(?<![一-鿿])財源(?:の?内訳|構成|は(?!いくら)|を(?:教|示|知))|(?:何|なに|どんな財源)で(?:賄|まかな)|財源(?:で|の(?:うち|中)で?)、?(?:一番|最も)"
)
# 「全会計の合計」「すべての会計を合わせると」
_ALL_ACCOUNTS = re.compile(
    r"(?:全|すべての|全ての|全部の)会計(?:の?(?:総額|予算))?|会計を(?:全部|すべて|全て)|会計の(?:合計|総額)"
)
_SPENT_ON = r"(?=(?:関係|分野)?(?:に|へ)(?:は|、)?(?:いくら|どれ|どの|何|使|かけ|充て|回))"
_MIN_FIELD = 3
_COLUMN_TAIL = re.compile(r"(?:の(?:金額|額|分|内訳))?")
# 「民生費のうちの児童福祉費」
_OF_WHICH = re.compile(r"の?(?:予算額?)?(?:の?(?:うち|中|なか))?(?:の|で|に)?、?")
_CONTENT = re.compile(r"[一-鿿ァ-ヺa-z0-9]")


class AccountReader:
    """Finds names and words of budget books; reads nothing where none is held of the places asked for."""

    def __init__(self, ledger: Ledger) -> None:
        fold = vocabulary().fold
        self.places = ledger.places
        self.rows = [row for row in ledger.rows if row.side]
        self.books = [row for row in self.rows if row.level in BOOK_LEVELS]
        self.names = NameIndex(dict.fromkeys(row.name for row in self.books), reading_of)
        self.by_name: dict[str, list[Row]] = {}
        for row in self.books:
            self.by_name.setdefault(row.name, []).append(row)
        words = vocabulary().account_words
        told_otherwise = {*words["change_columns"], *words["share_columns"]}
        self.columns: dict[str, list[Row]] = {}
        for row in self.rows:
            for figure in row.others:
                column = column_of(figure.label)
                if column not in told_otherwise:
                    self.columns.setdefault(column, []).append(row)
        self.titles = {row.place: fold(row.document.title) for row in self.rows}
        self.filler = sorted((fold(word) for word in words["filler"]), key=len, reverse=True)

    def read(self, draft: Draft, places: Sequence[Place], projects: NameIndex) -> None:
        """Take every word of a budget book; `projects` are names that may hold one of them as their part."""
        held = {row.place for row in self.rows}
        asked = held.intersection(places) if places else held
        if not asked:
            self._read_of_none(draft)
            return
        before = draft.open
        written = self._names(draft, asked, projects)
        for mention in written:
            draft.take(mention.start, mention.end)
        names = _within(self._without_scope(written), draft.folded, self.by_name)
        sides, sure = self._read_sides(draft)
        whole = _ALL_ACCOUNTS.search(draft.open)
        if whole is not None and any(r.side == ACCOUNTS and r.place in asked for r in self.rows):
            draft.take(whole.start(), whole.end())
            sides, sure = [ACCOUNTS], True
        book = self._read_book(draft, asked, asked >= set(places or self.places))
        level = _read_level(draft)
        item = _ITEM.search(draft.open) if level is None and (names or sure) else None
        if item is not None:
            # 「一般会計の歳出で予算額が最大の項目」
            draft.take(item.start(), item.end())
            level = "kan"
        if level in ("kan", "kou") and names and all("一般会計" in m.match.names for m in names):
            # All 款 of a book are of it.
            names = []
        accounts = level == "account" and any(r.level == "account" and r.place in asked for r in self.books)
        if not (names or sure or accounts or (level and level != "account") or (level and sides) or book):
            draft.open = before
            return
        columns, names = self._read_columns(draft, asked, names, bool(level or EXPENDITURE in sides))
        for word in self.filler:
            for match in re.finditer(rf"(?<![一-鿿]){re.escape(word)}", draft.open):
                draft.take(match.start(), match.end())
        draft.accounts = names
        draft.spans.extend((m.start, m.end, name) for m in written for name in m.match.names)
        draft.account_level, draft.sides, draft.account_columns = level, sides, columns
        draft.of_accounts = True

    def _read_of_none(self, draft: Draft) -> None:
        """「歳出で一番多い款」 of a place whose budget book is not held, where others' are: asked for all the same."""
        before = draft.open
        sides, sure = self._read_sides(draft)
        level = _read_level(draft)
        if level in ("kan", "kou") and (sure or level == "kan") and "事業" not in draft.folded:
            draft.account_level, draft.sides, draft.of_accounts = level, sides, True
        else:
            draft.open = before

    def _names(self, draft: Draft, asked: set[Place], projects: NameIndex) -> list[Mention]:
        """Names written whole (or as another municipality calls them), outside longer names of projects."""
        longer = [m for m in projects.exact(draft.open) if m.match.words in projects.forms]
        found: list[Mention] = []
        exact = self.names.exact(draft.open)
        whole = [m for m in exact if m.match.words in self.names.forms or _stands_alone(draft.open, m)]
        for mention in (*whole, *self._same(draft.open), *self._fields(draft.open)):
            size = mention.end - mention.start
            inside = any(m.start <= mention.start and mention.end <= m.end and m.end - m.start > size for m in longer)
            overlaps = any(m.start < mention.end and mention.start < m.end for m in found)
            names = tuple(n for n in mention.match.names if any(r.place in asked for r in self.by_name.get(n, ())))
            if inside or overlaps or not names:
                continue
            found.append(replace(mention, match=replace(mention.match, names=names)))
        return sorted(found, key=lambda m: m.start)

    def _same(self, text: str) -> Iterable[Mention]:
        """What the books call otherwise: 「税収」 is 市税, 「地方債」 市債, 「国保」 国民健康保険."""
        for group in vocabulary().same_accounts:
            held = tuple(name for name, form in self.names.folded.items() if form in group)
            for word in sorted(group, key=len, reverse=True) if held else ():
                for match in re.finditer(re.escape(word), text):
                    yield Mention(match.start(), match.end(), NameMatch(word, held, "name"))

    def _fields(self, text: str) -> Iterable[Mention]:
        """「教育にいくら使われますか」: the field of a 款, said for what is spent on it."""
        for name, form in self.names.folded.items():
            of_field = form in vocabulary().account_words[EXPENDITURE] and len(form) >= _MIN_FIELD
            for match in re.finditer(rf"(?<![一-鿿]){re.escape(form[:-1])}{_SPENT_ON}", text) if of_field else ():
                yield Mention(match.start(), match.start() + len(form) - 1, NameMatch(form[:-1], (name,), "part"))

    def _without_scope(self, found: list[Mention]) -> list[Mention]:
        """「一般会計の給与費」: the account says where the 款 stands, as all 款 of the book do."""
        items = [m for m in found if self._side(m) != ACCOUNTS]
        alone = all("一般会計" in m.match.names for m in found if m not in items)
        return list(items if items and alone else found)

    def _side(self, mention: Mention) -> str | None:
        return next((row.side for name in mention.match.names for row in self.by_name[name]), None)

    def _read_sides(self, draft: Draft) -> tuple[list[str], bool]:
        """歳入 and 歳出, and whether one of these two words says so."""
        both = _BOTH_SIDES.search(draft.open)
        if both is not None:
            draft.take(both.start(), both.end())
            return [REVENUE, EXPENDITURE], True
        found = [(side, m) for side, pattern in _SIDES for m in pattern.finditer(draft.open)]
        for _, match in found:
            draft.take(match.start(), match.end())
        sure = any(match.group().startswith(_SURE_SIDE) for _, match in found)
        return list(dict.fromkeys(side for side, _ in found)), sure

    def _read_book(self, draft: Draft, asked: set[Place], alone: bool) -> bool:
        """「一般会計の予算総額」: the book as a whole; 予算総額 by itself only where none but books are asked of."""
        named = any("一般会計" in self.titles[place] for place in asked)
        match = re.search("一般会計(?:予算)?", draft.open) if named else None
        if match is not None:
            draft.take(match.start(), match.end())
        return match is not None or (alone and _WHOLE_BOOK.search(draft.open) is not None)

    def _read_columns(
        self, draft: Draft, asked: set[Place], names: list[Mention], of_rows: bool
    ) -> tuple[list[str], list[Mention]]:
        """The columns asked for of a 款 (一般財源, 地方債); a name that is both is a column beside another name."""
        fold = vocabulary().fold
        held = {column: fold(column) for column, rows in self.columns.items() if any(r.place in asked for r in rows)}
        found: list[tuple[int, str]] = []
        for mention in list(names):
            column = next((c for c, form in held.items() if form in _called(mention.match.words)), None)
            others = [m for m in names if m is not mention]
            spending = [m for m in others if self._side(m) == EXPENDITURE]
            # 「市債と公債費の差」 sets two 款 side by side.
            beside = any(_listed(draft.folded, mention, m) for m in spending)
            spent = bool(spending) and not beside
            if column is not None and (spent or (of_rows and not beside)):
                found.append((mention.start, column))
                names = others
        if _SOURCES.search(draft.open) and (names or of_rows):
            order = vocabulary().account_words["columns"]
            found.extend((len(draft.open), column) for column in order if column in held)
        other = _OTHER_COLUMN.search(draft.open)
        if other is not None and "その他" in held and (names or of_rows):
            found.append((other.start(), "その他"))
            draft.take(other.start(), other.end())
        for column, form in held.items():
            for word in sorted(_called(form) - {"その他"}, key=len, reverse=True):
                at = draft.open.find(word)
                if at >= 0:
                    tail = _COLUMN_TAIL.match(draft.open, at + len(word))
                    draft.take(at, tail.end() if tail else at + len(word))
                    found.append((at, column))
        return list(dict.fromkeys(column for _, column in sorted(found, key=lambda f: f[0]))), names


def _listed(text: str, one: Mention, other: Mention) -> bool:
    first, last = sorted((one, other), key=lambda m: m.start)
    return text[first.end : last.start] in ("と", "、", "や", "")


def _called(word: str) -> set[str]:
    """A folded word with the others that municipalities have for the same."""
    return {word, *(other for group in vocabulary().same_accounts if word in group for other in group)}


def settle_accounts(draft: Draft) -> None:
    """What the question is about, once all names are read: the budget book, or projects that it names beside it."""
    if not draft.of_accounts:
        return
    if any(m.match.how != "part" for m in draft.subjects) or (draft.subjects and not draft.accounts):
        # 「教育費のうち田子浦小学校校舎改築事業は」
        draft.of_accounts, draft.accounts, draft.account_columns = False, [], []
        return
    draft.topics.extend(m.match.words for m in draft.subjects)
    draft.subjects = list(draft.accounts)
    draft.drop_scopes({*draft.departments, *draft.pillars, *draft.categories})
    if draft.account_level or (draft.sides and not draft.subjects):
        draft.add("level", "account")
    if not (draft.has("metric") or draft.has("spent")):
        # A budget book prints budgets: 「歳出で一番多い款は」.
        draft.add("metric", "budget")


def _read_level(draft: Draft) -> Level | None:
    found: Level | None = None
    for level, pattern in _STEPS:
        for match in pattern.finditer(draft.open):
            behind = _BEHIND_STEP.match(draft.open[match.end() :])
            draft.take(match.start(), match.end() + (behind.end() if behind else 0))
            found = found or level
    return found


def _stands_alone(text: str, mention: Mention) -> bool:
    """「児童福祉の予算」 is 児童福祉費; 「児童福祉施設の…」 and 「社会教育事業」 are other things."""
    after = text[mention.end : mention.end + 1]
    before = text[mention.start - 1 : mention.start]
    rest = text[mention.end :].split("、")[0]
    return not (_CONTENT.match(after) or _CONTENT.match(before)) and "事業" not in rest


def _within(found: list[Mention], text: str, by_name: dict[str, list[Row]]) -> list[Mention]:
    """「民生費の児童福祉費」「教育費のうち小学校費」: the outer name says where the inner one belongs."""
    kept: list[Mention] = []
    for at, mention in enumerate(found):
        inner = found[at + 1] if at + 1 < len(found) else None
        between = text[mention.end : inner.start] if inner else ""
        under = inner is not None and any(
            set(mention.match.names).intersection(row.path[:-1]) for name in inner.match.names for row in by_name[name]
        )
        if inner is not None and under and _OF_WHICH.fullmatch(between):
            match = replace(inner.match, within=mention.match.names)
            found[at + 1] = replace(inner, match=match)
            continue
        kept.append(mention)
    return kept
