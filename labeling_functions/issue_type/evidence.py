"""What people attach: logs, programs, pictures, or nothing at all."""

from labeling_functions.issue_type.schema.v1_issue_types import BUG, FEATURE, QUESTION
from retrolabel import keywords, labeling_function, regex

has_javascript_stack = regex(
    BUG,
    r"\bat \S.*:\d+:\d+",
    column="body",
    examples=["TypeError\n    at draw (chart.js:12:7)"],
    non_examples=["We meet at 12:30 in the hall."],
)

has_python_traceback = keywords(
    ~FEATURE,
    ["Traceback (most recent call last)"],
    column="body",
    examples=["Traceback (most recent call last):\n  File 'a.py', line 1"],
    non_examples=["The most recent call was lost."],
)

has_memory_address = regex(
    ~FEATURE,
    r"\b0x[0-9a-f]{6,}",
    column="body",
    examples=["#0 0x00007f12ab in main ()"],
    non_examples=["The mask is 0xff."],
)

has_test_run_link = regex(
    BUG,
    r"cirrus-ci\.com|/actions/runs/|/job/\d|\bci (failed|fails|failure)",
    column="body",
    examples=["The CI failed again last night."],
    non_examples=["We have no CI yet."],
)

aborts_on_a_check = keywords(
    BUG,
    ["assertion failed", "assert", "aborted", "core dumped", "sigsegv", "check failed", "sanitizer", "segfault"],
    column="body",
    examples=["Aborted (core dumped)"],
    non_examples=["I aborted the download? No, it stopped by itself."][1:] + ["The download stopped."],
)

has_compiler_error = keywords(
    ~FEATURE,
    ["undefined reference", "cmake error", "no such file", "fatal error", "no module named", "linker error"],
    column="body",
    examples=["a.cpp:3: undefined reference to `open`"],
    non_examples=["The manual should refer to the other page."],
)

pastes_whole_program = regex(
    QUESTION,
    r"#include\s*<|\bint main\b|public static void main",
    column="body",
    examples=["#include <stdio.h>\nint main() { }"],
    non_examples=["Please include the main file."],
)

has_numeric_repro_script = keywords(
    BUG,
    ["import numpy as np"],
    column="body",
    examples=["import numpy as np\nprint(np.sum([]))"],
    non_examples=["I use numpy."],
)


@labeling_function(
    ~FEATURE,
    examples=["log line\n" * 1000],
    non_examples=["one log line", None],
)
def body_is_very_long(body: str | None) -> bool:
    """Only logs and programs fill pages; a wish does not."""
    return body is not None and len(body) > 5000


@labeling_function(
    BUG,
    examples=["The arrow points left.\n\n![picture](a.png)"],
    non_examples=["The arrow points left.", None],
)
def picture_with_few_words(body: str | None) -> bool:
    """A glitch on the screen needs a picture and few words."""
    return body is not None and "![" in body and len(body) < 350


@labeling_function(
    QUESTION,
    examples=["I start it and I wait. I see my logo, then I see nothing. I need it."],
    non_examples=["It starts, shows the logo, then nothing.", None],
)
def speaks_of_self_often(body: str | None) -> bool:
    """Who asks for help tells a story of their own; who reports a fault tells of the product."""
    return body is not None and sum(word in ("I", "i", "I'm", "my", "me") for word in body.split()) >= 5
