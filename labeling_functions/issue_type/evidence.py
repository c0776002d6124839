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

aborts_on_a_check = keywords(
    BUG,
    ["assertion failed", "assert", "aborted", "core dumped", "sigsegv", "check failed", "sanitizer", "segfault"],
    column="body",
    examples=["Aborted (core dumped)"],
    non_examples=["The download stopped."],
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
