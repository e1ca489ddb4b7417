"""質問する: a conversation, each answer with its table, its chart, its sources, and what to ask next."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

import pandas as pd
import streamlit as st

from ui import engine
from ui.answer_table import answer_bars, answer_frame, column_settings
from ui.charts import MOST_BARS, draw_bars
from ui.cited_text import draw_cited_text, draw_copy_button, draw_link_button, scroll_to
from ui.export import CSV_MIME, XLSX_MIME, answer_sheet, csv_bytes, xlsx_bytes
from ui.feedback import Opinion, Verdict, save_opinion
from ui.holdings import draw_holdings
from ui.marks import CitedText, cite
from ui.page import draw_head, draw_html, escaped, guarded, plain
from ui.samples import sample_questions
from ui.source_view import draw_source, parse_line, place_name
from ui.text import LABELS, label

_LOG = logging.getLogger(__name__)
LONGEST_QUESTION: Final = 1000
_KEPT_TURNS: Final = 20
_LINKED_TURNS: Final = 6


@dataclass(frozen=True, slots=True)
class Turn:
    """One question of the conversation and its answer in the form of the contract; None where it failed.

    `asked` are the questions of the address that asks it again: those before it, and itself.
    """

    number: int
    question: str
    answer: Mapping[str, Any] | None
    asked: tuple[str, ...]


def draw() -> None:
    """Draw the page."""
    if "doc" in st.query_params:
        # A source's address works from the root too.
        wanted = {key: st.query_params[key] for key in ("doc", "line") if key in st.query_params}
        st.switch_page(st.session_state["pages"]["documents"], query_params=wanted)
    draw_head("page_ask", "ask_lead")
    engine.library()
    turns: list[Turn] = st.session_state.setdefault("turns", [])
    asked = st.session_state.pop("asked", None)
    if not turns and not asked and "q" in st.query_params:
        *before, asked = st.query_params.get_all("q")
        st.session_state["linked_history"] = before
    # Emptied first when the conversation begins, so that nothing of the first screen is pushed about below it.
    first_screen = st.empty()
    if turns or asked:
        st.button(label("ask_new"), icon=":material/restart_alt:", on_click=_start_over, type="tertiary")
    else:
        with first_screen.container():
            _draw_welcome()
    for turn in turns:
        _draw_turn(turn)
    if asked:
        _answer(asked, turns)
    with st.container(key="ask-box"):
        _draw_question_box()
    opened = st.session_state.pop("opened-source", None)
    if opened:
        _open_linked_source(opened, turns)


def _draw_question_box() -> None:
    # In the page, not pinned by Streamlit: its own box scrolls every page that has one to the end.
    st.chat_input(label("ask_placeholder"), key="question", on_submit=_take_typed)


def _take_typed() -> None:
    st.session_state["asked"] = str(st.session_state["question"] or "")


def _start_over() -> None:
    st.session_state["turns"] = []
    st.session_state.pop("linked_history", None)
    st.query_params.clear()


def _ask_next(question: str) -> None:
    st.session_state["asked"] = question


def _draw_welcome() -> None:
    st.subheader(label("ask_samples"), anchor=False)
    with st.grid("auto", min_column_width=300, gap="small"):
        for number, question in enumerate(sample_questions(engine.library())):
            st.button(
                plain(question),
                key=f"sample-{number}",
                on_click=_ask_next,
                args=(question,),
                width="stretch",
                wrap=True,
            )
    st.subheader(label("ask_holdings"), anchor=False)
    draw_holdings(tuple(engine.library().documents.values()))


def _answer(question: str, turns: list[Turn]) -> None:
    number = turns[-1].number + 1 if turns else 1
    before = turns[-1].asked if turns else tuple(st.session_state.get("linked_history", ()))
    asked = (*before, question[:LONGEST_QUESTION])[-_LINKED_TURNS:]
    with st.container(key=f"asking-{number}"), st.spinner(label("ask_thinking")):
        turn = Turn(number, question, _answer_or_none(question, turns), asked)
    turns.append(turn)
    del turns[:-_KEPT_TURNS]
    st.query_params["q"] = list(asked)
    _draw_turn(turn)
    if number > 1:
        scroll_to(f"turn-{number}")


def _answer_or_none(question: str, turns: Sequence[Turn]) -> Mapping[str, Any] | None:
    history = [*st.session_state.get("linked_history", []), *(turn.question for turn in turns if turn.answer)]
    try:
        return engine.ask(question.strip(), history)
    except (engine.NotReadyError, engine.IndexUnavailableError):
        raise
    except Exception:
        _LOG.exception("answering failed")
        return None


@st.fragment
@guarded
def _draw_turn(turn: Turn) -> None:
    """One question and its answer; choosing inside of it redraws nothing else."""
    key = f"turn-{turn.number}"
    with st.container(key=key, gap="small"):
        shown = turn.question if len(turn.question) <= LONGEST_QUESTION else turn.question[:100] + "…"
        draw_html(f'<h2 class="kusei-question">{escaped(shown)}</h2>')
        if turn.answer is None:
            st.error(label("trouble_answer"), icon=":material/error:")
            return
        _draw_answer(turn, turn.answer, key)


def _draw_answer(turn: Turn, answer: Mapping[str, Any], key: str) -> None:
    if answer.get("interpreted"):
        draw_html(
            f'<p class="kusei-understood"><b>{escaped(label("interpreted"))}</b>{escaped(answer["interpreted"])}</p>'
        )
    if answer.get("status") != "answered":
        reason = f"reason_{answer.get('reason')}"
        if reason in LABELS:
            st.badge(label(reason), icon=":material/info:", color="gray")
    cited = cite(answer)
    titles = engine.titles()
    draw_cited_text(cited, titles)
    for warning in answer.get("warnings") or ():
        st.warning(f"**{label('warning')}**　{plain(warning)}", icon=":material/warning:")
    suggestions = list(answer.get("suggestions") or ())
    if suggestions and (answer.get("status") == "ambiguous" or answer.get("reason") == "ambiguous"):
        _draw_suggestions("other_reading", suggestions, key)
        suggestions = []
    _draw_table(answer, key)
    _draw_computation(answer)
    _draw_actions(turn, answer, cited, titles, key)
    if cited.unused_passages:
        _draw_related(cited.unused_passages, titles, key)
    if suggestions:
        _draw_suggestions("next_questions", suggestions, key)
    _draw_feedback(turn, answer, key)


def _open_linked_source(href: str, turns: Sequence[Turn]) -> None:
    """Open the source that a mark of one of these answers names; its address alone does not hold the quote."""
    wanted = dict(parse_qsl(href.partition("?")[2]))
    place = parse_line(wanted.get("line", ""))
    if place is None:
        return
    for turn in reversed(turns):
        for citation in cite(turn.answer or {}).citations:
            if (citation.document_id, citation.line_start, citation.line_end) == (wanted.get("doc"), *place):
                _open_source(
                    {
                        "document_id": citation.document_id,
                        "page": citation.page,
                        "line_start": citation.line_start,
                        "line_end": citation.line_end,
                        "quote": citation.quote,
                    }
                )
                return


def _open_source(source: Mapping[str, Any]) -> None:
    @st.dialog(label("source"), width="large")
    @guarded
    def show() -> None:
        document_id = str(source["document_id"])
        draw_source(source, engine.library().documents.get(document_id), engine.lines(document_id), "source-lines")

    show()


def _draw_suggestions(title: str, questions: Sequence[str], key: str) -> None:
    draw_html(f'<p class="kusei-small"><b>{escaped(label(title))}</b></p>')
    with st.container(horizontal=True, gap="small", key=f"{key}-{title}"):
        for number, question in enumerate(dict.fromkeys(questions)):
            # The fragment's own redraw does not reach the question box: the whole page has to run.
            if st.button(plain(question), key=f"{key}-{title}-{number}", wrap=True):
                _ask_next(question)
                st.rerun(scope="app")


def _draw_table(answer: Mapping[str, Any], key: str) -> None:
    figures: Sequence[Mapping[str, Any]] = answer.get("figures") or ()
    frame = answer_frame(answer) if figures else pd.DataFrame()
    if len(frame) < 2:
        return
    bars = answer_bars(answer)
    if not bars:
        _draw_frame(frame, key)
        return
    table, chart = st.tabs([label("answer_table"), label("answer_chart")], key=f"{key}-tabs")
    with table:
        _draw_frame(frame, key)
    with chart:
        draw_bars(bars[:MOST_BARS], label(f"metric_{figures[0]['metric']}"), f"{key}-chart")
        if len(bars) > MOST_BARS:
            st.caption(label("chart_first", count=MOST_BARS))


def _draw_frame(frame: pd.DataFrame, key: str) -> None:
    st.dataframe(
        frame,
        hide_index=True,
        column_config=column_settings(frame),
        key=f"{key}-table",
        placeholder="",
        alt=label("answer_table"),
    )


def _draw_computation(answer: Mapping[str, Any]) -> None:
    computation = answer.get("computation")
    if not computation:
        return
    with st.expander(label("computation"), icon=":material/calculate:"):
        draw_html(f'<p class="kusei-small">{escaped(computation.get("description") or "")}</p>')
        counted = label("considered", considered=computation.get("considered"), matched=computation.get("matched"))
        draw_html(f'<p class="kusei-small">{escaped(counted)}</p>')
        excluded = computation.get("excluded") or ()
        if excluded:
            items = "".join(
                f"<li>{escaped(row.get('project') or '')}：{escaped(row.get('why') or '')}</li>" for row in excluded
            )
            draw_html(f'<p class="kusei-small"><b>{escaped(label("excluded"))}</b></p><ul>{items}</ul>')


def _draw_actions(turn: Turn, answer: Mapping[str, Any], cited: CitedText, titles: Mapping[str, str], key: str) -> None:
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key=f"{key}-actions"):
        if answer.get("figures") or answer.get("passages"):
            sheet = answer_sheet(answer, titles)
            st.download_button(
                label("download_csv"),
                lambda: csv_bytes(sheet),
                "kusei.csv",
                CSV_MIME,
                key=f"{key}-csv",
                help=label("download_csv_help"),
                icon=":material/download:",
                on_click="ignore",
            )
            st.download_button(
                label("download_xlsx"),
                lambda: xlsx_bytes(sheet),
                "kusei.xlsx",
                XLSX_MIME,
                key=f"{key}-xlsx",
                help=label("download_xlsx_help"),
                icon=":material/download:",
                on_click="ignore",
            )
        draw_copy_button(copied_text(answer, cited, titles), f"{key}-copy")
        draw_link_button("?" + urlencode([("q", question) for question in turn.asked]), f"{key}-link")


def copied_text(answer: Mapping[str, Any], cited: CitedText, titles: Mapping[str, str]) -> str:
    """The question, the answer with its marks as [1], and its sources, as plain text."""
    lines = [str(answer.get("question") or ""), ""]
    lines += ["".join(f"[{run.number}]" if run.number else run.text for run in line) for line in cited.lines]
    if cited.citations:
        lines += ["", f"{label('sources')}:"]
        for c in cited.citations:
            where = place_name(c.page, c.line_start, c.line_end)
            lines.append(f"[{c.number}] {titles.get(c.document_id, c.file)}（{c.file}）{where}")
    return "\n".join(lines)


def _draw_related(passages: Sequence[Mapping[str, Any]], titles: Mapping[str, str], key: str) -> None:
    with st.expander(f"{label('related')}（{len(passages)}）", icon=":material/article:"):
        for number, passage in enumerate(passages):
            source = passage["source"]
            where = place_name(source.get("page"), source["line_start"], source["line_end"])
            draw_html(
                f'<p class="kusei-title">{escaped(passage.get("heading") or passage.get("project") or "")}</p>'
                f'<p class="kusei-small">{escaped(passage.get("text") or "")}</p>'
            )
            name = f"{titles.get(source['document_id'], source.get('file') or '')} {where}"
            if st.button(
                plain(name), key=f"{key}-related-{number}", type="tertiary", icon=":material/description:", wrap=True
            ):
                _open_source(source)


def _draw_feedback(turn: Turn, answer: Mapping[str, Any], key: str) -> None:
    given: dict[str, Any] = st.session_state.setdefault("feedback", {})
    held = given.get(key)
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key=f"{key}-feedback"):
        draw_html(f'<p class="kusei-small">{escaped(label("feedback_ask"))}</p>', width="content")
        for verdict, icon in (("good", ":material/thumb_up:"), ("bad", ":material/thumb_down:")):
            chosen = held is not None and held["verdict"] == verdict
            st.button(
                label(f"feedback_{verdict}"),
                key=f"{key}-{verdict}",
                icon=":material/check:" if chosen else icon,
                on_click=_keep_opinion,
                args=(turn, answer, key, verdict),
            )
    if held is None:
        return
    if held["said"]:
        st.caption(label("feedback_thanks"))
        return
    with st.form(f"{key}-comment", border=False):
        comment = st.text_area(label("feedback_comment"), max_chars=500, height=80, key=f"{key}-comment-text")
        if st.form_submit_button(label("feedback_send")):
            _keep_opinion(turn, answer, key, held["verdict"], comment)
            given[key]["said"] = True
            st.rerun(scope="fragment")


def _keep_opinion(turn: Turn, answer: Mapping[str, Any], key: str, verdict: Verdict, comment: str = "") -> None:
    given: dict[str, Any] = st.session_state.setdefault("feedback", {})
    held = given.get(key) or {"said": False, "number": None}
    opinion = Opinion(date.today(), turn.question, str(answer.get("text") or ""), verdict, comment)
    try:
        held["number"] = save_opinion(engine.feedback_path(), opinion, held["number"])
    except Exception:
        # A full disk must not take the answer away from the reader.
        _LOG.exception("keeping feedback failed")
    given[key] = held | {"verdict": verdict}
