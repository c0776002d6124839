"""One of two label sets that are compared: its votes, its labels, and what it was made with."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from retrolabel.analysis.label_changes import Said
from retrolabel.jobs.records.sitting_out import skipped_in
from retrolabel.label_models.deciding import Deciding
from retrolabel.votes import membership

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from retrolabel.jobs.records.label_sets import LabelSet
    from retrolabel.votes import VoteMatrix

    Ids = frozenset[str]


@dataclass(frozen=True, eq=False)
class Side:
    """A label set, as far as a comparison needs it; all of it comes from the label set's own files.

    Attributes:
        label_set: The label set.
    """

    label_set: LabelSet

    @property
    def inputs(self) -> Mapping[str, Any]:
        """All that its id is the hash of."""
        inputs: Mapping[str, Any] = self.label_set.manifest["inputs"]
        return inputs

    @property
    def version(self) -> str:
        """The schema version."""
        return self.label_set.record.schema_version

    @property
    def labels(self) -> tuple[str, ...]:
        """The label ids."""
        return self.label_set.labels

    @cached_property
    def keys(self) -> dict[str, str]:
        """LF -> key, in the order of the columns."""
        return {lf["name"]: lf["key"] for lf in self.inputs["lfs"]}

    @cached_property
    def skipped(self) -> dict[str, str]:
        """LF -> why it sat out, in a few words."""
        return {each["name"]: each["brief"] for each in skipped_in(self.label_set.manifest)}

    @property
    def deciding(self) -> Deciding:
        """What the task wanted of items on which the evidence is thin; older label sets labelled guesses."""
        found = self.inputs.get("labels", {"guesses": "label", "abstain_below": 0.0})
        return Deciding(found["guesses"], float(found["abstain_below"]))

    @property
    def settings(self) -> dict[str, Any]:
        """The label model's settings."""
        return dict(self.inputs["label_model"])

    @cached_property
    def votes(self) -> VoteMatrix:
        """Its votes, a row a pattern."""
        return self.label_set.votes()

    @cached_property
    def sets(self) -> list[Ids]:
        """The label sets that the codes of its votes stand for, from 1."""
        return [frozenset(self.labels[place] for place in symbol) for symbol in self.votes.symbols]

    def column(self, lf: str) -> npt.NDArray[np.int64]:
        """Return the votes of an LF, int [U]; 0 abstains."""
        return np.asarray(self.votes.codes[:, list(self.keys).index(lf)], np.int64)

    def says(self, lf: str) -> dict[str, Ids | None]:
        """Return the stored form of each vote that an LF declares -> what it is here; ``None`` where it is suspect."""
        read = next(each["votes"] for each in self.inputs["lfs"] if each["name"] == lf)
        recorded = self.label_set.manifest["recorded"].get("lfs", ())
        declared: list[str] = next((each["votes"] for each in recorded if each["name"] == lf), [])
        return {text: frozenset(read[text]) if text in read else None for text in sorted({*read, *declared})}

    @cached_property
    def probabilities(self) -> npt.NDArray[np.float64]:
        """The probability of each label, by pattern: float [U, k]."""
        return self.label_set.probabilities

    @cached_property
    def said(self) -> Said:
        """What it says of each pattern."""
        table = self.label_set.patterns
        labels = pa.array(self.labels, pa.string())
        given = pc.index_in(table.column("label").cast(pa.string()), labels).fill_null(NO_LABEL).to_numpy()
        nobody = np.zeros(table.num_rows, np.bool_)
        if "guessed" not in table.column_names:
            return Said.of(given.astype(np.int64), nobody, np.zeros((table.num_rows, len(self.labels)), np.bool_))
        coded = table.column("partial").combine_chunks()
        coded = coded if pa.types.is_dictionary(coded.type) else coded.dictionary_encode()
        places = {label: place for place, label in enumerate(self.labels)}
        texts = [
            tuple(sorted(places[each] for each in text.split("|") if each)) for text in coded.dictionary.to_pylist()
        ]
        known = membership(texts, len(self.labels))
        known[0] = False
        partial = known[coded.indices.fill_null(NO_LABEL).to_numpy(zero_copy_only=False).astype(np.int64) + 1]
        return Said.of(given.astype(np.int64), np.asarray(table.column("guessed")), partial)


NO_LABEL = -1
