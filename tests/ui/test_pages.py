"""The pages, drawn by Streamlit's own test runner over the real documents without a model."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from fake_library import fake_library
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from ingest.sources import SourceFacts
from ui import engine
from ui.engine import NotReadyError
from ui.feedback import load_opinions

APP = Path(__file__).resolve().parents[2] / "app.py"
QUESTION = "令和4年度に執行率が50%を下回った事業は？"


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> AppTest:
    monkeypatch.setenv("KUSEI_STATE", str(tmp_path))
    monkeypatch.delenv("KUSEI_STAFF", raising=False)
    monkeypatch.setattr(engine, "library", fake_library)
    monkeypatch.setattr(engine, "generation", lambda: "test")
    return AppTest.from_file(str(APP), default_timeout=60)


def html_of(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.get("html"))


def button(app: AppTest, text: str) -> Any:
    return next(b for b in app.button if text in b.label)


def open_page(app: AppTest, url_path: str) -> AppTest:
    """What `AppTest.switch_page` does for pages that are files; ours are functions."""
    app._page_hash = calc_hash(url_path)
    return app


def ask(app: AppTest, question: str = QUESTION) -> AppTest:
    app.query_params["q"] = question
    return app.run()


def test_first_screen_says_what_is_held_and_offers_questions(app: AppTest) -> None:
    app.run()
    assert not app.exception
    body = html_of(app)
    for said in ("横浜市旭区", "大阪市旭区", "横浜市西区", "令和4年度", "平成25年度 旭区 運営方針"):
        assert said in body
    assert sum(b.key is not None and b.key.startswith("sample-") for b in app.button) >= 4


def test_an_address_asks_its_question_and_the_answer_has_table_and_downloads(app: AppTest) -> None:
    ask(app)
    assert not app.exception
    assert "執行率が50%未満" in html_of(app), "the question as understood"
    frame = app.dataframe[0].value
    assert list(frame["project"])
    assert set(frame["metric_execution_rate"]) == {47.5, 43.2, 32.5, 8.2}
    assert {b.label for b in app.download_button} == {"CSV", "Excel"}
    assert any("32.4" in warning.value.replace("\\", "") for warning in app.warning), (
        "the source does not agree with itself"
    )


def test_a_sample_is_answered_and_the_address_follows(app: AppTest) -> None:
    app.run()
    button(app, "執行率が50").click().run()
    assert not app.exception
    assert app.query_params["q"] in (QUESTION, [QUESTION])
    assert app.dataframe


def test_follow_up_is_asked_with_what_was_said_before(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[tuple[str, list[str]]] = []
    real = engine.ask

    def listening(question: str, history: Any) -> dict[str, Any]:
        heard.append((question, list(history)))
        return real(question, history)

    monkeypatch.setattr(engine, "ask", listening)
    ask(app)
    app.chat_input[0].set_value("令和5年度は？").run()
    assert heard == [(QUESTION, []), ("令和5年度は？", [QUESTION])]
    assert html_of(app).count('<h2 class="kusei-question">') == 2
    assert app.query_params["q"] == [QUESTION, "令和5年度は？"]


def test_ambiguous_reading_is_offered_as_a_button(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = {
        "question": "旭区の予算は？",
        "interpreted": "横浜市旭区の予算",
        "status": "ambiguous",
        "reason": "ambiguous",
        "text": "旭区は横浜市と大阪市にあります。",
        "figures": [],
        "passages": [],
        "warnings": [],
        "suggestions": ["大阪市旭区の予算は？"],
    }
    asked: list[str] = []
    monkeypatch.setattr(engine, "ask", lambda question, history: asked.append(question) or answer)
    ask(app, "旭区の予算は？")
    assert "別の読み方で調べる" in html_of(app)
    button(app, "大阪市旭区の予算は").click().run()
    assert asked == ["旭区の予算は？", "大阪市旭区の予算は？"]


def test_verdict_and_comment_are_kept(app: AppTest, tmp_path: Path) -> None:
    ask(app)
    button(app, "役に立たなかった").click().run()
    app.text_area[0].set_value("表が見づらい 045-123-4567")
    button(app, "送る").click().run()
    (opinion,) = load_opinions(tmp_path / "feedback.sqlite")
    assert (opinion.verdict, opinion.question, opinion.comment) == ("bad", QUESTION, "表が見づらい ［省略］")


def test_markup_in_question_and_answer_is_shown_not_run(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    hostile = "<script>alert(1)</script><img src=x onerror=alert(1)>![x](http://example.com/x.png)"
    answer = {
        "question": hostile,
        "interpreted": hostile,
        "status": "answered",
        "reason": None,
        "text": hostile,
        "figures": [],
        "passages": [],
        "warnings": [hostile],
        "suggestions": [hostile],
        "computation": {
            "operation": "filter",
            "description": hostile,
            "considered": 1,
            "matched": 1,
            "excluded": [{"project": hostile, "why": hostile}],
            "result": None,
        },
    }
    monkeypatch.setattr(engine, "ask", lambda question, history: answer)
    ask(app, hostile)
    body = html_of(app)
    assert "<script" not in body
    assert "<img" not in body
    assert "&lt;script&gt;" in body
    assert "![x](" not in app.warning[0].value


@pytest.mark.parametrize("page", ["search", "figures", "documents"])
def test_every_page_draws(app: AppTest, page: str) -> None:
    app.run()
    open_page(app, page).run()
    assert not app.exception
    assert not app.error
    assert app.title


def test_search_finds_words_and_opens_the_project(app: AppTest) -> None:
    app.run()
    open_page(app, "search").run()
    app.text_input[0].set_value("防災訓練").run()
    assert "<mark>防災訓練</mark>" in html_of(app)
    project = next(p for p in fake_library().projects.values() if p.name == "災害に強い区づくり事業")
    app.query_params["project"] = project.project_id
    app.run()
    body = html_of(app)
    assert not app.error
    assert "12,182,000円" in body
    assert "防災訓練事業" in body, "its sub-projects"
    assert "93回" in body, "its indicators"


def test_facets_narrow_the_list(app: AppTest) -> None:
    app.run()
    open_page(app, "search").run()
    before = next(h.value for h in app.subheader if "件の事業" in h.value)
    next(m for m in app.multiselect if m.label == "区").set_value(["大阪市旭区"]).run()
    after = next(h.value for h in app.subheader if "件の事業" in h.value)
    held = fake_library()
    osaka = [p for p in held.projects.values() if held.documents[p.document_id].municipality == "大阪市"]
    assert after == f"{len(osaka)}件の事業" != before


@pytest.mark.parametrize("view", ["rate_chart", "amount_chart", "year_chart"])
def test_charts_of_figures_draw(app: AppTest, view: str) -> None:
    app.run()
    open_page(app, "figures").run()
    app.segmented_control(key="figures-view").set_value(view).run()
    assert not app.error
    assert app.get("vega_lite_chart")


def test_totals_are_apart_from_projects(app: AppTest) -> None:
    app.run()
    open_page(app, "figures").run()
    projects = set(app.dataframe[0].value["project"])
    app.segmented_control(key="figures-level").set_value("total").run()
    totals = set(app.dataframe[0].value["project"])
    assert any("統合" in name for name in totals)
    assert not totals & projects
    assert not any("合計" in name for name in projects)


@pytest.mark.parametrize(
    ("view", "said"),
    [
        ("list", "区と年度ごとの資料"),
        ("document", "読み取ったもの"),
        ("audit", "32.4"),
        ("try", "お手持ちの資料"),
    ],
)
def test_views_of_documents_draw(app: AppTest, view: str, said: str) -> None:
    app.run()
    open_page(app, "documents").run()
    app.segmented_control(key="documents-view").set_value(view).run()
    assert not app.error
    assert not app.exception
    assert said in html_of(app) + "".join(h.value for h in app.subheader)


def test_feedback_is_shown_to_staff_only(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(app)
    button(app, "役に立った").click().run()
    open_page(app, "documents").run()
    views = app.segmented_control(key="documents-view")
    assert "利用者の声" not in [option.content for option in views.proto.options]
    monkeypatch.setenv("KUSEI_STAFF", "1")
    app.run()
    app.segmented_control(key="documents-view").set_value("feedback").run()
    assert QUESTION in str(app.dataframe[0].value.to_dict())


def test_adding_to_the_corpus_is_refused_outside_staff_mode(app: AppTest) -> None:
    with pytest.raises(PermissionError):
        engine.add_document("a.txt", b"x", SourceFacts())


def test_english_labels_and_japanese_answers(app: AppTest) -> None:
    app.session_state["language"] = "en"
    ask(app)
    assert app.title[0].value == "Ask"
    assert "執行率が50%未満" in html_of(app)


def test_nothing_built_yet_is_said_in_japanese(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> None:
        raise NotReadyError

    monkeypatch.setattr(engine, "library", none)
    app.run()
    assert not app.exception
    assert "make run" in app.warning[0].value


def test_a_failure_is_a_sentence_never_a_traceback(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(engine, "ask", broken)
    ask(app)
    assert not app.exception
    assert app.error[0].value.startswith("回答を作れませんでした")
    monkeypatch.setattr(engine, "rows", broken)
    open_page(app, "figures").run()
    assert not app.exception
    assert "画面を表示できませんでした" in app.error[0].value
    assert "secret" not in str(app.main)


@pytest.mark.parametrize("question", ["", "　", "?" * 10_000, "\x00\x1b[31m", "' OR 1=1 --"])
def test_odd_questions_get_a_sentence(app: AppTest, question: str) -> None:
    started = time.monotonic()
    ask(app, question)
    assert not app.exception
    assert time.monotonic() - started < 30


def test_address_of_a_missing_document_is_told(app: AppTest) -> None:
    app.query_params["doc"] = "no-such"
    app.run()
    open_page(app, "documents")
    app.query_params["doc"] = "no-such"
    app.query_params["line"] = "999999"
    app.run()
    assert not app.exception
    assert any("見つかりません" in w.value for w in app.warning)
