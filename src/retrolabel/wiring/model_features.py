"""What ``--features`` asks for: columns, and encoders of texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrolabel.end_models.cells import LOOKED_AT, are_vectors
from retrolabel.end_models.encoders import NUMBER, TEXT, VECTOR, Wanted
from retrolabel.errors import SettingsError, did_you_mean
from retrolabel.interop.encoders import encoder_named, is_encoder
from retrolabel.jobs.end_models.items import text_columns

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrolabel.jobs.records.label_sets import LabelSet
    from retrolabel.wiring.site import Site

KINDS = {"string": TEXT, "large_string": TEXT, "integer": NUMBER, "number": NUMBER, "boolean": NUMBER}
"""How a column of a type is read."""


def wanted_features(site: Site, label_set: LabelSet, asked: Sequence[str]) -> tuple[Wanted, ...]:
    """Return what a model is to read; nothing where nobody asked, so that it reads the usual texts.

    Args:
        site: The project and its store.
        label_set: The label set that it is trained on.
        asked: Columns, and encoders: these read the columns of texts that are asked for beside them, else those that
            labeling functions read.

    Raises:
        SettingsError: A column, or an encoder, is not there, or a column cannot be read.
        MissingExtraError: An encoder's package is not installed.
    """
    contracts = site.catalog.feedback.sources()
    sources = {segment["source"] for segment in label_set.manifest["outputs"]["segments"]}
    types = _types(contracts, sources)
    encoders = [name for name in dict.fromkeys(asked) if name not in types and is_encoder(name)]
    columns = [_column(name, types) for name in dict.fromkeys(asked) if name not in encoders]
    columns = [each._replace(kind=VECTOR) if _holds_vectors(site, sources, each) else each for each in columns]
    texts = [each.column for each in columns if each.kind == TEXT] or list(text_columns(label_set, contracts))
    if encoders and not texts:
        raise SettingsError(
            f"{encoders[0]} reads texts, and no source of {label_set.record.task} has a column of them.",
            remedy="name columns of numbers or vectors instead",
        )
    made = [encoder_named(name, site.project) for name in encoders]
    return (*columns, *(Wanted(encoder.gives, column, encoder) for encoder in made for column in texts))


def _types(contracts: Mapping[str, Mapping[str, str]], sources: set[str]) -> dict[str, str]:
    """Return the type of each column of some sources; where sources differ, it is that of texts."""
    found: dict[str, str] = {}
    for source in sorted(sources & contracts.keys()):
        for name, kind in contracts[source].items():
            found[name] = kind if found.get(name, kind) == kind else "string"
    return found


def _column(name: str, types: Mapping[str, str]) -> Wanted:
    if name not in types:
        raise SettingsError(
            f"No source has a column {name!r}.{did_you_mean(name, types)} Known: {', '.join(sorted(types))}.",
            remedy="--features names one of those; or spacy, spacy:NAME, model2vec:FOLDER",
        )
    if types[name] not in KINDS:
        raise SettingsError(
            f"The column {name!r} holds values of type {types[name]}, which no model reads.",
            remedy="name a column of texts, numbers, yes and no, or vectors",
        )
    return Wanted(KINDS[types[name]], name)


def _holds_vectors(site: Site, sources: set[str], wanted: Wanted) -> bool:
    """Return whether a column of texts holds vectors, by the first values that there are."""
    if wanted.kind != TEXT:
        return False
    for segment in site.catalog.feedback.segments():
        if segment.source not in sources or wanted.column not in segment.columns:
            continue
        table = site.objects.read_table(segment.path, [wanted.column], sha256=segment.sha256)
        values = table.column(wanted.column).drop_null().slice(0, LOOKED_AT).to_pylist()
        if values:
            return are_vectors(values)
    return False
