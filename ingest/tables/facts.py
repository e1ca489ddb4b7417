"""What a document says about itself: title, municipality, ward, national codes, fiscal year, kind, phase, as-of date.

Codes come from japancode's copy of the Ministry of Internal Affairs' list (全国地方公共団体コード, six digits).
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Generic, TypeVar

from ingest.eras import find_years, parse_dates
from ingest.raw import RawDocument
from ingest.tables.words import EVALUATION, plain
from records import Phase

T = TypeVar("T")

HEAD_LINES = 60
META = re.compile(r"^#?\s*URL\s*[:：]\s*\S+.*?(?:TITLE\s*[:：]\s*(?P<title>.+))?$", re.I)
KINDS: tuple[tuple[re.Pattern[str], str, Phase], ...] = (
    (re.compile(r"予算編成(?:に向けて|方針)"), "予算編成方針", "plan"),
    (re.compile(r"執行状況"), "執行状況", "interim"),
    (EVALUATION, "事務事業評価", "result"),
    (re.compile(r"決算"), "決算", "settlement"),
    (re.compile(r"振り?返り|実績報告|成果報告|進捗状況|達成状況"), "振り返り", "result"),
    (
        re.compile(r"当初予算|一般会計予算|予算案|予算書|予算の概要|予算概要|予算資料|補正予算"),
        "当初予算",
        "initial_budget",
    ),
    (re.compile(r"運営方針|基本方針|施政方針"), "運営方針", "plan"),
    (re.compile(r"計画|ビジョン|プラン"), "計画", "plan"),
    (re.compile(r"広報|だより"), "広報", "plan"),
    (re.compile(r"予算"), "当初予算", "initial_budget"),
)
TITLE_WORDS = re.compile(r"年度|予算|決算|計画|方針|評価|報告|一覧|広報|概要|説明書|事業|シート|資料")


@dataclass(frozen=True, slots=True)
class Proposed(Generic[T]):
    """A fact read from the text, with how sure the reading is (0 to 1)."""

    value: T
    confidence: float


@dataclass(frozen=True, slots=True)
class Facts:
    """What a document seems to be; None where its text does not tell."""

    title: Proposed[str] | None = None
    publisher: Proposed[str] | None = None
    prefecture: Proposed[str] | None = None
    municipality: Proposed[str] | None = None
    municipality_code: Proposed[str] | None = None
    ward: Proposed[str] | None = None
    ward_code: Proposed[str] | None = None
    fiscal_year: Proposed[int] | None = None
    kind: Proposed[str] | None = None
    phase: Proposed[Phase] | None = None
    as_of: Proposed[date] | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A local government or a ward of a designated city, with its six-digit code."""

    prefecture: str
    city: str
    ward: str | None
    code: str


def check_digit(body: str) -> str:
    """The check digit of 全国地方公共団体コード: weights 6 to 2, modulus 11."""
    total = sum(int(digit) * weight for digit, weight in zip(body, (6, 5, 4, 3, 2), strict=True))
    return str((11 - total % 11) % 10)


@cache
def places() -> tuple[Place, ...]:
    """Every prefecture, municipality and ward of the list."""
    folder = files("japancode") / "data"
    found: list[Place] = []
    for entry in json.loads((folder / "municipalities.json").read_text(encoding="utf-8")):
        city, _, ward = entry["city"].partition(" ")
        # Towns and villages carry their district (南埼玉郡 宮代町).
        if city.endswith("郡") or ward.endswith(("町", "村")):
            city, ward = ward, ""
        found.append(Place(entry["pref"], city, ward or None, entry["lgcode"].zfill(6)))
    prefectures = {place.prefecture: place.code[:2] for place in found}
    found.extend(
        Place(name, name, None, body + "000" + check_digit(body + "000")) for name, body in prefectures.items()
    )
    return tuple(found)


@cache
def _by_name() -> tuple[dict[str, list[Place]], dict[str, list[Place]], re.Pattern[str]]:
    cities: dict[str, list[Place]] = {}
    wards: dict[str, list[Place]] = {}
    for place in places():
        if place.ward:
            wards.setdefault(place.ward, []).append(place)
        else:
            cities.setdefault(place.city, []).append(place)
    names = sorted({*cities, *wards}, key=len, reverse=True)
    return cities, wards, re.compile("|".join(map(re.escape, names)))


def find_place(municipality: str, ward: str | None) -> Place | None:
    """The place of that name; None where the national list has none, or several of one name."""
    cities, wards, _ = _by_name()
    found = [p for p in wards.get(ward, ()) if p.city == municipality] if ward else cities.get(municipality, [])
    return found[0] if len(found) == 1 else None


def is_place(municipality: str, ward: str | None) -> bool:
    """Whether the national list has a place of that name.

    >>> is_place("横浜市", "旭区"), is_place("横浜市", "中央区"), is_place("大坂市", None)
    (True, False, False)
    """
    cities, wards, _ = _by_name()
    return any(p.city == municipality for p in wards.get(ward, ())) if ward else municipality in cities


def phase_of_kind(kind: str) -> Phase | None:
    """The phase of the figures in a document of this kind; None where the kind does not tell.

    >>> phase_of_kind("決算概要"), phase_of_kind("区の運営方針"), phase_of_kind("その他の資料")
    ('settlement', 'plan', None)
    """
    return next((phase for pattern, _, phase in KINDS if pattern.search(kind)), None)


def head_lines(raw: RawDocument) -> list[str]:
    """The first lines that are not blank, without Markdown's marks and a crawler's first line, its title kept."""
    found: list[str] = []
    for line in raw.lines[: HEAD_LINES * 4]:
        text = line.strip()
        meta = META.match(text)
        if meta:
            text = meta["title"] or ""
        text = re.sub(r"^#+\s*", "", text).strip("　 *\t")
        if text:
            found.append(re.sub(r"[ 　\t]+", " ", text))
        if len(found) >= HEAD_LINES:
            break
    return found


def propose_facts(raw: RawDocument) -> Facts:
    """Read a document's facts from its first lines, its file name, and where those say nothing, its whole text."""
    lines = head_lines(raw)
    title = _title(lines)
    title_text = title.value if title else ""
    top = " ".join([title_text, *lines[:8], raw.file])
    prefecture, city, code, ward, ward_code = _place(title_text, lines, raw)
    year = _fiscal_year(title_text, lines, raw)
    kind = _kind(title_text, top)
    as_of = None
    if kind and kind[1].value == "interim":
        dates = [d for line in lines for d in parse_dates(line) if re.search(r"現在|時点|末", line)]
        as_of = Proposed(dates[0], 0.8) if dates else None
    publisher = Proposed(f"{city.value}{ward.value}役所" if ward else city.value, city.confidence) if city else None
    return Facts(
        title,
        publisher,
        prefecture,
        city,
        code,
        ward,
        ward_code,
        year,
        kind[0] if kind else None,
        kind[1] if kind else None,
        as_of,
    )


def _title(lines: list[str]) -> Proposed[str] | None:
    for index, line in enumerate(lines[:12]):
        if not TITLE_WORDS.search(line) or len(plain(line)) > 60 or line.endswith("。"):
            continue
        parts = [line]
        # A cover prints its title over lines: 令和8年度 / 一般会計予算書.
        if re.fullmatch(r".{0,8}年度", plain(line)) and index + 1 < len(lines) and len(lines[index + 1]) <= 30:
            parts.append(lines[index + 1])
        text = " ".join(parts)
        if re.search(r"[ぁ-んァ-ン一-龥]\s[一-龥]\s", text):
            text = plain(text)
        return Proposed(text, 0.9 if re.search(r"年度", text) else 0.7)
    return Proposed(lines[0][:80], 0.4) if lines else None


def _place(
    title: str, lines: list[str], raw: RawDocument
) -> tuple[
    Proposed[str] | None, Proposed[str] | None, Proposed[str] | None, Proposed[str] | None, Proposed[str] | None
]:
    cities, wards, names = _by_name()
    scores: Counter[str] = Counter()
    head = [plain(title), plain(raw.file), *map(plain, lines)]
    for index, text in enumerate(head):
        weight = 8 if index < 2 else 3 if index < 10 else 1
        for match in names.finditer(text):
            # A name inside a longer word of Japanese characters (…中央区分) is not a place.
            following = text[match.end() : match.end() + 1]
            if match[0].endswith("区") and following in ("分", "画", "間", "域", "民", "内") and following != "民":
                continue
            scores[match[0]] += weight
    if not scores or scores.most_common(1)[0][1] < 6:
        body = plain("\n".join(raw.lines[:4000]))
        for match in names.finditer(body):
            scores[match[0]] += 1
    prefectures = {place.prefecture for place in places()}
    best_city = next((n for n, _ in scores.most_common() if n in cities and n not in prefectures), None)
    best_prefecture = next((n for n, _ in scores.most_common() if n in prefectures), None)
    best_ward = next((n for n, _ in scores.most_common() if n in wards), None)
    if best_prefecture and (best_city is None or scores[best_prefecture] > 2 * scores[best_city]):
        best_city, best_ward = best_prefecture, None
    if best_ward and (best_city is None or scores[best_ward] >= 3):
        homes = wards[best_ward]
        home = next((p for p in homes if p.city == best_city), homes[0] if len(homes) == 1 else None)
        if home is None:
            # The same ward in several cities (横浜市旭区, 大阪市旭区): the one city that the text names, if it is one.
            body = plain("\n".join(raw.lines))
            named = [place for place in homes if place.city in body]
            home = named[0] if len(named) == 1 else None
        if home is not None and scores[best_ward] >= 3:
            return (
                Proposed(home.prefecture, 0.8),
                Proposed(home.city, 0.9 if scores[home.city] else 0.7),
                Proposed(_city_code(home), 0.9),
                Proposed(best_ward, 0.9 if scores[home.city] else 0.7),
                Proposed(home.code, 0.9 if scores[home.city] else 0.7),
            )
        if home is None and best_city is None:
            return None, None, None, Proposed(best_ward, 0.6), None
    if best_city is None:
        return None, None, None, None, None
    homes = cities[best_city]
    if len(homes) > 1 and best_prefecture:
        homes = [place for place in homes if place.prefecture == best_prefecture] or homes
    if scores[best_city] < 3:
        return None, None, None, None, None
    confidence = 0.95 if scores[best_city] >= 8 else 0.7
    name = Proposed(best_city, confidence)
    if len(homes) > 1:
        return None, name, None, None, None
    return Proposed(homes[0].prefecture, confidence), name, Proposed(homes[0].code, confidence), None, None


def _city_code(ward: Place) -> str:
    return next(
        (p.code for p in places() if p.city == ward.city and p.ward is None and p.prefecture == ward.prefecture), ""
    )


def _fiscal_year(title: str, lines: list[str], raw: RawDocument) -> Proposed[int] | None:
    for text, confidence in ((title, 0.97), (" ".join(lines[:4]), 0.9), (raw.file, 0.85)):
        mentions = find_years(plain(text))
        fiscal = [mention.year for mention in mentions if mention.fiscal]
        if fiscal:
            return Proposed(fiscal[0], confidence if len(set(fiscal)) == 1 else confidence - 0.2)
    counts = Counter(mention.year for line in lines for mention in find_years(plain(line)) if mention.fiscal)
    if counts:
        return Proposed(counts.most_common(1)[0][0], 0.7)
    counts = Counter(mention.year for line in raw.lines[:3000] for mention in find_years(plain(line)) if mention.fiscal)
    if counts:
        return Proposed(counts.most_common(1)[0][0], 0.5)
    years = [mention.year for mention in find_years(plain(title))]
    return Proposed(years[0], 0.4) if years else None


def _kind(title: str, top: str) -> tuple[Proposed[str], Proposed[Phase]] | None:
    for text, confidence in ((plain(title), 0.9), (plain(top), 0.7)):
        for pattern, kind, phase in KINDS:
            if pattern.search(text):
                return Proposed(kind, confidence), Proposed(phase, confidence)
    return None
