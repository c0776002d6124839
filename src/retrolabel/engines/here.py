"""This process, and whether another one of this machine is still there."""

from __future__ import annotations

import os
import socket
from pathlib import Path

from retrolabel.jobs.records.leases import Holder

PROC = Path("/proc")
STATE, STARTED = 0, 19
"""Where a process's state and start stand in ``/proc/PID/stat``, after its name."""
ENDED = ("Z", "X")


def this_process() -> Holder:
    """Return this process, as others can tell it from every other one.

    Example:
        >>> this_process().pid == os.getpid()
        True
    """
    host = socket.gethostname()
    return Holder(host, _machine(host)[:100], os.getpid(), _of(os.getpid())[1])


def is_gone(holder: Holder) -> bool:
    """Return whether a process is known to have ended; of another machine, or system, that is never known.

    Example:
        >>> is_gone(this_process())
        False
    """
    if os.name != "posix" or holder.machine != _machine(socket.gethostname())[:100]:
        return False
    try:
        os.kill(holder.pid, 0)
    except ProcessLookupError:
        return True
    except OSError:
        pass  # it is somebody else's
    state, born = _of(holder.pid)
    return state in ENDED or bool(born and holder.born and born != holder.born)


def _machine(host: str) -> str:
    """Return what tells this machine since its start, and the container in it, from others."""
    try:
        boot = (PROC / "sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot} {os.stat(PROC / 'self/ns/pid').st_ino}"  # noqa: PTH116 - of what the link points to
    except (OSError, ValueError):
        return host


def _of(pid: int) -> tuple[str, str]:
    """Return the state of a process and when it started, in the words of its system; nothing where it does not say."""
    try:
        words = (PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        return words[STATE], words[STARTED]
    except (OSError, IndexError):
        return "", ""
