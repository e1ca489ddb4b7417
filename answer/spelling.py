"""A katakana word that no document has, taken for the one word of the documents that it is a slip of."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

_KATAKANA = re.compile(r"[ァ-ヺー]{5,}")
_SMALL = str.maketrans("ァィゥェォッャュョ", "アイウエオツヤユヨ")


def katakana_words(text: str) -> list[str]:
    """The runs of katakana in a text that are long enough to be known again with a slip in them.

    >>> katakana_words("マイナンバカードのサポート")
    ['マイナンバカード']
    """
    return _KATAKANA.findall(unicodedata.normalize("NFKC", text))


def nearest_word(word: str, words: Collection[str]) -> str | None:
    """The one of the words that this is a slip of; None where it is one of them, or several are as near.

    >>> nearest_word("マイナンバカード", ["マイナンバーカード", "サポート"])
    'マイナンバーカード'
    """
    if any(word in known for known in words):
        return None
    near = [known for known in words if _is_slip(word, known)]
    return near[0] if len(near) == 1 else None


def _is_slip(word: str, known: str) -> bool:
    """Whether one character is missing, too many or out of its place, or written with other marks or in another size.

    A character that is simply another one (コンサート, コンパート) makes another word.
    """
    if _sound(word) == _sound(known):
        return True
    longer, shorter = sorted((word, known), key=len, reverse=True)
    if len(longer) == len(shorter) + 1:
        return any(longer[:i] + longer[i + 1 :] == shorter for i in range(len(longer)))
    return len(word) == len(known) and any(
        word[:i] + word[i + 1] + word[i] + word[i + 2 :] == known for i in range(len(word) - 1)
    )


def _sound(word: str) -> str:
    """The word without marks of voice and sizes of letters: ボッチャ and ポッチヤ are alike.

    >>> _sound("ボッチャ") == _sound("ポッチヤ")
    True
    """
    plain = "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))
    return plain.translate(_SMALL)
