"""All versions of one task, and the relations between any two of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from retrolabel.errors import Problem, SchemaError, UnknownLabelError, UnknownVersionError, VoteError
from retrolabel.schema.fingerprints import fingerprints
from retrolabel.schema.labels import Label, LabelUnion, label_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from retrolabel.schema.versions import LabelSchema


@dataclass(frozen=True)
class Relation:
    """What each label of one version may be in another: a relation, never a rewrite.

    Attributes:
        task: The task that both versions belong to.
        source: The version that labels are read from.
        target: The version that they are read as.
        images: For each source id, the target ids that it leaves possible; never empty.
        target_ids: All ids of the target version; an image equal to it says that nothing is known.
        suspect_positive: Source ids whose meaning changed so that "it is this" may no longer hold.
        suspect_negative: Source ids whose meaning changed so that "it is not this" may no longer hold.
    """

    task: str
    source: str
    target: str
    images: Mapping[str, frozenset[str]]
    target_ids: frozenset[str]
    suspect_positive: frozenset[str] = field(default=frozenset())
    suspect_negative: frozenset[str] = field(default=frozenset())

    def project(self, label: Label | str) -> frozenset[str]:
        """Return the target ids that a source label leaves possible; raises ``UnknownLabelError``."""
        source_id = label_id(label)
        try:
            return self.images[source_id]
        except KeyError:
            raise UnknownLabelError(source_id, tuple(self.images), of=f"{self.task} {self.source}") from None

    def kind(self, label: Label | str) -> str:
        """Return ``exact``, ``set`` or ``unknown``."""
        image = self.project(label)
        if len(image) == 1:
            return "exact"
        return "unknown" if image == self.target_ids else "set"

    def suspect(self, label: Label | str, *, positive: bool = True) -> bool:
        """Return whether an old "it is this" (or "it is not this") should be asked again."""
        return label_id(label) in (self.suspect_positive if positive else self.suspect_negative)

    def then(self, later: Relation) -> Relation:
        """Return the composed relation: first this one, then ``later``."""
        images = {
            old: frozenset().union(*(later.images[middle] for middle in image)) for old, image in self.images.items()
        }
        return Relation(
            self.task,
            self.source,
            later.target,
            images,
            later.target_ids,
            self.suspect_positive | self._sources_of(later.suspect_positive),
            self.suspect_negative | self._sources_of(later.suspect_negative),
        )

    def inverse(self) -> Relation:
        """Return the relation read backwards; an id that nothing led to is unknown."""
        source_ids = frozenset(self.images)
        images = {
            new: frozenset(old for old, image in self.images.items() if new in image) or source_ids
            for new in sorted(self.target_ids)
        }
        return Relation(
            self.task,
            self.target,
            self.source,
            images,
            source_ids,
            frozenset().union(*(self.images[old] for old in self.suspect_negative)),
            frozenset().union(*(self.images[old] for old in self.suspect_positive)),
        )

    def _sources_of(self, middles: frozenset[str]) -> frozenset[str]:
        return frozenset(old for old, image in self.images.items() if image & middles)


@dataclass(frozen=True)
class Resolution:
    """What a vote means in the version asked for.

    Attributes:
        ids: The labels that it leaves possible there.
        kind: ``exact``, ``set`` or ``unknown`` (all of them: the vote abstains there).
        suspect: Whether a label that it names was redefined since, so that it stays out of fit and metrics.
        home: The version in which the vote was read.
    """

    ids: frozenset[str]
    kind: str
    suspect: bool
    home: str


class History:
    """The line of versions of one task.

    Args:
        versions: The versions, in any order; each one that is revised must be among them.

    Raises:
        SchemaError: With every fault at once: two tasks, a version twice, a missing parent, two heads.

    Example:
        >>> from retrolabel.schema.versions import LabelSchema
        >>> from retrolabel.schema.steps import Split
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

    @property
    def head(self) -> LabelSchema:
        """The newest version."""
        return self.versions[-1]

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
        """Return task and versions."""
        return f"History({self.task}: {' -> '.join(self._by_version)})"

    def relation(self, source: str, target: str) -> Relation:
        """Return what each label of ``source`` may be in ``target``, up or down the line.

        Args:
            source: The version that labels were made under.
            target: The version that they are asked for in.

        Raises:
            UnknownVersionError: The history lacks one of them.
        """
        start, end = self[source], self[target]
        below_end = {version.version for version in end.lineage()}
        meeting = next(version for version in start.lineage() if version.version in below_end)
        composed = _identity(start)
        for version in start.lineage():
            if version.version == meeting.version:
                break
            composed = composed.then(_step_relation(version).inverse())
        for version in reversed(list(end.lineage())):
            if version.order > meeting.order:
                composed = composed.then(_step_relation(version))
        return composed

    def home(self, labels: Iterable[Label]) -> LabelSchema | None:
        """Return the newest version that holds all these labels with these meanings, or ``None``."""
        wanted = set(labels)
        for version in reversed(self.versions):
            if wanted <= set(version.labels):
                return version
        return None

    def resolve(self, vote: LabelUnion, target: str) -> Resolution:
        """Return what a vote means in ``target``: complemented in its home, then projected.

        Args:
            vote: The labels that the vote leaves possible, as its author wrote them.
            target: The version asked for.

        Raises:
            UnknownVersionError: The history lacks ``target``.
            SchemaError: No version holds the labels of the vote with their meanings.
            VoteError: The vote leaves nothing possible in its home.
        """
        home = self.home(vote.labels)
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
        ids = frozenset().union(*(relation.project(old) for old in possible))
        if possible == frozenset(home.ids):  # said nothing at home, so it says nothing anywhere
            ids = relation.target_ids
        kind = "exact" if len(ids) == 1 else "unknown" if ids == relation.target_ids else "set"
        suspect = any(relation.suspect(label, positive=not vote.negated) for label in vote.labels)
        return Resolution(ids, kind, suspect, home.version)


def _identity(schema: LabelSchema) -> Relation:
    images = {label_id: frozenset({label_id}) for label_id in schema.ids}
    return Relation(schema.task, schema.version, schema.version, images, frozenset(schema.ids))


def _step_relation(schema: LabelSchema) -> Relation:
    """Return the relation of the steps that lead from the version's parent to it."""
    parent = schema.revises
    if parent is None:
        return _identity(schema)
    new_ids = frozenset(schema.ids)
    images = {old: frozenset({old}) for old in parent.ids}
    directions: dict[str, str] = {}
    for step in schema.steps:
        images |= {old: new_ids if image is None else image for old, image in step.images().items()}
        directions |= step.redefines()
    return Relation(
        schema.task,
        parent.version,
        schema.version,
        images,
        new_ids,
        frozenset(old for old, direction in directions.items() if direction in ("narrower", "shifted")),
        frozenset(old for old, direction in directions.items() if direction in ("wider", "shifted")),
    )


def _history_problems(versions: tuple[LabelSchema, ...]) -> Iterator[Problem]:
    if not versions:
        yield Problem("history", "there is no version", "add one to the task's schema folder")
        return
    tasks = sorted({version.task for version in versions})
    if len(tasks) > 1:
        yield Problem("history", f"versions of several tasks: {', '.join(tasks)}", "one folder a task")
    for number, count in Counter(version.version for version in versions).items():
        if count > 1:
            yield Problem(f"{tasks[0]} {number}", "exists twice", "give one of them another number")
    roots = [version.version for version in versions if version.revises is None]
    if len(roots) > 1:
        yield Problem("history", f"several first versions: {', '.join(roots)}", "all but one need revises=")
    yield from _parent_problems(versions)


def _parent_problems(versions: tuple[LabelSchema, ...]) -> Iterator[Problem]:
    by_version = {version.version: version for version in versions}
    children: dict[str, list[str]] = {}
    for version in versions:
        parent = version.revises
        if parent is None:
            continue
        children.setdefault(parent.version, []).append(version.version)
        listed = by_version.get(parent.version)
        if listed is None:
            yield Problem(str(version), f"revises {parent.version}, which is missing", "add its file")
        elif fingerprints(listed) != fingerprints(parent):
            yield Problem(str(version), f"revises a {parent.version} unlike the one listed", "import it from its file")
    for parent_version, heads in children.items():
        if len(heads) > 1:
            yield Problem(
                f"version {parent_version}", f"is revised by {' and '.join(heads)}", "revise one after the other"
            )
