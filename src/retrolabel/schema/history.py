"""All versions of one task, and the relations between any two of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrolabel.errors import Problem, SchemaError, UnknownVersionError, VoteError
from retrolabel.schema.branches import merge_of, squash_of
from retrolabel.schema.fingerprints import fingerprints
from retrolabel.schema.paths import meeting, relation_between

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from retrolabel.schema.labels import Label, LabelUnion
    from retrolabel.schema.relations import Relation
    from retrolabel.schema.versions import LabelSchema

TWO_FILES = "give one of them another number, or delete one of the two files, if it is a draft of the other"


@dataclass(frozen=True)
class Resolution:
    """What a vote means in the version asked for.

    Attributes:
        ids: The labels that it leaves possible there; of a label with others below it, the leaves.
        kind: ``exact``, ``set`` or ``unknown`` (all of them: the vote abstains there).
        suspect: Whether a label that it names was redefined since, so that it stays out of fit and metrics.
        home: The version in which the vote was read.
    """

    ids: frozenset[str]
    kind: str
    suspect: bool
    home: str


class History:
    """The versions of one task: a line, or branches that part and merge again.

    Args:
        versions: The versions, in any order; each one that is revised must be among them.

    Raises:
        SchemaError: With every fault at once: two tasks, a version twice, a missing parent, two
            first versions.

    Example:
        >>> from retrolabel.schema.labels import Label
        >>> from retrolabel.schema.steps import Split
        >>> from retrolabel.schema.versions import LabelSchema
        >>> good, bad, slow, wrong = (Label(name) for name in ("good", "bad", "slow", "wrong"))
        >>> v1 = LabelSchema(task="thumbs", version="1.0.0", labels=[good, bad])
        >>> v2 = LabelSchema(task="thumbs", version="2.0.0", revises=v1, labels=[good, slow, wrong],
        ...                  steps=[Split(bad, into=[slow, wrong])])
        >>> history = History([v1, v2])
        >>> sorted(history.relation("1.0.0", "2.0.0").project(bad))
        ['slow', 'wrong']
        >>> sorted(history.relation("2.0.0", "1.0.0").project("slow"))
        ['bad']
    """

    def __init__(self, versions: Iterable[LabelSchema]) -> None:
        self.versions = tuple(sorted(versions, key=lambda version: version.order))
        problems = list(_history_problems(self.versions))
        if problems:
            names = ", ".join(sorted({version.task for version in self.versions})) or "(none)"
            raise SchemaError(f"The schema history of {names} is not sound.", problems=problems)
        self.task = self.versions[0].task
        self._by_version = {version.version: version for version in self.versions}
        self._relations: dict[tuple[str, str], Relation] = {}

    @property
    def heads(self) -> tuple[LabelSchema, ...]:
        """The versions that no other one revises, oldest first: one, or one for each open branch."""
        revised = {parent.version for version in self.versions for parent in version.parents}
        return tuple(version for version in self.versions if version.version not in revised)

    @property
    def head(self) -> LabelSchema:
        """The newest version.

        Raises:
            SchemaError: There are several heads, so that "the newest" means nothing.
        """
        heads = self.heads
        if len(heads) > 1:
            raise SchemaError(
                f"{self.task} has {len(heads)} heads: {', '.join(head.version for head in heads)}.",
                remedy=f"retrolabel schema merge-heads {self.task} joins them; or name the version",
            )
        return heads[0]

    @property
    def twins(self) -> dict[str, str]:
        """Version -> the newest version in which all its labels are what they were, and no others are."""
        return {version.version: self._twin(version) for version in self.versions}

    def _twin(self, version: LabelSchema) -> str:
        same = {label_id: frozenset({label_id}) for label_id in version.ids}
        for other in reversed(self.versions):
            if set(other.answers) == set(version.answers) and meeting(version, other) is not None:
                relation = self.relation(version.version, other.version)
                if relation.images == same and not relation.suspect_positive | relation.suspect_negative:
                    return other.version
        return version.version

    def __getitem__(self, version: str) -> LabelSchema:
        """Return a version by its number; raises ``UnknownVersionError``."""
        try:
            return self._by_version[version]
        except KeyError:
            raise UnknownVersionError(version, tuple(self._by_version), task=self.task) from None

    def __iter__(self) -> Iterator[LabelSchema]:
        """Yield the versions, oldest first."""
        return iter(self.versions)

    def __len__(self) -> int:
        """Return the number of versions."""
        return len(self.versions)

    def __repr__(self) -> str:
        """Return task and versions, each with what it revises where that is not the one before."""
        told, before = [], None
        for version in self.versions:
            parents = [parent.version for parent in version.parents]
            told.append(version.version if parents == [before] or not parents else f"{version.version} of {parents}")
            before = version.version
        return f"History({self.task}: {' -> '.join(told)})"

    def relation(self, source: str, target: str) -> Relation:
        """Return what each label of ``source`` may be in ``target``, up or down the line.

        Args:
            source: The version that labels were made under.
            target: The version that they are asked for in.

        Raises:
            UnknownVersionError: The history lacks one of them.
        """
        if (source, target) not in self._relations:
            self._relations[source, target] = relation_between(self[source], self[target])
        return self._relations[source, target]

    def merge_heads(self, version: str, *, reason: str = "Two branches were merged.") -> LabelSchema:
        """Return a version that joins the two oldest heads: each branch gets what the other did.

        Args:
            version: The number of the new version.
            reason: Why.

        Raises:
            SchemaError: There is one head only, or both branches changed the same label.
        """
        heads = self.heads
        if len(heads) < 2:  # noqa: PLR2004 - a merge joins two
            raise SchemaError(f"{self.task} has one head, {heads[0].version}: there is nothing to merge.")
        return merge_of(heads[0], heads[1], version, reason)

    def squash(self, since: str, until: str) -> History:
        """Return the history in which one step leads from ``since`` to ``until``.

        The versions between are gone, so labels that were stored under them can no longer be read.
        All other relations, skips included, are what they were.

        Args:
            since: The version that stays as it is.
            until: The version that revises it from now on.

        Raises:
            UnknownVersionError: The history lacks one of them.
            SchemaError: They are not on one line, other versions part from those between, or what
                was restored there cannot be said with one step.
        """
        short = History(squash_of(self.versions, self[since], self[until]))
        left = [version.version for version in short]
        changed = [(a, b) for a in left for b in left if not self._says_the_same(short, a, b)]
        if changed:
            told = ", ".join(f"{a} to {b}" for a, b in changed[:5])
            raise SchemaError(
                f"{self.task}: squashed, the relation would change from {told}.",
                remedy="squash a stretch that holds whole skips (restores=), or none",
            )
        return short

    def _says_the_same(self, other: History, source: str, target: str) -> bool:
        here, there = self.relation(source, target), other.relation(source, target)
        several = self[source].scale == "multilabel"
        return here == there and (not several or (here.reach, here.unasked) == (there.reach, there.unasked))

    def home(self, labels: Iterable[Label], *, target: str | None = None) -> LabelSchema | None:
        """Return the newest version that holds all these labels with these meanings, or ``None``.

        Args:
            labels: The labels of a vote.
            target: Where branches part, a version on a line with this one goes before.
        """
        wanted = set(labels)
        holding = [version for version in reversed(self.versions) if wanted <= set(version.answers)]
        if target is not None and len(self.heads) > 1:
            line = {version.version for version in self[target].lineage()}
            holding.sort(key=lambda each: not (each.version in line or self[target] in each.lineage()))
        return holding[0] if holding else None

    def resolve(self, vote: LabelUnion, target: str) -> Resolution:
        """Return what a vote means in ``target``: complemented in its home, then projected.

        A version that holds all labels of the vote with their meanings reads it itself, so a newer
        version changes nothing of what an older one says.

        Args:
            vote: The labels that the vote leaves possible, as its author wrote them.
            target: The version asked for.

        Raises:
            UnknownVersionError: The history lacks ``target``.
            SchemaError: No version holds the labels of the vote with their meanings.
            VoteError: The vote leaves nothing possible in its home.
        """
        home = self[target] if vote.labels <= set(self[target].answers) else self.home(vote.labels, target=target)
        if home is None:
            raise SchemaError(
                f"No version of {self.task} holds all of {vote} with the meaning that the vote was made under.",
                remedy="import the labels from one version of the schema",
            )
        relation = self.relation(home.version, target)
        possible = home.possible(vote)
        if not possible:
            raise VoteError(
                f"The vote {vote} leaves no label of {home} possible.", remedy="an LF that knows nothing abstains"
            )
        everything = frozenset(self[target].leaves)
        ids = self[target].taxonomy.leaves_of(each for old in possible for each in relation.project(old))
        if home.taxonomy.leaves_of(possible) == frozenset(home.leaves):  # said nothing at home, so nothing anywhere
            ids = everything
        kind = "exact" if len(ids) == 1 else "unknown" if ids == everything else "set"
        suspect = any(relation.suspect(label, positive=not vote.negated) for label in vote.labels)
        return Resolution(ids, kind, suspect, home.version)


def _history_problems(versions: tuple[LabelSchema, ...]) -> Iterator[Problem]:
    if not versions:
        yield Problem("history", "there is no version", "add one to the task's schema folder")
        return
    tasks = sorted({version.task for version in versions})
    if len(tasks) > 1:
        yield Problem("history", f"versions of several tasks: {', '.join(tasks)}", "one folder a task")
    for number, count in Counter(version.version for version in versions).items():
        if count > 1:
            yield Problem(f"{tasks[0]} {number}", "exists twice", TWO_FILES)
    roots = [version.version for version in versions if not version.parents]
    if len(roots) > 1:
        yield Problem("history", f"several first versions: {', '.join(roots)}", "all but one need revises=")
    yield from _parent_problems(versions)


def _parent_problems(versions: tuple[LabelSchema, ...]) -> Iterator[Problem]:
    by_version = {version.version: version for version in versions}
    for version in versions:
        for parent in version.parents:
            listed = by_version.get(parent.version)
            if listed is None:
                yield Problem(str(version), f"revises {parent.version}, which is missing", "add its file")
            elif fingerprints(listed) != fingerprints(parent):
                yield Problem(
                    str(version), f"revises a {parent.version} unlike the one listed", "import it from its file"
                )
