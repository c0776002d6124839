"""Signs that luggage is gone, or spoilt."""

import re

from labeling_functions.airline_feedback.schema.v2_reasons import (
    DAMAGED_LUGGAGE,
    LONG_LINES,
    LOST_LUGGAGE,
    NEUTRAL,
)
from retrolabel import labeling_function, regex

LUGGAGE = r"(bags?|luggages?|baggage|suit ?cases?)"
BELONGINGS = rf"({LUGGAGE}|stroller|car ?seat|guitar|bike|bicycle|wheelchair|clothes|items|handle|wheels?)"
SPOILT = r"(damag\w*|broken?|broke|ripped|torn|soak\w*|wet|crushed|destroyed|ruined|dented|cracked|smashed|repair\w*)"
GONE = (
    r"(lost|los(e|ing)|missing|where|find|found|locat\w+|without|still|track\w*|deliver\w*|left|stole\w*|arrive\w*"
    r"|claim|filed?|never|not|yet|days?|clothes|went|sent|tag|back|return\w*|misplaced|no)"
)
IS_SPOILT = re.compile(rf"\b{SPOILT}\b[^.!?]{{0,50}}\b{BELONGINGS}\b|\b{BELONGINGS}\b[^.!?]{{0,50}}\b{SPOILT}\b")
IS_GONE = re.compile(rf"\b{LUGGAGE}\b.*(\b{GONE}\b|n't\b)|(\b{GONE}\b|n't\b).*\b{LUGGAGE}\b|#\w*(luggage|lostbag)\w*")


@labeling_function(
    LOST_LUGGAGE,
    examples=["Where is my bag?", "still no luggage"],
    non_examples=["My bag is broken, where do I go?", "Is a second bag free?", "Where is my flight?", None],
)
def luggage_is_gone(said: str) -> bool:
    """Luggage, and a word for its not being here."""
    return bool(IS_GONE.search(said)) and not IS_SPOILT.search(said)


luggage_was_lost = regex(
    LOST_LUGGAGE,
    rf"\b(lost|lose|losing|find|locate|missing|without|where|know where|don't have|haven't received"
    rf"|no) (\w+ ){{0,4}}{LUGGAGE}\b|\b{LUGGAGE} (\w+ ){{0,3}}(lost|missing|not|never|didn't|still|delayed|located"
    rf"|make|made|left|sent|arrived?|found)\b",
    column="said",
    description="Plain words for lost luggage.",
    examples=["You lost my bag", "my luggage did not make it", "no bags for two days"],
    non_examples=["My bag is heavy", "I lost patience"],
)

luggage_is_spoilt = regex(
    DAMAGED_LUGGAGE,
    IS_SPOILT,
    column="said",
    description="Luggage, and a word for its not being whole.",
    examples=["You broke my guitar", "the suitcase came back torn"],
    non_examples=["a broken promise", "my bag is late"],
)

speaks_of_luggage = regex(
    LOST_LUGGAGE | DAMAGED_LUGGAGE | LONG_LINES | NEUTRAL,
    rf"\b{LUGGAGE}\b",
    column="said",
    description="Luggage is gone, spoilt, or long in coming; or somebody asks how much of it is free.",
    examples=["two bags"],
    non_examples=["a bagel"],
)

waits_for_luggage = regex(
    LONG_LINES | LOST_LUGGAGE,
    r"\b(wait\w*|hours?|hrs?|mins?|minutes|slow|long|tak(es?|ing))\b.{0,50}\b(carousel|baggage claim|bags|luggage"
    r"|belt)\b|\bcarousel\b",
    column="said",
    description="A wait at the belt, for luggage that comes or does not.",
    examples=["Waiting 40 minutes at the carousel"],
    non_examples=["Waiting for take-off"],
)
