"""The part of a report on people who disagree says what the commands say, and names nobody."""

from __future__ import annotations

import pandas as pd
import pytest

from retrolabel.analysis.report.disagreement_values import Disagreement
from retrolabel.analysis.report.gold_values import Unsaid
from retrolabel.analysis.report.page import page
from retrolabel.analysis.report.textless import without_texts
from retrolabel.simulation.people import OnePerson, people_who_disagree
from retrolabel.wiring.reporting import _template, gather
from tests.jobs.test_comparing import TRUTH

PEOPLE = ("ana", "ben", "cleo")


def take(project, ws, said, name="said.csv"):
    """Take in what people say each week: ``item_id``, ``annotator``, ``label``, ``round``."""
    when = pd.Timestamp("2026-04-06T09:00:00Z") + pd.to_timedelta(7 * (said["round"] - 1), unit="D")
    path = project.folder / name
    said.assign(when=when).to_csv(path, index=False)
    ws.task("mood").gold.import_file(path, "web", role="calibration", annotator="annotator", label="label", time="when")


def planted(*causes, items=160, again=0, **options):
    truth = pd.DataFrame({"item_id": range(items), "label": [TRUTH[n % 8] for n in range(items)]})
    return people_who_disagree(
        truth, labels=["good", "bad"], planted=list(causes), slips=0.03, again=again, seed=3, **options
    )


@pytest.fixture
def ws(project):
    opened = project.open()
    opened.feedback.ingest(project.feedback(items=160), "web")
    return opened


@pytest.fixture
def off(project, ws):
    """One of three people is off, and some items were asked again a week later."""
    take(project, ws, planted(OnePerson(person="ben", says="bad", where="good", rate=0.5), again=40))
    ws.task("mood").relabel()
    return ws


def part_on_people(html):
    return html[html.index("<h3>How far people agree</h3>") : html.index("<h3>Labels that stay possible</h3>")]


def test_causes_have_the_shares_of_gold_diagnose_and_nobody_is_named(off):
    report, found = off.task("mood").report(), off.task("mood").gold.diagnose()
    reasons, html = report.data.about_gold.reasons, report.html
    assert isinstance(reasons, Disagreement)
    assert [(each.kind, each.share, each.low, each.high) for each in reasons.reasons] == [
        (each.kind, each.share, each.low, each.high) for each in found.causes
    ]
    assert found.causes[0].person == "ben"
    assert reasons.finding == found.finding.replace("ben", "somebody")
    assert [item.item_id for item in reasons.reasons[0].shown] == [item.key[1] for item in found.causes[0].shown]
    told = part_on_people(html)
    assert "somebody says bad where the others say good" in told
    assert "make an item bad for somebody, and good for the others" in told
    assert "not told: 3 people answered 30 items or more, and camps need 8" in told
    assert "Items to talk about, 5 of" in told
    assert not any(name in html for name in PEOPLE)
    assert report.as_dict()["people_disagree"]["causes"][0]["kind"] == "person"


def test_two_periods_are_a_picture_and_one_is_none(project, ws):
    take(project, ws, planted())
    ws.task("mood").relabel()
    before = ws.task("mood").report()
    assert before.data.about_gold.over_time is None
    assert "over time" not in part_on_people(before.html)
    take(project, ws, planted().assign(round=2), "later.csv")
    after, series = ws.task("mood").report(), ws.task("mood").gold.series()
    found = after.data.about_gold.over_time
    assert list(found.figures["period"]) == ["2026-W15", "2026-W16"]
    assert list(found.figures["value"]) == [each.alpha.value for each in series.parts[0].periods]
    told = part_on_people(after.html)
    assert "<svg" in told[told.index("How far people agree over time") : told.index("Why people disagree")]
    assert f'<td class="n">{series.parts[0].periods[0].alpha.value:.2f} [' in told


def test_a_fall_is_told_with_its_items_and_without_who_stands_out(project, ws):
    weeks = [planted(items=60).assign(round=n) for n in range(1, 9)]
    apart = planted(OnePerson(person="ana", says="bad", where="good", rate=0.9), items=60)
    take(project, ws, pd.concat([*weeks, *(apart.assign(round=n) for n in (9, 10, 11))]))
    ws.task("mood").relabel()
    alarm = ws.task("mood").gold.series().alarm
    assert alarm is not None
    told = part_on_people(ws.task("mood").report().html)
    assert f"People agree less on mood 1.0.0 in {alarm.period}" in told
    assert f'Items to talk about: <span class="id"><bdi>{alarm.talk[0][1]}</bdi>' in told
    assert "It is a signal about the spec, not about a person." in told
    assert not any(name in told for name in PEOPLE)


def test_too_few_differences_are_no_chance_but_cannot_be_told(project, ws):
    take(project, ws, planted(items=40))
    ws.task("mood").relabel()
    reasons = gather(ws, "mood").about_gold.reasons
    assert reasons.finding.startswith("Why people disagree on mood cannot be told: people differ on ")
    assert reasons.reasons == ()


def test_of_one_person_there_is_nothing(project, ws):
    take(project, ws, planted().query("annotator == 'ana'"))
    ws.task("mood").relabel()
    report = ws.task("mood").report()
    about = report.data.about_gold
    assert isinstance(about.people, Unsaid)
    assert (about.over_time, about.reasons) == (None, None)
    assert "Why people disagree" not in report.html


def test_what_goes_to_a_tracker_has_the_shares_and_no_item(off):
    data = gather(off, "mood")
    assert page(data, _template()) == page(gather(off, "mood"), _template())
    html = part_on_people(page(without_texts(data), _template()))
    assert '<th scope="row">one person</th>' in html
    assert "Items to talk about" not in html
    assert "For the guideline" not in html
