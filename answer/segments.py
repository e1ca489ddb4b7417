"""Where words begin and end in a folded question, and how it is read; over the index's tokeniser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from index.tokens import Word, fold, words

# 「拝見して」「リストアップして」: a noun that is done names nothing.
_DONE = re.compile(r"(?:し(?:て|た|、|たい|$)|する|いたし|致し|願い|くださ|下さ|できれば)")
_NAMING = frozenset(("名詞", "接頭辞", "記号", "形状詞"))


@lru_cache(maxsize=4096)
def _words(text: str) -> tuple[Word, ...]:
    return tuple(words(text))


def _placed(plain: str) -> Iterator[tuple[int, int, Word]]:
    """The words of a folded text with where each begins and ends; what is no word stands between them."""
    at = 0
    for word in _words(plain):
        start = plain.find(word.surface, at)
        if start >= 0:
            at = start + len(word.surface)
            yield start, at, word


def boundaries_of(text: str) -> frozenset[int]:
    """Offsets between the words of a text, its two ends included."""
    plain = fold(text.replace("\0", " "))
    if len(plain) != len(text):
        return frozenset(range(len(text) + 1))
    found = {0, len(text)}
    for start, end, _ in _placed(plain):
        found.update((start, end))
    # Marks are no words to the tokeniser, yet words end before them and begin after them.
    found.update(i + side for i, c in enumerate(plain) if not c.isalnum() and c not in "ー々〇" for side in (0, 1))
    return frozenset(found)


def reading_of(text: str) -> str:
    """The text in katakana as it is read, word by word; what cannot be read stays as written."""
    # 希望ヶ丘 is read きぼうがおか.
    text = re.sub(r"(?<=[一-鿿])[ヶケ](?=[一-鿿])", "が", text)
    return "".join(word.kana for word in _words(text))


def spoken_words(text: str) -> list[tuple[int, str, str]]:
    """The words of a text with their offsets and how each is read, in katakana; what is no word stands between them."""
    plain = fold(text)
    if len(plain) != len(text):
        return []
    return [(start, word.surface, word.kana) for start, _, word in _placed(plain)]


def content_terms(text: str) -> list[str]:
    """Surfaces of the words that say what a text is about."""
    return [word.surface for word in _words(text) if word.is_content and not word.is_asking]


def nouns_of(text: str) -> tuple[tuple[int, int], ...]:
    """Where the nouns of a text stand that name something: no verb, adjective, adverb or asking word (目指す, 何)."""
    plain = fold(text.replace("\0", " "))
    if len(plain) != len(text):
        return ((0, len(text)),)
    found = []
    for start, end, word in _placed(plain):
        if word.pos == "形状詞" and plain[end : end + 1] == "に":
            # 「きれいに使い切った」: how, not what.
            continue
        naming = word.pos in _NAMING and word.pos != "接頭辞" and word.is_content and not word.is_asking
        if naming and not _DONE.match(plain[end:]):
            found.append((start, end))
    return tuple(found)


def noun_terms(text: str) -> list[str]:
    """Surfaces of the nouns of a text: what is counted or named, without what is done with it."""
    return [word.surface for word in _words(text) if word.pos in _NAMING and word.is_content and not word.is_asking]


def to_hiragana(text: str) -> str:
    """The text with its katakana as hiragana."""
    return "".join(chr(ord(c) - 0x60) if "ァ" <= c <= "ヶ" else c for c in text)
