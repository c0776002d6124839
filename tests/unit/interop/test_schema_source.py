"""The file of the next version: whatever is asked and whatever labels say, Python reads it back as it was meant."""

from __future__ import annotations

import itertools
import sys
import types

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrolabel.errors import SchemaError, UnknownLabelError
from retrolabel.interop.schema_source import TODO, Wish, file_name, next_schema, schema_source
from retrolabel.schema.changes import deserved_bump, given_bump
from retrolabel.schema.fingerprints import fingerprints
from retrolabel.schema.history import History
from retrolabel.schema.labels import Label
from retrolabel.schema.relations import step_relation
from retrolabel.schema.rules import AgreementTarget, AtLeastOne, AtMostOne, Implies
from retrolabel.schema.steps import Add, Merge, Redefine, Remove, Rescale, Split
from retrolabel.schema.versions import LabelSchema
from tests.laws import law

PROPERTY = law(60, slow=True)
GOOD, BAD = Label("good", "It helped.", hotkey="g"), Label("bad", "It did not.", aliases=["b!"])
V1 = LabelSchema(task="thumbs", version="1.2.0", labels=[GOOD, BAD], reason="First.")
numbers = itertools.count()


def module_of(schema, **names):
    """Return (module, name of the schema, label id -> name), of a module that holds a version and its labels."""
    module = types.ModuleType(f"written_for_a_test_{next(numbers)}")
    module.SCHEMA = schema
    for name, label in names.items():
        setattr(module, name, label)
    sys.modules[module.__name__] = module
    return module.__name__, "SCHEMA", {label.id: name for name, label in names.items()}


def read_back(schema, modules):
    """Return the version that the written source makes."""
    text = schema_source(schema, modules)
    space: dict[str, object] = {}
    try:
        exec(compile(text, "written.py", "exec"), space)  # noqa: S102 - our own source
    finally:
        for name, _, _ in modules.values():
            del sys.modules[name]
    return space["SCHEMA"], text


def written(wish, parent=V1, **names):
    return read_back(next_schema(parent, wish), {parent.version: module_of(parent, **names)})


def same(one, other):
    """Whether two versions are the same to the last letter, and not only by what they mean."""
    shown = (
        "id", "definition", "include", "exclude", "examples", "name", "aliases", "owner", "hotkey", "rank", "parent",
        "status",
    )  # fmt: skip
    labels = [[tuple(getattr(label, name) for name in shown) for label in each.labels] for each in (one, other)]
    more = ("task", "version", "scale", "reason", "guidelines", "constraints", "agreement")
    return (
        labels[0] == labels[1]
        and fingerprints(one) == fingerprints(other)
        and all(getattr(one, name) == getattr(other, name) for name in more)
    )


# next_schema -----------------------------------------------------------------------------------------

WISHES = {
    "split": (Wish(split={"bad": ["slow", "wrong"]}), "2.0.0", ("good", "slow", "wrong")),
    "merge": (Wish(merge={"any": ["good", "bad"]}, add={"none": []}), "2.0.0", ("any", "none")),
    "add": (Wish(add={"meh": []}), "1.3.0", ("good", "bad", "meh")),
    "carve": (Wish(add={"meh": ["bad"]}), "2.0.0", ("good", "bad", "meh")),
    "remove": (Wish(remove={"bad": []}, add={"meh": []}), "2.0.0", ("good", "meh")),
    "redefine": (Wish(redefine={"bad": "wider"}), "2.0.0", ("good", "bad")),
    "rename": (Wish(rename={"bad": "Bad"}), "1.2.1", ("good", "bad")),
}


@pytest.mark.parametrize("case", WISHES)
def test_a_wish_becomes_a_version_with_the_least_number_it_deserves(case):
    wish, number, ids = WISHES[case]
    made = next_schema(V1, wish)
    assert (made.version, made.ids, made.revises) == (number, ids, V1)


@pytest.mark.parametrize("case", WISHES)
def test_what_a_wish_becomes_reads_back_the_same(case):
    wish, _, _ = WISHES[case]
    made = next_schema(V1, wish)
    again, text = written(wish, GOOD=GOOD, BAD=BAD)
    assert (again.version, again.ids, again.steps) == (made.version, made.ids, made.steps)
    assert fingerprints(again)["meaning"] == fingerprints(made)["meaning"]
    assert text.endswith(")\n")


def test_labels_that_stay_keep_everything_and_come_first():
    made = next_schema(V1, Wish(add={"meh": []}))
    assert made.labels[:2] == (GOOD, BAD)
    assert (made.labels[1].aliases, made.labels[0].hotkey) == (("b!",), "g")
    assert made.labels[2].definition == TODO


def test_an_own_number_is_taken_as_it_is():
    assert next_schema(V1, Wish(add={"meh": []}), "4.5.6").version == "4.5.6"


def test_nothing_asked_for_is_refused():
    with pytest.raises(SchemaError, match="Nothing was asked for"):
        next_schema(V1, Wish(reason="Because."))


@pytest.mark.parametrize("name", ["split", "remove", "redefine", "rename"])
def test_a_label_that_does_not_exist_is_refused_with_the_nearest(name):
    wishes = {"split": ["a", "b"], "remove": [], "redefine": "wider", "rename": "Bad"}
    with pytest.raises(UnknownLabelError, match="Did you mean 'bad'"):
        next_schema(V1, Wish(**{name: {"bda": wishes[name]}}))


def test_a_label_that_is_removed_and_split_at_once_is_refused():
    with pytest.raises(SchemaError) as caught:
        next_schema(V1, Wish(remove={"bad": []}, split={"bad": ["slow", "wrong"]}))
    assert [problem.what for problem in caught.value.problems] == ["is moved by 2 steps"]


def test_a_redefined_label_shows_what_it_said():
    (_, bad) = next_schema(V1, Wish(redefine={"bad": "wider"})).labels
    assert bad.definition == f"{TODO} It said: It did not."


def test_rules_agreement_guidelines_and_scale_are_kept():
    labels = [Label(name, name) for name in ("joy", "fear", "calm")]
    rules = [AtMostOne(["fear", "calm"]), AtLeastOne(["joy", "fear", "calm"]), Implies(["fear", "joy"])]
    parent = LabelSchema(
        task="mood", version="1.0.0", scale="multilabel", labels=labels, constraints=rules,
        agreement=AgreementTarget("kappa", 0.61, minimum_n=50), guidelines="Read.\n\nThink.\n",
    )  # fmt: skip
    again, _ = written(Wish(add={"hope": []}, reason="It was missing."), parent)
    assert (again.constraints, again.agreement, again.guidelines, again.scale) == (
        tuple(rules), AgreementTarget("kappa", 0.61, minimum_n=50), "Read.\n\nThink.\n", "multilabel",
    )  # fmt: skip


def test_restored_labels_are_what_they_were():
    any_ = Label("any", "Both.")
    two = LabelSchema(task="thumbs", version="2.0.0", revises=V1, labels=[any_, Label("none", "n")],
                      steps=[Merge([GOOD, BAD], into=any_), Add("none")])  # fmt: skip
    made = next_schema(two, Wish(split={"any": ["good", "bad"]}, restores="1.2.0"))
    assert {label.id: label for label in made.labels}["bad"].aliases == ("b!",)
    assert made.label("good") == GOOD
    again, text = written(Wish(split={"any": ["good", "bad"]}, restores="1.2.0", reason="Back."), two)
    assert again.steps == (Split("any", into=["good", "bad"], restores="1.2.0"),)
    assert TODO not in text


def test_an_added_label_that_went_comes_back_as_what_it_was():
    gone = LabelSchema(task="thumbs", version="2.0.0", revises=V1, labels=[GOOD, Label("none", "n")],
                       steps=[Remove("bad"), Add("none")])  # fmt: skip
    with pytest.raises(SchemaError) as caught:
        next_schema(gone, Wish(add={"bad": []}))
    assert "restores=" in caught.value.problems[0].remedy
    again, text = written(Wish(add={"bad": []}, restores="1.2.0", reason="Back."), gone)
    assert again.steps == (Add("bad", restores="1.2.0"),)
    assert 'restores="1.2.0")' in text
    both = next_schema(gone, Wish(split={"none": ["x", "y"]}, add={"bad": [], "new": []}, restores="1.2.0"))
    assert both.steps[1:] == (Add("bad", restores="1.2.0"), Add("new"))


# schema_source -----------------------------------------------------------------------------------------


def test_labels_that_did_not_change_are_imported_and_gone_ones_stand_by_their_id():
    _, text = written(Wish(split={"bad": ["slow", "wrong"]}, reason="Teams."), YES=GOOD, NO=BAD)
    assert "import SCHEMA as V1_2_0, YES\n" in text
    assert 'Split("bad", into=[SLOW, WRONG])' in text
    assert "NO" not in text.split()


@pytest.mark.parametrize("edit", [{"name": "Good"}, {"owner": "core"}, {"hotkey": "x"}, {"aliases": ["g"]},
                                  {"status": "deprecated"}])  # fmt: skip
def test_a_label_of_which_people_see_something_else_is_written_out(edit):
    changed = Label("good", "It helped.", **{"hotkey": "g", **edit})
    made = LabelSchema(task="thumbs", version="1.2.1", revises=V1, labels=[changed, BAD], reason="Names.")
    again, text = read_back(made, {"1.2.0": module_of(V1, GOOD=GOOD, BAD=BAD)})
    assert same(again, made)
    assert "GOOD = Label(" in text


STEPS = {
    "split": ([GOOD, Label("a"), Label("b")], [Split("bad", into=["a", "b"])]),
    "merge": ([Label("a"), Label("b")], [Merge(["good", "bad"], into="a"), Add("b")]),
    "add": ([GOOD, BAD, Label("a")], [Add("a", carved_from=["good", "bad"])]),
    "remove": ([GOOD, Label("a")], [Remove("bad", maps_to=["good", "a"]), Add("a")]),
    "redefine": ([GOOD, Label("bad", "Other.")], [Redefine("bad", "shifted")]),
}


@pytest.mark.parametrize("case", STEPS)
def test_every_step_is_written_so_that_it_reads_back(case):
    labels, steps = STEPS[case]
    made = LabelSchema(task="thumbs", version="2.0.0", revises=V1, labels=labels, steps=steps, reason="So.")
    again, _ = read_back(made, {"1.2.0": module_of(V1, GOOD=GOOD, BAD=BAD)})
    assert again.steps == made.steps
    assert same(again, made)


def test_a_rescale_reads_back():
    low, high = Label("low", "l", rank=0), Label("high", "h", rank=1)
    one = LabelSchema(task="scale", version="1.0.0", scale="ordinal", labels=[low, high])
    points = [Label(name, name, rank=rank) for rank, name in enumerate(["none", "some", "much"])]
    step = Rescale({"low": points[:2], "high": points[1:]})
    made = LabelSchema(task="scale", version="2.0.0", scale="ordinal", revises=one, labels=points, steps=[step],
                       reason="Finer.")  # fmt: skip
    again, _ = read_back(made, {"1.0.0": module_of(one)})
    assert same(again, made)
    assert again.steps == (step,)


def test_a_merge_of_branches_reads_back():
    one_label, other_label = Label("a", "a"), Label("b", "b")
    one = LabelSchema(task="thumbs", version="1.3.0", revises=V1, labels=[GOOD, BAD, one_label], steps=[Add("a")])
    other = LabelSchema(task="thumbs", version="1.4.0", revises=V1, labels=[GOOD, BAD, other_label], steps=[Add("b")])
    made = LabelSchema(task="thumbs", version="1.5.0", revises=[one, other], reason="One line.",
                       labels=[GOOD, BAD, one_label, other_label])  # fmt: skip
    again, text = read_back(
        made, {"1.3.0": module_of(one, A=one_label), "1.4.0": module_of(other, B=other_label, GOOD=GOOD)}
    )
    assert same(again, made)
    assert "revises=[V1_3_0, V1_4_0]" in text


def test_labels_of_one_name_in_two_modules_are_not_confused():
    one_label, other_label = Label("a", "a"), Label("b", "b")
    one = LabelSchema(task="thumbs", version="1.3.0", revises=V1, labels=[GOOD, BAD, one_label], steps=[Add("a")])
    other = LabelSchema(task="thumbs", version="1.4.0", revises=V1, labels=[GOOD, BAD, other_label], steps=[Add("b")])
    made = LabelSchema(task="thumbs", version="1.5.0", revises=[one, other], reason="One line.",
                       labels=[GOOD, BAD, one_label, other_label])  # fmt: skip
    again, _ = read_back(made, {"1.3.0": module_of(one, NEW=one_label), "1.4.0": module_of(other, NEW=other_label)})
    assert same(again, made)


@pytest.mark.parametrize("name", ["V1_2_0", "Add", "SPAM"])
def test_a_label_that_bears_a_name_which_the_file_needs_is_not_confused_with_it(name):
    again, _ = written(Wish(add={"spam": []}, reason="It comes in."), **{name: GOOD, "BAD": BAD})
    assert again.ids == ("good", "bad", "spam")
    assert again.labels[0] == GOOD


IDS = [
    "a.b",
    "a-b",
    "A.B",
    "a_b",
    "None",
    "True",
    "import",
    "SCHEMA",
    "Label",
    "V1_2_0",
    "1",
    "1.0",
    "x-",
    "Add",
    "TODO",
]


def test_ids_that_are_no_names_become_names_of_their_own():
    again, text = written(Wish(split={"bad": IDS}, reason="All."), GOOD=GOOD)
    assert again.ids == ("good", *IDS)
    assert again.steps == (Split("bad", into=IDS),)
    assert text.count("= Label(") == len(IDS)


@PROPERTY
@given(
    ids=st.lists(st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,6}", fullmatch=True), min_size=1, max_size=6, unique=True)
)
def test_any_ids_read_back(ids):
    new = [each for each in ids if each not in (*V1.ids, "cannot_tell")] or ["x"]
    again, _ = written(Wish(add={each: [] for each in new}, reason="More."), GOOD=GOOD, BAD=BAD)
    assert again.ids == ("good", "bad", *new)


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=30) | st.sampled_from(
    [
        '"',
        '""',
        '"""',
        "'''",
        "\\",
        "\\\\",
        '\\"',
        '"\n',
        '\n"',
        '\n"""',
        "\\\n",
        "a\nb\\",
        "\\N{x}\n",
        "{x} %s",
        "\x00\n",
    ]
)


@PROPERTY
@given(definition=TEXTS, cases=st.lists(TEXTS, max_size=3), shown=TEXTS)
def test_labels_that_say_anything_read_back(definition, cases, shown):
    label = Label("new", definition, include=cases, exclude=cases, examples=cases, aliases=[f"x{shown}"], name=shown,
                  owner=shown, hotkey=shown)  # fmt: skip
    made = LabelSchema(task="thumbs", version="1.3.0", revises=V1, labels=[GOOD, BAD, label], steps=[Add("new")],
                       reason="It was missing.")  # fmt: skip
    assert same(read_back(made, {"1.2.0": module_of(V1, GOOD=GOOD, BAD=BAD)})[0], made)


@PROPERTY
@given(reason=TEXTS.filter(str.strip))
def test_a_reason_that_says_anything_reads_back(reason):
    made = next_schema(V1, Wish(add={"new": []}, reason=reason))
    assert read_back(made, {"1.2.0": module_of(V1, GOOD=GOOD, BAD=BAD)})[0].reason == reason


@PROPERTY
@given(guidelines=TEXTS)
def test_guidelines_that_say_anything_read_back(guidelines):
    parent = LabelSchema(task="thumbs", version="1.2.0", labels=[GOOD, BAD], guidelines=guidelines)
    again, _ = written(Wish(add={"new": []}, reason="It was missing."), parent, GOOD=GOOD, BAD=BAD)
    assert again.guidelines == guidelines


@pytest.mark.parametrize("guidelines", ["a\r\nb", "a\rb\n", "\r\n"])
def test_line_ends_of_another_system_in_guidelines_read_back(guidelines, tmp_path):
    """Python turns them into plain newlines where they stand in a file as they are."""
    parent = LabelSchema(task="thumbs", version="1.2.0", labels=[GOOD, BAD], guidelines=guidelines)
    text = schema_source(next_schema(parent, Wish(add={"new": []})), {"1.2.0": ("nowhere", "SCHEMA", {})})
    path = tmp_path / "written.py"
    path.write_text(text, encoding="utf-8", newline="")
    assert "\r" not in path.read_bytes().decode("utf-8")


# Any wish ------------------------------------------------------------------------------------------------

FRESH = ["p", "q", "r", "s-t", "u.v"]


@st.composite
def wishes(draw, parent):
    """Something that somebody might ask for: labels that exist, and new ones; sense is not asked for."""
    old, new = st.sampled_from(parent.ids), st.sampled_from(FRESH) | st.sampled_from(parent.ids)
    several = st.lists(new, min_size=1, max_size=3, unique=True)
    directions = st.sampled_from(["narrower", "wider", "shifted"])

    kinds = {
        "split": (old, several),
        "merge": (new, st.lists(old, min_size=1, max_size=3, unique=True)),
        "add": (new, st.lists(old, max_size=1)),
        "remove": (old, st.lists(st.sampled_from(parent.ids), max_size=2, unique=True)),
        "redefine": (old, directions),
        "rename": (old, st.sampled_from(["Good", "Bad"])),
        "rescale": (old, several),
    }
    asked = draw(st.lists(st.sampled_from(sorted(kinds)), min_size=1, max_size=2, unique=True))
    wish = {kind: draw(st.dictionaries(*kinds[kind], min_size=1, max_size=2)) for kind in asked}
    versions = st.sampled_from([each.version for each in parent.lineage()])
    restores = draw(st.none() | versions) if "split" in asked else None
    return Wish(**wish, restores=restores, reason="Somebody asked for p, q, r, good and bad.")


@law(200, slow=True)
@given(data=st.data(), scale=st.sampled_from(["nominal", "ordinal", "multilabel"]))
def test_whatever_is_asked_is_refused_or_becomes_a_version_that_reads_back_with_the_bump_it_deserves(data, scale):
    labels = [Label(name, name, rank=rank if scale == "ordinal" else None) for rank, name in enumerate(["a", "b", "c"])]
    parent = LabelSchema(task="any", version="1.0.0", scale=scale, labels=labels)
    for _ in range(3):
        try:
            made = next_schema(parent, data.draw(wishes(parent)))
        except SchemaError:
            continue
        assert deserved_bump(step_relation(made, parent), parent, made) in (given_bump(parent, made), "none")
        theirs = {f"N{place}": label for place, label in enumerate(parent.labels)}
        again, _ = read_back(made, {parent.version: module_of(parent, **theirs)})
        assert same(again, made)
        History([*made.lineage()])
        parent = made


# file_name -----------------------------------------------------------------------------------------------

NAMES = {
    "split": (Wish(split={"bad": ["a", "b"]}), "v2_split_bad.py"),
    "merge": (Wish(merge={"any.Thing": ["good", "bad"]}, add={"x": []}), "v2_merge_into_any_thing.py"),
    "add": (Wish(add={"so-so": []}), "v1_3_add_so_so.py"),
    "rename": (Wish(rename={"bad": "Bad"}), "v1_2_1_rename_bad.py"),
    "several": (Wish(redefine={"bad": "wider"}, add={"x": []}), "v2_add_x.py"),
}


@pytest.mark.parametrize("case", NAMES)
def test_a_file_is_named_by_its_number_and_by_what_it_does_first(case):
    wish, name = NAMES[case]
    assert file_name(next_schema(V1, wish), wish) == name


@PROPERTY
@given(label=st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,12}", fullmatch=True))
def test_a_file_can_be_imported_whatever_the_label_is_called(label):
    wish = Wish(add={label if label not in V1.ids else "x": []})
    name = file_name(next_schema(V1, wish), wish) if label != "cannot_tell" else "v1.py"
    assert name.endswith(".py")
    assert name.removesuffix(".py").isidentifier()
