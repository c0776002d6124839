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

wants_a_way_to = keywords(
    FEATURE,
    ["a way to", "an option to", "the ability to", "should be able to", "should be possible"],
    column="body",
    examples=["There should be a way to mute one channel."],
    non_examples=["I muted one channel by mistake."],
)

gives_a_motivation = keywords(
    FEATURE,
    ["motivation", "rationale", "benefit", "benefits", "use case", "use cases"],
    column="body",
    examples=["My use case is a shared screen."],
    non_examples=["In this case the screen is shared."],
)

speaks_of_the_project_as_we = keywords(
    ~BUG,
    ["we should", "we could", "we can", "we need", "we might"],
    column="body",
    examples=["We could drop the old parser."],
    non_examples=["The old parser drops the last line."],
)

says_it_is_not_supported = keywords(
    ~BUG,
    ["support for", "motivation", "improve", "improvement", "proposal"],
    column="body",
    examples=["There is no support for tablets yet."],
    non_examples=["The tablet shows a blank page."],
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
    ["please help", "help me", "any help", "any idea", "any ideas", "can anyone", "could anyone", "can someone", "kindly"],
    column="body",
    examples=["Please help, nothing starts any more", "Any ideas?"],
    non_examples=["The help page is empty."],
)

thanks_in_advance = keywords(
    QUESTION,
    ["thanks in advance", "thank you in advance", "thanks!", "thank you", "thank you!"],
    column="body",
    examples=["I need this by Monday. Thank you!"],
    non_examples=["This was added in advance of the release."],
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

is_new_to_it = keywords(
    ~BUG,
    ["i'm new", "i am new", "beginner", "newbie", "i am learning", "i'm learning", "tutorial", "i am wondering"],
    column="body",
    examples=["I'm new here, so bear with me."],
    non_examples=["The new release is slower."],
)

once_worked = keywords(
    ~QUESTION,
    ["regression", "used to work", "no longer", "previously worked"],
    column="body",
    examples=["Drag and drop used to work in spring."],
    non_examples=["How does drag and drop work?"],
)

calls_it_a_bug = keywords(
    BUG,
    ["found a bug", "this is a bug", "a bug in", "bug:", "undefined behavior", "undefined behaviour"],
    column="body",
    examples=["I think this is a bug in the parser."],
    non_examples=["I do not know what this is."],
)

refers_to_another_issue = regex(
    ~QUESTION,
    r"(^|\s|\()#\d{3,}",
    column="body",
    examples=["This came up in #1234.", "Follow-up (#1234)"],
    non_examples=["Colour #123456 is wrong? No, the theme&#1234 is"],
)


@labeling_function(
    QUESTION,
    examples=["The clock is gone. Where do I find it?"],
    non_examples=["The clock is gone.", "Where is it? I found it.", None],
)
def body_ends_with_question_mark(body: str | None) -> bool:
    """The last thing that people write is what they want."""
    return body is not None and body.rstrip().endswith("?")
