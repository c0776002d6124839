"""The page of a report: values and charts in, one string of HTML out; no script, nothing from elsewhere.

Whatever people wrote is escaped, kept in its own direction of writing, and what cannot be seen in it (control
characters, marks that turn the direction of writing) is shown by its code.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from retrolabel.analysis.report import charts, frames
from retrolabel.analysis.report.gold_view import GoldView, coefficient
from retrolabel.analysis.report.telling import as_percent, estimate, figure, marked, number, percent, pieces, signed
from retrolabel.analysis.report.values import NO_LABEL
from retrolabel.analysis.report.verdict import Verdict, verdict
from retrolabel.analysis.scores import scores
from retrolabel.errors import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from retrolabel.analysis.report.charts import Drawing
    from retrolabel.analysis.report.values import Bump, Flip, ReportData, Standing
    from retrolabel.gold.agreement import Estimate

GENERATOR = "retrolabel report"
"""How a page says what made it."""
MOST_LABELS = 14
"""Labels of a table of labels by labels."""
MOST_SETS = 12
"""Sets of labels, below the labels, of a table of gold by labels."""
MOST_PAIRS = 40
"""Pairs of labels in the table of flips."""
KINDS = {
    "kept": "kept",
    "step": "follows a step",
    "against": "against the steps",
    "changed": "changed",
    "gained": "got a label",
    "lost": "lost its label",
}


@dataclass(frozen=True)
class Template:
    """The files that a page is made with.

    Attributes:
        html: A Jinja template.
        css: The style.
    """

    html: str
    css: str


def page(data: ReportData, template: Template) -> str:
    """Return the report as HTML; the same data and template give the same text.

    Args:
        data: What it says.
        template: What it looks like.
    """
    import jinja2  # noqa: PLC0415 - only for reports
    import markupsafe  # noqa: PLC0415 - the same

    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    view = View(data)
    environment.filters |= {
        "named": view.name,
        "votes": view.vote,
        "number": number,
        "percent": percent,
        "figure": figure,
        "estimate": estimate,
        "as_percent": as_percent,
        "pieces": pieces,
        "marked": marked,
        "signed": signed,
        "coefficient": coefficient,
        "svg": markupsafe.Markup,  # drawn by us, its texts escaped
    }
    found = environment.from_string(template.html).render(
        data=data,
        view=view,
        css=markupsafe.Markup(template.css),  # noqa: S704 - our own file
        generator=GENERATOR,
        no_label=NO_LABEL,
        kinds=KINDS,
    )
    return found if found.endswith("\n") else found + "\n"


class View:
    """What a template asks for: frames, charts, and sentences.

    Args:
        data: The report.
    """

    def __init__(self, data: ReportData) -> None:
        self.data = data
        self.gold = GoldView(data.about_gold, self.name)

    def name(self, label: str) -> str:
        """Return how a label is called; with its id where another one is called the same."""
        titles = self.data.titles
        title = titles.get(label) or label
        return title if title == label or list(titles.values()).count(title) == 1 else f"{title} ({label})"

    def vote(self, vote: str) -> str:
        """Return a vote, or what gold leaves, as people read it: ``login|crash`` becomes ``login | crash``."""
        return " | ".join(map(self.name, vote.split("|")))

    @cached_property
    def verdict(self) -> Verdict:
        """What the label set is worth, and the one step to do next."""
        return verdict(self.data, self.gold, self._counts, self.name)

    @cached_property
    def sentences(self) -> list[str]:
        """What else to know."""
        return list(_sentences(self.data, self.ece, self.gold))

    @property
    def labelled_change(self) -> str:
        """How much more of the items have a label than before, in percent points."""
        made, before = self.data.made, self.data.against
        if before is None or not before.items or not made.items:
            return ""
        was = before.labelled / before.items
        others = ", of other items" if self.data.new_items or self.data.gone_items else ""
        return f"{signed(made.labelled / made.items - was)} points; {percent(was)} before{others}"

    @cached_property
    def sat_out(self) -> list[str]:
        """The labeling functions that sat out, those of one reason together."""
        by_reason: dict[str, list[str]] = {}
        for name, why in self.data.skipped:
            by_reason.setdefault(why, []).append(name)
        return [f"{', '.join(names)}: {why}" for why, names in by_reason.items()]

    @cached_property
    def ece(self) -> Estimate | None:
        """The calibration error on gold."""
        judged = self.data.judged
        return scores({"": judged.probabilities}, judged.truth)[""].ece if len(judged.truth) else None

    @cached_property
    def unit(self) -> str:
        """The stretch of time that a point of the chart over time stands for."""
        return frames.unit_of_time(self.data.days[0].days)

    @cached_property
    def shares(self) -> pd.DataFrame:
        """The shares of the labels over time, by the names of the labels."""
        return self._named(frames.shares_over_time(self.data.days[0], self.unit))

    def _named(self, shares: pd.DataFrame) -> pd.DataFrame:
        return shares.assign(label=shares["label"].map(self.name))

    @cached_property
    def shares_table(self) -> pd.DataFrame:
        """The same, a row for each stretch of time."""
        wide = self.shares.pivot_table(index="start", columns="label", values="share", sort=False)
        return wide[[*map(self.name, self.data.days[0].labels), NO_LABEL]].assign(
            n=self.shares.groupby("start")["n"].first()
        )

    @cached_property
    def bumps(self) -> list[Bump]:
        """Where new versions came in, as far as newer items show it: those after which there are items."""
        newest = str(self.shares["start"].max()) if len(self.shares) else ""
        return [bump for bump in self.data.bumps if bump.day < newest]

    @property
    def relabelled(self) -> list[Bump]:
        """The versions under which the whole history was labelled again: no item is newer."""
        return [bump for bump in self.data.bumps if bump not in self.bumps]

    @cached_property
    def over_time(self) -> Drawing:
        """The chart of the shares of labels over time."""
        older = self.data.days[1] if len(self.data.days) > 1 else None
        before = self._named(frames.shares_over_time(older, self.unit)) if older is not None else None
        heirs = {self.name(label): [self.name(heir) for heir in its] for label, its in self.data.heirs.items()}
        told = "; ".join(f"version {bump.after} came in after {bump.day}" for bump in self.bumps)
        return charts.drawn(
            charts.over_time(self.shares, before, self.bumps, self.unit, heirs),
            "time",
            f"Share of each label among the items of each {self.unit}",
            f"A row for each label. {told or 'No version came in between'}.",
        )

    @cached_property
    def activity(self) -> Drawing:
        """The chart of coverage, overlaps and conflicts."""
        return charts.drawn(
            charts.activity(self.data.lfs),
            "activity",
            "Coverage of each labeling function: alone, overlapping, conflicting",
            f"A bar for each of the {min(len(self.data.lfs), charts.MOST_ROWS)} that vote most.",
        )

    @cached_property
    def precisions(self) -> pd.DataFrame:
        """Precision of each vote, as learned and on gold."""
        found = frames.precisions(self.data.precisions)
        return found.assign(vote=found["vote"].map(self.vote))

    @cached_property
    def precision(self) -> Drawing | None:
        """The chart of precisions; ``None`` where none is known."""
        known = self.precisions[["learned", "on_gold"]].notna().any().any()
        if not known:
            return None
        return charts.drawn(
            charts.precision(self.precisions),
            "precision",
            "How often the votes of each labeling function are right, as learned and on dev gold",
            "A row for each labeling function, the most precise first, with 95 % intervals.",
        )

    @cached_property
    def agreements(self) -> pd.DataFrame:
        """Agreement with gold, a row for each measure and label set."""
        return frames.agreements(self.data.scores)

    @cached_property
    def agreement(self) -> Drawing:
        """The chart of agreement with gold."""
        return charts.drawn(
            charts.agreement(self.agreements),
            "agreement",
            "Agreement with dev gold, with 95 % intervals",
            "; ".join(f"{row.measure} of {row.label_set}: {row.value:.3f}" for row in self.agreements.itertuples()),
        )

    @cached_property
    def reliability_frame(self) -> pd.DataFrame:
        """How sure and how right, by bin."""
        return frames.reliability(self.data.judged)

    @cached_property
    def reliability(self) -> Drawing:
        """The reliability diagram."""
        told = (f"{row.n} items {row.bin}: {row.right:.0%} right" for row in self.reliability_frame.itertuples())
        return charts.drawn(
            charts.reliability(self.reliability_frame), "reliability", "Reliability diagram", "; ".join(told)
        )

    @cached_property
    def _counts(self) -> pd.DataFrame | None:
        """Labels against gold, by their ids; ``None`` where there are too many labels to read."""
        labels = self.data.days[0].labels
        found = frames.confusions(self.data.judged, labels) if len(labels) <= MOST_LABELS else None
        return found if found is not None and len(found) <= MOST_LABELS + MOST_SETS else None

    @cached_property
    def confusions(self) -> pd.DataFrame | None:
        """The same; its rows and columns are called as labels are."""
        return self._counts

    @cached_property
    def changed(self) -> list[Flip]:
        """The flips between unlike labels, most items first."""
        return [flip for flip in self.data.flips if flip.before != flip.after]

    @cached_property
    def flip_table(self) -> tuple[list[str], list[tuple[str, list[Flip | None]]]] | None:
        """Columns, and rows with their cells; ``None`` where there are too many labels to read."""
        if self.data.against is None:
            return None
        rows, columns = [*self.data.against.shares, NO_LABEL], [*self.data.made.shares, NO_LABEL]
        if max(len(rows), len(columns)) > MOST_LABELS:
            return None
        cells = {(flip.before, flip.after): flip for flip in self.data.flips}
        return columns, [(row, [cells.get((row, column)) for column in columns]) for row in rows]

    @property
    def most_flipped(self) -> int:
        """The items of the largest cell."""
        return max((flip.items for flip in self.data.flips), default=1)

    @property
    def pairs(self) -> list[Flip]:
        """The pairs that are listed."""
        return self.changed[:MOST_PAIRS]


def _standing(data: ReportData) -> Iterator[str]:
    """Yield whether consumers read the label set, and which gates are against it."""
    now = data.standing
    if now is None:
        return
    decided = f" It was {now.decided}." if now.decided else ""
    if now.status == "current":
        yield f"Current: consumers read this label set.{decided}"
        if now.failed:
            yield f"As of now {_failing(now)}"
        return
    read = f"they read {now.current[:12]}" if now.current else "they read none yet"
    yield f"Candidate: consumers do not read this label set, {read}.{decided}"
    if now.failed:
        yield _failing(now)


def _failing(now: Standing) -> str:
    """Return how many gates fail, which, and why."""
    many = f"{counted(len(now.failed), 'gate')} {'fails' if len(now.failed) == 1 else 'fail'}"
    return f"{many}: {'; '.join(f'{name}: {why}' for name, _, why in now.failed)}."


def _sentences(data: ReportData, ece: Estimate | None, gold: GoldView) -> Iterator[str]:
    yield from _standing(data)
    made = data.made
    rest = f"{number(made.items - made.covered)} got no vote"
    rest += f", {number(made.without_a_guess)} are guessed" if made.without_a_guess else ""
    rest += f", {number(made.tied)} are tied" if made.tied else ""
    share = percent(made.labelled, made.items)
    yield f"{number(made.labelled)} of {number(made.items)} items ({share}) have a label; {rest}."
    if made.without_a_guess:
        yield (
            f"{counted(made.guessed, 'guessed item')} {'has' if made.guessed == 1 else 'have'} no label: votes leave"
            " several labels, and nothing says which of them."
        )
    elif made.guessed:
        yield (
            f"{counted(made.guessed, 'item')} with votes for several labels alone got the likeliest of them, which is"
            " little more than a guess."
        )
    judged = bool(data.scores and data.scores[0].agreement.covered)
    if judged:
        score, sets = data.scores[0].agreement, data.scores[0].membership
        yield (
            f"On {number(score.covered)} judged items, of {counted(sets.n, 'item')} with dev gold,"
            f" {as_percent(score.accuracy)} of the labels are right; macro-F1 is {estimate(score.macro_f1)}."
        )
        if ece is not None:
            off = as_percent(ece)
            yield f"How sure the label model is differs from how often it is right by {off} on average (ECE)."
    elif data.scores and data.scores[0].membership.covered:
        sets = data.scores[0].membership
        several, one = counted(sets.n - sets.exact, "item"), number(sets.exact)
        yield (
            f"Dev gold of earlier versions leaves several labels possible on each of {several} and names one on {one};"
            f" on {number(sets.covered)} of them there are votes, and the label is a possible one on"
            f" {as_percent(sets.share)}. For more, let people label some again."
        )
    else:
        yield (
            "No dev gold speaks of these labels, so nobody can tell how good they are:"
            f" retrolabel gold import {data.task} takes some in."
        )
    if gold.whole is not None or data.gold_items:
        yield gold.verdict + (" The share above is of the judged gold items alone." if gold.whole and judged else "")
    if data.against is not None:
        yield _flip_sentence(data)
    failing = len({fault.lf for fault in data.faults})
    if data.fault_count:
        faults, lfs = counted(data.fault_count, "fault"), counted(failing, "labeling function")
        yield f"{faults} in {lfs}: no vote came of {'it' if data.fault_count == 1 else 'them'}."
    elif data.skipped:
        yield "None of the labeling functions that are in this label set failed."
    else:
        yield "No labeling function failed."


def _flip_sentence(data: ReportData) -> str:
    counts = dict.fromkeys(KINDS, 0)
    for flip in data.flips:
        counts[flip.kind] += flip.items
    unlabelled = sum(flip.items for flip in data.flips if flip.before == flip.after == NO_LABEL)
    counts["kept"] -= unlabelled
    told = {
        "kept": "kept their label",
        "step": f"follow a step to version {data.made.version}",
        "against": "have a label that no step leads to",
        "changed": "changed their label",
        "gained": "had none and have one now",
        "lost": "lost theirs",
    }
    both = sum(flip.items for flip in data.flips)
    listed = [f"{number(counts[kind])} {what}" for kind, what in told.items() if counts[kind]]
    return (
        f"Of {number(both)} items that the label set before holds too, {', '.join(listed) or 'none has a label'};"
        f" {counted(data.new_items, 'item')} {'is' if data.new_items == 1 else 'are'} new."
    )
