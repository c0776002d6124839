"""``retrolabel lf suggest``: words that speak for a label, judged by other gold, as a file that switches nothing on."""

from __future__ import annotations

import shutil

import pytest

import retrolabel
from retrolabel.discovery.folders import discover
from tests.functional.conftest import forget
from tests.functional.test_lf_new_and_test import formatted

NAMES = [a + b + c for a in "bdfgk" for b in "aeiou" for c in "lmnprst"]
SAYS = {
    "bad": ["the {} freezes when I open it", "it lags, then the {} freezes", "this is wrong, says {}"],
    "good": ["the {} is quick", "quick and smooth, my {}", "thank you {}"],
}
ITEMS = [
    (n, "bad" if n % 2 else "good", SAYS["bad" if n % 2 else "good"][n // 2 % 3].format(NAMES[n % len(NAMES)]))
    for n in range(420)
]
ODD = {7: "good", 9: "good", 21: "good", 51: "good"}
"""Items that people call otherwise than the rest of their kind."""


def rows(items, columns="item_id,created_at,comment"):
    return f"{columns}\n" + "".join(f'{n},2026-02-{1 + n % 28:02d},"{text}"\n' for n, _, text in items)


def gold(items):
    return "item_id,label\n" + "".join(f"{n},{ODD.get(n, label)}\n" for n, label, _ in items)


@pytest.fixture
def imports(run, write):
    """A function that imports gold of a role on some items."""

    def go(items, role="dev", source="chat", *more):
        write(f"{role}.csv", gold(items))
        done = run("gold", "import", "mood", f"{role}.csv", "--source", source, "--role", role,
                   "--sampling", "random" if role == "dev" else "other", *more)  # fmt: skip
        assert done.code == 0, done.err

    return go


@pytest.fixture
def chats(run, write, once):
    """A project with 420 items and no gold."""

    def build():
        assert run("init", ".", "--task", "mood").code == 0
        write("retrolabel.toml", 'store = ".retrolabel"\ntracking = false\n')
        write("feedback.csv", rows(ITEMS))
        assert run("ingest", "feedback.csv", "--source", "chat").code == 0

    return once("mood_chats", build)


@pytest.fixture
def judged(run, chats, imports, once):
    """That project with dev gold on 300 items, and a label set."""

    def build():
        imports(ITEMS[:300])
        assert run("relabel", "mood").code == 0

    return once("mood_judged_chats", build)


def by_first_word(done):
    assert done.code == 0, done.err
    return {each["terms"][0]: each for each in done.json["suggestions"]}


def test_words_are_shown_with_what_they_are_worth_and_where_they_stand(run, judged):
    done = run("lf", "suggest", "mood")
    assert done.code == 0, done.err
    assert "looked at comment of 420 items, none of them with test gold" in done.out
    assert "says_freezes -> bad: freezes" in done.out
    assert "  of the " in done.out
    assert "better than chance" in done.out
    assert "is [quick]" in done.out
    assert "Next: retrolabel lf suggest mood --write suggested.py" in done.out
    assert "not stored" not in done.out


def test_what_is_there_already_is_not_suggested_and_what_gold_says_otherwise_is_shown_as_wrong(run, judged):
    found = run("lf", "suggest", "mood", "--json", "--show", "9").json
    words = {term for each in found["suggestions"] for term in each["terms"]}
    assert {"freezes", "quick"} <= words
    assert not {"wrong", "thank you", "thank"} & words
    freezes = next(each for each in found["suggestions"] if "freezes" in each["terms"])
    assert freezes["state"] == "holds"
    assert (freezes["hits"], freezes["new"], freezes["precision"]["of"]) == (140, 140, freezes["precision"]["of"])
    verdicts = {each["item_id"]: (each["verdict"], each["gold"]) for each in freezes["items"]}
    wrong = {item for item, (verdict, _) in verdicts.items() if verdict == "wrong"}
    assert wrong <= {str(n) for n in ODD}
    assert len(wrong) == freezes["precision"]["of"] - freezes["precision"]["right"] > 0
    assert all(int(item) < 300 for item, (verdict, _) in verdicts.items() if verdict)
    assert all(int(item) >= 300 for item, (verdict, _) in verdicts.items() if not verdict)
    assert freezes["items"][0]["words"][0]["text"] == "freezes"
    gold_ = found["gold"]
    assert (found["chosen_by"]["what"], gold_["items"]) == ("half of the gold", 300)
    assert found["chosen_by"]["items"] + gold_["judging"] == 300


def test_one_label_alone_and_a_limit(run, judged):
    found = run("lf", "suggest", "mood", "--label", "good", "--limit", "1", "--json").json
    assert [each["label"] for each in found["suggestions"]] == ["good"]
    done = run("lf", "suggest", "mood", "--label", "godo")
    assert (done.code, "Did you mean 'good'?" in done.err) == (1, True)
    done = run("lf", "suggest", "mood", "--column", "coment")
    assert (done.code, "Did you mean 'comment'?" in done.err) == (1, True)


def test_nothing_that_test_gold_says_or_is_on_is_looked_at(run, judged, imports):
    def suggested():
        found = run("lf", "suggest", "mood", "--json", "--show", "500").json
        return found, {each["item_id"] for one in found["suggestions"] for each in one["items"]}

    imports(ITEMS[300:360], "test")
    first, shown = suggested()
    assert first["items"] == 360
    assert not shown & {str(n) for n in range(300, 360)}
    assert shown & {str(n) for n in range(360, 420)}
    imports([(n, "good" if label == "bad" else "bad", text) for n, label, text in ITEMS[300:360]], "test")
    assert suggested()[0] == first


def test_a_file_switches_nothing_on_until_it_is_moved(run, judged):
    before = run("plan", "mood", "--json").json
    done = run("lf", "suggest", "mood", "--write", "suggested.py", "--limit", "2")
    assert done.code == 0, done.err
    assert "suggested.py: 2 labeling functions, and none of them votes while it lies there." in done.out
    assert formatted(judged / "suggested.py")
    text = (judged / "suggested.py").read_text(encoding="utf-8")
    assert "# right on " in text
    assert run("plan", "mood", "--json").json == before
    hits = {each["name"]: each["hits"] for each in run("lf", "suggest", "mood", "--json").json["suggestions"][:2]}
    shutil.move(judged / "suggested.py", judged / "labeling_functions/mood/suggested.py")
    assert run("lf", "test", "mood").code == 0
    forget()
    assert hits.keys() <= {lf.name for lf in discover(judged, "mood").lfs}
    assert run("relabel", "mood").code == 0
    summary = {each["lf"]: each for each in run("lf", "summary", "mood", "--json").json["lfs"]}
    assert {name: round(summary[name]["coverage"] * 420) for name in hits} == hits
    left = {each["name"] for each in run("lf", "suggest", "mood", "--json").json["suggestions"]}
    assert not hits.keys() & left


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("labeling_functions/mood/more.py", "would vote at the next relabel"),
        ("labeling_functions/more.py", "would vote at the next relabel"),
        ("suggested.txt", "--write suggested.py"),
        ("feedback.py", "is there already"),
        ("nowhere/suggested.py", "There is no folder nowhere"),
    ],
)
def test_a_file_that_would_be_switched_on_or_overwritten_is_refused(run, judged, write, path, told):
    write("feedback.py", "")
    done = run("lf", "suggest", "mood", "--write", path)
    assert done.code == 1
    assert told in done.err
    assert "Fix: " in done.err
    assert (judged / "feedback.py").read_text() == ""
    assert not (judged / "labeling_functions/mood/more.py").exists()


def test_with_nothing_to_go_by_it_says_so_and_what_to_type(run, chats):
    done = run("lf", "suggest", "mood")
    assert done.code == 0, done.err
    assert "mood: no suggestion" in done.out
    assert "mood has neither dev gold nor a label set that is sure of anything." in done.out
    assert "retrolabel relabel mood makes a label set; retrolabel gold sample mood --for dev --n 200" in done.out
    assert run("gold", "sample", "mood", "--for", "dev", "--n", "200").code == 0
    assert run("lf", "suggest", "mood", "--json").json["suggestions"] == []
    done = run("lf", "suggest", "mood", "--write", "suggested.py")
    assert (done.code, "nothing to write" in done.err) == (1, True)


def test_without_gold_a_label_set_chooses_and_nothing_is_judged(run, chats, write):
    wording = (chats / "labeling_functions/mood/wording.py").read_text()
    write("labeling_functions/mood/wording.py", wording.replace("perfect", "smooth").replace("useless", "lags"))
    assert run("relabel", "mood").code == 0
    found = run("lf", "suggest", "mood", "--json").json
    assert found["chosen_by"]["what"] == "a label set"
    assert found["chosen_by"]["label_set"]
    assert {each["state"] for each in found["suggestions"]} == {"unchecked"}
    assert {each["precision"]["value"] for each in found["suggestions"]} == {None}
    words = {each["label"]: each["terms"] for each in found["suggestions"]}
    assert "freezes" in words["bad"]
    assert "quick" in words["good"]
    done = run("lf", "suggest", "mood")
    assert "of which it is sure (p >= 0.75)" in done.out
    assert "nothing here was judged: there is no dev gold" in done.out
    assert "never judged" in done.out


def test_a_little_gold_chooses_and_judges_nothing(run, chats, imports):
    imports(ITEMS[:18])
    done = run("lf", "suggest", "mood")
    assert "words were chosen by all dev gold (18 items), so none is left to judge them" in done.out
    assert "nothing here was judged: 18 items with dev gold of one label, and 20 are needed" in done.out
    assert "votes of 3 labeling functions that are not stored were worked out" in done.out
    assert {each["state"] for each in run("lf", "suggest", "mood", "--json").json["suggestions"]} == {"unchecked"}


def test_gold_that_leaves_several_labels_chooses_nothing_and_judges_nothing(run, judged):
    assert run("schema", "new", "mood", "--split", "bad=slow,mistaken", "--reason", "Two teams.").code == 0
    done = run("lf", "suggest", "mood", "--json")
    assert done.code == 0, done.err
    found = done.json
    assert {each["label"] for each in found["suggestions"]} <= {"good"}
    several = sum(ODD.get(n, label) == "bad" for n, label, _ in ITEMS[:300])
    assert f"{several} items with dev gold of several labels choose nothing, and judge nothing" in found["notes"]
    assert found["gold"]["items"] == 300 - several


def test_words_of_several_columns_become_a_function_that_reads_them_all(run, chats, write, imports):
    both = [(n, label, f'{text}","' if n % 4 < 2 else f'","{text}') for n, label, text in ITEMS]
    write("both.csv", rows(both, "item_id,created_at,title,body"))
    assert run("ingest", "both.csv", "--source", "mail").code == 0
    write("retrolabel.toml", 'store = ".retrolabel"\ntracking = false\n[tasks.mood]\nsources = ["mail"]\n')
    (chats / "labeling_functions/mood/wording.py").unlink()
    imports(ITEMS[:300], "dev", "mail")
    found = by_first_word(run("lf", "suggest", "mood", "--json", "--write", "suggested.py"))
    assert found["freezes"]["hits"] == 140
    assert 'column=["title", "body"]' in (chats / "suggested.py").read_text()
    shutil.move(chats / "suggested.py", chats / "labeling_functions/mood/suggested.py")
    assert run("lf", "test", "mood").code == 0
    assert run("relabel", "mood").code == 0
    only = by_first_word(run("lf", "suggest", "mood", "--json", "--column", "title", "--limit", "1"))
    assert len(only) <= 1


SCRIPTS = {
    "\u5f88\u6162": ("\u8fd9\u4e2a{}\u5f88\u6162\u554a", "bad", "regex"),
    "st\u00fcrzt": ("die {} stu\u0308rzt ab", "bad", "keywords"),
    "\u597d\u7528": ("{}\u771f\u7684\u597d\u7528", "good", "regex"),
    "gr\u00fc\u00dfe": ("GR\u00dc\u00dfE an {}", "good", "keywords"),
}


def test_other_scripts_accents_and_empty_texts(run, chats, write, imports):
    kinds = list(SCRIPTS.values())
    items = [(n, kinds[n % 4][1], kinds[n % 4][0].format(NAMES[n % len(NAMES)])) for n in range(400)]
    items += [(n, "good", "") for n in range(400, 410)] + [(n, "bad", "  \n ") for n in range(410, 420)]
    write("words.csv", rows(items))
    assert run("ingest", "words.csv", "--source", "abroad").code == 0
    write("retrolabel.toml", 'store = ".retrolabel"\ntracking = false\n[tasks.mood]\nsources = ["abroad"]\n')
    imports(items, "dev", "abroad")
    done = run("lf", "suggest", "mood", "--json", "--limit", "50", "--write", "suggested.py")
    assert done.code == 0, done.err
    found = {term: each for each in done.json["suggestions"] for term in each["terms"]}
    for word, (_, label, kind) in SCRIPTS.items():
        mine = next(each for term, each in found.items() if word in term)
        assert (mine["label"], mine["kind"], mine["hits"]) == (label, kind, 100)
        assert mine["items"][0]["words"][0]["text"]
    shutil.move(chats / "suggested.py", chats / "labeling_functions/mood/suggested.py")
    assert run("lf", "test", "mood").code == 0


def test_texts_that_are_all_empty_are_a_sentence(run, chats, write, imports):
    write("empty.csv", rows([(n, label, "") for n, label, _ in ITEMS]))
    assert run("ingest", "empty.csv", "--source", "silent").code == 0
    write("retrolabel.toml", 'store = ".retrolabel"\ntracking = false\n[tasks.mood]\nsources = ["silent"]\n')
    imports(ITEMS[:300], "dev", "silent")
    done = run("lf", "suggest", "mood", "--column", "comment")
    assert done.code == 0, done.err
    assert "None of these items has a text there." in done.out
    assert "retrolabel lf suggest mood --column NAME looks elsewhere" in done.out


def test_in_python_what_is_found_can_be_tried(judged):
    forget()
    task = retrolabel.open(judged).task("mood")
    found = task.suggest_lfs(limit=2)
    assert list(found.frame.index) == [each.name for each in found]
    assert found.frame["hits"].tolist() == [len(each.found.hits) for each in found]
    tried = task.try_lf(found[0].lf)
    assert tried.measured.hits == len(found[0].found.hits)
    assert f"<b>{found[0].name}</b>" in found._repr_html_()
    assert "<mark>" in found._repr_html_()
    assert "words were chosen by one half of dev gold" in repr(found)


TREE = """
BROKEN = Label("broken", "It does not do what it should.", parent="bad")
SLOW = Label("slow", "It takes too long.", parent="bad")
"""


def test_a_label_with_others_below_it_is_refused_with_those(run, chats, write):
    schema = chats / "labeling_functions/mood/schema/v1.py"
    text = schema.read_text().replace("labels=[GOOD, BAD]", "labels=[GOOD, BAD, BROKEN, SLOW]")
    write(schema, text.replace("\nSCHEMA = ", f"{TREE}\nSCHEMA = "))
    done = run("lf", "suggest", "mood", "--label", "bad")
    assert (done.code, "--label, one of broken, slow" in done.err) == (1, True)
    assert run("lf", "suggest", "mood", "--label", "slow").code == 0


def test_a_missing_store_is_refused_with_what_makes_one(run, folder):
    assert run("init", ".", "--task", "mood").code == 0
    done = run("lf", "suggest", "mood", "--json")
    assert done.code == 1
    assert "retrolabel ingest FILE --source NAME" in done.json["error"]["remedy"]


def test_a_multilabel_task_is_refused(run, chats, write):
    schema = chats / "labeling_functions/mood/schema/v1.py"
    write(schema, schema.read_text().replace('version="1.0.0",', 'version="1.0.0",\n    scale="multilabel",'))
    done = run("lf", "suggest", "mood")
    assert (done.code, "is multilabel" in done.err) == (1, True)


def test_what_a_file_of_an_earlier_round_offers_is_not_offered_again(run, judged, folder, write):
    assert run("lf", "suggest", "mood", "--limit", "1", "--write", "first.py").code == 0
    offered = next(word for word in ("freezes", "quick") if f'"{word}"' in (folder / "first.py").read_text())
    every = by_first_word(run("lf", "suggest", "mood", "--json"))
    again = by_first_word(run("lf", "suggest", "mood", "--json", "--besides", "first.py"))
    assert offered in every
    assert offered not in again
    write("prose.py", '"""Nothing but words."""\n')
    for name, what in (("none.py", "no module that can be read"), ("prose.py", "holds no list of words")):
        done = run("lf", "suggest", "mood", "--besides", name)
        assert (done.code, what in done.err) == (1, True)
