"""Signs of a message that asks, tells or passes on. Written for version 1, and still running."""

import re

from labeling_functions.airline_feedback.features import THANKS, TROUBLE
from labeling_functions.airline_feedback.schema.v1_sentiment import NEGATIVE, NEUTRAL, POSITIVE
from retrolabel import keywords, labeling_function, regex, threshold

asks_about_an_offer = regex(
    NEUTRAL,
    r"\b(do (you|u|y'all|ya) (have|fly|offer|know|guys|allow|still|do)|is there (a|any|an|somewhere)|are there"
    r"|any chance|any way|is it possible|possible to|what('?s| is| are) (the|your)|can (i|we|you|u|someone)"
    r"|could (i|we|you)|may i|am i able|will (you|there|i|my|the)|when (will|do|does|is|are|can)"
    r"|how (do|can|much|many|early|far)|does (the|your|my)|if i|or (is|do|will|can)|where (do|can)|which"
    r"|who (do|can))\b[^?]*\?",
    column="said",
    description="Somebody asks for a rule, a price, a route or a favour.",
    examples=["Can I bring my dog?", "is there a flight to Rome on Sunday?"],
    non_examples=["Why is nobody here?", "Can I laugh"],
)


@labeling_function(
    NEUTRAL,
    examples=["@JetBlue Which gate is it?", "is the 8 pm flight full?"],
    non_examples=["Why are you late?", "Which gate is it", "is this a joke?", None],
)
def question_without_trouble(said: str) -> bool:
    """A question in which no word of trouble stands wants an answer, and no more."""
    blames = re.search(
        r"\b(really|seriously|joke|how hard|when are you going|wth|come on|how is it|how come)\b|!\?|\?!", said
    )
    return "?" in said and not blames and not TROUBLE.search(said)


hands_over_details = regex(
    NEUTRAL | NEGATIVE,
    r"\b(dm('?d|ed|s|ing)?|direct message|pm (me|you)|follow(ed|ing)?( (me|you|back))?|e?mail(ed)?|confirmation"
    r"|record locator|conf(irmation)? ?(#|number|code)|inbox)\b",
    column="said",
    description="Details are handed over to get help: a request, or the next part of a complaint.",
    examples=["Just sent you a DM", "Please follow me back"],
    non_examples=["I flew with you"],
)

asks_to_be_followed = regex(
    NEUTRAL,
    r"\b(sent|send|sending|just|can|need|to|will|please|plz|a|dm'?e?d)( (you|u|it|me|a|the|my|via|by|in|i))* dm\b"
    r"|\bdm'?e?d\b|\bfollow (me|back|us)\b|\bfollow(ed|ing)( (you|back))?\W*$|^\W*sent\b|\bdm sent\b|^\W*dm\b",
    column="said",
    description="To be able to send a direct message is all that is asked for.",
    examples=["DM sent", "can you follow me so I can DM you"],
    non_examples=["No answer to my mail"],
)

passes_on_news = regex(
    NEUTRAL,
    r"\b(ceo|wall ?st(reet)?|journal|nasdaq|nyse|jblu|luv stock|stocks?|shares|earnings|profits?|investors?"
    r"|airways (corp\w*|hits)|news(wire)?|reuters|bloomberg|tribune|herald|press release|price target|announce[sd]?"
    r"|launch(es|ed)?|unveils?|to start|partners?(hip)?|incentive|fleet|livery|airbus|boeing|embraer|avgeek|passbook"
    r"|apple pay|via|blog|infographic|study|ranked|named|report|statement)\b.*(https?:|t\.co)",
    column="text",
    description="A headline with a link is passed on.",
    examples=["Airline's CEO speaks of profits http://t.co/x"],
    non_examples=["Your CEO should hear of this", "look at this http://t.co/x"],
)

takes_part_in_a_game = regex(
    NEUTRAL,
    r"#?destination ?dragons?|flyingitforward|imagine ?dragons|\b(win|winners?|winning|contest|sweepstakes|giveaway"
    r"|tickets? to the|enter(ed)? to|concert|show|oscars?)\b",
    column="said",
    description="Games and concerts that an airline puts on are no flights.",
    examples=["how do we win tickets? #destinationdragons"],
    non_examples=["I fly on Sunday"],
)

ROUTE = re.compile(
    r"\b((direct|non-?stop|more|new|cheap(er)?|seasonal|international) (flights?|routes?|service|fares?)|sales?"
    r"|deals?|promo(tion|s|code)?|(coming|expand\w*|routes?|flights?|service) (back )?(to|from|out of|into)"
    r"|would love to|(wish you|please) (come|bring|add|start|fl[ye]w?))\b"
)
JOURNEY = re.compile(
    r"\b((next|this) (week|month|year|weekend|summer|spring)|in (march|april|may|june|july|august)|upcoming"
    r"|i'?m (flying|going)|we('re| are) (flying|traveling)|travel(l)?ing (with|to|from)|carry.?on"
    r"|check(ed)? (a )?bags?|infant|baby|kids|pets?|dog|wheelchair|passport|visa|tsa|pre-?check|known traveler"
    r"|upgrade|companion pass|status match|lounge|standby)\b"
)


@labeling_function(
    NEUTRAL,
    examples=["please come to Graz", "any direct flights to Rome?"],
    non_examples=["a fine seat", "Still no direct flights to Rome", "Thanks for the new routes", None],
)
def wishes_for_a_route(said: str) -> bool:
    """A wish for flights, fares or dates, without thanks or trouble."""
    return bool(ROUTE.search(said)) and not TROUBLE.search(said) and not THANKS.search(said)


@labeling_function(
    NEUTRAL,
    examples=["We are flying in June", "Is a passport enough for a child"],
    non_examples=["I flew yesterday", "I never get an upgrade", None],
)
def plans_a_journey(said: str) -> bool:
    """Who plans a journey talks of dates, companions and things to bring."""
    return bool(JOURNEY.search(said)) and not TROUBLE.search(said) and not THANKS.search(said)


greets = regex(
    NEUTRAL | NEGATIVE,
    r"^\W*(hi|hello|hey|good (morning|evening|afternoon)|morning|question|quick question|is|do|does|can|what|when"
    r"|where|any|i have|i need|i am|i'm|looking|trying|need|please|plz|pls)\b",
    column="said",
    description="A greeting, or a verb of asking, opens a request.",
    examples=["@united Hi, I need a receipt"],
    non_examples=["@united thanks"],
)

asks_for_help = keywords(
    NEUTRAL | NEGATIVE,
    ["help", "please", "plz", "pls", "need to", "need help", "i need", "assist", "assistance", "advise", "let me know",
     "look into", "trying to", "wondering", "question", "contact", "reach", "forgot", "left my", "someone"],
    column="said",
    description="Who asks for help has trouble, of their own or of the airline's making.",
    examples=["Please help", "I left my coat on board"],
    non_examples=["thank you for the lift"],
)  # fmt: skip

forgot_something = regex(
    NEUTRAL,
    r"\b((i|we|my \w+) (accidentally |just |think i )?(left|forgot)( behind)? (a|my|our|her|his|an|the|something|it)"
    r"|lost (and|&|n) found)\b(?!.*\b(no|not|never|hours|still)\b)",
    column="said",
    description="A thing left on board is nobody's fault.",
    examples=["I left my scarf on flight 12", "Is there a lost and found"],
    non_examples=["You lost my bag", "I left my scarf on board and still have no answer"],
)


@labeling_function(
    NEUTRAL | POSITIVE,
    examples=["Up in the air https://t.co/x"],
    non_examples=["Still here https://t.co/x", "Up in the air", None],
)
def shows_something(text: str | None, said: str) -> bool:
    """A picture or a page is shown, without a word of trouble."""
    return "http" in (text or "") and not TROUBLE.search(said)


@labeling_function(
    NEUTRAL,
    examples=["@united yes", "@united flight 12 to Rome"],
    non_examples=[
        "@united yes!",
        "@united thanks",
        "@united never again",
        "@united why?",
        "@united on time, which is a first for all of us",
    ],
)
def short_and_flat(said: str, word_count: int) -> bool:
    """A few words without mark, thanks or trouble are half of a talk."""
    return word_count <= 7 and not re.search(r"[!?]", said) and not THANKS.search(said) and not TROUBLE.search(said)


nearly_wordless = threshold(
    NEUTRAL | POSITIVE,
    column="word_count",
    at_most=3,
    description="Complaints need more words than three.",
    examples=["@united yes please", "@united wow!"],
    non_examples=["@united you lost my bag"],
)


@labeling_function(
    NEUTRAL | POSITIVE,
    examples=["We board in a moment, see you in Rome tonight then"],
    non_examples=["We do not board", "cancelled"],
)
def no_word_of_trouble(said: str) -> bool:
    """Where no word of trouble stands, few complain."""
    return not TROUBLE.search(said)
