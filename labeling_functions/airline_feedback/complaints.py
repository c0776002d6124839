"""Signs of a complaint, whatever it is about. Written for version 1, and still running."""

from labeling_functions.airline_feedback.schema.v1_sentiment import NEGATIVE, POSITIVE
from retrolabel import keywords, regex, resource, threshold

COMPLAINTS = resource("complaints.txt").read_text(encoding="utf-8").splitlines()

complains = keywords(
    NEGATIVE,
    COMPLAINTS,
    column="said",
    description="Words that people use in anger, and seldom otherwise.",
    examples=["The worst flight ever", "I am so disappointed"],
    non_examples=["A fine flight", None],
)

swears = regex(
    NEGATIVE,
    r"\b(wtf|wth|omfg|ffs|f+u+c*k\w*|f\*+\w*|sh[i*]t\w*|bull ?shit|bs|damn\w*|dammit|hell|crap\w*|ass|a\*\*|asses"
    r"|bitch\w*|goddamn|freaking|frigging|effing|idiots?|morons?|douche\w*|screw(ed)?|pissed)\b",
    column="said",
    description="Nobody swears at an airline that they like.",
    examples=["WTF is going on", "what the hell"],
    non_examples=["hello there", "first class"],
)

angry_tag = regex(
    NEGATIVE,
    r"#\w*(fail|suck|worst|never|unhappy|disappoint|bad|notok|nothappy|poor|hate|angry|frustrat|ridiculous|terrible"
    r"|horrible|annoy|joke|stranded|stuck|delay|unacceptable|rude|wtf|pissed|lies|shame|awful|nightmare|unfriendly"
    r"|getittogether|help|lost)\w*",
    column="said",
    description="A tag made up in anger.",
    examples=["#airlinefail", "home at last #neveragain"],
    non_examples=["#travel", "fail"],
)

asks_why = regex(
    NEGATIVE,
    r"\bwhy\b|\bhow come\b|\breally\W*\?|\bseriously\b|\bhow (is|are|can|could|do) (it|that|this|they"
    r"|you (not|guys|expect|treat|lose))\b|\?!|!\?|\?\?|\bwhat('?s| is) (going on"
    r"|the (deal|point|problem|issue|hold ?up))|\bwhen (are|will) (you|we|they) (going|ever|finally|get)",
    column="said",
    description="Why is what people ask when something should not be so.",
    examples=["Why is nobody at the gate?", "Really?"],
    non_examples=["When do you fly to Rome?"],
)

denies = regex(
    ~POSITIVE,
    r"\b(not|no|never|nothing|nobody|none|cannot|without|unable|refus\w+|didnt|cant|wont|dont|doesnt|isnt|wasnt"
    r"|barely)\b|n't\b",
    column="said",
    description="Praise needs no negation.",
    examples=["I can't find it", "no gate yet"],
    non_examples=["I find it"],
)

counts_the_time = regex(
    NEGATIVE,
    r"\b(\d+|an|two|three|four|five|six|several|few|couple|half|many)([ +-]?(and a half|plus|more|full"
    r"|1/2))?[ -]?(hours?|hrs?|mins?|minutes?|days|weeks|months)\b|\bhours\b|\b\d+(hrs?|h|mins?|m)\b",
    column="said",
    description="People count hours when they wait.",
    examples=["Two hours at the gate", "45min and counting"],
    non_examples=["at 5 pm"],
)

turns_away = regex(
    NEGATIVE,
    r"\b(never|not|won'?t|wont|don'?t|will not|no longer)( \w+){0,3} (fly|flying|flown|use|using|book|booking|travel"
    r"|choose|again|come back|return)|never again|last time|lost (a|my|our|an?other|me) (as a )?(\w+ )?(customer"
    r"|business|loyalty)|(take|taking) (my|our) business|(should have|should've|shoulda|wish i('d| had)?|rather"
    r"|switch\w*|going back|stick(ing)? (to|with)) (\w+ ){0,3}(flown|fly|flying|walk|drive|driven|took|taken|delta"
    r"|southwest|jetblue|american|united|another|other)|(another|different|other|better) (airlines?|carriers?)"
    r"|flying (delta|american|southwest|jetblue) (next|from)|bye bye|goodbye|good ?bye",
    column="said",
    description="Who announces to fly with others is through with this one.",
    examples=["Never flying with you again", "you lost a customer"],
    non_examples=["I fly again on Sunday"],
)

turns_with_but = keywords(
    ~POSITIVE,
    ["but", "however", "although", "yet", "except", "instead", "unfortunately", "still", "even though", "despite",
     "only to", "apparently", "supposed to", "so much for", "at least", "just to"],
    column="said",
    description="What comes after a but is what counts.",
    examples=["I checked in, but there is no seat", "still here"],
    non_examples=["here"],
)  # fmt: skip

once_more = regex(
    NEGATIVE,
    r"\b(again|another (\w+ )?(delay|hour|flight|day|problem|issue)|yet another|once again|every (single )?time"
    r"|always (a|late|delayed|the)|(2nd|second|third|3rd|4th|fourth|5th) (time|day|delay|flight|call)"
    r"|(2|3|4|5|two|three|four|five|several|multiple) (times|different|flights)|in a row|keeps?|constantly"
    r"|continue[sd]? to)\b",
    column="said",
    description="What went wrong once more is told as such.",
    examples=["late again", "the third time this month"],
    non_examples=["a flight"],
)

speaks_of_money = regex(
    NEGATIVE,
    r"\b(refund\w*|reimburs\w*|compensat\w*|charg(ed|ing|e me)|fees?|pa(y|id|ying) (for|\$|over|extra|more|to)"
    r"|my money|money back|vouchers?|credit(ed)?|cost(ing|s)? me|expensive|overcharged|ripped off|rip off|\$ ?\d+)(\b"
    r"|(?=\d))",
    column="said",
    description="Money is talked about when it was paid for nothing.",
    examples=["I want my money back", "you charged $200"],
    non_examples=["a cheap flight"],
)

unhappy_face = regex(
    NEGATIVE,
    r"[:;=]'?-?[(](?!/)|[😡😠😤😢😞😔😒😑😫😕🙁👎😖😣💩👺]",
    column="text",
    flags=0,
    description="An unhappy face.",
    examples=["still here :(", "😡"],
    non_examples=["here :)", "https://t.co/x"],
)

tells_a_story = regex(
    ~POSITIVE,
    r"\b(was|were|had|told|said|asked|tried|called|waited|went|got|took|paid|been|has|have been|i've|we've)\b.*\b(and"
    r"|then|now|because|after|so|since|when|while|until|to)\b.*\b(was|were|had|told|said|is|are|has|no|not|only|on)\b",
    column="said",
    description="Whoever tells a story in order tells what went wrong.",
    examples=["I was told to wait, and then the gate was closed"],
    non_examples=["a fine day"],
)

many_words = threshold(
    ~POSITIVE,
    column="word_count",
    at_least=21,
    description="It takes words to complain.",
    examples=[" ".join(["word"] * 21)],
    non_examples=["word", None],
)
