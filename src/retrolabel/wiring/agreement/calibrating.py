"""The calibration set of a task: ``task.gold.calibrate``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from retrolabel.errors import GoldError, UnknownLabelSetError
from retrolabel.wiring.agreement.calibration_files import of_folder, paths_of, read_sheet, written
from retrolabel.wiring.site import now, who

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime

    from retrolabel.jobs.gold.calibration.filling import FilledSheet
    from retrolabel.jobs.gold.calibration.opening import Asking, Ground
    from retrolabel.jobs.gold.calibration.progress import Calibration as Known
    from retrolabel.jobs.gold.calibration.reporting import CalibrationStatus
    from retrolabel.jobs.gold.calibration.starting import Started
    from retrolabel.jobs.records.calibration import CalibrationRound, CalibrationSet
    from retrolabel.wiring.site import Site

FOLDER = "calibration"
"""The folder of the files that people get, where none is named."""


class Calibrating:
    """What everybody answers each week, to see whether people still agree: ``task.gold.calibrate``.

    Args:
        site: The project and its store.
        task: The task.
        source_of: Says which source is meant, where one or none is named.
    """

    def __init__(self, site: Site, task: str, source_of: Callable[[str | None], str]) -> None:
        self._site, self._task, self._source_of = site, task, source_of

    def start(  # noqa: PLR0913 - a set, its people, and where their files go
        self,
        people: Sequence[str] = (),
        *,
        n: int | None = None,
        rotate: float | None = None,
        again: int | None = None,
        honeypots: int | None = None,
        source: str | None = None,
        columns: Sequence[str] = (),
        every_days: int | None = None,
        seed: int | None = None,
        add: Sequence[str] = (),
        remove: Sequence[str] = (),
        next_round: bool = False,
        folder: str | Path = FOLDER,
        spreadsheet: bool = False,
        dry_run: bool = False,
    ) -> Started:
        """Start the calibration set; called again, open its next round once that is due. A file for each person.

        A set that goes on keeps what it was started with: what is said of it again must be the same. Where the open
        round is not over yet nothing is done, so it can be called each day.

        Args:
            people: Who is asked; in a set that goes on, from the next round on.
            n: How many items everybody answers in a round; 40 if left out.
            rotate: The share of them that changes each round; a quarter if left out.
            again: How many more each person answers that they answered some rounds ago; 10 if left out.
            honeypots: How many more have gold beyond doubt; 4 if left out.
            source: The source of the items; the one of the task if left out.
            columns: The columns of texts that people see; all of the source if left out.
            every_days: After how many days the next round is due; 7 if left out.
            seed: The seed of the draws; 0 if left out.
            add: Who is asked as well, from the next round on.
            remove: Who is not asked any more, from the next round on.
            next_round: Whether the next round is opened although it is not due.
            folder: Where the files go: ``FOLDER/TASK/round-01/PERSON.csv``.
            spreadsheet: Whether cells that begin like formulas get an apostrophe before them.
            dry_run: Whether nothing is stored and no file is written.

        Raises:
            GoldError: Nobody is asked, a figure makes no sense, the set that goes on is another one, or nothing is left
                to be drawn.
            InputError: A file is there already, or cannot be written.
        """
        from retrolabel.jobs.gold.calibration.opening import prepare_round
        from retrolabel.jobs.gold.calibration.starting import Wishes, as_open, as_opened, begin

        catalog, at = self._site.catalog, now()
        known = self._known()
        wishes = Wishes(
            people=tuple(dict.fromkeys(people)),
            add=tuple(dict.fromkeys(add)),
            remove=tuple(dict.fromkeys(remove)),
            n=n,
            rotate=rotate,
            again=again,
            honeypots=honeypots,
            source=source,
            columns=tuple(columns),
            every_days=every_days,
            seed=seed,
            now=next_round,
        )
        pending = catalog.calibration.to_be_asked(self._task, known.next_number)
        of = known.active.source if known.active else self._source_of(source)
        start = begin(known, wishes, pending, source=of, at=at, who=who())
        if not start.opens:
            if start.changed and not dry_run:
                catalog.calibration.ask(self._task, known.next_number, start.people)
            return as_open(known, start, done=not dry_run)
        ground = self._ground()
        asking = prepare_round(known, start.design, start.people, ground, at=at, who=who())
        paths = paths_of(Path(folder), self._task, asking.round.round, start.people)
        if not dry_run:
            self._store(known, asking, paths, ground, spreadsheet=spreadsheet)
        return as_opened(known, start, asking, {person: str(path) for person, path in paths.items()}, done=not dry_run)

    def fill(
        self,
        *files: str | Path,
        annotator: str | None = None,
        map_label: Mapping[str, str] | None = None,
        dry_run: bool = False,
    ) -> list[FilledSheet]:
        """Take files of a round back, wholly or partly filled; as often as there is something new in them.

        Args:
            files: Files, or folders with files; if left out, the folder of the open round.
            annotator: The person whose files they are, where they do not say it, or to make sure.
            map_label: Stored value -> label id (or "" for: this is no label).
            dry_run: Whether nothing is stored.

        Raises:
            GoldError: A file is of another task, round or person, or mostly no labels; every fault of every file, and
                nothing was stored.
            InputError: A file is not there or cannot be read, or there is no file of a round in a folder.
        """
        from retrolabel.jobs.gold.calibration.filling import fill

        site, at = self._site, now()
        paths = self._sheets_in(files)
        site.progress.start("read what came back", len(paths))
        sheets = []
        for path in paths:
            sheets.append(read_sheet(path))
            site.progress.advance(1)
        return fill(
            sheets,
            known=self._known,
            history=site.history(self._task),
            map_label=map_label or {},
            annotator=annotator,
            gold=site.catalog.gold,
            at=at,
            dry_run=dry_run,
            within=self._watch(at),
        )

    def status(self) -> CalibrationStatus:
        """Return the rounds, who is missing, how far people agree of late, and when the next round is due."""
        from retrolabel.jobs.gold.calibration.reporting import status

        site, known = self._site, self._known()
        pending = site.catalog.calibration.to_be_asked(self._task, known.next_number)
        return status(known, pending, history=site.history(self._task), feedback=site.catalog.feedback, at=now())

    def stop(self, *, dry_run: bool = False) -> CalibrationSet:
        """End the calibration set; what was answered stays, and files that come late are still taken.

        Args:
            dry_run: Whether nothing is changed.

        Raises:
            GoldError: No set goes on.
        """
        from retrolabel.jobs.gold.calibration.ending import active_set, stop_set

        known, catalog = self._known(), self._site.catalog
        if dry_run:
            return active_set(known)
        with catalog.transaction():
            return stop_set(known, book=catalog.calibration, at=now(), who=who())

    def undo(self, number: int, *, dry_run: bool = False) -> CalibrationRound:
        """Take the last round back, where nobody answered in it yet; the one before it waits for answers again.

        Args:
            number: The round.
            dry_run: Whether nothing is changed.

        Raises:
            GoldError: It is not there, is not the last one, has answers, or was taken back.
        """
        from retrolabel.jobs.gold.calibration.ending import round_to_undo, undo_round

        known, catalog = self._known(), self._site.catalog
        if dry_run:
            return round_to_undo(known, number)
        with catalog.transaction():
            return undo_round(known, number, book=catalog.calibration, gold=catalog.gold, at=now(), who=who())

    def _known(self) -> Known:
        from retrolabel.jobs.gold.calibration.progress import known_calibration

        catalog = self._site.catalog
        return known_calibration(self._task, catalog.calibration, catalog.gold.human_labels(self._task))

    def _ground(self) -> Ground:
        """Return what a round is drawn from."""
        from retrolabel.jobs.gold.calibration.opening import Ground

        site, catalog = self._site, self._site.catalog
        history = site.history(self._task)
        try:
            label_set = site.label_set(self._task)
        except UnknownLabelSetError:
            label_set = None
        return Ground(
            catalog.gold.human_labels(self._task),
            history,
            history.head,
            site.adjudication(self._task),
            label_set,
            catalog.gold,
            catalog.feedback,
            site.objects,
        )

    def _store(
        self, known: Known, asking: Asking, paths: Mapping[str, Path], ground: Ground, *, spreadsheet: bool
    ) -> None:
        """Write the files and store the round: both, or neither.

        Raises:
            GoldError: Somebody opened a round meanwhile.
        """
        from retrolabel.jobs.gold.calibration.opening import store_round

        catalog = self._site.catalog
        files = {person: path.as_posix() for person, path in paths.items()}
        folder = next(iter(paths.values())).parent.as_posix()
        with written(asking.sheets, paths, spreadsheet=spreadsheet, warn=self._site.warn), catalog.transaction():
            known.check_nobody_was_faster(catalog.calibration.rounds(self._task))
            store_round(asking, files, folder, ground=ground, book=catalog.calibration)

    def _sheets_in(self, files: Sequence[str | Path]) -> list[Path]:
        """Return the files of rounds that are meant: a folder's are those that have the column of a round."""
        if not files:
            last = self._known().last()
            if last is None or not last.people:
                raise GoldError(
                    f"No round of {self._task} waits for answers.",
                    remedy=f"retrolabel gold calibrate start {self._task} --people ana,ben,cleo",
                )
            files = [Path(next(iter(last.people.values()))).parent]
        found: list[Path] = []
        for each in map(Path, files):
            found += of_folder(each) if each.is_dir() else [each]
        return found

    def _watch(self, at: datetime) -> Callable[[], AbstractContextManager[None]]:
        from retrolabel.wiring.gold_alarms import Watch

        return Watch(self._site, self._task, at)


class Calibration:
    """What everybody answers each week, as a part of ``task.gold``."""

    _site: Site
    _task: str
    _source: Callable[[str | None], str]

    @property
    def calibrate(self) -> Calibrating:
        """The calibration set: its rounds, the files for people, and who is missing."""
        return Calibrating(self._site, self._task, self._source)
