"""What happened in a project: read, told, and told again."""

from __future__ import annotations

import base64
import re
import secrets
from dataclasses import dataclass
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING

from retrolabel.engines.here import is_gone, this_process
from retrolabel.errors import EventError, RetrolabelError, TaskHeldError, did_you_mean
from retrolabel.jobs.events.delivering import Told, again, deliver
from retrolabel.jobs.label_sets.holding import Place, held
from retrolabel.jobs.ports.progress import Silence
from retrolabel.jobs.records.events import DEAD, KINDS, WAITING, Endpoint
from retrolabel.wiring.site import now

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from retrolabel.jobs.events.delivering import Messenger
    from retrolabel.jobs.records.events import Delivery, Event
    from retrolabel.wiring.site import Site

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
URL = re.compile(r"[a-z][a-z0-9+.-]*://\S+|env:[A-Za-z_][A-Za-z0-9_]*")
SECRET = re.compile(r"env:[A-Za-z_][A-Za-z0-9_]*")
SECRET_BYTES = 32
SOON = 5.0
"""Seconds after a relabel or a promotion in which somebody is told at once."""


@dataclass(frozen=True)
class Standing:
    """How far telling somebody is.

    Attributes:
        endpoint: Who is told.
        waiting: What is tried again.
        dead: What is not.
        untold: How many events they are still to be told of.
    """

    endpoint: Endpoint
    waiting: tuple[Delivery, ...]
    dead: tuple[Delivery, ...]
    untold: int


class Events:
    """What happened in a project, and who is told.

    Args:
        site: The project and its store.
        clock: The time.
        messenger: What tells; webhooks and Apprise if left out.
    """

    def __init__(self, site: Site, *, clock: Callable[[], datetime] = now, messenger: Messenger | None = None) -> None:
        self._site, self._clock, self._messenger = site, clock, messenger

    def read(
        self,
        task: str | None = None,
        *,
        kinds: Sequence[str] = (),
        after: int = 0,
        since: datetime | None = None,
        most: int | None = None,
    ) -> list[Event]:
        """Return events, oldest first; where there are more than ``most``, the newest of them.

        With ``after`` or ``since`` it is the next ones instead, so that who asks again and again misses none.

        Args:
            task: Of one task only.
            kinds: Of these kinds only.
            after: Those with a higher number.
            since: Those of this time and later.
            most: No more than so many.

        Raises:
            EventError: There is no such kind.
        """
        _check_kinds(kinds)
        return self._site.catalog.events.events(task, kinds=kinds, after=after, since=since, most=most)

    def subscribe(
        self, name: str, url: str, *, kinds: Sequence[str] = (), task: str | None = None, secrets: Sequence[str] = ()
    ) -> bool:
        """Let somebody be told of what happens from now on; return whether the name is new.

        Args:
            name: How they are called; who is known under it is changed.
            url: Where they are told; ``env:NAME`` reads it from the environment where it is needed.
            kinds: The kinds of events; all if left out.
            task: One task's; all if left out.
            secrets: Where the secrets of a webhook's signature are: ``env:NAME``, the newest first.

        Raises:
            EventError: It is no name, no URL, no kind, or the secret itself is given.
        """
        _check_kinds(kinds)
        if NAME.fullmatch(name) is None:
            raise EventError(f"{name!r} is no name.", remedy="letters, digits, dots and lines, such as search-team")
        if URL.fullmatch(url) is None:
            raise EventError(
                f"{url!r} is no URL.", remedy="https://host/path, a URL of Apprise such as mailto://, or env:NAME"
            )
        if any(SECRET.fullmatch(each) is None for each in secrets):
            raise EventError(
                "A secret is not kept here: the catalog would show it to who reads it.",
                remedy="put it into the environment where events are delivered, and name it: --secret env:NAME",
            )
        endpoint = Endpoint(name, url, tuple(kinds), task, tuple(secrets), self._clock())
        return self._site.catalog.events.subscribe(endpoint)

    def unsubscribe(self, name: str) -> None:
        """Tell somebody no more.

        Raises:
            EventError: There is nobody of that name.
        """
        self.endpoint(name)
        self._site.catalog.events.unsubscribe(name)

    def endpoint(self, name: str) -> Endpoint:
        """Return who is told under a name.

        Raises:
            EventError: There is nobody.
        """
        known = {each.name: each for each in self._site.catalog.events.endpoints()}
        if name not in known:
            near = did_you_mean(name, list(known))
            raise EventError(f"Nobody is told under the name {name!r}.{near}", remedy="retrolabel events endpoints")
        return known[name]

    def standing(self) -> list[Standing]:
        """Return who is told, and how far that is."""
        book = self._site.catalog.events
        return [
            Standing(
                each,
                tuple(book.deliveries(each.name, WAITING)),
                tuple(book.deliveries(each.name, DEAD)),
                len(book.untold(each)),
            )
            for each in book.endpoints()
        ]

    def deliver(self, *, seconds: float | None = None) -> Told:
        """Tell those who are to be told; what another process tells at this moment is left to it.

        Args:
            seconds: After so many nothing more is begun.
        """
        end = None if seconds is None else monotonic() + seconds
        book, place = self._site.open_catalog.events, Place(this_process(), is_gone, self._clock)
        all_told: list[Told] = []
        for endpoint in book.endpoints():
            if not book.untold(endpoint):
                continue
            try:
                with held(f"endpoint {endpoint.name}", self._site.catalog.leases, place, Silence(), wait=False):
                    until = partial(_is_over, end)
                    all_told.append(deliver([endpoint], book, self.messenger, self._clock, until=until))
            except TaskHeldError:
                continue
        return Told(
            tuple(each for told in all_told for each in told.delivered),
            tuple(each for told in all_told for each in told.failed),
            tuple(each for told in all_told for each in told.dead),
            sum(told.waiting for told in all_told),
        )

    def resend(self, name: str, event: int | None = None) -> list[int]:
        """Let dead events be tried again, one or all of them; return their numbers.

        Raises:
            EventError: There is nobody of that name, or no such dead event.
        """
        found = again(self.endpoint(name), self._site.catalog.events, self._clock, event)
        if event is not None and not found:
            raise EventError(f"Event {event} is not dead for {name}.", remedy="retrolabel events endpoints --dead")
        return found

    @property
    def messenger(self) -> Messenger:
        """What tells."""
        if self._messenger is None:
            from retrolabel.interop.messages import Messenger as ByNetwork
            from retrolabel.tracking.mlflow import within

            self._messenger = ByNetwork(within, self._clock, self._site.settings.events_timeout)
        return self._messenger


def _is_over(end: float | None) -> bool:
    return end is not None and monotonic() > end


def tell(site: Site) -> None:
    """Tell those who are to be told, for a few seconds; what fails is tried again later, and stops nothing.

    Args:
        site: The project and its store; what was done is done.
    """
    try:
        Events(site).deliver(seconds=SOON)
    except RetrolabelError as error:
        site.warn(f"Events wait to be told ({error.message}) Fix: retrolabel events deliver")


def new_secret() -> str:
    """Return a secret for the signatures of webhooks: 256 bits by chance, as the specification spells them.

    Example:
        >>> new_secret().startswith("whsec_"), new_secret() == new_secret()
        (True, False)
    """
    return "whsec_" + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode("ascii")


def _check_kinds(kinds: Sequence[str]) -> None:
    for kind in kinds:
        if kind not in KINDS:
            near = did_you_mean(kind, list(KINDS))
            raise EventError(f"There are no events of the kind {kind!r}.{near}", remedy=f"one of {', '.join(KINDS)}")
