"""The simulator's word lists: TOML files that people edit, read and checked as one value."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

from retrolabel.errors import InputError
from retrolabel.interop.word_files import WordFile, is_lines
from retrolabel.simulation.failures import FAILURES, KINDS, MODES, TELLTALE, THUMBS
from retrolabel.simulation.prompts import FOREIGN, LANGUAGES
from retrolabel.simulation.scene import DRAWN_SLOTS, TOPIC_SLOTS
from retrolabel.simulation.words import Answers, Comments, Flaws, Prompts, SlotWords, Sources, Topic, Words

if TYPE_CHECKING:
    from collections.abc import Mapping

SHIPPED = Path(__file__).parent.parent / "simulation" / "word_lists"
"""The folder of the word lists that ship."""
SLOTS = "slots"
SENTENCES = ("topics", "prompts", "answers", "flaws", "sources", "complaints", "comments")
VALUES = "values"
_FEWEST = 2
"""Products, and topics of each: a scene has a topic next door, and one of another product."""


def read_words(folder: Path = SHIPPED) -> Words:
    """Read the word lists of a folder.

    Raises:
        InputError: A file or a list is missing or has another form, a list is not known, or a sentence has
            a slot that nothing fills; all of them at once.

    Example:
        >>> read_words().topics[0].task
        'cache dependencies between builds'
    """
    slots_file = WordFile(folder / f"{SLOTS}.toml")
    slots = _slots(slots_file)
    # Where synonyms are missing, nearly every sentence would be blamed for their slots.
    fillable = None if slots_file.problems() else TOPIC_SLOTS | DRAWN_SLOTS | slots.synonyms.keys()
    files = {name: WordFile(folder / f"{name}.toml", fillable) for name in SENTENCES}
    words = Words(
        topics=_topics(files["topics"]),
        slots=slots,
        prompts=_prompts(files["prompts"]),
        answers=_answers(files["answers"]),
        flaws=_flaws(files["flaws"]),
        sources=_sources(files["sources"]),
        complaints={failure: files["complaints"].table(failure, KINDS[failure]) for failure in FAILURES},
        comments=_comments(files["comments"]),
    )
    problems = [problem for file in (slots_file, *files.values()) for problem in file.problems()]
    if problems:
        raise InputError(
            f"The word lists in {folder} cannot be used.",
            problems=problems,
            remedy="mend these files, or install retrolabel again for those that ship",
        )
    return words


def _slots(file: WordFile) -> SlotWords:
    return SlotWords(
        months=file.words("months"),
        bad_values=file.words("bad_values"),
        synonyms={slot: file.words(f"synonyms.{slot}") for slot in file.keys("synonyms")},
    )


def _topics(file: WordFile) -> tuple[Topic, ...]:
    found = [_topic(file, number, row) for number, row in enumerate(file.rows("topics"), 1)]
    topics = tuple(topic for topic in found if topic is not None)
    if not file.problems():
        sizes = Counter(topic.product for topic in topics)
        if len(sizes) < _FEWEST:
            file.wrong("topics", "are all of one product", "add topics of a second one")
        for product in (product for product, size in sizes.items() if size < _FEWEST):
            file.wrong("topics", f"hold one of {product} only", "add a second topic of that product")
    return topics


def _topic(file: WordFile, number: int, row: Mapping[str, object]) -> Topic | None:
    """Return a topic, if nothing is wrong with it; its texts are used as they stand, braces and all."""
    names = [field.name for field in fields(Topic)]
    texts = {name: text for name in names if name != VALUES and isinstance(text := row.get(name), str) and text}
    values = row.get(VALUES)
    lacking = [name for name in names if name not in texts and not (name == VALUES and is_lines(values))]
    unknown = sorted(row.keys() - set(names))
    if lacking:
        file.wrong(
            f"topic {number}", f"lacks {', '.join(lacking)}", f"{VALUES} is a list of texts, all others are texts"
        )
    if unknown:
        file.wrong(f"topic {number}", f"has {', '.join(unknown)}, which no topic has", "take it out")
    return Topic(**texts, values=tuple(values)) if is_lines(values) and not (lacking or unknown) else None


def _prompts(file: WordFile) -> Prompts:
    return Prompts(questions=file.table("questions", LANGUAGES), context=file.sentences("context"))


def _answers(file: WordFile) -> Answers:
    return Answers(
        openings=file.sentences("openings"),
        steps=file.sentences("steps"),
        details=file.sentences("details"),
        cautions=file.sentences("cautions"),
        closings=file.sentences("closings"),
        snippets=file.sentences("snippets"),
        table=file.sentence("table"),
        foreign=file.table("foreign", FOREIGN),
    )


def _flaws(file: WordFile) -> Flaws:
    return Flaws(
        refusals=file.sentences("refusals"),
        vague=file.sentences("vague"),
        contradictions=file.pairs("contradictions"),
        broken_tables=file.sentences("broken_tables"),
        broken_code=file.sentences("broken_code"),
        tells=file.table("tells", sorted(TELLTALE)),
    )


def _sources(file: WordFile) -> Sources:
    return Sources(dated=file.sentences("dated"), cited=file.sentences("cited"))


def _comments(file: WordFile) -> Comments:
    return Comments(
        praise=file.sentences("praise"),
        neutral=file.sentences("neutral"),
        generic=file.sentences("generic"),
        unrelated=file.sentences("unrelated"),
        context=file.sentences("context"),
        quibbles=file.sentences("quibbles"),
        turns=file.words("turns"),
        asides=file.words("asides"),
        openers=file.words("openers"),
        closers=file.words("closers"),
        terse={thumbs: file.words(f"terse.{thumbs}") for thumbs in THUMBS},
        emojis={thumbs: file.words(f"emojis.{thumbs}") for thumbs in THUMBS},
        ambiguous=file.table("ambiguous", ("retrieval", "formatting")),
        concessions=file.table("concessions", FAILURES),
        foreign=file.table("foreign", MODES),
    )
