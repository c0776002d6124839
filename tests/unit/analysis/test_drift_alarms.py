"""What alarms say: figures, what follows, and the command to type next."""

from __future__ import annotations

import pytest

from retrolabel.analysis.drift_alarms import MOST_WORDS, Found, alarms_of


def found(kind, told, *, column="", before=0.1, now=0.2, p=0.01, medians=None):
    return Found(kind, column, told, (before, now, now - 0.05, now + 0.05, 5.0 if now > before else -5.0, p), medians)


def test_an_alarm_of_a_labeling_function_says_figures_consequence_and_where_to_look():
    (alarm,) = alarms_of([found("labeling function", "says_slow -> bad")], "mood", "2026-06-01")
    assert alarm.told == (
        "says_slow -> bad votes on 20.0 % [15.0 %, 25.0 %], after 10.0 %; weeks that are exchanged show as much in"
        " 1.0 % of the ways. So what it looks for is more frequent, or other things match too: its accuracy on old gold"
        " may not hold."
    )
    assert alarm.next == "retrolabel lf show mood:says_slow"
    assert alarm.key == "2026-06-01/labeling function/says_slow -> bad"


@pytest.mark.parametrize(
    ("share", "command"),
    [
        (found("label", "bad"), "retrolabel gold sample mood"),
        (found("label", "(no label)"), "retrolabel lf summary mood"),
        (found("source", "web"), "retrolabel report mood"),
        (found("length", "missing", column="comment"), "retrolabel lf summary mood"),
        (found("length", "91 characters or more", column="comment", medians=(80, 160)), "retrolabel gold sample mood"),
        (found("words", "aurora", column="comment"), "retrolabel gold sample mood"),
    ],
)
def test_every_kind_of_alarm_names_a_command_and_a_consequence(share, command):
    (alarm,) = alarms_of([share], "mood", "2026-06-01")
    assert alarm.next == command
    assert ". So " in alarm.told


def test_the_words_of_a_column_are_one_alarm_that_names_the_most_surprising():
    words = [found("words", f"w{place}", column="comment", p=0.001 * (place + 1)) for place in range(10)]
    (alarm,) = alarms_of(words, "mood", "2026-06-01")
    assert len(alarm.look_at) == MOST_WORDS
    assert alarm.look_at[0] == "w0 10.0 % -> 20.0 %"
    assert "and 2 words more" in alarm.told


def test_lengths_of_a_column_are_one_alarm_with_the_median_before_and_now():
    lengths = [found("length", f"{n} characters or more", column="comment", medians=(80.2, 161)) for n in (91, 108)]
    (alarm,) = alarms_of(lengths, "mood", "2026-06-01")
    assert "half have at most about 161, after 80" in alarm.told


def test_the_most_surprising_alarm_comes_first():
    alarms = alarms_of([found("label", "a", p=0.03), found("label", "b", p=0.001)], "mood", "2026-06-01")
    assert [alarm.what for alarm in alarms] == ["b", "a"]


def test_a_share_that_shrank_has_another_consequence():
    (grew,), (shrank,) = (alarms_of([found("label", "a", now=now)], "mood", "d") for now in (0.2, 0.05))
    assert "takes other things for it" in grew.told
    assert "may miss new wording" in shrank.told
