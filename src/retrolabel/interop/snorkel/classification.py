"""Snorkel's multitask classifier, which is out of scope: importing this says what to use."""

from retrolabel.interop.snorkel.refusals import OutOfScopeError

raise OutOfScopeError(
    "The multitask classifier (snorkel.classification) is out of scope: it is a way to train networks with torch.",
    remedy="retrolabel train TASK fits a model on a label set; probabilities of predict_proba go into any torch model",
)
