"""Signs that luggage is gone, or spoilt."""

import re

from labeling_functions.airline_feedback.schema.v2_reasons import (
    DAMAGED_LUGGAGE,
    LONG_LINES,
    LOST_LUGGAGE,
    NEUTRAL,
)
from retrolabel import labeling_function, regex

LUGGAGE = re.compile(r"\b(bags?|luggage|lugage|baggage|suit ?cases?|suitcase|carseat|car seat|stroller|skis?|golf clubs|garment)\b|#\w*(luggage|baggage|lostbag)\w*")
GONE = re.compile(
    r"\b(lost|los(e|ing|t)|missing|where|find|found|locat\w+|without|still|track\w*|deliver\w*|left|stole\w*|stealing|arrive\w*|claim|filed?|didn't|never"
    r"|not|isn't|haven't|hasn't|yet|days?|clothes|went|sent|tag|back|get|got|return\w*|misplaced|held hostage|no)\b"
)
SPOILT = re.compile(
    r"\b(damag\w*|broken?|broke|ripped|rip|torn|tore|soak\w*|wet|crush\w*|destroy\w*|ruin\w*|dent\w*|crack\w*|smash\w*|shatter\w*|repair\w*|leak\w*|mangled|scratch\w*|handle)\b"
)

BELONGINGS = re.compile(
    r"\b(bags?|luggage|baggage|suit ?cases?|stroller|car ?seat|guitar|bike|bicycle|wheelchair|instrument|skis?|golf clubs|clothes|belongings|items?|carry-?on|cooler|laptop)\b"
)


@labeling_function(
    LOST_LUGGAGE,
    examples=["Where is my bag?", "still no luggage"],
    non_examples=["My bag is broken", "Is a second bag free?", "Where is my flight?", None],
)
def luggage_is_gone(said: str) -> bool:
    """Luggage, and a word for its not being here."""
    return bool(LUGGAGE.search(said) and GONE.search(said)) and not SPOILT.search(said)


@labeling_function(
    LOST_LUGGAGE,
    examples=["You lost my bag", "my luggage did not make it", "no bags for two days"],
    non_examples=["My bag is heavy", "I lost patience", None],
)
def luggage_was_lost(said: str) -> bool:
    """Plain words for lost luggage."""
    return bool(
        re.search(
            r"\b(lost|lose|losing|find|locate|missing|without|where|misplaced|know where|don't have|haven't received|no sign of|no) (\w+ ){0,4}"
            r"(bags?|luggage|baggage|suit ?cases?)\b"
            r"|\b(bags?|luggage|baggage|suit ?cases?)\b (\w+ ){0,3}(is|are|was|were|did|didn't|never|has|have|still|got|been|went|isn't)? ?(\w+ )?"
            r"(lost|missing|not|never|didn't|still|somewhere|in another|delayed|located|make|made|left|sent|arrive\w*|found)\b",
            said,
        )
    )


luggage_is_spoilt = regex(
    DAMAGED_LUGGAGE,
    r"\b(damag\w*|broke|broken|ripped|torn|tore|soak\w*|wet|crushed|destroyed|ruined|dented|cracked|smashed|repair\w*|mangled)\b[^.!?]{0,50}"
    r"\b(bags?|luggage|baggage|suit ?cases?|stroller|car ?seat|guitar|bike|bicycle|wheelchair|clothes|items|handle|wheels?)\b"
    r"|\b(bags?|luggage|baggage|suit ?cases?|stroller|car ?seat|guitar|bike|bicycle|wheelchair|clothes|items|handle)\b[^.!?]{0,50}"
    r"\b(damag\w*|broke|broken|ripped|torn|tore|soak\w*|wet|crushed|destroyed|ruined|dented|cracked|smashed|repair\w*|mangled)\b|\bdamaged\b",
    column="said",
    description="Luggage, and a word for its not being whole.",
    examples=["You broke my guitar", "the suitcase came back torn"],
    non_examples=["a broken promise", "my bag is late"],
)

speaks_of_luggage = regex(
    LOST_LUGGAGE | DAMAGED_LUGGAGE | LONG_LINES | NEUTRAL,
    r"\b(bags?|luggage|baggage|suit ?cases?)\b",
    column="said",
    description="Luggage is named: it is gone, spoilt, or long in coming; or somebody asks how much of it is free.",
    examples=["two bags"],
    non_examples=["a bagel"],
)

waits_for_luggage = regex(
    LONG_LINES | LOST_LUGGAGE,
    r"\b(wait\w*|hours?|hrs?|mins?|minutes|slow|long|takes?|taking)\b.{0,50}\b(carousel|baggage claim|bags|luggage|belt)\b|\bcarousel\b",
    column="said",
    description="A wait at the belt.",
    examples=["Waiting 40 minutes at the carousel"],
    non_examples=["Waiting for take-off"],
)
