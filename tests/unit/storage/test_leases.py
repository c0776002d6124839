"""The book of leases: one owner a task, whoever comes at the same time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from retrolabel.jobs.records.leases import Holder, Lease
from retrolabel.storage.catalog import SqlCatalog

AT = datetime(2026, 5, 1, 12, tzinfo=UTC)
FIRST = Lease("mood", "a" * 32, Holder("build-1", "m1", 4711, "77"), AT, AT)
SECOND = replace(FIRST, owner="b" * 32, holder=Holder("build-2", "m2", 12))


@pytest.fixture
def leases(catalog):
    return catalog.leases


def test_a_lease_comes_back_as_it_was(leases):
    assert leases.lease("mood") is None
    assert leases.take(FIRST, None)
    assert leases.lease("mood") == FIRST
    assert leases.lease("tone") is None


def test_the_second_who_takes_a_free_task_does_not_get_it(leases):
    assert leases.take(FIRST, None)
    assert not leases.take(SECOND, None)
    assert leases.lease("mood") == FIRST


def test_a_dead_lease_is_replaced_once(leases):
    leases.take(FIRST, None)
    third = replace(SECOND, owner="c" * 32)
    assert leases.take(SECOND, FIRST)
    assert not leases.take(third, FIRST)
    assert leases.lease("mood") == SECOND


def test_a_lease_that_was_renewed_since_it_was_looked_at_is_not_dead(leases):
    leases.take(FIRST, None)
    assert leases.renew("mood", FIRST.owner, AT + timedelta(seconds=5), "labeling functions, 3 of 4")
    assert not leases.take(SECOND, FIRST)
    now = leases.lease("mood")
    assert (now.owner, now.renewed, now.doing) == (
        FIRST.owner,
        AT + timedelta(seconds=5),
        "labeling functions, 3 of 4",
    )


def test_who_was_taken_over_can_neither_renew_nor_let_go(leases):
    leases.take(FIRST, None)
    leases.take(SECOND, FIRST)
    assert not leases.renew("mood", FIRST.owner, AT, "")
    leases.release("mood", FIRST.owner)
    assert leases.lease("mood") == SECOND
    leases.release("mood", SECOND.owner)
    assert leases.lease("mood") is None


def test_what_is_written_with_a_lease_that_is_lost_never_was(catalog):
    with pytest.raises(RuntimeError), catalog.leases.transaction():  # noqa: PT012 - what is written before it fails
        catalog.label_sets.point("mood", "latest", "1f", AT)
        raise RuntimeError
    assert catalog.label_sets.pointer("mood", "latest") is None


def test_a_store_is_known_by_its_first_ingest_wherever_it_lies(tmp_path):
    def ingest(catalog, name, at):
        with catalog.feedback.ingesting("web") as session:
            record = {"file": name, "sha256": name * 64, "options": "{}", "rows": 0, "quarantined": 0, "at": at}
            session.finish({}, record)

    catalog = SqlCatalog(f"sqlite:///{tmp_path / 'one.db'}")
    assert catalog.feedback.identity() == ""
    ingest(catalog, "a", AT)
    first = catalog.feedback.identity()
    ingest(catalog, "b", AT)
    (tmp_path / "copy.db").write_bytes((tmp_path / "one.db").read_bytes())
    assert catalog.feedback.identity() == first
    other = SqlCatalog(f"sqlite:///{tmp_path / 'two.db'}")
    ingest(other, "a", AT + timedelta(microseconds=1))
    assert other.feedback.identity() != first
