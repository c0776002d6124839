"""What a new version does to each label of the one before, and what number it deserves for that."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from retrolabel.schema.fingerprints import display, label_meaning, shape
from retrolabel.schema.relations import step_relation
from retrolabel.schema.steps import Add, Remove, Rescale

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrolabel.schema.labels import Label
    from retrolabel.schema.relations import Relation
    from retrolabel.schema.versions import LabelSchema

Bump = Literal["none", "patch", "minor", "major"]
BUMPS: tuple[Bump, ...] = ("none", "patch", "minor", "major")
ALIKE = 0.75
"""How alike two labels' words are (difflib's ratio) for the one to look like the other renamed."""


@dataclass(frozen=True)
class Change:
    """What becomes of one label between two versions.

    Attributes:
        label: The id in the older version; in the newer one for a label that came.
        change: ``same``, ``display``, ``redefined``, ``merged``, ``split``, ``carved``, ``mapped``,
            ``rescaled``, ``removed`` or ``added``.
        image: What it may be in the newer version, in the order of that version.
        kind: ``exact``, ``set`` or ``unknown``; ``new`` for a label that came.
        suspect: ``positives``, ``negatives``, ``all`` or nothing.
        told: The same as a sentence.
    """

    label: str
    change: str
    image: tuple[str, ...]
    kind: str
    suspect: str
    told: str

    @property
    def needs_people(self) -> bool:
        """Whether labels stored under it no longer say what they said: as a set, unknown, or suspect."""
        return self.kind in ("set", "unknown") or bool(self.suspect)


def changes(relation: Relation, older: LabelSchema, newer: LabelSchema) -> list[Change]:
    """Return what becomes of every label, those of the older version first, then those that came.

    Example:
        >>> from retrolabel.schema.labels import Label
        >>> from retrolabel.schema.relations import step_relation
        >>> from retrolabel.schema.steps import Split
        >>> from retrolabel.schema.versions import LabelSchema
        >>> v1 = LabelSchema(task="thumbs", version="1.0.0", labels=[Label("good"), Label("bad")])
        >>> v2 = LabelSchema(task="thumbs", version="2.0.0", revises=v1, labels=[Label("good"), Label("slow"),
        ...                  Label("wrong")], steps=[Split("bad", into=["slow", "wrong"])])
        >>> for change in changes(step_relation(v2, v1), v1, v2):
        ...     print(change.label, change.change, change.kind, change.image)
        good same exact ('good',)
        bad split set ('slow', 'wrong')
        slow added new ('slow',)
        wrong added new ('wrong',)
    """
    found = [_change(label, relation, older, newer) for label in older.answers]
    came = [label for label in newer.answers if label.id not in older.ids]
    return found + [_came(label, relation) for label in came]


def deserved_bump(relation: Relation, older: LabelSchema, newer: LabelSchema) -> Bump:
    """Return the least part of the number that has to rise.

    ``patch`` where only what people see differs; ``minor`` where every stored label is still exact
    and means what it meant; ``major`` where something stored becomes a set, suspect, merged or
    unknown; ``none`` where nothing differs.
    """
    kinds = {change.change for change in changes(relation, older, newer)}
    if kinds - {"same", "display", "added"}:
        return "major"
    if "added" in kinds or shape(older) != shape(newer):
        return "minor"
    return "patch" if display(older) != display(newer) else "none"


def given_bump(older: LabelSchema, newer: LabelSchema) -> Bump:
    """Return the part of the number that rose."""
    for place, bump in enumerate(("major", "minor", "patch")):
        if older.order[place] != newer.order[place]:
            return bump  # type: ignore[return-value]  # one of the three
    return "none"


def deserves(schema: LabelSchema) -> bool:
    """Return whether a version's number rose as far as what it changes in each of its parents asks for."""
    return all(
        BUMPS.index(given_bump(parent, schema))
        >= BUMPS.index(deserved_bump(step_relation(schema, parent), parent, schema))
        for parent in schema.parents
    )


def next_version(version: str, bump: str) -> str:
    """Return the number after a bump.

    Example:
        >>> next_version("1.4.2", "major"), next_version("1.4.2", "minor"), next_version("1.4.2", "patch")
        ('2.0.0', '1.5.0', '1.4.3')
    """
    major, minor, patch = (int(part) for part in version.split("."))
    if bump == "major":
        return f"{major + 1}.0.0"
    return f"{major}.{minor + 1}.0" if bump == "minor" else f"{major}.{minor}.{patch + 1}"


def meaning_changes(older: LabelSchema, newer: LabelSchema) -> list[str]:
    """Return the ids that both versions have, with another meaning."""
    return [
        label.id
        for label in newer.answers
        if label.id in older.ids and label_meaning(label) != label_meaning(older.label(label.id))
    ]


def likely_renames(older: LabelSchema, newer: LabelSchema) -> Iterator[tuple[str, str]]:
    """Yield (removed, added) labels that read like one label under two ids, where nobody says otherwise.

    The author says so by ``Remove(old, maps_to=new)``, ``Add(new, carved_from=old)``, or by naming
    both in the reason.
    """
    steps = newer.steps_since(older)
    gone = [step.label for step in steps if isinstance(step, Remove) and not step.maps_to]
    came = [step.label for step in steps if isinstance(step, Add) and not step.carved_from]
    for old in gone:
        for new in came:
            told = all(re.search(rf"(?<![\w.-]){re.escape(each)}(?![\w-])", newer.reason) for each in (old, new))
            if not told and old in older.ids and new in newer.ids and _alike(older.label(old), newer.label(new)):
                yield old, new


def _change(label: Label, relation: Relation, older: LabelSchema, newer: LabelSchema) -> Change:
    image = tuple(each for each in newer.ids if each in relation.images[label.id])
    kind = relation.kind(label.id)
    suspect = _suspect(relation, label.id)
    change, told = _class(label, image, relation, older, newer)
    if suspect:
        is_same = change in ("same", "display")
        change, told = ("redefined", "means something else") if is_same else (change, told)
        told += f"; {suspect} suspect" if suspect != "all" else "; all of it suspect"
    return Change(label.id, change, image, kind, suspect, told)


def _class(
    label: Label, image: tuple[str, ...], relation: Relation, older: LabelSchema, newer: LabelSchema
) -> tuple[str, str]:
    """Return the class of a label's change, and a sentence."""
    names = " | ".join(image)
    if label.id in relation.unknown:
        return "removed", "is gone; nothing is known of what bore it"
    if any(isinstance(step, Rescale) for each in newer.parents if each is older for step in newer.steps_since(each)):
        if image == (label.id,) and newer.label(label.id) == label:
            return _seen(label, newer)
        return "rescaled", f"lies at {names} on the new scale"
    if len(image) > 1:
        if label.id in image:
            others = " | ".join(each for each in image if each != label.id)
            return "carved", f"gave part of itself to {others}; what bore it may be {names}"
        return "split", f"is {names} now"
    merged = sorted(old for old in older.ids if relation.images[old] == {image[0]} and old != label.id)
    if merged:
        return "merged", f"is {image[0]} now, together with {', '.join(merged)}"
    if image[0] != label.id:
        return "mapped", f"is {image[0]} now"
    if newer.label(label.id) != label and not _suspect(relation, label.id):
        return "merged", "has other words, and holds what it held"
    return _seen(label, newer)


def _seen(label: Label, newer: LabelSchema) -> tuple[str, str]:
    now = newer.label(label.id)
    differ = [
        name for name in ("title", "aliases", "owner", "hotkey", "status") if getattr(label, name) != getattr(now, name)
    ]
    return ("display", f"means what it meant; other {', '.join(differ)}") if differ else ("same", "means what it meant")


def _came(label: Label, relation: Relation) -> Change:
    olds = [old for old, image in relation.images.items() if label.id in image and old not in relation.unknown]
    told = f"is new; came from {', '.join(olds)}" if olds else "is new; nothing stored is it"
    return Change(label.id, "added", (label.id,), "new", "", told)


def _suspect(relation: Relation, label_id: str) -> str:
    positive, negative = label_id in relation.suspect_positive, label_id in relation.suspect_negative
    return "all" if positive and negative else "positives" if positive else "negatives" if negative else ""


def _alike(old: Label, new: Label) -> bool:
    pairs = [(old.id, new.id), (old.title, new.title), (old.definition, new.definition)]
    return any(
        one and other and difflib.SequenceMatcher(None, one.casefold(), other.casefold()).ratio() >= ALIKE
        for one, other in pairs
    )
