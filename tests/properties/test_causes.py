"""Whatever changed between two label sets: the causes add up to all flips, and labelling again gives the labels."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from retrolabel.analysis.label_changes import Kind, Said
from retrolabel.gold.deciding import MAJORITY
from retrolabel.jobs.label_sets.causes import between, find_causes
from retrolabel.jobs.label_sets.fitting import model_for
from retrolabel.jobs.label_sets.gold_then import GoldThen
from retrolabel.jobs.label_sets.joining import Joined
from retrolabel.jobs.label_sets.worlds import Worlds, lf_pairs
from retrolabel.jobs.ports.progress import Silence
from retrolabel.label_models.deciding import Deciding, decide
from retrolabel.label_models.label_model import LabelModel
from retrolabel.label_models.majority import MajorityVote
from retrolabel.schema.history import History
from retrolabel.schema.labels import Label
from retrolabel.schema.steps import Split
from retrolabel.schema.versions import LabelSchema
from retrolabel.votes import VoteMatrix

GOOD, BAD, SLOW, WRONG = (Label(name) for name in ("good", "bad", "slow", "wrong"))
V1 = LabelSchema(task="mood", version="1.0.0", labels=[GOOD, BAD])
V2 = LabelSchema(
    task="mood", version="2.0.0", revises=V1, labels=[GOOD, SLOW, WRONG], steps=[Split(BAD, into=[SLOW, WRONG])]
)
HISTORY = History([V1, V2])
READ = {
    "1.0.0": {"good": {"good"}, "bad": {"bad"}, "slow": {"bad"}, "wrong": {"bad"}},
    "2.0.0": {"good": {"good"}, "bad": {"slow", "wrong"}, "slow": {"slow"}, "wrong": {"wrong"}},
}
NAMES = ("a", "b", "c", "d", "e", "f")


@dataclass(eq=False)
class InMemory:
    """A label set that was never written: what a comparison reads of one."""

    version: str
    keys: dict[str, str]
    cast: np.ndarray
    """For each of its items and LFs the stored vote, or nothing."""
    model: object
    deciding: Deciding
    votes: VoteMatrix = field(init=False)
    said: Said = field(init=False)
    pattern: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        labels = HISTORY[self.version].leaves
        rows = [[self._places(text, labels) for text in row] for row in self.cast.tolist()]
        patterns = VoteMatrix.from_sets(rows, labels=labels, voters=list(self.keys)).patterns()
        self.pattern = patterns.inverse
        self.votes = VoteMatrix(patterns.codes, labels, patterns.symbols, patterns.voters)
        model = model_for(HISTORY[self.version], self.model)
        self.settings = model.settings()
        plain = patterns.without_items()
        found = decide(plain, model.fit(plain).predict_proba(plain), self.deciding)
        self.said = Said.of(found.label, found.guessed, found.partial)
        self.labels = labels
        self.sets = [frozenset(labels[place] for place in symbol) for symbol in self.votes.symbols]
        self.inputs = {"segments": [], "gold": None}

    def _places(self, text, labels):
        return {labels.index(each) for each in READ[self.version][text]} if text else None

    def column(self, lf):
        return self.votes.codes[:, list(self.keys).index(lf)].astype(np.int64)

    def says(self, lf):  # each declares what it casts
        column = list(self.keys).index(lf)
        texts = {text for text in self.cast[:, column].tolist() if text}
        return {text: frozenset(READ[self.version][text]) for text in texts}


@st.composite
def worlds(draw):
    """Two label sets of random votes: LFs edited, added, removed; a step; another label model; items of one alone."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    versions = draw(st.sampled_from([("1.0.0", "1.0.0"), ("1.0.0", "2.0.0"), ("2.0.0", "1.0.0"), ("2.0.0", "2.0.0")]))
    both, gone, new, revised = (draw(st.integers(low, high)) for low, high in ((1, 40), (0, 5), (0, 15), (0, 4)))
    of = {"1.0.0": ["", "", "good", "bad"], "2.0.0": ["", "", "good", "slow", "wrong", "bad"]}
    texts, later = (np.array(of[version], object) for version in versions)
    total = both + revised
    cast = {name: rng.choice(texts, total + gone) for name in NAMES}
    before = [name for name in NAMES if rng.random() < 0.7]
    after = [name for name in NAMES if rng.random() < 0.7]
    edited = {name for name in before if name in after and rng.random() < 0.4}
    now = {}
    for name in after:
        again = name in edited or name not in before
        column = rng.choice(later, total) if again else cast[name][:total].copy()
        column[both:] = rng.choice(later, revised) if name in before and not again else column[both:]
        now[name] = np.concatenate([column, rng.choice(later, new)])
    models = [LabelModel(), LabelModel(shrinkage=0.2), MajorityVote()]
    deciding = [Deciding(), Deciding("label"), Deciding("none", 0.7)]
    sides = []
    for version, names, columns in ((versions[0], before, cast), (versions[1], after, now)):
        keys = {name: f"{name}{name in edited and columns is now}" for name in names}
        rows = len(next(iter(columns.values()))) if columns is cast else total + new
        table = np.array([columns[name][:rows] for name in names]).T.reshape(rows, len(names))
        sides.append(InMemory(version, keys, table, draw(st.sampled_from(models)), draw(st.sampled_from(deciding))))
    first = np.concatenate([sides[0].pattern[:total], np.full(new, -1), sides[0].pattern[total:]])
    second = np.concatenate([sides[1].pattern[:total], sides[1].pattern[total:], np.full(gone, -1)])
    is_revised = np.zeros(len(first), bool)
    is_revised[both:total] = True
    joined = Joined(first, second, is_revised, np.ones(len(first), np.int64), ())
    gold = GoldThen(HISTORY, MAJORITY, ([], []), ({}, {}))
    return Worlds(sides[0], sides[1], joined, lf_pairs(sides[0].keys, sides[1].keys), HISTORY, gold)


@settings(max_examples=60, deadline=None)
@given(worlds())
def test_causes_add_up_to_all_changed_labels(between_them):
    joined, after = between_them.joined, between_them.after
    then, now = between_them.before.said.take(joined.first), after.said.take(joined.second)
    kinds = between(between_them, after.version).kinds(then, now)
    changed = joined.both & (kinds != Kind.SAME)
    found = find_causes(between_them, kinds, Silence(), pairs=3)
    assert sum(found.items.values(), Fraction(0)) == int(changed.sum())
    by_row = sum(found.by_row.values(), np.zeros(len(kinds)))
    assert np.allclose(by_row, changed)
    assert not [cause for cause in found.items if cause.startswith("not known: ") and "votes are gone" not in cause]
