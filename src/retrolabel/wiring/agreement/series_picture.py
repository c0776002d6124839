"""The picture of a series, written to a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from retrolabel.jobs.gold.series.records import AgreementSeries

GENERATOR = "retrolabel picture of a series"


def write_picture(
    found: AgreementSeries,
    path: Path,
    *,
    pair: tuple[str, str] | None = None,
    person: str | None = None,
    force: bool = False,
) -> Path:
    """Write the picture of a series as SVG and return its path; another file that is there is left as it is.

    Args:
        found: The series.
        path: The file.
        pair: Two labels that are drawn too, with their chart.
        person: A person who is.
        force: Whether another file is written over.

    Raises:
        StoreError: Another file is there, or it cannot be written.
    """
    from retrolabel.analysis.report.series_charts import on_its_own
    from retrolabel.analysis.report.series_charts import series as chart
    from retrolabel.jobs.gold.series.telling import headline
    from retrolabel.wiring.written_pages import comment, write_page

    rows, points = [("alpha", "", "Alpha of all [95 %]")], found.points()
    if pair is not None:
        name = " / ".join(pair)
        rows.append(("pair", name, f"{name}: how often two people do not differ between them [95 %]"))
        points = found.points("pair", *pair)
    if person is not None:
        rows.append(("person", person, f"{person}: how often another person says the same [95 %]"))
        rows.append(("own", person, f"{person}: how often they say the same again [95 %]"))
        points = found.points("person", person)
    picture = on_its_own(chart(found.frame(), points, found.breaks, rows=rows), headline(found), headline(found))
    return write_page(f"{comment(GENERATOR)}\n{picture}\n", path, GENERATOR, option="--out", force=force)
