"""Names that say where they stand: 農林水産部畜産課生産振興Ｇ, 教育費 ／ 社会教育費 ／ 図書館費.

Documents print the whole path; people name one step of it (畜産課, 図書館費) and mean everything below.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

_STEP = re.compile(r".+?(?:部|局|庁|課|室|係|Ｇ|グループ|チーム|班)")
_OF_CATEGORY = re.compile(r"\s*／\s*")


@lru_cache(maxsize=4096)
def steps_of(name: str) -> tuple[str, ...]:
    """The steps of a path, outermost first; a name that is no path is one step.

    >>> steps_of("農林水産部畜産課生産振興Ｇ")
    ('農林水産部', '畜産課', '生産振興Ｇ')
    >>> steps_of("旭土木事務所")
    ('旭土木事務所',)
    """
    if "／" in name:
        return tuple(_OF_CATEGORY.split(name))
    steps = tuple(_STEP.findall(name))
    return steps if len(steps) > 1 and "".join(steps) == name else (name,)


@lru_cache(maxsize=4096)
def names_of(name: str) -> tuple[str, ...]:
    """The name itself and every run of its steps: what people may call it, or what it is part of.

    >>> names_of("土木部河川課計画Ｇ")
    ('土木部河川課計画Ｇ', '土木部', '土木部河川課', '河川課', '河川課計画Ｇ', '計画Ｇ')
    """
    steps = steps_of(name)
    runs = ("".join(steps[i:j]) for i in range(len(steps)) for j in range(i + 1, len(steps) + 1))
    return tuple(dict.fromkeys((name, *runs)))


def is_under(name: str | None, asked: Iterable[str]) -> bool:
    """Whether a printed name is one of those asked for, or lies under one of them."""
    return name is not None and not set(names_of(name)).isdisjoint(asked)
