"""A ward that does not exist, and an encoder that needs no model: vectors of hashed character pairs."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from index.encoder import Encoded, Encoder
from index.late import Tokens
from index.tokens import bigrams
from ingest.state import StateLayout
from records import (
    Document,
    Extraction,
    Figure,
    Indicator,
    Measure,
    Part,
    Project,
    Section,
    Source,
    TextUnit,
)

DIM = 32


def _vector(pair: str) -> np.ndarray:
    seed = int.from_bytes(hashlib.sha256(pair.encode()).digest()[:4], "big")
    return np.random.default_rng(seed).standard_normal(DIM).astype(np.float32)


class PairEncoder(Encoder):
    """Texts that share character pairs are near; `seen` collects every passage that was encoded."""

    def __init__(self, name: str = "pairs") -> None:
        super().__init__(name, "", "")
        self.seen: list[str] = []

    @property
    def fingerprint(self) -> str:  # type: ignore[override]
        return self.name

    @property
    def dim(self) -> int:  # type: ignore[override]
        return DIM

    def questions(self, texts: Sequence[str]) -> list[Encoded]:
        return [self._one(text) for text in texts]

    def read_passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None, *, with_tokens: bool = True
    ) -> list[Encoded]:
        self.seen.extend(texts)
        return [self._one(text) for text in texts]

    def count_pieces(self, texts: Sequence[str]) -> list[int]:
        return [len(bigrams(text)) for text in texts]

    def _one(self, text: str) -> Encoded:
        pairs = bigrams(text) or ["　"]
        vectors = np.stack([_vector(pair) for pair in pairs])
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        mean = vectors.mean(0)
        ids = [int.from_bytes(hashlib.sha256(pair.encode()).digest()[:2], "big") for pair in pairs]
        return Encoded((mean / np.linalg.norm(mean)).astype(np.float32), Tokens(np.array(ids, np.int32), vectors))


def extraction(
    document_id: str,
    projects: dict[str, list[str]],
    *,
    municipality: str = "架空市",
    ward: str | None = "海老区",
    fiscal_year: int = 2022,
) -> Extraction:
    """A document with one line a heading and a sentence; project names -> sentences."""
    lines: list[str] = []
    found: list[Project] = []
    figures: list[Figure] = []
    indicators: list[Indicator] = []
    sections: list[Section] = []

    def source(line: int) -> Source:
        return Source(document_id, f"{document_id}.txt", None, line, line, lines[line - 1])

    for number, (name, texts) in enumerate(projects.items(), 1):
        lines.append(name)
        project_id = f"{document_id}/p{number}"
        found.append(
            Project(
                project_id,
                document_id,
                0,
                fiscal_year,
                name,
                "project",
                None,
                "安全",
                "自主企画事業費",
                ("総務課",),
                None,
                True,
                False,
                "".join(texts),
                source(len(lines)),
            )
        )
        figures.append(
            Figure(
                f"{document_id}/f{number}",
                document_id,
                0,
                fiscal_year,
                "settlement",
                date(2023, 3, 31),
                project_id,
                None,
                "budget",
                "予算額",
                Decimal(1000 * number) + Decimal("0.5"),
                "yen",
                f"{number}千円",
                "list",
                number % 2 == 1,
                1.0,
                source(len(lines)),
            )
        )
        indicators.append(
            Indicator(
                f"{document_id}/i{number}",
                document_id,
                project_id,
                fiscal_year,
                "参加者数",
                Measure(Decimal(10 * number), "人", f"{10 * number}人", source(len(lines))),
                None,
                source(len(lines)),
            )
        )
        units = []
        for text in texts:
            lines.append(text)
            units.append(TextUnit(text, "sentence", len(lines), len(lines)))
        sections.append(
            Section(
                f"{document_id}/s{number}", document_id, fiscal_year, 0, project_id, None, ("安全", name), tuple(units)
            )
        )
    document = Document(
        document_id,
        f"{document_id}.txt",
        "運営方針",
        "役所",
        municipality,
        "999999",
        ward,
        "99",
        "CC BY 4.0",
        "0" * 64,
        (Part(document_id, 0, fiscal_year, "運営方針", "plan", None, 1, len(lines)),),
    )
    return Extraction(document, tuple(lines), tuple(found), tuple(figures), tuple(indicators), tuple(sections), ())


CATS = {
    "飼い主のいない猫対策事業": ["飼い主のいない猫の不妊去勢手術を支援します。", "猫よけの機器を貸し出します。"],
    "防災訓練事業": ["地域防災拠点の訓練を年3回開催します。"],
    "ボランティア養成事業": ["澤田會舘でボランティア講座を開催します。"],
}
BUSES = {
    "福祉バスの運行": ["高齢者や障がい者が使うバスの運行を補助します。"],
    "公園の整備": ["城北の公園を改修します。"],
}


@pytest.fixture
def encoder() -> PairEncoder:
    return PairEncoder()


@pytest.fixture
def two_documents() -> tuple[Extraction, ...]:
    return (extraction("a", CATS), extraction("b", BUSES, municipality="別の市", fiscal_year=2021))


@pytest.fixture
def layout(tmp_path: object) -> StateLayout:
    from pathlib import Path

    return StateLayout(Path(str(tmp_path)) / "state")
