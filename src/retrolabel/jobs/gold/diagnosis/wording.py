"""How a diagnosis is told: findings, drafted questions for the guideline, and what to do next."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from retrolabel.errors import counted
from retrolabel.gold.causes.cause import NAMES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrolabel.gold.causes.cause import Cause, Kind, Rule
    from retrolabel.gold.coefficient import Coefficient
    from retrolabel.jobs.gold.diagnosis.values import CauseFound, ItemToTalkAbout
    from retrolabel.schema.versions import LabelSchema

BANDS = (
    (0.8, "labels can be relied on (Krippendorff: .80)"),
    (0.7, "good enough to explore with (.70 is often asked for), and not to rely on (Krippendorff: .80)"),
    (0.4, "fair to good (Fleiss 1981), and too low to rely on (Krippendorff: not below .667)"),
    (-1.0, "poor (Fleiss 1981: below .40)"),
)
"""What the field says from which alpha on. It is a habit, and decides nothing here."""
PHRASE = re.compile(r"(\w+) has (.+)", re.DOTALL)


def words_for(alpha: Coefficient) -> str:
    """Return what the field says of an alpha; why it is withheld where it is."""
    if alpha.value is None or alpha.why:
        return alpha.why or "undefined"
    return next(words for least, words in BANDS if alpha.value >= least or least < 0)


def percent(share: float) -> str:
    """Return a share as people read it."""
    return f"{100 * share:.0f} %"


def rule_in_words(rule: Rule) -> str:
    """Return the conditions of a kind in words.

    Example:
        >>> rule_in_words([(("comment has late", "comment has refund"), True), (("source is web",), False)])
        'comment has "late" or "refund" and not: source is web'
    """
    told = []
    for conditions, holds in sorted(rule, key=lambda each: not each[1]):
        columns: dict[str, list[str]] = {}
        for condition in conditions:
            found = PHRASE.fullmatch(condition)
            columns.setdefault(f"{found[1]} has" if found else "", []).append(f'"{found[2]}"' if found else condition)
        words = " or ".join(f"{column} {_either(names)}".strip() for column, names in columns.items())
        told.append(words if holds else f"not: {words}")
    return " and ".join(told)


def _either(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def finding_of(cause: Cause, labels: Sequence[str], people: Sequence[str]) -> str:
    """Return what a cause is, in a sentence without its full stop.

    Args:
        cause: The cause.
        labels: All labels.
        people: All people.
    """
    pair = [labels[place] for place in cause.labels] if cause.labels else []
    if cause.kind == "spec" and cause.rule:
        return f"the spec: people are torn between {pair[0]} and {pair[1]} where {rule_in_words(cause.rule)}"
    if cause.kind == "spec":
        return f"the spec: people take {pair[0]} and {pair[1]} for each other, on items of all kinds"
    if cause.kind == "data":
        again = f"asked again about them, people changed {cause.changed} of {counted(cause.asked, 'answer')}"
        if pair:
            return (
                "the data, or what the spec leaves open: some items do not show what they are, most of all not whether"
                f" {pair[0]} or {pair[1]}; {again}"
            )
        return f"the data: some items do not show what they are; {again}"
    if cause.kind == "person":
        who = people[cause.person or 0]
        if not pair:
            return f"one person: {who} is further from the others than they are from each other, over all labels"
        return (
            f"one person: {who} says {pair[0]} where the others say {pair[1]} ({cause.times} of"
            f" {counted(cause.of, 'item')}; of the others {percent(cause.others)})"
        )
    between = f", most of all between {pair[0]} and {pair[1]}" if pair else ""
    camps = camps_of(cause, people)
    return f"taste: {' and '.join(camps[0])} side with each other against {' and '.join(camps[1])}{between}"


def camps_of(cause: Cause, people: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Return the people of each camp; nothing of a cause without camps."""
    if cause.camp is None:
        return ()
    return tuple(tuple(person for person, camp in zip(people, cause.camp, strict=True) if camp == c) for c in (0, 1))


def question_for(cause: Cause, found: CauseFound, schema: LabelSchema) -> str:
    """Return what the guideline should answer, as a draft.

    Args:
        cause: The cause.
        found: The same with its items.
        schema: The version that people were asked under.
    """
    such = _such_as(found.shown)
    many = counted(len(found.items), "item")
    if cause.kind == "spec" and cause.rule:
        one, other = found.labels
        return (
            f"Is an item whose {found.rule} `{one}` or `{other}`? People are torn on {many}{such}."
            f" {_says(schema, one)} {_says(schema, other)} Say which one such an item is: in `include` of the one, and"
            " in `exclude` of the other."
        )
    if cause.kind == "spec":
        one, other = found.labels
        return (
            f"What tells `{one}` from `{other}`? People are torn on {many}{such}. {_says(schema, one)}"
            f" {_says(schema, other)} If nothing does that matters to whoever reads the labels, they are one label."
        )
    if cause.kind == "data":
        return (
            f"What should people say of an item that does not show what it is? {many} are such{such}. Show people more"
            " of the item, or say which label it gets when nobody can tell."
        )
    if cause.kind == "person":
        if not found.labels:
            return f"What do you read in these items that the others do not, and the other way round{such}?"
        says, where = found.labels
        return (
            f"Which words of the definitions make an item `{says}` for {found.person}, and `{where}` for the"
            f" others{such}? {_says(schema, says)} {_says(schema, where)}"
        )
    either = f"`{found.labels[0]}` or `{found.labels[1]}`" if found.labels else "the one reading or the other"
    return (
        f"Should the guideline decide for {either} on items such as these{such}, or are both right? Then keep both: a"
        " label with its share of the answers."
    )


def _such_as(shown: Sequence[ItemToTalkAbout]) -> str:
    first = [each.key[1] for each in shown[:2]]
    return f", such as {' and '.join(first)}" if first else ""


def _says(schema: LabelSchema, label: str) -> str:
    definition = re.sub(r"\s+", " ", schema.label(label).definition).strip()
    return f"`{label}` is defined as: {definition.rstrip('.')}." if definition else f"`{label}` has no definition."


def next_steps(cause: Cause, found: CauseFound, task: str) -> tuple[str, ...]:
    """Return what to do about a cause, as commands with what they are for."""
    proposals = f"retrolabel gold proposals list {task}  (what people wrote beside their answers)"
    adjudicate = f"retrolabel gold sample {task} --for adjudicate  (somebody decides these items)"
    if cause.kind == "spec":
        change = " ".join(f"--redefine {label}=shifted" for label in found.labels)
        steps = [
            proposals,
            f"retrolabel schema new {task} {change} --dry-run  (the next version's file; write the rule in)",
        ]
        if not cause.rule:
            merged = f'--merge "{",".join(found.labels)}=NEW"'
            steps.append(f"retrolabel schema new {task} {merged} --dry-run  (if they are one label)")
        return (*steps, adjudicate)
    if cause.kind == "data":
        return (
            "Show people more of such items: a further column, what came before, where it was said.",
            f"retrolabel schema new {task} --add unclear --dry-run  (a label for what nobody can tell)",
        )
    if cause.kind == "person":
        return (
            "Talk about these items before anything counts against anybody: who reads them otherwise may be right.",
            adjudicate,
        )
    return (
        "Let the camps talk about these items, and decide, or keep both.",
        f"retrolabel gold export {task} --soft --out soft.csv  (each label's share of the answers)",
    )


def headline(causes: Sequence[CauseFound], task: str, split: int, items: int, withheld: Mapping[Kind, str]) -> str:
    """Return the first line: what is found, of how much, in a sentence."""
    if not causes:
        differ = f"people differ on {split:,} of {counted(items, 'item')}"
        if len(withheld) == len(NAMES):
            return f"Why people differ on {task} cannot be told yet: {differ}."
        if not withheld:
            return f"No cause stands out for {task}: {differ}, as if by chance."
        kinds = [NAMES[kind] for kind in withheld]
        some = f"{', '.join(kinds[:-1])} and {kinds[-1]}" if len(kinds) > 1 else kinds[0]
        return f"No cause stands out for {task}, of those that can be told: {differ}. Not told: {some}."
    first = causes[0]
    how = "Mostly" if first.share >= 0.5 else "In part"  # noqa: PLR2004 - half of it
    more = [each.kind for each in causes[1:]]
    also = f" Also: {', '.join(more)}." if more else ""
    return (
        f"{how} {first.finding}: {percent(first.share)} of the disagreement ({percent(first.low)[:-2]} to"
        f" {percent(first.high)}).{also}"
    )
