"""What makes vectors, or words, of texts: pipelines of spaCy and models of model2vec. Nothing is ever downloaded."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from retrolabel.end_models.encoders import ENCODED, TOKENS
from retrolabel.errors import InputError, MissingExtraError, SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    from retrolabel.end_models.encoders import Encoder

SPACY, MODEL2VEC = "spacy", "model2vec"
PROBE = "This is a text."
LEMMATIZERS = ("lemmatizer", "trainable_lemmatizer")
GET_PIPELINE = "install its package (python -m spacy download NAME), or name its folder; retrolabel downloads nothing"
GET_MODEL = (
    "save it there, on a machine with a network: StaticModel.from_pretrained(NAME).save_pretrained(FOLDER);"
    " retrolabel downloads nothing"
)


@dataclass(frozen=True, eq=False)
class SpacyEncoder:
    """A pipeline of spaCy: its vectors, where it has some; else its lemmas; else words as they are spelt usually.

    Attributes:
        name: How it is asked for.
        identity: The hash of its files; of a blank one, its language and the version of spaCy.
        nlp: The pipeline.
    """

    name: str
    identity: str
    nlp: Any

    @property
    def gives(self) -> str:
        """``encoded`` where it has vectors, or makes some; else ``tokens``."""
        return ENCODED if self._is_static or self.nlp(PROBE).vector.size else TOKENS

    def vectors(self, texts: Sequence[str]) -> npt.NDArray[np.float64]:
        """Return the mean of the vectors of each text's words, float [n, d]."""
        docs = map(self.nlp.make_doc, texts) if self._is_static else self.nlp.pipe(texts)
        found = [doc.vector for doc in docs]
        width = max((len(each) for each in found), default=0)
        return np.array([each if len(each) else np.zeros(width) for each in found], np.float64)

    def words(self, texts: Sequence[str]) -> list[str]:
        """Return the words of each text, with a space between them."""
        lemmas = any(name in self.nlp.pipe_names for name in LEMMATIZERS)
        docs = self.nlp.pipe(texts) if lemmas else map(self.nlp.make_doc, texts)
        return [
            " ".join((token.lemma_ if lemmas else token.norm_).replace(" ", "_") for token in doc if not token.is_space)
            for doc in docs
        ]

    @property
    def _is_static(self) -> bool:
        return bool(self.nlp.vocab.vectors_length)


@dataclass(frozen=True, eq=False)
class Model2VecEncoder:
    """A model of model2vec: the mean of the vectors of a text's tokens.

    Attributes:
        name: How it is asked for.
        identity: The hash of its files.
        model: The model.
    """

    name: str
    identity: str
    model: Any

    @property
    def gives(self) -> str:
        """It has vectors."""
        return ENCODED

    def vectors(self, texts: Sequence[str]) -> npt.NDArray[np.float64]:
        """Return a vector for each text, float [n, d]."""
        found = self.model.encode(list(texts), use_multiprocessing=False)
        return np.asarray(found, np.float64).reshape(len(texts), -1)

    def words(self, texts: Sequence[str]) -> list[str]:
        """Raise ``InputError``: it has vectors."""
        raise InputError(f"{self.name} makes vectors of {len(texts)} texts, and no words.")


def encoder_named(name: str, folder: Path | None = None) -> Encoder:
    """Return an encoder: ``spacy``, ``spacy:LANGUAGE``, ``spacy:PACKAGE``, ``spacy:FOLDER`` or ``model2vec:FOLDER``.

    Args:
        name: Its name.
        folder: The folder that a relative one is in; the working directory if left out.

    Raises:
        SettingsError: There is no such encoder here.
        MissingExtraError: Its package is not installed.

    Example:
        >>> encoder_named("spacy").words(["I don't know"])
        ['i do not know']
    """
    kind, _, rest = name.partition(":")
    if kind == SPACY:
        return _spacy(name, rest, folder)
    if kind == MODEL2VEC:
        return _model2vec(name, rest, folder)
    raise SettingsError(f"{name!r} is no encoder of texts.", remedy="spacy:NAME or model2vec:FOLDER")


def encoders_in(folder: Path | None) -> Callable[[str], Encoder]:
    """Return what looks for encoders whose folders are relative to a folder."""
    return partial(encoder_named, folder=folder)


def is_encoder(name: str) -> bool:
    """Return whether a name is that of an encoder.

    Example:
        >>> is_encoder("spacy:de"), is_encoder("comment")
        (True, False)
    """
    return name.partition(":")[0] in (SPACY, MODEL2VEC)


def _spacy(name: str, rest: str, folder: Path | None) -> SpacyEncoder:
    import spacy  # noqa: PLC0415 - it takes a second
    from spacy.util import is_package  # noqa: PLC0415 - the same

    path = (folder or Path()) / rest
    blank = not rest or (len(rest) in (2, 3) and not path.exists() and not is_package(rest))
    if not blank and not (path / "meta.json").is_file() and not is_package(rest):
        raise SettingsError(f"spaCy's pipeline {rest!r} is neither installed nor a folder here.", remedy=GET_PIPELINE)
    try:
        nlp = spacy.blank(rest or "en") if blank else spacy.load(path if (path / "meta.json").is_file() else rest)
    except (ImportError, OSError, ValueError, KeyError) as error:
        raise SettingsError(f"spaCy's pipeline {rest!r} cannot be loaded: {error}", remedy=GET_PIPELINE) from error
    version = ".".join(spacy.__version__.split(".")[:2])
    told = f"blank {nlp.lang}" if blank else _hash_of(Path(nlp.path))
    return SpacyEncoder(name, hashlib.sha256(f"spacy {version} {told}".encode()).hexdigest(), nlp)


def _model2vec(name: str, rest: str, folder: Path | None) -> Model2VecEncoder:
    try:
        from model2vec import StaticModel  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        if error.name != MODEL2VEC:
            raise
        raise MissingExtraError(MODEL2VEC, MODEL2VEC, f"--features {name}") from None
    path = (folder or Path()) / rest
    if not rest or not path.is_dir():  # it would ask the network for what is no folder
        raise SettingsError(f"--features {name} names no folder of a model that is here.", remedy=GET_MODEL)
    try:
        model = StaticModel.from_pretrained(path)
    except Exception as error:  # each of its libraries raises its own
        raise SettingsError(f"The model in {path} cannot be loaded: {error}", remedy=GET_MODEL) from error
    return Model2VecEncoder(name, _hash_of(path), model)


def _hash_of(folder: Path) -> str:
    """Return the hash of the names and bytes of the files of a folder."""
    hasher = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts):
        content = path.read_bytes()
        hasher.update(f"{path.relative_to(folder).as_posix()} {len(content)} ".encode())
        hasher.update(content)
    return hasher.hexdigest()
