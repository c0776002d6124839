"""What an author's code may raise: a fault of its own, or the user's Ctrl-C, which comes by signal."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType


class Ended(BaseException):
    """Raised inside an author's code by who watches it; it is no fault of an item."""


class _Watch:
    """Whether somebody listens for the user's Ctrl-C, and whether it came since."""

    listens = False
    came = False


@contextmanager
def interruptible() -> Iterator[None]:
    """Tell the user's Ctrl-C from a ``KeyboardInterrupt`` that an author's code raises by itself.

    The user's comes by signal, to the main thread, and ends the block, even where the author's code caught it.

    Raises:
        KeyboardInterrupt: The user's Ctrl-C came.

    Example:
        >>> with interruptible():
        ...     try:
        ...         raise KeyboardInterrupt
        ...     except BaseException as error:
        ...         is_fault(error)
        True
    """
    before = signal.getsignal(signal.SIGINT)
    if _Watch.listens or threading.current_thread() is not threading.main_thread() or not callable(before):
        yield  # somebody listens already, or no signal can come here
        return

    def note(number: int, frame: FrameType | None) -> None:
        _Watch.came = True
        before(number, frame)

    _Watch.came = False
    with suppress(ValueError):  # of a second interpreter, which gets no signals
        signal.signal(signal.SIGINT, note)
        _Watch.listens = True
    try:
        yield
    finally:
        if _Watch.listens:
            signal.signal(signal.SIGINT, before)
        _Watch.listens = False
        if _Watch.came:
            _Watch.came = False
            raise KeyboardInterrupt


def is_fault(error: BaseException) -> bool:
    """Return whether what an author's code raised is its fault; if not, it is to be raised again.

    ``SystemExit``, ``GeneratorExit`` and a ``KeyboardInterrupt`` that no signal brought are faults as others.

    Args:
        error: What was raised.

    Example:
        >>> is_fault(SystemExit(3)), is_fault(ValueError("no")), is_fault(Ended())
        (True, True, False)
    """
    if isinstance(error, Ended) or _Watch.came:
        return False
    if not isinstance(error, KeyboardInterrupt):
        return True
    heard = threading.current_thread() is not threading.main_thread() or not callable(signal.getsignal(signal.SIGINT))
    return _Watch.listens or heard


def said(error: BaseException) -> str:
    """Return class and message of an error, even of one that cannot say what it is.

    Args:
        error: What was raised.

    Example:
        >>> said(ValueError("no")), said(SystemExit())
        ('ValueError: no', 'SystemExit')
    """
    kind = type(error).__name__
    try:
        text = str(error)
    except BaseException as worse:  # an author's error may fail at anything
        if not is_fault(worse):
            raise
        return f"{kind} (its message cannot be made)"
    return f"{kind}: {text}" if text else kind
