"""A relabel of ordered labels: ranks reach the label model, and a new scale relabels."""

from __future__ import annotations

import numpy as np
import pytest

from retrolabel import LabelModel, MajorityVote
from retrolabel.errors import SchemaError
from retrolabel.label_models.auto import AutoLabelModel
from retrolabel.label_models.under_a_schema import with_schema

POINTS, JUDGES = 5, 4

V1 = """\
from retrolabel import Label, LabelSchema

POINTS = [Label(f"p{rank}", f"{rank} of 5.", rank=rank) for rank in (1, 2, 3, 4, 5)]
P1, P2, P3, P4, P5 = POINTS
SCHEMA = LabelSchema(task="mood", version="1.0.0", scale="ordinal", labels=POINTS)
"""

V2 = """\
from labeling_functions.mood.schema.v1 import SCHEMA as V1
from retrolabel import Label, LabelSchema, Rescale

LOW, MIDDLE, HIGH = (Label(name, f"{name} of three.", rank=rank) for rank, name in enumerate(["low", "middle", "high"]))
SCHEMA = LabelSchema(
    task="mood", version="2.0.0", revises=V1, scale="ordinal", labels=[LOW, MIDDLE, HIGH],
    steps=[Rescale({"p1": [LOW], "p2": [LOW, MIDDLE], "p3": [MIDDLE], "p4": [MIDDLE, HIGH], "p5": [HIGH]})],
)
"""

LFS = """\
from labeling_functions.mood.schema.v1 import P1, P2, P3, P4, P5
from retrolabel import labeling_function


""" + "\n\n".join(
    f'@labeling_function(P1, P2, P3, P4, P5, version="1")\n'
    f"def judge_{judge}(said_{judge}):\n"
    f"    return (P1, P2, P3, P4, P5)[int(said_{judge}) - 1]\n"
    for judge in range(JUDGES)
)


@pytest.fixture
def truth():
    """True ranks, 1 to 5, of three hundred items."""
    return np.random.default_rng(0).integers(1, POINTS + 1, 300)


@pytest.fixture
def ws(project, truth):
    """A project whose judges miss by a rank or two, with gold on a part."""
    rng = np.random.default_rng(1)
    said = np.clip(truth[:, None] + np.rint(rng.normal(0, 1.2, (len(truth), JUDGES))).astype(int), 1, POINTS)
    rows = [f"{number},2026-01-01T12:00:00Z,{','.join(map(str, row))}" for number, row in enumerate(said.tolist())]
    head = ",".join(["item_id", "created_at", *(f"said_{judge}" for judge in range(JUDGES))])
    project.write("labeling_functions/mood/schema/v1.py", V1)
    project.lfs(LFS)
    opened = project.open()
    opened.feedback.ingest(project.write("feedback.csv", head + "\n" + "\n".join(rows) + "\n"), "web")
    return opened


def loss(ws, truth):
    """Return the log-loss over all items, in nats."""
    frame = ws.task("mood").labels("latest")
    rows = np.arange(len(frame))
    shares = frame[[f"p_p{rank}" for rank in range(1, POINTS + 1)]].to_numpy()
    return -np.log(shares[rows, truth[frame["item_id"].astype(int)] - 1]).mean()


def test_the_ranks_of_the_schema_reach_the_label_model_and_the_id(ws):
    report = ws.task("mood").relabel()
    assert report.label_model["ranks"] == [1, 2, 3, 4, 5]
    manifest = ws.task("mood").label_set().manifest
    assert manifest["inputs"]["label_model"]["ranks"] == [1, 2, 3, 4, 5]
    assert ws.task("mood").plan().nothing_to_do


def test_ranks_make_the_probabilities_better_than_a_nominal_model_does(ws, truth, monkeypatch):
    ws.task("mood").relabel()
    ordered = loss(ws, truth)
    monkeypatch.setattr("retrolabel.wiring.main_job.model_for", lambda _, model: model)
    nominal = ws.task("mood").relabel()
    assert nominal.is_new
    assert ordered < loss(ws, truth) - 0.1


def test_label_models_without_ranks_go_on_without(ws):
    report = ws.task("mood").relabel(label_model=MajorityVote())
    assert "ranks" not in report.label_model
    assert report.label_set.labelled > 200


def test_ranks_given_by_hand_stay(ws):
    report = ws.task("mood").relabel(label_model=LabelModel(ranks=[0, 1, 2, 3, 9]))
    assert report.label_model["ranks"] == [0, 1, 2, 3, 9]


def test_a_new_scale_relabels_by_the_runs_of_points_that_each_old_point_becomes(project, ws, truth):
    first = ws.task("mood").relabel()
    project.write("labeling_functions/mood/schema/v2.py", V2)
    second = ws.task("mood").relabel()
    assert (second.votes.computed, second.votes.reused) == (0, first.votes.computed)
    assert second.label_set.id != first.label_set.id
    assert second.label_model["ranks"] == [0, 1, 2]
    frame = ws.task("mood").labels("latest").dropna(subset=["label"])
    mean = {label: truth[frame["item_id"].astype(int)][frame["label"] == label].mean() for label in set(frame["label"])}
    assert mean["low"] < mean["middle"] < mean["high"]


def test_the_score_says_how_many_ranks_a_label_is_off(project, ws, truth):
    ws.task("mood").relabel()
    ws.task("mood").gold.import_file(project.gold({n: f"p{truth[n]}" for n in range(60)}), "web", role="dev")
    _, scores, _ = ws.task("mood").evaluate()
    score = scores["dev"]
    frame = ws.task("mood").labels("latest").set_index("item_id")["label"]
    wanted = [abs(int(frame[str(n)][1:]) - truth[n]) for n in range(60) if frame[str(n)] is not None]
    assert score.rank_error.value == pytest.approx(np.mean(wanted))
    assert score.rank_error.low < score.rank_error.value < score.rank_error.high
    assert score.as_dict()["rank_error"] == score.rank_error.value


def test_ranks_go_to_every_candidate_that_takes_them():
    ranked = with_schema(AutoLabelModel(), ranks=[1, 2, 3])
    assert [each.settings().get("ranks") for each in ranked.candidates] == [[1, 2, 3], None, None, None]


def test_several_answers_an_item_are_refused_with_what_is_possible(project):
    project.write(
        "labeling_functions/mood/schema/v1.py",
        "from retrolabel import Label, LabelSchema\n"
        'GOOD, BAD = Label("good"), Label("bad")\n'
        'SCHEMA = LabelSchema(task="mood", version="1.0.0", scale="multilabel", labels=[GOOD, BAD])\n',
    )
    ws = project.open()
    ws.feedback.ingest(project.feedback(items=8), "web")
    with pytest.raises(SchemaError, match="one label an item") as told:
        ws.task("mood").plan()
    assert "MultilabelModel" in told.value.remedy
