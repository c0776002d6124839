"""Patterns of many segments, merged as they come, are those of all items at once."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

import retrolabel
from retrolabel.jobs.label_sets import patterns as module
from retrolabel.votes import VoteMatrix
from retrolabel.wiring.main_job import computed_votes


@pytest.fixture
def ws(tmp_path):
    folder = tmp_path / "project"
    for name, text in {
        "retrolabel.toml": "tracking = false\n",
        "labeling_functions/__init__.py": "",
        "labeling_functions/mood/__init__.py": "",
        "labeling_functions/mood/schema/__init__.py": "",
        "labeling_functions/mood/schema/v1.py": (
            "from retrolabel import Label, LabelSchema\nA, B = Label('a'), Label('b')\n"
            "SCHEMA = LabelSchema(task='mood', version='1.0.0', labels=[A, B])\n"
        ),
        "labeling_functions/mood/lfs.py": (
            "from labeling_functions.mood.schema.v1 import A, B\nfrom retrolabel import keywords\n"
            "one = keywords(A, ['x'], column='c')\ntwo = keywords(B, ['y'], column='c')\n"
            "three = keywords(~A, ['z'], column='c')\n"
        ),
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    ws = retrolabel.open(folder)
    random = np.random.default_rng(0)
    for part in range(7):
        said = [" ".join(random.choice(["x", "y", "z", "w"], 3)) for _ in range(20 + part)]
        file = folder / f"{part}.csv"
        file.write_text("item_id,c\n" + "".join(f"{part}-{n},{text}\n" for n, text in enumerate(said)))
        ws.feedback.ingest(file, "web", retrolabel.wiring.feedback.IngestOptions(id_column="item_id"))
    return ws


@pytest.mark.parametrize("together", [1, 5, 2**18])
def test_however_often_they_are_merged_every_item_has_its_own_pattern(ws, monkeypatch, together):
    monkeypatch.setattr(module, "TOGETHER", together)
    whole = ws.task("mood").vote_matrix()
    plan, columns = computed_votes(ws, "mood", None)
    found = module.read_patterns(plan, columns, ws.objects, ws.progress)
    expected = whole.patterns()
    assert np.array_equal(found.patterns.codes, expected.codes)
    assert np.array_equal(found.patterns.counts, expected.counts)
    assert np.array_equal(np.concatenate([part.patterns for part in found.parts]), expected.inverse)
    assert {part.inverse.dtype for part in found.parts} == {np.dtype(np.uint8)}


def test_the_items_asked_for_are_found_with_their_patterns(ws):
    plan, columns = computed_votes(ws, "mood", None)
    found = module.read_patterns(plan, columns, ws.objects, ws.progress)
    ids = [("web", "3-7"), ("web", "0-0"), ("web", "nobody"), ("elsewhere", "0-0")]
    places = found.of_items(ids, ws.objects)
    votes = ws.task("mood").votes()
    assert set(places) == {("web", "3-7"), ("web", "0-0")}
    for key, place in places.items():
        said = votes.loc[key]
        row = found.patterns.codes[place]
        assert [code > 0 for code in row] == [isinstance(vote, str) for vote in said]


def test_without_items_there_are_no_patterns(ws):
    plan, columns = computed_votes(ws, "mood", None)
    nothing = module.read_patterns(replace(plan, votes=(), segments=()), columns, ws.objects, ws.progress)
    assert (len(nothing.patterns), nothing.parts, nothing.suspect) == (0, [], 0)


@pytest.mark.parametrize("distinct", [1, 2, 255, 256, 257, 512])
def test_every_pattern_of_a_segment_keeps_its_number_however_many_there_are(monkeypatch, distinct):
    voters = [f"v{place}" for place in range(9)]
    bits = np.array([[number >> place & 1 for place in range(9)] for number in range(distinct)])
    votes = VoteMatrix.from_ints(bits, labels=["a", "b"], voters=voters)
    monkeypatch.setattr(module, "read_votes", lambda *_: (votes, None, 0))
    plan = SimpleNamespace(
        schema=SimpleNamespace(leaves=("a", "b")),
        task=SimpleNamespace(lfs=[SimpleNamespace(name=voter) for voter in voters]),
        segments=["segment"],
    )
    found = module.read_patterns(plan, {}, None, SimpleNamespace(advance=lambda _: None))
    assert found.parts[0].patterns.tolist() == votes.patterns().inverse.tolist()
