"""What a person who runs an evaluation is told when it cannot go on."""

from __future__ import annotations


class EvalError(Exception):
    """A file that is missing or broken, or a part that cannot be evaluated: what, where, what to do."""
