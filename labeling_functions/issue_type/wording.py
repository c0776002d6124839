"""How people speak in the body: they wish, they ask, or they report."""

from labeling_functions.issue_type.schema.v1_issue_types import BUG, FEATURE, QUESTION
from retrolabel import keywords, labeling_function, regex

says_it_would_be_nice = keywords(
    FEATURE,
    ["it would be", "would be nice", "would be great", "would be good", "would be useful", "would be helpful"],
    column="body",
    examples=["It would be nice to sort by date."],
    non_examples=["It is nice that rows are sorted by date."],
)

gives_a_motivation = keywords(
    FEATURE,
    ["motivation", "rationale", "benefit", "benefits", "use case", "use cases"],
    column="body",
    examples=["My use case is a shared screen."],
    non_examples=["In this case the screen is shared."],
)

wishes_for_this_feature = keywords(
    ~BUG,
    ["feature request", "this feature", "new feature", "i would like", "i'd like", "is it possible"],
    column="body",
    examples=["I'd like to see this feature on phones.", "Is it possible to hide the clock?"],
    non_examples=["The clock is hidden by mistake."],
)

asks_how = keywords(
    QUESTION,
    ["how to", "how can i", "how do i", "how should i", "how can we", "what should i do"],
    column="body",
    examples=["How can I hide the clock?", "I do not know how to hide the clock"],
    non_examples=["This is how the clock is hidden."],
)

asks_why = keywords(
    QUESTION,
    ["why", "what is the difference", "am i missing", "am i doing"],
    column="body",
    examples=["Why is the clock hidden?"],
    non_examples=["The clock is hidden."],
)

asks_for_help = keywords(
    QUESTION,
    [
        "please help",
        "help me",
        "any help",
        "any idea",
        "any ideas",
        "can anyone",
        "could anyone",
        "can someone",
        "kindly",
    ],
    column="body",
    examples=["Please help, nothing starts any more", "Any ideas?"],
    non_examples=["The help page is empty."],
)

is_trying_something = keywords(
    QUESTION,
    ["i am trying to", "i'm trying to", "i want to", "i wanted to", "i try to", "i need to"],
    column="body",
    examples=["I am trying to read two files at once"],
    non_examples=["Reading two files at once mixes up their rows."],
)

has_tried_things = keywords(
    QUESTION,
    ["i tried", "i have tried", "i've tried", "i already tried", "tried everything"],
    column="body",
    examples=["I tried it on two machines and it never starts"],
    non_examples=["The second machine never starts."],
)

speaks_of_own_program = keywords(
    QUESTION,
    ["my code", "my program", "my project", "my computer", "my laptop", "my terminal", "my model", "my wallet"],
    column="body",
    examples=["my program prints nothing"],
    non_examples=["The program prints nothing."],
)

greets = regex(
    QUESTION,
    r"(?m)^\W*(hi|hello|hey|dear|good (morning|day|evening))\b",
    column="body",
    examples=["Hello everybody,\nmy clock stopped."],
    non_examples=["The program prints hello and stops."],
)

once_worked = keywords(
    ~QUESTION,
    ["regression", "used to work", "no longer", "previously worked"],
    column="body",
    examples=["Drag and drop used to work in spring."],
    non_examples=["How does drag and drop work?"],
)

speaks_as_we = keywords(
    ~BUG,
    ["we should", "we could", "we can", "we need", "we want", "we might", "we would"],
    column="body",
    examples=["We could drop the old parser."],
    non_examples=["The old parser drops the last line."],
)

refers_to_another_issue = regex(
    ~QUESTION,
    r"(^|\s|\()#\d{3,}\b|/(pull|issues)/\d+",
    column="body",
    examples=["This came up in #1234.", "See https://example.org/project/issues/12"],
    non_examples=["The colour is &#1234; here", "It is #1 on my list"],
)


@labeling_function(
    ~BUG,
    examples=["The clock is gone. Where do I find it?"],
    non_examples=["The clock is gone.", "Where is it? I found it.", None],
)
def body_ends_with_question_mark(body: str | None) -> bool:
    """The last thing that people write is what they want: an answer, or a new thing."""
    return body is not None and body.rstrip().endswith("?")


@labeling_function(
    ~QUESTION,
    examples=["The clock stops in a hidden window.\n\n![picture](a.png)"],
    non_examples=["I see no clock.", "Where is the clock?", "### Version\n\n1.2", None],
)
def is_a_terse_note(body: str | None) -> bool:
    """Developers write short notes: no form, no "I", no question."""
    if body is None or len(body) > 700 or "?" in body or "#" in body or "**" in body or "<!--" in body:
        return False
    return not {"i", "i'm", "my", "me", "please", "help"} & set(body.lower().split())
