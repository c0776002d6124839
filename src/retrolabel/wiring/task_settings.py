"""What the settings say of one task."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from retrolabel.errors import GoldError
from retrolabel.gold.deciding import Adjudication
from retrolabel.jobs.records.sitting_out import OnFault  # noqa: TC001 - pydantic reads it


class GateSettings(BaseModel):
    """What a label set has to do before consumers read it.

    Attributes:
        agreement: The least share of judged dev gold items that its labels are right on; no floor if left out.
        coverage_drop: How much lower than the current label set's its coverage may be, as a share of all items.
        flips: The largest share of items with a label in both that may have another one.
        shares: Whether the share of a label has to lie within what the months of its history allow.
        gold_per_label: The fewest dev gold items that each label has to have.
        sit_out: How many labeling functions may sit out (``on_fault``).
        by_hand: Whether a person promotes, also where no gate fails.
    """

    model_config = ConfigDict(extra="forbid")

    agreement: float | None = Field(default=None, ge=0, le=1)
    coverage_drop: float = Field(default=0.05, ge=0, le=1)
    flips: float = Field(default=0.2, ge=0, le=1)
    shares: bool = True
    gold_per_label: int = Field(default=0, ge=0)
    sit_out: int = Field(default=0, ge=0)
    by_hand: bool = False


class OneLfGateSettings(BaseModel):
    """What one labeling function has to do: tests that ``pytest labeling_functions`` runs; each is off if left out.

    Attributes:
        min_precision: The least share of its votes on dev gold that leave the gold label possible.
        max_conflict: The largest share of its votes that share no label with another labeling function's.
        max_coverage: The largest share of all items that it votes on.
    """

    model_config = ConfigDict(extra="forbid")

    min_precision: float | None = Field(default=None, ge=0, le=1)
    max_conflict: float | None = Field(default=None, ge=0, le=1)
    max_coverage: float | None = Field(default=None, ge=0, le=1)


class LfGateSettings(OneLfGateSettings):
    """What each labeling function of a task has to do, and what single ones have to do instead.

    Attributes:
        fewest: Below so many votes (on dev gold, for ``min_precision``) nothing is judged.
        lfs: Labeling function -> what it has to do instead; what is left out there is as for all.
    """

    fewest: int = Field(default=10, ge=1)
    lfs: dict[str, OneLfGateSettings] = Field(default_factory=dict)

    def of(self, lf: str) -> dict[str, float]:
        """Return gate -> limit of a labeling function."""
        own = self.lfs.get(lf, OneLfGateSettings())
        limits = {gate: getattr(own, gate) for gate in OneLfGateSettings.model_fields}
        chosen = {gate: getattr(self, gate) if limit is None else limit for gate, limit in limits.items()}
        return {gate: limit for gate, limit in chosen.items() if limit is not None}


class RetrainSettings(BaseModel):
    """When models that were trained on the labels of a task are due to be trained anew; each rule is off if left out.

    Attributes:
        new_labels: So many more items have a label.
        flips: So large a share of the items with a label in both has another one.
        gold_agreement: Labels are right on less than this share of dev gold.
        staleness: So many days have passed.
        schema_released: The labels are of another version.
        train: Whether a scheduled relabel trains a model where a rule says so; test gold is not looked at then.
    """

    model_config = ConfigDict(extra="forbid")

    new_labels: int | None = Field(default=None, ge=1)
    flips: float | None = Field(default=None, gt=0, le=1)
    gold_agreement: float | None = Field(default=None, ge=0, le=1)
    staleness: int | None = Field(default=None, ge=1)
    schema_released: bool = False
    train: bool = False


class TaskSettings(BaseModel):
    """What the settings say of one task.

    Attributes:
        sources: The sources whose items it labels; all if left out.
        guesses: What becomes of items that votes for several labels alone speak of: ``none`` gives them no label and
            shows the set; ``label`` gives them the likeliest one.
        abstain_below: An item whose likeliest label is less probable than this gets none.
        adjudication: How one gold label comes from people who differ: ``majority``; ``dawid-skene``; or
            ``person:NAME``, whose answer decides where there is one (a list of them: the first who answered).
        on_fault: What becomes of a relabel where a labeling function fails on more items than ``max_fault_rate``, or
            its module does not import: ``fail`` makes no label set; ``skip`` lets it sit out, and says so.
        gates: What a label set has to do before consumers read it.
        lf_gates: What its labeling functions have to do; ``pytest labeling_functions`` says whether they do.
        retrain: When models that were trained on its labels are due to be trained anew.
        horizon_days: How many days labels and gold stand before they are stale.
        drift_window_days: The days of a window in which drift is looked for: whole weeks.
        drift_false_alarms: In which share of stable months drift may be seen where there is none.
    """

    model_config = ConfigDict(extra="forbid")

    sources: list[str] | None = None
    guesses: Literal["none", "label"] = "none"
    abstain_below: float = Field(default=0.0, ge=0, le=1)
    adjudication: str | tuple[str, ...] = "majority"
    on_fault: OnFault = "fail"
    gates: GateSettings = Field(default_factory=GateSettings)
    lf_gates: LfGateSettings = Field(default_factory=LfGateSettings)
    retrain: RetrainSettings = Field(default_factory=RetrainSettings)
    horizon_days: int = Field(default=120, ge=1)
    drift_window_days: int = Field(default=28, ge=7, multiple_of=7)
    drift_false_alarms: float = Field(default=0.05, gt=0, lt=1)

    @field_validator("adjudication", mode="before")
    @classmethod
    def _is_a_way(cls, said: object) -> str | tuple[str, ...]:
        """Refuse what names no way to adjudicate; one way may stand without a list."""
        words = said if isinstance(said, (list, tuple)) else (said,)
        if not all(isinstance(word, str) for word in words):
            raise ValueError('it is "majority", "dawid-skene" or "person:NAME", in quotes')
        try:
            Adjudication.of(words)
        except GoldError as error:
            raise ValueError(f"{error.message} {error.remedy[:1].upper()}{error.remedy[1:]}") from None
        return said if isinstance(said, str) else tuple(words)

    @property
    def ways(self) -> tuple[str, ...]:
        """How people who differ are adjudicated, a word each."""
        return (self.adjudication,) if isinstance(self.adjudication, str) else self.adjudication
