"""HTML: the text of a page without its furniture, headings marked as in Markdown, and its tables with their spans."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ingest.raw import RawDocument
from ingest.readers.errors import ReadError
from ingest.readers.stored import PlacedCell, StoredText, one_line
from ingest.readers.text import decode

# Never the document's own words: code, navigation, and what a browser does not show.
FURNITURE = "script,style,noscript,template,nav,header nav,footer,form,iframe,svg,object,embed,select,button,rt,rp"
HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
BLOCKS = frozenset(
    [
        *[
            "address",
            "article",
            "aside",
            "blockquote",
            "body",
            "center",
            "dd",
            "details",
            "div",
            "dl",
            "dt",
            "fieldset",
        ],
        *["figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main"],
        *["ol", "p", "pre", "section", "summary", "table", "ul"],
    ]
)
CHARSET = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?\s*([-\w]+)""", re.I)
ENCODINGS = {"shift_jis": "cp932", "shift-jis": "cp932", "x-sjis": "cp932", "sjis": "cp932", "windows-31j": "cp932"}
MAX_SPAN = 1000
# What a browser shows as one space; the full-width space is none of it.
COLLAPSED = re.compile(r"[ \t\r\n\f\xa0]+")


def read_html(name: str, data: bytes) -> RawDocument:
    """Read a web page; the main part only, where the page marks one."""
    tree = LexborHTMLParser(_decode(name, data))
    title = tree.css_first("title")
    title_text = one_line(title.text()) if title else ""
    for node in tree.css(FURNITURE):
        node.decompose()
    for node in tree.css("[hidden],[style],[aria-hidden='true']"):
        if "hidden" in node.attributes or HIDDEN_STYLE.search(node.attributes.get("style") or ""):
            node.decompose()
    body = tree.body
    if body is None:
        raise ReadError("HTML に本文がありません", name, "ページ全体を保存し直してください")
    stored = StoredText(name, "html", data)
    main = tree.css_first("main,[role=main],article#content,#main_contents,#tmp_contents,#contents,#content,#main")
    if main is None or len(main.text(strip=True)) * 4 < len(body.text(strip=True)):
        main = body
    if title_text and tree.css_first("h1") is None:
        stored.add_line(title_text)
        stored.add_line("")
    _Walker(stored).block(main)
    if not any(line.strip() for line in stored.lines):
        raise ReadError("HTML に本文がありません", name, "ページ全体を保存し直してください")
    return stored.finish()


def _decode(name: str, data: bytes) -> str:
    """The page's text: by its mark of byte order, else by its own declaration, else by its bytes."""
    declared = CHARSET.search(data[:4096])
    if declared and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        label = declared[1].decode("ascii").lower()
        try:
            return data.decode(ENCODINGS.get(label, label))
        except (LookupError, UnicodeDecodeError):
            pass  # a wrong declaration is common; the bytes decide
    return decode(name, data)


class _Walker:
    """Walks a page's blocks in order and stores a line for each."""

    def __init__(self, stored: StoredText) -> None:
        self.stored = stored
        self.inline: list[str] = []

    def flush(self, prefix: str = "") -> None:
        text = "".join(self.inline)
        self.inline.clear()
        pieces = [COLLAPSED.sub(" ", piece).strip(" ") for piece in text.split("\x00")]
        while pieces and not pieces[-1].strip():
            pieces.pop()
        for line in pieces:
            # Two breaks in a row leave a blank line, as the browser shows it.
            if line.strip() or self.stored.lines:
                self.stored.add_line(prefix + line if line.strip() else "")
                prefix = "" if line.strip() else prefix

    def block(self, node: LexborNode) -> None:
        child = node.child
        while child is not None:
            self.visit(child)
            child = child.next
        self.flush()

    def visit(self, node: LexborNode) -> None:
        tag = node.tag or ""
        if tag == "-text":
            self.inline.append(node.text_content or "")
        elif tag == "br":
            self.inline.append("\x00")
        elif tag == "table":
            self.flush()
            self.table(node)
        elif re.fullmatch(r"h[1-6]", tag):
            self.flush()
            text = one_line(COLLAPSED.sub(" ", node.text()))
            if text:
                self.stored.add_line("")
                self.stored.add_line("#" * int(tag[1]) + " " + text)
        elif tag == "li":
            self.flush()
            before = len(self.stored.lines)
            self.block(node)
            if len(self.stored.lines) > before and not self.stored.lines[before].startswith(("・", "#")):
                self.stored.lines[before] = "・" + self.stored.lines[before]
        elif tag == "pre":
            self.flush()
            for line in node.text().strip("\n").split("\n"):
                self.stored.add_line(line.rstrip())
        elif tag in BLOCKS:
            self.flush()
            self.block(node)
        elif not tag.startswith(("-", "!")):
            child = node.child
            while child is not None:
                self.visit(child)
                child = child.next

    def table(self, node: LexborNode) -> None:
        if node.css_first("table table") is not None or any(inner is not node for inner in node.css("td table")):
            self.block(node)  # a table for laying out the page
            return
        caption = node.css_first("caption")
        context = list(self.stored.recent())
        if caption is not None:
            context.append(one_line(caption.text()))
            self.stored.add_line(one_line(caption.text()))
        cells: list[PlacedCell] = []
        taken: set[tuple[int, int]] = set()
        n_columns = 0
        rows = node.css("tr")
        for row, tr in enumerate(rows):
            column = 0
            for td in _children(tr, ("td", "th")):
                while (row, column) in taken:
                    column += 1
                row_span = min(_span(td, "rowspan") or len(rows), len(rows) - row)
                column_span = min(_span(td, "colspan") or 1, MAX_SPAN)
                taken.update((row + r, column + c) for r in range(row_span) for c in range(column_span))
                cells.append(PlacedCell(row, column, _cell_text(td), row_span, column_span))
                column += column_span
                n_columns = max(n_columns, column)
        if any(cell.text for cell in cells):
            self.stored.add_table(cells, len(rows), n_columns, context)
            self.stored.add_line("")


def _children(node: LexborNode, tags: tuple[str, ...]) -> list[LexborNode]:
    found = []
    child = node.child
    while child is not None:
        if child.tag in tags:
            found.append(child)
        child = child.next
    return found


def _span(node: LexborNode, name: str) -> int:
    value = (node.attributes.get(name) or "1").strip()
    return int(value) if value.isdigit() else 1


def _cell_text(node: LexborNode) -> str:
    """The text of a cell; its paragraphs, list items and breaks stay on lines of their own."""
    pieces: list[str] = []

    def walk(inner: LexborNode) -> None:
        child = inner.child
        while child is not None:
            if child.tag == "-text":
                pieces.append(COLLAPSED.sub(" ", child.text_content or ""))
            elif child.tag == "br":
                pieces.append("\n")
            else:
                if child.tag in BLOCKS:
                    pieces.append("\n")
                if child.tag == "li":
                    pieces.append("・")
                walk(child)
                if child.tag in BLOCKS:
                    pieces.append("\n")
            child = child.next

    walk(node)
    lines = [line.strip() for line in "".join(pieces).split("\n")]
    return "\n".join(line for line in lines if line and line != "・")
