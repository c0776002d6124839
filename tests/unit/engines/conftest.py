"""What tests of engines share."""

from __future__ import annotations

import cloudpickle
import pytest


class ByValue:
    """A function of a test, which no worker can import."""

    def __init__(self, function) -> None:
        self.pickled = cloudpickle.dumps(function)

    def __reduce__(self):
        return cloudpickle.loads, (self.pickled,)


@pytest.fixture(scope="session")
def by_value():
    """Wraps a function of a test, so that a worker gets it."""
    return ByValue
