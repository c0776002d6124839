"""Small helpers that several labeling functions share."""

import re

COMMON_WORDS = set(
    "about and are can could did does for from get has have how its more need not one our page see set should step "
    "steps that the there they this time use want was what when where which who why will with you your".split()
)


def topics(text: str | None) -> set[str]:
    """Return the words of a text that say what it is about, cut to five letters so that "limits" is "limiting"."""
    words = re.findall(r"[a-z]{3,}", (text or "").lower())
    return {word[:5] for word in words if word not in COMMON_WORDS}


def titles(sources: str | None) -> list[str]:
    """Return the titles of the cited documents."""
    return [title for title in (sources or "").split("; ") if title]
