"""Use cases of models that are trained on a label set: train, judge, predict."""
