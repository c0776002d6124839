"""Secrets stay out of what is written and printed: passwords and tokens in URLs and settings become ``***``.

What names a place (a store's file, a catalog's URL, a tracker) and every error passes :func:`without_secrets` where it
is made, and every line of the command line where it is printed. Settings tell :func:`remember_secrets` what theirs
are, so that a part of one is found in another's words too, as in what a database says.

Masked wherever they stand: passwords and tokens in URLs, ``password=...`` and its kin in a query or a text, however
short they are; and of a setting the secret by itself, where it has six characters or more. Not masked by itself, since
it would be found in words and figures that are no secret: a shorter one, one of digits alone, one of fewer than
16 letters alone, and one that is also the user, the host or a part of the path.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote, unquote_plus

if TYPE_CHECKING:
    from collections.abc import Iterator

MASK = "***"
SHORTEST = 6
"""Shorter secrets are masked where they stand in a URL, not wherever their few letters are found."""
LONG_WORD = 16
"""A secret of letters alone is looked for everywhere from this length on; a shorter one may be a word of ours."""
NAMES = (
    r"[\w.\-]*(?:password|passwd|passphrase|pwd|secret|token|credential|api_?key|access_?key|account_?key|sas_?key)"
    r"[\w.\-]*|pass|key|sig|signature|auth|authorization"
)
_IN_QUERY = re.compile(rf"([?&;](?:{NAMES})=)([^&;#\s'\"<>]+)", re.IGNORECASE)
_IN_TEXT = re.compile(r"(\b[\w\-]*(?:password|passwd|pwd|secret)=)([^\s'\"&;,<>)]+)", re.IGNORECASE)
_QUOTED = re.compile(r"((?:password|passwd|pwd|secret|accountkey)(?:%3D))(.+?)(?=%3B|&|\s|$)", re.IGNORECASE)
_SCHEME = r"[a-z][\w+.\-]*:/{1,2}(?!/)"
_WITH_PASSWORD = re.compile(rf"({_SCHEME})([^\s'\"<>/@:?#]*):([^\s'\"<>]*)@", re.IGNORECASE)
_WITH_TOKEN = re.compile(r"\b(https?://)([^\s'\"<>/@:?#]+)@", re.IGNORECASE)
_STARTS = re.compile(_SCHEME, re.IGNORECASE)

_remembered: dict[str, None] = {}


def without_secrets(text: str) -> str:
    """Return a text in which ``***`` stands for each secret: those of URLs, and those that settings told of.

    Example:
        >>> without_secrets("postgresql://ann:p@ss:w/rd%40@db/labels?sslpassword=x is not there")
        'postgresql://ann:***@db/labels?sslpassword=*** is not there'
        >>> without_secrets("https://ghp_1234@example.org/runs")
        'https://***@example.org/runs'
    """
    return without_secrets_of_urls(_IN_TEXT.sub(rf"\g<1>{MASK}", text))


def without_secrets_of_urls(text: str) -> str:
    """Return a text as :func:`without_secrets` does, but for ``password=...`` outside of a URL: a command to copy.

    Example:
        >>> without_secrets_of_urls('--map-label "forgot password=account", not https://ghp_1234@example.org')
        '--map-label "forgot password=account", not https://***@example.org'
    """
    for pattern in (_IN_QUERY, _QUOTED):
        text = pattern.sub(rf"\g<1>{MASK}", text)
    text = _WITH_PASSWORD.sub(lambda found: f"{found[1]}{found[2] + ':' if found[3] else ''}{MASK}@", text)
    return without_remembered(_WITH_TOKEN.sub(rf"\g<1>{MASK}@", text))


def without_remembered(text: str) -> str:
    """Return a text in which ``***`` stands for the secrets that settings told of; URLs of people's data stay whole."""
    for secret in _remembered:
        if secret in text:
            text = text.replace(secret, MASK)
    return text


def remember_secrets(setting: str) -> None:
    """Keep the secrets of a setting in mind, so that :func:`without_secrets` finds them in any words.

    Args:
        setting: What stands in the settings or in the environment: a URL, or anything else.

    Example:
        >>> remember_secrets("postgresql://ann:Tr0ub4dor@db/labels")
        >>> without_secrets("the server does not take Tr0ub4dor")
        'the server does not take ***'
    """
    for secret in _secrets_of(setting):
        remember_secret(secret)


def remember_secret(secret: str) -> None:
    """Keep in mind what is a secret as a whole, as a token in the environment."""
    for form in (secret, unquote(secret), unquote_plus(secret)):
        word = form.isalpha() and len(form) < LONG_WORD
        if len(form) >= SHORTEST and not word and not form.isdecimal():
            _remembered.setdefault(form)
    ordered = sorted(_remembered, key=len, reverse=True)  # the longest first: one may hold another
    _remembered.clear()
    _remembered.update(dict.fromkeys(ordered))


def _secrets_of(setting: str) -> Iterator[str]:
    """Yield what of a setting is nobody's business, raw as it is written."""
    for pattern in (_IN_QUERY, _IN_TEXT, _QUOTED):
        for found in pattern.finditer(setting):
            yield found[2]
    if ":///" in setting:  # a file of this machine: there is nobody to log in
        return
    masked = _IN_QUERY.sub(r"\g<1>", setting)
    before = masked.partition("?")[0]
    place = _STARTS.sub("", before if "@" in before else masked, count=1)
    info, at, rest = place.rpartition("@")
    user, colon, password = info.partition(":")
    if not at or "/" in user:
        return
    if password:
        yield info
        if password not in (user, *re.split(r"[/:?]", rest)):  # a name that is shown anyway
            yield password
    elif setting.lower().startswith("http") or colon:
        yield user
