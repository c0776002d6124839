"""What a text that is no ISO 8601 may mean."""

from __future__ import annotations

import pytest

from retrolabel.interop.time_formats import readings


@pytest.mark.parametrize(("year", "meant"), [(1677, 0), (1678, 2), (2261, 2), (2262, 0)])
def test_a_text_may_mean_a_day_of_the_first_and_of_the_last_year_that_is_kept(year, meant):
    found = readings(f"03-02-{year}", (1678, 2261))
    assert [when.year for _, when, _ in found] == [year] * meant
