"""How often a law is tried: the profiles of Hypothesis, one of which ``HYPOTHESIS_PROFILE`` names.

``ci``, the default, tries the same examples in every run, so that it fails for a change and for nothing
else, and half as many as a law asks for. ``nightly`` draws other examples each time, and ten times as many.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "ci")
EXAMPLES = 100
"""Of a law that does not say how many."""
TIMES = {"ci": 0.5, "nightly": 10}

for name, times in TIMES.items():
    settings.register_profile(
        name,
        max_examples=int(EXAMPLES * times),
        deadline=None,
        database=None,
        derandomize=name == "ci",
        print_blob=True,
    )
settings.load_profile(PROFILE)


def law(examples: int, *, slow: bool = False) -> settings:
    """Return the settings of a law.

    Args:
        examples: How many are tried; CI tries half of them, the nightly run ten times as many.
        slow: Whether drawing one may take long, or fail often.
    """
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much] if slow else []
    return settings(max_examples=max(1, int(examples * TIMES[PROFILE])), suppress_health_check=checks)
