"""Is a comment under a video spam? The labeling part of such a tutorial, from functions to a classifier."""

import re

import pandas as pd
import spacy
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from snorkel.analysis import get_label_buckets, metric_score
from snorkel.labeling import (
    LabelingFunction,
    LFAnalysis,
    PandasLFApplier,
    filter_unlabeled_dataframe,
    labeling_function,
)
from snorkel.labeling.lf.nlp import nlp_labeling_function
from snorkel.labeling.model import LabelModel, MajorityLabelVoter
from snorkel.preprocess import preprocessor
from snorkel.slicing import PandasSFApplier, slicing_function
from snorkel.utils import probs_to_preds

ABSTAIN, HAM, SPAM = -1, 0, 1


def functions(model):
    """Return labeling functions of all kinds; ``model`` is the folder of a spaCy pipeline."""

    def has_word(x, words, label):
        return label if any(word in x.text.lower() for word in words) else ABSTAIN

    def by_words(name, words, label):
        return LabelingFunction(f"says_{name}", has_word, resources={"words": words, "label": label})

    @labeling_function()
    def has_link(x):
        return SPAM if re.search(r"https?://|www\.|\.com\b", x.text.lower()) else ABSTAIN

    @labeling_function()
    def sends_people_away(x):
        return SPAM if re.search(r"\bcheck\b.{0,20}\bout\b", x.text, flags=re.IGNORECASE) else ABSTAIN

    @preprocessor(memoize=True)
    def letters(x):
        found = [letter for letter in x.text if letter.isalpha()]
        x.loud = sum(letter.isupper() for letter in found) / max(1, len(found))
        x.letters = len(found)
        return x

    @labeling_function(pre=[letters])
    def shouts_at_length(x):
        return SPAM if x.loud > 0.6 and x.letters > 60 else ABSTAIN

    @labeling_function(pre=[letters])
    def is_hardly_a_word(x):
        return HAM if x.letters < 15 else ABSTAIN

    @nlp_labeling_function(language=model, memoize=True)
    def is_a_short_remark(x):
        return HAM if len(x.doc) < 8 and not any(token.like_url for token in x.doc) else ABSTAIN

    @nlp_labeling_function(language=model, memoize=True)
    def counts_views(x):
        number = any(token.like_num for token in x.doc)
        return HAM if number and any(token.lower_ in ("views", "billion", "million") for token in x.doc) else ABSTAIN

    return [
        by_words("my", ("my channel", "my video", "my music", "my cover"), SPAM),
        by_words("subscribe", ("subscribe", "sub to", "sub 4"), SPAM),
        by_words("please", ("please", "plz", "pls"), SPAM),
        by_words("money", ("free", "money", "win ", "gift"), SPAM),
        by_words("song", ("song", "beat", "voice", "lyrics"), HAM),
        by_words("praise", ("love", "best", "awesome", "amazing", "beautiful"), HAM),
        has_link,
        sends_people_away,
        shouts_at_length,
        is_hardly_a_word,
        is_a_short_remark,
        counts_views,
    ]


@slicing_function()
def is_long(x):
    """Whether a comment has more than 20 words."""
    return len(x.text.split()) > 20


def run(data, folder, seeds, items=None):
    """Return what the tutorial finds, by name; a list where it depends on the seed."""
    frame = pd.read_parquet(data / "ws_youtube" / "data.parquet", columns=["split", "text", "gold"])
    df_train, df_test = (frame[frame.split == split].head(items or len(frame)) for split in ("train", "test"))
    Y_test = df_test.gold.to_numpy()
    spacy.blank("en").to_disk(folder / "words")
    lfs = functions(str(folder / "words"))

    applier = PandasLFApplier(lfs=lfs)
    L_train = applier.apply(df=df_train, progress_bar=False)
    L_test = applier.apply(df=df_test, progress_bar=False)
    summary = LFAnalysis(L=L_train, lfs=lfs).lf_summary()
    voted = (L_test != ABSTAIN).any(axis=1)

    majority = MajorityLabelVoter(cardinality=2)
    found = {
        "votes": L_train,
        "summary": summary,
        "items with votes": float(voted.mean()),
        "majority vote": float(majority.score(L_test[voted], Y_test[voted], tie_break_policy="random")["accuracy"]),
        "slice": PandasSFApplier([is_long]).apply(df_test, progress_bar=False)["is_long"],
        "label model": [],
        "label model, as score() says it": [],
        "classifier": [],
    }
    for seed in seeds:
        label_model = LabelModel(cardinality=2, verbose=False)
        label_model.fit(L_train=L_train, n_epochs=500, log_freq=100, seed=seed, progress_bar=False)
        predicted = label_model.predict(L=L_test[voted], tie_break_policy="random")
        found["label model"].append(metric_score(Y_test[voted], predicted, metric="accuracy"))
        score = label_model.score(L=L_test, Y=Y_test, tie_break_policy="random")
        found["label model, as score() says it"].append(float(score["accuracy"]))

        df_kept, probabilities = filter_unlabeled_dataframe(
            X=df_train, y=label_model.predict_proba(L=L_train), L=L_train
        )
        vectorizer = CountVectorizer(ngram_range=(1, 5))
        classifier = LogisticRegression(C=1e3, solver="liblinear")
        classifier.fit(vectorizer.fit_transform(df_kept.text.tolist()), probs_to_preds(probs=probabilities))
        said = classifier.predict(vectorizer.transform(df_test.text.tolist()))
        found["classifier"].append(float((said == Y_test).mean()))
        buckets = get_label_buckets(Y_test, said)
        assert sum(map(len, buckets.values())) == len(df_test)
    return found
