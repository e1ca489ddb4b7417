"""Which municipality or ward a question names, and which ones that no document is held of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from answer.types import Place
from answer.vocabulary import vocabulary

_AFTER_STEM = re.compile(r"^(?:の|と|や|も|市|府|県|都|で|は|に|、|$|\0|旭|区|側|方)")
# A word that ends in 市, 区, 町, 村, 県, 府 or 都 and is no place: 全市, 本区, 区役所の区.
_NO_PLACE = re.compile(
    r"^(?:.*何.*|の.*|.*[次のこそあど]の.*|.*都市|区内.*|市内.*|[本同各全当他両市政行]?[市区町村県府都]|都市|市町村|自治会町|地区|区|街区|[一-鿿]*学?校区|[一-鿿]*学区|.*[朝夕]市|.*(?:して|った|する|ている).*|行政区|京都)$"
)
# 保土ケ谷 is folded to 保土が谷.
_BETWEEN_KANJI = re.compile(r"(?<=[一-鿿])が(?=[一-鿿])")
_PLACE = re.compile(
    r"(?P<prefecture>北海道|東京都|大阪府|京都府|[一-鿿]{2,3}県)"
    r"|(?P<city>[一-鿿ぁ-んァ-ヶー]{1,5}?市)(?P<cityward>[一-鿿ぁ-ん]{1,4}?区)?"
    r"|(?P<ward>保土が谷区|(?:^|(?<=[のとやはが、\x00 ]))[一-鿿]{1,4}?区)(?![一-鿿])"
    r"|(?P<town>(?<![一-鿿])[一-鿿]{1,4}[町村])(?![一-鿿])"
)
# Prefectures, designated cities and other well-known names that questions write without 市 or 県.
_KNOWN_STEMS = (
    "札幌", "仙台", "さいたま", "千葉", "川崎", "相模原", "新潟", "静岡", "浜松", "名古屋", "京都", "堺", "神戸",
    "岡山", "広島", "北九州", "福岡", "熊本", "東京", "大阪", "横浜", "埼玉", "神奈川", "愛知", "兵庫", "沖縄",
    "北海道",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PlacesRead:
    """Places held, the words that named them, words naming places not held, and where all of them stand."""

    places: tuple[Place, ...]
    words: tuple[str, ...]
    unknown: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]


class PlaceReader:
    """Finds place names in folded questions."""

    def __init__(self, places: Sequence[Place]) -> None:
        fold = vocabulary().fold
        self.held = tuple(places)
        self._forms: list[tuple[str, tuple[Place, ...]]] = []
        forms: dict[str, dict[Place, None]] = {}
        for place in places:
            city = fold(place.municipality)
            stem = re.sub(r"[市区町村]$", "", city)
            ward = fold(place.ward) if place.ward else ""
            named = (
                [city] if not ward else [f"{city}{ward}", f"{city}の{ward}", f"{stem}の{ward}", f"{stem}{ward}", city]
            )
            for form in named:
                forms.setdefault(form, {})[place] = None
            if ward:
                forms.setdefault(ward, {})[place] = None
        self._forms = sorted(((f, tuple(p)) for f, p in forms.items()), key=lambda item: -len(item[0]))
        self._stems = {
            re.sub(r"[市区町村]$", "", fold(place.municipality)): tuple(
                p for p in places if p.municipality == place.municipality
            )
            for place in places
        }
        # Where only wards of a city are held, the whole city is not.
        self._cities = {fold(p.municipality) for p in places if p.ward} - {
            fold(p.municipality) for p in places if not p.ward
        }
        self._latin = {"yokohama": "横浜", "osaka": "大阪"}

    def read(self, folded: str, boundaries: frozenset[int], question: str = "") -> PlacesRead:
        """Every place named; a municipality alone means all its documents, a ward alone every ward of that name.

        `question` is the whole folded question, of which `folded` may have parts blanked.
        """
        places: list[tuple[Place, ...]] = []
        words: list[str] = []
        unknown: list[str] = []
        spans: list[tuple[int, int]] = []
        text = folded

        for city in self._cities:
            for match in re.finditer(rf"{re.escape(city)}の?(?:全体|全域|市全体|の全区)", text):
                unknown.append(f"{city}全体")
                spans.append(match.span())

        def taken(start: int, end: int) -> bool:
            return any(a < end and start < b for a, b in spans)

        for form, found in self._forms:
            for match in re.finditer(re.escape(form), text):
                start, end = match.span()
                follows = text[end : end + 1]
                free = end in boundaries or follows in ("の", "は", "で", "と", "、", "\0", "") or form.endswith("市")
                if taken(start, end) or not free:
                    continue
                before = text[max(0, start - 1) : start]
                if len(form) <= 2 and re.match(r"[一-鿿]", before) and start not in boundaries:
                    continue
                # 「中区」 must not be read out of 「田中区」, nor 「川崎市旭区」 as 旭区.
                if (
                    before in ("市", "府", "県", "都")
                    and form.endswith("区")
                    and not form.startswith(tuple(self._stems))
                ):
                    continue
                places.append(found)
                words.append(form)
                spans.append((start, end))
        for stem, found in self._stems.items():
            for match in re.finditer(re.escape(stem), text):
                start, end = match.span()
                if not taken(start, end) and _AFTER_STEM.match(text[end : end + 1]) and start in boundaries:
                    places.append(found)
                    words.append(stem)
                    spans.append((start, end))
        for form, found in self._forms:
            # 「西区民まつり」 is held in that ward, whatever other ward's 区民まつり has its name.
            if len(found) == 1 and form.endswith("区") and re.search(rf"(?<![一-鿿]){form}民(?!税)", question):
                places.append(found)
                words.append(form)
        for latin, stem in self._latin.items():
            at = text.find(latin)
            if at >= 0 and stem in self._stems:
                places.append(self._stems[stem])
                words.append(stem)
                spans.append((at, at + len(latin)))
        for start, end in spans:
            text = text[:start] + "\0" * (end - start) + text[end:]
        for match in _PLACE.finditer(text):
            word = match.group()
            start, end = match.span()
            free = start in boundaries or text[start - 1 : start] in ("の", "\0", "、", "と", "や")
            if taken(start, end) or _NO_PLACE.match(word) or not free:
                continue
            if text[end : end + 2] == "役所" and word in ("市", "区"):
                continue
            unknown.append(_BETWEEN_KANJI.sub("ケ", word))
            spans.append((start, end))
        for stem in _KNOWN_STEMS:
            at = text.find(stem)
            if (
                at >= 0
                and stem not in self._stems
                and not taken(at, at + len(stem))
                and _AFTER_STEM.match(text[at + len(stem) : at + len(stem) + 1])
                and at in boundaries
            ):
                unknown.append(stem)
                spans.append((at, at + len(stem)))
        return PlacesRead(_combine(places), tuple(dict.fromkeys(words)), tuple(dict.fromkeys(unknown)), tuple(spans))


def _combine(named: list[tuple[Place, ...]]) -> tuple[Place, ...]:
    """「横浜市の旭区」 names both a city and a ward: what both allow; otherwise all that any allows."""
    if not named:
        return ()
    union = list(dict.fromkeys(place for group in named for place in group))
    kept = set(union)
    for group in named:
        for other in named:
            both = set(group) & set(other)
            if both and both != set(group) and len(both) < len(group):
                kept -= set(group) - both
    return tuple(place for place in union if place in kept)
