"""Programs for Snorkel on real data, as they are and with the imports' prefix replaced; `make conformance` in small."""

from __future__ import annotations

import re

import numpy as np
import pytest

from tests.conformance.tutorials_twice import IMPORT, NAMES, PROGRAMS, differences, run, with_prefix

pytestmark = [pytest.mark.real]
SIZES = {"spam": 400, "questions": 600, "crowd": 150}
NOT_WORSE = 0.04
"""How far below Snorkel's an accuracy may lie on so few items; over all of them ours is not below it."""


@pytest.mark.parametrize("name", NAMES)
def test_only_the_prefix_of_imports_is_replaced(name):
    source = (PROGRAMS / f"{name}.py").read_text(encoding="utf-8")
    changed = [
        (before, after)
        for before, after in zip(source.splitlines(), with_prefix(source).splitlines(), strict=True)
        if before != after
    ]
    assert len(changed) == len(IMPORT.findall(source)) >= 3
    for before, after in changed:
        assert re.fullmatch(r"from snorkel\..* import .*", before)
        assert after == before.replace("from snorkel.", "from retrolabel.interop.snorkel.", 1)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_program_gives_the_same_votes_and_no_worse_labels(name, real, tmp_path):
    pytest.importorskip("snorkel.labeling")
    data = real("ws_youtube").parent
    theirs, _ = run(name, data, tmp_path, ours=False, seeds=[0], items=SIZES[name])
    ours, _ = run(name, data, tmp_path, ours=True, seeds=[0], items=SIZES[name])
    assert differences(theirs, ours) == []
    assert (theirs["votes"] >= 0).any()
    for what in ("majority vote", "label model"):
        assert np.mean(ours[what]) >= np.mean(theirs[what]) - NOT_WORSE, what
    assert np.mean(ours["label model"]) > 0.7


def test_a_program_whose_votes_differ_would_be_found(real, tmp_path):
    pytest.importorskip("snorkel.labeling")
    ours, _ = run("crowd", real("ws_youtube").parent, tmp_path, ours=True, seeds=[0], items=30)
    other = {**ours, "votes": np.where(ours["votes"] == 0, 1, ours["votes"]), "summary": ours["summary"].iloc[1:]}
    assert [each.partition(":")[0] for each in differences(ours, other)] == ["votes", "summary"]
