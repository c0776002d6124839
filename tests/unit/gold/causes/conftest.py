"""Simulated answers with a cause that is known, as a panel."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from retrolabel.gold.causes.panel import panel_of
from retrolabel.simulation.people import people_who_disagree

LABELS = ("billing", "delay", "other", "praise")


class Asked:
    """Items of one of four labels, a fifth of which mention a refund, and some words that mean nothing."""

    def __init__(self, seed, n=300):
        rng = np.random.default_rng(seed)
        self.ids = [f"i{at:03}" for at in range(n)]
        self.truth = pd.DataFrame({"item_id": self.ids, "label": rng.choice(LABELS, n)})
        self.refund = rng.random(n) < 0.3
        self.refunds = {each for each, here in zip(self.ids, self.refund, strict=True) if here}
        self._words = {f"comment has w{at}": rng.random(n) < rng.uniform(0.03, 0.4) for at in range(60)}
        self.seed = seed

    def panel(self, *planted, people=3, **more):
        said = people_who_disagree(
            self.truth, labels=LABELS, people=people, planted=planted, seed=self.seed, **{"slips": 0.05, **more}
        )
        return panel_of(said["item_id"], said["annotator"], said["label"], labels=LABELS, order=said["round"])

    @property
    def conditions(self):
        return {**self._words, "comment has refund": self.refund}


@pytest.fixture
def asked():
    """A function that returns 300 items, by seed."""
    return Asked
