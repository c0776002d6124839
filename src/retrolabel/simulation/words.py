"""The words that simulated texts are made of: sentences with slots in braces, and what fills the slots.

They come from outside, as one value; the word lists that ship are files, which
:mod:`retrolabel.interop.word_lists` reads. Where a list begins stand those that people use most.
The order of a list is part of what a seed gives.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Lines = tuple[str, ...]
"""Ways to say something."""
Lists = Mapping[str, Lines]
"""Such ways, each list under a name."""


@dataclass(frozen=True, slots=True)
class Topic:
    """One thing that users do with a product, and the words in which its documentation speaks of it.

    Attributes:
        product: The product.
        task: What users want to do, as it follows "How do I".
        noun: What the documentation calls it.
        command: The command that does it.
        setting: The setting that controls it.
        values: What the setting can be.
        title: The title of its page in the documentation.
        screen: The screen of the console where it is found.

    Example:
        >>> topic = Topic(
        ...     product="Pipelines", task="retry a job", noun="job retry", command="brindle ci retry",
        ...     setting="ci.retry", values=("1", "3"), title="Retrying jobs", screen="Run history",
        ... )
        >>> f"How do I {topic.task} in {topic.product}?"
        'How do I retry a job in Pipelines?'
    """

    product: str
    task: str
    noun: str
    command: str
    setting: str
    values: Lines
    title: str
    screen: str


@dataclass(frozen=True, slots=True)
class SlotWords:
    """What fills slots beside the words of a topic and numbers.

    Attributes:
        months: When something was last updated.
        bad_values: What no setting should be.
        synonyms: Slot -> ways to say the same.
    """

    months: Lines
    bad_values: Lines
    synonyms: Lists


@dataclass(frozen=True, slots=True)
class Prompts:
    """What users ask.

    Attributes:
        questions: Language -> questions.
        context: What some add to their question.
    """

    questions: Lists
    context: Lines


@dataclass(frozen=True, slots=True)
class Answers:
    """What the assistant answers when nothing fails; ``foreign`` is language -> sentences."""

    openings: Lines
    steps: Lines
    details: Lines
    cautions: Lines
    closings: Lines
    snippets: Lines
    table: str
    foreign: Lists


@dataclass(frozen=True, slots=True)
class Flaws:
    """What stands in answers that failed.

    Attributes:
        refusals: What is said instead of an answer.
        vague: Sentences that hold of anything.
        contradictions: How an answer begins, and how it ends.
        broken_tables: Tables that nobody can read.
        broken_code: Code that nobody can copy.
        tells: Flaw -> sentences that betray it.
    """

    refusals: Lines
    vague: Lines
    contradictions: tuple[tuple[str, str], ...]
    broken_tables: Lines
    broken_code: Lines
    tells: Lists


@dataclass(frozen=True, slots=True)
class Sources:
    """Titles of the documents that answers cite; the ``dated`` ones name a year or a version."""

    dated: Lines
    cited: Lines


@dataclass(frozen=True, slots=True)
class Comments:
    """What users write about an answer, beside their complaints.

    Attributes:
        praise: What is said of a good answer.
        neutral: Neither praise nor blame.
        generic: Blame that does not say what failed.
        unrelated: About something else than the answer.
        context: What some add about themselves.
        quibbles: Praise with a complaint to follow.
        turns: From a lesser complaint to the one that counts.
        asides: From the complaint that counts to a lesser one.
        openers: How a hasty comment begins.
        closers: How an angry one ends.
        terse: Thumbs -> all that some write.
        emojis: Thumbs -> emojis.
        ambiguous: Failure -> what is said of it and of others as well.
        concessions: Failure -> what is granted before the complaint.
        foreign: Mode -> comments that are not in English.
    """

    praise: Lines
    neutral: Lines
    generic: Lines
    unrelated: Lines
    context: Lines
    quibbles: Lines
    turns: Lines
    asides: Lines
    openers: Lines
    closers: Lines
    terse: Lists
    emojis: Lists
    ambiguous: Lists
    concessions: Lists
    foreign: Lists

    def ambiguous_on(self, failure: str) -> Lines:
        """Return what is said of a failure and of others as well; one of generation is taken for either other."""
        return self.ambiguous.get(failure) or (*self.ambiguous["retrieval"], *self.ambiguous["formatting"])


@dataclass(frozen=True, slots=True)
class Words:
    """All that simulated texts are made of; ``complaints`` is failure -> kind -> what users say of it.

    Example:
        >>> from retrolabel.interop.word_lists import read_words
        >>> read_words().complaints["retrieval"]["dead"][:3]
        ('Broken link.', 'The link is dead.', '404')
    """

    topics: tuple[Topic, ...]
    slots: SlotWords
    prompts: Prompts
    answers: Answers
    flaws: Flaws
    sources: Sources
    complaints: Mapping[str, Lists]
    comments: Comments
