"""The book of gold: what people said, and who looked at the test gold."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from retrolabel.gold.adjudication import HumanLabel, standing
from retrolabel.jobs.gold.retiring import BROUGHT_BACK, TAKEN_BACK
from retrolabel.jobs.records.gold import Answer, Batch, DrawnItem
from retrolabel.schema.fingerprints import digest
from retrolabel.storage import tables as t
from retrolabel.storage.connections import select_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from retrolabel.jobs.records.gold import Key
    from retrolabel.storage.connections import Connections


OF_A_DRAW = ("batch", "inclusion", "near_test")
"""What of a human label is no part of what was said."""


class SqlGoldBook:
    """What the catalog knows of human labels.

    Args:
        connections: The database.
    """

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def add(
        self, task: str, labels: Sequence[HumanLabel], extra: Sequence[Mapping[str, Any]], batch: Batch | None = None
    ) -> int:
        """Append human labels that are not there yet; return how many were new.

        Args:
            task: The task.
            labels: What people said.
            extra: For each label: ``rationale``, ``labelled_at``, ``imported_at``, ``seconds``.
            batch: The draw of those that come from none yet; it is there once one of them is.
        """
        rows: dict[str, dict[str, Any]] = {}
        for label, more in zip(labels, extra, strict=True):
            values = asdict(label)
            draw = {name: values.pop(name) for name in ("batch", "inclusion")}
            values.pop("near_test")
            identity = _identity(task, values, more["labelled_at"])
            rows.setdefault(identity, {**values, **more, **draw, "task": task, "identity": identity})
        with self._connections.writing() as connection:
            present = {
                row["identity"] for row in select_in(connection, t.human_labels, t.human_labels.c.identity, list(rows))
            }
            new = [row for identity, row in rows.items() if identity not in present]
            undrawn = [row for row in new if row["batch"] is None]
            if batch is not None and undrawn:
                made = connection.execute(sa.insert(t.batches).values(asdict(batch)).returning(t.batches.c.id))
                number = int(made.scalar_one())
                for row in undrawn:
                    row["batch"] = number
            if new:
                connection.execute(sa.insert(t.human_labels), new)
        return len(new)

    def new_among(self, task: str, labels: Sequence[HumanLabel]) -> list[HumanLabel]:
        """Return those of some labels that are not there yet, each once; nothing is stored."""
        rows: dict[str, HumanLabel] = {}
        for label in labels:
            values = {name: value for name, value in asdict(label).items() if name not in OF_A_DRAW}
            rows.setdefault(_identity(task, values, label.labelled_at), label)
        known = self._connections.rows_in(t.human_labels, t.human_labels.c.identity, list(rows))
        present = {row["identity"] for row in known}
        return [label for identity, label in rows.items() if identity not in present]

    def human_labels(self, task: str, until: datetime | None = None) -> list[HumanLabel]:
        """Return all human labels of a task, or those that were there at a time, in the order in which they came.

        What was taken back or brought back has no time of its own: its time is that of the command, and it
        follows what was said before.
        """
        return [answer.label for _, answer in self._answers(task, until)]

    def answers(self, task: str) -> list[Answer]:
        """Return the same, each with its rationale and seconds; what a command says of itself is no rationale."""
        return [answer for _, answer in self._answers(task)]

    def answers_on(self, task: str, source: str, item_id: str) -> list[Answer]:
        """Return those on one item; no other answer is read."""
        return [answer for _, answer in self._answers(task, item=(source, item_id))]

    def _answers(
        self, task: str | None, until: datetime | None = None, item: Key | None = None
    ) -> list[tuple[str, Answer]]:
        names = ["source", "item_id", "annotator", "label", "schema_version", "role", "revision", "sampling"]
        names += ["batch", "inclusion", "round"]
        more = ("task", "labelled_at", "imported_at", "rationale", "seconds")
        query = sa.select(*(t.human_labels.c[name] for name in (*names, *more))).order_by(t.human_labels.c.id)
        if task is not None:
            query = query.where(t.human_labels.c.task == task)
        if until is not None:
            query = query.where(t.human_labels.c.imported_at <= until)
        if item is not None:
            query = query.where(t.human_labels.c.source == item[0], t.human_labels.c.item_id == item[1])
        found: list[tuple[str, Answer]] = []
        rows = self._connections.rows(query)
        near = self._near_test(rows, item)
        for row in rows:
            of_command = _is_of_command(row)
            when = None if of_command else row["labelled_at"]
            is_near = (row["task"], row["source"], row["item_id"]) in near
            label = HumanLabel(**{name: row[name] for name in names}, labelled_at=when, near_test=is_near)
            rationale = None if of_command else row["rationale"]
            found.append((row["task"], Answer(label, rationale, row["seconds"], row["imported_at"])))
        return found

    def _near_test(self, labels: Sequence[Mapping[str, Any]], item: Key | None) -> set[tuple[str, str, str]]:
        """Return (task, source, item id) of the items that are near copies of an item with test gold."""
        query, c = sa.select(t.near_copies), t.near_copies.c
        if item is not None:
            query = query.where(c.source == item[0], c.item_id == item[1])
        copies = self._connections.rows(query)
        if not copies:
            return set()
        if item is not None:  # the labels at hand are its own alone
            h = t.human_labels.c
            labels = self._connections.rows(sa.select(h.task, h.source, h.item_id, h.role).where(h.role == "test"))
        test = {(row["task"], row["source"], row["item_id"]) for row in labels if row["role"] == "test"}
        return {
            (row["task"], row["source"], row["item_id"])
            for row in copies
            if (row["task"], row["of_source"], row["of_item_id"]) in test
        }

    def add_near_copies(self, task: str, pairs: Sequence[tuple[Key, Key]]) -> None:
        """Remember that items are near copies of others; what is known is passed over.

        Args:
            task: The task.
            pairs: An item, and the item with test gold that it is near.
        """
        names = ("source", "item_id", "of_source", "of_item_id")
        rows = {(*key, *other) for key, other in pairs}
        with self._connections.writing() as connection:
            known = connection.execute(
                sa.select(*(t.near_copies.c[name] for name in names)).where(t.near_copies.c.task == task)
            )
            new = sorted(rows - {tuple(row) for row in known})
            if new:
                values = [{"task": task, **dict(zip(names, row, strict=True))} for row in new]
                connection.execute(sa.insert(t.near_copies), values)

    def labelling_seconds(self, task: str) -> list[float]:
        """Return how long people took for a label of a task, where that is known."""
        c = t.human_labels.c
        query = sa.select(c.seconds).where(c.task == task, c.seconds.is_not(None)).order_by(c.id)
        return [float(row["seconds"]) for row in self._connections.rows(query)]

    def came_since(self, task: str, at: datetime) -> Mapping[str, int]:
        """Return role -> how many human labels of a task came after a time."""
        c = t.human_labels.c
        query = sa.select(c.role, sa.func.count().label("n")).where(c.task == task, c.imported_at > at).group_by(c.role)
        with self._connections.reading() as connection:
            return {str(row.role): int(row.n) for row in connection.execute(query)}

    def batches(self, task: str | None = None) -> Sequence[Mapping[str, Any]]:
        """Return the human labels that stand: task, source, role, version, sampling, labels, items, annotators, draw.

        The draw is that of their items: ``batch``, ``drawn`` items ``out_of`` those there were. What they may move
        in a label model is in ``moves``: ``shares`` of labels, and what ``labeling_functions`` are worth.
        """
        by = ("task", "source", "role", "schema_version", "sampling", "batch")
        tasks: dict[str, list[HumanLabel]] = {}
        for name, answer in self._answers(task):
            tasks.setdefault(name, []).append(answer.label)
        draws = {row["id"]: row for row in self._connections.rows(sa.select(t.batches))}
        batches: dict[tuple[Any, ...], list[HumanLabel]] = {}
        for name, labels in tasks.items():
            for label in standing(labels):
                batches.setdefault((name, *(getattr(label, column) for column in by[1:])), []).append(label)
        return [
            {
                **dict(zip(by, key, strict=True)),
                "labels": len(labels),
                "items": len({label.item_id for label in labels}),
                "annotators": len({label.annotator for label in labels}),
                "drawn": draws[key[-1]]["items"] if key[-1] in draws else None,
                "out_of": draws[key[-1]]["population"] if key[-1] in draws else None,
                "moves": _moves(labels),
            }
            for key, labels in sorted(batches.items(), key=lambda found: tuple(map(str, found[0])))
        ]

    def draws(self, task: str | None = None) -> Mapping[int, Batch]:
        """Return the number of each batch of a task, or of all -> the batch."""
        query = sa.select(t.batches).order_by(t.batches.c.id)
        rows = self._connections.rows(query if task is None else query.where(t.batches.c.task == task))
        return {row.pop("id"): Batch(**row) for row in rows}

    def remember(self, batch: Batch, items: Sequence[DrawnItem]) -> int:
        """Store a draw before its answers come, and return its number.

        Args:
            batch: The draw.
            items: What was drawn.
        """
        with self._connections.writing() as connection:
            made = connection.execute(sa.insert(t.batches).values(asdict(batch)).returning(t.batches.c.id))
            number = int(made.scalar_one())
            names = ("item_id", "revision", "inclusion")
            rows = [{"batch": number, **{name: getattr(item, name) for name in names}} for item in items]
            connection.execute(sa.insert(t.drawn_items), rows)
        return number

    def undo(self, number: int, at: datetime) -> None:
        """Mark a draw as taken back; what was drawn stays known.

        Args:
            number: The draw.
            at: Now.
        """
        with self._connections.writing() as connection:
            connection.execute(sa.update(t.batches).where(t.batches.c.id == number).values(undone_at=at))

    def drawn(self, task: str | None = None) -> Mapping[int, Sequence[DrawnItem]]:
        """Return the number of each draw that is remembered, of a task or all -> its items, in the order of their ids.

        An item is answered once it got a label after the draw, in whichever file that came.
        """
        draws, answered = self.draws(task), self._answered(task)
        query = sa.select(t.drawn_items).order_by(t.drawn_items.c.batch, t.drawn_items.c.item_id)
        found: dict[int, list[DrawnItem]] = {}
        for row in self._connections.rows(query.where(t.drawn_items.c.batch.in_(list(draws)))):
            draw = draws[row["batch"]]
            last = answered.get((draw.task, draw.source, row["item_id"]))
            said = last is not None and last >= draw.at
            found.setdefault(row["batch"], []).append(
                DrawnItem(row["item_id"], row["revision"], row["inclusion"], said)
            )
        return found

    def _answered(self, task: str | None) -> dict[tuple[str, str, str], datetime]:
        """Return (task, source, item id) -> when the last label of it came."""
        c = t.human_labels.c
        query = sa.select(c.task, c.source, c.item_id, c.imported_at).where(c.label != "").order_by(c.id)
        rows = self._connections.rows(query if task is None else query.where(c.task == task))
        return {(row["task"], row["source"], row["item_id"]): row["imported_at"] for row in rows}

    def log_look(self, task: str, label_set_id: str, at: datetime, who: str) -> int:
        """Log a look at the test gold and return how many there were with this one."""
        row = {"task": task, "label_set": label_set_id, "at": at, "who": who}
        with self._connections.writing() as connection:
            connection.execute(sa.insert(t.looks), row)
            return int(connection.execute(_looks_at(task)).scalar_one())

    def looks(self, task: str) -> int:
        """Return how often anybody has looked at a task's test gold; nothing is logged."""
        (row,) = self._connections.rows(_looks_at(task))
        return int(row["looks"])


def _identity(task: str, values: Mapping[str, Any], labelled_at: datetime | None) -> str:
    """Return what tells an answer from all others of a task; its round is part of it where it has one."""
    told = {name: value for name, value in values.items() if name != "round" or value is not None}
    return digest({"task": task, **told, "labelled_at": labelled_at.isoformat() if labelled_at else None})


def _is_of_command(row: Mapping[str, Any]) -> bool:
    """Return whether a command took an answer back, or brought it back: then its time says nothing of the person."""
    at_once = row["labelled_at"] == row["imported_at"]
    return at_once and (row["round"] is None or row["rationale"] in (TAKEN_BACK, BROUGHT_BACK))


def _looks_at(task: str) -> sa.Select[int]:
    """Return the question how many looks there were at a task's test gold."""
    return sa.select(sa.func.count().label("looks")).select_from(t.looks).where(t.looks.c.task == task)


def _moves(labels: Sequence[HumanLabel]) -> list[str]:
    """Return what human labels of one role and draw may move in a label model."""
    if labels[0].role != "dev":
        return []
    known = any(label.inclusion is not None for label in labels)
    return [*(["shares"] if known else []), "labeling_functions"]
