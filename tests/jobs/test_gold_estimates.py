"""What gold says of all items, of two label sets and of itself, on a real store."""

from __future__ import annotations

import sys
from types import ModuleType

import numpy as np
import pyarrow.parquet as pq
import pytest

from retrolabel.errors import GoldError, InputError, TooLittleGoldError, UnknownLabelSetError
from retrolabel.jobs.gold.estimating import _Whole
from retrolabel.jobs.gold.placing import place
from retrolabel.wiring.label_set_export import exported
from tests.jobs.conftest import SAID

N = 800
GOOD = {"thanks a lot": 0.9, "great": 0.85, "thanks, but wrong": 0.5, "hm": 0.3, "ok then": 0.7}
"""How often an item that says this is good; else one in ten is."""


def truth_of(seed=0):
    rng = np.random.default_rng([7, seed])
    return {n: "good" if rng.random() < GOOD.get(SAID[n % 8], 0.1) else "bad" for n in range(N)}


def take(ws, project, labels, name="gold.csv", sampling="random", **options):
    options = {"role": "dev", "sampling_is_right": sampling == "random", **options}
    return ws.task("mood").gold.import_file(project.gold(labels, name), "web", sampling=sampling, **options)


def sample(truth, n=100, seed=0):
    return {int(item): truth[int(item)] for item in np.random.default_rng(seed).choice(N, n, replace=False)}


def ready_made(project, n=100, seed=0):
    ws = project.open()
    ws.feedback.ingest(project.feedback(items=N), "web")
    truth = truth_of(seed)
    if n:
        take(ws, project, sample(truth, n, seed))
    ws.task("mood").relabel()
    return ws, truth


@pytest.fixture
def made(project):
    return ready_made(project)


# On all items ----------------------------------------------------------------------------------


def test_intervals_hold_the_truth_of_all_items_and_covered_and_all_are_two_figures(make_project):
    held = {"accuracy": [], "accuracy_of_all": [], "good": []}
    for seed in range(8):
        ws, truth = ready_made(make_project(f"p{seed}"), seed=seed)
        found = ws.task("mood").gold.estimate()
        frame = ws.task("mood").labels("latest")
        right = (frame["label"] == frame["item_id"].astype(int).map(truth)).to_numpy()
        has = frame["label"].notna().to_numpy()
        actual = {"accuracy": right[has].mean(), "accuracy_of_all": right.mean()}
        actual["good"] = np.mean([label == "good" for label in truth.values()])
        figures = {
            "accuracy": found.accuracy,
            "accuracy_of_all": found.accuracy_of_all,
            "good": found.prevalence["good"],
        }
        for name, figure in figures.items():
            held[name].append(figure.low <= actual[name] <= figure.high)
        assert found.figures.items == N
        assert found.figures.labelled == has.sum() < N
        assert found.accuracy_of_all.value < found.accuracy.value
    assert min(sum(each) for each in held.values()) >= 7


def test_predictions_make_the_interval_narrower_than_gold_alone(made):
    found = made[0].task("mood").gold.estimate().accuracy_of_all
    assert found.width < 0.8 * (found.classical.high - found.classical.low)


def test_gold_items_are_judged_by_models_that_had_not_seen_their_gold(made):
    label_set = made[0].task("mood").label_set()
    unseen, known = label_set.cross_fitted(), label_set.cross_fitted_probabilities()
    placed = place(label_set, {key: frozenset([0]) for key in unseen})
    assert len(placed.keys) == 100
    for row, key in enumerate(placed.keys):
        assert placed.probabilities[row].tolist() == known[key]
        assert (label_set.labels[placed.label[row]] if placed.label[row] >= 0 else None) == unseen[key]


def test_a_label_set_that_saw_gold_says_that_its_figures_are_of_labels_made_without_their_own(made):
    ws, _ = made
    told = [each for each in ws.task("mood").gold.estimate().notes if "made without their own gold" in each]
    assert told
    ws.task("mood").relabel(label_model="majority_vote")
    assert not [each for each in ws.task("mood").gold.estimate().notes if "made without their own gold" in each]


def test_gold_items_count_as_they_are_and_what_models_say_without_their_gold_stands_for_the_others(made):
    ws, truth = made
    label_set = ws.task("mood").label_set()
    frame = ws.task("mood").labels("latest").set_index("item_id")["label"]
    unseen = {int(item_id): label for (_, item_id), label in label_set.cross_fitted().items()}
    own = sum(frame[str(item)] == truth[item] for item in unseen)
    without = np.mean([label == truth[item] for item, label in unseen.items()])
    assert own != 100 * without
    classical = ws.task("mood").gold.estimate().accuracy_of_all.classical
    assert classical.value == pytest.approx((own + (N - 100) * without) / N, abs=1e-12)


def test_a_gold_item_is_in_the_stratum_of_what_is_said_of_it_without_its_gold(made):
    label_set = made[0].task("mood").label_set()
    sets = {key: frozenset([0]) for key in label_set.cross_fitted()}
    placed = place(label_set, sets)
    whole = _Whole.of(label_set, placed, np.ones(100))
    places = {label: at for at, label in enumerate(label_set.labels)}
    said = [label_set.cross_fitted()[key] for key in placed.keys]
    assert whole.likely[placed.rows].tolist() == [0 if label is None else places[label] + 1 for label in said]
    assert ((whole.sure[placed.rows] == 0) == (whole.likely[placed.rows] == 0)).all()
    by_label_set = [placed.pattern[row] for row in placed.rows]
    fifth_of = dict(zip(np.delete(placed.pattern, placed.rows), np.delete(whole.sure, placed.rows), strict=True))
    moved = [whole.sure[row] != fifth_of[pattern] for row, pattern in zip(placed.rows, by_label_set, strict=True)]
    assert 0 < sum(moved) < 50


def test_a_label_set_without_cross_fitted_probabilities_is_refused(made, monkeypatch):
    monkeypatch.setattr("retrolabel.jobs.records.label_sets.LabelSet.cross_fitted_probabilities", lambda _: {})
    with pytest.raises(GoldError, match="keeps no probabilities of its gold"):
        made[0].task("mood").gold.estimate()


def test_gold_of_no_known_design_is_refused_with_what_would_help(project):
    ws, truth = ready_made(project, n=0)
    with pytest.raises(GoldError, match="There is no dev gold") as caught:
        ws.task("mood").gold.estimate()
    assert "--sampling random" in caught.value.remedy
    take(ws, project, sample(truth), sampling="other")
    with pytest.raises(GoldError, match="None of the 100 dev gold items of mood is of a known design") as caught:
        ws.task("mood").gold.estimate()
    assert "retrolabel gold import mood FILE --source NAME --role dev --sampling random" in caught.value.remedy


def test_too_little_gold_is_refused_with_the_number_that_is_missing(project):
    ws, _ = ready_made(project, n=7)
    with pytest.raises(
        TooLittleGoldError, match="An estimate for all items of mood needs 10 gold items, and there are 7: 3 missing"
    ) as caught:
        ws.task("mood").gold.estimate()
    assert caught.value.missing == 3


def test_gold_of_no_known_design_moves_no_figure_and_is_counted(project, made):
    ws, truth = made
    before = ws.task("mood").gold.estimate()
    others = {n: "bad" for n in range(N) if n not in sample(truth)}
    take(ws, project, dict(list(others.items())[:60]), "more.csv", sampling="other")
    after = ws.task("mood").gold.estimate()
    assert after.figures == before.figures
    assert "60 gold items of no known design stay out: nobody knows what they stand for" in after.notes


def test_gold_of_one_source_says_nothing_of_another(project, made):
    ws, _ = made
    rows = "".join(f"x{n},2026-01-01T12:00:00Z,great\n" for n in range(50))
    ws.feedback.ingest(project.write("mail.csv", f"item_id,created_at,comment\n{rows}"), "mail")
    ws.task("mood").relabel()
    found = ws.task("mood").gold.estimate()
    assert (found.sources, found.figures.items) == (("web",), N)
    assert "no gold of a known design is of mail: 50 items stay out" in found.notes


def test_a_draw_from_before_half_of_the_items_came_says_so(project, made):
    ws, _ = made
    ws.feedback.ingest(project.feedback("more.csv", items=N, first=N), "web")
    ws.task("mood").relabel()
    assert any("drawn when it had 800 of its 1,600 items" in note for note in ws.task("mood").gold.estimate().notes)


def test_test_gold_is_looked_at_with_final_alone_and_each_look_is_logged(project, made):
    ws, truth = made
    rest = [n for n in range(N) if n not in sample(truth)]
    chosen = np.random.default_rng(9).choice(rest, 80, replace=False)
    take(ws, project, {int(n): truth[int(n)] for n in chosen}, "test.csv", role="test")
    gold = ws.task("mood").gold
    assert (gold.estimate().role, gold.estimate().gold, gold.estimate().looks) == ("dev", 100, 0)
    assert [(each.role, each.gold, each.looks) for each in (gold.estimate(final=True) for _ in range(2))] == [
        ("test", 80, 1),
        ("test", 80, 2),
    ]
    assert gold.estimate(final=True, look=False).looks == 0


def test_without_test_gold_of_a_known_design_final_takes_dev_gold_and_logs_no_look(project, made):
    ws, _ = made
    found = ws.task("mood").gold.estimate(final=True)
    assert (found.role, found.looks) == ("dev", 0)
    assert "no test gold is of a known design: the figures are from dev gold" in found.notes
    assert not any('INSERT INTO "looks"' in line for line in project.catalog())


# After a bump ----------------------------------------------------------------------------------


def finer(truth):
    return {n: label if label == "good" else ("slow", "wrong")[n % 2] for n, label in truth.items()}


def test_gold_that_leaves_several_labels_widens_an_interval_that_holds_whichever_is_the_truth(project, made):
    ws, truth = made
    project.add_v2()
    ws.task("mood").relabel()
    found = ws.task("mood").gold.estimate()
    bad = sum(label == "bad" for label in sample(truth).values())
    assert found.several == found.figures.open["slow"] == found.figures.open["wrong"] == bad
    assert found.figures.open["good"] == 0
    share = np.mean([label == "slow" for label in finer(truth).values()])
    assert found.prevalence["slow"].low <= 0.05
    assert found.prevalence["slow"].high > 0.4
    assert found.prevalence["slow"].low <= share <= found.prevalence["slow"].high
    assert found.prevalence["good"].width < 0.2
    assert any("leave several labels; the intervals hold" in note for note in found.notes)


def test_a_draw_that_a_bump_left_open_gives_way_as_a_whole_to_one_of_the_new_version(project, made):
    ws, truth = made
    project.add_v2()
    new = finer(truth)
    rest = [n for n in range(N) if n not in sample(truth)]
    drawn = np.random.default_rng(3).choice(rest, 120, replace=False)
    take(ws, project, {int(n): new[int(n)] for n in drawn}, "new.csv", schema="2.0.0")
    ws.task("mood").relabel()
    found = ws.task("mood").gold.estimate()
    assert (found.gold, found.several) == (120, 0)
    for label in ("good", "slow", "wrong"):
        assert (
            found.prevalence[label].low
            <= np.mean([each == label for each in new.values()])
            <= found.prevalence[label].high
        )
    assert any(note.startswith("100 gold items of web stay out:") for note in found.notes)


# Slices ----------------------------------------------------------------------------------------


def test_slices_part_the_items_and_their_gold(made):
    found = made[0].task("mood").gold.estimate(by="comment")
    assert set(found.slices) == set(SAID)
    assert sum(each.items for each in found.slices.values()) == N
    assert sum(each.accuracy_of_all.n for each in found.slices.values()) == 100
    assert found.slices["hm"].labelled == 0
    assert found.slices["hm"].accuracy.value is None
    assert found.slices["hm"].accuracy_of_all.value == 0
    assert list(made[0].task("mood").gold.estimate(by="month").slices) == ["2026-01"]


def test_a_column_that_there_is_not_and_one_of_too_many_values_are_refused(made):
    with pytest.raises(InputError, match=r"No item has a column 'comments'\. Did you mean"):
        made[0].task("mood").gold.estimate(by="comments")
    with pytest.raises(InputError, match="item_id has 800 values"):
        made[0].task("mood").gold.estimate(by="item_id")


# Two label sets, and errors in gold --------------------------------------------------------------


def test_readiness_compares_with_the_label_set_before_or_the_one_that_is_named(project, made):
    ws, _ = made
    first = ws.task("mood").label_set()
    alone = ws.task("mood").gold.readiness()
    assert (alone.found, alone.why_not) == (None, "there is no label set before it")
    ws.task("mood").relabel(label_model="majority_vote")
    found = ws.task("mood").gold.readiness()
    assert found.against.id == first.id
    assert found.by_design
    assert 0 <= found.differing < 1
    pairing = found.found.pairing
    back = ws.task("mood").gold.readiness(first.id, against="latest").found.pairing
    assert (pairing.items, pairing.before, pairing.after) == (back.items, back.after, back.before)
    with pytest.raises(UnknownLabelSetError):
        ws.task("mood").gold.readiness(against="nosuch")


def test_a_planted_error_in_gold_is_among_the_first_suspects(project):
    ws, truth = ready_made(project, n=0)
    said = sample(truth)
    wrong = next(n for n in said if SAID[n % 8] == "WRONG AGAIN")
    take(ws, project, said | {wrong: "good"})
    ws.task("mood").relabel()
    found = ws.task("mood").gold.readiness()
    first = next(each for each in found.suspects if each.item_id == str(wrong))
    assert (first.said, first.gold, first.label) == ((("good", "1.0.0"),), ("good",), "bad")
    assert found.suspects[0].score >= first.score > 1
    assert len(found.suspects) <= 20 <= found.gold


class Cleanlab:
    """A fake of cleanlab's filter: it takes the items for wrong whose label has the least probability."""

    def __init__(self, most):
        self.most, self.asked = most, []

    def find_label_issues(self, labels, pred_probs, *, return_indices_ranked_by, n_jobs):
        assert (return_indices_ranked_by, n_jobs) == ("self_confidence", 1)
        self.asked.append(len(labels))
        return np.argsort(pred_probs[np.arange(len(labels)), labels], kind="stable")[: self.most]


def with_cleanlab(monkeypatch, found):
    """Have cleanlab installed, as a fake, or not at all."""
    monkeypatch.setitem(sys.modules, "cleanlab", found and ModuleType("cleanlab"))
    monkeypatch.setitem(sys.modules, "cleanlab.filter", found)


def test_an_item_on_which_label_model_and_cleanlab_speak_against_people_comes_first(made, monkeypatch):
    ws, _ = made
    with_cleanlab(monkeypatch, None)
    alone = ws.task("mood").gold.readiness()
    assert (alone.by_cleanlab, alone.by_both, alone.listed_of) == (None, 0, alone.suspected)
    assert {each.by for each in alone.suspects} == {("label model",)}
    fake = Cleanlab(alone.suspected + 3)
    with_cleanlab(monkeypatch, fake)
    found = ws.task("mood").gold.readiness()
    assert fake.asked == [found.exact]
    assert (found.by_cleanlab, found.suspected) == (alone.suspected + 3, alone.suspected)
    both = [len(each.by) for each in found.suspects]
    assert both == sorted(both, reverse=True)
    assert found.listed_of == found.suspected + found.by_cleanlab - found.by_both
    assert found.as_dict()["by_both"] == found.by_both
    assert "cleanlab against" in repr(found)


def test_what_cleanlab_does_not_take_for_wrong_stays_on_the_list_after_what_it_does(made, monkeypatch):
    ws, _ = made
    with_cleanlab(monkeypatch, Cleanlab(2))
    found = ws.task("mood").gold.readiness()
    assert [each.by for each in found.suspects][:3] == [
        ("label model", "cleanlab"),
        ("label model", "cleanlab"),
        ("label model",),
    ]
    rest = [each.score for each in found.suspects[2:]]
    assert rest == sorted(rest, reverse=True)


def test_readiness_without_gold_is_refused(project):
    ws, _ = ready_made(project, n=0)
    with pytest.raises(GoldError, match="No dev gold of mood says anything"):
        ws.task("mood").gold.readiness()


# Labels with a guarantee -------------------------------------------------------------------------


def test_possible_labels_hold_the_truth_as_often_as_promised_and_the_label_set_stays_as_it_is(project, made):
    ws, truth = made
    before = project.state()
    path = project.folder / "out.parquet"
    assert ws.task("mood").export(path, "parquet", possible=0.9) == N
    assert project.state() == before
    frame = pq.read_table(path).to_pandas()
    columns = list(frame.columns)
    assert columns[columns.index("partial") + 1] == "possible"
    sets = frame["possible"].str.split("|")
    held = [truth[int(item)] in labels for item, labels in zip(frame["item_id"], sets, strict=True)]
    assert 0.84 <= np.mean(held) <= 0.99
    assert all(p in labels for p, labels in zip(frame["label"], sets, strict=True) if isinstance(p, str))
    assert "possible" not in ws.task("mood").labels("latest").columns


def test_other_gold_makes_another_column_of_the_same_label_set(project, made):
    ws, truth = made

    def digest(coverage=0.9):
        path = project.folder / "out.csv"
        return exported(ws, "mood", path, "csv", "latest", spreadsheet=False, possible=coverage).possible.digest

    first = digest()
    assert first == digest() != digest(0.8)
    more = {n: truth[n] for n in range(N) if n not in sample(truth)}
    take(ws, project, dict(list(more.items())[::40]), "more.csv")
    assert digest() != first


def test_too_little_gold_for_a_coverage_is_refused_with_what_is_missing_and_nothing_is_written(project):
    ws, _ = ready_made(project, n=15)
    path = project.folder / "out.csv"
    with pytest.raises(TooLittleGoldError, match=r"needs? 19 gold items, and there are 15: 4 missing"):
        ws.task("mood").export(path, "csv", possible=0.95)
    with pytest.raises(GoldError, match="lies between 0 and 1"):
        ws.task("mood").export(path, "csv", possible=90)
    assert not path.exists()


def test_items_of_a_source_without_gold_have_no_possible_labels(project, made):
    ws, _ = made
    ws.feedback.ingest(project.write("mail.csv", "item_id,created_at,comment\nx,2026-01-01T12:00:00Z,great\n"), "mail")
    ws.task("mood").relabel()
    path = project.folder / "out.parquet"
    ws.task("mood").export(path, "parquet", possible=0.9)
    frame = pq.read_table(path).to_pandas()
    assert frame.loc[frame["source"] == "mail", "possible"].isna().all()
    assert frame.loc[frame["source"] == "web", "possible"].notna().all()
