"""The rationales of a task, each with what people said of its item; and the labels that nobody tells apart."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrolabel.errors import GoldError
from retrolabel.gold.adjudication import standing
from retrolabel.gold.confusions import most_confused
from retrolabel.gold.rationale_words import words_of
from retrolabel.gold.reasons import Reason
from retrolabel.jobs.gold.proposals.counting import ROLES, hidden_items
from retrolabel.jobs.gold.reading import Reader, as_ratings, in_order
from retrolabel.jobs.gold.resolving import read_in
from retrolabel.jobs.records.proposals import Said

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrolabel.gold.adjudication import HumanLabel
    from retrolabel.jobs.feedback.book import FeedbackBook
    from retrolabel.jobs.gold.reading import ReadAnswer
    from retrolabel.jobs.records.gold import Answer, Key
    from retrolabel.schema.history import History
    from retrolabel.schema.versions import LabelSchema

MOST = 1500
"""Rationales that are compared with each other at most: those where people differ first, then the newest."""
NOT_TOLD_APART, AT_MOST, ITEMS = 0.2, 0.4, 20
"""Alpha of two labels that nobody tells apart, the upper end of its interval, and the items that this needs."""
ANSWERS, BOTH_WAYS = 5, 0.2
"""A person with so many answers between two labels gives each with that share, where they confuse both ways."""


@dataclass(frozen=True)
class Gathered:
    """The rationales of a task as they read in a version.

    Attributes:
        reasons: The rationales, each with what people said of its item.
        said: Whose they are, in the same order.
        alike: Pairs of labels that nobody tells apart, in both directions, on all items.
        rationales: How many there are, with those that do not count.
        left_out: Why rationales do not count -> how many.
    """

    reasons: tuple[Reason, ...]
    said: tuple[Said, ...]
    alike: frozenset[frozenset[str]]
    rationales: int
    left_out: Mapping[str, int]


def gather(answers: Sequence[Answer], *, schema: LabelSchema, history: History, feedback: FeedbackBook) -> Gathered:
    """Return the rationales of a task, as they read in a version.

    Args:
        answers: All answers of the task, in the order in which they came.
        schema: The version that they are read in.
        history: The versions.
        feedback: What the texts of the items are now.

    Raises:
        GoldError: The version is multilabel.
    """
    if schema.scale == "multilabel":
        raise GoldError(
            f"{schema} is multilabel: an item has several labels, and gold of that kind cannot be kept yet.",
            remedy="proposals are for versions with one label an item",
        )
    all_standing = standing(each.label for each in answers)
    hidden = hidden_items(all_standing)
    counting = [each for each in all_standing if each.role in ROLES and _key(each) not in hidden]
    texts = {id(each.label): each.rationale for each in answers if each.rationale and each.rationale.strip()}
    written = [each for each in all_standing if id(each) in texts]
    left = Counter(
        "on test gold, or on a near copy of it" if _key(each) in hidden else f"of role {each.role}"
        for each in written
        if each.role not in ROLES or _key(each) in hidden
    )
    reader = Reader(schema, history, read_in(history, schema.version, counting, feedback))
    read, _ = reader.counted(counting)
    reasons = _reasons(read, counting, texts, schema)
    unread = len(written) - left.total() - len(reasons)
    if unread:
        left[f"whose label says nothing in {schema.version}, or that were written again under another version"] = unread
    chosen = _chosen(reasons)
    if len(reasons) > len(chosen):
        left[f"beyond the {MOST:,} that are compared"] = len(reasons) - len(chosen)
    return Gathered(
        tuple(chosen),
        tuple(Said(*each.item, each.person) for each in chosen),
        _alike(read, schema),
        len(written),
        {why: count for why, count in left.items() if count},
    )


def words_of_rules(schema: LabelSchema) -> dict[str, frozenset[str]]:
    """Return label -> the words of its name, definition and rules."""
    return {
        label.id: frozenset(
            word
            for text in (label.title, label.definition, *label.include, *label.exclude, *label.examples)
            for word in words_of(text)
        )
        for label in schema.answers
    }


def names_of(schema: LabelSchema) -> frozenset[str]:
    """Return the ids and names of all labels of a version and of those before it."""
    return frozenset(name for each in schema.lineage() for label in each.labels for name in (label.id, label.title))


def _key(label: HumanLabel) -> Key:
    return label.source, label.item_id


def _reasons(
    read: Sequence[ReadAnswer], standing_now: Sequence[HumanLabel], texts: Mapping[int, str | None], schema: LabelSchema
) -> list[Reason]:
    """Return a reason for each answer that counts and has one: its own, else one of the same person on the item."""
    here: dict[Key, list[ReadAnswer]] = {}
    for answer in read:
        here.setdefault(answer.key, []).append(answer)
    own: dict[tuple[Key, str], str] = {}
    earlier: dict[Key, set[tuple[str, str]]] = {}
    for label in standing_now:
        text = texts.get(id(label))
        if text:
            own[_key(label), label.annotator] = text
        if label.label not in schema.ids and label.schema_version != schema.version:
            earlier.setdefault(_key(label), set()).add((label.label, label.schema_version))
    found = []
    for answer in read:
        text = texts.get(id(answer.label)) or own.get((answer.key, answer.label.annotator))
        if text and answer.counts:
            others = [_one(each) for each in here[answer.key] if each.label.annotator != answer.label.annotator]
            before = tuple(sorted(earlier.get(answer.key, ())))
            said = tuple(other for other in others if other)
            found.append(Reason(answer.key, answer.label.annotator, text.strip(), _one(answer), said, before))
    return found


def _one(answer: ReadAnswer) -> str:
    return next(iter(answer.leaves)) if len(answer.leaves) == 1 else ""


def _chosen(reasons: Sequence[Reason]) -> list[Reason]:
    """Return those that are compared, in their order."""
    ordered = sorted(range(len(reasons)), key=lambda place: (-reasons[place].weight, -place))[:MOST]
    return [reasons[place] for place in sorted(ordered)]


def _alike(read: Sequence[ReadAnswer], schema: LabelSchema) -> frozenset[frozenset[str]]:
    """Return the pairs of labels that nobody tells apart better than by chance, and that everybody gives both of."""
    exact = [answer for answer in read if _one(answer)]
    items: dict[Key, dict[str, str]] = {}
    for answer in exact:
        items.setdefault(answer.key, {})[answer.label.annotator] = _one(answer)
    if not any(len(said) > 1 for said in items.values()):
        return frozenset()
    ratings = as_ratings(exact, [_one(each) for each in exact], in_order(schema))
    found = set()
    for each in most_confused(ratings, least=ITEMS):
        pair, figure = frozenset(map(str, each.labels)), each.part.beyond
        if figure.shown is None or figure.high is None:
            continue
        if figure.shown <= NOT_TOLD_APART and figure.high < AT_MOST and _both_ways(items, pair):
            found.add(pair)
    return frozenset(found)


def _both_ways(items: Mapping[Key, Mapping[str, str]], pair: frozenset[str]) -> bool:
    """Return whether everybody who stands between two labels gives now this one, now that one."""
    given: dict[str, Counter[str]] = {}
    for said in items.values():
        if pair <= set(said.values()):
            for person, label in said.items():
                if label in pair:
                    given.setdefault(person, Counter())[label] += 1
    often = [counts for counts in given.values() if counts.total() >= ANSWERS]
    return bool(often) and all(min(counts[label] for label in pair) >= BOTH_WAYS * counts.total() for counts in often)
