"""Nothing is kept before somebody said whose it is, of which year and kind; what the text tells is filled in."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from fake_library import fake_library
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from ingest.sources import PartFacts, SourceFacts
from records import Part
from ui import engine
from ui.upload_facts import PartGiven, facts_from

APP = Path(__file__).resolve().parents[2] / "app.py"
INTERIM = Part("d", 0, 2023, "執行状況", "interim", date(2023, 7, 31), 1, 90)
BUDGET_LIST = """令和６年度当初予算案　主要事業
（単位：千円）

○ 病児保育事業　4,275
○ 見守り支援事業　15,000
"""


def test_what_was_read_and_not_changed_keeps_its_phase_and_day() -> None:
    facts, missing = facts_from("題", "横浜市", " 旭区 ", [PartGiven(2023, "執行状況")], [INTERIM])
    assert missing == []
    assert facts == SourceFacts(
        title="題",
        municipality="横浜市",
        ward="旭区",
        parts=(PartFacts(2023, "執行状況", "interim", date(2023, 7, 31)),),
    )


def test_another_kind_brings_its_own_phase() -> None:
    facts, _ = facts_from("", "横浜市", "", [PartGiven(2022, "決算説明書")], [INTERIM])
    assert facts is not None
    assert facts.ward is None
    assert facts.parts == (PartFacts(2022, "決算説明書", "settlement", None),)


@pytest.mark.parametrize(
    ("municipality", "part", "said"),
    [
        (" ", PartGiven(2023, "決算"), "市町村"),
        ("横浜市", PartGiven(None, "決算"), "年度"),
        ("横浜市", PartGiven(2023, None), "種類"),
        ("横浜市", PartGiven(2023, "　"), "種類"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_given(municipality: str, part: PartGiven, said: str) -> None:
    facts, missing = facts_from("題", municipality, "", [part], [INTERIM])
    assert facts is None
    assert len(missing) == 1
    assert said in missing[0]


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[SourceFacts]:
    """The facts with which documents were added."""
    found: list[SourceFacts] = []
    monkeypatch.setenv("KUSEI_STATE", str(tmp_path))
    monkeypatch.setattr(engine, "library", fake_library)
    monkeypatch.setattr(engine, "generation", lambda: "test")
    monkeypatch.setattr(engine, "add_document", lambda name, data, facts: found.append(facts))
    return found


def uploaded() -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=60).run()
    app._page_hash = calc_hash("documents")
    app.run()
    app.segmented_control(key="documents-view").set_value("try").run()
    return app.file_uploader(key="try-file").set_value(("主要事業.txt", BUDGET_LIST.encode(), "text/plain")).run()


def test_staff_are_asked_before_a_document_is_kept(kept: list[SourceFacts], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUSEI_STAFF", "1")
    app = uploaded()
    assert not app.exception
    year = next(box for box in app.selectbox if box.label == "年度")
    assert year.value == 2024
    add = next(b for b in app.button if b.label == "調べる資料に加える")
    add.click().run()
    assert kept == [], "the text names no municipality: it is asked for"
    assert "市町村" in app.error[0].value
    next(box for box in app.text_input if box.label.startswith("市町村")).set_value("大船渡市")
    next(b for b in app.button if b.label == "調べる資料に加える").click().run()
    assert not app.error
    (facts,) = kept
    assert facts.municipality == "大船渡市"
    assert [(part.fiscal_year, part.kind) for part in facts.parts] == [(2024, "当初予算")]


def test_a_name_that_no_municipality_has_is_told(kept: list[SourceFacts], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUSEI_STAFF", "1")
    app = uploaded()
    next(box for box in app.text_input if box.label.startswith("市町村")).set_value("大坂市")
    next(b for b in app.button if b.label == "調べる資料に加える").click().run()
    assert any("大坂市" in warning.value for warning in app.warning)


def test_a_resident_is_not_asked(kept: list[SourceFacts], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KUSEI_STAFF", raising=False)
    app = uploaded()
    assert not app.exception
    assert not any(b.label == "調べる資料に加える" for b in app.button)
