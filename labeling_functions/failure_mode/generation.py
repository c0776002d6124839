"""Signs that the pages would have done, and the assistant wrote the wrong thing."""

import re
from functools import cache
from pathlib import Path

from labeling_functions.failure_mode.schema.v2_failure_modes import FORMATTING, GENERATION, GOOD, RETRIEVAL
from retrolabel import keywords, labeling_function, regex

RESOURCES = Path(__file__).with_name("resources")

talks_in_general = keywords(
    GENERATION | GOOD,
    (RESOURCES / "vague_phrases.txt").read_text(encoding="utf-8").splitlines(),
    column="answer",
    description="General talk fits every question and answers few.",
    examples=["Best practices vary, so consult the documentation."],
    non_examples=["Press Restore."],
)

refuses = regex(
    GENERATION,
    r"\b(can'?t|cannot|can not|unable to|not able to|not allowed to) (help|assist|answer|explain|discuss)"
    r"|rather not|against (my|our) policy",
    column="answer",
    description="A refusal is the wrong text, whatever was found.",
    examples=["I am unable to assist with passwords."],
    non_examples=["I can help with that: press Restore."],
)

answer_is_unsure = regex(
    GENERATION,
    r"\bnot (entirely|completely|quite|very)? ?(sure|certain)\b|\bshould probably\b|\bdouble-check\b"
    r"|\bI (guess|suppose|think)\b",
    column="answer",
    description="An answer that doubts itself is often wrong.",
    examples=["I guess it is the blue one.", "Not sure, but try port 80."],
    non_examples=["Make sure that the port is open."],
)


@labeling_function(GENERATION, examples=["Yes, that is possible."], non_examples=["Step. " * 40, None, ""])
def answer_is_very_short(answer: str | None) -> bool:
    """A sentence or two seldom answer a question that was worth asking."""
    if not answer:
        return False
    return len(answer) < 100


@labeling_function(
    GENERATION | GOOD,
    examples=["Make sure that the service is healthy."],
    non_examples=["Run `backup restore`.", "1. Open it.\n2. Press Restore.", "Open **Backups**.", None, ""],
)
def answer_names_nothing_to_do(answer: str | None) -> bool:
    """Without a command, a list or a bold name there is nothing to do, and sometimes nothing was needed."""
    if not answer:
        return False
    return not re.search(r"[`*#|<\\]|^\d+\. |^- ", answer, re.MULTILINE)


says_it_refused = regex(
    GENERATION,
    r"\b(refuses|refused|refusing|won'?t answer|apology|apologi[sz]es|says it doesn'?t know)\b",
    column="comment",
    description="People mention that they got a refusal.",
    examples=["It apologizes and that is all", "Refused for no reason"],
    non_examples=["I answered it myself"],
)

says_it_was_another_question = regex(
    GENERATION,
    r"(wasn'?t|not|isn'?t) (the|my|what I) (question|asked?)|(answered|answers) (a different|another)|read the question"
    r"|(answer|solve) my (question|problem)|(understand|understood) me|meine frage nicht|a mi pregunta|ma question",
    column="comment",
    description="Another question was answered than the one that was asked.",
    examples=["That is not what I asked for", "It answered another question"],
    non_examples=["The question is answered"],
)

says_it_is_vague = keywords(
    GENERATION,
    ["vague", "generic", "no details", "it depends", "too general", "empty words", "not specific", "zu allgemein",
     "muy general", "trop vague"],
    column="comment",
    description="Vague answers are badly written, not badly sourced.",
    examples=["Too vague for me", "empty words, no steps"],
    non_examples=["Specific and short"],
)  # fmt: skip

says_it_is_invented = regex(
    GENERATION,
    r"\b(made[ -]?up|makes? (things|stuff|it) up|invent(s|ed|ing)|hallucinat\w+|fantasy|not a thing)\b",
    column="comment",
    description="What was made up stood in no source.",
    examples=["It hallucinated a flag", "You invented that menu"],
    non_examples=["A fine invention"],
)

says_it_contradicts_itself = regex(
    GENERATION,
    r"contradict(s|ed|ing)? itself|first it says|and then (it )?(explains|says)|changed its mind|both (true|possible)",
    column="comment",
    description="An answer that contradicts itself was badly written.",
    examples=["First it says never, later always"],
    non_examples=["Says the same twice"],
)

says_it_is_false = regex(
    GENERATION,
    r"^\W*(\w+,? )?(wrong|incorrect|false)\W*$|\b(is|are|it'?s) (wrong|incorrect|false|not true|nonsense)\b"
    r"|\b(confidently|can'?t be|isn'?t supported|bad advice|misquotes|misreads)\b|quote isn'?t|\bes falso\b|ist falsch",
    column="comment",
    description="People who call the answer itself wrong do not blame the page.",
    examples=["The second number is wrong", "Sorry, incorrect."],
    non_examples=["Nothing wrong here, all fine"],
)

says_something_is_missing = regex(
    GENERATION,
    r"\bincomplete\b|\bstep \d+ is missing|\bforgot\b|\bonly (answers )?half\b|\bnever says\b"
    r"|\bno example\b|\bnot how\b",
    column="comment",
    description="Part of the question was left unanswered.",
    examples=["Incomplete again", "You forgot the last step"],
    non_examples=["Complete"],
)


@cache
def denial_matcher():
    """Return spaCy's tokenizer and a matcher of denials; made at the first use, since spaCy is slow to import."""
    import spacy
    from spacy.matcher import Matcher

    nlp = spacy.blank("en")
    matcher = Matcher(nlp.vocab)
    matcher.add(
        "DENIAL",
        [[
            {"LOWER": {"IN": ["does", "do", "did", "is", "are"]}},
            {"LOWER": {"IN": ["not", "n't", "nt", "no"]}},
            {"LOWER": {"IN": ["a", "an", "even", "any"]}, "OP": "*"},
            {"LOWER": {"IN": ["exist", "thing", "real", "option", "command", "available"]}},
        ]],
    )  # fmt: skip
    return nlp, matcher


@labeling_function(
    RETRIEVAL | GENERATION,
    examples=["The flag --fast does not exist", "that isn't even an option"],
    non_examples=["The flag exists", "The link does not exist", None],
)
def says_it_does_not_exist(comment: str | None) -> bool:
    """What does not exist was invented, or is gone since the page was written; a link is another matter."""
    if not comment or "link" in comment.lower():
        return False
    nlp, matcher = denial_matcher()
    return bool(matcher(nlp(comment)))


form_was_fine = regex(
    ~FORMATTING,
    r"\b(well|nicely|beautifully|neatly) (formatted|written|presented)"
    r"|(formatting|layout) is (fine|nice|good)|sounds convincing",
    column="comment",
    description="Who praises the form blames something else.",
    examples=["Beautifully presented nonsense"],
    non_examples=["The layout is odd"],
)
