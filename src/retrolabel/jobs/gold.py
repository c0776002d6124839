"""Take human labels in: all of a file, or nothing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrolabel.errors import GoldError, Problem, nearest
from retrolabel.gold.adjudication import ROLES, SAMPLINGS, HumanLabel, adjudicate
from retrolabel.jobs.quarantine import quarantine
from retrolabel.schema.fingerprints import digest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from retrolabel.jobs.ports import Catalog, Objects
    from retrolabel.schema.versions import LabelSchema

SHOWN = 20
MOST_STRANGE = 0.1
"""The share of rows on unknown items above which a file of gold is refused."""
UNNAMED = "unnamed"


@dataclass(frozen=True)
class GoldRow:
    """One row of a file of human labels, before it is checked."""

    line: int
    item_id: str | None
    label: str | None
    annotator: str | None = None
    role: str | None = None
    rationale: str | None = None
    labelled_at: datetime | None = None


@dataclass(frozen=True)
class GoldReport:
    """What an import of human labels did.

    Attributes:
        task: The task.
        rows: Rows read.
        added: Labels that are new.
        known: Labels that the store had already.
        unlabelled: Rows without a label, which say that the person gave none.
        roles: Role -> number of labels in the file.
        ties: Items of the task that are excluded because people were tied.
        quarantined: Rows put aside, because the source does not have their item.
        quarantine: Where they are, if there are any.
    """

    task: str
    rows: int
    added: int
    known: int
    unlabelled: int
    roles: Mapping[str, int]
    ties: int
    quarantined: int = 0
    quarantine: str | None = None


def import_gold(  # noqa: PLR0913 - a use case with its options
    rows: Sequence[GoldRow],
    *,
    file: str,
    task: str,
    source: str,
    schema: LabelSchema,
    map_label: Mapping[str, str],
    role: str | None,
    map_role: Mapping[str, str],
    sampling: str,
    catalog: Catalog,
    objects: Objects,
    at: datetime,
) -> GoldReport:
    """Append human labels.

    A fault of the file refuses all of it. Rows on items that the source does not have (which may be in
    its own quarantine) are put aside and said; most of a file of such rows is a fault.

    Args:
        rows: The file's rows.
        file: Its name, for messages.
        task: The task.
        source: The source of the items.
        schema: The version that the people labelled under.
        map_label: Stored value -> label id (or "" for: this is no label).
        role: The role of all rows, unless they bring their own.
        map_role: The file's role -> ours.
        sampling: How the items were chosen: ``random``, ``stratified`` or ``other``.
        catalog: Where the labels go.
        objects: Where rows that are put aside go.
        at: Now.

    Raises:
        GoldError: With every fault of the file: unknown labels with their counts and the nearest
            label, roles, mostly items that do not exist, items that are in dev and test at once.
    """
    problems: list[Problem] = []
    if sampling not in SAMPLINGS:
        problems.append(Problem("--sampling", f"{sampling!r} is none of {', '.join(SAMPLINGS)}"))
    labels = _labels(rows, schema, map_label, problems)
    roles = _roles(rows, role, map_role, problems)
    revisions = catalog.revisions(source, sorted({row.item_id for row in rows if row.item_id}))
    strange = _strange_items(rows, source, revisions, catalog, problems)
    said = [
        (
            row,
            HumanLabel(
                source,
                row.item_id,
                row.annotator or UNNAMED,
                label,
                schema.version,
                chosen,
                revisions[row.item_id],
                sampling,
            ),
        )
        for row, label, chosen in zip(rows, labels, roles, strict=True)
        if label and chosen and row.item_id in revisions
    ]
    if not problems:
        problems += _mixed_roles(catalog.human_labels(task), [label for _, label in said])
    if problems:
        raise GoldError(f"{file}: these human labels cannot be taken in; nothing was stored.", problems=problems)
    extra = [{"rationale": row.rationale, "labelled_at": row.labelled_at, "imported_at": at} for row, _ in said]
    name = f"gold-{task}/{digest([str(problem) for problem in strange])[:16]}"
    aside = quarantine(name, strange, objects) if strange else None
    added = catalog.add_human_labels(task, [label for _, label in said], extra)
    return GoldReport(
        task,
        len(rows),
        added,
        len(said) - added,
        labels.count(None),
        dict(Counter(label.role for _, label in said)),
        len(adjudicate(catalog.human_labels(task)).ties),
        len(strange),
        objects.locate(aside) if aside else None,
    )


def _labels(
    rows: Sequence[GoldRow], schema: LabelSchema, map_label: Mapping[str, str], problems: list[Problem]
) -> list[str | None]:
    """Return the label id of each row, ``None`` where it has none."""
    problems += [
        _unknown(f"--map-label ...={target}", target, 0, schema)
        for target in sorted(set(map_label.values()) - {""})
        if schema.parse(target) is None
    ]
    unknown: Counter[str] = Counter()
    lines: dict[str, int] = {}
    found: list[str | None] = []
    for row in rows:
        value = map_label.get(row.label, row.label) if row.label is not None else None
        label = schema.parse(value) if value else None
        if value and label is None:
            unknown[value] += 1
            lines.setdefault(value, row.line)
        found.append(label.id if label else None)
    problems += [_unknown(f"line {lines[value]}", value, count, schema) for value, count in unknown.most_common(SHOWN)]
    return found


def _unknown(where: str, value: str, count: int, schema: LabelSchema) -> Problem:
    other = next((v for v in schema.lineage() if v is not schema and v.parse(value)), None)
    times = f" ({count:,} rows)" if count > 1 else ""
    if other is not None:
        return Problem(where, f"{value!r}{times} is a label of {other}, not of {schema}", f"--schema {other.version}")
    near = nearest(value, schema.ids)
    remedy = (
        f'if that is what it means: --map-label "{value}={near}"'
        if near
        else f'say what it means: --map-label "{value}=LABEL", or "{value}=" if it is no label'
    )
    return Problem(where, f"{value!r}{times} is no label of {schema}; it has {', '.join(schema.ids)}", remedy)


def _roles(
    rows: Sequence[GoldRow], role: str | None, map_role: Mapping[str, str], problems: list[Problem]
) -> list[str | None]:
    found = [map_role.get(row.role, row.role) if row.role is not None else role for row in rows]
    wrong = Counter(value for value in found if value is not None and value not in ROLES)
    for value, count in wrong.most_common(SHOWN):
        problems.append(
            Problem(f"role {value!r}", f"({count:,} rows) is none of {', '.join(ROLES)}", f'--role-map "{value}=dev"')
        )
    if None in found:
        missing = sum(value is None for value in found)
        problems.append(Problem("role", f"{missing:,} rows have none", "--role dev, or --role-column COLUMN"))
    return [value if value in ROLES else None for value in found]


def _strange_items(
    rows: Sequence[GoldRow], source: str, revisions: Mapping[str, str], catalog: Catalog, problems: list[Problem]
) -> list[Problem]:
    """Return a problem for each row on an item that the source lacks; many of them are a fault of the file."""
    without = [row.line for row in rows if not row.item_id]
    if without:
        problems.append(Problem(f"line {without[0]}", f"has no item id ({len(without):,} rows like it)"))
    strange = [row for row in rows if row.item_id and row.item_id not in revisions]
    known = list(catalog.sources())
    if strange and source not in known:
        has = f"the store has {', '.join(known)}" if known else "the store has none yet"
        problems.append(Problem(f"--source {source}", f"there is no such source; {has}", "ingest its items first"))
    elif len(strange) > len(rows) * MOST_STRANGE:
        listed = ", ".join(str(row.item_id) for row in strange[:SHOWN]) + (", ..." if len(strange) > SHOWN else "")
        what = f"does not have the items of {len(strange):,} of {len(rows):,} rows: {listed}"
        problems.append(Problem(f"source {source}", what, "ingest them first; or is --item the right column?"))
    return [Problem(f"line {row.line}", f"the source {source} has no item {row.item_id!r}") for row in strange]


def _mixed_roles(stored: Sequence[HumanLabel], new: Sequence[HumanLabel]) -> list[Problem]:
    """Return a problem for items that would be looked at in development and tested on."""
    roles: dict[tuple[str, str], set[str]] = {}
    for label in [*stored, *new]:
        roles.setdefault((label.source, label.item_id), set()).add(label.role)
    both = [item_id for (_, item_id), found in roles.items() if "test" in found and len(found) > 1]
    if not both:
        return []
    listed = ", ".join(both[:SHOWN]) + (", ..." if len(both) > SHOWN else "")
    return [
        Problem(
            "role", f"{len(both):,} items would be test gold and something else at once: {listed}", "one role an item"
        )
    ]
