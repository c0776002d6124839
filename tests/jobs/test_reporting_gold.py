"""The part of a report on gold says what the commands say, never looks at test gold, and says why where it cannot."""

from __future__ import annotations

import pyarrow.parquet as pq
import pytest

import retrolabel
from retrolabel.analysis.report.gold_values import People, Possible, Unsaid, Whole
from retrolabel.jobs.reports import about_gold
from retrolabel.wiring.label_set_export import exported
from retrolabel.wiring.reporting import gather
from tests.jobs.test_comparing import TRUTH

RANDOM = {"role": "dev", "sampling": "random"}


def said(numbers):
    return {number: TRUTH[number % 8] for number in numbers}


def take_people(project, ws, name, numbers, *, wrong=(), **options):
    """Take in what one person says of items: the truth, but on those that are named."""
    labels = said(numbers) | {number: {"good": "bad", "bad": "good"}[TRUTH[number % 8]] for number in wrong}
    path = project.gold(labels, f"{name}-{options.get('role')}.csv", who=name)
    ws.task("mood").gold.import_file(path, "web", annotator="who", **options)


@pytest.fixture
def ws(project):
    opened = project.open()
    opened.feedback.ingest(project.feedback(items=160), "web")
    return opened


@pytest.fixture
def labelled(project, ws):
    ws.task("mood").gold.import_file(project.gold(said(range(80))), "web", **RANDOM)
    ws.task("mood").relabel()
    return ws


def test_what_is_right_of_all_items_is_what_gold_estimate_says(labelled):
    found, whole = labelled.task("mood").gold.estimate(), gather(labelled, "mood").about_gold.whole
    assert isinstance(whole, Whole)
    assert whole.sentences == found.figures.sentences
    assert (whole.role, whole.gold, whole.items, whole.notes) == ("dev", 80, 160, found.notes)
    assert {each.label: each.found for each in whole.frequencies} == dict(found.prevalence)
    html = labelled.task("mood").report().html
    assert f"By dev gold of a known design, {found.figures.sentences[1]}".replace("'", "&#39;") in html
    assert labelled.task("mood").report().as_dict()["whole"]["accuracy_of_all"]["value"] == found.accuracy_of_all.value


def test_shares_of_the_label_set_are_of_its_labels_on_the_sources_that_have_gold(project, labelled):
    labelled.feedback.ingest(project.feedback("mail.csv", items=40, first=500), "mail")
    labelled.task("mood").relabel()
    whole = gather(labelled, "mood").about_gold.whole
    frame = labelled.task("mood").labels("latest")
    shares = frame.loc[frame["source"] == "web", "label"].value_counts(normalize=True)
    assert whole.sources == ("web",)
    assert {each.label: each.given for each in whole.frequencies} == pytest.approx(shares.to_dict())
    assert any("no gold of a known design is of mail: 40 items stay out" in note for note in whole.notes)


def test_possible_labels_are_counted_as_they_are_exported(project, labelled):
    possible = gather(labelled, "mood").about_gold.possible
    assert isinstance(possible, Possible)
    exported(labelled, "mood", project.folder / "x.parquet", "parquet", "latest", possible=0.9)
    sets = pq.read_table(project.folder / "x.parquet").column("possible").to_pylist()
    sizes = [each.count("|") + 1 for each in sets]
    assert possible.sizes == tuple(sizes.count(size) for size in range(1, max(sizes) + 1))
    assert (possible.items, possible.counted, possible.gold, possible.coverage) == (160, 160, 80, 0.9)


def test_of_very_many_items_possible_labels_are_counted_on_some(labelled, monkeypatch):
    everything = gather(labelled, "mood").about_gold.possible
    monkeypatch.setattr(about_gold, "MOST_COUNTED", 60)
    some = gather(labelled, "mood").about_gold.possible
    assert some == gather(labelled, "mood").about_gold.possible
    assert 30 < some.counted < 90
    assert some.items == 160
    assert some.promise == everything.promise
    told = f"{some.counted} of the 160 items of the sources that gold was drawn from, chosen by a fixed rule"
    assert told in labelled.task("mood").report().html


def test_how_far_people_agree_is_what_gold_agreement_says(project, ws):
    take_people(project, ws, "ana", range(80), **RANDOM)
    take_people(project, ws, "bo", range(80), wrong=range(0, 80, 9), **RANDOM)
    ws.task("mood").relabel()
    people, found = gather(ws, "mood").about_gold.people, ws.task("mood").gold.agreement()
    assert isinstance(people, People)
    assert dict(people.figures)["alpha, nominal"] == found.alpha
    assert (people.people, people.compared, people.roles) == (2, 80, ("dev",))
    assert (people.labels, people.pairs) == (found.labels, found.pairs)
    assert "People confuse good and bad most: on 9 items of 80" in ws.task("mood").report().html


def test_test_gold_is_in_no_figure_and_no_look_is_logged(project, ws, monkeypatch):
    take_people(project, ws, "ana", range(80), **RANDOM)
    take_people(project, ws, "bo", range(80), wrong=range(0, 80, 9), **RANDOM)
    ws.task("mood").relabel()
    before = gather(ws, "mood").about_gold
    take_people(project, ws, "ana", range(80, 160), role="test", sampling="random")
    take_people(project, ws, "bo", range(80, 160), wrong=range(80, 160), role="test", sampling="random")
    monkeypatch.setattr(ws.catalog.gold, "log_look", lambda *_: pytest.fail("looked"))
    after = gather(ws, "mood").about_gold
    assert after.people == before.people
    assert after.whole == before.whole
    assert after.possible == before.possible


def test_without_gold_each_part_says_why_and_what_helps(ws):
    ws.task("mood").relabel()
    about = gather(ws, "mood").about_gold
    for part in (about.whole, about.people, about.possible):
        assert isinstance(part, Unsaid)
        assert "retrolabel gold import mood" in part.remedy
    html = ws.task("mood").report().html
    assert "There is no dev gold of mood under 1.0.0. What helps: retrolabel gold import mood FILE" in html


def test_gold_of_no_known_design_says_nothing_of_all_items_and_that_is_in_the_verdict(project, ws):
    ws.task("mood").gold.import_file(project.gold(said(range(80))), "web", role="dev")
    ws.task("mood").relabel()
    report = ws.task("mood").report()
    assert report.data.about_gold.whole.why.startswith("None of the 80 dev gold items of mood is of a known design")
    verdict = report.html[: report.html.index("What was labelled, and")]
    assert "How many labels of all items are right is not known. None of the 80 dev gold items" in verdict


def test_too_little_gold_says_how_much_is_missing(project, ws):
    ws.task("mood").gold.import_file(project.gold(said(range(5))), "web", **RANDOM)
    ws.task("mood").relabel()
    about = gather(ws, "mood").about_gold
    assert "10 gold items, and there are 5: 5 missing" in about.whole.why
    assert "9 gold items, and there are 5: 4 missing" in about.possible.why
    assert "one person&#39;s answer" in ws.task("mood").report().html


def test_a_label_set_of_an_older_version_has_its_part_on_gold_too(project, labelled):
    older = labelled.task("mood").label_set().id
    project.add_v2()
    labelled.task("mood").relabel()
    now, then = (gather(labelled, "mood", name).about_gold for name in ("latest", older))
    assert [each.label for each in then.whole.frequencies] == ["good", "bad"]
    assert [each.label for each in now.whole.frequencies] == ["good", "slow", "wrong"]
    assert any("leave several labels" in note for note in now.whole.notes)
    for name in ("latest", older):
        assert 'id="whole"' in labelled.task("mood").report(name).html


def test_a_store_without_its_project_says_that_gold_cannot_be_read(project, labelled):
    alone = retrolabel.open("/", store=project.store)
    about = gather(alone, "mood").about_gold
    assert about.whole == about.people == about.possible
    assert "does not have version 1.0.0 as it was" in about.whole.why
    assert "does not have version 1.0.0 as it was" in alone.task("mood").report().html
