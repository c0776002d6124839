"""What people did, or talk about, instead of the answer. Written for version 1, and still running."""

from labeling_functions.failure_mode.schema.v1_thumbs import BAD, GOOD
from retrolabel import keywords, labeling_function

complains_about_something_else = keywords(
    GOOD,
    ["prices", "expensive", "logo", "dark mode", "chat window", "keyboard shortcut", "send button", "log in",
     "status page", "old search back", "ratings", "slow today", "invoice", "billing", "sales team"],
    column="comment",
    description="A complaint about prices or the window is no complaint about the answer.",
    examples=["Your prices are a joke", "The logo looks odd at night"],
    non_examples=["The answer looks odd"],
)  # fmt: skip


@labeling_function(BAD, examples=["What is this???", "NO!!"], non_examples=["Great!", "What is this?", None])
def punctuation_in_anger(comment: str | None) -> bool:
    """Nobody who is content types the same mark twice."""
    return comment is not None and ("!!" in comment or "??" in comment or "?!" in comment)


@labeling_function(
    GOOD,
    examples=[{"latency_seconds": 14.0, "rating": 4}, {"latency_seconds": 11.5, "rating": 5}],
    non_examples=[
        {"latency_seconds": 2.0, "rating": 5},
        {"latency_seconds": 14.0, "rating": 3},
        {"latency_seconds": 14.0, "rating": None},
        {"latency_seconds": None, "rating": 5},
    ],
)
def content_after_a_long_wait(latency_seconds: float | None, rating: int | None) -> bool:
    """Who waited more than ten seconds and still gives four stars got what they needed."""
    return latency_seconds is not None and rating is not None and latency_seconds > 10 and rating >= 4
