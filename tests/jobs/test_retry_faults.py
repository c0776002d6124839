"""Faults are stored like votes, and tried again only when a person asks for it."""

from __future__ import annotations

import pytest

from retrolabel.errors import FaultRateError, StoreError

LFS = """
from pathlib import Path

from labeling_functions.mood.schema.v1 import BAD, GOOD
from retrolabel import labeling_function

SERVICE = Path({service!r})


@labeling_function(GOOD, version="1")
def asks_a_service(comment):
    if comment == "hm" and not SERVICE.exists():
        raise ConnectionError("the service is down")
    return comment is not None and "great" in comment


@labeling_function(BAD)
def complains(comment):
    return comment is not None and "wrong" in comment


@labeling_function(BAD)
def is_slow(comment):
    return comment is not None and "slow" in comment
"""


@pytest.fixture
def service(tmp_path):
    return tmp_path / "service_is_up"


@pytest.fixture
def ws(project, service, monkeypatch):
    monkeypatch.setenv("RETROLABEL_MAX_FAULT_RATE", "0.5")
    project.lfs(LFS.format(service=str(service)))
    ws = project.open()
    ws.feedback.ingest(project.feedback(), "web")
    return ws


def test_a_fault_is_not_tried_again_by_itself(ws, service):
    first = ws.task("mood").relabel()
    assert first.votes.faults > 0
    service.touch()
    again = ws.task("mood").relabel()
    assert (again.votes.computed, again.votes.faults) == (0, first.votes.faults)


@pytest.fixture
def candidate(ws):
    """A workspace whose label sets consumers never read, as a store of before the first promotion."""

    def never(decision, events=()):
        return True

    ws.catalog.label_sets.decide = never
    return ws


def test_votes_of_what_is_or_was_current_or_has_a_name_are_not_computed_again(project, ws, service):
    first = ws.task("mood").relabel().label_set
    service.touch()
    before = project.state()
    with pytest.raises(StoreError, match=rf"votes of asks_a_service are not .* {first.id[:12]}, which is current, was"):
        ws.task("mood").relabel(retry_faults=True)
    assert project.state()[0] == before[0]
    second = ws.task("mood").relabel(label_model="majority_vote").label_set
    if ws.catalog.label_sets.pointer("mood", "current") == first.id:
        ws.task("mood").promote(second.id, override=True, reason="to see")
    with pytest.raises(StoreError, match="which is current, was"):
        ws.task("mood").relabel(retry_faults=True, label_model="weighted_vote")
    assert ws.task("mood").verify_deep(first.id, sample=0).failed == ()


def test_a_name_keeps_votes(candidate, service):
    first = candidate.task("mood").relabel().label_set
    candidate.task("mood").tag(first.id, "third-quarter")
    service.touch()
    with pytest.raises(StoreError, match="which is tagged third-quarter, was"):
        candidate.task("mood").relabel(retry_faults=True)
    candidate.task("mood").untag(first.id, "third-quarter")
    assert candidate.task("mood").relabel(retry_faults=True).votes.faults == 0


def test_when_asked_the_failed_functions_alone_are_called_again(candidate, service):
    first = candidate.task("mood").relabel()
    service.touch()
    again = candidate.task("mood").relabel(retry_faults=True)
    assert again.votes.computed == first.votes.computed / 3
    assert again.votes.faults == 0
    assert candidate.task("mood").faults() == []
    assert again.label_set.id == first.label_set.id
    assert again.is_new
    assert candidate.task("mood").verify() == []


def test_a_fault_that_stays_gives_the_same_labels(candidate):
    first = candidate.task("mood").relabel()
    again = candidate.task("mood").relabel(retry_faults=True)
    assert again.votes.faults == first.votes.faults
    assert again.label_set.labels_hash == first.label_set.labels_hash


def test_without_faults_nothing_is_let_go(ws, service):
    service.touch()
    first = ws.task("mood").relabel()
    again = ws.task("mood").relabel(retry_faults=True)
    assert (again.votes.computed, again.is_new, again.label_set) == (0, False, first.label_set)


def test_after_a_run_that_failed_of_too_many_faults_a_retry_goes_on(project, ws, service, monkeypatch):
    monkeypatch.setenv("RETROLABEL_MAX_FAULT_RATE", "0")
    strict = project.open()
    with pytest.raises(FaultRateError, match="asks_a_service"):
        strict.task("mood").relabel()
    assert ws.task("mood").label_sets() == []
    service.touch()
    with pytest.raises(FaultRateError):
        strict.task("mood").relabel()
    done = strict.task("mood").relabel(retry_faults=True)
    assert (done.votes.faults, done.is_new) == (0, True)
