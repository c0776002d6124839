"""Slicing functions that read a document of spaCy's: ``snorkel.slicing.sf.nlp``."""

from __future__ import annotations

from retrolabel.interop.snorkel.labeling.lf.nlp import BaseNLPLabelingFunction, base_nlp_labeling_function


class NLPSlicingFunction(BaseNLPLabelingFunction):
    """A slicing function that finds spaCy's document of the text on its data point."""


class nlp_slicing_function(base_nlp_labeling_function):  # noqa: N801 - Snorkel's name
    """Make a slicing function over documents of the function below.

    Example:
        >>> from types import SimpleNamespace
        >>> @nlp_slicing_function(text_field="body", language="blank:en")
        ... def names_a_number(x):
        ...     return any(token.like_num for token in x.doc)
        >>> names_a_number(SimpleNamespace(body="It crashed three times"))
        True
    """

    _lf_cls = NLPSlicingFunction
