"""Version 2: a bad answer says which part of it failed."""

from labeling_functions.failure_mode.schema.v1_thumbs import BAD, GOOD
from labeling_functions.failure_mode.schema.v1_thumbs import SCHEMA as V1
from retrolabel import Label, LabelSchema, Split

RETRIEVAL = Label(
    "retrieval",
    "The answer failed because of what was looked up: no source, the wrong one, or an old one.",
    include=[
        "the cited page is dead, or about another product or version",
        "the page was true once and is out of date",
        "a fitting page exists and was not found",
    ],
    exclude=["the page is right and the answer makes something else of it", "a link that only looks odd on screen"],
    owner="search",
    hotkey="r",
)
GENERATION = Label(
    "generation",
    "The sources would have done; what the assistant wrote from them failed.",
    include=[
        "invented commands, false or contradictory statements",
        "a refusal, or general talk in place of an answer",
        "part of the question is left unanswered, or another one is answered",
    ],
    exclude=["a true summary of an old page", "a complete text that is only shown badly"],
    owner="model",
    hotkey="w",
)
FORMATTING = Label(
    "formatting",
    "Source and content are right, but the person cannot read or use them as they are shown.",
    include=[
        "raw markup, broken tables or code blocks, lost indentation",
        "a wall of text, or text that is cut off on the screen",
        "the right answer in a language that the person did not write in",
    ],
    exclude=["a step that was never written"],
    owner="frontend",
    hotkey="f",
)

SCHEMA = LabelSchema(
    task="failure_mode",
    version="2.0.0",
    revises=V1,
    labels=[GOOD, RETRIEVAL, GENERATION, FORMATTING],
    steps=[Split(BAD, into=[RETRIEVAL, GENERATION, FORMATTING])],
    reason="A thumb down did not say which team should act on it.",
    guidelines="""\
Decide `good` or not as in version 1. Then ask what should be mended **first**:

1. Would a better page in front of the assistant have helped? `retrieval`
2. Otherwise, should it have written something else? `generation`
3. Otherwise, would the same words, shown properly, have done? `formatting`

Where several things failed, the one that the person minds most decides.
""",
)
