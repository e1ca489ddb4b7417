"""Retrieval over any list of texts: the same steps, in the same order, for the corpus and for a public benchmark."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Self

Arm = Literal["default", "dense", "lexical"]


class Pipeline:
    """Dense and lexical retrieval, fused and reranked, over texts held in memory."""

    @classmethod
    def build(cls, texts: Sequence[str], titles: Sequence[str] | None = None) -> Self:
        """Index `texts`; `titles` (same length; empty strings allowed) are indexed with them as headings.

        Slow: encodes every text. Progress goes to stderr when it takes longer than two seconds.
        """
        raise NotImplementedError

    def search(self, query: str, k: int = 10, arm: Arm = "default") -> list[tuple[int, float]]:
        """The best `k` texts as (position in `texts`, score), best first; fewer where fewer match."""
        raise NotImplementedError

    def search_many(self, queries: Sequence[str], k: int = 10, arm: Arm = "default") -> list[list[tuple[int, float]]]:
        """`search` for many queries, faster than one by one because they are encoded together."""
        raise NotImplementedError
