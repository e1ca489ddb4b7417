"""The disk layout of the state folder: every path of built things, in one frozen type."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class StateLayout:
    """Paths inside the state folder (`KUSEI_STATE`, or var/ beside the code).

    extracted/<document_id>.json   one Extraction each, written whole, then renamed
    extracted/catalog.json         which documents are held, in order, by hash; replaced in one step
    model/                         the embedding model that set-up prepared
    generations/<name>/            one whole build of the index each
    current                        the name of the generation that serves; replaced in one step
    feedback.sqlite                what users said of answers
    """

    root: Path

    @property
    def extracted(self) -> Path:
        return self.root / "extracted"

    @property
    def catalog(self) -> Path:
        return self.extracted / "catalog.json"

    @property
    def model(self) -> Path:
        return self.root / "model"

    @property
    def generations(self) -> Path:
        return self.root / "generations"

    @property
    def current(self) -> Path:
        return self.root / "current"

    @property
    def feedback(self) -> Path:
        return self.root / "feedback.sqlite"


def state_layout() -> StateLayout:
    """The layout that the environment names: `KUSEI_STATE`, else var/ in the project's folder."""
    named = os.environ.get("KUSEI_STATE")
    return StateLayout(Path(named) if named else Path(__file__).resolve().parent.parent / "var")
