"""Signs that nobody helped, that people stood in a queue, or that no reason is given."""

import re

from labeling_functions.airline_feedback.features import ON_THE_PHONE, THANKS, TROUBLE
from labeling_functions.airline_feedback.schema.v2_reasons import (
    CANT_TELL_WHY,
    CUSTOMER_SERVICE,
    LATE_FLIGHT,
    LONG_LINES,
    LOST_LUGGAGE,
    NEUTRAL,
)
from retrolabel import labeling_function, regex, resource

TOPICS = re.compile(rf"\b({'|'.join(resource('topics.txt').read_text(encoding='utf-8').split())})")
ANGER = re.compile(
    r"\b(worst|worse|terrible|horrible|awful|suck\w*|hate|never|fail\w*|joke|ridiculous|pathetic|disappoint\w*|crap"
    r"|shit\w*|fuck\w*|shame|wtf|hell|disgust\w*|sad|unacceptable|disgrace\w*|trash|garbage|scam|unhappy|ugh|damn"
    r"|nightmare|unbelievable|frustrat\w*|annoy\w*|really\?|why)\b|#\w*(fail|suck|never|worst)\w*|:\("
)
LINE = re.compile(
    r"\b(in|the|long|this|huge|longest|security) lines?\b|\blines? (is|was|out|of|at|for|to)\b|\bqueue\w*"
    r"|\bstanding\b|\blong lines\b"
)

on_hold = regex(
    CUSTOMER_SERVICE,
    r"\b(on hold|hold (for|time|music)|holding|hung up|hang(s|ing)? up|disconnect\w*|busy signal)\b|#\w*onhold\w*"
    r"|\bhold\b.{0,20}\b(hours?|hrs?|mins?|minutes?)\b|\bdropped (the |my )?call\b",
    column="said",
    description="A call that is held, or dropped.",
    examples=["On hold for two hours", "they hung up on me"],
    non_examples=["hold the door"],
)

calls_in_vain = regex(
    CUSTOMER_SERVICE,
    r"\b(phones?|call(s|ed|ing)?|hotline|800 number|call ?back|call center|(speak|talk) (to|with)|through to|ahold"
    r"|a hold of|got through|automated|recording|human|real person|voicemail)\b",
    column="said",
    description="People tried to call.",
    examples=["I called three times", "How do I speak to a human?"],
    non_examples=["recall"],
)

names_customer_service = regex(
    CUSTOMER_SERVICE,
    r"\bcustomer ?(service|care|relations|support)\b|\bcust serv\w*|\bcsr?\b|#\w*service\w*|\bservice is\b"
    r"|\b(poor|bad|terrible|horrible|worst|awful|no|lack of|such|lousy|better|pathetic|your) service\b",
    column="said",
    description="Service is a word of people who were not served.",
    examples=["Worst customer service ever", "what a poor service"],
    non_examples=["in-flight show"],
)

no_answer = regex(
    CUSTOMER_SERVICE,
    r"\b(no|any|never|without|poor|slow|zero|automated|get|getting|n't) (\w+ )?(response|reply|answers?|answering"
    r"|word|explanation|apology|communication|updates?|information)\b"
    r"|\b(unanswered|ignor(ed|ing)|complaints?|feedback)\b|(\bno one|\bnobody|n't|\bnot) (\w+ )?(respond|repl"
    r"|answer)\w*",
    column="said",
    description="Questions, mails and forms that get no answer.",
    examples=["I sent a mail, and got no reply", "nobody answers"],
    non_examples=["the flight is full"],
)

asks_for_what_is_due = regex(
    CUSTOMER_SERVICE | CANT_TELL_WHY | NEUTRAL,
    r"\b(refund\w*|reimburs\w*|compensat\w*|vouchers?|my money|money back|credit(ed)?|policy|policies|fees?"
    r"|supervisor|manager|corporate|receipt|change fee)\b",
    column="said",
    description="Money or a favour that is due: asked for, or missed.",
    examples=["Where is my refund?", "no voucher, no apology"],
    non_examples=["due on Monday"],
)


@labeling_function(
    CUSTOMER_SERVICE,
    examples=["nobody helps us", "No one can assist", "I got the runaround"],
    non_examples=["a helping of soup", "thanks for the help", None],
)
def nobody_helps(said: str) -> bool:
    """Help was asked for, and did not come."""
    wanted = re.search(
        r"\b(help\w*|assist\w*|car(e|es)|representatives?|reps?|agents?|no one|nobody|run ?around)\b", said
    )
    return bool(
        wanted and re.search(r"\b(no|not|never|nobody|run ?around|zero|why)\b|n't\b", said)
    ) and not THANKS.search(said)


@labeling_function(
    LONG_LINES,
    examples=["an hour in line", "The line is out the door"],
    non_examples=["the line was busy when I called", "your airline", "on line 3", None],
)
def stands_in_line(said: str) -> bool:
    """People stand in a queue; one on the phone is another matter."""
    return bool(LINE.search(said)) and not ON_THE_PHONE.search(said)


slow_at_the_airport = regex(
    LONG_LINES | LATE_FLIGHT | LOST_LUGGAGE | CUSTOMER_SERVICE,
    r"\b(check.?in|counters?|kiosks?|security|bag drop|ticketing|boarding|curbside|carousel|baggage claim"
    r"|terminal)\b.{0,60}\b(wait\w*|slow\w*|chaos|mess|closed|only|understaffed|hours?|mins?|minutes|long\w*"
    r"|disaster)\b|\b(wait\w*|slow\w*|chaos|only (one|two|1|2)|understaffed"
    r"|(mins?|minutes|hours?))\b.{0,60}\b(check.?in|counters?|kiosks?|security|bag drop|ticketing|boarding|curbside"
    r"|carousel|baggage claim|gate)\b",
    column="said",
    description="A place at the airport where people wait.",
    examples=["Only two agents at the counter", "check-in is chaos"],
    non_examples=["The counter is blue"],
)

waits = regex(
    CUSTOMER_SERVICE | LATE_FLIGHT | LONG_LINES,
    r"\bwait(s|ed|ing)?\b|\b(over|about|almost|past|last|than|after|in|for|at least|another) (an|\d+|two|three|four"
    r"|five)\+? ?(hours?|hrs?|mins?|minutes?)\b",
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
    return bool(ANGER.search(said)) and not TOPICS.search(said) and not THANKS.search(said)


worst_airline = regex(
    CANT_TELL_WHY,
    r"\b(worst|terrible|horrible|awful|shitty|crappy|bad|ridiculous|pathetic) (\w+ )?(airlines?|carrier|company"
    r"|experience|travel|trip)\b|\b(hate (this|your|flying)|never (fly|flying) (with )?(you|this|them|united"
    r"|us ?airways))\b|\b(you( guys)?|u|united|they) (\w+ )?sucks?\b"
    r"|\b(tak(e|ing) (my|our) business|loyal(ty)?|ruined (my|our))\b",
    column="said",
    description="A verdict on the airline as a whole.",
    examples=["The worst airline ever", "you guys suck"],
    non_examples=["the worst seat"],
)


@labeling_function(
    CANT_TELL_WHY | NEUTRAL,
    examples=["no, it is not ok", "not funny"],
    non_examples=["no luggage", "no, thank you", "not a single word about the delay", None],
)
def trouble_without_a_topic(said: str) -> bool:
    """Some trouble, and no word of what any team answers for: the second half of a talk."""
    return bool(TROUBLE.search(said)) and not TOPICS.search(said) and not THANKS.search(said)
