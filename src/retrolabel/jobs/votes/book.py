"""The catalog's book of votes: which are stored, where, and what failed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrolabel.jobs.records.plan_changes import Rate
    from retrolabel.jobs.records.votes import StoredFault, VoteColumn


class VotesBook(Protocol):
    """What the catalog knows of votes."""

    def columns(self, keys: Sequence[str]) -> dict[str, VoteColumn]:
        """Return the stored votes under these keys."""

    def all_columns(self) -> list[VoteColumn]:
        """Return all stored votes, by segment and LF."""

    def files(self, keys: Sequence[str]) -> dict[str, str]:
        """Return path -> SHA-256 of the files that hold the votes under these keys."""

    def rates(self) -> dict[str, Rate]:
        """Return LF name -> median seconds that a call took so far, and over how many calls."""

    def faults(self, keys: Sequence[str]) -> list[StoredFault]:
        """Return the kept faults under these vote keys."""

    def add(self, path: str, sha256: str, columns: Sequence[VoteColumn], faults: Sequence[StoredFault]) -> None:
        """Make a file of votes real."""

    def move(self, path: str, sha256: str, columns: Sequence[VoteColumn]) -> None:
        """Let votes be in another file from now on; files that hold nothing any more are forgotten."""

    def forget_files(self, paths: Sequence[str]) -> None:
        """Let files of votes be no longer real, so that their votes are computed again."""

    def forget_keys(self, keys: Sequence[str]) -> None:
        """Let single votes be no longer real, with their faults, so that they are computed again."""
