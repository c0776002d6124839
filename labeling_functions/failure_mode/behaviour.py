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
