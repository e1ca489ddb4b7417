"""What tests of several folders share: the index that `make state` builds from the corpus."""

from __future__ import annotations

import pytest

from index.generation import IndexUnavailableError
from index.library import Library, open_library
from ingest.state import state_layout


@pytest.fixture(scope="session")
def library() -> Library:
    """The built index over the corpus; a missing one is a failure and not a reason to skip."""
    try:
        return open_library()
    except IndexUnavailableError as unavailable:
        error = unavailable
    pytest.fail(f"{error}（{state_layout().root}; `make state` builds it, KUSEI_STATE moves it）", pytrace=False)
