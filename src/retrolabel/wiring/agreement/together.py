"""All that ``task.gold`` has of agreement over time."""

from __future__ import annotations

from retrolabel.wiring.agreement.calibrating import Calibration
from retrolabel.wiring.agreement.diagnosing import Diagnosing
from retrolabel.wiring.agreement.effects import Effects
from retrolabel.wiring.agreement.people import People
from retrolabel.wiring.agreement.proposing import Proposing
from retrolabel.wiring.agreement.series import Series


class Agreement(Calibration, Diagnosing, Effects, People, Proposing, Series):
    """Whether the people of a task still agree, since when they do not, and what changed it."""
