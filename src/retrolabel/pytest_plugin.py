"""A door for pytest: the examples of labeling functions run as tests, where they are written.

``pytest labeling_functions`` collects, for each module of a task, a test for each example (the LF
votes, the item is in the slice) and each non-example (it abstains, the item is not), and one for
each gate that the settings ask of an LF (``[tasks.TASK.lf_gates]``): by stored votes and dev gold,
never test gold. pytest is no dependency of ours: who wants tests has it, or is told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

try:
    import pytest
except ModuleNotFoundError as error:
    if error.name != "pytest":
        raise
    missing = "Examples run as tests under pytest, which is not installed: pip install pytest"
    raise ModuleNotFoundError(missing, name="pytest") from None

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from retrolabel.analysis.lf_gates import Judgement
    from retrolabel.errors import Problem
    from retrolabel.jobs.records.tasks import FoundTask
    from retrolabel.labeling.functions import LabelingFunction
    from retrolabel.labeling.slicing import SliceFunction
    from retrolabel.wiring.lf_gating import LfGates

PACKAGE = "labeling_functions"
_tasks = pytest.StashKey[dict[str, "FoundTask"]]()
_gates = pytest.StashKey[dict[str, "LfGates | None"]]()


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect a module that belongs to a task: it lies below ``labeling_functions/<task>/``."""
    if file_path.suffix != ".py" or PACKAGE not in file_path.parts:
        return None
    depth = len(file_path.parts) - 1 - file_path.parts[::-1].index(PACKAGE)
    folder = file_path.parents[len(file_path.parts) - depth - 2]
    below = file_path.relative_to(folder).parts
    if len(below) < 2 or not (folder / below[0] / "schema").is_dir():  # noqa: PLR2004 - task/module.py
        return None
    collector: ExampleFile = ExampleFile.from_parent(parent, path=file_path, name=f"{file_path.name}[examples]")
    collector.project, collector.task = folder.parent, below[0]
    return collector


class ExampleFile(pytest.Collector):
    """The examples and the gates of the labeling functions of one module."""

    project: Path
    task: str

    def collect(self) -> Iterator[pytest.Item]:
        """Yield a test for each example and each gate of each function that is written in this file."""
        task = _discovered(self.config, self.project, self.task)
        here = str(self.path.relative_to(self.project))
        silent = False  # where there is no store, one skipped gate of a module says so
        for lf in task.lfs:
            if task.code[lf.name]["file"] != here:
                continue
            yield from self._examples(lf)
            gates = None if silent else _gates_of(self.config, self.project, task)
            if gates is not None:
                yield from self._gates(lf.name, gates)
                silent = "" in gates.why
        for one in task.slices.functions:
            if task.slices.code[one.asked.name]["file"] == here:
                yield from self._examples(one)

    def _examples(self, of: LabelingFunction | SliceFunction) -> Iterator[pytest.Item]:
        for kind, examples in (("example", of.examples), ("non_example", of.non_examples)):
            for place, example in enumerate(examples):
                item: Example = Example.from_parent(self, name=f"{of.name}[{kind} {place}]")
                item.of, item.wanted, item.example = of, kind == "example", example
                yield item

    def _gates(self, lf: str, gates: LfGates) -> Iterator[pytest.Item]:
        for gate in gates.of(lf):
            item: Gate = Gate.from_parent(self, name=f"{lf}[{gate}]")
            item.judge, item.lf, item.gate = gates.judge, lf, gate
            yield item

    def repr_failure(  # type: ignore[override]  # pytest's collectors have no style either
        self, excinfo: pytest.ExceptionInfo[BaseException]
    ) -> Any:  # noqa: ANN401 - pytest's
        """Return what is wrong with the task or its settings, without a traceback through our code."""
        from retrolabel.errors import RetrolabelError  # noqa: PLC0415 - pytest loads this plugin in every project

        ours = isinstance(excinfo.value, RetrolabelError)
        return str(excinfo.value) if ours else super().repr_failure(excinfo)


class Example(pytest.Item):
    """One item on which a labeling function votes, or abstains; or one that is in a slice, or is not."""

    of: LabelingFunction | SliceFunction
    wanted: bool
    example: Any

    def runtest(self) -> None:
        """Let the function look at the example."""
        problems = self.of.check_example(self.example, wanted=self.wanted)
        if problems is not None:
            raise ExampleError(problems)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:  # noqa: ANN401 - pytest's
        """Return the problem in a line, without a traceback through our code."""
        if isinstance(excinfo.value, ExampleError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Return where the test is."""
        return self.path, None, self.name


class Gate(pytest.Item):
    """What a team asks of a labeling function, by stored votes and dev gold."""

    judge: Callable[[str, str], Judgement]
    lf: str
    gate: str

    def runtest(self) -> None:
        """Judge the labeling function; what cannot be judged is skipped, and says why."""
        found = self.judge(self.lf, self.gate)
        if found.state == "skipped":
            pytest.skip(found.told)
        if found.state == "failed":
            raise GateError(found.told)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:  # noqa: ANN401 - pytest's
        """Return the sentence, without a traceback through our code."""
        if isinstance(excinfo.value, GateError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Return where the test is."""
        return self.path, None, self.name


class GateError(Exception):
    """A labeling function does not do what its team asks."""


class ExampleError(Exception):
    """An example got no vote, or a non-example got one."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))


def _discovered(config: pytest.Config, project: Path, task: str) -> FoundTask:
    from retrolabel.discovery.folders import discover  # noqa: PLC0415 - pytest loads this plugin in every project

    known = config.stash.setdefault(_tasks, {})
    if str(project / task) not in known:
        known[str(project / task)] = discover(project, task)
    return known[str(project / task)]


def _gates_of(config: pytest.Config, project: Path, task: FoundTask) -> LfGates | None:
    from retrolabel.wiring.lf_gating import lf_gates  # noqa: PLC0415 - pytest loads this plugin in every project

    known = config.stash.setdefault(_gates, {})
    key = str(project / task.name)
    if key not in known:
        known[key] = lf_gates(project, task.name, [lf.name for lf in task.lfs])
    return known[key]
