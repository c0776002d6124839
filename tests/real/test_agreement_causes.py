"""Why real people disagree: what is said, and what is not, of two published sets of answers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from retrolabel.analysis.item_kinds import kinds_of_items
from retrolabel.gold.causes.diagnosis import diagnose
from retrolabel.gold.causes.panel import panel_of

pytestmark = [pytest.mark.real]
SEVERITIES = [-3, -2, -1, 0, 1]
TURNS = ["prev_agent", "prev_user", "agent", "user"]


def test_of_eight_people_on_abuse_one_says_ambiguous_where_the_others_say_not_abusive(real):
    frame = pd.read_parquet(real("convabuse", "annotations.parquet"))
    frame["item"] = frame["item_id"].astype(str)
    panel = panel_of(frame["item"], frame["worker_id"], frame["severity"], labels=SEVERITIES, ordinal=True)
    texts = frame.drop_duplicates("item").set_index("item")[[*TURNS, "bot"]].to_dict("index")
    found = diagnose(panel, kinds_of_items([texts[item] for item in panel.items]), draws=300)
    assert (found.several, found.split, len(panel.again.item)) == (4052, 1154, 489)
    (cause,) = found.causes
    assert (cause.kind, panel.people[cause.person]) == ("person", "Annotator5")
    assert [SEVERITIES[place] for place in cause.labels] == [0, 1]
    assert (cause.times, cause.of, round(cause.others, 3), len(cause.items)) == (169, 1085, 0.019, 203)
    assert 0.2 < cause.low < cause.share < cause.high < 0.32
    # ten of them were read, drawn at random: docs/agreement_causes.md
    drawn = np.random.default_rng(24).choice(cause.items, 10, replace=False)
    read = {"23", "1379", "1866", "1979", "2200", "2327", "2761", "2902", "3454", "3594"}
    assert {panel.items[place] for place in drawn} == read
    assert not found.withheld
    assert found.tested["data"] > 0.2
    assert found.tested["spec"] > 0.0067  # what it would take: all tests together err in one case of 25


def test_the_first_release_has_no_people_and_says_what_it_cannot_tell(real):
    frame = pd.read_parquet(real("convabuse", "v2021_11_first_release.parquet"))
    frame["item"] = ["\0".join(row) for row in frame[TURNS].fillna("_").to_numpy().tolist()]
    panel = panel_of(frame["item"], frame["AssignmentId"], frame["severity"], labels=SEVERITIES, ordinal=True)
    found = diagnose(panel, {}, draws=50)
    assert not found.causes
    assert found.withheld["person"] == found.withheld["taste"]
    assert found.withheld["person"].startswith("12,122 people answered, and more than 60")
    assert found.withheld["data"].startswith("nobody was asked again")
    assert found.withheld["spec"].startswith("the items have no texts")


def test_sessions_without_texts_leave_nothing_to_be_told(real):
    (file,) = real("bug_fault_survey").glob("*.parquet")
    frame = pd.read_parquet(file)
    labels = ["concurrency", "memory", "other", "semantic"]
    panel = panel_of(frame["url"], frame["worker_session"], frame["label"], labels=labels, order=frame["timestamp"])
    repo = dict(zip(frame["url"], frame["repo"], strict=True))
    found = diagnose(panel, kinds_of_items([{"repo": repo[url]} for url in panel.items]), draws=50)
    assert (len(panel.people), found.several, found.split, found.causes) == (51, 141, 79, ())
    assert found.withheld == {
        "taste": "0 people answered 30 items or more, and camps need 8",
        "person": "nobody answered 30 items with two others",
        "data": "nobody was asked again; about 50 answers on 20 items are needed",
    }
