"""Tell somebody of an event: a signed webhook, or mail and chat through Apprise.

A webhook is as the Standard Webhooks specification 1.0 has it (standardwebhooks.com): headers ``webhook-id``,
``webhook-timestamp`` and ``webhook-signature``; a signature for each secret, so that one can be replaced while both are
good. An answer of 2xx within the time is taken; all else is tried again. Redirects are not followed.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import UTC
from math import floor
from typing import TYPE_CHECKING, Protocol

from retrolabel.errors import EventError, MissingExtraError
from retrolabel.masking import remember_secret, without_secrets

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from retrolabel.jobs.records.events import Endpoint, Event

SECONDS = 10.0
"""How long somebody may take to answer, all in all."""
SHOWN = 200
"""Characters of an answer that are kept."""
WEBHOOKS = ("https://", "http://")
FROM_ENVIRONMENT = "env:"
OK = range(200, 300)


class Within(Protocol):
    """Does a piece of work, if it ends soon enough."""

    def __call__(self, seconds: float, work: Callable[[], str | None]) -> str | None:
        """Return what the work returns.

        Args:
            seconds: How long it may take.
            work: What is done.

        Raises:
            TimeoutError: It took too long.
        """


@dataclass(frozen=True)
class Messenger:
    """Tells somebody of an event.

    Attributes:
        within: Does a piece of work, and leaves it alone when it takes too long: a time-out of a socket starts again
            with each byte, so a server that sends one now and then would hold us for ever.
        clock: The time that a webhook is signed with.
        seconds: How long they may take to answer.
    """

    within: Within
    clock: Callable[[], datetime]
    seconds: float = SECONDS

    def tell(self, endpoint: Endpoint, event: Event) -> str | None:
        """Tell somebody of an event; return what went wrong, or ``None``."""
        try:
            url = resolved(endpoint.url)
            if url.startswith(WEBHOOKS):
                headers, body = webhook(event, [resolved(each) for each in endpoint.secrets], self.clock())
                return self.within(self.seconds, lambda: _posted(url, headers, body, self.seconds))
            return self.within(self.seconds, lambda: _notified(url, event))
        except Exception as error:  # noqa: BLE001 - whatever it is, the next try may do
            return without_secrets(f"{type(error).__name__}: {error}")


def resolved(text: str) -> str:
    """Return a URL or a secret: what it says, or what the variable says that it names with ``env:``.

    Raises:
        EventError: There is no such variable.
    """
    if not text.startswith(FROM_ENVIRONMENT):
        remember_secret(text)
        return text
    name = text.removeprefix(FROM_ENVIRONMENT)
    value = os.environ.get(name)
    if not value:
        raise EventError(f"The environment has no {name}.", remedy=f"export {name}=... where events are delivered")
    remember_secret(value)
    return value


def webhook(event: Event, secrets: list[str], at: datetime) -> tuple[dict[str, str], str]:
    """Return the headers and the body of a webhook.

    Args:
        event: The event; its key is the webhook's id, the same at each try.
        secrets: The secrets it is signed with, each ``whsec_...``.
        at: When it is sent.

    Raises:
        EventError: A secret is none.
    """
    from standardwebhooks.webhooks import Webhook  # noqa: PLC0415 - only where something is told

    told = event.as_dict()
    data = {name: told[name] for name in ("task", "subject", "said", "data")}
    body = json.dumps({"type": event.kind, "timestamp": told["at"], "data": data}, sort_keys=True, ensure_ascii=False)
    identity, stamp = f"evt_{event.key}", at.astimezone(UTC)
    try:
        signed = " ".join(Webhook(secret).sign(identity, stamp, body) for secret in secrets)
    except Exception as error:  # it raises what it likes
        raise EventError("A secret is no secret of a webhook.", remedy="retrolabel events secret prints one") from error
    headers = {
        "content-type": "application/json; charset=utf-8",
        "user-agent": "retrolabel",
        "webhook-id": identity,
        "webhook-timestamp": str(floor(stamp.timestamp())),
    }
    return headers | ({"webhook-signature": signed} if signed else {}), body


def _posted(url: str, headers: Mapping[str, str], body: str, seconds: float) -> str | None:
    """Post a webhook; return what went wrong, or ``None``."""
    import requests  # noqa: PLC0415 - only where something is told

    try:
        with requests.Session() as session:
            session.trust_env = False  # neither a proxy nor a password of somebody's .netrc
            with session.post(
                url, data=body.encode(), headers=dict(headers), timeout=seconds, allow_redirects=False, stream=True
            ) as answer:
                if answer.status_code in OK:
                    return None
                said = answer.raw.read(SHOWN, decode_content=True).decode("utf-8", "replace").strip()
                moved = ", a redirect, which is not followed" if "location" in answer.headers else ""
                return without_secrets(f"HTTP {answer.status_code}{moved}{f': {said}' if said else ''}")
    except requests.Timeout:
        return f"no answer within {seconds:g} s"
    except requests.RequestException as error:  # its own words hold the whole URL, and that may hold a token
        return f"no connection ({type(_innermost(error)).__name__})"


def _innermost(error: BaseException) -> BaseException:
    """Return what an error came of in the end."""
    while (cause := error.__cause__ or error.__context__) is not None:
        error = cause
    return error


def _notified(url: str, event: Event) -> str | None:
    """Send mail, or write into a chat; return what went wrong, or ``None``."""
    try:
        import apprise  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        if error.name != "apprise":
            raise
        raise MissingExtraError("notify", "apprise", "Mail and chat") from None
    to = apprise.Apprise()
    if not to.add(url):
        return "Apprise knows no such URL"
    sent = to.notify(title=f"retrolabel: {event.task}, {event.kind}", body=event.said)
    return None if sent else "Apprise could not deliver it"
