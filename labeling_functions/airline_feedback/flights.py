"""Signs that a flight was late, or was called off."""

from labeling_functions.airline_feedback.schema.v2_reasons import (
    CANCELLED_FLIGHT,
    CUSTOMER_SERVICE,
    FLIGHT_ATTENDANT,
    FLIGHT_BOOKING,
    LATE_FLIGHT,
    LONG_LINES,
    LOST_LUGGAGE,
    NEUTRAL,
)
from retrolabel import keywords, regex

says_delayed = regex(
    LATE_FLIGHT,
    r"\bdelay(s|ed|ing)?\b|#\w*delay\w*|\bpostponed\b|\bpushed back\b",
    column="said",
    description="The word for a flight that goes later than promised.",
    examples=["Flight 12 is delayed", "more delays"],
    non_examples=["relayed"],
)

says_late = regex(
    LATE_FLIGHT,
    r"\blate\b(?! (night|fees?|response|reply|last|yesterday|in the))|\bon.time\b|\bbehind schedule\b"
    r"|\brunning behind\b|\bhours? behind\b|\bnew (departure|eta|time)\b",
    column="said",
    description="Late, or on time in the words of somebody who was not.",
    examples=["an hour late", "is any flight on time?"],
    non_examples=["call me later", "late night snack"],
)

hours_of_delay = regex(
    LATE_FLIGHT,
    r"\b(\d+|an|two|three|four|five|six|half)[ -]?(hours?|hrs?|mins?|minutes?|h)[ -](late|delay|after|behind|past"
    r"|wait)|\b(late|delay(ed|s)?)( \w+){0,3} (\d+|an|two|three|four|five|six|several|over)\b"
    r"|\b(on (a|the|this|your) plane|(at|in) (the|a|this) (gate|plane|airport)|here)( \w+){0,3} (\d+|an|two|three"
    r"|four|five)\+? ?(hours?|hrs?)",
    column="said",
    description="Hours, next to a word for delay or a place to wait at.",
    examples=["delayed for 3 hours", "a two hour delay", "at the gate for two hours"],
    non_examples=["on hold for 3 hours", "a delay"],
)

sits_in_the_plane = regex(
    LATE_FLIGHT,
    r"\b(sit|sitting|sat|stuck|trapped|stranded|waiting|held|been|parked)\b.{0,40}\b(plane|aircraft|taxiway|ground"
    r"|jet)\b|\btarmac\b|\brunway\b|\bde-?ic(e|ed|er|ing)\b|\btaxi(ing|ed|way)\b",
    column="said",
    description="People sit in a plane that does not move.",
    examples=["Sitting on the plane for an hour", "three hours on the tarmac"],
    non_examples=["I sit in row 3", "the plane is full"],
)

waits_for_crew_or_gate = regex(
    LATE_FLIGHT | LONG_LINES | FLIGHT_ATTENDANT,
    r"\b(wait\w*|no|need|missing|without|find|lack of|where('s| is)) (\w+ ){0,4}(crew|pilots?|captain|first officer"
    r"|copilot|gates?|jet ?way|jet ?bridge|plane|aircraft|tug|fuel|paperwork)\b"
    r"|\b(pilots?|captain|crew)\b.{0,40}\b(late|missing|timed out|not here|never|didn't|isn't|forgot|rest|sick)\b",
    column="said",
    description="The flight waits for a crew, a gate or a plane.",
    examples=["Waiting for a pilot", "landed, and no gate for us", "the crew was late"],
    non_examples=["The pilot waved"],
)

gives_the_cause_of_a_delay = keywords(
    LATE_FLIGHT,
    ["mechanical", "maintenance", "technical", "broken plane", "plane broke", "weight", "takeoff", "take off",
     "took off", "air traffic", "ground stop", "fueled", "refuel", "refueling", "departure time", "scheduled to leave",
     "supposed to leave", "deplane", "deplaned", "eta", "diverted", "fix the plane"],
    column="said",
    description="What makes a flight late, and the words for its going.",
    examples=["some mechanical problem again", "When do we take off?"],
    non_examples=["a problem with my card"],
)  # fmt: skip

fears_for_the_connection = regex(
    LATE_FLIGHT,
    r"\b(miss(ed|ing|es)?|mak(e|ing)|los(e|ing|t)) (\w+ ){0,3}(connect\w*|layover|next flight|interview|wedding"
    r"|meeting|funeral|last flight|birthday)\b|\bconnections?\b|\bmiss(ed|ing)? (my|our|a|the) flight",
    column="said",
    description="A first flight that is late puts the second one at risk.",
    examples=["We will miss our connection", "missed the last flight"],
    non_examples=["I miss flying with you"],
)

says_cancelled = regex(
    CANCELLED_FLIGHT,
    r"\b(cancel(l?ed|s|l?ing|l?ations?)|cxl'?d?|cancld|canx)\b|#\w*cancel\w*",
    column="said",
    description="The word for a flight that does not go.",
    examples=["flight 12 was cancelled", "all these cancellations"],
    non_examples=["please cancel my booking"],
)

was_cancelled = regex(
    CANCELLED_FLIGHT,
    r"\bflights?\b[^.!?]{0,40}\b(was|is|been|got|were|are|just|being|gets|has) (\w+ )?cancell?ed|\bflight cancell?ed"
    r"|\bcancell?ed (my|our|the|a|all|another|flights?|due|again)\b|\b(you|they)( \w+)? cancell?ed\b",
    column="said",
    description="A flight was called off, and by whom.",
    examples=["our flight to Rome was cancelled", "you cancelled my trip"],
    non_examples=["I cancelled with a fee", "delayed, not off"],
)

stranded = regex(
    CANCELLED_FLIGHT | LATE_FLIGHT | CUSTOMER_SERVICE,
    r"\b(strand(ed|ing)|hotels?|overnight|sleep(ing)?|slept|spend the night|get(ting)? home|un?til tomorrow|next day"
    r"|next (available )?flight|rent(al|ed|ing)?( a)? car)\b|#\w*stranded\w*",
    column="said",
    description="Whoever is stranded had a flight that did not go, or went too late.",
    examples=["Stranded in Rome", "no hotel, and the next flight is on Monday"],
    non_examples=["I fly home"],
)

blames_the_weather = regex(
    CANCELLED_FLIGHT | LATE_FLIGHT | CUSTOMER_SERVICE | NEUTRAL,
    r"\b(snow\w*|storms?|weather|blizzard|ice|winter)\b",
    column="said",
    description="Weather makes flights late and calls them off; people ask about it beforehand.",
    examples=["Any change because of the snow?"],
    non_examples=["a nice flight"],
)

needs_a_new_flight = regex(
    CANCELLED_FLIGHT | CUSTOMER_SERVICE | FLIGHT_BOOKING,
    r"\b(re-?book(ed|ing|s)?|re-?schedul\w+|re-?accommodat\w+|re-?rout(e|ed|ing)"
    r"|(another|earlier|different|new) flight|bumped|over ?book(ed|ing)|over ?sold|denied boarding)\b",
    column="said",
    description="A new flight is needed: the old one does not go, or nobody helps to change it.",
    examples=["can you rebook me", "you bumped us"],
    non_examples=["I booked a flight"],
)

still_waits = regex(
    LATE_FLIGHT | LOST_LUGGAGE | LONG_LINES | CUSTOMER_SERVICE,
    r"\bstill (waiting|here|sitting|at|on|no|not|haven'?t)\b|\bwaiting (for|on|at|in)\b"
    r"|\b(we|i)('ve| have)? been waiting\b",
    column="said",
    description="Something should be here, and is not.",
    examples=["still no bag and no word", "Waiting at gate 4"],
    non_examples=["It can wait"],
)
