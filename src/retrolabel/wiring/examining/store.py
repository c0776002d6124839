"""The store: its catalog, files, clock, quarantine, and what waits."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.compute as pc
import sqlalchemy as sa

from retrolabel.errors import MissingExtraError, RetrolabelError, counted
from retrolabel.jobs.feedback.quarantine import FOLDER, GOLD
from retrolabel.jobs.label_sets.verify import verify_own_files
from retrolabel.jobs.records.feedback import CREATED_AT
from retrolabel.jobs.votes.faults import SETTING, said_by_lf
from retrolabel.storage.connections import engines
from retrolabel.storage.objects import LocalObjects
from retrolabel.storage.places import how_to_save, parsed_url, place_of
from retrolabel.storage.upgrade import HEAD, OURS, known_revisions, revision, tables_of
from retrolabel.tracking.waiting import Waiting
from retrolabel.wiring.examining.end_models import look_at_models
from retrolabel.wiring.examining.findings import Finding, broken, unwritable

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence
    from datetime import datetime

    from retrolabel.jobs.records.feedback import Segment
    from retrolabel.jobs.records.plans import Plan
    from retrolabel.jobs.records.tasks import FoundTask
    from retrolabel.wiring.workspace import Workspace


SKEW = timedelta(minutes=5)
"""Clocks of two machines may differ by so much."""


LOCK_SECONDS = 2.0


def look_at_store(ws: Workspace, tasks: Sequence[FoundTask], clock: Callable[[], datetime]) -> Iterator[Finding]:
    """Tell what is wrong with the store, and what waits in it."""
    file = ws.store / "catalog.db"
    if ws.settings.catalog is None and not file.is_file():
        yield Finding("note", f"no store in {ws.store} yet", "retrolabel ingest FILE --source NAME makes it")
        yield from unwritable("the folder of the store", [_nearest_that_exists(ws.store)])
        return
    if ws.store.is_dir():
        inside = sorted(path for path in ws.store.iterdir() if path.is_dir())
        yield from unwritable("the store", [ws.store, *inside, *([file] if file.is_file() else [])])
    else:
        yield from unwritable("the folder of the store", [_nearest_that_exists(ws.store)])
    try:
        stop = yield from _catalog(ws, file)
        if stop:
            return
        if not ws.has_store():
            what = f"nothing was ingested into {ws.open_catalog.place} yet"
            yield Finding("note", what, "retrolabel ingest FILE --source NAME does it")
            return
        sources, segments, sets = (
            ws.catalog.feedback.sources(),
            ws.catalog.feedback.segments(),
            ws.catalog.label_sets.records(),
        )
        newest = ws.catalog.newest()
    except RetrolabelError as error:
        said = error.message.startswith("The catalog, ")  # and then where it is
        yield broken(error, "" if said else f"{ws.settings.catalog or file}: ")
        return
    items = sum(segment.live for segment in segments)
    what = ", ".join([counted(len(sources), "source"), counted(items, "item"), counted(len(sets), "label set")])
    yield Finding(
        "ok",
        f"store {ws.store}{f', catalog {place_of(parsed_url(ws.catalog_url))}' if ws.settings.catalog else ''}: {what}",
    )
    gone = [segment.path for segment in segments if not ws.objects.size(segment.path)]
    if gone:
        yield Finding("broken", f"{len(gone)} feedback file(s) are gone, e.g. {gone[0]}", "restore them from a backup")
    yield from _future(ws, [segment for segment in segments if segment.path not in gone], newest, clock())
    yield from _newest_sets(ws, {record.task for record in sets})
    if count := Waiting(ws.store).count():
        yield Finding("note", f"{counted(count, 'relabel')} not reported to MLflow yet", "retrolabel track --resend")
    yield from look_at_models(ws)
    if models := Waiting(ws.store).models():
        yield Finding(
            "note", f"{counted(len(models), 'model')} not in MLflow's registry yet", "retrolabel track --resend"
        )
    for task in Waiting(ws.store).pointers():
        yield Finding("note", f"MLflow's alias current of {task} may be out of date", "retrolabel track --resend")
    yield from _quarantine(ws)
    yield from _labelled(ws, tasks)


def _nearest_that_exists(folder: Path) -> Path:
    return next(each for each in (folder, *folder.parents) if each.exists())


def _catalog(ws: Workspace, file: Path) -> Generator[Finding, None, bool]:
    """Look at the catalog before it is used; return whether to look no further."""
    if ws.settings.catalog is None and (finding := _lock(file)):
        yield finding
        return True
    engine = None
    try:
        engine, _ = engines(ws.catalog_url)
        present, there = revision(engine), set(tables_of(engine))
    except (sa.exc.SQLAlchemyError, ImportError, RetrolabelError):
        return False  # opening it says what is wrong
    finally:
        if engine is not None:
            engine.dispose()
    if present in (None, HEAD):
        return False
    if present in known_revisions():
        what = f"the catalog is at revision {present}, of an older retrolabel; this one writes {HEAD}"
        upgraded = f"the next command that writes upgrades it, after a copy to {file.name}.{present}"
        if ws.settings.catalog is not None:
            saved = how_to_save(ws.catalog_url, present)
            upgraded = f"save it ({saved}); then retrolabel catalog upgrade, which does all of it or nothing"
        yield Finding("note", what, upgraded)
    elif not there >= OURS:
        return False  # opening it says whose tables they are
    else:
        what = f"the catalog is at revision {present}, of a newer retrolabel; this one knows up to {HEAD}"
        yield Finding("broken", what, "pip install --upgrade retrolabel")
    return True


def _lock(file: Path) -> Finding | None:
    """Return what is wrong if no lock for writing can be had for two seconds; it is let go of at once."""
    try:
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=rw", uri=True, timeout=LOCK_SECONDS)) as connection:
            connection.isolation_level = None
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
    except sqlite3.OperationalError as error:
        if "locked" not in str(error):
            return None  # opening it says what is wrong
        who = ", ".join(map(str, _open_in(file)))
        what = f"the catalog {file} is locked by another process" + (f": {who}" if who else "")
        remedy = "wait until it is done; if it hangs, end it: " + (
            f"kill {who.split(',')[0]}" if who else f"fuser {file}"
        )
        return Finding("broken", what, f"{remedy}. Nothing that was stored is lost")
    except sqlite3.DatabaseError:
        return None
    return None


def _open_in(file: Path) -> list[int]:
    """Return the processes that have a file open, where the system tells (Linux), without this one."""
    found = set()
    for link in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            if link.readlink() == file.resolve() and int(link.parts[2]) != os.getpid():
                found.add(int(link.parts[2]))
        except OSError:
            continue
    return sorted(found)


def _future(ws: Workspace, segments: Sequence[Segment], newest: dict[str, datetime], at: datetime) -> Iterator[Finding]:
    """Look for times that the machine's clock has not reached yet."""
    for what, when in newest.items():
        if when > at + SKEW:
            told = f"{what} of {when:%Y-%m-%d %H:%M} UTC lies in the future: it is {at:%Y-%m-%d %H:%M} by this clock"
            remedy = "set the clock of this machine, or of the one that wrote it (timedatectl set-ntp true)"
            yield Finding("broken", told, f"{remedy}; label sets are listed by their times")
    late: dict[str, int] = {}
    for segment in segments:
        try:
            times = ws.objects.read_table(segment.path, [CREATED_AT], sha256=segment.sha256).column(CREATED_AT)
        except RetrolabelError as error:
            yield broken(error)
            continue
        count = pc.sum(pc.greater(times, at + SKEW)).as_py() or 0
        if count:
            late[segment.source] = late.get(segment.source, 0) + count
    for source, count in late.items():
        were = "was" if count == 1 else "were"
        told = f"{counted(count, 'item')} of {source} {were} created in the future, by the clock of this machine"
        yield Finding("note", told, "set the clock; or, if it is right, mend the times in the file and ingest --revise")


def _newest_sets(ws: Workspace, tasks: set[str]) -> Iterator[Finding]:
    """Hash the files of each task's newest label set again."""
    for task in sorted(tasks):
        try:
            problems = verify_own_files(ws.label_set(task))
        except RetrolabelError as error:
            yield broken(error, f"the newest label set of {task}: ")
            continue
        if problems:
            what = f"{counted(len(problems), 'file')} of the newest label set of {task} not as written: {problems[0]}"
            again = f"retrolabel relabel {task} --repair makes it again"
            yield Finding("broken", what, f"{again}; retrolabel labels verify {task} names each")


def _quarantine(ws: Workspace) -> Iterator[Finding]:
    """Look for rows that were put aside, where files are in a local directory."""
    if not isinstance(ws.objects, LocalObjects):
        return
    for folder in sorted(path for path in (ws.objects.root / FOLDER).glob("*") if path.is_dir()):
        files = sorted(folder.glob("*.jsonl"))
        try:
            count = sum(len(path.read_bytes().splitlines()) for path in files)
        except OSError as error:
            yield Finding("broken", f"{folder} cannot be read: {error}", "give yourself permission to read it")
            continue
        if count:
            of, again = folder.name, "ingest it again"
            if of.startswith(GOLD):
                of, again = f"human labels of {of.removeprefix(GOLD)}", "import it again (retrolabel gold import)"
            are = "is" if count == 1 else "are"
            where = files[0] if len(files) == 1 else folder
            what = f"{counted(count, 'row')} of {of} {are} in quarantine, mended ones included: {where}"
            yield Finding("note", what, f"mend what is wrong in your file and {again}; then that list can be deleted")


def _labelled(ws: Workspace, tasks: Sequence[FoundTask]) -> Iterator[Finding]:
    """Look for what a relabel would do, and for labeling functions that failed."""
    told: set[str] = set()
    for task in tasks:
        if not task.lfs or any(head.scale == "multilabel" for head in task.history.heads):
            continue  # nothing votes, or labels go to no label set
        try:
            plan = ws.task(task.name).plan()
            findings = [*_faults(ws, plan), *_to_do(plan)]
        except MissingExtraError:
            continue  # it is said of the installation
        except RetrolabelError as error:
            if str(error) not in told:
                yield broken(error, f"task {task.name}: ")
            told.add(str(error))
            continue
        yield from findings


def _faults(ws: Workspace, plan: Plan) -> Iterator[Finding]:
    """Look for labeling functions that failed on items as they are now."""
    name, highest = plan.task.name, ws.settings.max_fault_rate
    for lf, said in said_by_lf(plan, plan.stored, ws.objects).items():
        if not said.faults:
            continue
        what = f"task {name}: {lf} failed on {said.faults:,} of {counted(said.items, 'item')}"
        if said.faults > highest * plan.items:
            what += f", more than {SETTING} allows ({highest:.1%}), so that a relabel is refused"
            yield Finding("broken", what, f"mend it: retrolabel lf faults {name} shows where it failed")
        else:
            yield Finding("note", what, f"retrolabel lf faults {name}")


def _to_do(plan: Plan) -> Iterator[Finding]:
    """Look for something that a relabel would do."""
    if plan.nothing_to_do or not plan.items:
        return
    calls, by = f"{counted(plan.calls, 'call')} to make", ""
    if not plan.calls:  # another label model may have made one
        calls, by = "all votes are stored", f" by {plan.inputs['label_model'].get('name')}"
    version = plan.schema.version
    what = f"no label set{by} under {version} of what is there now ({calls})"
    if plan.exists:
        what = f"the label set under {version} of what is there now is not the latest"
        if plan.is_latest:
            what = f"votes of the label set under {version} are not stored any more ({calls})"
    yield Finding("note", f"task {plan.task.name}: {what}", f"retrolabel plan {plan.task.name}")
