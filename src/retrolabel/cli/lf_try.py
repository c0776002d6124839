"""``retrolabel lf try``: what labeling functions do on a sample, at once and at each save."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated

import typer

from retrolabel.cli.common import FAILED, JsonOption, StoreOption, print_json, quiet, say, workspace
from retrolabel.errors import InputError, LabelingFunctionError, RetrolabelError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from retrolabel.analysis.trying.tried import Tried
    from retrolabel.wiring.trying import Trying
    from retrolabel.wiring.workspace import Workspace

    Watcher = Callable[[Sequence[Path]], Iterable[Collection[Path]]]

LfsArgument = Annotated[str, typer.Argument(metavar="TASK[:LF]", help="The task, or one of its labeling functions.")]
WAITING = "Waiting for a save; Ctrl-C ends it."
STEP = 20
"""Milliseconds between two looks at the files."""
LISTENS = 100
"""Milliseconds after which it says that nothing was saved."""


def try_(  # noqa: PLR0913 - the options of the command
    lf: LfsArgument,
    watch: Annotated[bool, typer.Option("--watch", help="Again at each save, until Ctrl-C.")] = False,
    marginal: Annotated[
        bool, typer.Option("--marginal", help="Fit the label model on the sample with it and without.")
    ] = False,
    items: Annotated[int, typer.Option(min=1, help="How many items are drawn; dev gold comes on top.")] = 20_000,
    show: Annotated[int, typer.Option(min=0, help="How many hits and near misses are shown.")] = 8,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Try labeling functions on a sample: what they hit and why, what is wrong, what they miss; nothing is stored.

    TASK alone tries those that are new or edited since the newest label set; where none is, all, a line each.
    It judges by dev gold, never by test gold. It ends with 1 where an LF fails on more items than a relabel allows.

    Example: retrolabel lf try issue_type:asks_how --watch
    """
    if watch and as_json:
        raise InputError("--watch goes on, and JSON ends.", remedy="leave one of them out")
    ws = workspace(store)
    name, _, wanted = lf.partition(":")
    ws.check_task(name)
    from retrolabel.wiring.trying import Trying, folders_of  # noqa: PLC0415 - not needed for --help

    began = perf_counter()

    def session_of() -> _Session:
        return _Session(ws, Trying(ws, name, items), wanted, show, marginal=marginal)

    if watch:
        with suppress(KeyboardInterrupt):
            watched(session_of, files_saved(folders_of(ws.project_folder(), name)), began)
        quiet()
        say("Stopped; nothing was stored.")
        return
    session = session_of()
    if as_json:
        tried = session.tried(session.chosen())
        print_json({"task": name, "lfs": [each.as_dict(show) for each in tried]})
        session.end(tried)
        return
    session.end(session.shown(session.chosen(), began))


class _Session:
    """What one command tries, and how much of it is shown."""

    def __init__(self, ws: Workspace, trying: Trying, wanted: str, show: int, *, marginal: bool) -> None:
        self.ws = ws
        self.trying = trying
        self.wanted = wanted
        self.show = show
        self.marginal = marginal

    def chosen(self) -> list[str]:
        """Return the labeling functions to try: the one asked for, or those that changed; else all."""
        found = self.trying.found
        names = [lf.name for lf in found.lfs]
        if self.wanted in names:
            return [self.wanted]
        if self.wanted:
            broken = [problem for module in found.broken for problem in module.problems]
            raise LabelingFunctionError(
                f"There is no labeling function {self.wanted!r} in {found.name}.{did_you_mean(self.wanted, names)}",
                problems=broken,
                remedy="mend the module" if broken else f"retrolabel lf list {found.name} shows those that there are",
            )
        return self.trying.changed() or names

    def tried(self, names: Sequence[str]) -> list[Tried]:
        """Return what labeling functions do."""
        by_name = {lf.name: lf for lf in self.trying.found.lfs}
        return [self.trying.of(by_name[name], marginal=self.marginal) for name in names]

    def shown(self, names: Sequence[str], began: float) -> list[Tried]:
        """Print what labeling functions do: whole where they are few, a line each where they are many."""
        from retrolabel.cli import trying_shown  # noqa: PLC0415 - not needed for --help

        if len(names) > FEW or (len(names) > 1 and len(names) == len(self.trying.found.lfs)):
            tried = self.tried(names)
            trying_shown.show_line_each(self.trying.found.name, tried)
            self.say_left_out()
            return tried
        tried = []
        for name in names:
            tried += self.tried([name])
            trying_shown.show_tried(tried[-1], self.show, perf_counter() - began)
            sys.stdout.flush()  # near misses may take longer
            trying_shown.show_near_misses(tried[-1], self.show)
            began = perf_counter()
        self.say_left_out()
        return tried

    def say_left_out(self) -> None:
        """Print a line for each module that does not import: what is in it is not tried."""
        for module in self.trying.found.broken:
            say(f"sits out: {module.why}")

    def end(self, tried: Sequence[Tried]) -> None:
        """End with 1 where one failed on more of the items than a relabel allows."""
        highest = self.ws.settings.max_fault_rate
        if any(each.measured.faults > highest * len(each.keys) for each in tried):
            raise typer.Exit(FAILED)


FEW = 3
"""So many labeling functions are shown whole."""


def watched(session_of: Callable[[], _Session], saves: Iterable[Collection[Path]], began: float) -> None:
    """Try labeling functions now and after each save; a save that cannot be used is told in a line.

    Saves are heard before anything is imported, so that one during the first try is tried after it.

    Args:
        session_of: Opens what is tried.
        saves: The files that changed, save by save; the first ones, or none, as soon as it listens.
        began: When the command began.
    """
    heard = iter(saves)
    next(heard, None)
    session = session_of()
    _attempt(session, None, began)
    _wait()
    for files in heard:
        if files:
            _attempt(session, files, perf_counter())
            _wait()


def _wait() -> None:
    say(WAITING)
    sys.stdout.flush()
    quiet()


def _attempt(session: _Session, files: Collection[Path] | None, began: float) -> None:
    """Try once; what is wrong is told, and nothing ends by it."""
    try:
        names = session.chosen() if files is None else _saved(session, files)
        if names:
            session.shown(names, began)
    except RetrolabelError as error:
        lines = [f"{each.where}: {each.what}" for each in error.problems] or [error.message]
        for line in lines:
            say(f"broken: {line}")
        if not error.problems:  # it may be for want of what another module holds
            session.say_left_out()


def _saved(session: _Session, files: Collection[Path]) -> list[str]:
    """Return what is tried after a save: the one asked for, or those whose key is another.

    A module that does not import stands in nobody's way but its own.
    """
    before = dict(session.trying.found.keys)
    say()
    say(f"{', '.join(sorted(path.name for path in files))} saved")
    found = session.trying.again(files)
    if session.wanted:
        return session.chosen()
    edited = [name for name, key in found.keys.items() if before.get(name) != key]
    if not edited:
        session.say_left_out()
    if not edited and not found.broken:
        say("No key of a labeling function is another one.")
    return edited


def files_saved(folders: Sequence[Path]) -> Iterable[Collection[Path]]:
    """Yield the files that changed below some folders, save by save, until Ctrl-C; none where nothing was saved.

    The first ones, or none, come as soon as it listens. From then on no save is lost, however long its reader takes.
    """
    import watchfiles  # noqa: PLC0415 - only to watch

    heard = watchfiles.watch(
        *folders, debounce=200, step=STEP, rust_timeout=LISTENS, yield_on_timeout=True, raise_interrupt=True
    )
    for changes in heard:
        files = {Path(name) for _, name in changes}
        yield {path for path in files if not path.name.startswith(".") and path.suffix not in (".pyc", ".swp", ".tmp")}
