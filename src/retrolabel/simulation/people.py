"""Simulated people who disagree for a known reason: the spec, the data, one person, taste, or slips that grow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np
import pandas as pd

from retrolabel.errors import GoldError

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import numpy.typing as npt

    Ints: TypeAlias = npt.NDArray[np.int64]
    Flags: TypeAlias = npt.NDArray[np.bool_]

NAMES = ("ana", "ben", "cleo", "dan", "eva", "finn", "gil", "hana", "ivo", "jo", "kim", "lea")


@dataclass(frozen=True, kw_only=True)
class UnclearSpec:
    """The spec does not say which of two labels items of one kind get, and everybody reads it in a way of their own.

    Attributes:
        labels: The two.
        items: The ids of the items of the kind; those of them that truly have one of the two labels are concerned.
        torn: How often somebody says the first of the two.
        keeps: How often a person who is asked again says the same, beside by chance.
    """

    labels: tuple[str, str]
    items: Collection[str]
    torn: float = 0.5
    keeps: float = 0.0


@dataclass(frozen=True, kw_only=True)
class UnclearData:
    """Some items do not show what they are, so that everybody guesses, each time anew.

    Attributes:
        share: The share of all items that do not.
        guessed: How often somebody guesses on such an item, and does not see the label all the same.
        among: Between how many labels, of which the true one is one; all of them if left out.
    """

    share: float = 0.2
    guessed: float = 1.0
    among: int | None = None


@dataclass(frozen=True, kw_only=True)
class OnePerson:
    """One person says another label than the rest.

    Attributes:
        person: Who.
        says: The label that they say
        where: where this one is true.
        rate: How often.
        keeps: How often they say the same of an item when asked again, beside by chance.
    """

    person: str
    says: str
    where: str
    rate: float = 0.4
    keeps: float = 0.8


@dataclass(frozen=True, kw_only=True)
class Taste:
    """People of two camps judge some items in two ways, and stay with it.

    Attributes:
        labels: What the first camp says of a contested item, and what the second one says; each turned round on half
            of the items where ``both_ways``.
        share: The share of all items that is contested.
        camp: Who is in the second camp; the second half of the people if left out.
        keeps: How often people say what their camp says.
        both_ways: Whether the camps change sides from item to item.
    """

    labels: tuple[str, str]
    share: float = 0.3
    camp: Collection[str] | None = None
    keeps: float = 0.9
    both_ways: bool = False


@dataclass(frozen=True, kw_only=True)
class Decay:
    """Slips become more from the first round to the last one, in even steps.

    Attributes:
        to: How often an answer is a slip in the last round.
    """

    to: float = 0.25


Planted: TypeAlias = UnclearSpec | UnclearData | OnePerson | Taste | Decay


def people_who_disagree(  # noqa: PLR0913 - what answers depend on
    truth: pd.DataFrame,
    *,
    labels: Sequence[str],
    people: int | Sequence[str] = 3,
    planted: Sequence[Planted] = (),
    slips: float | Sequence[float] = 0.06,
    towards: Literal["any", "common", "near"] = "any",
    again: int = 50,
    rounds: int = 1,
    seed: int = 0,
) -> pd.DataFrame:
    """Let simulated people answer items, who disagree for reasons that are known.

    Everybody slips now and then. What was planted comes on top, in the order in which it is given.

    Args:
        truth: ``item_id`` and ``label``, a row for each item.
        labels: All labels, in their order.
        people: Who answers, or how many do (12 at most).
        planted: Why they disagree; only slips if left out.
        slips: How often an answer is a slip; one rate for all people, or one for each.
        towards: What a slip says: ``any`` other label alike; a label as often as it is true (``common``), which may be
            the right one; the next one of a scale (``near``).
        again: How many items, drawn at random, everybody is asked about again, after the last round.
        rounds: How many rounds there are; each item is asked in one of them.
        seed: The same seed gives the same answers.

    Returns:
        ``item_id``, ``annotator``, ``label``, ``round`` (from 1 on; what is asked again has the number after the last
        one), ``again`` and ``planted``, the name of the cause that the item is concerned by, or nothing.

    Raises:
        GoldError: A label or a person that was named is not there.

    Example:
        >>> truth = pd.DataFrame({"item_id": list("abcd"), "label": ["bug", "question", "bug", "bug"]})
        >>> off = OnePerson(person="ben", says="question", where="bug", rate=1.0)
        >>> said = people_who_disagree(truth, labels=["bug", "question"], planted=[off], slips=0.0, again=1)
        >>> said[said["annotator"] == "ben"]["label"].tolist()
        ['question', 'question', 'question', 'question', 'question']
    """
    names = NAMES[:people] if isinstance(people, int) else tuple(people)
    _check(truth, labels, names, planted, people)
    rng = np.random.default_rng(seed)
    place = {label: at for at, label in enumerate(labels)}
    true: Ints = np.array([place[label] for label in truth["label"]], np.int64)
    n = len(true)
    in_round = np.arange(n) % rounds
    asked = np.sort(rng.permutation(n)[: min(again, n)])
    rate = np.tile(np.broadcast_to(np.asarray(slips, float), len(names))[:, None], (1, n))
    for each in planted:
        if isinstance(each, Decay):
            rate = rate + (each.to - rate) * in_round / max(rounds - 1, 1)
    first = _slipped(np.tile(true, (len(names), 1)), rate, len(labels), towards, true, rng)
    later = np.tile(rate[:, in_round == rounds - 1].mean(axis=1, keepdims=True), (1, n))
    second = _slipped(np.tile(true, (len(names), 1)), later, len(labels), towards, true, rng)
    concerned = np.full(n, "", object)
    for each in planted:
        if not isinstance(each, Decay):
            here = _plant(each, first, second, true, truth["item_id"], place, names, rng)
            concerned[here] = type(each).__name__
    ids, shown = truth["item_id"].to_numpy(object), np.array(labels, object)
    once = [
        pd.DataFrame(
            {
                "item_id": ids[rows],
                "annotator": name,
                "label": shown[said[who, rows]],
                "round": rounds + 1 if is_again else in_round[rows] + 1,
                "again": is_again,
                "planted": concerned[rows],
            }
        )
        for is_again, said, rows in ((False, first, np.arange(n)), (True, second, asked))
        for who, name in enumerate(names)
    ]
    return pd.concat(once, ignore_index=True)


def _check(
    truth: pd.DataFrame,
    labels: Sequence[str],
    names: Sequence[str],
    planted: Sequence[Planted],
    people: int | Sequence[str],
) -> None:
    if isinstance(people, int) and people > len(NAMES):
        raise GoldError(f"There are {len(NAMES)} simulated people, and {people} were asked for.", remedy="name them")
    said = {*truth["label"]}
    for each in planted:
        if isinstance(each, UnclearSpec | Taste):
            said |= {*each.labels}
        if isinstance(each, OnePerson):
            said |= {each.says, each.where}
            if each.person not in names:
                raise GoldError(f"Nobody is called {each.person!r}; people are {', '.join(names)}.")
    if unknown := said - {*labels}:
        raise GoldError(f"There is no label {', '.join(map(repr, sorted(unknown)))}; there are {', '.join(labels)}.")


def _slipped(  # noqa: PLR0913 - what a slip depends on
    said: Ints, rate: npt.NDArray[np.float64], k: int, towards: str, true: Ints, rng: np.random.Generator
) -> Ints:
    slips = rng.random(said.shape) < rate
    if towards == "common":
        other = rng.choice(true, said.shape)
    elif towards == "near":
        other = said + rng.choice([-1, 1], said.shape)
        other = np.where(other < 0, 1, np.where(other >= k, k - 2, other))
    else:
        other = (said + rng.integers(1, k, said.shape)) % k
    return np.where(slips, other, said)


def _plant(  # noqa: PLR0913 - what a cause changes, and by what
    cause: UnclearSpec | UnclearData | OnePerson | Taste,
    first: Ints,
    second: Ints,
    true: Ints,
    ids: pd.Series[str],
    place: dict[str, int],
    names: Sequence[str],
    rng: np.random.Generator,
) -> Flags:
    """Change answers in place; return the items that are concerned."""
    if isinstance(cause, UnclearSpec):
        pair = [place[label] for label in cause.labels]
        here = np.asarray(ids.isin([*cause.items]) & np.isin(true, pair))
        one, other = (np.where(rng.random(first.shape) < cause.torn, *pair) for _ in range(2))
        first[:] = np.where(here, one, first)
        second[:] = np.where(here, np.where(rng.random(first.shape) < cause.keeps, one, other), second)
    elif isinstance(cause, UnclearData):
        here = rng.random(len(true)) < cause.share
        k = len(place)
        others = rng.permuted(np.tile(np.arange(1, k), (len(true), 1)), axis=1)
        choice = np.column_stack([true, (true[:, None] + others) % k])[:, : cause.among or k]
        for said in (first, second):
            guess = choice[np.arange(len(true)), rng.integers(0, choice.shape[1], said.shape)]
            said[:] = np.where(here & (rng.random(said.shape) < cause.guessed), guess, said)
    elif isinstance(cause, OnePerson):
        here, who = true == place[cause.where], [names.index(cause.person)]
        off = rng.random(len(true)) < cause.rate
        kept = rng.random(len(true)) < cause.keeps
        off_again = np.where(kept, off, rng.random(len(true)) < cause.rate)
        first[who, :] = np.where(here & off, place[cause.says], first[who, :])
        second[who, :] = np.where(here & off_again, place[cause.says], second[who, :])
    else:
        here = rng.random(len(true)) < cause.share
        camp = set(names[len(names) // 2 :] if cause.camp is None else cause.camp)
        side = np.array([name in camp for name in names])[:, None] ^ (
            (rng.random(len(true)) < 0.5) & cause.both_ways  # noqa: PLR2004
        )
        says = np.where(side, place[cause.labels[1]], place[cause.labels[0]])
        for said in (first, second):
            said[:] = np.where(here & (rng.random(said.shape) < cause.keeps), says, said)
    return here
