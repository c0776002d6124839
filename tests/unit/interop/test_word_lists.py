"""The word lists that ship can be used; what is wrong in a list is told with its file and its name, all at once."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from retrolabel.errors import InputError
from retrolabel.interop.word_lists import SENTENCES, SHIPPED, SLOTS, read_words


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "word_lists"))


def edit(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def without(folder: Path, name: str, listed: str) -> None:
    """Take a list out of a file."""
    path = folder / name
    text, taken = re.subn(rf"(?ms)^{listed} = \[.*?^\]\n", "", path.read_text(encoding="utf-8"), count=1)
    assert taken == 1
    path.write_text(text, encoding="utf-8")


def problems(folder: Path) -> list[str]:
    with pytest.raises(InputError, match=re.escape(str(folder))) as raised:
        read_words(folder)
    return [str(problem) for problem in raised.value.problems]


def test_what_ships_is_read_whole() -> None:
    words = read_words()
    assert len(words.topics) == 49
    assert len({topic.product for topic in words.topics}) == 8
    assert words.topics[0].values == ("branch", "project", "organisation")
    assert words.slots.synonyms["we"][:3] == ("we", "we", "we")
    assert words.flaws.contradictions[0] == ("Yes, this is possible.", "Unfortunately, {product} can't do this.")
    assert words.answers.table.splitlines()[1] == "| --- | --- |"
    assert r"Literal \n in the text." in words.complaints["formatting"]["raw"]


def test_every_file_of_the_folder_is_read() -> None:
    assert {path.name for path in SHIPPED.iterdir()} == {f"{name}.toml" for name in (SLOTS, *SENTENCES)}


def test_a_comment_on_generation_may_be_taken_for_either_other_failure() -> None:
    comments = read_words().comments
    both = comments.ambiguous["retrieval"] + comments.ambiguous["formatting"]
    assert comments.ambiguous_on("generation") == both
    assert comments.ambiguous_on("formatting") == comments.ambiguous["formatting"]


def test_each_failure_has_at_least_sixty_complaints_and_none_is_shared() -> None:
    words = read_words()
    pools = [[line for lines in kinds.values() for line in lines] for kinds in words.complaints.values()]
    pools.append([*words.comments.praise, *words.comments.neutral])
    lines = [line for pool in pools for line in pool]
    assert min(len(pool) for pool in pools) >= 60
    assert len(set(lines)) == len(lines)


def test_a_list_that_is_missing_is_named_with_its_file(folder: Path) -> None:
    without(folder, "comments.toml", "praise")
    assert problems(folder) == ["comments.toml, praise: is missing. Fix: add a list of texts in quotes"]


def test_a_list_under_another_name_is_offered_the_missing_one(folder: Path) -> None:
    edit(folder, "complaints.toml", "stale = [", "stael = [")
    assert problems(folder) == [
        "complaints.toml, retrieval.stale: is missing. Fix: add a list of texts in quotes",
        "complaints.toml, retrieval.stael: is no list that the simulator knows. Fix: call it retrieval.stale",
    ]


def test_a_list_that_nobody_asked_for_is_refused(folder: Path) -> None:
    edit(folder, "sources.toml", "dated = [", 'poems = ["Roses are red."]\n\ndated = [')
    assert problems(folder) == [
        "sources.toml, poems: is no list that the simulator knows. Fix: take it out",
    ]


def test_a_file_that_is_missing_is_named_once(folder: Path) -> None:
    (folder / "flaws.toml").unlink()
    assert problems(folder) == ["flaws.toml: cannot be read: No such file or directory"]


def test_a_file_that_is_no_toml_is_named_with_its_line(folder: Path) -> None:
    (folder / "prompts.toml").write_text("context = [\n  How do I {task}?\n]\n", encoding="utf-8")
    (told,) = problems(folder)
    assert told.startswith("prompts.toml: is no TOML: ")
    assert "line 2" in told


def test_a_file_in_another_encoding_is_no_toml(folder: Path) -> None:
    text = (folder / "comments.toml").read_text(encoding="utf-8")
    (folder / "comments.toml").write_text(text, encoding="utf-16")
    (told,) = problems(folder)
    assert told.startswith("comments.toml: is no TOML: ")


@pytest.mark.parametrize("form", ["[]", '"Sigh."', "3", '["Sigh.", 3]', '["Sigh.", ""]', "{ a = 1 }"])
def test_a_list_holds_texts_and_at_least_one(folder: Path, form: str) -> None:
    without(folder, "comments.toml", "praise")
    edit(folder, "comments.toml", "neutral = [", f"praise = {form}\n\nneutral = [")
    assert problems(folder)[0].startswith("comments.toml, praise: is")


def test_contradictions_are_pairs(folder: Path) -> None:
    edit(folder, "flaws.toml", '["Yes, this is possible.", ', '["Yes.", "No.", ')
    (told,) = problems(folder)
    assert told.startswith("flaws.toml, contradictions: is not a list of pairs")


def test_a_slot_that_nothing_fills_is_told_with_the_nearest_one(folder: Path) -> None:
    edit(folder, "prompts.toml", '"How do I {task}?"', '"How do I {tsak}?"')
    edit(folder, "flaws.toml", "Security is important too.", "{whatever}.")
    assert problems(folder) == [
        "prompts.toml, questions.en: 'How do I {tsak}?' has the slot {tsak}, which nothing fills. Fix: write {task}",
        "flaws.toml, vague: '{whatever}.' has the slot {whatever}, which nothing fills. Fix: add it to slots.toml",
    ]


def test_a_new_synonym_fills_a_slot(folder: Path) -> None:
    edit(folder, "prompts.toml", '"How do I {task}?"', '"How the {devil} do I {task}?"')
    edit(folder, "slots.toml", "[synonyms]", '[synonyms]\ndevil = ["hell", "heck"]')
    assert read_words(folder).prompts.questions["en"][0] == "How the {devil} do I {task}?"


def test_a_brace_without_its_other_half_is_told(folder: Path) -> None:
    edit(folder, "prompts.toml", '"How do I {task}?"', '"How do I {task?"')
    (told,) = problems(folder)
    assert told.startswith("prompts.toml, questions.en: 'How do I {task?' cannot be filled: ")


def test_a_slot_in_a_list_that_is_used_as_it_stands_is_told(folder: Path) -> None:
    edit(folder, "comments.toml", '"Worse:"', '"{bot}:"')
    assert problems(folder) == [
        "comments.toml, turns: '{bot}:' has a slot, and none is filled in this list. Fix: write it without braces"
    ]


def test_without_synonyms_no_sentence_is_blamed_for_their_slots(folder: Path) -> None:
    (folder / "slots.toml").write_text('months = ["May"]\nbad_values = ["0"]\n', encoding="utf-8")
    assert problems(folder) == ["slots.toml, synonyms: is missing. Fix: add a table [synonyms] of lists"]


def test_a_topic_has_all_its_texts_and_no_others(folder: Path) -> None:
    edit(folder, "topics.toml", 'noun = "build cache"\n', "")
    edit(folder, "topics.toml", 'noun = "test shards"\n', 'noun = "test shards"\nname = "shards"\n')
    edit(folder, "topics.toml", 'values = ["allow", "ask", "deny"]', 'values = "allow"')
    assert problems(folder) == [
        "topics.toml, topic 1: lacks noun. Fix: values is a list of texts, all others are texts",
        "topics.toml, topic 2: has name, which no topic has. Fix: take it out",
        "topics.toml, topic 3: lacks values. Fix: values is a list of texts, all others are texts",
    ]


def test_a_product_has_a_second_topic_and_there_is_a_second_product(folder: Path) -> None:
    text = (folder / "topics.toml").read_text(encoding="utf-8")
    first = text.split("[[topics]]")[1]
    (folder / "topics.toml").write_text(f"[[topics]]{first}", encoding="utf-8")
    assert problems(folder) == [
        "topics.toml, topics: are all of one product. Fix: add topics of a second one",
        "topics.toml, topics: hold one of Pipelines only. Fix: add a second topic of that product",
    ]


def test_all_files_are_told_of_at_once(folder: Path) -> None:
    (folder / "topics.toml").unlink()
    without(folder, "answers.toml", "steps")
    without(folder, "slots.toml", "months")
    assert [problem.split(":")[0] for problem in problems(folder)] == [
        "slots.toml, months", "topics.toml", "answers.toml, steps",
    ]  # fmt: skip
