"""What an answer says where no row answers: what is missing, and what there is instead."""

from __future__ import annotations

from dataclasses import replace

from answer.account_plans import in_book
from answer.evidence import Evidence, block_title
from answer.hierarchy import is_under
from answer.selection import Selection
from answer.types import Plan
from answer.wording import LEVEL_NAMES, metric_name
from ingest.eras import fiscal_year_label


class Refusals(Selection):
    """Tells why nothing answers."""

    def _nothing(self, plan: Plan) -> Evidence:
        """Why no row answers: not settled yet, or no such figure; with what there is."""
        metrics = plan.metrics or tuple(c.metric for c in plan.conditions)
        places = plan.places or self.ledger.places
        settled = {
            r.fiscal_year for r in self.ledger.rows if r.place in places and r.phase == "settlement" and r.figures
        }
        wants_spent = any(m in ("settled", "executed", "execution_rate", "difference") for m in metrics)
        subject = "・".join(
            f"「{m.names[0] if len(m.names) == 1 else m.words}」" for m in plan.subjects if m.how != "previous"
        )
        what = "・".join(metric_name(plan, m) for m in dict.fromkeys(metrics)) or "数値"
        years = "・".join(fiscal_year_label(y) for y in plan.years)
        rows = [r for m in plan.subjects for r in self._subject_rows(m, replace(plan, years=(), phases=()))]
        known = {r.place for r in rows}
        if plan.departments and not (rows or plan.places):
            # 「令和3年度の総務課の予算は」: of the ward that has the department.
            rows = [r for r in self.ledger.rows if any(is_under(d, plan.departments) for d in r.departments)]
            known = {r.place for r in rows}
        if plan.years and rows and not any(y in self.ledger.years_of([p]) for y in plan.years for p in known):
            where = "・".join(str(p) for p in known)
            return Evidence(
                "not_found",
                "no_document",
                f"{where}の{years}の資料は収録していません。{self.holdings_text(tuple(known))}",
            )
        if plan.years and rows and not any(r.fiscal_year in plan.years for r in rows):
            there = "・".join(fiscal_year_label(y) for y in sorted({r.fiscal_year for r in rows if r.figures}))
            return Evidence(
                "not_found",
                "no_figure",
                f"{years}の資料に{subject}はありません。" + (f"{there}の資料にあります。" if there else ""),
                final=True,
            )
        if plan.topics and not plan.subjects:
            return self._no_such_topic(plan, what)
        of_years = [r for r in rows if not plan.years or r.fiscal_year in plan.years]
        unsettled_parts = bool(of_years) and all(r.level == "sub_project" for r in of_years)
        unsettled_parts = unsettled_parts and "settled" not in metrics
        if unsettled_parts and wants_spent and not plan.topics:
            return Evidence(
                "not_found",
                "no_figure",
                f"{years}の{subject}は細事業で、資料には{what}の記載がありません（予算額だけが印字されています）。",
            )
        if plan.topics and plan.subjects and any(r.figures for r in rows):
            topic = "」「".join(plan.topics)
            return Evidence(
                "not_found",
                "no_figure",
                f"{f'{subject}の' if subject else ''}「{topic}」についての{what}は、収録資料に見当たりません。",
                final=True,
            )
        later = [y > max(settled) for y in plan.years] if settled else []
        compared = plan.operation in ("change", "compare") and "settled" in metrics
        if wants_spent and later and (all(later) or (compared and any(later))):
            interim = [
                r
                for r in self.ledger.rows
                if r.place in places and r.fiscal_year in plan.years and r.phase == "interim" and r.figures
            ]
            there = (
                f"収録しているのは{block_title(interim[0])}の執行額・執行率です。"
                if interim
                else f"{years}は計画の段階の資料だけです。"
            )
            suggestions = (
                [f"{years}の執行額は？".replace("執行額", "執行率" if "execution_rate" in metrics else "執行額")]
                if interim
                else []
            )
            return Evidence(
                "not_found",
                "not_settled",
                f"{years}の{what}は、収録資料の時点では確定していません。{there}",
                suggestions=suggestions,
            )
        where = "・".join(dict.fromkeys(str(p) for p in plan.places))
        if in_book(plan) and plan.subjects and plan.level_named:
            subject += f"の{LEVEL_NAMES[plan.level]}"
        elif in_book(plan) and not plan.subjects:
            subject = f"{'・'.join(plan.sides)}{'の' if plan.sides else ''}{LEVEL_NAMES[plan.level]}"
        scope = " ".join(x for x in (where, years, subject) if x)
        printed = [r for r in self.rows(replace(plan, topics=()), ["project", "section"]) if self._values(r, metrics)]
        absent = "この問いに当たる" if printed and not plan.subjects else ""
        return Evidence(
            "not_found",
            "no_figure",
            f"{scope or '収録資料'}には、{absent}{what}の記載がありません。{self.holdings_text(plan.places)}",
        )

    def _no_such_topic(self, plan: Plan, what: str) -> Evidence:
        """Nothing is named by the words that the question narrows by."""
        names = self._nearest_names(plan)
        near = f"似た名前の事業: {'、'.join(names)}。" if names else ""
        topic = "".join(f"「{t}」" for t in plan.topics)
        return Evidence(
            "not_found",
            "no_figure",
            f"{topic}に当たる事業や{what}は、収録資料に見当たりません。{near}{self.holdings_text(plan.places)}",
        )

    def _nearest_names(self, plan: Plan) -> list[str]:
        if not plan.topics:
            return []
        wanted = set("".join(plan.topics))
        scored = []
        for row in self.ledger.rows:
            if row.level == "project" and (not plan.places or row.place in plan.places):
                kanji = {c for c in row.name if "一" <= c <= "鿿"}
                shared = len(wanted & kanji)
                if shared >= 2:
                    scored.append((-shared, row.name))
        return list(dict.fromkeys(name for _, name in sorted(scored)))[:3]
