"""Documents of spaCy for labeling functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from retrolabel.interop.snorkel.preprocess.core import Preprocessor
from retrolabel.interop.snorkel.refusals import MissingModelError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from retrolabel.interop.snorkel.types import FieldMap, HashingFunction

EN_CORE_WEB_SM = "en_core_web_sm"
BLANK = "blank:"
"""``blank:en`` is spaCy's own name for words without a model."""


class SpacyPreprocessor(Preprocessor):
    """Puts spaCy's document of a text beside it.

    Args:
        text_field: The column with the text.
        doc_field: The column that gets the document.
        language: A model that is installed, or the folder of one. ``blank:en`` (``blank:de``, ...) needs
            none: it knows words, numbers and punctuation, but no parts of speech, lemmas or entities.
        disable: Components of the model that are left out.
        pre: Preprocessors that run before it.
        memoize: Remember the document of each data point.
        memoize_key: From a data point to the key by which it is remembered.
        gpu: Use a GPU where spaCy finds one.

    Raises:
        MissingModelError: The model is not here, with the command that gets it. It is an ``OSError`` too.

    Example:
        >>> from types import SimpleNamespace
        >>> document = SpacyPreprocessor("body", "doc", language="blank:en")(SimpleNamespace(body="It crashed."))
        >>> [token.text for token in document.doc]
        ['It', 'crashed', '.']
    """

    def __init__(  # noqa: PLR0913 - Snorkel's signature
        self,
        text_field: str,
        doc_field: str,
        language: str = EN_CORE_WEB_SM,
        disable: Sequence[str] | None = None,
        pre: Iterable[Callable[[Any], Any]] | None = None,
        memoize: bool = False,
        memoize_key: HashingFunction | None = None,
        gpu: bool = False,
    ) -> None:
        super().__init__(
            type(self).__name__, {"text": text_field}, {"doc": doc_field}, pre, memoize=memoize, memoize_key=memoize_key
        )
        self.gpu = gpu
        self._nlp = _loaded(language, list(disable or []), gpu=gpu)

    def run(self, text: str) -> FieldMap:  # type: ignore[override]  # a mapper's run names what it reads
        """Return the document of a text, as ``doc``."""
        return {"doc": self._nlp(text)}


def _loaded(language: str, disable: list[str], *, gpu: bool) -> Any:  # noqa: ANN401 - spaCy's pipeline
    import spacy  # noqa: PLC0415 - it takes a second

    if gpu:
        spacy.prefer_gpu()
    blank = language.startswith(BLANK)
    try:
        return spacy.blank(language.removeprefix(BLANK)) if blank else spacy.load(language, disable=disable)
    except (ImportError, OSError) as error:
        if blank:
            raise MissingModelError(
                f"spaCy knows no language {language.removeprefix(BLANK)!r}.", remedy="blank:en, blank:de, blank:fr, ..."
            ) from error
        raise MissingModelError(
            f"spaCy's model {language!r} is not installed, nor a folder of a model here.",
            remedy=f"python -m spacy download {language}; or language='blank:en', which knows words but no entities",
        ) from error
