"""Broken lines put together again: words, bullets and sentences, each with the stored lines that it came from."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from records import TextUnit, UnitKind

_OPENING = "（(「『【〔［[〈《＜“"
_CLOSING = "）)」』】〕］]〉》＞”"
_BULLET = re.compile(r"^[・●○〇◯◎◇◆■□▪▶►•‣*＊-]\s*")
_SUB_HEADING = re.compile(r"^(?:[(（][0-9０-９]{1,2}[)）]|[①-⑳])")
_BRACKET_HEADING = re.compile(r"^(?:【[^】]*】|＜[^＞]*＞|《[^》]*》|〔[^〕]*〕|<[^>]*>)$")
_NOTE = re.compile(r"^(?:[※☆]|（注|\(注|注[)）])")
_NEW_DATE = re.compile(r"\s+(?:[0-9]{1,2}\s*月|[0-9]{1,2}/[0-9]{1,2})")
# Where a line ended before it was full: unlike the spaces of a PDF, it parts two things (…の約３倍 / YouTube視聴回数).
_BREAK = "\x1f"
_INLINE_BULLET = re.compile(r"[\s　]+(?=・)")


@dataclass(frozen=True, slots=True)
class Line:
    """A stored line that is not blank: its 1-based number, its text without outer spaces, and its indent."""

    number: int
    text: str
    indented: bool


@dataclass(frozen=True, slots=True)
class Joined:
    """Text put together from several lines, and for every character the number of the line that it stands on."""

    text: str
    numbers: tuple[int, ...]


def content_lines(lines: Sequence[str], first: int = 1, last: int | None = None) -> list[Line]:
    """The lines `first` to `last` (1-based, both included) that are not blank."""
    found = []
    for number in range(first, (len(lines) if last is None else last) + 1):
        raw = lines[number - 1].replace("\f", "").replace("\ufeff", "")
        text = raw.strip()
        if text:
            found.append(Line(number, text, raw[:1].isspace()))
    return found


def display_width(text: str) -> int:
    """Columns that the text takes on a page: full-width characters count two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WFA" else 1 for character in text)


def name_key(text: str) -> str:
    """The text as names are compared: half-width, without spaces, case and kinds of middle dots ignored.

    >>> name_key("ＤＶ対策 事業") == name_key("DV対策事業"), name_key("水･緑") == name_key("水・緑")
    (True, True)
    """
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def _is_ascii_word(character: str) -> bool:
    return character.isascii() and (character.isalnum() or character in "-_+/&'")


def join_lines(pieces: Iterable[tuple[int, str, str]]) -> Joined:
    """Join (line number, glue before it, text) into one run.

    The spaces that a PDF leaves between Japanese and Latin letters or digits ("８月 16日", "DV 被害") are dropped;
    others are kept as one space, and so is the glue where a line ended of its own.
    """
    characters: list[str] = []
    numbers: list[int] = []
    for number, glue, text in pieces:
        if glue and characters:
            characters.append(_BREAK if glue == " " else glue)
            numbers.append(number)
        for character in text.strip():
            characters.append(" " if character.isspace() else character)
            numbers.append(number)
    kept: list[int] = []
    for at, character in enumerate(characters):
        if character not in (" ", _BREAK):
            kept.append(at)
            continue
        before = characters[kept[-1]] if kept else ""
        after = next((other for other in characters[at + 1 :] if other not in (" ", _BREAK)), "")
        if before in ("", " ", _BREAK) or not after:
            continue
        if character == _BREAK:
            kept.append(at)
            continue
        mixed = _is_ascii_word(before) != _is_ascii_word(after) and before not in "：、。" and after not in "="
        # "要望 55件" loses its space, and "団体 PR"; before a date it parts two things ("年１回 10月 24日").
        parting = _NEW_DATE.match("".join(characters[at:])) and before not in "年～~、・（(第"
        if mixed and not parting:
            continue
        kept.append(at)
    return Joined("".join(characters[at] for at in kept).replace(_BREAK, " "), tuple(numbers[at] for at in kept))


def tidy(text: str) -> str:
    """One line of text without the spaces that a PDF leaves between Japanese and Latin letters or digits.

    >>> tidy("防犯灯 37 拠点（８月 16日、 128人）"), tidy("GREEN×EXPO 2027")
    ('防犯灯37拠点（８月16日、128人）', 'GREEN×EXPO 2027')
    """
    return join_lines([(1, "", text)]).text.replace("、 ", "、")


def depth(text: str) -> int:
    """How many brackets the text opens and does not close.

    >>> depth("（区全域計画:１計画、地区別計"), depth("（実施済み）")
    (1, 0)
    """
    level = 0
    for character in text:
        if character in _OPENING:
            level += 1
        elif character in _CLOSING and level:
            level -= 1
    return level


def wrap_width(lines: Sequence[Line]) -> int:
    """The width at which these lines were wrapped: the widest line, but for the widest fiftieth."""
    widths = sorted(display_width(line.text) for line in lines)
    return widths[max(0, len(widths) - 1 - len(widths) // 50)] if widths else 0


def is_wrapped(line: Line, width: int) -> bool:
    """Whether the line fills its column, so that what follows may continue the same word.

    A line ends early only by what could not be broken: a number or a Latin word, or a bracket.
    """
    return display_width(line.text) >= width - 7


def split_sentences(joined: Joined, kind: UnitKind = "sentence") -> list[TextUnit]:
    """One unit for each sentence; 。 inside brackets does not end one."""
    units: list[TextUnit] = []
    level, start = 0, 0
    text = joined.text
    for at, character in enumerate(text):
        if character in _OPENING:
            level += 1
        elif character in _CLOSING:
            level = max(0, level - 1)
        if (character == "。" and level == 0) or at == len(text) - 1:
            piece = text[start : at + 1]
            numbers = joined.numbers[start : at + 1]
            if piece.strip():
                units.append(TextUnit(piece.strip(), kind, min(numbers), max(numbers)))
            start = at + 1
    return units


def _glue(before: Line, after: Line, so_far: str, width: int) -> str:
    if is_wrapped(before, width) or before.text[-1] in "、・：:，" or after.text[0] in "（(［[」』）)":
        both_words = before.text[-1].isascii() and before.text[-1].isalpha() and after.text[0].isascii()
        return " " if both_words and after.text[0].isalpha() else ""
    return " "


def build_units(lines: Sequence[Line], width: int | None) -> list[TextUnit]:
    """Bullets, headings, notes and sentences of a run of lines wrapped at `width` columns; None: no line is wrapped."""
    units: list[TextUnit] = []
    pieces: list[tuple[int, str, str]] = []
    kind: UnitKind = "sentence"
    last: Line | None = None

    def close() -> None:
        nonlocal pieces, last
        if pieces:
            joined = join_lines(pieces)
            if kind == "sentence":
                units.extend(split_sentences(joined))
            elif joined.text:
                units.append(TextUnit(joined.text, kind, min(joined.numbers), max(joined.numbers)))
        pieces, last = [], None

    for line in lines:
        if width is None:
            close()
        pieces_of_line = _INLINE_BULLET.split(line.text) if line.text.startswith("・") else [line.text]
        for position, text in enumerate(pieces_of_line):
            part = Line(line.number, text, line.indented)
            so_far = "".join(piece for _, _, piece in pieces)
            # A line that fills its column may break a word before "・" (地域ケア / ・プラザ): rare, and then wrapped.
            opened = depth(so_far) > 0 and last is not None and is_wrapped(last, width or 0)
            new_kind: UnitKind | None = None
            if opened and position == 0:
                new_kind = None
            elif _BULLET.match(text) and len(text) > 1:
                new_kind = "bullet"
            elif _NOTE.match(text):
                new_kind = "note"
            elif _SUB_HEADING.match(text) or _BRACKET_HEADING.match(text):
                new_kind = "heading"
            if new_kind is not None:
                close()
                kind = new_kind
                stripped = _BULLET.sub("", text) if new_kind == "bullet" else text
                pieces = [(part.number, "", stripped)]
            elif last is None or (kind == "heading" and not (is_wrapped(last, width or 0) or text[0] in "（(")):
                close()
                kind = "sentence"
                pieces = [(part.number, "", text)]
            else:
                pieces.append((part.number, _glue(last, part, so_far, width or 0), text))
            last = part
    close()
    return units
