"""Files whose bytes are not UTF-8: said before anything is read, with what a likely encoding would read."""

from __future__ import annotations

import codecs
import re
from typing import IO, TYPE_CHECKING

from retrolabel.errors import InputError, Problem, counted
from retrolabel.interop.streams import open_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CHUNK = 2**20
STRAY = 3
"""Places that are not UTF-8; fewer are damage, and their rows are put aside."""
CERTAIN = 50
"""Letters beyond ASCII that are UTF-8; with so many, and few that are not, a file is UTF-8."""
ESCAPED = re.compile("[\udc80-\udcff]")
BEYOND = re.compile("[^\x00-\x7f\udc80-\udcff]")
CANDIDATES = ("cp1252", "cp1251", "cp1250", "shift_jis", "gb18030", "euc_kr", "mac_roman")
UNLIKELY = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufffd\ue000-\uf8ff]")
MOSTLY = 0.8
SHOWN = 3
AROUND = 25
"""Characters that are shown before and after the first letter beyond ASCII."""
SAMPLE = 200
"""Lines that are not UTF-8 by which a likely encoding is told."""
MARKS = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


def checked_encoding(encoding: str | None) -> str | None:
    """Return an encoding as Python knows it.

    Raises:
        InputError: It knows none of this name.
    """
    if encoding is None:
        return None
    try:
        found = codecs.lookup(encoding)
        "".encode(encoding)
    except (LookupError, TypeError):
        raise InputError(
            f"--encoding {encoding!r} is no encoding that Python knows.", remedy="--encoding cp1252, latin-1 or utf-16"
        ) from None
    return "utf-8-sig" if found.name == "utf-8" else encoding


def marked(head: bytes) -> str | None:
    """Return the encoding that a byte order mark, or every second byte, says; nothing for UTF-8.

    Example:
        >>> marked("a,b".encode("utf-16")), marked("a,b,c,d,e".encode("utf-16-le")), marked(b"a,b")
        ('utf-16', 'utf-16-le', None)
    """
    for mark, encoding in MARKS.items():
        if head.startswith(mark):
            return encoding
    some = head[:1000]
    for encoding, offset in (("utf-16-le", 1), ("utf-16-be", 0)):
        zeros, letters = some[offset::2], some[1 - offset :: 2]
        plain = sum(32 <= each < 127 or each in (9, 10, 13) for each in letters)  # noqa: PLR2004 - ASCII's letters
        if len(zeros) > 3 and zeros.count(0) > MOSTLY * len(zeros) and plain > MOSTLY * len(letters):  # noqa: PLR2004
            return encoding
    return None


def refuse_other_encodings(path: Path, name: str, member: str | None = None) -> None:
    """Refuse a file that is not UTF-8 as a whole; single places that are not are left to the reader of rows.

    Raises:
        InputError: That, with what likely encodings would read.
    """
    with open_bytes(path, member) as stream:
        bad, good = _counts(stream)
    if bad < STRAY or bad <= good:
        return
    with open_bytes(path, member) as stream:
        lines = list(_bad_lines(stream))
    first, raw = lines[0]
    problems = [
        Problem(f"line {first}", f"as {encoding} it reads {_around(text, raw)}", f"--encoding {encoding}")
        for encoding, text in _likely(raw, b"".join(each for _, each in lines))
    ]
    raise InputError(
        f"{name} is not UTF-8: {counted(bad, 'place')} from line {first} on {'is' if bad == 1 else 'are'} none.",
        problems=problems or [Problem(f"line {first}", "is of no encoding that is common")],
        remedy="name the encoding that reads right; --encoding utf-8 puts such rows aside",
    )


def _counts(stream: IO[bytes]) -> tuple[int, int]:
    """Return how many bytes are not UTF-8, and how many letters beyond ASCII are; as far as needed to tell."""
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    bad = good = 0
    while chunk := stream.read(CHUNK):
        if chunk.isascii():
            chunk = b"" if not decoder.getstate()[0] else chunk
        text = decoder.decode(chunk)
        bad += len(ESCAPED.findall(text))
        good += len(BEYOND.findall(text))
        if good > CERTAIN and good > 10 * bad:  # a few places are damage
            break
    return bad, good


def _bad_lines(stream: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Yield the first lines that are not UTF-8, with their numbers."""
    found = 0
    for number, line in enumerate(stream, 1):
        if line.isascii():
            continue
        try:
            line.decode("utf-8")
        except UnicodeDecodeError:
            yield number, line[: 2**16]
            found += 1
            if found == SAMPLE:
                return


def _likely(raw: bytes, sample: bytes) -> list[tuple[str, str]]:
    """Return encodings that read some lines, the likeliest first, and what the first line says in each."""
    from charset_normalizer import from_bytes  # noqa: PLC0415 - few files need it

    guess = from_bytes(sample).best()
    guessed = [guess.encoding] if guess is not None else []
    # It cannot tell one code page of the West from another; cp1252 is by far the commonest.
    western = guess is not None and not re.search(
        "[\u0370-\u1fff\u3040-\ud7af]", sample.decode(guess.encoding, "replace")
    )
    names = dict.fromkeys((*CANDIDATES[:1], *guessed, *CANDIDATES) if western else (*guessed, *CANDIDATES))
    found: list[tuple[float, int, str, str]] = []
    for place, encoding in enumerate(names):
        try:
            whole = sample.decode(encoding)
            text = raw.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
        found.append((_oddness(whole), place, encoding, text))
    told: dict[str, tuple[str, str]] = {}
    for _, _, encoding, text in sorted(found):
        told.setdefault(text, (encoding, text))
    return list(told.values())[:SHOWN]


def _oddness(text: str) -> float:
    """Return the share of characters beyond ASCII that hardly stand in texts, or stand in words of another script."""
    beyond = [each for each in text if each > "\x7f"]
    if not beyond:
        return 1.0
    mixed = len(re.findall(r"[A-Za-z][\u0370-\u04ff\u3040-\u9fff\uac00-\ud7af]|[\u0370-\u04ff][A-Za-z]", text))
    signs = sum(
        not each.isalpha() and each not in "\u2018\u2019\u201c\u201d\u2013\u2014\u2026\u20ac\u00a3\u00b0\u00a0\u2022"
        for each in beyond
    )
    return (5 * len(UNLIKELY.findall(text)) + 2 * mixed + signs) / len(beyond)


def _around(text: str, raw: bytes) -> str:
    """Return what is read around the first letter beyond ASCII."""
    place = next((place for place, each in enumerate(text) if each > "\x7f"), 0)
    start, end = max(0, place - AROUND), place + AROUND
    cut = ("…" if start else "") + " ".join(text[start:end].split()) + ("…" if end < len(text.rstrip()) else "")
    return repr(cut) if raw else ""
