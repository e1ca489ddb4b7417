"""The same 事業 over the years: where it stands in each year's document, what changed, and what it likely came from."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal
from weakref import WeakKeyDictionary

from answer.types import Place
from answer.values import METRIC_NAMES, figure_text, number_text
from answer.vocabulary import vocabulary
from index.library import Library
from index.tokens import bigrams, content_lemmas
from ingest.eras import fiscal_year_label
from records import Document, Figure, Metric, Part, Phase, Project

Relation = Literal[
    "same",
    "likely_renamed",
    "likely_merged_into",
    "likely_merged_from",
    "likely_split_into",
    "likely_split_from",
    "likely_related",
]
RELATION_NAMES: dict[Relation, str] = {
    "same": "同じ名前",
    "likely_renamed": "名前が変わった可能性",
    "likely_merged_into": "統合先の可能性",
    "likely_merged_from": "統合元の可能性",
    "likely_split_into": "一部の移り先の可能性",
    "likely_split_from": "一部の移り元の可能性",
    "likely_related": "関係する取組の可能性",
}
_LATER: dict[str, Relation] = {
    "same": "same",
    "renamed": "likely_renamed",
    "merged": "likely_merged_into",
    "split": "likely_split_into",
    "related": "likely_related",
}
_EARLIER: dict[str, Relation] = _LATER | {"merged": "likely_merged_from", "split": "likely_split_from"}

_BRACKETS = re.compile(r"[（(〔［\[][^（()）〕］\]]*[）)〕］\]]|[~〜～].*$")
# The tokeniser cuts names in kana to pieces (きらっとあさひ); pieces tell a reader nothing.
_KANA_PIECE = re.compile(r"[ぁ-ゖー]{1,3}")
_TAIL = re.compile(r"(?:事業費|事業|経費|費)$")
_MONEY: tuple[Metric, ...] = ("budget", "settled", "executed", "difference", "execution_rate")
_PHASE_ORDER: dict[Phase, int] = {"plan": 0, "initial_budget": 1, "interim": 2, "settlement": 3, "result": 4}

# Calibrated on the corpus' three years of one ward, where the budget lines of the sub-projects prove what went where.
_SAME_TEXT = 0.55
_KIN = 0.5
_LEFT_OVER = 0.35
_COVERED = 0.4
_RELATED = 0.2
_MOST_BESIDE = 3
_MOST_SENTENCES = 3
_FAINT = 0.35


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """A project of one year that is the asked project, or likely came before, after or beside it, and why.

    `relation` says what it is to the asked project; `evidence` tells it in Japanese; `changes` are sentences on what
    differs between it and the year next to it, in which every number is a printed figure or a declared difference.
    """

    fiscal_year: int
    document: Document
    project: Project
    relation: Relation
    evidence: str
    confidence: float
    figures: tuple[Figure, ...]
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Link:
    """Evidence that an earlier project became, or went into, a later one; `kept` are their matching sub-projects."""

    before: Project
    after: Project
    kind: Literal["same", "renamed", "merged", "split", "related"]
    evidence: str
    confidence: float
    kept: tuple[tuple[Project, Project], ...] = ()


@dataclass(frozen=True, slots=True)
class _Edition:
    """One part of one document: the projects that stand in it side by side."""

    document: Document
    part: Part
    projects: tuple[Project, ...]

    @property
    def order(self) -> tuple[int, int, str, int]:
        return (
            self.part.fiscal_year,
            _PHASE_ORDER[self.part.phase],
            self.document.document_id,
            self.part.index,
        )


def project_history(library: Library, project_id: str) -> tuple[HistoryEntry, ...]:
    """The project over the years within its place, the earliest first, itself included; KeyError where it is unknown.

    Links other than the same name are likely, not certain; each carries its evidence and a confidence (0 to 1).
    """
    project = library.projects[project_id]
    chronicle = _CHRONICLES.get(library)
    if chronicle is None:
        chronicle = _CHRONICLES[library] = _Chronicle(library)
    return chronicle.of(project)


class _Chronicle:
    """The editions of every place, with the links between any two of them, computed when first asked for."""

    def __init__(self, library: Library) -> None:
        self.projects = library.projects
        self.children: dict[str, list[Project]] = defaultdict(list)
        for project in library.projects.values():
            if project.parent_id:
                self.children[project.parent_id].append(project)
        self.figures: dict[str, list[Figure]] = defaultdict(list)
        for figure in library.figures:
            if figure.project_id and figure.primary and figure.metric in _MONEY:
                self.figures[figure.project_id].append(figure)
        self.texts: dict[str, list[str]] = defaultdict(list)
        for section in library.sections:
            for owner in {section.project_id, section.sub_project_id} - {None}:
                self.texts[str(owner)].extend(unit.text for unit in section.units)
        self.editions: dict[Place, list[_Edition]] = defaultdict(list)
        for document in library.documents.values():
            for part in document.parts:
                held = tuple(
                    p
                    for p in library.projects.values()
                    if p.document_id == document.document_id and p.part_index == part.index
                )
                if held:
                    self.editions[Place(document.municipality, document.ward)].append(_Edition(document, part, held))
        self._words: dict[Place, _Words] = {}
        self._links: dict[tuple[str, int, str, int], tuple[_Link, ...]] = {}

    def of(self, project: Project) -> tuple[HistoryEntry, ...]:
        place, own = self._edition_of(project)
        words = self._words_of(place)
        editions = sorted(self.editions[place], key=lambda e: e.order)
        found: dict[str, HistoryEntry] = {project.project_id: self._entry(own, project, "same", "この事業です。", 1.0)}
        for later in (False, True):
            # Nearest first; what one year gave is where the next one is sought from.
            beyond = [e for e in editions if e is not own and (e.order > own.order) is later]
            if not later:
                beyond.reverse()
            frontier = {project.project_id: found[project.project_id]}
            for edition in beyond:
                reached = self._reach(edition, frontier, project, later, words)
                found.update(reached)
                if any(e.relation != "likely_related" for e in reached.values()):
                    # An older name may come back after a year without it, so the asked project always stays.
                    frontier = {project.project_id: found[project.project_id]} | reached
        for known in [e for e in found.values() if e.relation == "same"]:
            for other_id, entry in self._beside(known, place, words).items():
                found.setdefault(other_id, entry)
        return tuple(
            sorted(
                found.values(),
                key=lambda e: (self._edition_of(e.project)[1].order, -e.confidence, e.project.project_id),
            )
        )

    def _reach(
        self,
        edition: _Edition,
        frontier: dict[str, HistoryEntry],
        asked: Project,
        later: bool,
        words: _Words,
    ) -> dict[str, HistoryEntry]:
        """Entries of one edition, linked to the nearest ones found so far."""
        reached: dict[str, HistoryEntry] = {}
        for known in frontier.values():
            if known.relation == "likely_related":
                continue
            own = self._edition_of(known.project)[1]
            pair = (own, edition) if later else (edition, own)
            links = (
                self._links_between(*pair, words)
                if known.project.kind != "sub_project" or known.project.listed
                else self._sub_links(known.project, own, edition, later, words)
            )
            for link in links:
                near, far = (link.before, link.after) if later else (link.after, link.before)
                if near.project_id != known.project.project_id or far.project_id == asked.project_id:
                    continue
                direct: Relation = (_LATER if later else _EARLIER)[link.kind]
                relation = direct if known.relation == "same" else known.relation
                confidence = round(link.confidence * known.confidence, 2)
                if direct == "likely_related" and not (far.kind == "measure" == near.kind):
                    continue
                held = reached.get(far.project_id)
                if confidence < _FAINT or (held and held.confidence >= confidence):
                    continue
                changes = () if link.kind == "related" else self._changes(link)
                reached[far.project_id] = self._entry(edition, far, relation, link.evidence, confidence, changes)
        if any(e.relation != "likely_related" for e in reached.values()):
            reached = {k: e for k, e in reached.items() if e.relation != "likely_related"}
        return reached

    def _beside(self, known: HistoryEntry, place: Place, words: _Words) -> dict[str, HistoryEntry]:
        """What other documents of the same year say in words near those of a project: a policy's review of it."""
        own = self._edition_of(known.project)[1]
        found: list[HistoryEntry] = []
        for edition in self.editions[place]:
            if edition is own or edition.part.fiscal_year != own.part.fiscal_year:
                continue
            pair = sorted((own, edition), key=lambda e: e.order)
            for link in self._links_between(pair[0], pair[1], words):
                sides = (link.before, link.after)
                if link.kind == "related" and known.project in sides:
                    other = sides[1] if sides[0] is known.project else sides[0]
                    confidence = round(link.confidence * known.confidence, 2)
                    found.append(self._entry(edition, other, "likely_related", link.evidence, confidence))
        found.sort(key=lambda e: -e.confidence)
        return {e.project.project_id: e for e in found[:_MOST_BESIDE] if e.confidence >= _FAINT}

    def _entry(
        self,
        edition: _Edition,
        project: Project,
        relation: Relation,
        evidence: str,
        confidence: float,
        changes: tuple[str, ...] = (),
    ) -> HistoryEntry:
        return HistoryEntry(
            project.fiscal_year,
            edition.document,
            project,
            relation,
            evidence,
            confidence,
            self._figures_of(project),
            changes,
        )

    def _figures_of(self, project: Project) -> tuple[Figure, ...]:
        held = [f for f in self.figures[project.project_id] if f.fiscal_year == project.fiscal_year]
        return tuple(sorted(held, key=lambda f: _MONEY.index(f.metric)))

    def _edition_of(self, project: Project) -> tuple[Place, _Edition]:
        for place, editions in self.editions.items():
            for edition in editions:
                if (edition.document.document_id, edition.part.index) == (project.document_id, project.part_index):
                    return place, edition
        raise KeyError(project.project_id)

    def _words_of(self, place: Place) -> _Words:
        if place not in self._words:
            held = [p for e in self.editions[place] for p in e.projects]
            self._words[place] = _Words({p.project_id: self._whole_text(p) for p in held}, [p.name for p in held])
        return self._words[place]

    def _whole_text(self, project: Project) -> str:
        """Everything that is said of a project, its sub-projects included."""
        texts = [project.name, *(self.texts.get(project.project_id) or [project.text])]
        texts.extend(child.name for child in self.children[project.project_id])
        return "\n".join(texts)

    # ---- links between two years --------------------------------------------------------------------------------

    def _links_between(self, before: _Edition, after: _Edition, words: _Words) -> tuple[_Link, ...]:
        key = (before.document.document_id, before.part.index, after.document.document_id, after.part.index)
        if key not in self._links:
            self._links[key] = tuple(self._find_links(before, after, words))
        return self._links[key]

    def _find_links(self, before: _Edition, after: _Edition, words: _Words) -> Iterable[_Link]:
        earlier, later = _top(before), _top(after)
        partners = self._partners(earlier, later)
        moved = self._moved(earlier, later, partners, words)
        drafts: dict[tuple[str, str], tuple[str, float, tuple[tuple[Project, Project], ...]]] = {}
        by_pair: dict[tuple[str, str], list[_Move]] = defaultdict(list)
        for move in moved:
            by_pair[(move.old_top.project_id, move.new_top.project_id)].append(move)
        for (old_id, new_id), moves in by_pair.items():
            old, new = self.projects[old_id], self.projects[new_id]
            partner = partners.get(old_id)
            kept = tuple((m.old, m.new) for m in moves)
            if partner is not None and partner.project_id == new_id:
                drafts[(old_id, new_id)] = ("partner", 1.0, kept)
                continue
            weight = sum(m.weight for m in moves)
            named = any(m.named for m in moves)
            if partner is not None:
                if named:
                    drafts[(old_id, new_id)] = ("part", max(m.weight for m in moves), kept)
                continue
            whole = any(m.old.project_id == old_id for m in moves)
            size = 1 if whole else max(1, len(self.children[old_id]))
            covered = min(1.0, weight / size)
            if covered >= (_LEFT_OVER if whole else _COVERED):
                drafts[(old_id, new_id)] = ("inherited" if named else "text", covered, kept)
        for old in earlier:
            partner = partners.get(old.project_id)
            if partner is not None:
                drafts.setdefault((old.project_id, partner.project_id), ("partner", 1.0, ()))
        into = Counter(new for _, new in drafts)
        out_of = Counter(old for old, _ in drafts)
        for (old_id, new_id), (how, strength, kept) in drafts.items():
            old, new = self.projects[old_id], self.projects[new_id]
            if how == "partner":
                same = _fold(old.name) == _fold(new.name)
                evidence = "同じ名前です。" if same else "かっこの中や末尾の語を除いて、名前が同じです。"
                yield _Link(old, new, "same" if same else "renamed", evidence, 0.99 if same else 0.95, kept)
                continue
            kind: Literal["merged", "split", "renamed"] = (
                "split"
                if how == "part"
                else "merged"
                if into[new_id] > 1 or any(a is old and b is not new for a, b in kept)
                else "split"
                if out_of[old_id] > 1
                else "renamed"
            )
            evidence = self._evidence(old, new, kept, how, words)
            confidence = 0.45 + 0.45 * strength if how == "inherited" else 0.35 + 0.5 * strength
            confidence += 0.05 if set(old.departments) & set(new.departments) else 0.0
            yield _Link(old, new, kind, evidence, min(0.95, confidence), kept)
        if any(p.kind == "measure" for p in (*earlier, *later)):
            yield from self._related(earlier, later, drafts.keys(), words)

    def _partners(self, earlier: Sequence[Project], later: Sequence[Project]) -> dict[str, Project]:
        """Projects of the same name, then those whose names differ only in brackets or in the words at the end."""
        found: dict[str, Project] = {}
        taken: set[str] = set()
        for form in (_fold, _core):
            forms: dict[str, list[Project]] = defaultdict(list)
            for project in later:
                if project.project_id not in taken:
                    forms[form(project.name)].append(project)
            for project in earlier:
                same = forms.get(form(project.name), [])
                if project.project_id in found or not same:
                    continue
                # Namesakes inside one document are told apart by their department.
                best = max(same, key=lambda p: len(set(p.departments) & set(project.departments)))
                if best.project_id not in taken:
                    found[project.project_id] = best
                    taken.add(best.project_id)
        return found

    def _moved(
        self,
        earlier: Sequence[Project],
        later: Sequence[Project],
        partners: dict[str, Project],
        words: _Words,
    ) -> list[_Move]:
        """Sub-projects (or whole projects without any) and where they are found again, each used once."""
        taken_old: set[str] = set()
        taken_new: set[str] = set()
        moves: list[_Move] = []

        def choose(candidates: list[_Move]) -> None:
            candidates.sort(key=lambda m: (-m.weight, m.old.project_id, m.new.project_id))
            for move in candidates:
                if move.old.project_id not in taken_old and move.new.project_id not in taken_new:
                    taken_old.add(move.old.project_id)
                    taken_new.add(move.new.project_id)
                    moves.append(move)

        shared = _Shared(
            Counter(_core(c.name) for p in earlier for c in self.children[p.project_id]),
            Counter(_core(c.name) for p in later for c in self.children[p.project_id]),
        )
        # What stays inside its project is no move elsewhere, so those pairs are made first.
        stays = [
            move
            for old in earlier
            if (new := partners.get(old.project_id)) is not None
            for a in self.children[old.project_id]
            for b in self.children[new.project_id]
            if (move := self._move(a, b, old, new, shared, words, stays=True)) is not None
        ]
        choose(stays)
        lost = [p for p in earlier if p.project_id not in partners and p.kind != "measure"]
        kept_new = {p.project_id for p in partners.values()}
        elsewhere: list[_Move] = []
        for old in earlier:
            if old.kind == "measure":
                continue
            olds = [c for c in self.children[old.project_id] if c.project_id not in taken_old]
            if old in lost:
                olds.append(old)
            for new in later:
                if new.kind == "measure" or partners.get(old.project_id) is new:
                    continue
                news = [c for c in self.children[new.project_id] if c.project_id not in taken_new]
                if new.project_id not in kept_new:
                    news.append(new)
                elsewhere.extend(
                    move for a in olds for b in news if (move := self._move(a, b, old, new, shared, words)) is not None
                )
        choose(elsewhere)
        return moves

    def _move(
        self, a: Project, b: Project, old: Project, new: Project, shared: _Shared, words: _Words, stays: bool = False
    ) -> _Move | None:
        """How far one (sub-)project is the other: by name, the names of their projects, and what is said of them."""
        first, second = _core(a.name), _core(b.name)
        alike = words.alike(a.project_id, b.project_id)
        if first == second:
            usual = shared.usual(first)
            if usual and alike < 0.25 and _fold(old.name) != _fold(new.name):
                return None
            return _Move(a, b, old, new, 0.6 + 0.4 * alike if usual else 1.0, True)
        short, long = sorted((first, second), key=len)
        if len(short) >= 2 and short in long:
            rest = long.replace(short, "", 1)
            if len(rest) >= 2 and rest in _fold((old if short == first else new).name):
                return _Move(a, b, old, new, 0.95, True)
        name = words.name_alike(first, second)
        if len(short) >= 4 and short in long and name >= 0.6 and alike >= 0.15:
            return _Move(a, b, old, new, 0.5 + 0.4 * name, True)
        if name >= 0.6 and alike >= 0.15:
            return _Move(a, b, old, new, min(0.9, 0.5 + 0.4 * name), True)
        mentioned = len(_fold(new.name)) >= 5 and _fold(new.name) in _fold(words.texts.get(a.project_id, ""))
        score = 0.7 * alike + 0.3 * name + (0.2 if mentioned else 0.0)
        whole = a is old and b is new
        if whole:
            # Two whole projects differ in length more than two sub-projects do, so that their names weigh as much.
            score = 0.5 * alike + 0.5 * name + (0.05 if set(a.departments) & set(b.departments) else 0.0)
        left_over = (stays or whole) and score >= _LEFT_OVER
        if alike >= _SAME_TEXT or score >= _KIN or left_over:
            return _Move(a, b, old, new, min(0.9, max(score, alike)), False)
        return None

    def _evidence(
        self, old: Project, new: Project, kept: tuple[tuple[Project, Project], ...], how: str, words: _Words
    ) -> str:
        """Why two projects of different years are taken for one another, in Japanese sentences."""
        told: list[str] = []
        subs = [(a, b) for a, b in kept if a.project_id != old.project_id and b.project_id != new.project_id]
        if subs:
            told.append(
                f"{fiscal_year_label(old.fiscal_year)}の細事業{_quoted(a.name for a, _ in subs)}が、"
                f"{fiscal_year_label(new.fiscal_year)}の「{new.name}」の細事業"
                + (
                    "に引き継がれています。"
                    if _all_same(subs)
                    else f"{_quoted(b.name for _, b in subs)}に引き継がれています。"
                )
            )
        for a, b in kept:
            if (a, b) in subs:
                continue
            if b.project_id != new.project_id:
                told.append(f"「{a.name}」が、「{new.name}」の細事業「{b.name}」になっています。")
            elif a.project_id != old.project_id:
                told.append(f"細事業「{a.name}」が、「{b.name}」として独立しています。")
            elif not subs:
                told.append("名前や説明が似ています。")
        equal = [
            (a, x)
            for a, b in subs
            if (x := self._budget(a)) is not None and (y := self._budget(b)) is not None and x.value == y.value
        ]
        if equal:
            told.append("予算額も同額です（" + "、".join(f"「{a.name}」{figure_text(x)}" for a, x in equal) + "）。")
        if _fold(new.name) not in _fold(old.name) and _fold(new.name) in _fold(words.texts.get(old.project_id, "")):
            told.append(f"「{old.name}」の説明に「{new.name}」が挙げられています。")
        if how == "text" or not subs:
            common = words.common(old.project_id, new.project_id)
            if common:
                told.append(f"説明に共通することば: {'、'.join(common)}。")
        departments = [d for d in old.departments if d in new.departments]
        if departments:
            told.append(f"担当課が同じです（{'、'.join(departments)}）。")
        return "".join(told)

    def _related(
        self, earlier: Sequence[Project], later: Sequence[Project], linked: Iterable[tuple[str, str]], words: _Words
    ) -> Iterable[_Link]:
        """Measures (取組) of a policy or its review, which have no 事業 name, beside the projects they speak of."""
        done = set(linked)
        for old in earlier:
            for new in later:
                if "measure" not in (old.kind, new.kind) or (old.project_id, new.project_id) in done:
                    continue
                alike = words.alike(old.project_id, new.project_id)
                departments = [d for d in old.departments if d in new.departments]
                if alike < (_RELATED if departments else _RELATED + 0.15):
                    continue
                common = words.common(old.project_id, new.project_id)
                evidence = f"説明に共通することば: {'、'.join(common)}。"
                if departments:
                    evidence += f"担当課が同じです（{'、'.join(departments)}）。"
                yield _Link(old, new, "related", evidence, min(0.8, 0.25 + alike))

    def _sub_links(
        self, known: Project, own: _Edition, edition: _Edition, later: bool, words: _Words
    ) -> tuple[_Link, ...]:
        """Links of a sub-project: the one that took its place among its project's and elsewhere."""
        pair = (own, edition) if later else (edition, own)
        found: list[_Link] = []
        for link in self._links_between(*pair, words):
            for a, b in link.kept:
                near, far = (a, b) if later else (b, a)
                if near.project_id != known.project_id:
                    continue
                same = _fold(a.name) == _fold(b.name)
                told = "同じ名前の細事業です。" if same else "細事業の名前や説明が似ています。"
                if _core(link.before.name) != _core(link.after.name) and far.kind == "sub_project":
                    told += f"上位の事業は「{link.before.name}」から「{link.after.name}」になりました。"
                confidence = min(link.confidence, 0.95 if same else 0.8)
                found.append(_Link(a, b, "same" if same else "renamed", told, confidence))
        return tuple(found)

    # ---- what changed -------------------------------------------------------------------------------------------

    def _budget(self, project: Project) -> Figure | None:
        return next((f for f in self._figures_of(project) if f.metric == "budget"), None)

    def _changes(self, link: _Link) -> tuple[str, ...]:
        """What differs between the two years of a link, in sentences; earlier first."""
        old, new = link.before, link.after
        years = (fiscal_year_label(old.fiscal_year), fiscal_year_label(new.fiscal_year))
        if old.fiscal_year == new.fiscal_year:
            years = tuple(f"{y}（{self._kind(p)}）" for y, p in zip(years, (old, new), strict=True))  # type: ignore[assignment]
        if link.kind in ("same", "renamed"):
            told = list(self._figure_changes(old, new, years))
        else:
            told = list(self._moved_budgets(link, years))
        if old.departments and new.departments and set(old.departments) != set(new.departments):
            told.append(f"担当課: {'、'.join(old.departments)} → {'、'.join(new.departments)}")
        if link.kind in ("same", "renamed"):
            told.extend(self._sub_changes(link))
            told.extend(_text_changes(old, new))
        return tuple(told)

    def _kind(self, project: Project) -> str:
        return self._edition_of(project)[1].part.kind

    def _figure_changes(self, old: Project, new: Project, years: tuple[str, str]) -> Iterable[str]:
        """A difference only between figures of one phase: what is settled and what is spent so far do not compare."""
        before = {f.metric: f for f in self._figures_of(old)}
        after = {f.metric: f for f in self._figures_of(new)}
        spent: tuple[Metric, ...] = ("settled", "executed", "execution_rate")
        phases = {f.phase for held in (before, after) for m, f in held.items() if m in spent}
        for metric in ("budget", *spent) if len(phases) == 1 else ("budget",):
            first, second = before.get(metric), after.get(metric)
            if first is not None and second is not None:
                yield (
                    f"{METRIC_NAMES[metric]}: {years[0]} {figure_text(first)} → {years[1]} {figure_text(second)}"
                    f"（{_difference(first, second)}）"
                )
        if len(phases) > 1:
            sides = [[f for m in spent if (f := held.get(m)) is not None] for held in (before, after)]
            if all(sides):
                amounts = ["・".join(f"{METRIC_NAMES[f.metric]} {figure_text(f)}" for f in side) for side in sides]
                told = "、".join(
                    f"{year} {amount}（{_phase(side[0])}）"
                    for year, amount, side in zip(years, amounts, sides, strict=True)
                )
                yield f"支出: {told}。段階が違うため、差は出していません。"

    def _moved_budgets(self, link: _Link, years: tuple[str, str]) -> Iterable[str]:
        """The budgets of what went from one project into another: their totals are of different things."""
        for a, b in link.kept:
            first, second = self._budget(a), self._budget(b)
            if first and second and b is not link.after:
                name = _in_quotes(a.name) + ("" if a.name == b.name else f"→{_in_quotes(b.name)}")
                yield (
                    f"{name}の予算額: {years[0]} {figure_text(first)} → {years[1]} {figure_text(second)}"
                    f"（{_difference(first, second)}）"
                )

    def _sub_changes(self, link: _Link) -> Iterable[str]:
        olds, news = self.children[link.before.project_id], self.children[link.after.project_id]
        if not olds or not news:
            return
        kept_old = {a.project_id for a, _ in link.kept}
        kept_new = {b.project_id for _, b in link.kept}
        renamed = [(a, b) for a, b in link.kept if a in olds and b in news and _core(a.name) != _core(b.name)]
        added = [p.name for p in news if p.project_id not in kept_new]
        gone = [p.name for p in olds if p.project_id not in kept_old]
        if added:
            yield f"細事業{_quoted(added)}が加わりました。"
        if gone:
            yield f"細事業{_quoted(gone)}がなくなりました。"
        for a, b in renamed:
            yield f"細事業「{a.name}」は「{b.name}」になった可能性があります。"


_CHRONICLES: WeakKeyDictionary[Library, _Chronicle] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class _Move:
    """A (sub-)project and where it is found again; `named` where the names say so, not only the texts."""

    old: Project
    new: Project
    old_top: Project
    new_top: Project
    weight: float
    named: bool


@dataclass(frozen=True, slots=True)
class _Shared:
    """How many sub-projects of each year bear a name, widths and endings aside."""

    earlier: Counter[str]
    later: Counter[str]

    def usual(self, core: str) -> bool:
        """Whether the name tells little by itself (普及啓発事業 of several projects)."""
        return self.earlier[core] > 1 or self.later[core] > 1


class _Words:
    """The words of a place's projects, weighted by how few of them use each."""

    def __init__(self, texts: dict[str, str], names: Sequence[str]) -> None:
        self.texts = texts
        self._lemmas = {key: Counter(content_lemmas(text)) for key, text in texts.items()}
        held = Counter(word for lemmas in self._lemmas.values() for word in lemmas)
        self._rarity = {word: math.log((1 + len(texts)) / count) for word, count in held.items()}
        pairs = Counter(pair for name in dict.fromkeys(names) for pair in set(bigrams(_core(name))))
        self._pair_rarity = {pair: math.log((2 + len(set(names))) / count) for pair, count in pairs.items()}
        self._vectors: dict[str, dict[str, float]] = {}

    def _vector(self, key: str) -> dict[str, float]:
        """Words of a text, L2-normalised; numbers tell nothing of what a text is about."""
        if key not in self._vectors:
            raw = {
                word: (1 + math.log(count)) * self._rarity[word]
                for word, count in self._lemmas[key].items()
                if not word.isdigit()
            }
            length = math.sqrt(sum(v * v for v in raw.values())) or 1.0
            self._vectors[key] = {word: value / length for word, value in raw.items()}
        return self._vectors[key]

    def alike(self, first: str, second: str) -> float:
        """Cosine of two texts, 0 to 1."""
        a, b = self._vector(first), self._vector(second)
        if len(b) < len(a):
            a, b = b, a
        return sum(value * b[word] for word, value in a.items() if word in b)

    def common(self, first: str, second: str, most: int = 5) -> list[str]:
        """The rarest words that two texts share, as the first of them writes them."""
        a, b = self._vector(first), self._vector(second)
        shared = sorted((w for w in a if w in b and len(w) >= 2), key=lambda w: -(a[w] * b[w]))
        return [w for w in shared if w in self.texts[first] and not _KANA_PIECE.fullmatch(w)][:most]

    def name_alike(self, first: str, second: str) -> float:
        """How much of two names' character pairs is common, each weighted by how few names hold it, 0 to 1."""
        a, b = set(bigrams(first)), set(bigrams(second))
        weight = self._pair_rarity
        total = sum(weight.get(p, 1.0) for p in a) + sum(weight.get(p, 1.0) for p in b)
        return 2 * sum(weight.get(p, 1.0) for p in a & b) / total if total else 0.0


def _top(edition: _Edition) -> list[Project]:
    """The rows of an edition that stand for themselves: projects, listed sub-projects, measures."""
    return [p for p in edition.projects if p.kind != "sub_project" or p.listed]


def _fold(name: str) -> str:
    return vocabulary().fold(name)


def _core(name: str) -> str:
    """The name without brackets and without the words that names end in."""
    bare = _fold(_BRACKETS.sub("", name)) or _fold(name)
    core = _TAIL.sub("", bare)
    return core if len(core) >= 2 else bare


def _quoted(names: Iterable[str]) -> str:
    return "".join(_in_quotes(name) for name in names)


def _all_same(pairs: Sequence[tuple[Project, Project]]) -> bool:
    return all(_core(a.name) == _core(b.name) for a, b in pairs)


def _phase(figure: Figure) -> str:
    if figure.phase == "interim":
        return f"{figure.as_of.month}月{figure.as_of.day}日現在" if figure.as_of else "年度途中"
    return {"settlement": "決算", "plan": "計画", "initial_budget": "当初予算", "result": "振り返り"}[figure.phase]


def _difference(first: Figure, second: Figure) -> str:
    difference: Decimal = second.value - first.value
    if difference == 0:
        return "増減なし"
    if first.unit == "percent":
        return f"{number_text(difference, 'point')}、計算値"
    return f"{'＋' if difference > 0 else '▲'}{number_text(abs(difference), first.unit)}、計算値"


def _text_changes(old: Project, new: Project) -> Iterable[str]:
    """Sentences of the text that are new or gone; a changed ending (行いました, 行います) is no change."""
    olds, news = _sentences(old.text), _sentences(new.text)
    if not olds or not news:
        return
    added = [s for s in news if max(_overlap(s, other) for other in olds) < 0.6]
    gone = [s for s in olds if max(_overlap(s, other) for other in news) < 0.6]
    if 2 * len(added) > len(news):
        yield "説明の文は大きく書き換えられています。"
        return
    for told, sentences in (("説明に加わった文", added), ("説明からなくなった文", gone)):
        for sentence in sentences[:_MOST_SENTENCES]:
            yield f"{told}: {_in_quotes(sentence)}"
        if len(sentences) > _MOST_SENTENCES:
            yield f"{told}は、ほかにもあります。"


def _in_quotes(text: str) -> str:
    return f"『{text}』" if "「" in text else f"「{text}」"


def _sentences(text: str) -> list[str]:
    return [s.strip() for s in re.split(r"(?<=。)|\n", text) if len(s.strip()) >= 4]


def _overlap(first: str, second: str) -> float:
    a, b = set(bigrams(first)), set(bigrams(second))
    return 2 * len(a & b) / (len(a) + len(b)) if a and b else 0.0
