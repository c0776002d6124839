"""What the labels of two versions have in common: the finest labels in which answers of both can be compared.

Labels that the steps relate are one: of a split the whole, of a merge the merged one. A label that was redefined keeps
its id, and is compared with itself: each version's answers are held against each other, never against the other's.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from retrolabel.jobs.gold.reading import in_order

if TYPE_CHECKING:
    from collections.abc import Mapping

    from retrolabel.schema.history import History
    from retrolabel.schema.versions import LabelSchema


@dataclass(frozen=True)
class CommonMeaning:
    """The labels of two versions as labels that both have.

    Attributes:
        names: The common labels, in the order of the newer version (by rank on an ordinal scale).
        before: Label of the older version -> its common label.
        after: Label of the newer version -> its common label.
        new: Labels of the newer version that nothing leads to.
        gone: Labels of the older version that lead nowhere.
        finer: Common label -> the labels that it holds on the side that has several.
    """

    names: tuple[str, ...]
    before: Mapping[str, str]
    after: Mapping[str, str]
    new: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    finer: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def common(self, label: str) -> str | None:
        """Return the common label of a label of either version; ``None`` where neither has it."""
        return self.after.get(label) or self.before.get(label)


def common_meaning(history: History, before: LabelSchema, after: LabelSchema) -> CommonMeaning:
    """Return the finest labels in which the answers of two versions can be compared.

    Args:
        history: The versions of the task.
        before: The older version.
        after: The newer one.

    Example:
        >>> from retrolabel.schema.history import History
        >>> from retrolabel.schema.labels import Label
        >>> from retrolabel.schema.steps import Split
        >>> from retrolabel.schema.versions import LabelSchema
        >>> v1 = LabelSchema(task="thumbs", version="1.0.0", labels=[Label("good"), Label("bad")])
        >>> v2 = LabelSchema(task="thumbs", version="2.0.0", revises=v1, labels=[Label("good"), Label("slow"),
        ...                  Label("wrong")], steps=[Split("bad", into=["slow", "wrong"])])
        >>> found = common_meaning(History([v1, v2]), v1, v2)
        >>> found.names, found.after["slow"]
        (('good', 'bad'), 'bad')
    """
    relation = history.relation(before.version, after.version)
    leads: dict[str, frozenset[str]] = {
        label: frozenset() if label in relation.unknown else after.taxonomy.leaves_of(relation.project(label))
        for label in before.leaves
    }
    groups: list[tuple[list[str], list[str]]] = []
    for label in after.leaves:
        mine = [old for old in before.leaves if label in leads[old]]
        joined = [group for group in groups if label in group[1] or set(mine) & set(group[0])]
        for group in joined:
            groups.remove(group)
        olds = [old for old in before.leaves if old in mine or any(old in group[0] for group in joined)]
        news = [new for new in after.leaves if new == label or any(new in group[1] for group in joined)]
        groups.append((olds, news))
    order = {label: place for place, label in enumerate(in_order(after))}
    groups.sort(key=lambda group: min(order[new] for new in group[1]))
    groups += [([old], []) for old in before.leaves if not leads[old]]
    names = _names(groups)
    return CommonMeaning(
        tuple(names),
        {old: name for name, (olds, _) in zip(names, groups, strict=True) for old in olds},
        {new: name for name, (_, news) in zip(names, groups, strict=True) for new in news},
        tuple(news[0] for olds, news in groups if not olds),
        tuple(olds[0] for olds, news in groups if not news),
        {
            name: tuple(news if len(news) >= len(olds) else olds)
            for name, (olds, news) in zip(names, groups, strict=True)
            if max(len(olds), len(news)) > 1
        },
    )


def _names(groups: list[tuple[list[str], list[str]]]) -> list[str]:
    """Return a name for each group: that of the side that has one label, else all of the newer one's."""
    names = [news[0] if len(news) == 1 else olds[0] if len(olds) == 1 else "|".join(news) for olds, news in groups]
    twice = {name for name, times in Counter(names).items() if times > 1}
    return [
        "|".join(news or olds) + ("" if news else " (gone)") if name in twice else name
        for name, (olds, news) in zip(names, groups, strict=True)
    ]
