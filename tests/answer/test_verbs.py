"""Forms of verbs, affirmed and denied."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answer.verbs import conjugation

AFFIRMED = [
    ("下回る", "下回った 下回って 下回っている 下回りました 下回れば 下回ってしまった 下回る"),
    ("届く", "届いた 届いている 届きました 届く"),
    ("超える", "超えた 超えている 超えて 超えてしまった 超えました"),
    ("割り当てる", "割り当てられた 割り当てられている 割り当てた"),
    ("使う", "使った 使われた 使っています 使われている"),
    ("残す", "残した 残しています 残して"),
    ("達成する", "達成した 達成できた 達成している 達成されている 達成"),
    ("出る", "出た 出ました 出ている"),
    ("選ぶ", "選んだ 選ばれた 選んでいる"),
]
DENIED = [
    ("下回る", "下回らない 下回らなかった 下回っていない 下回りません 下回らず 下回ってはいない"),
    ("届く", "届かない 届いてない 届きませんでした 届いておらず 届かなかった"),
    ("超える", "超えない 超えなかった 超えていません 超えもしなかった"),
    ("満つ", "満たない 満たなかった"),
    ("使う", "使わなかった 使われていない 使いませんでした"),
    ("残す", "残さなかった 残さず 残していない"),
    ("達成する", "達成していない 達成できなかった 達成せず 達成されなかった 達成できていない"),
    ("使い切る", "使い切れなかった 使い切っていない"),
]


@pytest.mark.parametrize(("verb", "forms"), AFFIRMED)
def test_affirmed_forms(verb: str, forms: str) -> None:
    forms_of = conjugation(verb)
    for form in forms.split():
        match = forms_of.affirmed.match(form)
        assert match is not None, form
        assert match.group() == form
        assert forms_of.denied.match(form) is None, form


@pytest.mark.parametrize(("verb", "forms"), DENIED)
def test_denied_forms(verb: str, forms: str) -> None:
    forms_of = conjugation(verb)
    for form in forms.split():
        match = forms_of.denied.match(form)
        assert match is not None, form
        assert match.group() == form


@given(verb=st.sampled_from([verb for verb, _ in AFFIRMED + DENIED]))
def test_the_dictionary_form_affirms_itself(verb: str) -> None:
    match = conjugation(verb).affirmed.match(verb)
    assert match is not None
    assert match.group() == verb
