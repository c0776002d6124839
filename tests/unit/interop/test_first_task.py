"""A first schema is in the user's words: ids are made of them, and they stay names and spellings."""

from __future__ import annotations

import pytest

from retrolabel.errors import InputError
from retrolabel.interop.column_choice import renamed_all
from retrolabel.interop.first_look import look_at
from retrolabel.interop.first_task import labels_of, schema_text, task_name


def test_labels_become_identifiers_and_keep_their_spelling():
    labels = labels_of(["Feature Request", "Übel", "1 star", "class", "好", "Schema"])
    assert [(each.id, each.constant, each.spelled) for each in labels] == [
        ("feature_request", "FEATURE_REQUEST", ("Feature Request",)),
        ("uebel", "UEBEL", ("Übel",)),
        ("1_star", "L_1_STAR", ("1 star",)),
        ("class", "CLASS", ()),
        ("label_5", "LABEL_5", ("好",)),
        ("schema", "SCHEMA_", ("Schema",)),
    ]


def test_two_labels_that_come_to_one_id_are_refused_together():
    with pytest.raises(InputError) as caught:
        labels_of(["a b", "a_b", "cannot tell", "x"])
    assert [problem.where for problem in caught.value.problems] == ["'a b' and 'a_b'", "'cannot tell'"]


def test_spellings_of_one_label_in_a_column_are_merged_as_they_are_stored():
    bug, _ = labels_of(["Bug", "bug ", "wish", "cannot tell"], merge=True)
    assert (bug.id, bug.name, bug.spelled) == ("bug", "Bug", ("Bug", "bug "))


def test_one_label_is_no_question():
    with pytest.raises(InputError, match="only 'a' is named"):
        labels_of(["a"])


def test_the_schema_says_what_is_still_to_write_and_passes_as_it_is():
    made: dict = {}
    exec(schema_text("kind", labels_of(["Good", "bad"]), "review"), made)  # noqa: S102 - the text that is tested
    assert made["SCHEMA"].spellings() == {"Good": "good", "good": "good", "bad": "bad"}
    assert made["GOOD"].definition == "The review is a case of: Good."


def test_a_task_is_called_by_what_is_asked():
    assert [task_name(each) for each in ("Review Kind", "label", "2nd", "class_")] == [
        "review_kind",
        "kind",
        "task_2nd",
        "kind",
    ]


def test_columns_that_no_labeling_function_can_read_get_names_of_their_own():
    assert renamed_all(["id", "Review Text", "review-text", "class", "Größe", "x"], {}) == {
        "Review Text": "review_text",
        "review-text": "review_text_2",
        "class": "c_class",
        "Größe": "groesse",
        "x": "c_x",
    }


def write(folder, content):
    path = folder / "f.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_times_of_one_reading_are_found_and_of_two_are_said(tmp_path):
    one = look_at(write(tmp_path, "id,when,t\n1,28.03.2024,a b\n2,01.04.2024,c d\n"))
    assert (one.time, one.time_format, one.days) == ("when", "%d.%m.%Y", ("2024-03-28", "2024-04-01"))
    two = look_at(write(tmp_path, "id,when,t\n1,02-03-2024,a b\n2,03-04-2024,c d\n"))
    assert (two.time, two.two_days) == ("", ("when", "%d-%m-%Y", "%m-%d-%Y"))


def test_a_column_of_times_with_gaps_is_none(tmp_path):
    assert look_at(write(tmp_path, "id,when,t\n1,2024-03-28,a b\n2,,c d\n")).time == ""


def test_what_may_be_labels_is_not_counted_in_rows_of_a_test(tmp_path):
    rows = "".join(f"{n},text {n},{'bug' if n % 2 else 'wish'},{'test' if n < 4 else 'train'}\n" for n in range(12))
    look = look_at(write(tmp_path, "id,t,label,split\n" + rows))
    assert look.column("label").counts == {"wish": 4, "bug": 4}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("id,t\n", "names its columns and has no rows"),
        ("1,It crashes all the time\n2,x\n", "looks like an item"),
        ("t\nsch\xf6n\n".encode("latin-1"), "No row of f.csv can be read"),
    ],
)
def test_a_file_without_rows_or_names_is_refused_with_what_helps(tmp_path, content, told):
    with pytest.raises(InputError, match=told) as caught:
        look_at(write(tmp_path, content))
    assert caught.value.remedy
