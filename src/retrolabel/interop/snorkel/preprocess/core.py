"""Preprocessors: mappers by another name."""

from __future__ import annotations

from retrolabel.interop.snorkel.map.core import BaseMapper, LambdaMapper, Mapper, lambda_mapper

BasePreprocessor = BaseMapper


class Preprocessor(Mapper):
    """A :class:`~retrolabel.interop.snorkel.map.Mapper` for labeling functions."""


class LambdaPreprocessor(LambdaMapper):
    """A :class:`~retrolabel.interop.snorkel.map.LambdaMapper`, by the name that Snorkel gives it here."""


class preprocessor(lambda_mapper):  # noqa: N801 - Snorkel's name
    """Make a preprocessor of the function below; its arguments are those of ``lambda_mapper``.

    Example:
        >>> from types import SimpleNamespace
        >>> from retrolabel.interop.snorkel.labeling import labeling_function
        >>> @preprocessor(memoize=True)
        ... def words(x):
        ...     x.words = x.body.lower().split()
        ...     return x
        >>> @labeling_function(pre=[words])
        ... def breaks(x):
        ...     return 0 if "crash" in x.words else -1
        >>> breaks(SimpleNamespace(body="A Crash")), breaks
        (0, LabelingFunction breaks, Preprocessors: [LambdaMapper words, Pre: []])
    """
