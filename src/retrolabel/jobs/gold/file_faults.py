"""What is wrong with a file of human labels: its roles, its source, items that are not there, times, names."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from retrolabel.errors import GoldError, Problem, counted, nearest
from retrolabel.gold.adjudication import ROLES, SAMPLINGS, standing
from retrolabel.jobs.gold.batches import waiting
from retrolabel.jobs.gold.meanings import SHOWN

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from retrolabel.gold.adjudication import HumanLabel
    from retrolabel.jobs.gold.batches import BatchOfItems
    from retrolabel.jobs.gold.rows import GoldRow
    from retrolabel.jobs.records.gold import Key
    from retrolabel.schema.versions import LabelSchema

MOST_STRANGE = 0.1
"""The share of rows on unknown items above which a file of gold is refused."""
FEW = 5
LIMIT = f"without it, up to {MOST_STRANGE:.0%} of a file are"


def sampling_told(said: str) -> str:
    """Return which sampling was meant, or what the common one says."""
    near = nearest(said, SAMPLINGS)
    return (
        f"--sampling {near}" if near else "--sampling random, if each item was as likely to be drawn; else leave it out"
    )


def refuse_multilabel(rows: Sequence[GoldRow], schema: LabelSchema, file: str) -> None:
    """Refuse human labels of a task whose items have several at once: none of them can be kept.

    Raises:
        GoldError: That, with how many answers choose several labels, and the first of them.
    """
    if schema.scale != "multilabel":
        return
    several = [row for row in rows if row.several]
    told = [Problem(row.place, f"chooses {', '.join(row.several)}") for row in several[:FEW]]
    raise GoldError(
        f"{schema} is multilabel: an item has several labels, and gold of that kind cannot be kept yet. {file} has"
        f" {counted(len(rows), 'answer')}, {len(several):,} of them with several labels; nothing was stored.",
        problems=told,
        remedy="a task of one label (nominal or ordinal) takes them, with --first-label where several are chosen;"
        " relation.project_presence reads several in another version, in memory",
    )


def unsound_sampling(sampling: str, rows: Sequence[GoldRow]) -> list[Problem]:
    """Return what is wrong with the design that items were drawn by."""
    found = []
    if sampling != "stratified" and any(row.probability for row in rows):
        what = "says with which probability items were drawn"
        found.append(Problem("--probability", what, "--sampling stratified is its design"))
    if sampling not in SAMPLINGS:
        what = f"{sampling!r} is none of {', '.join(SAMPLINGS)}"
        found.append(Problem("--sampling", what, sampling_told(sampling)))
    return found


def roles_of(
    rows: Sequence[GoldRow], role: str | None, map_role: Mapping[str, str], problems: list[Problem]
) -> list[str | None]:
    """Return the role of each row; ``None`` where it has none, which is a fault of the file."""
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


def check_source(source: str, known: Collection[str], problems: list[Problem]) -> None:
    """Say where the store has no source of this name."""
    if source in known:
        return
    has = f"the store has {', '.join(known)}" if known else "the store has none yet"
    near = nearest(source, known)
    remedy = f"--source {near}, if that is meant" if near else "ingest its items first: retrolabel ingest"
    problems.append(Problem(f"--source {source}", f"there is no such source; {has}", remedy))


def strange_items(
    rows: Sequence[GoldRow], source: str, known: Collection[str], most: float, problems: list[Problem]
) -> list[GoldRow]:
    """Return the rows on items that the source lacks; more than the share ``most`` are a fault of the file."""
    without = [row.place for row in rows if not row.item_id]
    if without:
        problems.append(
            Problem(
                without[0],
                f"has no item id ({counted(len(without), 'row')} like it)",
                "fill the column, or name another with --item; a second row of headers: --skip-rows 1",
            )
        )
    strange = [row for row in rows if row.item_id and row.item_id not in known]
    if len(strange) > len(rows) * most:
        listed = ", ".join(str(row.item_id) for row in strange[:SHOWN]) + (", ..." if len(strange) > SHOWN else "")
        what = f"does not have the items of {len(strange):,} of {len(rows):,} rows: {listed}"
        remedy = (
            "ingest them first; or is --item the right column? --match TEXT=COLUMN finds items by a text;"
            f" --skip-unknown-items puts them aside ({LIMIT})"
        )
        problems.append(Problem(f"source {source}", what, remedy))
    return strange


def untimely(
    rows: Sequence[GoldRow], lost: Collection[int], lines_once: Sequence[GoldRow], problems: list[Problem]
) -> list[GoldRow]:
    """Return the rows whose time cannot be kept; where no row has one that can, that is a fault of the file."""
    found = [row for row in lines_once if row.wrong_time and row.line not in lost]
    if found and not any(row.labelled_at for row in rows):
        problems += [Problem(row.place, str(row.wrong_time)) for row in found[:SHOWN]]
    return found


def mixed_roles(
    stored: Sequence[HumanLabel], new: Sequence[HumanLabel], batches: Sequence[BatchOfItems]
) -> list[Problem]:
    """Return a problem for each two roles that items would be in at once: labels of one, and waiting for another."""
    roles: dict[Key, dict[str, None]] = {}
    for label in [*standing(stored), *new]:
        roles.setdefault((label.source, label.item_id), {})[label.role] = None
    for key, drawn in waiting(batches).items():
        if key in roles:
            roles[key][drawn.batch.role] = None
    mixed: dict[tuple[str, ...], list[str]] = {}
    for label in new:
        found = roles[label.source, label.item_id]
        if len(found) > 1:
            mixed.setdefault(tuple(sorted(found)), []).append(label.item_id)
    return [
        Problem(
            "role",
            f"{counted(len(set(ids)), 'item')} would be {' and '.join(found)} gold at once: "
            + ", ".join(sorted(set(ids))[:SHOWN])
            + (", ..." if len(set(ids)) > SHOWN else ""),
            "an item is in one role",
        )
        for found, ids in sorted(mixed.items())
    ]


def nuls(rows: Sequence[GoldRow]) -> list[Problem]:
    """Return the rows whose words hold a NUL, which not every catalog can keep."""
    found = [row.place for row in rows if "\0" in (row.rationale or "") + (row.annotator or "")]
    what = "holds a NUL character in the reason or in the person's name"
    more = [Problem("and", f"{len(found) - SHOWN:,} more")] if len(found) > SHOWN else []
    return [Problem(place, what, "take it out") for place in found[:SHOWN]] + more
