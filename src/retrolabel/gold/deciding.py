"""How one label comes from what several people said: most of them, a model of them, or one who is named."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeAlias

from retrolabel.errors import GoldError, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Key: TypeAlias = tuple[str, str]
"""(source, item id)."""

MAJORITY_VOTE, DAWID_SKENE, PERSON = "majority", "dawid-skene", "person:"
UNANIMOUS, ADJUDICATOR, TIE = "unanimous", "adjudicator", "tie"
SURE = 0.5
"""Where people differ, Dawid-Skene's label is gold if it is more probable than this: than all others together."""
EQUAL = 1e-9
"""What is not further above :data:`SURE` than this is a tie."""


class PeopleModel(Protocol):
    """A model of people: what their answers make of each item."""

    def __call__(self, answers: Mapping[Key, Mapping[str, str]]) -> Mapping[Key, Mapping[str, float]] | str:
        """Return item -> label -> probability, or the reason why these answers are too little for it.

        Args:
            answers: Item -> person -> label; all under one version.
        """


class Verdict(NamedTuple):
    """The label of one item, and how it came about.

    Attributes:
        label: The label; empty where people are tied.
        by: ``unanimous``, ``majority``, ``dawid-skene``, ``adjudicator`` or ``tie``.
    """

    label: str
    by: str


@dataclass(frozen=True)
class Adjudication:
    """How a task's gold is adjudicated: the setting ``adjudication``.

    Attributes:
        method: ``majority``, ``dawid-skene`` or ``adjudicator``.
        people: The adjudicators; of two who answered an item the one who is named first decides.
        model: The model of people that ``dawid-skene`` takes.
    """

    method: str = MAJORITY_VOTE
    people: tuple[str, ...] = ()
    model: PeopleModel | None = field(default=None, compare=False)

    @classmethod
    def of(cls, said: Sequence[str], model: PeopleModel | None = None) -> Adjudication:
        """Return what a setting means.

        Args:
            said: ``majority``; or ``dawid-skene``; or one or more ``person:NAME``.
            model: The model of people.

        Raises:
            GoldError: It is none of these; the nearest one is named.

        Example:
            >>> Adjudication.of(["person:cleo", "person:ana"]).people
            ('cleo', 'ana')
            >>> Adjudication.of(["cleo"])
            Traceback (most recent call last):
            retrolabel.errors.GoldError: 'cleo' is no way to adjudicate: there are "majority", "dawid-skene" and
            "person:NAME". Fix: write "person:cleo", if cleo is a person whose answer decides
        """
        for each in said:
            if not each.startswith(PERSON) and each not in (MAJORITY_VOTE, DAWID_SKENE):
                raise _unknown(each)
        people = tuple(each.removeprefix(PERSON).strip() for each in said if each.startswith(PERSON))
        if not all(people):
            raise GoldError(
                f'"{PERSON}" names nobody.', remedy=f'write "{PERSON}NAME", as the person is called in gold'
            )
        twice = sorted({person for person in people if people.count(person) > 1})
        if twice:
            raise GoldError(f"{twice[0]!r} is named twice as adjudicator.", remedy="name each person once")
        if not said or (len(said) > 1 and len(people) < len(said)):
            raise GoldError(
                f"{list(said)} is not one way to adjudicate.",
                remedy=f'write "{MAJORITY_VOTE}", "{DAWID_SKENE}", or people only: ["{PERSON}NAME", "{PERSON}NAME"];'
                " where none of them answered, the majority decides",
            )
        if people:
            return cls(ADJUDICATOR, people)
        return cls(said[0], (), model if said[0] == DAWID_SKENE else None)

    @property
    def is_majority(self) -> bool:
        """Whether it is the majority alone, as where no setting says anything."""
        return self.method == MAJORITY_VOTE

    def settle(self, said: Mapping[str, str], posterior: Mapping[str, float] | None = None) -> Verdict:
        """Return the label of one item.

        What all say stands, whatever a model thinks of them: a label that nobody gave an item is never its gold.

        Args:
            said: Person -> label.
            posterior: Label -> probability, by the model of people; ``None`` where there is none.

        Example:
            >>> said = {"ana": "bug", "ben": "crash", "cleo": "crash"}
            >>> Adjudication().settle(said)
            Verdict(label='crash', by='majority')
            >>> Adjudication("adjudicator", ("ana",)).settle(said)
            Verdict(label='bug', by='adjudicator')
            >>> Adjudication("dawid-skene").settle(said, {"bug": 0.8, "crash": 0.2})
            Verdict(label='bug', by='dawid-skene')
        """
        ranking = Counter(said.values()).most_common()
        decider = next((person for person in self.people if person in said), None)
        if decider is not None and len(ranking) > 1:
            return Verdict(said[decider], ADJUDICATOR)
        if len(ranking) == 1:
            return Verdict(ranking[0][0], UNANIMOUS)
        if posterior is not None:
            likeliest = max(sorted(label for label, _ in ranking), key=lambda label: posterior.get(label, 0.0))
            sure = posterior.get(likeliest, 0.0) > SURE + EQUAL
            return Verdict(likeliest, DAWID_SKENE) if sure else Verdict("", TIE)
        if ranking[0][1] == ranking[1][1]:
            return Verdict("", TIE)
        return Verdict(ranking[0][0], MAJORITY_VOTE)

    def absent(self, there: Iterable[str]) -> list[str]:
        """Return a sentence for each adjudicator who gave no answer.

        Args:
            there: The people who gave one.

        Example:
            >>> Adjudication("adjudicator", ("Cleo",)).absent(["ana", "cleo"])
            ["the adjudicator 'Cleo' gave no answer, so the majority decides; did you mean 'cleo'?"]
        """
        known = sorted(set(there))
        told = []
        for person in self.people:
            if person in known:
                continue
            near = nearest(person, known)
            listed = f"people are {', '.join(known[:10])}{', ...' if len(known) > 10 else ''}"  # noqa: PLR2004 - some
            hint = f"; did you mean {near!r}?" if near else f"; {listed}" if known else ""
            told.append(f"the adjudicator {person!r} gave no answer, so the majority decides{hint}")
        return told

    def __str__(self) -> str:
        """Return how it is done, in words.

        Example:
            >>> print(Adjudication("adjudicator", ("cleo", "ana")))
            by cleo, else ana, where they answered; elsewhere by majority
        """
        if self.method == DAWID_SKENE:
            return "by Dawid-Skene over people's answers"
        if self.people:
            they = "they" if len(self.people) > 1 else self.people[0]
            return f"by {', else '.join(self.people)}, where {they} answered; elsewhere by majority"
        return "by majority"


MAJORITY = Adjudication()
"""The rule where nothing else is said."""


def _unknown(said: str) -> GoldError:
    ways = f'"{MAJORITY_VOTE}", "{DAWID_SKENE}" and "{PERSON}NAME"'
    near = nearest(said.replace("_", "-"), (MAJORITY_VOTE, DAWID_SKENE))
    remedy = f'write "{near}"' if near else f'write "{PERSON}{said}", if {said} is a person whose answer decides'
    return GoldError(f"{said!r} is no way to adjudicate: there are {ways}.", remedy=remedy)
