"""Suggestions in sentences: what they rest on, what each is worth, and why there are none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrolabel.analysis.evidence import BY_ALL_GOLD, BY_GOLD, BY_LABEL_SET, CONFIDENT, FEWEST_GOLD
from retrolabel.analysis.suggestions import HOLDS, OPEN
from retrolabel.errors import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrolabel.analysis.suggestions import Suggested, Suggestion

SHORT = 12
MOST_TERMS = 12


def what_it_rests_on(found: Suggested, columns: Sequence[str], label_set: str) -> Iterator[str]:
    """Yield what chose the words and what judged them, a sentence each.

    Args:
        found: The suggestions.
        columns: The columns in which words were looked for.
        label_set: The id of the label set; empty without one.
    """
    yield f"looked at {' and '.join(columns)} of {counted(found.texts, 'item')}, none of them with test gold"
    sure = f"label set {label_set[:SHORT]} says of items of which it is sure (p >= {CONFIDENT:g})"
    if found.chosen_by == BY_GOLD and found.also:
        yield (
            f"words were chosen by one half of dev gold ({counted(found.choosing, 'item')}), then by what {sure}:"
            f" {counted(found.also, 'item')}; and judged by the other half"
        )
    elif found.chosen_by == BY_GOLD:
        yield f"words were chosen by one half of dev gold ({counted(found.choosing, 'item')}), and judged by the other"
    elif found.chosen_by == BY_ALL_GOLD:
        yield f"words were chosen by all dev gold ({counted(found.choosing, 'item')}), so none is left to judge them"
    elif found.chosen_by == BY_LABEL_SET:
        yield f"words were chosen by what {sure}: {counted(found.choosing, 'item')}, an opinion and not the truth"
    if found.judging and found.looks:
        none = f"; {found.rejected:,} hardly better than chance, and left out" if found.rejected else ""
        yield (
            f"{counted(found.looks, 'list')} of words judged by {counted(found.judging, 'item')} with dev gold that did"
            f" not choose them{none}; the intervals hold for all of them together (95 %)"
        )
    elif found.suggestions:
        yield f"nothing here was judged: {_why_unjudged(found.gold)}"


def _why_unjudged(gold: int) -> str:
    if not gold:
        return "there is no dev gold"
    if gold < FEWEST_GOLD:
        return f"{counted(gold, 'item')} with dev gold of one label, and {FEWEST_GOLD} are needed"
    return f"the texts of {counted(gold, 'item')} with dev gold say the same, so no half is left for it"


def what_it_is_worth(each: Suggestion, *, labelers: bool) -> Iterator[str]:
    """Yield what a suggestion hits, and how often it was right, a sentence each.

    Args:
        each: The suggestion.
        labelers: Whether votes or labels are known, so that one can say what is new.
    """
    new = ""
    if labelers:
        new = f"; {each.new:,} of them have no vote for {each.label} alone, {each.needy:,} no sure label"
    yield f"hits {counted(len(each.hits), 'item')}{new}"
    if each.base is None:
        yield "never judged"
    elif not each.n:
        yield "hits no dev gold that could judge it"
    else:
        state = {HOLDS: "better than chance", OPEN: "may be chance"}[each.state]
        yield (
            f"right on {each.right:,} of {each.n:,} dev items that did not choose it: {each.precision}; {state}, which"
            f" is {each.base:.3f}"
        )
        such = f"{counted(each.of_label, 'dev item')} that {_are(each.of_label)} {each.label}"
        yield f"of the {such}, it finds {each.right:,}"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def terms_told(terms: Sequence[str], most: int = MOST_TERMS) -> str:
    """Return words as they stand in a line.

    Example:
        >>> terms_told(["crash", "freezes", "hangs"], most=2)
        'crash, freezes, and 1 more'
    """
    more = f", and {len(terms) - most:,} more" if len(terms) > most else ""
    return ", ".join(terms[:most]) + more


def why_none(found: Suggested, task: str, label: str | None) -> tuple[str, str]:
    """Return why there is no suggestion, and what helps.

    Args:
        found: What came of it.
        task: The task.
        label: The label that was asked for.
    """
    more = f"retrolabel gold sample {task} --for dev --n 200 draws items for people to label"
    where = f" for {label}" if label else ""
    if not found.filled:
        return "None of these items has a text there.", f"retrolabel lf suggest {task} --column NAME looks elsewhere"
    if not found.choosing:
        neither = "neither dev gold nor a label set that is sure of anything"
        why = f"Nothing says which words speak for which label: {task} has {neither}."
        return why, f"retrolabel relabel {task} makes a label set; {more}"
    if found.rejected:
        lists, items = counted(found.rejected, "list"), counted(found.judging, "item")
        why = f"No words{where}: {lists} of words were looked at, hardly better than chance on {items} with dev gold."
        return why, f"more gold tells them apart: {more}"
    why = f"No words{where} that stand in a few items at least, speak for one label, and are not looked for already."
    return why, f"retrolabel lf summary {task} says what there is; {more}"
