"""PDF with a text layer: characters and ruled lines by pdfium, put together as lines, columns and tables.

pdfium's own text order follows the drawing commands, which in budget books is not the order of reading; so only the
places of characters are taken from it. A page is read and let go before the next, so memory does not grow with pages.
"""

from __future__ import annotations

import ctypes
import re
from collections import Counter
from collections.abc import Iterator

import pypdfium2 as pdfium  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium_c  # type: ignore[import-untyped]

from ingest.raw import RawDocument, RawTable
from ingest.readers.errors import ReadError
from ingest.readers.page_layout import Char, Item, Rule, lay_out
from ingest.readers.stored import StoredText

MAX_PAGES = 5000
MAX_CHARS_PER_PAGE = 60_000
MAX_RULES_PER_PAGE = 3_000
MAX_PAGE_OBJECTS = 60_000
THIN = 2.5
PAGE_NUMBER = re.compile(r"^[\s\-‐－―─–~〜・/()（）pP.ページ頁]*\d{1,4}[\s\-‐－―─–~〜・/()（）\dページ頁]*$")
TABLE_WORDS = re.compile(r"単位|千円|百万円|予算|決算|金\s*額|区\s*分|事業|科\s*目")


def read_pdf(name: str, data: bytes) -> RawDocument:
    """Read every page; pages that hold no text are named in the warnings, a document of them only is refused."""
    try:
        document = pdfium.PdfDocument(data)
        n_pages = len(document)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower():
            raise ReadError("パスワードで保護されています", name, "保護を外して保存し直してください") from None
        raise ReadError("PDF が壊れています", name, "もう一度入手するか、印刷から PDF に保存し直してください") from None
    if n_pages > MAX_PAGES:
        raise ReadError(
            f"ページが多すぎます（{n_pages:,} ページ、上限 {MAX_PAGES:,} ページ）", name, "分けて指定してください"
        )
    stored = StoredText(name, "pdf", data)
    pages: list[list[Item]] = []
    without_text: list[int] = []
    broken: list[int] = []
    try:
        for index in range(n_pages):
            try:
                page = document[index]
            except pdfium.PdfiumError:
                broken.append(index + 1)
                pages.append([])
                continue
            chars, width, height = page_chars(page, f"{name} の {index + 1} ページ")
            items: list[Item] = []
            if chars:
                items = lay_out(chars, list(page_rules(page, height)), width)
            elif _has_picture(page):
                without_text.append(index + 1)
            page.close()
            pages.append(items)
    finally:
        document.close()
    if not any(pages):
        raise ReadError(
            f"文字を含まない PDF です（{_page_list(list(range(1, n_pages + 1)))}）",
            name,
            "OCR（文字認識）で文字を付けてから指定してください",
        )
    if without_text:
        stored.warnings.append(f"文字がなく画像だけのページは OCR が必要です: {_page_list(without_text)}")
    if broken:
        stored.warnings.append(f"壊れていて読めないページがあります: {_page_list(broken)}")
    repeated = repeated_lines(pages)
    for number, items in enumerate(pages, start=1):
        _store(stored, number, items, repeated)
    return stored.finish()


def _page_list(pages: list[int]) -> str:
    """Pages as ranges.

    >>> _page_list([1, 2, 3, 7])
    '1〜3、7 ページ'
    """
    runs: list[list[int]] = []
    for page in pages:
        if runs and page == runs[-1][-1] + 1:
            runs[-1].append(page)
        else:
            runs.append([page])
    return "、".join(f"{run[0]}〜{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs) + " ページ"


def page_chars(page: pdfium.PdfPage, where: str) -> tuple[list[Char], float, float]:
    """The visible characters of a page with their boxes, from the top left corner of the page as shown."""
    width, height = page.get_size()
    rotation = page.get_rotation()
    textpage = page.get_textpage()
    try:
        count = pdfium_c.FPDFText_CountChars(textpage)
        if count > MAX_CHARS_PER_PAGE:
            raise ReadError(f"1 ページの文字が多すぎます（{count:,} 字）", where, "ページを分けて保存し直してください")
        crop_left, crop_bottom, crop_right, crop_top = page.get_cropbox()
        rect = pdfium_c.FS_RECTF()
        origin_x, origin_y = ctypes.c_double(), ctypes.c_double()
        chars: list[Char] = []
        seen: set[tuple[str, int, int]] = set()
        for index in range(count):
            code = pdfium_c.FPDFText_GetUnicode(textpage, index)
            if (
                code <= 32
                or code in (0xA0, 0x3000, 0xFFFE, 0xFFFF)
                or pdfium_c.FPDFText_IsGenerated(textpage, index) == 1
            ):
                continue
            if not pdfium_c.FPDFText_GetLooseCharBox(textpage, index, rect):
                continue
            pdfium_c.FPDFText_GetCharOrigin(textpage, index, origin_x, origin_y)
            x0, x1, y0, y1, base = rect.left, rect.right, rect.bottom, rect.top, origin_y.value
            if not (
                crop_left - 1 <= (x0 + x1) / 2 <= crop_right + 1 and crop_bottom - 1 <= (y0 + y1) / 2 <= crop_top + 1
            ):
                continue
            x0, x1, y0, y1, base = (
                x0 - crop_left,
                x1 - crop_left,
                y0 - crop_bottom,
                y1 - crop_bottom,
                base - crop_bottom,
            )
            if rotation == 90:
                x0, x1, top, bottom, base = y0, y1, x0, x1, x1
            elif rotation == 180:
                x0, x1, top, bottom, base = width - x1, width - x0, y0, y1, base
            elif rotation == 270:
                x0, x1, top, bottom, base = width - y1, width - y0, height - x1, height - x0, height - x0
            else:
                top, bottom, base = height - y1, height - y0, height - base
            text = chr(code)
            # Bold made by printing twice: the same character within a fifth of a point or so.
            key = (text, round(x0 * 1.5), round(top * 1.5))
            if key in seen:
                continue
            seen.add(key)
            chars.append(Char(text, x0, x1, top, bottom, base))
        return chars, width, height
    finally:
        textpage.close()


def page_rules(page: pdfium.PdfPage, height: float) -> Iterator[Rule]:
    """The horizontal and vertical lines drawn on a page; none where a drawing holds too many to be tables."""
    rules: list[Rule] = []
    rotation = page.get_rotation() if page.get_rotation() in (90, 270) else 0
    width = page.get_size()[0]
    crop_left, crop_bottom, _, _ = page.get_cropbox()
    for number, item in enumerate(page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_PATH], max_depth=4)):
        if number > MAX_PAGE_OBJECTS or len(rules) > MAX_RULES_PER_PAGE:
            return
        drawn, white = _drawn(item)
        if not drawn:
            continue
        for x0, y0, x1, y1 in _segments(item):
            x0, x1, y0, y1 = x0 - crop_left, x1 - crop_left, y0 - crop_bottom, y1 - crop_bottom
            if rotation == 90:
                x0, x1, top, bottom = y0, y1, x0, x1
            elif rotation == 270:
                x0, x1, top, bottom = width - y1, width - y0, height - x1, height - x0
            else:
                top, bottom = height - y1, height - y0
            if bottom - top <= THIN and x1 - x0 > 4:
                rules.append(Rule("h", (top + bottom) / 2, x0, x1))
            elif x1 - x0 <= THIN and bottom - top > 4:
                rules.append(Rule("v", (x0 + x1) / 2, top, bottom))
            elif bottom - top > THIN and x1 - x0 > THIN and not white:
                rules.extend([Rule("h", top, x0, x1), Rule("h", bottom, x0, x1)])
                rules.extend([Rule("v", x0, top, bottom), Rule("v", x1, top, bottom)])
    yield from rules


def _drawn(item: pdfium.PdfObject) -> tuple[bool, bool]:
    """Whether a path leaves ink, and whether that is white paint only (boxes that word processors lay under text)."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium_c.FPDFPath_GetDrawMode(item, fill, stroke)
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    pdfium_c.FPDFPageObj_GetFillColor(item, red, green, blue, alpha)
    pale = min(red.value, green.value, blue.value) >= 250
    return bool(fill.value or stroke.value), bool(fill.value and not stroke.value and pale)


def _segments(item: pdfium.PdfObject) -> Iterator[tuple[float, float, float, float]]:
    """The straight pieces of one path (x0, y0, x1, y1); a path of one piece or one box is its bounds."""
    count = pdfium_c.FPDFPath_CountSegments(item)
    if count <= 5:
        left, bottom, right, top = item.get_bounds()
        curved = any(
            pdfium_c.FPDFPathSegment_GetType(pdfium_c.FPDFPath_GetPathSegment(item, i))
            == pdfium_c.FPDF_SEGMENT_BEZIERTO
            for i in range(max(count, 0))
        )
        if count >= 2 and not curved and not (count == 2 and right - left > THIN and top - bottom > THIN):
            yield left, bottom, right, top
        return
    matrix = item.get_matrix()
    x, y = ctypes.c_float(), ctypes.c_float()
    last: tuple[float, float] | None = None
    for index in range(min(count, MAX_RULES_PER_PAGE)):
        segment = pdfium_c.FPDFPath_GetPathSegment(item, index)
        pdfium_c.FPDFPathSegment_GetPoint(segment, x, y)
        point = matrix.on_point(x.value, y.value)
        kind = pdfium_c.FPDFPathSegment_GetType(segment)
        if kind == pdfium_c.FPDF_SEGMENT_LINETO and last is not None:
            (x0, x1), (y0, y1) = sorted((last[0], point[0])), sorted((last[1], point[1]))
            if x1 - x0 <= THIN or y1 - y0 <= THIN:
                yield x0, y0, x1, y1
        last = point


def _has_picture(page: pdfium.PdfPage) -> bool:
    """Whether the page shows a picture, or drawings that may be outlined letters: a blank page needs no OCR."""
    for number, item in enumerate(page.get_objects(max_depth=3)):
        if item.type == pdfium_c.FPDF_PAGEOBJ_IMAGE or number > 200:
            return True
    return False


def repeated_lines(pages: list[list[Item]]) -> set[tuple[str, bool]]:
    """Running headers and footers: first or last lines of pages that are alike but for digits on three pages or more.

    Column headings and units repeat too, but carry meaning; they stay.
    """
    counts: Counter[tuple[str, bool]] = Counter()
    for items in pages:
        for at_top, item in ((True, items[0]), (False, items[-1])) if items else ():
            if item.table is None and not TABLE_WORDS.search(item.text):
                counts[_digits_out(item.text), at_top] += 1
    enough = max(3, len(pages) // 20)
    return {key for key, count in counts.items() if count >= enough}


def _digits_out(text: str) -> str:
    return re.sub(r"[\d０-９]+", "#", re.sub(r"\s+", "", text))


def _store(stored: StoredText, number: int, items: list[Item], repeated: set[tuple[str, bool]]) -> None:
    """Store one page's items, less its page number and running lines."""
    first, last = 0, len(items)
    while first < last and items[first].table is None and _is_furniture(items[first].text, True, repeated):
        first += 1
    while last > first and items[last - 1].table is None and _is_furniture(items[last - 1].text, False, repeated):
        last -= 1
    recent: list[str] = []
    for item in items[first:last]:
        if item.table is None:
            stored.add_line(item.text, number)
            recent.append(item.text.strip())
            continue
        table = item.table
        offset = len(stored.lines)
        for line in table.lines:
            stored.add_line(line, number)
        cells = tuple(
            cell.at_lines(offset + cell.first_line + 1, offset + cell.last_line + 1)
            for cell in table.cells
            if cell.text
        )
        stored.tables.append(RawTable(cells, table.n_rows, table.n_columns, number, tuple(recent[-4:])))
    if first < last:
        stored.add_line("", number)


def _is_furniture(text: str, at_top: bool, repeated: set[tuple[str, bool]]) -> bool:
    return bool(PAGE_NUMBER.match(text.strip())) or (_digits_out(text), at_top) in repeated
