"""Signs that nobody helped, that people stood in a queue, or that no reason is given."""

import re

from labeling_functions.airline_feedback.features import THANKS, TROUBLE
from labeling_functions.airline_feedback.schema.v2_reasons import (
    CANT_TELL_WHY,
    CUSTOMER_SERVICE,
    LATE_FLIGHT,
    LONG_LINES,
)
from retrolabel import keywords, labeling_function, regex

REASONS = re.compile(
    r"\b(delay\w*|late|cancel\w*|hours?|hrs?|mins?|minutes?|gates?|tarmac|runway|connect\w*|bags?|luggage|baggage|suitcases?|seats?|wi-?fi|tv|crew|attendants?|pilots?|staff|agents?|employees?|reps?"
    r"|book\w*|rebook\w*|web ?site|site|app|online|fares?|prices?|tickets?|miles|points|hold|phone|call\w*|customer service|service|response|respon\w*|answer\w*|help\w*|email\w*|refund\w*|vouchers?|lines?|queue"
    r"|board\w*|check.?in|wait\w*|stuck|sitting|stranded|weather|hotel|reply|replies|reservations?|plane|planes|damag\w*|broken?|dm|reserv\w*|rude|landed|depart\w*|time|food|drink|snacks?|reschedul\w*|flighted)\b"
)
ANGER = re.compile(
    r"\b(worst|worse|terrible|horrible|awful|suck\w*|hate|never|fail\w*|joke|ridiculous|pathetic|disappoint\w*|bad|crap|shit\w*|fuck\w*|shame|wtf|hell|disgust\w*|poor|sad|unacceptable|disgrace\w*|trash|garbage|lost"
    r"|scam|sorry|no|not|don't|why|isn't|can't|won't|unhappy|mad|again|ugh|damn|wow|ruin\w*|nightmare|unbelievable|frustrat\w*|annoy\w*)\b|#\w*(fail|suck|never|worst)\w*|:\("
)

on_hold = regex(
    CUSTOMER_SERVICE,
    r"\bon hold\b|\bhold (for|time|music)\b|\bholding\b|\bhung up\b|\bhang(s|ing)? up\b|\bdisconnect\w*|\bdropped (the |my )?call\b|\bhold\b.{0,20}\b(hours?|hrs?|mins?|minutes?)\b|\bhours? on\b|#\w*onhold\w*|\bbusy signal\b",
    column="said",
    description="A call that is held, or dropped.",
    examples=["On hold for two hours", "they hung up on me"],
    non_examples=["hold the door"],
)

calls_in_vain = regex(
    CUSTOMER_SERVICE,
    r"\b(phones?|phone (line|number|system)|call(s|ed|ing)?|called|hotline|800 number|call ?back|call center|speak (to|with)|talk (to|with)|get (through|ahold|a hold|in touch)|got through|reach|automated|recording"
    r"|operator|human|live person|real person|voicemail)\b",
    column="said",
    description="People tried to call.",
    examples=["I called three times", "How do I speak to a human?"],
    non_examples=["recall"],
)

names_customer_service = regex(
    CUSTOMER_SERVICE,
    r"\bcustomer( service| care| relations| support|service)?( rep\w*)?\b|\bcust(omer)? ?serv\w*|\bcs\b|\bcsr\b|\b(poor|bad|terrible|horrible|worst|awful|no|lack of|such|lousy|better|great|pathetic|your) service\b"
    r"|#\w*(service|customer)\w*|\bservice is\b|\bcustomers?\b",
    column="said",
    description="Service and customers are words of people who were not served.",
    examples=["Worst customer service ever", "what a poor service"],
    non_examples=["in-flight show"],
)

no_answer = regex(
    CUSTOMER_SERVICE,
    r"\b(no|any|never|a|your|without|poor|slow|n't|zero|not|automated|get|getting|for|the) (\w+ )?(response|responses|reply|answers?|answering|word|help|explanation|apology|communication|updates?|information|info|one (to|will|can|is))\b"
    r"|\b(respond\w*|repl(y|ied|ying)|answer(s|ed|ing)?|emailed|e-?mails?|respon[sd]\w*|complaints?|unanswered|ignor\w+|form|feedback|contact\w*|dm('?e?d|s)?|tweet(s|ed|ing)?|twitter)\b",
    column="said",
    description="Questions, mails and forms that get no answer.",
    examples=["I sent a mail, and no reply", "nobody answers"],
    non_examples=["the flight is full"],
)

asks_for_what_is_due = regex(
    CUSTOMER_SERVICE,
    r"\b(refund\w*|reimburs\w*|compensat\w*|vouchers?|my money|money back|credit(ed)?|make (it|this) right|make up for|policy|policies|rules|fees?|penalty|fix this|resolve\w*|supervisor|manager|apolog\w*|corporate|paperwork|receipt)\b",
    column="said",
    description="Money or a favour that is due and does not come.",
    examples=["Where is my refund?", "no voucher, no apology"],
    non_examples=["due on Monday"],
)

nobody_helps = regex(
    CUSTOMER_SERVICE,
    r"\b(no|not|never|n't|nothing|nobody|without|zero|can|could|can't|won't|any|need|please|some|anyone|someone|how)\b.{0,25}\b(help\w*|assist\w*|car(e|es|ed)|solution|options?|resolv\w*)\b|\brun ?around\b|\bbad service\b|\bunhelpful\b"
    r"|\bno one\b|\bnobody\b|\brepresentatives?\b|\breps?\b|\bagents?\b",
    column="said",
    description="Help was asked for, and did not come.",
    examples=["nobody helps us", "No one can assist"],
    non_examples=["a helping of soup"],
)

stands_in_line = regex(
    LONG_LINES,
    r"\b(in|the|a|long|this|your|of|huge|out|longest|security|bag|check-?in|big|one|slow|slowest|long\w*) (\w+ )?(lines?|queues?)\b(?! (for|of) (code|work|credit))|\bqueu\w*|\b(stand|standing|stood) in\b|\blong ?lines?\b|#\w*line(s)?\b",
    column="said",
    description="People stand in a queue.",
    examples=["an hour in line", "two desks, and the line is out the door"],
    non_examples=["your airline"],
)

slow_at_the_airport = regex(
    LONG_LINES,
    r"\b(check.?in|checkin|counters?|kiosks?|security|bag drop|bag check|ticketing|board(ing)?( process| groups?| zones?)?|curbside|precheck|premier access|terminal|shuttle|carousel|baggage claim)\b.{0,60}"
    r"\b(wait\w*|slow\w*|chaos|mess|closed|open|people|agents?|only|understaffed|staffed|hours?|mins?|minutes|long\w*|crowd\w*|disaster|joke|system)\b"
    r"|\b(wait\w*|slow\w*|chaos|only (one|two|1|2|three|3)|understaffed|\d+ (mins?|minutes|hours?))\b.{0,60}\b(check.?in|checkin|counters?|kiosks?|security|bag drop|ticketing|boarding|curbside|carousel|baggage claim|agents?|gate)\b",
    column="said",
    description="A place at the airport where people wait.",
    examples=["Only two agents at the counter", "check-in is chaos, and slow"],
    non_examples=["The counter is blue"],
)

waits = regex(
    CUSTOMER_SERVICE | LATE_FLIGHT | LONG_LINES,
    r"\b(wait(s|ed|ing)?|(over|about|almost|past|last|than|after|in|for|at least|another) (an|\d+|two|three|four|five|six)\+? ?(hours?|hrs?|mins?|minutes?|hr|min))\b",
    column="said",
    description="A wait: in a plane, on the phone, or in a queue.",
    examples=["waited for over an hour"],
    non_examples=["a waiter"],
)


@labeling_function(
    CANT_TELL_WHY,
    examples=["You are the worst. Never again.", "I hate this airline"],
    non_examples=["You are the worst, three hours late", "thank you", "I love this airline", None],
)
def anger_without_a_reason(said: str) -> bool:
    """Anger, and no word of what any team answers for."""
    return bool(ANGER.search(said)) and not REASONS.search(said) and not THANKS.search(said)


worst_airline = regex(
    CANT_TELL_WHY,
    r"\b(worst|terrible|horrible|awful|shit\w*|crappy|hate (this|your|the)?|bad|ridiculous|pathetic) (\w+ ){0,2}(airlines?|carrier|company|experience|travel|trip)\b|\b(airline|you( guys)?|u|united|usairways|they|jetblue) (\w+ )?sucks?\b"
    r"|\bnever (fly|flying|again|going to fly)\b|\bworst\b.{0,20}\bever\b|\b(going out of|take my|taking my) business\b|\b(delta|southwest|american|virgin|jetblue|spirit)\b",
    column="said",
    description="A verdict on the airline, or another airline's name, and no need to say why.",
    examples=["The worst airline ever", "you guys suck"],
    non_examples=["the worst seat"],
)

ironical = keywords(
    CANT_TELL_WHY,
    ["extra", "fee", "fees", "loyal", "loyalty", "business", "years", "thanks for", "choose", "trip", "fuck you", "liars", "lied", "promised", "change fee",
     "unfriendlyskies", "#unfriendlyskies", "#brokenpromises", "disgrace", "joke"],
    column="said",
    description="Words of people who are through with an airline, or who talk of what it costs.",
    examples=["so much for loyalty"],
    non_examples=["royal"],
)  # fmt: skip


@labeling_function(
    CANT_TELL_WHY,
    examples=["no, it is not ok", "not funny"],
    non_examples=["no luggage", "no, thank you", "not a single word about the delay", None],
)
def short_trouble(said: str, word_count: int) -> bool:
    """A few words of trouble without a reason are the second half of a talk."""
    return 0 < word_count <= 10 and bool(TROUBLE.search(said)) and not REASONS.search(said) and not THANKS.search(said)
