"""How far the people who labelled a task agree, in the version that it is asked for."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from retrolabel.errors import GoldError, did_you_mean
from retrolabel.gold.adjudication import ROLES, standing
from retrolabel.gold.answers import repeats
from retrolabel.gold.breakdowns import by_label, by_pair_of_people, by_slice, frame_of
from retrolabel.gold.coefficient import LEAST
from retrolabel.gold.coefficients import krippendorff_alpha, percent_agreement
from retrolabel.gold.confusions import most_confused
from retrolabel.gold.gwet import gwet_ac1, gwet_ac2
from retrolabel.gold.light import mean_kappa
from retrolabel.jobs.gold.reading import Answers, Reader, as_ratings, in_order
from retrolabel.jobs.gold.resolving import read_in
from retrolabel.jobs.gold.rows import UNNAMED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from retrolabel.gold.adjudication import HumanLabel
    from retrolabel.gold.answers import Repeats
    from retrolabel.gold.breakdowns import Part
    from retrolabel.gold.coding import Ratings
    from retrolabel.gold.coefficient import Coefficient
    from retrolabel.gold.confusions import Confusion
    from retrolabel.jobs.feedback.book import FeedbackBook
    from retrolabel.jobs.gold.reading import ReadAnswer
    from retrolabel.jobs.records.gold import Key
    from retrolabel.schema.history import History
    from retrolabel.schema.versions import LabelSchema

MOST_SLICES = 50
CROWD = 30
"""Of more people than these, those who share few items with each other are in no pair."""
ENOUGH = 2
"""So many people make agreement, and so many answers a repeat."""


@dataclass(frozen=True, slots=True)
class Items:
    """The items that people answered, each counted once.

    Attributes:
        answered: All of them.
        exact: Two people or more answered, and each of their answers is one label: the figures are over these.
        selected: Those of ``exact`` that would be no such items had people said something else: an answer was given
            under a version of which another label is a set, suspect or unknown here.
        sets: Two people or more answered, and an answer leaves several labels.
        one_person: One person alone has an answer that counts.
        unknown: No answer counts, since what was said says nothing in the version.
        suspect: No answer counts, since a label or the text changed its meaning since.
    """

    answered: int = 0
    exact: int = 0
    selected: int = 0
    sets: int = 0
    one_person: int = 0
    unknown: int = 0
    suspect: int = 0


@dataclass(frozen=True, slots=True)
class OwnRepeats:
    """How far people agree with themselves; never a part of agreement.

    Attributes:
        all: All people together.
        people: Each who answered an item twice.
        untimed: Superseded answers without a time: they are corrections, since the same answer twice was kept once.
    """

    all: Repeats
    people: tuple[Repeats, ...]
    untimed: int


@dataclass(frozen=True, kw_only=True, repr=False)
class PeopleAgreement:
    """How far people agree on a task, in one version.

    All figures but ``unselected``, ``sets`` and ``repeats`` are over the items on which each answer is one label.
    Where ``items.selected`` is not 0 they may be too high: the items on which somebody said a label that was split are
    missing, and those on which all said another one are there.

    Attributes:
        task: The task.
        version: The version that the answers are read in.
        role: The role of the answers; None for all.
        source: Their source; None for all.
        level: ``nominal``, or ``ordinal`` where the version's labels have an order.
        items: How many items there are of which kind.
        answers: How many answers.
        people: Who answered; those without a name are one, ``unnamed``.
        agreement: How often two people give an item the same label.
        alpha: Krippendorff's alpha, at the level.
        chance_corrected: Gwet's AC1; AC2 with quadratic weights where the level is ordinal.
        kappa: The mean of Cohen's kappa over each two people; quadratic weights where the level is ordinal.
        unselected: Alpha over the items of ``exact`` that are not ``selected``: what people said did not decide on
            whether they are in it; None where none is selected.
        sets: Alpha with the MASI distance over the items of ``exact`` and ``sets``; None where no answer is a set.
        sets_jaccard: The same with the Jaccard distance.
        labels: Each label against the rest.
        pairs: The labels between which people differ, most items first.
        people_pairs: Each two people.
        slices: The items by the values of a column.
        by: That column.
        repeats: How far people agree with themselves.
    """

    task: str
    version: str
    role: str | None
    source: str | None
    level: str
    items: Items
    answers: Answers
    people: tuple[str, ...]
    agreement: Coefficient
    alpha: Coefficient
    chance_corrected: Coefficient
    kappa: Coefficient
    unselected: Coefficient | None
    sets: Coefficient | None
    sets_jaccard: Coefficient | None
    labels: tuple[Part, ...]
    pairs: tuple[Confusion, ...]
    people_pairs: tuple[Part, ...]
    repeats: OwnRepeats
    slices: tuple[Part, ...] = ()
    by: str | None = None

    @property
    def corrected_name(self) -> str:
        """What ``chance_corrected`` is: ``ac1`` or ``ac2``."""
        return "ac2" if self.level == "ordinal" else "ac1"

    def frame(self, of: str = "labels") -> pd.DataFrame:
        """Return a table of figures: what each is of, its items, agreement and what is beyond chance.

        Args:
            of: ``labels``, ``pairs`` (of labels; with ``differ``), ``people`` or ``slices``.

        Raises:
            GoldError: There is no such table.
        """
        tables = {"labels": self.labels, "people": self.people_pairs, "slices": self.slices}
        if of == "pairs":
            found = frame_of([each.part for each in self.pairs])
            found.insert(1, "differ", [each.differ for each in self.pairs])
            return found
        if of not in tables:
            raise GoldError(f"There is no table of {of!r}.", remedy=f"one of {', '.join(['pairs', *tables])}")
        return frame_of(tables[of])

    def as_dict(self) -> dict[str, Any]:
        """Return what people should see as plain data; a figure is null where it is undefined or withheld."""
        told: dict[str, Any] = {name: getattr(self, name) for name in ("task", "version", "role", "source", "level")}
        told |= {"items": asdict(self.items), "answers": asdict(self.answers), "annotators": list(self.people)}
        told |= {name: getattr(self, name).as_dict() for name in ("alpha", "agreement", "kappa")}
        told[self.corrected_name] = self.chance_corrected.as_dict()
        told["unselected"] = self.unselected.as_dict() if self.unselected else None
        told["sets"] = self.sets.as_dict() if self.sets else None
        told["sets_jaccard"] = self.sets_jaccard.as_dict() if self.sets_jaccard else None
        told["labels"] = [{"label": each.of[0], **_figures(each, "alpha")} for each in self.labels]
        told["pairs"] = [
            {"labels": list(each.labels), "differ": each.differ, **_figures(each.part, "alpha")} for each in self.pairs
        ]
        told["people"] = [{"people": list(each.of), **_figures(each, "kappa")} for each in self.people_pairs]
        if self.by is not None:
            told["slices"] = [{self.by: each.of[0], **_figures(each, "alpha")} for each in self.slices]
        own = [{"person": each.person, **_of_repeats(each)} for each in self.repeats.people]
        told["repeats"] = {**_of_repeats(self.repeats.all), "untimed": self.repeats.untimed, "people": own}
        return told

    def __repr__(self) -> str:
        """Return alpha, with the items that it is over."""
        return f"<{self.task} {self.version}: {len(self.people)} people, alpha {self.alpha}>"


def _figures(part: Part, beyond: str) -> dict[str, Any]:
    return {"items": part.items, "agreement": part.agreement.as_dict(), beyond: part.beyond.as_dict()}


def _of_repeats(found: Repeats) -> dict[str, Any]:
    return {"answers": found.answers, "agreement": found.agreement.as_dict(), "alpha": found.alpha.as_dict()}


def agreement_of_people(  # noqa: PLR0913 - whose answers, and read how
    labels: Sequence[HumanLabel],
    *,
    task: str,
    schema: LabelSchema,
    history: History,
    feedback: FeedbackBook,
    role: str | None = None,
    source: str | None = None,
    by: str | None = None,
    column: Mapping[Key, Any] | None = None,
) -> PeopleAgreement:
    """Return how far people agree on the items of a task.

    Each answer is read in one version, as the steps of the schema lead there. Of a person's answers on an item under
    several versions the one counts that is one label there; among equals that of the newest version.

    Args:
        labels: All human labels of the task, in the order in which they came.
        task: The task.
        schema: The version that they are read in.
        history: The versions.
        feedback: What the texts of the items are now.
        role: Answers of one role; of all, if left out.
        source: Answers on one source; on all, if left out.
        by: A column of the items, by whose values the items are parted.
        column: (source, item id) -> the value of that column.

    Raises:
        GoldError: There are no such answers, or no item has answers of two people that can be compared.
    """
    if schema.scale == "multilabel":
        raise GoldError(
            f"{schema} is multilabel: an item has several labels, and gold of that kind cannot be kept yet.",
            remedy="retrolabel.gold.krippendorff_alpha on frozensets of labels (masi), or on the presence of one label",
        )
    chosen = _chosen(labels, task, role, source)
    reader = Reader(schema, history, read_in(history, schema.version, chosen, feedback))
    counted, answers = reader.counted(standing(chosen))
    items, exact, both = _sorted_out(counted, reader)
    if not both:
        raise _nobody_to_compare(counted, items, task, schema)
    values = in_order(schema)
    ratings = as_ratings(exact, [next(iter(each.leaves)) for each in exact], values)
    depending = {each.key for each in exact if reader.depends(each.label.schema_version)}
    free = [each for each in exact if each.key not in depending]
    people = _who_share_items(ratings)
    level, weights = ("ordinal", "quadratic") if schema.scale == "ordinal" else ("nominal", None)
    sets = as_ratings(both, [each.leaves for each in both]) if items.sets else None
    return PeopleAgreement(
        task=task,
        version=schema.version,
        role=role,
        source=source,
        level=level,
        items=items,
        answers=answers,
        people=tuple(sorted({each.label.annotator for each in counted})),
        agreement=percent_agreement(ratings),
        alpha=krippendorff_alpha(ratings, level),
        chance_corrected=gwet_ac2(ratings, weights) if weights else gwet_ac1(ratings),
        kappa=mean_kappa(people, weights),
        unselected=krippendorff_alpha(as_ratings(free, [next(iter(each.leaves)) for each in free], values), level)
        if depending
        else None,
        sets=krippendorff_alpha(sets, "masi") if sets else None,
        sets_jaccard=krippendorff_alpha(sets, "jaccard") if sets else None,
        labels=tuple(part for part in by_label(ratings) if part.items),
        pairs=most_confused(ratings),
        people_pairs=by_pair_of_people(people, weights),
        repeats=_own_repeats(chosen, reader, level, values),
        slices=_slices(ratings, level, by, column or {}) if by is not None else (),
        by=by,
    )


def _chosen(labels: Sequence[HumanLabel], task: str, role: str | None, source: str | None) -> list[HumanLabel]:
    """Return the answers of a role and a source; honeypots, whose answer is known, only where they are asked for.

    Those of a round of calibration never: their items have gold, and one person more is no second opinion on it.

    Raises:
        GoldError: There are none, or no such role.
    """
    taking = f"retrolabel gold import {task} FILE --source NAME --role {role or 'dev'} --annotator COLUMN"
    if role is not None and role not in ROLES:
        raise GoldError(f"There is no role {role!r}.{did_you_mean(role, ROLES)}", remedy=f"one of {', '.join(ROLES)}")
    if not labels:
        raise GoldError(f"There are no human labels of {task} yet.", remedy=taking)
    sources = sorted({label.source for label in labels})
    if source is not None and source not in sources:
        raise GoldError(
            f"Nobody labelled an item of {source!r} for {task}.{did_you_mean(source, sources)}",
            remedy=f"--source {sources[0]}, or leave it out" if len(sources) == 1 else f"one of {', '.join(sources)}",
        )
    wanted = [each for each in ROLES if each != "honeypot"] if role is None else [role]
    given = [label for label in labels if source in (None, label.source) and not label.checks_a_person]
    found = [label for label in given if label.role in wanted]
    if not found:
        there = ", ".join(sorted({label.role for label in labels if source in (None, label.source)}))
        raise GoldError(f"There are no {role} labels of {task}; there are {there} ones.", remedy=taking)
    return found


def _own_repeats(labels: Sequence[HumanLabel], reader: Reader, level: str, values: tuple[str, ...]) -> OwnRepeats:
    """Return how far people agree with themselves: all timed answers of one person on one item and text.

    An answer without a time is no repeat: what was imported twice is kept once, so that only a changed one is seen.
    """
    said: dict[tuple[str, ...], list[ReadAnswer]] = {}
    twins = reader.history.twins
    for label in labels:
        version = twins.get(label.schema_version, label.schema_version)
        of = (label.source, label.item_id, label.annotator, version, label.revision)
        if label.label:
            said.setdefault(of, []).append(reader.read(label))
        else:
            said.pop(of, None)  # taken back
    timeless = [sum(each.label.labelled_at is None for each in found) for found in said.values()]
    untimed = sum(many - (many == len(found)) for many, found in zip(timeless, said.values(), strict=True))
    timed = [
        (answer, of)
        for of, found in said.items()
        for answer in found
        if len(answer.leaves) == 1 and answer.label.labelled_at is not None
    ]
    everybody, *each = repeats(
        ["\0".join((of[0], of[1], *of[3:])) for _, of in timed],
        [answer.label.annotator for answer, _ in timed],
        [next(iter(answer.leaves)) for answer, _ in timed],
        level,
        values=values,
    )
    return OwnRepeats(everybody, tuple(each), untimed)


def _sorted_out(answers: Sequence[ReadAnswer], reader: Reader) -> tuple[Items, list[ReadAnswer], list[ReadAnswer]]:
    """Return how many items there are of which kind, the answers on exact ones, and those on exact ones and sets."""
    by_item: dict[Key, list[ReadAnswer]] = {}
    for answer in answers:
        by_item.setdefault(answer.key, []).append(answer)
    kinds: Counter[str] = Counter()
    exact, both = [], []
    for found in by_item.values():
        counting = [answer for answer in found if answer.counts]
        if len(counting) >= ENOUGH:
            single = all(len(answer.leaves) == 1 for answer in counting)
            kinds["exact" if single else "sets"] += 1
            kinds["selected"] += single and any(reader.depends(each.label.schema_version) for each in counting)
            exact += counting if single else []
            both += counting
        elif counting:
            kinds["one_person"] += 1
        else:
            kinds["suspect" if any(answer.suspect for answer in found) else "unknown"] += 1
    return Items(answered=len(by_item), **kinds), exact, both


def _nobody_to_compare(answers: Sequence[ReadAnswer], items: Items, task: str, schema: LabelSchema) -> GoldError:
    people = sorted({answer.label.annotator for answer in answers})
    why = {
        f"{'has' if items.one_person == 1 else 'have'} one person's answer": items.one_person,
        f"{'says' if items.unknown == 1 else 'say'} nothing there": items.unknown,
        f"{'is' if items.suspect == 1 else 'are'} suspect, since a label or the text changed": items.suspect,
    }
    told = "; ".join(f"{count:,} {reason}" for reason, count in why.items() if count)
    many = "1 item" if items.answered == 1 else f"{items.answered:,} items"
    whose = f" All answers are of {people[0]!r}." if len(people) == 1 else ""
    if people == [UNNAMED]:
        whose = f" No answer has a name, and those count as one person, {UNNAMED!r}."
    return GoldError(
        f"No item of {task} has answers of two people that can be compared under {schema.version}; "
        f"of {many}: {told}.{whose}",
        remedy=f"let two people or more label the same items: "
        f"retrolabel gold import {task} FILE --source NAME --role calibration --annotator COLUMN",
    )


def _who_share_items(ratings: Ratings) -> Ratings:
    """Return the answers of the people who share enough items with somebody, where people are many.

    Each two people are a figure, and of a crowd nearly all would be withheld.
    """
    if len(ratings.people) <= CROWD:
        return ratings
    there = (ratings.codes >= 0).astype(np.float32)
    shared = there @ there.T
    np.fill_diagonal(shared, 0)
    kept = np.flatnonzero(shared.max(axis=1) >= LEAST)
    return replace(ratings, codes=ratings.codes[kept], people=tuple(ratings.people[place] for place in kept))


def _slices(ratings: Ratings, level: str, by: str, column: Mapping[Key, Any]) -> tuple[Part, ...]:
    """Return agreement by the values of a column.

    Raises:
        GoldError: It has too many values.
    """
    values = [column.get(item) for item in ratings.items]
    distinct = {value for value in values if value is not None}
    if len(distinct) > MOST_SLICES:
        raise GoldError(
            f"{by} has {len(distinct):,} values on these items.",
            remedy=f"--by a column of at most {MOST_SLICES} values",
        )
    return by_slice(ratings, np.array(values, dtype=object), level)
