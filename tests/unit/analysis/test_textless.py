"""A report for a tracker: an error is told by its kind alone."""

from __future__ import annotations

import pytest

from retrolabel.analysis.report.textless import _kind


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ("ValueError: my phone is 555-1234", "ValueError"),
        ("ZeroDivisionError", "ZeroDivisionError"),
        ("my phone is 555-1234", "an error"),
        ("my phone: 555-1234", "an error"),
        ("", "an error"),
    ],
)
def test_an_error_is_told_by_its_kind_where_it_has_one(error, kind):
    assert _kind(error) == kind
