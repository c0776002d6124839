"""Label sets held against what was written, and against what they rest on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrolabel.engines.watchdog import Watchdog
from retrolabel.errors import InputError, RetrolabelError
from retrolabel.jobs.end_models.checking import damaged_models
from retrolabel.jobs.label_sets.deep import Checkout, verify_deep
from retrolabel.jobs.label_sets.remaking import Rest
from retrolabel.jobs.label_sets.verify import verify_label_set
from retrolabel.tracking.environment import environment
from retrolabel.wiring.stored_models import models_on

if TYPE_CHECKING:
    from retrolabel.errors import Problem
    from retrolabel.jobs.records.checks import DeepVerification
    from retrolabel.wiring.site import Site


def verified(site: Site, task: str, name: str) -> list[Problem]:
    """Return what of a label set, and of models that were trained on it, is not as it was written."""
    catalog, label_set = site.catalog, site.label_set(task, name)
    found = verify_label_set(label_set, catalog.feedback, catalog.votes, catalog.damage())
    return [*found, *damaged_models(models_on(site, label_set.record), site.objects)]


def deeply_verified(site: Site, task: str, name: str, sample: int | None) -> DeepVerification:
    """Return what a label set says and whether it holds, when it is made again from what it rests on.

    Args:
        site: The project and its store.
        task: The task.
        name: The label set.
        sample: On how many items labeling functions are called again; on all if left out.

    Raises:
        InputError: It is no number of items.
        UnknownLabelSetError: There is no such label set.
    """
    if sample is not None and sample < 0:
        raise InputError(f"{sample} is no number of items.", remedy="--sample 1000; 0 calls no labeling function")
    label_set, catalog = site.label_set(task, name), site.catalog
    watchdog = Watchdog(site.settings.timeout)
    rest = Rest(
        catalog.feedback,
        catalog.votes,
        catalog.gold,
        site.adjudication(task),
        lambda: site.history(task),
        environment(site.project),
    )
    checkout = _checkout(site, task, watchdog, sample)
    damage = [*catalog.damage(), *damaged_models(models_on(site, label_set.record), site.objects)]
    return watchdog.run(lambda: verify_deep(label_set, rest, checkout, site.progress, damage=damage, sample=sample))


def _checkout(site: Site, task: str, watchdog: Watchdog, sample: int | None) -> Checkout:
    if sample == 0:
        return Checkout(None, "nobody asked for it (--sample 0)")
    try:
        return Checkout(site.discover(task), "", watchdog)
    except RetrolabelError as error:
        return Checkout(None, error.message)
