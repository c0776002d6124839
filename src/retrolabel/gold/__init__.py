"""Floor 4: gold sets, what they say in each version, how well labels agree with them, and people with each other.

Every public name is imported when it is first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from retrolabel.gold.answers import Repeats as Repeats
    from retrolabel.gold.answers import ratings_of as ratings_of
    from retrolabel.gold.answers import repeats as repeats
    from retrolabel.gold.breakdowns import Part as Part
    from retrolabel.gold.breakdowns import by_label as by_label
    from retrolabel.gold.breakdowns import by_pair_of_labels as by_pair_of_labels
    from retrolabel.gold.breakdowns import by_pair_of_people as by_pair_of_people
    from retrolabel.gold.breakdowns import by_slice as by_slice
    from retrolabel.gold.breakdowns import frame_of as frame_of
    from retrolabel.gold.coding import Ratings as Ratings
    from retrolabel.gold.coefficient import Coefficient as Coefficient
    from retrolabel.gold.coefficients import fleiss_kappa as fleiss_kappa
    from retrolabel.gold.coefficients import krippendorff_alpha as krippendorff_alpha
    from retrolabel.gold.coefficients import percent_agreement as percent_agreement
    from retrolabel.gold.conformal import conformal_sets as conformal_sets
    from retrolabel.gold.conformal import promise as promise
    from retrolabel.gold.confusions import Confusion as Confusion
    from retrolabel.gold.confusions import most_confused as most_confused
    from retrolabel.gold.counting import Counts as Counts
    from retrolabel.gold.distances import jaccard as jaccard
    from retrolabel.gold.distances import masi as masi
    from retrolabel.gold.estimation import estimate_mean as estimate_mean
    from retrolabel.gold.estimation import estimate_prevalence as estimate_prevalence
    from retrolabel.gold.gwet import gwet_ac1 as gwet_ac1
    from retrolabel.gold.gwet import gwet_ac2 as gwet_ac2
    from retrolabel.gold.kappa import cohen_kappa as cohen_kappa
    from retrolabel.gold.light import mean_kappa as mean_kappa
    from retrolabel.gold.powered import Powered as Powered
    from retrolabel.gold.powered import ppi_mean as ppi_mean
    from retrolabel.gold.readiness import suspects as suspects

_HOMES = {
    "Coefficient": "coefficient",
    "Confusion": "confusions",
    "Counts": "counting",
    "Part": "breakdowns",
    "Powered": "powered",
    "Ratings": "coding",
    "Repeats": "answers",
    "by_label": "breakdowns",
    "by_pair_of_labels": "breakdowns",
    "by_pair_of_people": "breakdowns",
    "by_slice": "breakdowns",
    "cohen_kappa": "kappa",
    "conformal_sets": "conformal",
    "estimate_mean": "estimation",
    "estimate_prevalence": "estimation",
    "fleiss_kappa": "coefficients",
    "frame_of": "breakdowns",
    "gwet_ac1": "gwet",
    "gwet_ac2": "gwet",
    "jaccard": "distances",
    "krippendorff_alpha": "coefficients",
    "masi": "distances",
    "mean_kappa": "light",
    "most_confused": "confusions",
    "percent_agreement": "coefficients",
    "ppi_mean": "powered",
    "promise": "conformal",
    "ratings_of": "answers",
    "repeats": "answers",
    "suspects": "readiness",
}

__all__ = [
    "Coefficient",
    "Confusion",
    "Counts",
    "Part",
    "Powered",
    "Ratings",
    "Repeats",
    "by_label",
    "by_pair_of_labels",
    "by_pair_of_people",
    "by_slice",
    "cohen_kappa",
    "conformal_sets",
    "estimate_mean",
    "estimate_prevalence",
    "fleiss_kappa",
    "frame_of",
    "gwet_ac1",
    "gwet_ac2",
    "jaccard",
    "krippendorff_alpha",
    "masi",
    "mean_kappa",
    "most_confused",
    "percent_agreement",
    "ppi_mean",
    "promise",
    "ratings_of",
    "repeats",
    "suspects",
]


def __getattr__(name: str) -> object:
    """Import a public name when it is first used."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted(__all__)
