"""Gold as files of other tools: people's answers as each tool has answers, or a data set of Hugging Face."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retrolabel.interop.for_tools.question import Choice, Question
from retrolabel.interop.for_tools.writing import FORMATS, ZIP, write_for_tool
from retrolabel.interop.labelling_tools.answered import ROLE
from retrolabel.jobs.gold.going_out import by_item, check_columns, one_version, with_columns
from retrolabel.schema.fingerprints import fingerprints
from retrolabel.wiring.texts_for_people import texts_for_people, told_of_texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import pyarrow as pa

    from retrolabel.interop.for_tools.writing import Format
    from retrolabel.jobs.gold.exporting import GoldTable
    from retrolabel.wiring.site import Site

OURS = ("answers", "answered")
"""Columns that files of tools have besides those of answers."""


@dataclass(frozen=True)
class ToTool:
    """Writes gold for a tool.

    Args:
        site: The project and its store.
        path: The file or the folder.
        kind: The format, one of ``FORMATS``.
        columns: Columns of the items that go along.
        texts: The columns that people read; those that labeling functions read, if left out.
    """

    site: Site
    path: Path
    kind: str
    columns: Sequence[str] = ()
    texts: Sequence[str] = ()

    def write(self, found: GoldTable) -> tuple[str, ...]:
        """Write answers, or gold an item a row for Hugging Face, and return what is to be known of the files.

        Args:
            found: The gold; answers where it is read in no version.

        Raises:
            GoldError: The answers were given under several versions.
            InputError: There are no such columns, or nothing says which text people read.
            StoreError: It cannot be written.
        """
        form = FORMATS[self.kind]
        version = found.version or one_version(found, self.kind)
        feedback = self.site.catalog.feedback
        sources, contracts = sorted(set(found.table.column("source").to_pylist())), feedback.sources()
        shown = texts_for_people(self.texts, sources, contracts, self._reads(found.task)) if form.texts else ()
        beside = list(dict.fromkeys((*self.columns, *shown)))
        more = [each for each in shown if each not in self.columns]
        check_columns([*self.columns, *more], sources, contracts, (*found.table.column_names, *OURS))
        table = with_columns(found.table, beside, feedback, self.site.objects)
        question = self._question(found, version, shown)
        if not form.texts:
            write_for_tool([table], self.path, self.kind, question)
            return ()
        write_for_tool([by_item(table)], self.path, self.kind, question)
        return tuple(self._notes(form, table, sources, shown))

    def _reads(self, task: str) -> Counter[str]:
        """Return column -> how many labeling functions read it; nothing where they cannot be imported."""
        if self.texts:
            return Counter()
        known = self.site.discovered(task)
        return Counter(name for lf in known.lfs for name in lf.reads) if known else Counter()

    def _question(self, found: GoldTable, version: str, shown: Sequence[str]) -> Question:
        schema = self.site.history(found.task)[version]
        said = set(found.table.column("label").to_pylist())
        ids = [*schema.leaves, *(each for each in schema.ids if each in said and each not in schema.leaves)]
        known = {label.id: label for label in schema.labels}
        prints = {name: value for name, value in fingerprints(schema).items() if name in ("shape", "meaning")}
        choices = tuple(Choice.of(each, known) for each in ids)
        extras = tuple(each for each in self.columns if each not in shown)
        return Question(found.task, version, prints, "", choices, tuple(shown), extras, ROLE)

    def _notes(self, form: Format, table: pa.Table, sources: Sequence[str], shown: Sequence[str]) -> Iterator[str]:
        """Yield what a person should know of a tool's files."""
        yield told_of_texts(shown, asked=bool(self.texts))
        if form.of_people and not (form.to_zip and self.path.suffix.lower() == ZIP):
            yield form.of_people
        if table.column("probability").null_count < table.num_rows:
            yield "how the items were drawn does not go along: --format csv --people writes that for another store"
        if len(sources) > 1:
            yield "gold import takes answers of one source a file: --source NAME exports one at a time"
