"""What data points go through before a labeling function sees them: ``snorkel.preprocess``."""

from retrolabel.interop.snorkel.preprocess.core import (
    BasePreprocessor,
    LambdaPreprocessor,
    Preprocessor,
    preprocessor,
)

__all__ = ["BasePreprocessor", "LambdaPreprocessor", "Preprocessor", "preprocessor"]
