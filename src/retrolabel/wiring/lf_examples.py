"""The examples of labeling functions, run without pytest."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from retrolabel.errors import LabelingFunctionError, RetrolabelError, did_you_mean
from retrolabel.labeling.raised import interruptible, is_fault, said
from retrolabel.labeling.slicing import SliceFunction

if TYPE_CHECKING:
    from retrolabel.jobs.records.tasks import FoundTask
    from retrolabel.labeling.functions import LabelingFunction
    from retrolabel.wiring.site import Site


@dataclass(frozen=True)
class ExampleFailure:
    """An example on which a labeling function does something else than its author says.

    Attributes:
        task: The task.
        lf: The labeling function; empty, where a module cannot be used at all.
        kind: ``example`` or ``non-example``.
        place: Which of them, from 1.
        example: It, as it is written.
        did: What the labeling function did: ``abstained``, ``voted bug``, ``raised ...``.
        wanted: What it should do.
        file: Where it is written.
        line: In which line, from 1; 0 where that is not known.
    """

    task: str
    lf: str
    kind: str
    place: int
    example: str
    did: str
    wanted: str
    file: str
    line: int

    def __str__(self) -> str:
        """Return the sentence."""
        where = f"{self.file}:{self.line}" if self.line else self.file
        if not self.lf:
            return f"{where}: {self.did}"
        return f"{where}: {self.lf} {self.did} on its {self.kind} {self.example}; it should {self.wanted}"


@dataclass(frozen=True)
class ExamplesRun:
    """What became of the examples.

    Attributes:
        lfs: How many labeling functions were looked at.
        slices: How many slice functions.
        examples: How many examples and non-examples they have together.
        failures: Those that fail.
        without: ``task:lf`` of labeling functions that have none.
    """

    lfs: int = 0
    examples: int = 0
    failures: list[ExampleFailure] = field(default_factory=list)
    without: list[str] = field(default_factory=list)
    slices: int = 0

    def __add__(self, other: ExamplesRun) -> ExamplesRun:
        """Return both together."""
        return ExamplesRun(
            self.lfs + other.lfs,
            self.examples + other.examples,
            self.failures + other.failures,
            self.without + other.without,
            self.slices + other.slices,
        )


def run_examples(site: Site, task: str | None = None, lf: str = "") -> ExamplesRun:
    """Return what becomes of the examples of labeling functions; a task that cannot be used is a failure.

    Args:
        site: The project.
        task: One task; all if left out.
        lf: One labeling function; all if left out.

    Raises:
        LabelingFunctionError: The task has no such labeling function.
        SettingsError: The project has no such task.
    """
    if task is not None and not lf and task not in site.tasks():
        task, lf = _home_of(site, task)
    if task is not None:
        site.check_task(task)
    done = ExamplesRun()
    for name in [task] if task else site.tasks():
        try:
            found = site.discover(name, skips=True)
        except RetrolabelError as error:
            if not error.problems:
                raise
            told = [f"{problem.what}{problem.remedy and f' ({problem.remedy})'}" for problem in error.problems]
            places = [problem.where for problem in error.problems]
            done += ExamplesRun(failures=[_unusable(name, *each) for each in zip(places, told, strict=True)])
            continue
        done += _of_task(found, lf)
    return done


def _home_of(site: Site, name: str) -> tuple[str, str]:
    """Return the task and the labeling function that a name without a task stands for; the name, where it is none."""
    homes = []
    for task in site.tasks():
        with suppress(RetrolabelError):
            homes += [task for one in _functions(site.discover(task, skips=True)) if one.name == name]
    if len(homes) > 1:
        raise LabelingFunctionError(
            f"Several tasks have a labeling function {name}.",
            remedy=f"write {' or '.join(f'{t}:{name}' for t in homes)}",
        )
    return (homes[0], name) if homes else (name, "")


def _unusable(task: str, where: str, what: str) -> ExampleFailure:
    return ExampleFailure(task, "", "", 0, "", what, "", where, 0)


def _of_task(task: FoundTask, wanted: str) -> ExamplesRun:
    known = [one.name for one in _functions(task)]
    if wanted and wanted not in known and not task.broken:
        raise LabelingFunctionError(
            f"There is no labeling function {wanted!r} in {task.name}.{did_you_mean(wanted, known)}",
            remedy=f"retrolabel lf list {task.name} shows those that there are",
        )
    run = ExamplesRun()
    for broken in task.broken if wanted not in known else ():
        run.failures.extend(
            _unusable(task.name, each.where, f"{each.what}{each.remedy and f' ({each.remedy})'}")
            for each in broken.problems
        )
    for one in _functions(task):
        if not wanted or one.name == wanted:
            run += _of_one(task, one)
    return run


def _functions(task: FoundTask) -> list[LabelingFunction | SliceFunction]:
    """Return what has examples: labeling functions and slice functions."""
    return [*task.lfs, *task.slices.functions]


def _of_one(task: FoundTask, one: LabelingFunction | SliceFunction) -> ExamplesRun:
    count = len(one.examples) + len(one.non_examples)
    without = [] if count else [f"{task.name}:{one.name}"]
    if isinstance(one, SliceFunction):
        run, code = ExamplesRun(0, count, without=without, slices=1), task.slices.code[one.asked.name]
        yes, no, did = "say yes", "say no", one.did
    else:
        run, code = ExamplesRun(1, count, without=without), task.code[one.name]
        told = " or ".join(str(vote).replace("|", " | ") for vote in one.declared)
        yes, no, did = f"vote {told}", "abstain", partial(_did, one)
    for kind, examples, wanted in (("example", one.examples, yes), ("non-example", one.non_examples, no)):
        for place, example in enumerate(examples, start=1):
            done = did(example)
            if (done in ("abstained", "said no")) != (kind == "non-example") or done.startswith("raised"):
                where = (code["file"], int(code["line"]))
                failure = ExampleFailure(task.name, one.name, kind, place, repr(example), done, wanted, *where)
                run.failures.append(failure)
    return run


def _did(lf: LabelingFunction, example: object) -> str:
    """Return what a labeling function does with an example."""
    with interruptible():
        try:
            vote = lf.vote(lf.as_item(example))
        except BaseException as error:  # an author's function may raise anything
            if not is_fault(error):
                raise
            return f"raised {said(error)}"
    return "abstained" if vote is None else f"voted {str(vote).replace('|', ' | ')}"
