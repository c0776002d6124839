"""The design belongs to the draw: what is random moves shares, what was chosen does not, and who drew is kept."""

from __future__ import annotations

import json

import numpy as np
import pytest

from retrolabel.errors import GoldError

N = 400
WORDS = ("thanks a lot", "this is wrong", "so slow", "great", "WRONG AGAIN", "hm", "thanks but wrong", "ok then")
TRUTH = ("good", "bad", "bad", "good", "bad", "good", "bad", "good")


@pytest.fixture
def ws(project):
    """A project of 400 items."""
    ws = project.open()
    rows = "".join(f"{n},2026-01-01T12:00:00Z,{WORDS[n % 8]}\n" for n in range(N))
    ws.feedback.ingest(project.write("all.csv", f"item_id,created_at,comment\n{rows}"), "web")
    return ws


def gold(project, ids, name="gold.csv", label=None):
    rows = "".join(f"{n},{label or TRUTH[n % 8]}\n" for n in ids)
    return project.write(name, f"item_id,label\n{rows}")


def drawn(n, seed=0):
    return np.random.default_rng(seed).choice(N, n, replace=False).tolist()


def take(ws, file, **more):
    return ws.task("mood").gold.import_file(file, "web", **{"role": "dev", "sampling": "random"} | more)


def test_a_random_sample_is_a_batch_and_each_of_its_items_knows_its_probability(project, ws):
    report = take(ws, gold(project, drawn(100)))
    assert (report.design, report.not_random, report.drawn_before) == ("random", None, 0)
    (batch,) = ws.task("mood").gold.batches()
    assert (batch["drawn"], batch["out_of"], batch["moves"]) == (100, N, ["shares", "labeling_functions"])
    assert {item.inclusion for item in ws.task("mood").gold.adjudicated().items} == {0.25}
    assert take(ws, gold(project, drawn(100))).added == 0
    assert len(ws.catalog.gold.draws("mood")) == 1


def test_a_random_sample_of_a_task_that_was_labelled_is_taken_for_one(project, ws):
    ws.task("mood").relabel()
    for seed in range(5):
        assert take(ws, gold(project, drawn(60, seed), f"g{seed}.csv")).not_random is None


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        (lambda n: n % 8 in (1, 2, 6), "the labeling function complains votes bad"),
        (lambda n: n % 8 in (5, 7), "items without any vote"),
        (lambda n: n % 8 in (1, 2, 4), "items labelled bad by label set"),
    ],
)
def test_items_that_were_chosen_by_what_the_label_set_knows_are_no_random_sample(project, ws, chosen, told):
    ws.task("mood").relabel()
    ids = [n for n in range(N) if chosen(n)][:60]
    report = take(ws, gold(project, ids))
    assert report.design == "other"
    assert f"{len(ids)} of the {len(ids)} are items" in report.not_random
    assert told in report.not_random
    (batch,) = ws.task("mood").gold.batches()
    assert (batch["sampling"], batch["moves"]) == ("other", ["labeling_functions"])
    assert {item.inclusion for item in ws.task("mood").gold.adjudicated().items} == {None}


def test_items_that_were_chosen_by_what_people_said_are_no_random_sample(project, ws):
    first = drawn(200)
    take(ws, gold(project, first))
    bad = [n for n in first if TRUTH[n % 8] == "bad"]
    project.add_v2()
    task = project.open().task("mood")
    report = task.gold.import_file(gold(project, bad, "v2.csv", "slow"), "web", role="dev", sampling="random")
    assert "items that people labelled bad (1.0.0), among those that they labelled" in report.not_random
    assert (report.design, report.drawn_before) == ("other", len(bad))
    items = {item.item_id: item for item in task.gold.adjudicated().items}
    assert {item.inclusion for item in items.values()} == {0.5}  # who was drawn once stays drawn
    assert {items[str(n)].schema_version for n in bad} == {"2.0.0"}


def test_who_insists_is_believed_and_who_asks_again_is_not(project, ws):
    ws.task("mood").relabel()
    file = gold(project, [n for n in range(N) if "wrong" in WORDS[n % 8].lower()][:60])
    assert take(ws, file).design == "other"
    (project.store / "label_sets").rename(project.store / "moved")  # nothing is known of votes any more
    again = take(ws, file)
    assert (again.added, again.design) == (0, "other")
    assert "came before as a random sample that was none" in again.not_random
    assert take(ws, file, sampling_is_right=True).design == "random"
    assert {item.inclusion for item in ws.task("mood").gold.adjudicated().items} == {60 / N}


def test_a_stratified_sample_moves_shares_where_its_probabilities_are_known(project, ws):
    ids = [n for n in range(N) if TRUTH[n % 8] == "bad"][:60] + [n for n in range(N) if TRUTH[n % 8] == "good"][:20]
    rows = "".join(f"{n},{TRUTH[n % 8]},{0.3 if TRUTH[n % 8] == 'bad' else 0.1}\n" for n in ids)
    file = project.write("drawn.csv", f"item_id,label,p\n{rows}")
    take(ws, file, sampling="stratified", probability="p")
    report = ws.task("mood").relabel()
    # 60 / .3 = 20 / .1: as many are good as bad. Half of the good ones have no vote, and are counted apart.
    assert report.label_model["learned"]["prior"]["good"] == pytest.approx((20 + 1) / (40 + 20 + 2))
    assert report.label_model["learned"]["unvoted"]["good"] == pytest.approx((20 + 1) / (20 + 2))
    (batch,) = ws.task("mood").gold.batches()
    assert batch["moves"] == ["shares", "labeling_functions"]


def test_a_stratified_sample_without_probabilities_moves_no_share(project, ws):
    plain = ws.task("mood").relabel().label_model["learned"]["prior"]
    take(ws, gold(project, [n for n in range(N) if TRUTH[n % 8] == "bad"][:60]), sampling="stratified")
    assert ws.task("mood").relabel().label_model["learned"]["prior"] == plain


@pytest.mark.parametrize("value", ["0", "1.5", "x", "nan", ""])
def test_what_is_no_probability_is_refused_by_its_line(project, ws, value):
    file = project.write("drawn.csv", f"item_id,label,p\n0,good,0.5\n1,bad,{value}\n")
    if value == "":
        assert take(ws, file, sampling="stratified", probability="p").added == 2
        return
    with pytest.raises(GoldError, match="cannot be"):
        take(ws, file, sampling="stratified", probability="p")
    assert ws.catalog.gold.human_labels("mood") == []


@pytest.mark.parametrize("sampling", ["other", "random"])
def test_probabilities_without_a_design_are_refused(project, ws, sampling):
    file = project.write("drawn.csv", "item_id,label,p\n0,good,0.5\n")
    with pytest.raises(GoldError, match="these human labels cannot be taken in") as caught:
        take(ws, file, sampling=sampling, probability="p")
    assert "--sampling stratified" in json.dumps([str(problem) for problem in caught.value.problems])


def test_test_gold_is_listed_as_moving_nothing(project, ws):
    take(ws, gold(project, drawn(40)), role="test")
    assert ws.task("mood").gold.batches()[0]["moves"] == []


def test_two_random_draws_of_one_source_weigh_alike_and_a_source_weighs_its_items(project, ws):
    rows = "".join(f"m{n},2026-01-01T12:00:00Z,{WORDS[n % 8]}\n" for n in range(100))
    ws.feedback.ingest(project.write("mail.csv", f"item_id,created_at,comment\n{rows}"), "mail")
    take(ws, gold(project, drawn(80), "one.csv"))
    take(ws, gold(project, [n for n in range(N) if n not in drawn(80)][:20], "two.csv"), sampling_is_right=True)
    mail = project.write("m.csv", "item_id,label\n" + "".join(f"m{n},good\n" for n in range(50)))
    ws.task("mood").gold.import_file(mail, "mail", role="dev", sampling="random")
    weights = ws.task("mood").plan().dev.weights
    web = {round(weight, 9) for (source, _), weight in weights.items() if source == "web"}
    assert web == {4.0}  # 400 items, of which 100 were drawn
    assert {weight for (source, _), weight in weights.items() if source == "mail"} == {2.0}
