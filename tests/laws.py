"""How often a law is tried: the profiles of Hypothesis, one of which ``HYPOTHESIS_PROFILE`` names.

``ci``, the default, tries the same examples in every run, so that it fails for a change and for nothing
else. ``nightly`` draws other examples each time, and ten times as many.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "ci")
TIMES = {"ci": 1, "nightly": 10}

settings.register_profile("ci", max_examples=100, deadline=None, database=None, derandomize=True)
settings.register_profile(
    "nightly", max_examples=1_000, deadline=None, database=None, derandomize=False, print_blob=True
)
settings.load_profile(PROFILE)


def law(examples: int, *, slow: bool = False) -> settings:
    """Return the settings of a law.

    Args:
        examples: How many are tried in CI.
        slow: Whether drawing one may take long, or fail often.
    """
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much] if slow else []
    return settings(max_examples=examples * TIMES[PROFILE], suppress_health_check=checks)
