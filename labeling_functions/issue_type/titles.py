"""What the title says: it is short, and people choose its words with care."""

from labeling_functions.issue_type.schema.v1_issue_types import BUG, FEATURE, QUESTION
from retrolabel import keywords, labeling_function, regex

title_says_bug = keywords(
    BUG,
    ["bug"],
    column="title",
    examples=["Bug: the menu opens twice", "[Viewer Bug] blank page"],
    non_examples=["Debugger shows no threads"],
)

title_says_feature = keywords(
    FEATURE,
    ["feature", "feature request", "proposal", "rfc"],
    column="title",
    examples=["[Feature] dark theme", "Proposal: a plugin folder"],
    non_examples=["Featured images are blurred"],
)

title_says_question = keywords(
    QUESTION,
    ["question", "questions"],
    column="title",
    examples=["Question: which port is used"],
    non_examples=["Questionable default for the port"],
)


@labeling_function(
    QUESTION,
    examples=["Which port does the server listen on?"],
    non_examples=["The server listens on the wrong port", None],
)
def title_ends_with_question_mark(title: str | None) -> bool:
    """A title that ends with a question mark asks for an answer."""
    return title is not None and title.rstrip().endswith("?")


title_starts_like_a_question = regex(
    QUESTION,
    r"^\W*(how|why|what|where|which|who|is|are|does|do|can|could)\b",
    column="title",
    examples=["How to resize a window", "Why is my list empty"],
    non_examples=["Show how long a run took", "Isolate the cache"],
)

title_names_a_change = regex(
    FEATURE,
    r"^(\[?[\w/ -]+\]?:? )?(add|adds|allow|enable|expose|implement|improve|introduce|make|provide|support|use)\b",
    column="title",
    examples=["Add a dark theme", "wallet: support two keys", "[cli] allow quiet runs"],
    non_examples=["Addresses are sorted twice", "Crash on exit"],
)

title_wants_support_for = keywords(
    FEATURE,
    ["support", "supports", "ability to", "option to", "option for", "a way to"],
    column="title",
    examples=["Better support for tablets", "Option to hide the clock"],
    non_examples=["Unsupported locale"],
)

title_names_a_crash = regex(
    BUG,
    r"\b(crash|segfault|segmentation|abort|overflow|deadlock|data race|memory leak|check fail)",
    column="title",
    examples=["Crash while saving", "Integer overflow in the parser"],
    non_examples=["Saving takes long"],
)

title_names_a_failure = regex(
    BUG,
    r"\b(fails|failure|intermittent|flaky|broken|race)\b",
    column="title",
    examples=["Intermittent failure in the login test", "Export fails on empty lists"],
    non_examples=["Export to PDF"],
)

title_says_wrong = keywords(
    ~FEATURE,
    ["wrong", "incorrect", "unexpected", "error", "errors"],
    column="title",
    examples=["Wrong sum in the last row"],
    non_examples=["Sum over all rows"],
)

title_says_cannot = keywords(
    ~FEATURE,
    ["cannot", "can't", "can not", "could not", "couldn't", "unable to"],
    column="title",
    examples=["Can't log in", "Could not read the index"],
    non_examples=["Log in with a key"],
)

title_says_not_working = keywords(
    ~FEATURE,
    ["not working", "doesn't work", "does not work", "not found", "stopped working"],
    column="title",
    examples=["Zoom not working"],
    non_examples=["Zoom with the mouse wheel"],
)

title_is_about_installing = keywords(
    QUESTION,
    ["compile", "compiling", "install", "installing", "installation", "cmake", "pip"],
    column="title",
    examples=["Trouble installing on an old laptop", "cannot compile with two compilers"],
    non_examples=["Compiled queries are cached"],
)


@labeling_function(
    ~BUG,
    examples=["Dark theme", "fonts"],
    non_examples=["The dark theme is not dark", None],
)
def title_is_one_or_two_words(title: str | None) -> bool:
    """Who found a bug has more to say than two words."""
    return title is not None and len(title.split()) <= 2


title_quotes_code = regex(
    ~QUESTION,
    r"`[^`]+`",
    column="title",
    examples=["`parse()` drops the last line"],
    non_examples=["The parser drops the last line"],
)
