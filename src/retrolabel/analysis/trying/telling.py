"""What came of trying a labeling function, in sentences that say what each figure is of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrolabel.analysis.trying.values import CONFIDENT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrolabel.analysis.trying.values import Figures, Ground, Marginal

PARTNERS = 3
SHORT = 12


def in_words(found: Figures, ground: Ground, marginal: Marginal | None) -> Iterator[str]:
    """Yield the figures, a sentence each.

    Args:
        found: The figures.
        ground: What is known of the items.
        marginal: What the labeling function adds; ``None`` where that was not asked.
    """
    of = f"{found.items:,} items" + (f" drawn of {ground.total:,}" if ground.total > found.items else "")
    votes = ""
    if len(found.votes) > 1:
        votes = (
            " (" + ", ".join(f"{as_said(vote, ground.labels)} {count:,}" for vote, count in found.votes.items()) + ")"
        )
    yield f"votes on {found.hits:,} of {of}: coverage {found.coverage:.2%}{votes}"
    if found.alone is not None and found.hits:
        against = [each for each in found.partners if each.against][:PARTNERS]
        most = f", most by {', '.join(f'{each.lf} ({each.against:,})' for each in against)}" if against else ""
        yield (
            f"of its hits {found.alone:,} have no other vote, {found.overlaps:,} overlap,"
            f" {found.conflicts:,} are contradicted{most}"
        )
    yield from _on_gold(found, ground.labels)
    if ground.judged_by and found.confident.of:
        judge = f"label set {ground.judged_by[:SHORT]}, where it is sure (p >= {CONFIDENT:g})"
        yield (
            f"of its hits without dev gold, {judge} agrees with {found.confident}: an opinion, in which votes of this"
            " function may count"
        )
    if marginal is not None:
        yield from _added(marginal)


def _on_gold(found: Figures, labels: Sequence[str]) -> Iterator[str]:
    if not found.dev_items:
        yield "there is no dev gold, so nothing says whether its votes are right"
        return
    if not found.dev_hits:
        yield f"it votes on none of {found.dev_items:,} dev gold items, so its precision is unknown"
    else:
        several = found.dev_hits - found.precision.of
        bare = f"; {several:,} more have gold that leaves several labels" if several else ""
        yield (
            f"dev gold: right on {found.precision}; it votes on {found.dev_hits:,} of {found.dev_items:,}"
            f" dev items{bare}"
        )
    for vote, share in found.by_vote.items():
        yield f"  {as_said(vote, labels)}: right on {share}{_blind(found, vote)}"
    for vote, share in found.recall.items():
        if share.of and not found.by_vote:
            yield (
                f"  it finds {share.right:,} of {share.of:,} dev items that are {as_said(vote, labels)}"
                f"{_blind(found, vote)}"
            )


def _blind(found: Figures, vote: str) -> str:
    """Return how right the same vote on every item would be: what a precision has to be held against."""
    blind = found.blind(vote)
    return "" if blind is None else f"; cast on every item, the vote would be right on {blind:.3f}"


def _added(found: Marginal) -> Iterator[str]:
    yield (
        f"with it the label set covers {found.coverage:.2%}, without it {found.coverage_without:.2%}"
        " (label model fitted on the sample both times)"
    )
    if found.change is None or found.accuracy is None or found.accuracy_without is None:
        yield "  no dev gold with a vote: what it does to accuracy is unknown"
        return
    gain, low, high = (100 * each for each in found.change)
    unclear = "" if low > 0 or high < 0 else "; it may be none"
    more, before = found.judged - found.judged_without, found.accuracy_where_without
    if more and before is not None:
        yield (
            f"  right on {found.accuracy:.3f} of the {found.judged:,} dev items that have a vote with it, on"
            f" {before:.3f} of the {found.judged_without:,} that have one without it"
        )
        what = f"  of all {found.judged:,}, where an item without a vote counts as wrong"
    else:
        both = f"{found.accuracy:.3f} with it, {found.accuracy_without:.3f} without"
        what = f"  dev accuracy {both}, on {found.judged:,} items"
    yield f"{what}: {gain:+.1f} points [{low:+.1f}, {high:+.1f}]{unclear}"


def as_said(vote: str, labels: Sequence[str]) -> str:
    """Return a vote as people say it: what it rules out, where that is less than half of the labels.

    Example:
        >>> as_said("a|b", "abcde"), as_said("a|b|d|e", "abcde"), as_said("a|b", "ab")
        ('a | b', 'not c', 'a | b')
    """
    ids = vote.split("|")
    out = [label for label in labels if label not in ids]
    return f"not {', '.join(out)}" if 0 < len(out) < len(labels) / 2 and len(ids) > 2 else " | ".join(ids)  # noqa: PLR2004 - a short list reads
