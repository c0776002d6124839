"""Gold sets: one role, one version, a hash; and what a schema change costs them."""

from __future__ import annotations

import pytest

from retrolabel.gold.adjudication import HumanLabel
from retrolabel.gold.deciding import Adjudication
from retrolabel.jobs.gold.sets import gold_sets, migration_costs
from retrolabel.schema.history import History
from retrolabel.schema.labels import Label
from retrolabel.schema.steps import Remove, Split
from retrolabel.schema.versions import LabelSchema

V1 = LabelSchema(task="t", version="1.0.0", labels=[Label("good"), Label("bad"), Label("junk")])
V2 = LabelSchema(
    task="t",
    version="2.0.0",
    revises=V1,
    labels=[Label("good"), Label("slow"), Label("wrong")],
    steps=[Split("bad", into=["slow", "wrong"]), Remove("junk")],
)
HISTORY = History([V1, V2])


class Nothing:
    """A book of feedback that knows no text."""

    def revisions(self, source, ids):  # noqa: ARG002
        return {}


def said(n, label, version="1.0.0", role="dev", **more):
    return HumanLabel("web", str(n), "ana", label, version, role, **more)


LABELS = [
    *(said(n, "good") for n in range(40)),
    *(said(n, "bad") for n in range(40, 70)),
    *(said(n, "junk") for n in range(70, 75)),
    *(said(n, "slow", "2.0.0") for n in range(40, 50)),
    *(said(n, "good", role="test") for n in range(100, 110)),
]


def sets(version="2.0.0", labels=LABELS):
    return gold_sets(HISTORY, version, labels, Nothing(), how=Adjudication())


def test_a_gold_set_is_of_one_role_and_one_version():
    found = sets()
    assert {role: (each.role, each.version, len(each.sets)) for role, each in found.items()} == {
        "dev": ("dev", "2.0.0", 70),
        "test": ("test", "2.0.0", 10),
    }
    assert "honeypot" in sets(labels=[said(0, "good", role="honeypot")])


def test_the_hash_is_of_what_gold_says_and_of_nothing_else():
    dev = sets()["dev"].hash
    assert sets(labels=LABELS[::-1])["dev"].hash == dev
    assert sets(labels=[*LABELS, said(200, "good", role="test")])["dev"].hash == dev
    assert sets("1.0.0")["dev"].hash != dev
    assert sets(labels=[*LABELS, said(200, "good")])["dev"].hash != dev
    assert sets(labels=[*LABELS, said(50, "slow", "2.0.0")])["dev"].hash != dev
    drawn = [said(n, "good", batch=1, inclusion=0.5) for n in range(40)]
    assert sets(labels=[*drawn, *LABELS[40:]])["dev"].hash != dev


def test_a_split_and_a_removal_cost_what_they_cost():
    dev, test = migration_costs(HISTORY, "2.0.0", LABELS, Nothing(), how=Adjudication())
    assert (dev.role, dev.exact_before, dev.exact_after, dev.several, dev.lost) == ("dev", 75, 50, 20, 5)
    assert {each.label: (each.before, each.after) for each in dev.labels} == {
        "bad": (30, None),
        "junk": (5, None),
        "good": (40, 40),
        "slow": (None, 10),
        "wrong": (None, 0),
    }
    widths = {each.label: (each.width_before, each.width_after) for each in dev.labels}
    assert widths["good"] == (pytest.approx(0.2961, abs=1e-4), pytest.approx(0.2961, abs=1e-4))
    assert widths["slow"] == (None, pytest.approx(0.5268, abs=1e-4))
    assert widths["wrong"] == (None, None)
    assert (test.exact_before, test.exact_after) == (10, 10)


def test_the_first_version_cost_nothing():
    assert migration_costs(HISTORY, "1.0.0", LABELS, Nothing(), how=Adjudication()) == ()


def test_near_copies_of_test_items_are_in_no_dev_set():
    labels = [said(0, "good", near_test=True), said(1, "good"), said(2, "good", role="test")]
    found = sets(labels=labels)
    assert (sorted(found["dev"].sets), found["dev"].near_test) == ([("web", "1")], 1)
