"""Signs that the wrong page was looked up, an old one, or none."""

import re
from datetime import UTC, datetime

from labeling_functions.failure_mode.features import titles, topics
from labeling_functions.failure_mode.schema.v2_failure_modes import FORMATTING, GOOD, RETRIEVAL
from retrolabel import keywords, labeling_function, regex

MAY_2021 = datetime(2021, 5, 1, tzinfo=UTC)

dead_link = regex(
    RETRIEVAL,
    r"\b404\b|(dead|broken) link|(link|url|page).{0,30} (is|are) (dead|broken|gone)|page not found"
    r"|permission denied|redirects to",
    column="comment",
    description="A link that leads nowhere was the wrong source.",
    examples=["I get a 404 there", "The second link in it is dead"],
    non_examples=["This links to a good page", None],
)

says_outdated = keywords(
    RETRIEVAL,
    ["outdated", "out of date", "obsolete", "deprecated", "ancient", "years old", "legacy", "stale", "is old",
     "older version", "newer version", "newer guide", "no longer true", "not true any more",
     "veraltet", "obsoleto", "desactualizado"],
    column="comment",
    description="What was true once came from an old page.",
    examples=["These menus are outdated", "the description is years old"],
    non_examples=["I am an old user of it"],
)  # fmt: skip

wrong_page = regex(
    RETRIEVAL,
    r"\b(wrong|another|unrelated) (page|docs?|document|guide|article|source|manual|product|version|forum)\b"
    r"|\b(page|guide|doc|article|source)\b.{0,40}\bnothing to do with",
    column="comment",
    description="People name the kind of page that was wrong.",
    examples=["That is the wrong manual", "It read an unrelated page"],
    non_examples=["The right page"],
)

asks_for_a_source = regex(
    RETRIEVAL,
    r"\bno (source|link|reference|citation)|citation needed"
    r"|where (is this|are these|did .{1,20}|does .{1,20}) from",
    column="comment",
    description="Who asks for a source saw none.",
    examples=["No source for any of that", "and where is this from, please"],
    non_examples=["Love the source list"],
)

did_not_find_the_page = regex(
    RETRIEVAL,
    r"(did ?n.t|does ?n.t|did not|never|could ?n.t|should have) (find|found|open|opened|look|looked)\b"
    r"|there is (a page|documentation)|isn.?t documented|came back with nothing",
    column="comment",
    description="People know of a page that was not found.",
    examples=["It did not find our handbook", "There is a page on exactly this"],
    non_examples=["I found it at once"],
)

compares_versions = regex(
    RETRIEVAL,
    r"\b(for|of|in|is|describes|about) (the )?(version )?\d+\.\d+\b.{0,40}\b\d+\.\d+\b"
    r"|what about \d+\.\d+|hold for \d+\.\d+",
    column="comment",
    description="People name two versions when the source is for the other one.",
    examples=["This is for 1.4, we are on 2.6", "And what about 7.2?"],
    non_examples=["We are on 2.6"],
)

page_was_right = regex(
    ~RETRIEVAL,
    r"\b(right|correct) (page|doc|docs|document|article|guide|source)"
    r"|(page|doc|article|source) is (right|the right one|correct|fine)",
    column="comment",
    description="Who calls the page right blames something else.",
    examples=["Correct source, odd summary", "The page is fine"],
    non_examples=["The page is wrong"],
)


@labeling_function(
    RETRIEVAL,
    examples=[{"sources": "Setup guide 2017; Backup guide (2016)", "created_at": MAY_2021}],
    non_examples=[
        {"sources": "Setup guide 2020", "created_at": MAY_2021},
        {"sources": "Setup guide", "created_at": MAY_2021},
        {"sources": None, "created_at": MAY_2021},
    ],
)
def cites_an_old_page(sources: str | None, created_at: datetime) -> bool:
    """A page that names a year three or more years back is likely out of date."""
    years = [int(year) for year in re.findall(r"\b20\d\d\b", sources or "")]
    if not years:
        return False
    return min(years) <= created_at.year - 3


@labeling_function(~GOOD, examples=["Open the classic console."], non_examples=["Open the console.", None])
def answer_leads_to_old_screens(answer: str | None) -> bool:
    """Directions through a console that was replaced help nobody."""
    return bool(re.search(r"\b(classic|legacy|old) (console|menu|editor|interface)\b", answer or "", re.IGNORECASE))


@labeling_function(RETRIEVAL | GOOD, examples=[None, ""], non_examples=["Backup guide"])
def cites_nothing(sources: str | None) -> bool:
    """An answer without a source found none, or needed none; it is not the wording that failed."""
    return not titles(sources)


answer_admits_no_source = keywords(
    RETRIEVAL | GOOD,
    ["no matching documents", "could not find a page", "did not find any", "no documentation on",
     "do not have a source", "general advice", "no results were found"],
    column="answer",
    description="The answer says that nothing was found, which some people do not mind.",
    examples=["I could not find a page on that, sorry."],
    non_examples=["See the documentation on backups."],
)  # fmt: skip


@labeling_function(
    ~FORMATTING,
    examples=[{"prompt": "How do I restore a backup?", "answer": "Invoices are sent monthly."}],
    non_examples=[{"prompt": "How do I restore a backup?", "answer": "Pick the backup, then press Restore."}],
)
def answer_shares_no_word_with_question(prompt: str | None, answer: str | None) -> bool:
    """An answer that takes up no word of the question will not be saved by showing it better."""
    return bool(topics(prompt)) and not topics(prompt) & topics(answer)
