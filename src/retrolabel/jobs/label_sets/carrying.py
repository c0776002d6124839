"""What the votes that a label set holds would have been under another version of the schema."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrolabel.errors import RetrolabelError
from retrolabel.schema.labels import LabelUnion

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from retrolabel.jobs.label_sets.sides import Ids, Side
    from retrolabel.schema.history import History, Resolution


def carried(  # noqa: PLR0913 - an LF of a label set, and where its votes go
    side: Side, lf: str, used: Collection[Ids], history: History, version: str, known: Mapping[str, Ids | None] | None
) -> tuple[dict[Ids, Ids | None], bool]:
    """Return what each vote of an LF would have been under another version; ``None`` where it would abstain.

    A label set keeps votes as they read in its own version. From that the vote itself is found, and read in the other
    version. Where two votes read the same in the first and not in the second, nobody knows which it was.

    Args:
        side: The label set.
        lf: The LF.
        used: The label sets that it votes for there.
        history: The task's versions.
        version: The other version.
        known: The stored form of each vote -> what it is in the other version, where that label set holds the LF too.

    Returns:
        The votes, and whether each is known. Where it is not, the stored vote is projected along the steps, which
        says less.
    """
    own = side.says(lf)
    other = (
        known if known is not None else {text: _read(history, side.version, version, text, own[text]) for text in own}
    )
    there, full = frozenset(history[version].leaves), frozenset(side.labels)
    sure = all(other.get(text) in (None, there) for text, ids in own.items() if ids is None or ids == full)
    found: dict[Ids, Ids | None] = {}
    for ids in used:
        texts = [text for text, read in own.items() if read == ids and text in other]
        if not texts:  # a union of votes
            texts = [text for text, read in own.items() if read is not None and read < ids and text in other]
            parts = [other[text] for text in texts]
            whole = frozenset().union(*(own[text] or frozenset() for text in texts)) == ids
            if whole and None not in parts:
                found[ids] = frozenset().union(*(each for each in parts if each is not None))
                continue
            texts = []
        reads = {other[text] for text in texts}
        if len(reads) != 1:
            sure = False
            reads = {_projected(history, side.version, version, ids)}
        read = reads.pop()
        found[ids] = None if read == there else read
    return found, sure


def cast_votes(side: Side, lf: str, texts: Sequence[str], history: History, version: str) -> list[Ids | None]:
    """Return what votes are in a version, as they were cast; ``None`` where they abstain there.

    Args:
        side: The label set that holds the LF.
        lf: The LF.
        texts: The stored form of each vote.
        history: The task's versions.
        version: The version.
    """
    own, there = side.says(lf), frozenset(history[version].leaves)
    found: list[Ids | None] = []
    for text in texts:
        if text in own:
            read = _read(history, side.version, version, text, own[text])
        else:  # a union of what the LF declares
            parts = [_read(history, side.version, version, each, own.get(each)) for each in text.split("|")]
            known = [part for part in parts if part is not None]
            read = frozenset().union(*known) if len(known) == len(parts) else None
        found.append(None if read == there else read)
    return found


def own_votes(side: Side, lf: str, texts: Sequence[str]) -> list[Ids | None]:
    """Return what votes are in the version of the label set itself; ``None`` where they abstain there, or failed.

    The manifest says it, so neither schema nor labeling function is asked.

    Args:
        side: The label set that holds the LF.
        lf: The LF.
        texts: The stored form of each vote.
    """
    own, there = side.says(lf), frozenset(side.labels)
    found: list[Ids | None] = []
    for text in texts:
        parts = [own[text]] if text in own else [own.get(each) for each in text.split("|")]  # else a union of them
        known = [part for part in parts if part is not None]
        read = frozenset[str]().union(*known) if len(known) == len(parts) else there
        found.append(None if read == there else read)
    return found


def _projected(history: History, source: str, target: str, ids: Ids) -> Ids:
    relation = history.relation(source, target)
    return history[target].taxonomy.leaves_of(each for label in ids for each in relation.project(label))


def _read(history: History, own: str, target: str, text: str, read: Ids | None) -> Ids | None:
    """Return what a stored vote is in another version; ``None`` where it is suspect.

    The labels that it names are those of the version under which it reads in its own version as it did then.
    """
    found = read_as_then(history, own, text, read)
    if found is not None:
        try:
            there = history.resolve(found[0], target)
        except RetrolabelError:
            found = None
        else:
            return None if there.suspect else there.ids
    return None if read is None else _projected(history, own, target, read)


def read_as_then(history: History, own: str, text: str, read: Ids | None) -> tuple[LabelUnion, Resolution] | None:
    """Return a stored vote and what it means in the version of its label set, as it was read there.

    Args:
        history: The task's versions.
        own: The version of the label set.
        text: The stored form of the vote.
        read: What it leaves there, as the label set has it; ``None`` where it is suspect.

    Returns:
        ``None`` where no version reads it like that, as where one was edited since.
    """
    negated, names = text.startswith("~"), text.removeprefix("~").split("|")
    for version in [history[own], *reversed(history.versions)]:
        if not set(names) <= set(version.ids):
            continue
        vote = LabelUnion(frozenset(version.label(name) for name in names), negated)
        try:
            here = history.resolve(vote, own)
        except RetrolabelError:
            continue
        if (None if here.suspect else here.ids) == read:
            return vote, here
    return None
