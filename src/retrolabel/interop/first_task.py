"""The files of a first task, in the user's words: its schema, and labeling functions to begin with."""

from __future__ import annotations

import keyword
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrolabel.errors import InputError, Problem
from retrolabel.interop.lf_source import lf_source
from retrolabel.interop.python_source import Group, rendered, text, texts, with_import
from retrolabel.interop.schema_source import constant_for
from retrolabel.schema.labels import OUTSIDE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from retrolabel.interop.lf_source import LfWish

UMLAUTS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss", "ø": "o", "æ": "ae"}
)
FEWEST = 2
GENERIC = {"label", "labels", "class", "gold", "target", "y", "tag", "annotation"}
"""Names of columns that say nothing of what is asked of an item."""
CATCH_ALL = {"other", "others", "none", "misc", "miscellaneous", "unknown", "rest", "sonstiges", "andere", "autre"}
"""Labels whose own words say nothing about an item."""


@dataclass(frozen=True)
class FirstLabel:
    """A label as it is written into a first schema.

    Attributes:
        id: Its id, made of what the user calls it.
        name: What the user calls it.
        constant: Its name in Python.
        spelled: Spellings that mean it, but for the id.
    """

    id: str
    name: str
    constant: str
    spelled: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """Its words, as people may write them; nothing, where they say nothing about an item."""
        plain = " ".join(re.split(r"[\W_]+", self.name)).strip()
        speaks = plain.casefold() not in CATCH_ALL and sum(each.isalpha() for each in plain) >= FEWEST
        return plain.casefold() if speaks else ""


def labels_of(spelled: Iterable[str], *, merge: bool = False) -> list[FirstLabel]:
    """Return the labels that some spellings stand for.

    Args:
        spelled: What the user, or a column, calls them.
        merge: Whether spellings that come to one id are one label, as in a column that holds both Bug and bug.

    Raises:
        InputError: There are fewer than two, or two come to the same id, or one is what stands for no answer.

    Example:
        >>> [(label.id, label.constant) for label in labels_of(["Feature Request", "\u00dcbel", "1 star"])]
        [('feature_request', 'FEATURE_REQUEST'), ('uebel', 'UEBEL'), ('1_star', 'L_1_STAR')]
    """
    by_id: dict[str, list[str]] = {}
    given = list(dict.fromkeys(each for each in spelled if each.strip()))
    for place, each in enumerate(given, start=1):
        by_id.setdefault(label_id(each) or f"label_{place}", []).append(each)
    if merge:
        by_id = {found: spellings for found, spellings in by_id.items() if found not in OUTSIDE}
    problems = [
        Problem(" and ".join(map(repr, spellings)), f"would both be called {found}", "name one of them otherwise")
        for found, spellings in by_id.items()
        if len(spellings) > 1 and not merge
    ]
    problems += [
        Problem(repr(by_id[found][0]), "stands for no answer", "leave it out: who cannot tell gives no label")
        for found in sorted(OUTSIDE & by_id.keys())
    ]
    if problems:
        raise InputError("These labels cannot be told apart, or are none.", problems=problems)
    if len(by_id) < FEWEST:
        shown = f"only {given[0]!r} is named" if given else "none is named"
        raise InputError(f"A task needs two labels or more; {shown}.", remedy="--labels bug,feature,other")
    taken = {"Label", "LabelSchema", "SCHEMA"}
    made = []
    for found, spellings in by_id.items():
        constant = constant_for(found, taken)
        taken.add(constant)
        others = tuple(each for each in spellings if each != found)
        made.append(FirstLabel(found, " ".join(spellings[0].split()), constant, others))
    return made


def label_id(spelled: str) -> str:
    """Return an id for what somebody calls a label: small letters, digits and _; nothing, where it has none of these.

    Example:
        >>> label_id("Gr\u00fc\u00dfe & Lob"), label_id("caf\u00e9"), label_id("\u597d")
        ('gruesse_lob', 'cafe', '')
    """
    plain = unicodedata.normalize("NFC", spelled).translate(UMLAUTS)
    plain = "".join(each for each in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(each))
    return re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_")


def task_name(spelled: str) -> str:
    """Return a task's name for what somebody calls it.

    Example:
        >>> task_name("Review Kind"), task_name("2nd class"), task_name("label")
        ('review_kind', 'task_2nd_class', 'kind')
    """
    plain = label_id(spelled) or "task"
    plain = "kind" if plain in GENERIC else plain
    plain = f"task_{plain}" if plain[0].isdigit() else plain
    return f"{plain}_task" if keyword.iskeyword(plain) else plain


def schema_text(task: str, labels: Sequence[FirstLabel], column: str) -> str:
    """Return the module of the first schema version; each definition is one to be written by a person."""
    written = "\n".join(_label(label, column) for label in labels)
    schema = Group(
        "LabelSchema(",
        (
            f"task={text(task)}",
            'version="1.0.0"',
            Group("labels=[", tuple(label.constant for label in labels), "]"),
            'reason="The first version."',
        ),
        ")",
    )
    return (
        '"""Version 1: the labels of a first look; say in one sentence each when it holds."""\n\n'
        "from retrolabel import Label, LabelSchema\n\n"
        f"{written}\n\n{rendered('SCHEMA = ', schema)}\n"
    )


def _label(label: FirstLabel, column: str) -> str:
    said = text(f"The {column} is a case of: {label.name}.")
    parts: list[str | Group] = [text(label.id), said]
    if label.name != label.id:
        parts.append(f"name={text(label.name)}")
    if label.spelled:
        parts.append(texts("aliases", label.spelled))
    call = rendered(f"{label.constant} = ", Group("Label(", tuple(parts), ")"))
    return f"# TODO: say when it holds, so that two people would decide alike.\n{call}"


def wording_text(task: str, column: str, wishes: Sequence[LfWish], told: str) -> str:
    """Return the module of the first labeling functions.

    Args:
        task: The task.
        column: The column that they read.
        wishes: The labeling functions.
        told: Where they are from, in a sentence or two.
    """
    head = (
        f'"""What people write, by label: labeling functions to begin with.\n\n{told}\n'
        f'They read the column `{column}`. Try them: retrolabel lf test {task}\n"""\n'
    )
    source = head
    body = []
    for wish in wishes:
        made = lf_source(wish)
        source = with_import(source, f"labeling_functions.{task}.schema.v1", wish.label)
        for module, name in made.imports:
            source = with_import(source, module, name)
        body.append(made.text)
    return "\n\n".join([source.rstrip(), *body]) + "\n" if body else head
