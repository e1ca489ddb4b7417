"""A question that continues the one before it: what it leaves out is taken from there.

Rules in their order of precedence, of which the first that applies decides. Each rule is one function from a
Continuation to the plan that is meant, or None where it does not apply. Its docstring gives the question before and the
question that it decides; a test asks every one of them and checks that this rule decided it.
"""

from __future__ import annotations

from answer.continuation import Continuation, Rule, continuation_of
from answer.continued_amounts import (
    amount_of_parts_rule,
    another_subject_rule,
    bounded_parts_rule,
    gap_to_budget_rule,
    of_another_rule,
    other_amount_rule,
    other_column_rule,
    own_rule,
    parts_rule,
    rate_rule,
    same_again_rule,
    share_of_all_rule,
    share_of_scope_rule,
)
from answer.continued_counts import (
    indicators_again_rule,
    of_those_counted_rule,
    other_counter_rule,
    rate_again_rule,
    same_rule,
    thing_rule,
    unheld_rule,
)
from answer.continued_pairs import (
    against_year_rule,
    both_columns_rule,
    both_rule,
    both_scopes_rule,
    both_years_rule,
    change_of_sums_rule,
    namesake_rule,
    set_against_rule,
    two_places_rule,
    which_selection_rule,
)
from answer.continued_rows import (
    change_bound_rule,
    excluded_rule,
    greatest_change_rule,
    most_rows_rule,
    narrowed_rule,
    next_rule,
    number_of_rows_rule,
    other_bound_rule,
    other_direction_rule,
    other_way_rule,
    others_rule,
    place_rule,
    rank_rule,
    rows_departments_rule,
    so_many_rule,
    that_department_rule,
    turned_rule,
)
from answer.draft import Draft
from answer.types import Plan

RULES: tuple[Rule, ...] = (
    others_rule,
    other_way_rule,
    most_rows_rule,
    excluded_rule,
    next_rule,
    same_again_rule,
    against_year_rule,
    namesake_rule,
    rate_rule,
    gap_to_budget_rule,
    share_of_all_rule,
    bounded_parts_rule,
    other_direction_rule,
    change_bound_rule,
    other_column_rule,
    two_places_rule,
    both_columns_rule,
    both_years_rule,
    both_rule,
    both_scopes_rule,
    set_against_rule,
    of_those_counted_rule,
    thing_rule,
    so_many_rule,
    of_another_rule,
    rows_departments_rule,
    another_subject_rule,
    that_department_rule,
    narrowed_rule,
    other_amount_rule,
    unheld_rule,
    amount_of_parts_rule,
    parts_rule,
    which_selection_rule,
    greatest_change_rule,
    turned_rule,
    place_rule,
    indicators_again_rule,
    rank_rule,
    other_counter_rule,
    rate_again_rule,
    change_of_sums_rule,
    other_bound_rule,
    number_of_rows_rule,
    share_of_scope_rule,
    own_rule,
    same_rule,
)


def continued(draft: Draft, plan: Plan, before: Plan, names: tuple[str, ...]) -> Plan:
    """The question before, with what this one names put in its place."""
    return decide(continuation_of(draft, plan, before, names))[1]


def decide(follow_up: Continuation) -> tuple[Rule, Plan]:
    """The first rule that applies, and the plan that it makes."""
    return next((rule, plan) for rule in RULES if (plan := rule(follow_up)) is not None)
