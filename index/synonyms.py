"""Words that mean the same: a question's 引っ越し meets a plan's 転居.

`synonyms.tsv` holds a group a line, in UniDic's dictionary forms, the form that stands for the group first. It was made
by `python -m index.synonyms` from the synonym groups of SudachiDict (Works Applications, Apache License 2.0), with
sudachipy 0.7.0 and sudachidict-core 20261015; neither is needed to use it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

from index.tokens import content_lemmas, dictionary_forms

PATH = Path(__file__).with_name("synonyms.tsv")


def meanings(text: str) -> list[str]:
    """`content_lemmas` with one form for all words of a group.

    >>> meanings("転居の手続き") == meanings("引っ越しの手続き")
    True
    """
    groups = _groups()
    return [groups.get(lemma, lemma) for lemma in content_lemmas(text)]


@lru_cache(maxsize=1)
def _groups() -> dict[str, str]:
    """Dictionary form -> the one that stands for its group."""
    lines = [line.split("\t") for line in PATH.read_text("utf-8").splitlines() if not line.startswith("#")]
    return {lemma: line[0] for line in lines for lemma in line}


def group_forms(groups_of: Iterable[tuple[str, list[int]]]) -> list[list[str]]:
    """(dictionary form, its groups) -> forms that share a group; one of several groups goes to the first shared one.

    >>> group_forms([("転居", [7]), ("引っ越し", [7, 9]), ("猫", [9, 3]), ("犬", [4])])
    [['引っ越し', '転居']]
    """
    held = dict(groups_of)
    members: dict[int, list[str]] = defaultdict(list)
    for form, groups in held.items():
        for group in groups:
            members[group].append(form)
    chosen: dict[int, list[str]] = defaultdict(list)
    for form, groups in held.items():
        shared = [group for group in groups if len(members[group]) > 1]
        if shared:
            chosen[shared[0]].append(form)
    return sorted(sorted(forms) for forms in chosen.values() if len(forms) > 1)


def _sudachi_groups() -> Iterable[tuple[str, list[int]]]:
    """UniDic's dictionary forms that SudachiDict holds as one word, with that word's groups."""
    sudachi: Any = import_module("sudachipy")
    tokenizer = sudachi.Dictionary().tokenizer(sudachi.SplitMode.C)
    for form in sorted(dictionary_forms()):
        found = tokenizer.tokenize(form)
        if len(found) == 1 and found[0].synonym_group_ids():
            yield form, list(found[0].synonym_group_ids())


if __name__ == "__main__":
    notice = "# Synonym groups of SudachiDict (Works Applications), Apache License 2.0, in UniDic's dictionary forms"
    lines = [notice, *("\t".join(forms) for forms in group_forms(_sudachi_groups()))]
    PATH.write_text("\n".join(lines) + "\n", "utf-8")
