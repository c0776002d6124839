"""Conditions on the records of a file that count."""

from __future__ import annotations

import pytest

from retrolabel.errors import InputError
from retrolabel.interop.conditions import Conditions

ROW = {"source": "HUMAN ", "tainted": False, "note": None, "a[x=1].b": 3, "empty": ""}


def why(*said):
    return Conditions.of(said).why_not(lambda path: [ROW.get(path)])


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (["source=human"], ""),
        (["source=EVAL", "source=HUMAN"], ""),
        (["source=EVAL", "source=API"], "row without source=EVAL or API"),
        (["source!=human"], "row of source=human"),
        (["source!=EVAL", "tainted=false"], ""),
        (["tainted!=false"], "row of tainted=false"),
        (["a[x=1].b=3"], ""),
        (["note="], ""),
        (["empty="], ""),
        (["source="], "row without source="),
    ],
)
def test_a_row_counts_where_all_columns_say_one_of_their_values(said, told):
    assert why(*said) == told


def test_a_condition_without_a_value_is_refused():
    with pytest.raises(InputError, match="names no value"):
        Conditions.of(["source"])
