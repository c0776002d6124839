"""What is known of one label, in sentences: a terminal and a page say the same."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from retrolabel.analysis.why.values import (
    COUNTED,
    EDITED,
    GONE,
    MOVED,
    NOT_KNOWN,
    SAME,
    SAYS_NOTHING,
    SUSPECT,
    Labelled,
)
from retrolabel.errors import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrolabel.analysis.why.values import (
        DecidedOn,
        Elsewhere,
        FaultOnIt,
        LfSource,
        Meaning,
        Named,
        Origin,
        PersonSaid,
        Voted,
        WhyData,
    )

SHORT = 12
NO_LABEL = "no label"
LIKELIEST = 4
WORDS = 4
"""Words that a labeling function found which are told in one line."""


def either(labels: Sequence[str] | None) -> str:
    """Return a set of labels as people read it.

    Example:
        >>> either(["slow", "wrong"])
        'slow | wrong'
    """
    return " | ".join(labels or ())


def minute(when: str | None) -> str:
    """Return a time to the minute; nothing where there is none.

    Example:
        >>> minute("2026-11-30T01:38:57+00:00"), minute(None)
        ('2026-11-30 01:38', '')
    """
    return (when or "")[:16].replace("T", " ")


def said(found: Labelled) -> str:
    """Return what a label set says of the item, with its probability."""
    if found.label is not None:
        guess = f", the likeliest of {either(found.partial)}" if found.guessed else ""
        return f"{found.label} ({found.probability:.3f}{guess})"
    if not found.covered:
        return f"{NO_LABEL} (nothing voted on it)"
    if found.guessed:
        return f"{NO_LABEL} (guessed: {either(found.partial)})"
    return f"{NO_LABEL} (a tie, or too unsure{': ' + either(found.partial) if found.partial else ''})"


def likeliest(found: Labelled) -> str:
    """Return the probabilities of the likeliest labels."""
    shown = list(found.probabilities.items())[:LIKELIEST]
    more = len(found.probabilities) - len(shown)
    return ", ".join(f"{label} {p:.3f}" for label, p in shown) + (f" and {more} less likely" if more > 0 else "")


def verdict(data: WhyData) -> str:
    """Return in one sentence what the label is, what it rests on, and what people say."""
    found, votes = data.labelled, data.votes
    spoke = [vote for vote in votes.voted if vote.state == COUNTED]
    told = f"{found.label or NO_LABEL}"
    if found.label is not None:
        told += f", with probability {found.probability:.3f}"
    if not spoke:
        told += f": none of {counted(votes.lfs, 'labeling function')} says anything of it"
    elif found.guessed:
        told += f": guessed, since its votes leave {either(found.partial)} and say no more"
    elif found.label is None:
        told += f": a tie, or too unsure; {votes_for(data)}"
    else:
        told += f": {votes_for(data)}"
        if spoke[0].nats:
            told += f", and {spoke[0].lf} moves it most"
    return f"{told}; {people_in_short(data)}."


def votes_for(data: WhyData) -> str:
    """Return how many labeling functions speak for the label, and how many against it."""
    spoke = [vote for vote in data.votes.voted if vote.state == COUNTED]
    label = data.labelled.label
    if label is None:
        return f"{len(spoke)} of {counted(data.votes.lfs, 'labeling function')} voted"
    own = sum(label in vote.leaves for vote in spoke)
    against = f", {len(spoke) - own} speak{'s' if len(spoke) - own == 1 else ''} against" if len(spoke) > own else ""
    return (
        f"{own} of {counted(data.votes.lfs, 'labeling function')} leave{'s' if own == 1 else ''} it possible{against}"
    )


def people_in_short(data: WhyData) -> str:
    """Return what people say of the item, in a few words."""
    people = data.people
    if people.in_test_set:
        return "the item is in the test set"
    if people.label is None:
        return "people are tied" if people.decided == "tie" else "no person labelled it"
    when = "" if people.label_version == data.label_set.version else f" under {people.label_version}"
    agrees = ""
    if people.leaves is not None and data.labelled.label is not None:
        agrees = ", which leaves it possible" if len(people.leaves) > 1 else " too"
        if data.labelled.label not in people.leaves:
            agrees = ", which is something else"
    return f"people say {people.label}{when}{agrees}"


def which(named: Named, asked: str) -> str:
    """Return which label set was read."""
    names = ", ".join(named.names) or "no name"
    status = "" if named.status in named.names else f", {named.status}"
    said_so = f"; asked for as {asked}" if asked not in named.names and not named.id.startswith(asked) else ""
    return f"label set {named.id[:SHORT]} ({names}{status}{said_so}), made {minute(named.made)} UTC"


def elsewhere(found: Elsewhere) -> str:
    """Return what another label set said of the item."""
    told = said(found.said) if found.said is not None else found.why_not
    other = "; of another text" if found.other_text else ""
    return f"{found.what}: {told} in {found.id[:SHORT]} ({found.version}){other}"


def vote_in_words(vote: Voted) -> str:
    """Return what a vote left possible: as it was written, and as it reads."""
    wrote = either((vote.wrote or "").split("|")) or "not known"
    if vote.state == SUSPECT:
        return f"{wrote}, which stays out: what it means was redefined"
    if vote.state == SAYS_NOTHING:
        return f"{wrote}, which says nothing under this version"
    reads = either(vote.leaves)
    return wrote if reads == wrote else f"{wrote}, which is {reads}"


def carried(vote: Voted) -> str:
    """Return the steps that carried a vote; nothing where it needed none."""
    if vote.made_under is None:
        return ""
    return f"a vote of {vote.made_under}, carried by {'; '.join(vote.carried_by) or 'no step'}"


def found_words(vote: Voted) -> str:
    """Return the words that a labeling function found; nothing where it looks for none, or that is not known."""
    words = list(dict.fromkeys((mark.text, mark.column) for mark in vote.marks))
    more = f" and {len(words) - WORDS} more" if len(words) > WORDS else ""
    return ", ".join(f"'{text}' in {column}" for text, column in words[:WORDS]) + more


def place(source: LfSource) -> str:
    """Return where a labeling function was written."""
    line = f":{source.line}" if source.line is not None else ""
    return f"{source.file}{line}" if source.file else "its file was not recorded"


def today(source: LfSource) -> str:
    """Return whether a labeling function is today what it was."""
    told = {
        SAME: "today its key is the same",
        MOVED: f"today it is called {source.now_called}, with the same key",
        EDITED: "changed since",
        GONE: "the project has it no more",
        NOT_KNOWN: "whether it changed since is not known",
    }[source.today]
    if source.today == SAME and source.now is not None:
        told += "; its text reads otherwise, which no vote depends on"
    return told


def differences(source: LfSource) -> list[str]:
    """Return the lines of a unified diff from the source then to the source now; nothing where one is not known."""
    if source.text is None or source.now is None:
        return []
    lines = difflib.unified_diff(source.text.splitlines(), source.now.splitlines(), "then", "now", n=2, lineterm="")
    return list(lines)


def fault(found: FaultOnIt) -> str:
    """Return what a labeling function raised."""
    return f"{found.lf} failed: {found.error or 'what it raised was not kept'}"


def meaning(found: Meaning) -> Iterator[str]:
    """Yield what the label means, and by which steps its version came about."""
    if found.why_not:
        yield f"{found.label}: its definition is not known: {found.why_not}"
        return
    yield f"{found.label}: {found.definition or '(no definition)'}"
    if found.as_then is False:
        yield "this is what it means today; when the label set was made it meant something else"
    elif found.as_then is None:
        yield "this is what it means today; the label set does not say whether it did then"
    if found.steps:
        yield f"{found.version} came from {', '.join(found.revises)}: {'; '.join(found.steps)}"


def person(found: PersonSaid, version: str) -> str:
    """Return what one person said."""
    told = f"{found.annotator} said {found.label}"
    if found.version != version:
        reads = f", which is {either(found.reads_as)} here" if found.reads_as else ""
        told += f" under {found.version}{reads}"
    when = f" on {minute(found.at)}" if found.at else ""
    told += f"{when} ({found.role}"
    told += "" if found.state == "stands" else f"; {found.state}"
    told += f"; suspect: {found.suspect}" if found.suspect else ""
    told += "; after this label set was begun" if found.after else ""
    return f"{told})"


def draw(found: PersonSaid) -> str:
    """Return how the item came to a person; nothing where that is not known."""
    if found.draw is None:
        return ""
    told = f"batch {found.draw.number}, {found.draw.design or 'unknown'} design"
    if found.draw.items is not None and found.draw.population is not None:
        told += f", {found.draw.items:,} of {found.draw.population:,} items"
    chance = "not known" if found.draw.inclusion is None else f"{found.draw.inclusion:.4g}"
    return f"{told}; inclusion probability {chance}"


def gold(data: WhyData) -> Iterator[str]:
    """Yield what gold the answers make, and whether the label model was fitted with it."""
    people = data.people
    if people.in_test_set:
        yield "The item is in the test set. What people said of it is seen by evaluate --final alone."
        return
    if not people.said:
        yield "No person labelled it."
        return
    if people.label is not None:
        differing = f"; {', '.join(people.differing)} said something else" if people.differing else ""
        yield f"gold: {people.label} of {people.label_version} ({people.decided}{differing})"
    elif people.decided == "tie":
        yield f"gold: none, people are tied ({', '.join(people.differing)})"
    if people.near_test:
        yield "It is a near copy of a test item, so it stays out of dev gold."
    if people.was_fitted is None:
        yield "Whether the label model was fitted with it is not recorded: the label set is older than that."
    elif people.was_fitted:
        left = f", as {either(people.fitted)}" if people.fitted else ""
        unseen = people.unseen_label or NO_LABEL
        yield f"The label model was fitted with it{left}; models that had not seen it say {unseen}."
    else:
        yield "The label model was not fitted with it."


def origin(found: Origin) -> Iterator[str]:
    """Yield where the item comes from."""
    where = f"segment {found.segment[:SHORT]}, row {found.row + 1:,} of it"
    yield f"{where}; content {(found.revision or 'not known')[:SHORT]}"
    if not found.live:
        yield f"The item was revised since: its content is {(found.live_revision or '')[:SHORT]} now."
    elif found.older is None:
        yield "This is its content still; whether it was revised before, nobody looked: too many segments."
    elif found.older:
        yield f"This is its content still; it was revised before ({counted(len(found.older), 'older revision')})."
    else:
        yield "This is its content still; it was never revised."
    if found.file is not None:
        by = f" by {found.file.who}" if found.file.who else ""
        at = f"{found.file.counts} {found.file.line:,} of " if found.file.line is not None else ""
        yield f"{at}{found.file.name} (SHA-256 {found.file.sha256[:SHORT]}), ingested {minute(found.file.at)} UTC{by}"
        if found.file.line is None:
            yield f"Its {found.file.counts} was not kept: the file was ingested before that was."
    elif found.perhaps:
        listed = ", ".join(found.perhaps[:WORDS]) + (", ..." if len(found.perhaps) > WORDS else "")
        yield f"It came with one of {listed}; which, and with which line, was not kept when it was ingested."
    if found.why_not:
        yield f"What it says cannot be read: {found.why_not}"


def run(data: WhyData) -> Iterator[str]:
    """Yield what made the label set, and what was decided of it."""
    made = data.run
    by = f" by {made.who}" if made.who else "; by whom was not kept"
    dirty = ", with changes that were not committed" if made.dirty else ""
    commit = f"git {made.commit[:SHORT]}{dirty}" if made.commit else "no git commit"
    yield f"made {minute(made.made)} UTC{by}; {commit}"
    packages = {name: made.packages[name] for name in ("numpy", "pandas", "pyarrow") if name in made.packages}
    told = ", ".join(f"{name} {version}" for name, version in packages.items())
    yield f"retrolabel {made.retrolabel or '?'}, Python {made.python or '?'}{', ' + told if told else ''}"
    settings = ", ".join(
        f"{name} {_brief(value)}" for name, value in made.label_model.items() if name != "name" and value is not None
    )
    yield f"label model {made.label_model.get('name')}: {settings or 'no settings'}"
    for each in made.decisions:
        yield decided(each)
    if not made.decisions:
        yield "Nothing was decided of it: no log says that it was promoted or held."


def _brief(value: object) -> str:
    """Return a setting as people read it."""
    if isinstance(value, float):
        return f"{value:.4g}"
    return f"[{', '.join(map(_brief, value))}]" if isinstance(value, (list, tuple)) else str(value)


def decided(found: DecidedOn) -> str:
    """Return a decision on the label set."""
    states = [f"{name} {state}" for name, state in found.gates.items() if state != "passed"]
    passed = sum(state == "passed" for state in found.gates.values())
    gates = f" ({counted(passed, 'gate')} passed{''.join(f', {each}' for each in states)})" if found.gates else ""
    return f"{found.kind} {minute(found.at)} UTC by {found.who}: {found.why}{gates}"
