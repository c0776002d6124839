"""The numbers that stand for labels in Snorkel."""

from __future__ import annotations

import numpy as np

from retrolabel.errors import Problem
from retrolabel.labeling.functions import SNORKEL_ABSTAINS


def wrong_number(number: object) -> Problem | None:
    """Return why a number can stand for no label, or ``None``."""
    if isinstance(number, bool) or not isinstance(number, (int, np.integer)):
        return Problem(f"{number!r:.60}", "is no whole number", "Snorkel's labels are 0, 1, 2, ...")
    if number == SNORKEL_ABSTAINS:
        return Problem("-1", "abstains, always", "leave it out")
    return Problem(f"{number}", "is below 0, and would abstain", "count from 0") if number < 0 else None
