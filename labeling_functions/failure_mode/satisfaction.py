"""Whether people are content: ratings, praise and general complaints. Written for version 1, and still running."""

from pathlib import Path

from labeling_functions.failure_mode.schema.v1_thumbs import BAD, GOOD
from retrolabel import keywords, labeling_function, regex

RESOURCES = Path(__file__).with_name("resources")
PRAISE = (RESOURCES / "praise.txt").read_text(encoding="utf-8").splitlines()
COMPLAINTS = (RESOURCES / "complaints.txt").read_text(encoding="utf-8").splitlines()


@labeling_function(GOOD, examples=[5], non_examples=[4, 1, None])
def rated_five(rating: int | None) -> bool:
    """Five of five says that the answer was good."""
    return rating == 5


@labeling_function(GOOD, examples=[4], non_examples=[5, 3, None])
def rated_four(rating: int | None) -> bool:
    """Four of five is good, though less surely than five."""
    return rating == 4


@labeling_function(BAD, examples=[1, 2], non_examples=[3, 5, None])
def rated_low(rating: int | None) -> bool:
    """One or two of five says that the answer was bad."""
    return rating is not None and rating <= 2


@labeling_function(BAD, examples=[3], non_examples=[2, 4, None])
def rated_three(rating: int | None) -> bool:
    """Three of five is how polite people say no."""
    return rating == 3


praises = keywords(
    GOOD,
    PRAISE,
    column="comment",
    description="People praise what helped them.",
    examples=["Excellent, as always", "That is spot on."],
    non_examples=["I would not call it good", None],
)

complains = keywords(
    BAD,
    COMPLAINTS,
    column="comment",
    description="People who complain in general terms were not helped.",
    examples=["A waste of time", "Sorry, that is not helpful at all"],
    non_examples=["Very helpful", None],
)

says_it_worked = regex(
    GOOD,
    r"\b(works|worked|fixed|solved|did it|did the trick)\b(?! (at all|before|in the past))",
    column="comment",
    description="Who reports that it worked was helped.",
    examples=["That worked, even on Windows", "Fixed my build!"],
    non_examples=["It worked before the update", "I have not tried it"],
)

thanks_without_but = regex(
    GOOD,
    r"^(?!.*\b(but|however|although|though|history)\b).*\b(thanks|thank you|thx|ty|danke|gracias|merci)\b",
    column="comment",
    description="Thanks without a but are meant.",
    examples=["Thank you so much", "ah, danke"],
    non_examples=["Thanks, but I still cannot log in", "Thanks although that is old"],
)


@labeling_function(GOOD, examples=["ok", "Yes."], non_examples=["no", "ok, but how do I go on from here?", None])
def nods(comment: str | None) -> bool:
    """A single word of agreement is a small thumb up."""
    return (comment or "").strip(" .!").lower() in {
        "ok",
        "okay",
        "yes",
        "cool",
        "nice",
        "fine",
        "noted",
        "perfect",
        "👍",
    }


@labeling_function(BAD, examples=["nope", "???", "Argh!"], non_examples=["no problem", "ok", None])
def sighs(comment: str | None) -> bool:
    """A sigh, a bare no or bare question marks are a small thumb down."""
    words = (comment or "").strip(" .!…").lower()
    return words in {
        "no",
        "nope",
        "ugh",
        "sigh",
        "argh",
        "hm",
        "wtf",
        "fail",
        "bad",
        "really?",
        "seriously?",
        "?",
        "??",
        "???",
    }


unhappy_face = regex(
    BAD,
    "[😕🙁😞😡😠🙄🤦💩👎]|:-?[(]",
    column="comment",
    description="An unhappy face is a thumb down.",
    examples=["where is it 😞", "hm :-("],
    non_examples=["here it is 😀", "call f(x)"],
)

happy_face = regex(
    GOOD,
    r"[🙂😀😊🎉🚀💯👍🙏]|:-?\)",
    column="comment",
    description="A happy face is a thumb up.",
    examples=["🎉", "got it :-)"],
    non_examples=["👎", "f(x):"],
)

good_with_a_remark = regex(
    GOOD,
    r"^\W*(overall|good answer|good text|great|solved|fixed|works|correct|helped me|[45] stars)\b"
    r".*\b(but|though|although|only|except|because|small thing|remark)\b",
    column="comment",
    description="Who begins with praise was helped, whatever small remark follows.",
    examples=["Overall fine, but please number the steps", "Helped me, except for the typo"],
    non_examples=["But overall I am not sure", "Great stuff"],
)

admits_own_mistake = keywords(
    GOOD,
    [
        "my mistake",
        "my fault",
        "my bad",
        "I was wrong",
        "I doubted",
        "about to give up",
        "didn't know about",
        "wasn't wrong",
    ],
    column="comment",
    description="Who owns up to a mistake or a doubt was helped in the end.",
    examples=["Sorry, my fault, I had a typo in the name"],
    non_examples=["It was not my idea"],
)
