"""What the run of Snorkel's own tests says of a known difference: it may stay, and neither grow nor go away."""

from __future__ import annotations

import pytest

from tests.conformance import snorkels_own_tests
from tests.conformance.snorkels_own_tests import KNOWN, LEFT_OUT, Difference, Redirection, report, verdict

NAME, KNOWN_UP_TO = "SomeTest::test_some_share", 0.09


@pytest.fixture
def ran(monkeypatch):
    """A function that returns what came of a run in which one test has a known difference."""
    monkeypatch.setattr(snorkels_own_tests, "KNOWN", {NAME: Difference("share", "it is so", KNOWN_UP_TO)})

    def go(outcome, figures):
        plugin = Redirection()
        plugin.collected = {*LEFT_OUT, NAME, "Other::test"}
        plugin.outcomes = {"Other::test": "passed", NAME: outcome}
        plugin.figures = {NAME: figures} if figures else {}
        return plugin

    return go


def test_a_known_difference_is_told_with_both_figures_and_is_no_failure(ran, tmp_path):
    plugin = ran("failed", (0.085, 0.06))
    told = "\n".join(report(tmp_path, plugin, [], {NAME: (0.048, 0.06)}))
    assert verdict(plugin) == 0
    assert "1 pass, 0 fail, 1 known difference, 0 skipped" in told
    assert "0.085 here, 0.048 with Snorkel's own; it wants less than 0.06" in " ".join(told.split())


@pytest.mark.parametrize(
    ("outcome", "figures"),
    [
        ("failed", (0.091, 0.06)),  # it grew
        ("failed", (0.03, 0.06)),  # it fails by something else than its figure
        ("failed", None),  # it fails before there is a figure
        ("passed", (0.03, 0.06)),  # there is no difference any more: the table is to say so
    ],
)
def test_what_is_not_the_known_difference_fails_the_run(ran, outcome, figures):
    assert verdict(ran(outcome, figures)) == 1


def test_another_test_that_fails_is_no_known_difference(ran):
    plugin = ran("failed", (0.085, 0.06))
    plugin.outcomes["Other::test"] = "failed"
    plugin.outcomes["Third::test"] = "passed"
    assert (plugin.failed, verdict(plugin)) == (["Other::test"], 1)


def test_no_test_is_both_known_and_left_out():
    assert KNOWN
    assert set(KNOWN).isdisjoint(LEFT_OUT)
