from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.readers import ReadError, read_bytes
from ingest.readers.text import split_lines

SENTENCES = (
    "令和６年度当初予算案　主要事業\r\n○ 病児保育事業　4,275千円\r\n　一時保育を実施する。\r\n",
    "事業名,予算額\n道路維持,100\n",
    "予算",
    "①㈱髙橋組（▲１２，３４５千円）",
    "半角のﾃｽﾄという見出しの後に、テストの結果を示す。",
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp932", "euc_jis_2004"])
@pytest.mark.parametrize("text", SENTENCES)
def test_every_encoding_gives_the_same_lines(text: str, encoding: str) -> None:
    try:
        data = text.encode(encoding)
    except UnicodeEncodeError:
        pytest.skip(f"{encoding} has no such character")
    raw = read_bytes("a.txt", data)
    assert raw.lines == tuple(text.replace("\r\n", "\n").rstrip("\n").split("\n"))
    assert raw.format == "text"


@pytest.mark.parametrize("text", [*SENTENCES[:3], "広報あさひ　平成31年4月号"])
def test_mail_encoding_is_read(text: str) -> None:
    raw = read_bytes("a.txt", text.encode("iso2022_jp"))
    assert "\n".join(raw.lines) == text.replace("\r\n", "\n").rstrip("\n")


def test_mail_encoding_with_circled_digits() -> None:
    # Office software writes row 13 (①) into ISO-2022-JP, which the standard lacks.
    data = b"\x1b$B" + bytes(byte & 0x7F for byte in "①予算".encode("euc_jis_2004")) + b"\x1b(B\n"
    assert read_bytes("a.txt", data).lines == ("①予算",)


@given(st.lists(st.text(alphabet="予算事業費あいう、。（）0123456789 ", max_size=20), min_size=1, max_size=20))
def test_line_numbers_are_those_of_the_stored_text(lines: list[str]) -> None:
    text = "\r\n".join([*lines, "終わり"])
    read, pages = split_lines(text)
    assert list(read) == text.replace("\r\n", "\n").split("\n")
    assert pages == ()


def test_form_feeds_give_pages() -> None:
    raw = read_bytes("a.txt", "表紙\n\f一頁\nまだ一頁\f\n二頁\n".encode())
    assert raw.lines == ("表紙", "一頁", "まだ一頁", "二頁")
    assert raw.pages == (1, 2, 2, 3)


def test_old_mac_line_ends() -> None:
    assert read_bytes("a.txt", "一\r二\r".encode()).lines == ("一", "二")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "空です"),
        (b" \r\n\t\n", "空です"),
        (b"\xef\xbb\xbf\n", "空です"),
        (b"\x00\x01\x02\x03abc", "バイナリ"),
        (bytes(range(128, 256)) * 4, "文字コードを判別できません"),
        ("予算\n".encode() * 3 + b"\xff\xff\xff", "文字コードを判別できません"),
    ],
)
def test_what_is_no_text_is_refused_in_japanese(data: bytes, message: str) -> None:
    with pytest.raises(ReadError) as caught:
        read_bytes("壊れた.txt", data)
    assert message in str(caught.value)
    assert "壊れた.txt" in str(caught.value)


def test_the_line_that_cannot_be_decoded_is_named() -> None:
    with pytest.raises(ReadError, match="3 行目"):
        read_bytes("a.txt", "一行\n二行\n".encode() + b"\xff\xff\xff\xff\n")


def test_markdown_is_text() -> None:
    assert read_bytes("a.md", "# 見出し\n".encode()).format == "markdown"
