"""Imports go one way, and each heavy library has one importer."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ORDER = ("records", "ingest", "index", "training", "answer", "ui", "eval", "bench", "app")
# What each package may import of ours, besides itself.
ALLOWED = {
    "records": set(),
    "ingest": {"records"},
    "index": {"records", "ingest"},
    "training": {"records", "ingest", "index"},
    "answer": {"records", "ingest", "index"},
    "ui": {"records", "ingest", "index", "answer"},
    "eval": {"records", "ingest", "index", "answer"},
    "bench": {"records", "ingest", "index", "answer", "eval"},
    "app": {"ui"},
}
IMPORTERS = {
    "fugashi": ("index/tokens.py",),
    "unidic_lite": ("index/tokens.py",),
    "sentence_transformers": ("index/encoder.py", "index/model_setup.py"),
    "faiss": ("index/dense.py",),
    "bm25s": ("index/lexical.py",),
    "rapidfuzz": ("answer/names.py",),
    "streamlit": ("app.py", "ui/"),
    "altair": ("ui/",),
    "xlsxwriter": ("ui/export.py",),
    "pypdfium2": ("ingest/readers/",),
    "pdfplumber": ("ingest/readers/",),
    "docx": ("ingest/readers/",),
    "python_calamine": ("ingest/readers/",),
    "selectolax": ("ingest/readers/", "ingest/layouts/", "ingest/"),
}


def own_files() -> list[Path]:
    files = [ROOT / "records.py", ROOT / "app.py"]
    for package in ("ingest", "index", "training", "answer", "ui", "eval", "bench"):
        files.extend(sorted((ROOT / package).rglob("*.py")))
    return files


def imported(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names.add(node.module.split(".")[0])
    return names


@pytest.mark.parametrize("path", own_files(), ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_go_one_way(path: Path) -> None:
    package = path.relative_to(ROOT).parts[0].removesuffix(".py")
    ours = imported(path) & set(ORDER)
    assert ours - {package} <= ALLOWED[package]


@pytest.mark.parametrize("library", sorted(IMPORTERS))
def test_each_heavy_library_has_one_importer(library: str) -> None:
    importers = {str(p.relative_to(ROOT)) for p in own_files() if library in imported(p)}
    assert all(any(importer.startswith(place) for place in IMPORTERS[library]) for importer in importers), importers


def test_every_package_is_read() -> None:
    packages = {path.relative_to(ROOT).parts[0].removesuffix(".py") for path in own_files()}
    assert {"records", "ingest", "index", "answer", "ui", "eval", "app"} <= packages
