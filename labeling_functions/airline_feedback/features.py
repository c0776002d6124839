"""What several labeling functions need of a message: its words, and patterns that more than one of them asks for."""

import re
from html import unescape

from retrolabel import feature

# Somebody replaced three words in all texts of this copy of the data, whatever their label, by the names of three
# reasons, inside other words too: "tempLate Flight" was a template. The capitals give it away.
REPLACED = {"Cancelled Flight": "cancel", "Late Flight": "late", "Flight Booking Problems": "booking"}
HANDLE_OR_LINK = re.compile(r"@\w+|https?://\S*|\bt\.co/\S*")
QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"'})

THANKS = re.compile(r"\b(thanks|thank (you|u)|thanx|thnx|thx|tks|ty|cheers)\b")
TROUBLE = re.compile(
    r"\b(but|however|still|not|no|never|cannot|cancel\w*|delay\w*|hold|hours?|hrs|mins?|minutes|late|lost|nothing|why"
    r"|wait(ing|ed)?|stuck|worst|worse|fail\w*|rude|bad|ruin\w*|miss(ed|ing)?|hate|suck\w*|terribl\w*|horribl\w*"
    r"|ridiculous|disappoint\w*|broken?|damaged?|refund|poor|awful|frustrat\w*|problems?|issues?|wtf|wrong|unable"
    r"|trouble|down|behind|forced|unacceptable|ugh|complain\w*|over an|\d+ ?hrs?|already|longer|without|needs? to)\b"
    r"|n't\b|:\("
)
"""Words that stand in most complaints, and in few other messages."""

ON_THE_PHONE = re.compile(r"\b(phones?|call\w*|hold|hung|customer (service|care)|chat|e?mail)\b")
"""What people do who are at home, not at the airport."""


@feature
def said(text: str | None) -> str:
    """The message in lower case, without names, links and the replacements that this copy of the data has."""
    found = unescape(text or "")
    for name, word in REPLACED.items():
        found = found.replace(name, word)
    return " ".join(HANDLE_OR_LINK.sub(" ", found.translate(QUOTES)).lower().split())


@feature
def word_count(said: str) -> int:
    """How many words there are; signs and pictures by themselves are none."""
    return sum(any(sign.isalnum() for sign in word) for word in said.split())
