"""What every page shares: its head, its style, the language of its labels, and what is said when something fails."""

from __future__ import annotations

import html
import logging
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import parse_qsl

import streamlit as st

from ui import engine
from ui.text import LANGUAGES, label

_LOG = logging.getLogger(__name__)
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&^=])")

# A file of our own: a named icon would be fetched from another host.
ICON: Final = str(Path(__file__).parent / "icon.png")
_STYLE: Final = f"<style>{(Path(__file__).parent / 'page.css').read_text(encoding='utf-8')}</style>"


def plain(text: str) -> str:
    """Text for a place that reads Markdown, such that nothing in it is read as Markdown.

    >>> plain("![a](http://x/y.png)")
    '\\\\!\\\\[a\\\\]\\\\(http\\\\://x/y\\\\.png\\\\)'
    """
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))


def escaped(text: object) -> str:
    """Text for a place that reads HTML, such that nothing in it is read as HTML."""
    return html.escape(str(text), quote=True)


def draw_html(body: str, width: Literal["stretch", "content"] = "stretch") -> None:
    """Draw HTML of ours; every value in it has gone through `escaped`."""
    st.html(body, width=width)


_LINKS = st.components.v2.component("kusei_links", js=(Path(__file__).parent / "links.js").read_text(encoding="utf-8"))


def draw_bar(pages: Mapping[str, Any], chosen: Any) -> None:
    """The style, the name of the app, the links to its pages, and the language of the labels."""
    st.html(_STYLE)
    clicked = _LINKS(key="links", on_page_change=lambda: None, on_source_change=lambda: None, height=1)
    if clicked.get("source"):
        st.session_state["opened-source"] = str(clicked["source"])
    if clicked.get("page"):
        name, _, query = str(clicked["page"]).partition("?")
        if name in pages:
            st.switch_page(pages[name], query_params=dict(parse_qsl(query)))
    with st.container(
        horizontal=True, horizontal_alignment="left", vertical_alignment="center", gap="small", key="bar"
    ):
        st.html(f'<p class="kusei-brand">{escaped(label("app_short"))}</p>', width="content")
        with st.container(horizontal=True, gap="xsmall", width="content", key="pages"):
            for target in pages.values():
                st.page_link(target, label=target.title)
        st.space("stretch")
        st.segmented_control(
            "表示言語 / Language",
            list(LANGUAGES),
            format_func=lambda code: LANGUAGES[code],
            default="ja",
            required=True,
            key="language",
            persist_state="session",
            label_visibility="collapsed",
        )


def draw_head(title: str, lead: str, wide: bool = False) -> None:
    """The page's title and one sentence on what it is for; `wide` lets tables use the whole window."""
    st.title(label(title), anchor=False)
    draw_html(f'<p class="kusei-lead{" kusei-wide" if wide else ""}">{escaped(label(lead))}</p>')


def guarded(draw: Callable[..., Any]) -> Callable[..., Any]:
    """Whatever fails inside becomes a sentence on the page, and a line in the log."""

    @wraps(draw)
    def drawn(*arguments: Any, **named: Any) -> Any:
        try:
            return draw(*arguments, **named)
        except engine.NotReadyError:
            st.warning(label("trouble_index"), icon=":material/hourglass_empty:")
        except engine.IndexUnavailableError as error:
            st.warning(plain(str(error)), icon=":material/hourglass_empty:")
        except Exception:
            _LOG.exception("drawing %s failed", draw.__name__)
            st.error(label("trouble", time=datetime.now().strftime("%H:%M:%S")), icon=":material/error:")
        return None

    return drawn
