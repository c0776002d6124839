"""Version 1: did the answer help?"""

from retrolabel import Label, LabelSchema

GOOD = Label(
    "good",
    "The person could go on with the answer.",
    include=[
        "praise, thanks, or a report that it worked",
        "a small remark about an answer that helped",
        "the comment is about something other than the answer, and nothing speaks against the answer",
    ],
    exclude=["irony", "polite words in front of a fault that made the answer useless"],
    hotkey="g",
)
BAD = Label(
    "bad",
    "The person could not go on with the answer.",
    include=["it is wrong, old, incomplete, beside the point or unreadable", "the person asked somebody else"],
    exclude=["complaints about prices, waiting or the chat window alone"],
    owner="assistant",
    hotkey="b",
)

SCHEMA = LabelSchema(
    task="failure_mode",
    version="1.0.0",
    labels=[GOOD, BAD],
    reason="The first version: a thumb up or a thumb down.",
    guidelines="""\
Read the comment first, then the answer. The rating alone decides only where nothing else does.

- Could the person **go on with their work**? Then it is `good`, whatever else they say.
- Otherwise it is `bad`.
""",
)
