"""The newest released version is what the lock says, and nobody guesses between two."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from retrolabel.discovery.lock_file import write_lock
from retrolabel.schema.lock import Lock, LockedTask, LockedVersion
from retrolabel.wiring.released import newest_released


def version(*revises):
    return LockedVersion(revises, "s", {}, "d", "h")


@pytest.fixture
def site(tmp_path):
    """Make a project whose lock has these versions of a task."""
    (tmp_path / "labeling_functions").mkdir()

    def make(**versions):
        named = {f"{number[1:]}.0.0": version(*parents) for number, parents in versions.items()}
        write_lock(tmp_path, Lock({"mood": LockedTask(named)}))
        return SimpleNamespace(project=tmp_path)

    return make


def test_the_version_that_no_other_one_revises_is_the_newest(site):
    assert newest_released(site(v1=(), v2=("1.0.0",)), "mood") == "2.0.0"
    assert newest_released(site(v1=()), "mood") == "1.0.0"


def test_between_two_branches_nobody_guesses_until_they_are_merged(site):
    assert newest_released(site(v1=(), v2=("1.0.0",), v3=("1.0.0",)), "mood") is None
    assert newest_released(site(v1=(), v2=("1.0.0",), v3=("1.0.0",), v4=("2.0.0", "3.0.0")), "mood") == "4.0.0"


def test_an_unknown_task_and_a_store_without_a_project_have_none(site):
    assert newest_released(site(v1=()), "tone") is None
    assert newest_released(SimpleNamespace(project=None), "mood") is None
