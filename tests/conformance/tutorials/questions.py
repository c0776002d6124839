"""What does a question ask for? Six labels: the labeling part of a tutorial with several classes."""

import re

import pandas as pd
from snorkel.analysis import metric_score
from snorkel.labeling import LFAnalysis, PandasLFApplier, labeling_function
from snorkel.labeling.model import LabelModel, MajorityLabelVoter
from snorkel.preprocess import preprocessor

ABSTAIN, DESC, ENTY, HUM, ABBR, LOC, NUM = -1, 0, 1, 2, 3, 4, 5


@preprocessor(memoize=True)
def opening(x):
    """The first words of the question."""
    x.words = x.text.lower().split()
    x.opens = " ".join(x.words[:2])
    return x


@labeling_function(pre=[opening])
def asks_where(x):
    return LOC if "where" in x.words[:3] else ABSTAIN


@labeling_function(resources={"places": ("city", "country", "state", "river", "island", "continent", "mountain")})
def names_a_kind_of_place(x, places):
    return LOC if re.search(rf"\b(what|which) (\w+ )?({'|'.join(places)})\b", x.text) else ABSTAIN


@labeling_function(pre=[opening])
def asks_who(x):
    return HUM if {"who", "whom", "whose"} & set(x.words[:3]) else ABSTAIN


@labeling_function(
    resources={"people": ("president", "actor", "actress", "author", "player", "person", "man", "woman")}
)
def names_a_kind_of_person(x, people):
    return HUM if re.search(rf"\b(what|which|name the) (\w+ ){{0,2}}({'|'.join(people)})\b", x.text) else ABSTAIN


@labeling_function(pre=[opening])
def asks_how_much(x):
    measures = ("many", "much", "long", "far", "old", "tall", "fast", "big", "high", "hot", "often", "large")
    return NUM if x.words[0] == "how" and len(x.words) > 1 and x.words[1] in measures else ABSTAIN


@labeling_function()
def asks_when(x):
    return NUM if re.search(r"\bwhen\b|\bwhat (year|date|day|time|percentage|number)\b", x.text) else ABSTAIN


@labeling_function()
def asks_for_a_number(x):
    words = r"\b(population|temperature|average|speed|cost|salary|distance|length|zip code|phone number)\b"
    return NUM if re.search(words, x.text) else ABSTAIN


@labeling_function(pre=[opening])
def asks_why(x):
    return DESC if x.words[0] == "why" or x.opens in ("how do", "how does", "how did", "how can") else ABSTAIN


@labeling_function(pre=[opening])
def asks_what_a_thing_is(x):
    return DESC if x.opens in ("what is", "what are") and len(x.words) < 7 else ABSTAIN


@labeling_function()
def asks_for_a_meaning(x):
    return DESC if re.search(r"\bmean\b|\bdefinition\b|\borigin\b|\bdescribe\b|\bdifference\b", x.text) else ABSTAIN


@labeling_function()
def asks_what_letters_stand_for(x):
    return ABBR if re.search(r"\bstands? for\b|\babbreviat|\bacronym\b|\bfull form\b", x.text) else ABSTAIN


@labeling_function(
    resources={"things": ("animal", "color", "language", "movie", "film", "book", "game", "sport", "food")}
)
def names_a_kind_of_thing(x, things):
    return ENTY if re.search(rf"\b(what|which|name) (\w+ )?({'|'.join(things)})s?\b", x.text) else ABSTAIN


@labeling_function()
def asks_what_is_called(x):
    return (
        ENTY if re.search(r"\bcalled\b|\bname of the\b|\bwhat kind\b|\bwhat type\b|\bterm for\b", x.text) else ABSTAIN
    )


LFS = [
    asks_where, names_a_kind_of_place, asks_who, names_a_kind_of_person, asks_how_much, asks_when, asks_for_a_number,
    asks_why, asks_what_a_thing_is, asks_for_a_meaning, asks_what_letters_stand_for, names_a_kind_of_thing,
    asks_what_is_called,
]  # fmt: skip


def run(data, folder, seeds, items=None):
    """Return what the tutorial finds, by name; a list where it depends on the seed."""
    frame = pd.read_parquet(data / "ws_trec" / "data.parquet", columns=["split", "text", "gold"])
    df_train, df_test = (frame[frame.split == split].head(items or len(frame)) for split in ("train", "test"))
    Y_test = df_test.gold.to_numpy()

    applier = PandasLFApplier(LFS)
    L_train = applier.apply(df_train, progress_bar=False)
    L_test = applier.apply(df_test, progress_bar=False)
    voted = (L_test != ABSTAIN).any(axis=1)

    majority = MajorityLabelVoter(cardinality=6)
    found = {
        "votes": L_train,
        "summary": LFAnalysis(L_train, LFS).lf_summary(),
        "items with votes": float(voted.mean()),
        "majority vote": float(majority.score(L_test[voted], Y_test[voted], tie_break_policy="random")["accuracy"]),
        "label model": [],
        "label model, f1_macro": [],
    }
    for seed in seeds:
        label_model = LabelModel(cardinality=6, verbose=False)
        label_model.fit(L_train, seed=seed, lr=0.01, log_freq=10, n_epochs=100, progress_bar=False)
        predicted = label_model.predict(L_test[voted], tie_break_policy="random")
        found["label model"].append(metric_score(Y_test[voted], predicted, metric="accuracy"))
        found["label model, f1_macro"].append(metric_score(Y_test[voted], predicted, metric="f1_macro"))
    return found
