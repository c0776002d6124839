"""The slices that a task names in code: its slice functions are called where that is missing, and kept like votes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrolabel.engines.watchdog import Watchdog
from retrolabel.errors import InputError, counted, did_you_mean
from retrolabel.jobs.label_sets.slice_members import plan_slices, read_members
from retrolabel.jobs.votes.computing import compute_votes
from retrolabel.jobs.votes.examples import broken_examples
from retrolabel.labeling.slicing import PREFIX, who
from retrolabel.wiring.main_job import tools_for

if TYPE_CHECKING:
    from retrolabel.jobs.label_sets.slice_members import SliceMembers
    from retrolabel.wiring.finding_errors import Judging
    from retrolabel.wiring.site import Site


def is_name(text: str) -> bool:
    """Return whether a text can be the name of a slice function; a condition has spaces.

    Example:
        >>> is_name("refunds"), is_name("comment has refund")
        (True, False)
    """
    return text.isidentifier()


def slice_members(at: Judging, name: str | None = None) -> dict[str, SliceMembers]:
    """Return slice -> which items with dev gold are in it, computed on all items of the label set where it is missing.

    Args:
        at: The label set, with its dev gold.
        name: One slice; all of the task if left out.

    Raises:
        DiscoveryError: The project's modules cannot be read.
        InputError: The task has no slice function of this name.
        MissingColumnError: They read columns that are not there.
    """
    site = at.site
    known = [each.name for each in at.project.slices.functions]
    if name is not None and name not in known:
        raise InputError(
            f"The task {at.task!r} has no slice function {name!r}.{did_you_mean(name, known)}"
            f" It has: {', '.join(known) or 'none'}.",
            remedy='name one of them, or write a condition: "comment has refund", "source is web"',
        )
    task = at.project.of_slices(known if name is None else [name])
    if not task.lfs:
        return {}
    votes = site.catalog.votes
    plan = plan_slices(task, at.label_set, at.segments, site.catalog.feedback.sources(), votes)
    watchdog = Watchdog(site.settings.timeout)
    for problem in broken_examples(plan, watchdog, watchdog.run):
        site.progress.note(f"{who(problem.where)} {problem.what}")
    columns = compute_votes(plan, votes, tools_for(site, plan))
    found = read_members(plan, columns, at.label_set, at.judged.items.keys, site.objects)
    for kept, members in found.items():
        if members.failed:
            _tell(site, kept, members)
    return {kept.removeprefix(PREFIX): members for kept, members in found.items()}


def _tell(site: Site, kept: str, members: SliceMembers) -> None:
    """Tell on how many items a slice function failed, and on which one first."""
    of = counted(members.of + members.failed, "item")
    first = next(
        (
            f"; first on {each.source}/{each.item_id}: {each.error}"
            for each in site.catalog.votes.faults(list(members.faults))
        ),
        "",
    )
    site.warn(f"{who(kept)} failed on {members.failed:,} of {of}, which count on neither side{first}")
