"""What every page shares: its head, its style, the language of its labels, and what is said when something fails."""

from __future__ import annotations

import html
import logging
import re
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, Final

import streamlit as st

from ui import engine
from ui.text import LANGUAGES, label

_LOG = logging.getLogger(__name__)
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&^=])")

# Streamlit's own spacing wastes a phone's screen; the rest draws the few things that it has no element for.
_STYLE: Final = """<style>
.stMainBlockContainer { max-width: 62rem; padding: 4.5rem 1.25rem 6rem; }
.stMainBlockContainer:has(.st-key-wide) { max-width: 92rem; }
@media (max-width: 640px) { .stMainBlockContainer { padding: 4rem 0.9rem 6rem; } }
.stMainBlockContainer h1 { padding: 0; }
.kusei-lead { margin: 0; line-height: 1.75; max-width: 46rem; }
.kusei-question { margin: 0; padding: 0.6rem 0.9rem; font-size: 1.1rem; font-weight: 600; line-height: 1.6;
  border-left: 4px solid #3b86b5; border-radius: 0 0.5rem 0.5rem 0; overflow-wrap: anywhere; }
.kusei-understood { margin: 0; font-size: 0.9rem; line-height: 1.6; overflow-wrap: anywhere; }
.kusei-understood b { font-weight: 600; margin-right: 0.6em; }
.kusei-small { font-size: 0.9rem; line-height: 1.7; margin: 0; overflow-wrap: anywhere; }
.kusei-title { font-size: 1.02rem; font-weight: 600; margin: 0; padding: 0; line-height: 1.5; overflow-wrap: anywhere; }
.kusei-facts { display: flex; flex-wrap: wrap; gap: 0.15rem 1.1rem; font-size: 0.9rem; margin: 0; }
.kusei-facts dt { float: left; margin-right: 0.4em; opacity: 0.8; }
.kusei-facts dd { margin: 0; display: inline; }
.kusei-scroll { overflow-x: auto; }
.kusei-table { border-collapse: collapse; width: 100%; font-size: 0.92rem; line-height: 1.55; }
.kusei-table th, .kusei-table td { text-align: left; vertical-align: top; padding: 0.45rem 0.9rem 0.45rem 0;
  border-bottom: 1px solid rgba(128, 144, 160, 0.35); }
.kusei-table th { font-weight: 600; white-space: nowrap; }
.kusei-table td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.kusei-table td.nowrap { white-space: nowrap; }
mark { background: #ffe08a; color: #1c2733; padding: 0 0.1em; border-radius: 0.2em; }
[class*="st-key-turn-"] { scroll-margin-top: 4.25rem; }
:focus-visible { outline-offset: 2px; }
@media (prefers-reduced-motion: reduce) { * { animation: none !important; transition: none !important; } }
</style>"""


def plain(text: str) -> str:
    """Text for a place that reads Markdown, such that nothing in it is read as Markdown.

    >>> plain("![a](http://x/y.png)")
    '\\\\!\\\\[a\\\\]\\\\(http\\\\://x/y\\\\.png\\\\)'
    """
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))


def escaped(text: object) -> str:
    """Text for a place that reads HTML, such that nothing in it is read as HTML."""
    return html.escape(str(text), quote=True)


def draw_html(body: str) -> None:
    """Draw HTML of ours; every value in it has gone through `escaped`."""
    st.html(body)


def draw_head(title: str, lead: str, wide: bool = False) -> None:
    """The page's style, title and one sentence on what it is for."""
    st.html(_STYLE)
    if wide:
        # The style looks for this key: tables and two-column pages use the whole window.
        st.container(key="wide", height=1, border=False)
    st.title(label(title), anchor=False)
    draw_html(f'<p class="kusei-lead">{escaped(label(lead))}</p>')


def draw_language() -> None:
    """The switch between Japanese and English labels."""
    st.segmented_control(
        "表示言語 / Language",
        list(LANGUAGES),
        format_func=lambda code: LANGUAGES[code],
        default="ja",
        required=True,
        key="language",
        persist_state="session",
    )


def guarded(draw: Callable[..., Any]) -> Callable[..., Any]:
    """Whatever fails inside becomes a sentence on the page, and a line in the log."""

    @wraps(draw)
    def drawn(*arguments: Any, **named: Any) -> Any:
        try:
            return draw(*arguments, **named)
        except engine.NotReady:
            st.warning(label("trouble_index"), icon=":material/hourglass_empty:")
        except Exception as error:
            _LOG.exception("drawing %s failed", draw.__name__)
            if type(error).__name__ == "IndexUnavailable":
                st.warning(plain(str(error)), icon=":material/hourglass_empty:")
            else:
                st.error(label("trouble", time=datetime.now().strftime("%H:%M:%S")), icon=":material/error:")
        return None

    return drawn
