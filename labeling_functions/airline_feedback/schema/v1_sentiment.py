"""Version 1: does the message speak for the airline or against it?"""

from retrolabel import Label, LabelSchema

NEGATIVE = Label(
    "negative",
    "The message holds something against the airline: a complaint, or a fault that is still open.",
    include=[
        "a fault told without anger, such as a flight that is late again",
        "praise that means its opposite",
        "thanks with a complaint beside them that still stands",
        "a question that is a reproach, such as asking when somebody will at last answer",
    ],
    exclude=[
        "a question or a request, where nothing went wrong",
        "trouble that the airline has put right, and the person says so",
        "news about the airline, passed on without a view of it",
    ],
    examples=[
        "Three hours at the gate and nobody tells us anything.",
        "Great job losing my bag twice in one week!",
    ],
    owner="care",
    hotkey="n",
)
NEUTRAL = Label(
    "neutral",
    "The message asks, tells or passes on something, and holds nothing for or against the airline.",
    include=[
        "a question about rules, prices, routes or a booking",
        "a request for help with something that is nobody's fault, such as a coat left on a seat",
        "a piece of news, an advertisement, or banter",
    ],
    exclude=[
        "a question whose tone or words blame the airline",
        "a word of thanks for something that was done",
    ],
    examples=[
        "Can I take a folding bicycle as hand luggage?",
        "Do you fly from Graz to Porto in summer?",
    ],
    owner="care",
    hotkey="u",
)
POSITIVE = Label(
    "positive",
    "The message holds something for the airline: praise, thanks, or looking forward to the flight.",
    include=[
        "thanks for help, even if the trouble before it is told as well",
        "praise of a single person, a meal or a view",
        "a wish, in a message that is warm otherwise",
    ],
    exclude=[
        "thanks in advance, which only ends a request politely",
        "praise that means its opposite",
    ],
    examples=[
        "Your crew turned a long night into a good one, thank you.",
        "The new seats are lovely.",
    ],
    owner="marketing",
    hotkey="p",
)

SCHEMA = LabelSchema(
    task="airline_feedback",
    version="1.0.0",
    labels=[NEGATIVE, NEUTRAL, POSITIVE],
    scale="nominal",
    reason="The first version: whoever answers messages wants to see the complaints first.",
    guidelines="""\
Judge what the message says about the **airline**, not how the person feels: somebody may be sad to leave, and
content with the flight.

1. Is anything held against the airline that still stands? Then it is `negative`, whatever else is said.
2. Otherwise, is anything held in its favour? Then it is `positive`.
3. Otherwise it is `neutral`.

Read the whole message before you choose: irony mostly shows in its last words. What another airline or an airport
authority did wrong does not count.
""",
)
