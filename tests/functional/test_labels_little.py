"""What is said where labeling functions vote on little, and where little gold judges them."""

from __future__ import annotations

FEW = """\
from labeling_functions.mood.schema.v1 import GOOD
from retrolabel import keywords

sings = keywords(GOOD, ["perfect"], column="comment")
"""


def alone(project, write):
    for module in (project / "labeling_functions/mood").glob("*.py"):
        module.unlink()
    write("labeling_functions/mood/__init__.py", "")
    write("labeling_functions/mood/few.py", FEW)


def test_a_label_set_that_labels_little_says_what_helps(run, project, write):
    alone(project, write)
    said = run("relabel", "mood").out
    assert "Most items have no vote: retrolabel lf gaps mood groups them; lf suggest finds words." in said
    (task,) = run("status", "mood", "--json").json["tasks"]
    line = next(each for each in task["lines"] if each["what"] == "current")
    assert line["state"] == "note"
    assert line["told"].endswith("8 of 40 items have a label; most have none (lf gaps mood)")


def test_of_few_gold_items_nobody_is_told_what_each_adds(run, project, write):
    alone(project, write)
    write("gold.csv", "item_id,label\n4,good\n9,bad\n14,good\n")
    words = ("gold", "import", "mood", "gold.csv", "--source", "web", "--role", "dev", "--sampling", "random")
    assert run(*words).code == 0
    relabelled = run("relabel", "mood").out
    assert "log-loss" not in relabelled
    assert "3 judged gold items are few" in relabelled
    said = run("lf", "summary", "mood").out
    assert "adds: of 3 covered items of dev gold nobody can say what each adds" in said
    assert "points of accuracy" not in said
