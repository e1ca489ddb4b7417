"""How many threads a product of matrices may take."""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import lru_cache
from typing import Any

from threadpoolctl import ThreadpoolController


@lru_cache(maxsize=1)
def _controller() -> Any:
    return ThreadpoolController()


def one_blas_thread() -> AbstractContextManager[Any]:
    """One thread for NumPy inside the block, for the small products of a single question.

    A second thread gains a quarter on an idle machine, and on a busy one makes each product wait until both have run:
    encoding a question took 53 ms with one and 246 ms with two, beside four other processes on two cores.
    """
    limited: AbstractContextManager[Any] = _controller().limit(limits=1, user_api="blas")
    return limited
