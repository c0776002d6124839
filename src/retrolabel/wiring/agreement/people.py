"""What is known of the people who label a task: ``task.gold.people``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from retrolabel.jobs.gold.people.figures import PeopleFigures
    from retrolabel.jobs.gold.people.pseudonyms import Pseudonyms
    from retrolabel.wiring.site import Site

KEY = "people/pseudonyms.key"
"""The file of a store that makes its pseudonyms; who has the store has the names too."""


class People:
    """Says how each person's answers compare with what is known."""

    _site: Site
    _task: str

    def people(self, *, as_: str | None = None, to: str | None = None) -> PeopleFigures:
        """Return what is known of each person's answers: right on honeypots and on what others say, speed, changes.

        An item's label is made without the person's own answer. Shares are pooled in part: who answered little is taken
        to be like the others. Nobody is ranked.

        Args:
            as_: A person: their own figures alone, beside the mean of all. This is no access control: who can read the
                store can read everybody's.
            to: The version to read answers in; the newest if left out.

        Raises:
            GoldError: Nobody answered, or nobody of that name.
            UnknownVersionError: The task has no such version.
        """
        from retrolabel.jobs.gold.people.measuring import figures_of_people
        from retrolabel.jobs.gold.resolving import read_in

        history, catalog = self._site.history(self._task), self._site.catalog
        answers = catalog.gold.answers(self._task)
        schema = history[to] if to else history.head
        return figures_of_people(
            answers,
            task=self._task,
            schema=schema,
            history=history,
            readings=read_in(history, schema.version, [each.label for each in answers], catalog.feedback),
            how=self._site.adjudication(self._task),
            as_=as_,
        )

    def called(self, *, names: bool) -> Callable[[str], str]:
        """Return what stands for people's names: themselves, or the pseudonyms of the store.

        Args:
            names: Whether names stay.
        """
        return str if names else pseudonyms_of(self._site)

    def write_people(self, found: PeopleFigures, out: str | Path, *, names: bool = False) -> None:
        """Write what is known of people to a JSON file, with pseudonyms unless names are asked for.

        Args:
            found: The figures.
            out: The file; it must not be there yet.
            names: Whether people's names are written.

        Raises:
            InputError: The file exists, or its name does not end in ``.json``.
            StoreError: It cannot be written.
        """
        from retrolabel.errors import InputError, StoreError

        path = Path(out)
        if path.suffix.lower() != ".json":
            raise InputError(f"{path.name!r} is no JSON file.", remedy="let the name end in .json")
        if path.exists():
            raise InputError(f"{path} exists already; nothing was written.", remedy="choose another name with --out")
        text = json.dumps(found.as_dict(self.called(names=names)), indent=2, ensure_ascii=False, allow_nan=False) + "\n"
        try:
            path.write_text(text, encoding="utf-8")
        except OSError as error:
            why = error.strerror or error
            raise StoreError(f"{path} cannot be written: {why}.", remedy="choose another place") from error


def pseudonyms_of(site: Site) -> Pseudonyms:
    """Return the pseudonyms of a store: the same for each task and each day; its key is made when it is first needed.

    Args:
        site: The project and its store.
    """
    import secrets

    from retrolabel.jobs.gold.people.pseudonyms import KEY_BYTES, Pseudonyms

    if site.objects.sha256(KEY) is None:
        site.objects.write_bytes(KEY, secrets.token_hex(KEY_BYTES).encode())
    return Pseudonyms(site.objects.read_bytes(KEY))
