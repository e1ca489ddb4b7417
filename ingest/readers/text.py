"""Plain text and Markdown: the encodings that Japanese offices use, lines, and pages by form feed."""

from __future__ import annotations

import hashlib
import re

from ingest.raw import RawDocument
from ingest.readers.errors import ReadError

CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
ISO_2022_SEGMENT = re.compile(rb"\x1b(\$[@B]|\$\([D]|\([BIJ])([^\x1b]*)")
# Half-width katakana, private use and Latin letters with accents: what EUC-JP turns into when read as CP932, and back.
UNLIKELY = re.compile(
    "[\u0080-\u00a6\u00a9-\u00af\u00b2-\u00b3\u00b5\u00b7-\u00d6\u00d8-\u00f6\u00f8-\u00ff｡-ﾟ\ue000-\uf8ff]"
)
LIKELY = re.compile("[ぁ-んァ-ヶー、。「」（）・％　０-９＊※○●◎△▲■□→①-⑳]")
KANJI = re.compile("[一-鿿]")


def decode(name: str, data: bytes) -> str:
    """The text of `data`, in UTF-8, UTF-16 with a mark, ISO-2022-JP, CP932 (Shift_JIS) or EUC-JP."""
    if not data.strip(b" \t\r\n\x0c\x00\xef\xbb\xbf"):
        raise ReadError("ファイルが空です", name, "中身のあるファイルを指定してください")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return _checked(name, data.decode("utf-16"))
        except UnicodeDecodeError as error:
            raise _undecodable(name, data, error) from None
    if b"\x00" in data:
        raise _binary(name)
    failure: UnicodeDecodeError | None = None
    if ISO_2022_SEGMENT.search(data) and not any(byte > 0x7F for byte in data):
        text = _decode_iso_2022_jp(data)
        if text is not None:
            return _checked(name, text)
    try:
        return _checked(name, data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        failure = error
    candidates = [text for text in (_decode(data, "cp932"), _decode(data, "euc_jp", "euc_jis_2004")) if text]
    scored = [(score, text) for text in candidates if (score := likelihood(text)) > 0.5 and not _is_binary(text)]
    if not scored:
        raise _binary(name) if any(map(_is_binary, candidates)) else _undecodable(name, data, failure)
    return max(scored, key=lambda pair: pair[0])[1]


def likelihood(text: str) -> float:
    """How much `text` looks like Japanese rather than bytes in the wrong encoding: 0 to 1, of what is not ASCII."""
    likely = len(LIKELY.findall(text))
    unlikely = len(UNLIKELY.findall(text))
    kanji = KANJI.findall(text)
    common = sum(_is_common_kanji(character) for character in kanji)
    other = sum(character > "\x7f" for character in text) - likely - unlikely - len(kanji)
    total = likely + len(kanji) + 3 * unlikely + other
    return (likely + common + 0.5 * other) / total if total else 0.0


def _is_common_kanji(character: str) -> bool:
    """Whether a kanji is of JIS level 1, which runs by reading from 亜 (0x3021) to 腕 (0x4F53)."""
    try:
        encoded = character.encode("euc_jp")
    except UnicodeEncodeError:
        return False
    return len(encoded) == 2 and b"\xb0\xa1" <= encoded <= b"\xcf\xd3"


def _decode(data: bytes, *encodings: str) -> str | None:
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _decode_iso_2022_jp(data: bytes) -> str | None:
    """ISO-2022-JP, also with the circled digits (row 13) that office software writes and the standard lacks."""
    plain = _decode(data, "iso2022_jp", "iso2022_jp_ext")
    if plain is not None:
        return plain

    def to_euc(match: re.Match[bytes]) -> bytes:
        designation, body = match[1], match[2]
        if designation.startswith(b"$"):
            lead = b"\x8f" if designation == b"$(D" else b""
            pairs = [body[i : i + 2] for i in range(0, len(body) - 1, 2)]
            return b"".join(lead + bytes(byte | 0x80 for byte in pair) for pair in pairs)
        if designation == b"(I":
            return b"".join(b"\x8e" + bytes([byte | 0x80]) for byte in body)
        return body

    return _decode(ISO_2022_SEGMENT.sub(to_euc, data), "euc_jp", "euc_jis_2004")


def _is_binary(text: str) -> bool:
    return "\x00" in text or len(CONTROL.findall(text)) * 500 > len(text)


def _checked(name: str, text: str) -> str:
    if _is_binary(text):
        raise _binary(name)
    return text


def _binary(name: str) -> ReadError:
    return ReadError(
        "文書ではないデータ（バイナリ）のため読めません",
        name,
        "PDF・Excel・Word・HTML・CSV・テキストのいずれかの形式で保存し直してください",
    )


def _undecodable(name: str, data: bytes, failure: UnicodeDecodeError) -> ReadError:
    line = data[: failure.start].count(b"\n") + 1
    return ReadError(
        "文字コードを判別できません（UTF-8・Shift_JIS・EUC-JP・ISO-2022-JP のどれとしても読めません）",
        f"{name} の {line} 行目付近",
        "UTF-8 で保存し直してください",
    )


def split_lines(text: str) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Lines without their ends, and the 1-based page of each (none where the text has no form feed).

    A form feed is taken off its line; the rest of that line is on the next page.
    """
    lines = text.replace("\r\n", "\n").split("\n")
    if lines and not lines[-1].strip("\f"):
        lines.pop()
    if "\f" not in text:
        return tuple(lines), ()
    pages: list[int] = []
    page = 1
    for line in lines:
        page += len(line) - len(line.lstrip("\f"))
        pages.append(page)
        page += line.lstrip("\f").count("\f")
    return tuple(line.replace("\f", "") for line in lines), tuple(pages)


def read_text(name: str, data: bytes, format: str = "text") -> RawDocument:
    """Read plain text or Markdown; a lone carriage return (old Mac) ends a line only where nothing else does."""
    text = decode(name, data)
    if "\n" not in text and "\r" in text:
        text = text.replace("\r", "\n")
    lines, pages = split_lines(text)
    return RawDocument(name, format, hashlib.sha256(data).hexdigest(), lines, pages, (), ())
