"""Which breed is the dog? Each person of a crowd is a labeling function: the labeling part of such a tutorial."""

import pandas as pd
from snorkel.analysis import metric_score
from snorkel.labeling import LabelingFunction, LFAnalysis, PandasLFApplier
from snorkel.labeling.model import LabelModel, MajorityLabelVoter

ABSTAIN = -1
SET, LABELS = "dog", 4


def of_worker(worker_id, answers):
    """Return the labeling function that repeats what one person said."""

    def said(x, said_of):
        return said_of.get(x.item_id, ABSTAIN)

    of_items = dict(zip(answers.item_id, answers.label.astype(int), strict=True))
    return LabelingFunction(f"worker_{worker_id}", said, resources={"said_of": of_items})


def run(data, folder, seeds, items=None):
    """Return what the tutorial finds, by name; a list where it depends on the seed."""
    answers = pd.read_parquet(data / "crowd_zheng2017" / f"{SET}_answers.parquet")
    truth = (
        pd.read_parquet(data / "crowd_zheng2017" / f"{SET}_truth.parquet").sort_values("item_id").head(items or 10**6)
    )
    Y = truth.gold.astype(int).to_numpy()
    lfs = [of_worker(worker_id, theirs) for worker_id, theirs in answers.groupby("worker_id")]

    L = PandasLFApplier(lfs).apply(truth[["item_id"]], progress_bar=False)
    majority = MajorityLabelVoter(cardinality=LABELS)
    found = {
        "votes": L,
        "summary": LFAnalysis(L, lfs).lf_summary(Y),
        "items with votes": LFAnalysis(L).label_coverage(),
        "majority vote": float(majority.score(L, Y, tie_break_policy="random")["accuracy"]),
        "label model": [],
    }
    for seed in seeds:
        label_model = LabelModel(cardinality=LABELS, verbose=False)
        label_model.fit(L, n_epochs=100, seed=seed, log_freq=20, l2=0.1, lr=0.01, progress_bar=False)
        found["label model"].append(metric_score(Y, label_model.predict(L, tie_break_policy="random")))
    return found
