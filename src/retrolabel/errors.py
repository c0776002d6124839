"""Every error that retrolabel raises, in one tree.

::

    RetrolabelError
    ├── SettingsError             settings, project folder, store location
    │   └── MissingExtraError     an optional package is not installed
    ├── SchemaError               a label schema, a step, a history
    │   ├── UnknownLabelError     a name that no label has
    │   └── UnknownVersionError   a version that the history lacks
    ├── LabelingFunctionError     a labeling function that cannot be used
    │   ├── DiscoveryError        modules that do not import, LFs that clash
    │   ├── MissingColumnError    LFs that read columns which a source lacks
    │   ├── FaultRateError        too many items on which an LF failed
    │   └── UndeclaredVoteError   a returned value that the LF does not declare
    ├── EngineError               work that could not be done where it was sent
    │   ├── WorkerDiedError       a worker that ended while it was at a piece of work
    │   └── StuckError            labeling functions that hang or kill their process
    ├── EventError                somebody who cannot be told of what happened
    ├── ScheduleError             a schedule that cannot be kept
    ├── TrackerError              a tracker that does not answer, or takes or gives nothing
    ├── VoteError                 votes that make no sense
    ├── InputError                a file from outside
    │   ├── IngestError           feedback that cannot be taken in
    │   └── GoldError             human labels that cannot be taken in
    │       ├── NothingLeftError    no item is left that people could be asked about
    │       └── TooLittleGoldError  human labels that are too few for what is asked
    └── StoreError                what is stored, or should be
        ├── UnknownLabelSetError  an id that the store lacks
        ├── UnknownItemError      an item that the store, or a label set, lacks
        ├── PromotionError        a label set that cannot be what consumers read
        ├── TaskHeldError         another process works on the task
        ├── PlanError             a plan that cannot be carried out
        │   └── PlanMovedError    what a plan was made of is not as it was
        └── CorruptionError       bytes that are not what they were

An error says what failed, carries the data that led to it, and names the remedy. Where several
things are wrong at once they are gathered as ``problems`` and raised together.
"""

from __future__ import annotations

import difflib
import re
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrolabel.masking import without_secrets, without_secrets_of_urls

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

PLAIN = re.compile(r"[\w./:@%+,-]+", re.ASCII)
"""What a shell takes as one word."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: where, what, and what would help.

    Example:
        >>> print(Problem("row 7", "no item id", "fill the column, or leave out --id"))
        row 7: no item id. Fix: fill the column, or leave out --id
    """

    where: str
    what: str
    remedy: str = ""

    def __str__(self) -> str:
        """Return the problem as one line."""
        what = self.what.rstrip(".")
        return f"{self.where}: {what}. Fix: {self.remedy}" if self.remedy else f"{self.where}: {what}"


class RetrolabelError(Exception):
    """What all errors of retrolabel have in common; ``***`` stands for passwords and tokens in what they say.

    Args:
        message: What failed, in one sentence.
        remedy: What would help, in one sentence.
        problems: Each single thing that is wrong, when there are several.
    """

    def __init__(self, message: str, *, remedy: str = "", problems: Iterable[Problem] = ()) -> None:
        self.message = without_secrets(message)
        self.remedy = without_secrets_of_urls(remedy)
        self.problems: tuple[Problem, ...] = tuple(
            Problem(without_secrets(each.where), without_secrets(each.what), without_secrets_of_urls(each.remedy))
            for each in problems
        )
        super().__init__(self.message)

    def __reduce__(self) -> tuple[object, ...]:
        """Let an error pass from one process to another whole."""
        return _again, (type(self), self.__dict__)

    def __str__(self) -> str:
        """Return message, problems and remedy, a line each."""
        lines = [self.message, *(f"  - {problem}" for problem in self.problems)]
        if self.remedy:
            lines.append(f"Fix: {self.remedy}")
        return "\n".join(lines)


def _again(kind: type[RetrolabelError], state: dict[str, object]) -> RetrolabelError:
    error = kind.__new__(kind)
    error.__dict__.update(state)
    error.args = (state["message"],)
    return error


class SettingsError(RetrolabelError):
    """Settings, project folder or store location are missing or contradict each other."""


class MissingExtraError(SettingsError):
    """A package that only one feature needs is not installed."""

    def __init__(self, package: str, extra: str, feature: str) -> None:
        self.package, self.extra, self.feature = package, extra, feature
        super().__init__(
            f"{feature} needs the package {package!r}, which is not installed.",
            remedy=f'pip install "retrolabel[{extra}]"',
        )


class SchemaError(RetrolabelError):
    """A label schema, one of its steps, or a history of versions is not sound."""


class UnknownLabelError(SchemaError):
    """A name was used that no label of the version has."""

    def __init__(self, name: str, known: Sequence[str], *, of: str, remedy: str = "") -> None:
        self.name, self.known, self.of = name, tuple(known), of
        super().__init__(
            f"No label {name!r} in {of}.{did_you_mean(name, known)} Known: {', '.join(known)}.",
            remedy=remedy or "name one of those; a new label comes with a new version: retrolabel schema new",
        )


class UnknownVersionError(SchemaError):
    """A version was asked for that the history of the task does not hold."""

    def __init__(self, version: str, known: Sequence[str], *, task: str) -> None:
        self.version, self.known, self.task = version, tuple(known), task
        super().__init__(
            f"Task {task!r} has no schema version {version!r}.{did_you_mean(version, known)}"
            f" Known: {', '.join(known)}.",
            remedy=f"name one of those; retrolabel schema new {task} writes the next one",
        )


class LabelingFunctionError(RetrolabelError):
    """A labeling function is declared in a way that cannot work."""


class DiscoveryError(LabelingFunctionError):
    """A folder of labeling functions could not be read as a whole."""


class MissingColumnError(LabelingFunctionError):
    """Labeling functions read columns that a source does not have."""


class FaultRateError(LabelingFunctionError):
    """A labeling function failed on more items than the settings allow."""


class UndeclaredVoteError(LabelingFunctionError):
    """A labeling function returned something that it did not declare."""


class EngineError(RetrolabelError):
    """Work could not be done where it was sent: a labeling function hangs or kills its process, a cluster is gone."""


class WorkerDiedError(EngineError):
    """A worker ended while it was at a piece of work.

    Args:
        message: What is known of it.
        certain: Whether the work itself is known to be the cause, as where it took too long.
    """

    def __init__(self, message: str, *, certain: bool = False) -> None:
        self.certain = certain
        super().__init__(message)


class StuckError(EngineError):
    """Labeling functions hang or kill their process; the votes of all others are stored.

    Args:
        stuck: Labeling function -> what is known of it.
    """

    def __init__(self, stuck: Mapping[str, Problem]) -> None:
        self.stuck = dict(stuck)
        super().__init__(
            f"{len(stuck)} labeling function(s) hang or kill their process; no label set was made.",
            remedy='mend them (engine = "serial" lets a debugger in); or let them sit out: relabel --on-fault skip.'
            " All other votes are stored",
            problems=stuck.values(),
        )


class EventError(RetrolabelError):
    """Somebody cannot be told of what happened: no such name, no URL, no secret."""


class ScheduleError(RetrolabelError):
    """A schedule cannot be kept: its times, its condition, its number."""


class TrackerError(RetrolabelError):
    """A tracker does not answer, or does not take or give what it is asked for."""


class VoteError(RetrolabelError):
    """A vote leaves no label possible, or names a label that does not exist."""


class InputError(RetrolabelError):
    """A file from outside cannot be read as what it should be."""


class IngestError(InputError):
    """Feedback cannot be taken in; the store is as it was."""


class GoldError(InputError):
    """Human labels cannot be taken in; the store is as it was."""


class NothingLeftError(GoldError):
    """No item is left that people could be asked about: all were drawn, or have labels already."""


class TooLittleGoldError(GoldError):
    """Something was asked that so few human labels cannot say."""

    def __init__(self, n: int, needed: int, what: str, whose: str = "") -> None:
        self.n, self.needed, self.missing = n, needed, needed - n
        super().__init__(
            f"{what} need{'' if what.endswith('s') else 's'} {counted(needed, 'gold item')}"
            f"{' ' + whose if whose else ''}, and there {'is' if n == 1 else 'are'} {n:,}: {needed - n:,} missing.",
            remedy=f"label {needed - n:,} more, drawn by a known design",
        )


class StoreError(RetrolabelError):
    """The store lacks something, or cannot be read or written."""


class UnknownLabelSetError(StoreError):
    """A label set was asked for that the store does not hold."""


class UnknownItemError(StoreError):
    """An item was asked for that the store, or a label set, does not hold."""


class PromotionError(StoreError):
    """A label set cannot become what consumers read, or have the name that was asked for."""


class TaskHeldError(StoreError):
    """Another process works on the task, or took it over.

    Args:
        message: Who works on it.
        remedy: What would help.
        lease: Task, host, process and since when, where somebody works on it.
    """

    def __init__(self, message: str, *, remedy: str = "", lease: Mapping[str, object] | None = None) -> None:
        self.lease = dict(lease or {})
        super().__init__(message, remedy=remedy)


class PlanError(StoreError):
    """A plan cannot be carried out: its file is of something else, of another store, or damaged."""


class PlanMovedError(PlanError):
    """What a plan was made of is not as it was, so that a relabel would do something else than it says."""


class CorruptionError(StoreError):
    """Stored bytes are not what was written."""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return the sentence that offers the nearest known name, or nothing.

    Example:
        >>> did_you_mean("retreival", ["retrieval", "formatting"])
        " Did you mean 'retrieval'?"
    """
    near = nearest(name, known)
    return f" Did you mean {near!r}?" if near else ""


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that is most like ``name``, if one is alike at all.

    Example:
        >>> nearest("Bugs", ["bug", "feature"])
        'bug'
    """
    by_folded = {candidate.casefold(): candidate for candidate in known}
    found = difflib.get_close_matches(str(name).casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[found[0]] if found else None


def for_shell(text: str) -> str:
    r"""Return a name as it is written in a suggested command: in quotes wherever a shell would take it apart.

    Example:
        >>> for_shell("a.csv"), for_shell("my file.csv"), for_shell('5" $HOME')
        ('a.csv', '"my file.csv"', '\'5" $HOME\'')
    """
    if PLAIN.fullmatch(text):
        return text
    return in_quotes(text)


def in_quotes(text: str) -> str:
    """Return a name in the quotes that keep it whole in a shell.

    Example:
        >>> in_quotes("stars"), in_quotes("5$")
        ('"stars"', "'5$'")
    """
    return shlex.quote(text) if set(text) & set('"$`\\!') else f'"{text}"'


def counted(number: int, noun: str) -> str:
    """Return a count with its noun.

    Example:
        >>> counted(1, "item"), counted(1408, "item")
        ('1 item', '1,408 items')
    """
    return f"{int(number):,} {noun}{'' if number == 1 else 's'}"
