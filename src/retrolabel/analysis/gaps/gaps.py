"""What the labeling functions of a task leave open, as clusters of items; as values, frames and text."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from retrolabel.analysis.errors import sets_of
from retrolabel.analysis.gaps.kinds import TOLD, left_by
from retrolabel.analysis.gaps.pairs import conflicting_pairs
from retrolabel.analysis.lf_months import by_month
from retrolabel.analysis.lists_of_terms import REGEX, as_name, kind_of, lf_of_terms, pattern_of
from retrolabel.errors import counted
from retrolabel.gold.agreement import wilson
from retrolabel.labeling.words import words_of
from retrolabel.votes import VoteMatrix

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import numpy.typing as npt

    from retrolabel.analysis.gaps.clusters import Cluster, Gap
    from retrolabel.analysis.gaps.examples import Example, Items
    from retrolabel.analysis.gaps.pairs import Pair
    from retrolabel.analysis.lf_months import Months
    from retrolabel.analysis.trying.values import Ground

    Ints = npt.NDArray[np.int64]

MOST = 3
"""Pairs, and sets of labels, that are told of a cluster."""
HALF = 0.5
IN_A_NOTEBOOK = 5
COLUMNS = ["kind", "items", "share", "terms", "told", "elsewhere", "gold", "left", "pairs", "first", "last"]


@dataclass(frozen=True, eq=False, repr=False)
class Gaps:
    """What is left open; :attr:`clusters` is a frame, :meth:`examples` has the items of a cluster.

    Attributes:
        task: The task.
        version: The schema version in which votes are read.
        columns: The columns of texts by which items are alike.
        found: What is left open of each kind that was asked for.
        ground: What is known of the items; its ``others`` are the votes of all labeling functions.
        order: int [n]: the items in an order that has nothing to do with what they say.
        days: int [n]: the day of each since 1970-01-01.
        test_items: How many items were left out, since test gold is on them.
        notes: What a person should know of it.
        items: Asked for what is shown of an item.
    """

    task: str
    version: str
    columns: tuple[str, ...]
    found: tuple[Gap, ...]
    ground: Ground = field(kw_only=True)
    order: Ints = field(kw_only=True)
    days: Ints = field(kw_only=True)
    test_items: int = 0
    notes: Sequence[str] = ()
    items: Items = field(kw_only=True)

    @cached_property
    def clusters(self) -> pd.DataFrame:
        """A row a cluster, those of a kind together, the best told first.

        ``items`` and ``share`` (of the draw), ``terms``, ``told`` (items that hold one of them) and ``elsewhere``
        (other items that do), ``gold`` (what dev gold says of its items), ``left`` (the labels that votes leave, where
        it is guessed), ``pairs`` (who conflicts), ``first`` and ``last`` month.
        """
        return pd.DataFrame([self._row(gap, each) for gap in self.found for each in gap.clusters], columns=COLUMNS)

    def _row(self, gap: Gap, cluster: Cluster) -> dict[str, Any]:
        plain = self._plain(gap, cluster)
        months = [name for name, count in plain["by_month"].items() if count]
        pairs = [f"{pair['lf']} / {pair['other']} ({pair['against']:,})" for pair in plain.get("pairs", ())]
        return {
            **{name: plain[name] for name in ("items", "share", "told", "elsewhere")},
            "kind": gap.kind,
            "terms": ", ".join(each.term for each in cluster.terms),
            "gold": _listed(plain["gold"]),
            "left": _listed(plain.get("left", {})),
            "pairs": ", ".join(pairs),
            "first": months[0] if months else None,
            "last": months[-1] if months else None,
        }

    @property
    def drawn(self) -> int:
        """How many items of the draw were looked at."""
        return int(self.ground.drawn.sum())

    def share(self, items: int) -> float:
        """Return the share of some items of the draw."""
        return items / max(self.drawn, 1)

    def months(self, rows: Sequence[int]) -> Months:
        """Return how many items of each month, of the draw, are among some."""
        drawn = np.flatnonzero(self.ground.drawn)
        member = np.full((len(self.ground.drawn), 1), -1)
        member[list(rows)] = 0
        return by_month(VoteMatrix.from_ints(member[drawn], labels=2), self.days[drawn])

    def gold(self, cluster: Cluster) -> Counter[str]:
        """Return what dev gold says of a cluster's items: ``slow``, ``slow|wrong`` -> how many."""
        rows = [row for row in cluster.rows if self.ground.has_gold[row]]
        return Counter(sets_of(self.ground.labels, self.ground.gold[rows]))

    def left(self, cluster: Cluster) -> Counter[str]:
        """Return the labels that votes leave on a cluster's items of the draw: ``slow|wrong`` -> how many."""
        rows = np.array([row for row in cluster.rows if self.ground.drawn[row]], np.int64)
        return Counter(each or "none" for each in sets_of(self.ground.labels, left_by(self.ground.others.rows(rows))))

    def said(self, cluster: Cluster) -> Counter[str]:
        """Return what the newest label set says of a cluster's items of the draw; empty where it has no label."""
        labels = self.ground.labels
        places = [int(self.ground.said[row]) for row in cluster.rows if self.ground.drawn[row]]
        return Counter(labels[place] if place >= 0 else "" for place in places) if self.ground.judged_by else Counter()

    def pairs(self, cluster: Cluster) -> list[Pair]:
        """Return the labeling functions that conflict on a cluster's items, those that do most often first."""
        rows, ground = np.array(cluster.rows), self.ground
        part = replace(
            ground,
            drawn=ground.drawn[rows],
            others=ground.others.rows(rows),
            gold=ground.gold[rows],
            said=ground.said[rows],
            sure=ground.sure[rows],
        )
        return conflicting_pairs(part, np.arange(len(rows)))

    def examples(self, cluster: Cluster, most: int = 3) -> list[Example]:
        """Return items of a cluster, its terms marked: those that hold most of them first, equal texts once."""
        return self._shown(cluster.rows, [each.term for each in cluster.terms], most)

    def others(self, gap: Gap, most: int = 3) -> list[Example]:
        """Return items of a kind that are in no cluster, equal texts once."""
        return self._shown(gap.rest, (), most)

    def _shown(self, rows: Sequence[int], terms: Sequence[str], most: int) -> list[Example]:
        finder = lf_of_terms("terms", terms, self.columns) if terms else None
        shown, votes = [], self.ground.others
        for row, alike in self.items.distinct(rows, self.columns, most):
            texts = self.items.values(row, self.columns)
            words = {"terms": words_of(finder, texts)} if finder is not None else {}
            lfs = [lf for lf, code in zip(votes.voters, votes.codes[row].tolist(), strict=True) if code]
            example = self.items.example(row, self.ground, columns=self.columns, lfs=lfs, words=words, alike=alike)
            shown.append(example)
        return shown

    def wish(self, cluster: Cluster) -> list[str]:
        """Return the words of the command that writes a labeling function for a cluster: ``retrolabel lf new ...``.

        The label is one that, by dev gold, more than half of its items have, as sure as 95 % (the lower end of Wilson's
        interval); else ``LABEL`` stands for it, and a person decides.
        """
        gold = self.gold(cluster)
        (label, most), total = (gold.most_common(1) or [("", 0)])[0], gold.total()
        sure = "|" not in label and (wilson(most, total).low or 0.0) > HALF
        terms = [each.term for each in cluster.terms]
        name = f"says_{as_name(terms[0]) or 'it'}"
        words = ["retrolabel", "lf", "new", self.task, name, "--label", label if sure else "LABEL"]
        if len(self.columns) > 1:
            words += ["--column", Counter(each.column for each in cluster.terms).most_common(1)[0][0]]
        if kind_of(terms) == REGEX:
            return [*words, "--from", REGEX, "--pattern", pattern_of(terms)]
        return [*words, "--words", ",".join(terms)]

    def told(self) -> Iterator[str]:
        """Yield what is open of each kind, a sentence each."""
        of = counted(self.drawn, "item")
        if self.ground.total > self.drawn + self.test_items:
            of += f" drawn of {self.ground.total:,}"
        yield f"{self.task} {self.version}: {of}, alike by {', '.join(self.columns)}"
        if self.test_items:
            yield f"{counted(self.test_items, 'item')} with test gold are left out"
        for gap in self.found:
            yield self.told_of(gap)

    def told_of(self, gap: Gap) -> str:
        """Return how much is open of a kind, in a sentence."""
        if not gap.items:
            return f"{gap.kind}: none ({TOLD[gap.kind]})"
        size = f"{counted(gap.items, 'item')}, {self.share(gap.items):.1%}"
        rest = f", {gap.rest_items:,} in none" if gap.rest_items else ""
        return f"{gap.kind}: {size} ({TOLD[gap.kind]}); {counted(len(gap.clusters), 'cluster')}{rest}"

    def _plain(self, gap: Gap, cluster: Cluster) -> dict[str, Any]:
        """Return a cluster as plain data, without its items."""
        months = self.months(cluster.rows)
        found: dict[str, Any] = {
            "items": cluster.items,
            "share": self.share(cluster.items),
            "terms": [each._asdict() for each in cluster.terms],
            "told": cluster.told,
            "elsewhere": cluster.elsewhere,
            "says_the_same": cluster.says_the_same,
            "by_month": dict(zip(months.names, months.fired[0].tolist(), strict=True)) if months.names else {},
            "gold": dict(self.gold(cluster).most_common()),
        }
        if gap.kind == "guessed":
            found["left"] = dict(self.left(cluster).most_common())
        if gap.kind == "conflicting":
            found["pairs"] = [pair.as_dict() for pair in self.pairs(cluster)[:MOST]]
            said = self.said(cluster).most_common()
            found["label_set"] = [{"label": label or None, "items": count} for label, count in said]
        return found

    def as_dict(self, limit: int | None = None, examples: int = 3) -> dict[str, Any]:
        """Return it as plain data.

        Args:
            limit: How many clusters of each kind; all if left out.
            examples: How many items of each.
        """
        return {
            "task": self.task,
            "schema_version": self.version,
            "label_set": self.ground.judged_by or None,
            "items": self.drawn,
            "live_items": self.ground.total,
            "test_items_left_out": self.test_items,
            "columns": list(self.columns),
            "gaps": [self._gap(gap, limit, examples) for gap in self.found],
            "notes": list(self.notes),
        }

    def _gap(self, gap: Gap, limit: int | None, examples: int) -> Mapping[str, Any]:
        return {
            "kind": gap.kind,
            "items": gap.items,
            "share": self.share(gap.items),
            "clusters": [
                {**self._plain(gap, each), "examples": [shown.as_dict() for shown in self.examples(each, examples)]}
                for each in gap.clusters[:limit]
            ],
            "clusters_in_all": len(gap.clusters),
            "in_no_cluster": {
                "items": gap.rest_items,
                "examples": [shown.as_dict() for shown in self.others(gap, examples)],
            },
        }

    def __repr__(self) -> str:
        """Return what is open, and where to look."""
        return "\n".join([*self.told(), *self.notes, "look at .clusters (a frame), .examples(cluster)"])

    def _repr_html_(self) -> str:
        """Return the first clusters, each with an item, its terms marked, for a notebook."""
        rows = []
        for gap in self.found:
            for cluster in gap.clusters[:IN_A_NOTEBOOK]:
                terms = ", ".join(each.term for each in cluster.terms) or "all say the very same"
                cells = (gap.kind, f"{cluster.items:,}", terms, _listed(self.gold(cluster)))
                shown = "<hr>".join(each.as_html() for each in self.examples(cluster, 1))
                rows.append(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}<td>{shown}</td></tr>")
        head = "<tr><th></th><th>items</th><th>terms</th><th>gold</th><th>text</th></tr>"
        lines = "<br>".join(map(escape, (*self.told(), *self.notes)))
        return f"<p>{lines}</p><table>{head}{''.join(rows)}</table>"


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in Counter(counts).most_common(MOST))
