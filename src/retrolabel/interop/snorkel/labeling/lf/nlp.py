"""Labeling functions that read a document of spaCy's: ``snorkel.labeling.lf.nlp``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from retrolabel.interop.snorkel.functions import LabelingFunction, labeling_function
from retrolabel.interop.snorkel.preprocess.nlp import EN_CORE_WEB_SM, SpacyPreprocessor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from retrolabel.interop.snorkel.types import HashingFunction


class SpacyPreprocessorParameters(NamedTuple):
    """What a :class:`SpacyPreprocessor` is made from."""

    text_field: str
    doc_field: str
    language: str
    disable: list[str] | None
    pre: list[Any]
    memoize: bool
    memoize_key: HashingFunction | None
    gpu: bool


class SpacyPreprocessorConfig(NamedTuple):
    """A :class:`SpacyPreprocessor` beside what it was made from."""

    nlp: SpacyPreprocessor
    parameters: SpacyPreprocessorParameters


class BaseNLPLabelingFunction(LabelingFunction):
    """What labeling functions over documents have in common.

    Those that ask for the same document share one preprocessor, and so parse an item once. Snorkel
    has one for all of a program, and refuses a second text field or language; here each has its own.

    Args:
        name: Its name.
        f: The function; it gets the data point with the document, and the resources by name.
        resources: What the function needs besides.
        pre: Preprocessors that run before the text is parsed.
        text_field: The column with the text.
        doc_field: The column that gets the document.
        language: spaCy's model; ``blank:en`` needs none.
        disable: Components of the model that are left out.
        memoize: Remember the document of each data point.
        memoize_key: From a data point to the key by which it is remembered.
        gpu: Use a GPU where spaCy finds one.

    Raises:
        MissingModelError: spaCy's model is not here, with the command that gets it.
    """

    _made: ClassVar[list[SpacyPreprocessorConfig]]

    def __init_subclass__(cls, **kwargs: Any) -> None:  # noqa: ANN401 - as it comes
        """Give each kind of function documents of its own, as Snorkel does."""
        super().__init_subclass__(**kwargs)
        cls._made = []

    def __init__(  # noqa: PLR0913 - Snorkel's signature
        self,
        name: str,
        f: Callable[..., int],
        resources: Mapping[str, Any] | None = None,
        pre: Iterable[Callable[[Any], Any]] | None = None,
        text_field: str = "text",
        doc_field: str = "doc",
        language: str = EN_CORE_WEB_SM,
        disable: Sequence[str] | None = None,
        memoize: bool = True,
        memoize_key: HashingFunction | None = None,
        gpu: bool = False,
    ) -> None:
        left_out = None if disable is None else list(disable)
        asked = SpacyPreprocessorParameters(
            text_field, doc_field, language, left_out, list(pre or []), memoize, memoize_key, gpu
        )
        self._nlp_config = self._shared(asked)
        super().__init__(name, f, resources, [self._nlp_config.nlp])

    @classmethod
    def _create_preprocessor(cls, parameters: SpacyPreprocessorParameters) -> SpacyPreprocessor:
        return SpacyPreprocessor(**parameters._asdict())

    @classmethod
    def _shared(cls, asked: SpacyPreprocessorParameters) -> SpacyPreprocessorConfig:
        for made in cls._made:
            if made.parameters == asked:
                return made
        cls._made.append(SpacyPreprocessorConfig(cls._create_preprocessor(asked), asked))
        return cls._made[-1]


class NLPLabelingFunction(BaseNLPLabelingFunction):
    """A labeling function that finds spaCy's document of the text on its data point.

    Its arguments are those of :class:`BaseNLPLabelingFunction`.
    """


class base_nlp_labeling_function(labeling_function):  # noqa: N801 - Snorkel's name
    """Make a function over documents of the function below; its arguments are those of its class.

    Raises:
        LabelingFunctionValueError: The parentheses were forgotten.
    """

    _lf_cls: type[BaseNLPLabelingFunction] | None = None

    def __init__(  # noqa: PLR0913 - Snorkel's signature
        self,
        name: str | None = None,
        resources: Mapping[str, Any] | None = None,
        pre: Iterable[Callable[[Any], Any]] | None = None,
        text_field: str = "text",
        doc_field: str = "doc",
        language: str = EN_CORE_WEB_SM,
        disable: Sequence[str] | None = None,
        memoize: bool = True,
        memoize_key: HashingFunction | None = None,
        gpu: bool = False,
    ) -> None:
        super().__init__(name, resources, pre)
        self.text_field = text_field
        self.doc_field = doc_field
        self.language = language
        self.disable = disable
        self.memoize = memoize
        self.memoize_key = memoize_key
        self.gpu = gpu

    def __call__(self, f: Callable[..., int]) -> BaseNLPLabelingFunction:
        """Return the labeling function.

        Raises:
            NotImplementedError: The decorator does not say of which class it makes one.
        """
        if self._lf_cls is None:
            raise NotImplementedError("_lf_cls must be defined")
        return self._lf_cls(
            self.name or f.__name__,
            f,
            self.resources,
            self.pre,
            self.text_field,
            self.doc_field,
            self.language,
            self.disable,
            self.memoize,
            self.memoize_key,
            self.gpu,
        )


class nlp_labeling_function(base_nlp_labeling_function):  # noqa: N801 - Snorkel's name
    """Make a labeling function over documents of the function below.

    Its arguments are those of :class:`BaseNLPLabelingFunction`.

    Example:
        >>> from types import SimpleNamespace
        >>> @nlp_labeling_function(text_field="body", language="blank:en")
        ... def is_short(x):
        ...     return 1 if len(x.doc) < 4 else -1
        >>> is_short(SimpleNamespace(body="Please.")), is_short
        (1, NLPLabelingFunction is_short, Preprocessors: [SpacyPreprocessor SpacyPreprocessor, Pre: []])
    """

    _lf_cls = NLPLabelingFunction
