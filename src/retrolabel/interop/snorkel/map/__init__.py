"""From a data point to a data point: ``snorkel.map``."""

from retrolabel.interop.snorkel.map.core import BaseMapper, LambdaMapper, Mapper, lambda_mapper

__all__ = ["BaseMapper", "LambdaMapper", "Mapper", "lambda_mapper"]
