"""Facts about source documents that their text does not tell: publisher, codes, licence, kind and phase."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any, get_args

from records import Phase

_PHASES: tuple[str, ...] = get_args(Phase)


class SourcesError(ValueError):
    """sources.toml cannot be used; the message is Japanese, and says where and what to do."""


@dataclass(frozen=True, slots=True)
class PartFacts:
    """What is known of a part of a document; `kind` is the label that people read (決算総括説明書)."""

    fiscal_year: int
    kind: str | None = None
    phase: Phase | None = None
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """What is known of a document; None where nobody said, and the text has to tell."""

    file: str = ""
    title: str | None = None
    publisher: str | None = None
    municipality: str | None = None
    municipality_code: str | None = None
    ward: str | None = None
    ward_code: str | None = None
    licence: str | None = None
    sha256: str | None = None
    parts: tuple[PartFacts, ...] = ()


_TEXT_KEYS = tuple(field.name for field in fields(SourceFacts) if field.name != "parts")
_PART_KEYS = tuple(field.name for field in fields(PartFacts))


def load_sources(path: Path) -> tuple[SourceFacts, ...]:
    """The facts in a sources.toml, in its order; an absent file holds none.

    Raises SourcesError where the file cannot be read as what it should be.
    """
    if not path.exists():
        return ()
    try:
        table = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise SourcesError(
            f"{path.name} を読めません。UTF-8 で保存し直してください（{error.start + 1}バイト目）。"
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise SourcesError(f"{path.name} の書き方に誤りがあります: {error}。その行を直してください。") from error
    except OSError as error:
        raise SourcesError(f"{path} を開けません: {error.strerror}。") from error
    unknown = sorted(set(table) - {"document"})
    if unknown:
        raise SourcesError(
            f"{path.name}: 知らない項目 {', '.join(unknown)} があります。書けるのは [[document]] だけです。"
        )
    documents = table.get("document", [])
    if not isinstance(documents, list) or not all(isinstance(entry, dict) for entry in documents):
        raise SourcesError(f"{path.name}: 文書は [[document]] と二重の角括弧で書いてください。")
    found = tuple(_parse_document(path.name, number, entry) for number, entry in enumerate(documents, start=1))
    names = [facts.file for facts in found]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise SourcesError(f"{path.name}: {', '.join(twice)} が二度書かれています。片方を消してください。")
    return found


def _parse_document(file: str, number: int, entry: dict[str, Any]) -> SourceFacts:
    where = f"{file} の{number}番目の [[document]]" + (
        f"（{entry['file']}）" if isinstance(entry.get("file"), str) else ""
    )
    unknown = sorted(set(entry) - set(_TEXT_KEYS) - {"part"})
    if unknown:
        raise SourcesError(
            f"{where}: 知らない項目 {', '.join(unknown)} があります。書けるのは {', '.join(_TEXT_KEYS)}, part です。"
        )
    for key in _TEXT_KEYS:
        if key in entry and not isinstance(entry[key], str):
            raise SourcesError(f"{where}: {key} は引用符で囲んだ文字で書いてください。")
    name = entry.get("file", "")
    if not name:
        raise SourcesError(f"{where}: file がありません。文書のファイル名を書いてください。")
    if Path(name).name != name:
        raise SourcesError(f"{where}: file にはフォルダーを含めず、ファイル名だけを書いてください。")
    sha256 = entry.get("sha256")
    if sha256 is not None and not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise SourcesError(f"{where}: sha256 は64桁の16進数で書いてください。")
    for key, digits in (("municipality_code", 6), ("ward_code", 6)):
        if key in entry and not re.fullmatch(rf"\d{{{digits}}}", entry[key]):
            raise SourcesError(f"{where}: {key} は全国地方公共団体コード{digits}桁で書いてください。")
    parts = entry.get("part", [])
    if not isinstance(parts, list) or not all(isinstance(part, dict) for part in parts):
        raise SourcesError(f"{where}: 部分は [[document.part]] と二重の角括弧で書いてください。")
    return SourceFacts(
        parts=tuple(_parse_part(where, number, part) for number, part in enumerate(parts, start=1)),
        **{key: entry[key] for key in _TEXT_KEYS if key in entry},
    )


def _parse_part(where: str, number: int, part: dict[str, Any]) -> PartFacts:
    where = f"{where}の{number}番目の part"
    unknown = sorted(set(part) - set(_PART_KEYS))
    if unknown:
        raise SourcesError(
            f"{where}: 知らない項目 {', '.join(unknown)} があります。書けるのは {', '.join(_PART_KEYS)} です。"
        )
    year = part.get("fiscal_year")
    if not isinstance(year, int) or isinstance(year, bool) or not 1868 <= year <= 2200:
        raise SourcesError(f"{where}: fiscal_year は西暦の年度（令和4年度なら 2022）を数字で書いてください。")
    phase = part.get("phase")
    if phase is not None and phase not in _PHASES:
        raise SourcesError(f"{where}: phase は {', '.join(_PHASES)} のどれかを書いてください。")
    as_of = part.get("as_of")
    if as_of is not None and not isinstance(as_of, date):
        raise SourcesError(f"{where}: as_of は 2023-07-31 のように、引用符なしの日付で書いてください。")
    kind = part.get("kind")
    if kind is not None and not isinstance(kind, str):
        raise SourcesError(f"{where}: kind は引用符で囲んだ文字で書いてください。")
    return PartFacts(year, kind, phase, as_of)
