"""What gold says of all items, of two label sets, and of itself: label sets, gold and feedback brought together."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from retrolabel.jobs.gold.estimating import estimate
from retrolabel.jobs.gold.resolving import gold_in
from retrolabel.jobs.gold.telling_apart import ready
from retrolabel.jobs.label_sets.finding import chosen_against
from retrolabel.wiring.label_sets import looked

if TYPE_CHECKING:
    from retrolabel.jobs.gold.estimates import WholeEstimate
    from retrolabel.jobs.gold.telling_apart import GoldReadiness
    from retrolabel.jobs.records.gold import ResolvedGold
    from retrolabel.wiring.site import Site

NO_TEST = "no test gold is of a known design: the figures are from dev gold"


def estimated(  # noqa: PLR0913 - the options of an estimate
    site: Site, task: str, name: str, *, by: str | None, final: bool, look: bool
) -> WholeEstimate:
    """Return what a label set is worth on all items; a look at test gold is logged, unless it was."""
    label_set = site.label_set(task, name)
    catalog, version = site.catalog, label_set.record.schema_version
    said, history, how = catalog.gold.human_labels(task), site.history(task), site.adjudication(task)
    role = "test" if final else "dev"
    gold = gold_in(history, version, role, said, catalog.feedback, how=how)
    notes: tuple[str, ...] = ()
    if final and not gold.weights:
        role, gold, notes = "dev", gold_in(history, version, "dev", said, catalog.feedback, how=how), (NO_TEST,)
    draws = catalog.gold.draws(task)
    segments = catalog.feedback.segments() if by else ()
    found = estimate(label_set, gold, draws, role=role, by=by, segments=segments, objects=site.objects)
    looks = looked(site, label_set) if role == "test" and look else 0
    return replace(found, notes=(*notes, *found.notes), looks=looks)


def readied(site: Site, task: str, name: str, against: str | None) -> GoldReadiness:
    """Return whether dev gold tells a label set from another one, and which gold items look wrong."""
    label_set, catalog, history = site.label_set(task, name), site.catalog, site.history(task)
    said, how = catalog.gold.human_labels(task), site.adjudication(task)

    @cache
    def gold_of(version: str) -> ResolvedGold:
        return gold_in(history, version, "dev", said, catalog.feedback, how=how)

    return ready(label_set, chosen_against(against, label_set, catalog.label_sets), gold_of, history)
