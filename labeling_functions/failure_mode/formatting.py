"""Signs that the answer is right and cannot be read or used as it is shown."""

import re

from labeling_functions.failure_mode.schema.v2_failure_modes import FORMATTING, GENERATION, GOOD
from retrolabel import keywords, labeling_function, regex

says_formatting_is_broken = keywords(
    FORMATTING,
    ["formatting", "format this", "html", "<br>", "markdown", "raw markup", "layout", "indentation", "line breaks",
     "syntax highlighting", "rendered", "render", "unreadable", "hard to read", "impossible to read", "wall of text",
     "one block of text", "bullet points", "bullets", "backtick"],
    column="comment",
    description="People name the part of the layout that is broken.",
    examples=["The layout fell apart", "a wall of text, sorry"],
    non_examples=["Easy to follow", "I work in the platform team"],
)  # fmt: skip

says_table_is_broken = regex(
    FORMATTING,
    r"\btables?\b.{0,30}\b(broken|hard|rendered|unreadable|phone|in slack|cut)"
    r"|(read|no) (the |this )?tables?|columns? (don'?t|do not)",
    column="comment",
    description="Tables break more often than other things.",
    examples=["Cannot read the table", "your table came out broken"],
    non_examples=["The table helps"],
)

says_code_is_not_code = regex(
    FORMATTING,
    r"\bcode ?block|(code|snippet) (is|looks) (broken|garbled)|\bpaste\b|can'?t copy|curly|(syntax|parse) error",
    column="comment",
    description="Code that cannot be copied or run was shown badly.",
    examples=["Cannot tell code from text, use a code block", "Parse error in line 3"],
    non_examples=["The code runs"],
)

says_it_is_cut_off = regex(
    FORMATTING | GENERATION,
    r"\bcut off\b|\bthe (end|second half|rest|other half) (is missing|is gone|never)|\bhalf (of it|the (text|answer))\b"
    r"|breaks off|stops in the middle|where'?s the rest",
    column="comment",
    description="A text that stops was cut on the screen, or never written to its end.",
    examples=["The end is missing", "Cut off after line two"],
    non_examples=["I cut it short"],
)

wants_a_list = regex(
    FORMATTING,
    r"\b(a|as) (numbered )?(list|table) (would|please|instead)|where are the steps|too long|no structure|paragraphs",
    column="comment",
    description="Who wishes for a list has the right text in the wrong shape.",
    examples=["A numbered list would help", "Much too long"],
    non_examples=["The list is good"],
)

content_was_fine = regex(
    FORMATTING | GOOD,
    r"\b(content|comparison|answer|text) (is|would be|was) (good|fine|right|ok|true|correct)\b|^true\b|^correct\b",
    column="comment",
    description="Who calls the content fine has no quarrel but with its form.",
    examples=["The content is right, the rest I cannot read"],
    non_examples=["No content at all"],
)

empty_code_block = regex(
    FORMATTING,
    r"```[a-z]*\s*```",
    column="answer",
    description="A code block with nothing in it lost its code.",
    examples=["Run this:\n```\n```\nls"],
    non_examples=["```\nls\n```"],
)

shows_html_tags = regex(
    FORMATTING,
    r"</?(p|br|div|span|li|ul|b|td)\s*/?>",
    column="answer",
    description="Tags that people can see were not rendered.",
    examples=["One<br>two"],
    non_examples=["if a < b and b > c"],
)

shows_escapes = regex(
    FORMATTING,
    r"\\n|&(#\d+|amp|lt|gt|nbsp|quot);",
    column="answer",
    description="Escapes that people can see were not decoded.",
    examples=["One\\nTwo", "Tom &amp; Ann"],
    non_examples=["One\nTwo", "Tom & Ann"],
)


@labeling_function(
    FORMATTING | GOOD, examples=["Press it. " * 50], non_examples=["Press it.\n" * 50, "Press it.", None]
)
def long_text_in_one_block(answer: str | None) -> bool:
    """A long answer without a single line break is a wall of text, which some people do not mind."""
    return answer is not None and len(answer) > 400 and "\n" not in answer


table_has_no_columns = regex(
    FORMATTING,
    r"^\|{2,}\s*$|^\|-*\|\s*$|^\|[^|\n]+\|\n\|[^|\n]*,",
    column="answer",
    flags=re.MULTILINE,
    description="A table that lost its columns cannot be read.",
    examples=["|||\n|-|\n| a | b |"],
    non_examples=["| a | b |\n|---|---|\n| 1 | 2 |"],
)


@labeling_function(
    FORMATTING,
    examples=["Open the page and press the but"],
    non_examples=["Open the page.", "Run `ls`", "```\nls\n```", None, ""],
)
def answer_breaks_off(answer: str | None) -> bool:
    """An answer that ends in the middle of a sentence was cut off."""
    if not answer:
        return False
    return answer.rstrip()[-1:].isalnum()
