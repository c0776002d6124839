"""Choosing a label model, comparing them and asking why, as a person or a script does it."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace

import pytest

NAMES = ["label_model", "majority_vote", "weighted_vote", "dawid_skene", "snorkel", "auto"]
MEANT = {"thank you so much": "good", "this is wrong": "bad", "I ASKED FOR PYTHON": "bad", "perfect": "good"}
SAID = [*MEANT, "no idea"]
THIRD = """\
from labeling_functions.mood.schema.v1 import BAD, GOOD
from retrolabel import keywords

thanks = keywords(GOOD, ["thank"], column="comment")
likes = keywords(GOOD, ["perfect", "so much"], column="comment")
wrong = keywords(BAD, ["wrong"], column="comment")
asked = keywords(BAD, ["asked", "this is"], column="comment")
"""


@pytest.fixture
def judged(run, project, write):
    """A project of 240 items with gold on a random hundred, relabelled."""
    rows = [f"{n},2026-02-{1 + n % 28:02d}T08:00:00Z,{SAID[n % 5]}" for n in range(240)]
    write("feedback.csv", "item_id,created_at,comment\n" + "\n".join(rows) + "\n")
    write("labeling_functions/mood/wording.py", THIRD)
    assert run("ingest", "feedback.csv", "--source", "chat").code == 0
    write("gold.csv", "item_id,label\n" + "".join(f"{n},{MEANT.get(SAID[n % 5], 'bad')}\n" for n in range(100)))
    words = ("gold", "import", "mood", "gold.csv", "--source", "chat", "--role", "dev", "--sampling", "random")
    assert run(*words).code == 0
    assert run("relabel", "mood").code == 0
    return project


@pytest.fixture
def narrow(run, monkeypatch):
    """Run a command that thinks that it writes to a terminal of 80 columns."""
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("FORCE_COLOR", "1")

    def go(*words):
        done = run(*words)
        plain = replace(done, out=re.sub(r"\x1b\[[0-9;]*m", "", done.out))
        assert max(map(len, plain.out.splitlines()), default=0) <= 80
        return plain

    return go


def test_compare_prints_all_models_the_ceiling_and_what_to_do(narrow, judged):
    done = narrow("compare", "mood")
    assert (done.code, done.err) == (0, "")
    for name in ("label_model + gold", "weighted_vote + gold", "auto + gold", "auto", "dawid_skene", "pattern oracle"):
        assert f"\n{name} " in done.out
    assert "retrolabel relabel mood --label-model weighted_vote" in "".join(done.out.splitlines()[-3:])
    assert "note: 20 of 100 gold items have no vote, and judge no model" in done.out


def test_compare_as_json_names_figures_ceiling_and_recommendation(run, judged):
    found = run("compare", "mood", "--json").json
    assert found["gold"] == {"judged": 80, "fitted": 100}
    ours = found["label_models"]["label_model + gold"]
    assert ours["low"] <= ours["accuracy"] <= ours["high"]
    assert ours["brier_low"] <= ours["brier"] <= ours["brier_high"]
    assert set(found["ceiling"]) == {"pattern oracle", "oracle, item left out"}
    assert found["recommendation"]["default"] == "label_model + gold"
    assert found["recommendation"]["enough"] is True
    assert set(found["recommendation"]["differences"]["majority_vote"]) == {"log_loss", "brier", "accuracy"}


def test_compare_calls_and_stores_nothing(run, judged, state):
    before = state()
    assert run("compare", "mood").code == 0
    assert state() == before


def test_compare_says_to_relabel_first(run, project):
    done = run("compare", "mood")
    assert done.code == 1
    assert "are not stored yet" in done.err
    assert "Fix: retrolabel relabel mood" in done.err


def test_compare_says_to_import_gold_first(run, project):
    assert run("relabel", "mood").code == 0
    done = run("compare", "mood", "--json")
    assert done.code == 1
    assert done.json["error"]["type"] == "GoldError"
    assert "gold import mood" in done.err


def test_compare_by_something_else_is_refused(run, judged):
    done = run("compare", "mood", "--by", "acuracy")
    assert done.code == 1
    assert "Did you mean 'accuracy'?" in done.err
    assert run("compare", "mood", "--by", "accuracy", "--json").json["recommendation"]["by"] == "accuracy"


@pytest.mark.parametrize("name", NAMES)
def test_a_relabel_takes_each_label_model_by_its_name(run, judged, name):
    if name == "snorkel":
        pytest.importorskip("snorkel")
    done = run("relabel", "mood", "--label-model", name, "--json")
    assert done.code == 0, done.err
    assert done.json["label_model"]["name"] == name


def test_an_unknown_label_model_is_refused_with_the_names_that_there_are(run, judged):
    for words in (("relabel", "mood"), ("plan", "mood")):
        done = run(*words, "--label-model", "weighted_votes")
        assert done.code == 1
        assert "Did you mean 'weighted_vote'? Known: " + ", ".join(NAMES) in done.err


def test_the_settings_may_say_auto(run, judged, write):
    write("retrolabel.toml", 'store = ".retrolabel"\ntracking = false\nlabel_model = "auto"\n')
    done = run("relabel", "mood")
    assert done.code == 0
    (line,) = [line for line in done.out.splitlines() if "auto took" in line]
    assert "log-loss on held-out gold is " in line
    assert all(f"{name} 0." in line for name in ("label_model", "weighted_vote", "dawid_skene", "majority_vote"))
    learned = run("relabel", "mood", "--json").json["label_model"]["learned"]
    assert learned["chosen"] in ("label_model", "majority_vote", "weighted_vote", "dawid_skene")


def test_auto_without_gold_says_that_it_could_not_choose(run, project):
    done = run("relabel", "mood", "--label-model", "auto")
    assert "auto took label_model: too little random dev gold to choose by" in done.out


def test_settings_with_an_unknown_label_model_are_refused(run, judged, write):
    write("retrolabel.toml", 'store = ".retrolabel"\nlabel_model = "best"\n')
    done = run("relabel", "mood")
    assert done.code == 1
    assert "There is no label model 'best'." in done.err
    assert "label_model in the settings" in done.err


def test_explain_says_which_vote_moved_an_item(narrow, judged):
    done = narrow("explain", "mood", "0", "--source", "chat")
    assert (done.code, done.err) == (0, "")
    assert "chat/0: good   good " in done.out
    assert "\nthanks " in done.out
    assert "\nlikes " in done.out


def test_explain_as_json_adds_up_and_names_what_would_be_without(run, judged):
    (found,) = run("explain", "mood", "0", "--source", "chat", "--json").json["items"]
    told = {term["term"]: term for term in found["terms"]}
    gap = sum(term["nats"]["good"] - term["nats"]["bad"] for term in found["terms"])
    good, bad = found["probabilities"]["good"], found["probabilities"]["bad"]
    assert 2.718281828459045**gap == pytest.approx(good / bad)
    assert told["thanks"]["without_it"]["good"] < good


def test_explain_takes_all_sources_that_have_the_item(run, judged):
    found = run("explain", "mood", "0", "--json").json["items"]
    assert sorted(item["source"] for item in found) == ["chat", "web"]


def test_explain_of_an_item_without_votes_says_so(run, judged):
    done = run("explain", "mood", "4", "--source", "chat")
    assert done.code == 0
    assert "No labeling function voted on it" in done.out


def test_explain_of_majority_vote_says_what_the_terms_are(run, judged):
    run("relabel", "mood", "--label-model", "majority_vote")
    assert "the terms do not add up" in run("explain", "mood", "0", "--source", "chat").out.replace("\n", " ")


@pytest.mark.parametrize(
    ("words", "told"),
    [(("0000",), "has no item '0000'"), (("0", "--set", "nope"), "no label set with 'nope'"),
     (("0", "--source", "mail"), "has no item '0' of mail")],
)  # fmt: skip
def test_explain_refuses_what_is_not_there(run, judged, words, told):
    done = run("explain", "mood", *words)
    assert done.code == 1
    assert told in done.err
    assert "Fix: " in done.err


def test_explain_of_a_task_that_is_not_there_is_refused(run, judged):
    done = run("explain", "moot", "0")
    assert done.code == 1
    assert "Did you mean 'mood'?" in done.err


def test_lf_summary_tells_what_was_learned(run, judged, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    done = run("lf", "summary", "mood")
    assert "What the label model learned (label set " in done.out
    assert "Dev gold without each" not in done.out
    found = run("lf", "summary", "mood", "--json").json
    thanks = next(lf for lf in found["lfs"] if lf["lf"] == "thanks")["learned"]
    (vote,) = thanks["votes"]
    assert vote["vote"] == "good"
    assert vote["low"] < vote["precision"] < vote["high"]
    assert 0 < thanks["weight"] <= 1
    assert isinstance(thanks["repeats"], list)
    assert "without" not in found["lfs"][0]


def test_lf_summary_without_each_tells_what_gold_becomes(run, judged):
    done = run("lf", "summary", "mood", "--without-each")
    assert "Dev gold without each" in done.out
    found = run("lf", "summary", "mood", "--without-each", "--json").json
    assert found["with_all"]["change"] == 0
    for lf in found["lfs"]:
        assert lf["without"]["change"] == pytest.approx(lf["without"]["accuracy"] - found["with_all"]["accuracy"])
    change = {lf["lf"]: lf["without"]["change"] for lf in found["lfs"]}
    lines = done.out.partition("Dev gold without each")[2].splitlines()
    names = [name for line in lines for name in [line.partition(" ")[0]] if name in ("(all)", *change)]
    assert names[0] == "(all)"
    told = [change[name] for name in names[1:]]
    assert len(told) == len(change)
    assert told == sorted(told, reverse=True) != told[::-1]  # the most missed comes last


def test_lf_summary_before_a_relabel_says_when_more_is_known(run, project):
    done = run("lf", "summary", "mood")
    assert done.code == 0
    assert "What the label model learned of each: after retrolabel relabel mood" in done.out
    assert "label_set" not in json.loads(run("lf", "summary", "mood", "--json").out)


@pytest.mark.parametrize("command", [("compare",), ("explain",), ("lf", "summary")])
def test_help_shows_an_example(run, command):
    done = run(*command, "--help")
    assert done.code == 0
    assert f"Example: retrolabel {' '.join(command)} issue_type" in " ".join(done.out.split())


V2 = """
from labeling_functions.mood.schema.{v1} import SCHEMA as V1
from retrolabel import Label, LabelSchema, Split, keywords

GOOD, BAD = V1.labels
SLOW, WRONG = Label("slow", "Too slow."), Label("wrong", "Not true.")
SCHEMA = LabelSchema(
    task="mood", version="2.0.0", revises=V1, labels=[GOOD, SLOW, WRONG], steps=[Split(BAD, into=[SLOW, WRONG])]
)
"""


def test_after_a_bump_guesses_old_gold_and_the_version_are_told(run, judged, write):
    bumped(judged, write)
    found = run("relabel", "mood", "--no-tracking", "--json").json["label_set"]
    assert found["guessed"] > 0
    out = run("relabel", "mood", "--no-tracking").out
    assert f"{found['guessed']:,} items have votes for several labels alone: they get none, and their set is in" in out
    assert re.search(rf"^\(no label: guessed\) +{found['guessed']:,} ", out, re.MULTILINE)
    assert re.search(r"dev: right on 1\.000 \[.*\] of 40 judged \(none of them slow, wrong\), of 100 gold items", out)
    assert "dev: 60 of 100 gold items leave several labels: accuracy is not over them" in out
    assert "dev: accuracy says nothing of slow, wrong: no gold item is one of them alone" in out
    assert "dev: bad of 1.0.0 is several labels now; of its 60 gold items " in out
    summary = run("lf", "summary", "mood").out
    assert re.search(r"^thanks .* 100\.0% +84%-100% +20 +100\.0% +20 .* good$", summary, re.MULTILINE)
    assert re.search(r"^asked .* - +0 +100\.0% +40 .* slow \| wrong$", summary, re.MULTILINE)
    back = run("relabel", "mood", "--to", "1.0.0", "--no-tracking").out
    assert "note: 1.0.0 is not the newest version (2.0.0)" in back
    told = run("labels", "export", "mood", "latest", "--format", "csv", "--out", "labels.csv").out
    assert "(mood 1.0.0) -> labels.csv" in told


def bumped(judged, write):
    """Split bad in slow and wrong, with a labeling function for slow."""
    (v1,) = (judged / "labeling_functions/mood/schema").glob("v1*.py")
    write("labeling_functions/mood/schema/v2.py", V2.format(v1=v1.stem))
    write(
        "labeling_functions/mood/slowness.py",
        "from labeling_functions.mood.schema.v2 import SLOW\nfrom retrolabel import keywords\n"
        "says_slow = keywords(SLOW, ['python'], column='comment')\n",
    )


def exported(run, judged):
    assert run("labels", "export", "mood", "--format", "csv", "--out", "labels.csv", "--force").code == 0
    with (judged / "labels.csv").open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def test_after_a_bump_all_gold_is_fitted_and_a_guess_is_exported_with_its_set_and_without_a_label(run, judged, write):
    before = {row["item_id"]: row["label"] for row in exported(run, judged) if row["source"] == "chat"}
    bumped(judged, write)
    found = run("relabel", "mood", "--no-tracking", "--json").json
    assert found["gold"]["dev"]["cross_fitted"] == 100
    assert found["gold"]["dev"]["of"] == 100
    assert found["gold"]["dev"]["labels_without_gold"] == ["slow", "wrong"]
    rows = exported(run, judged)
    assert list(rows[0])[-5:] == ["covered", "partial", "guessed", "schema_version", "label_set"]
    guessed = [row for row in rows if row["guessed"].lower() == "true"]
    assert len(guessed) == found["label_set"]["guessed"] > 0
    assert {(row["label"], row["partial"]) for row in guessed} == {("", "slow|wrong")}
    of_chat = [row for row in guessed if row["source"] == "chat"]
    assert {before[row["item_id"]] for row in of_chat} == {"bad"}
    shown = run("labels", "show", "mood", "--item", f"chat/{of_chat[0]['item_id']}", "--json").json["items"][0]
    assert (shown["label"], shown["guessed"], shown["partial"]) == (None, True, ["slow", "wrong"])


def test_a_task_may_ask_for_the_likeliest_label_and_the_items_are_still_called_guessed(run, judged, write):
    bumped(judged, write)
    without = run("relabel", "mood", "--no-tracking", "--json").json["label_set"]
    write("retrolabel.toml", 'tracking = false\n[tasks.mood]\nguesses = "label"\n')
    done = run("relabel", "mood", "--no-tracking")
    assert 'they get the likeliest (guesses = "label" in the settings)' in done.out
    assert "(no label: guessed)" not in done.out
    rows = [row for row in exported(run, judged) if row["guessed"].lower() == "true"]
    assert len(rows) == without["guessed"]
    assert {row["label"] for row in rows} <= {"slow", "wrong"}
    after = run("relabel", "mood", "--no-tracking", "--json").json["label_set"]
    assert after["id"] != without["id"]
    assert after["labelled"] == without["labelled"] + without["guessed"]


def test_a_task_may_ask_for_no_label_below_a_probability(run, judged, write):
    write("retrolabel.toml", "tracking = false\n[tasks.mood]\nabstain_below = 1.0\n")
    done = run("relabel", "mood", "--no-tracking", "--json").json["label_set"]
    assert (done["labelled"], done["covered"] > 0) == (0, True)
    told = run("relabel", "mood", "--no-tracking").out
    assert re.search(rf"^\(no label: tied or unsure\) +{done['covered']:,} ", told, re.MULTILINE)


@pytest.mark.parametrize("line", ['guesses = "maybe"', "abstain_below = 1.5", "guess = 1"])
def test_a_setting_of_guesses_that_says_nothing_is_refused_with_its_name(run, judged, write, line):
    write("retrolabel.toml", f"[tasks.mood]\n{line}\n")
    done = run("relabel", "mood")
    assert done.code == 1
    assert line.split()[0] in done.err
    assert "Traceback" not in done.err


def test_a_relabel_is_compared_with_the_label_set_before_on_the_items_that_both_are_judged_on(run, judged, write):
    first = run("labels", "list", "mood", "--json").json["label_sets"][0]["id"]
    bumped(judged, write)
    told = run("relabel", "mood", "--no-tracking").out
    assert re.search(
        rf"on the \d+ dev gold items with a label here and in {first[:12]} \(1\.0\.0\), in the labels of 1\.0\.0:", told
    )
    assert re.search(r"right on 1\.000 before, 1\.000 now: \+0\.000 \[-0\.\d+, \+0\.\d+\]", told)
    back = run("relabel", "mood", "--to", "1.0.0", "--no-tracking", "--json").json
    assert back["before"]["schema"] == "2.0.0"
