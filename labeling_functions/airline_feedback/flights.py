"""Signs that a flight was late, or was called off."""

from labeling_functions.airline_feedback.schema.v2_reasons import (
    CANCELLED_FLIGHT,
    CUSTOMER_SERVICE,
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
    r"\blate(?! (night|check|fee|response|reply|last|yesterday|in the))\b|\bon time\b|\bon-time\b|\bbehind schedule\b|\brunning (late|behind)\b"
    r"|\bnew (departure|eta|time)\b|\bhours? behind\b",
    column="said",
    description="Late, or on time in the words of somebody who was not.",
    examples=["an hour late", "is any flight on time?"],
    non_examples=["call me later", "late night snack"],
)

sits_and_waits = regex(
    LATE_FLIGHT,
    r"\b(sit|sitting|sat|stuck|trapped|stranded|waiting|held|been|parked|idle)\b.{0,40}\b(tarmac|runway|plane|aircraft|taxiway|ground|jet)\b"
    r"|\btarmac\b|\bde-?ic\w*|\brunway\b|\btaxi(ing|ed|way)\b",
    column="said",
    description="People sit in a plane that does not move.",
    examples=["Sitting on the plane for an hour", "three hours on the tarmac"],
    non_examples=["I sit in row 3", "the plane is full"],
)

no_gate_or_crew = regex(
    LATE_FLIGHT | LONG_LINES,
    r"\b(wait\w*|no|need|missing|without|find|have|lack of|looking for|where('s| is)|waited) (\w+ ){0,4}(a |an |the |our |for )*"
    r"(flight crew|crew|pilots?|captain|first officer|gate|jet ?way|jet ?bridge|plane|aircraft|equipment|tug|fuel|paperwork|ramp|ground crew|copilot)\b",
    column="said",
    description="The flight waits for a crew, a gate or a plane.",
    examples=["Waiting for a pilot", "landed, and no gate for us"],
    non_examples=["The pilot waved"],
)

gives_a_cause_of_delay = keywords(
    LATE_FLIGHT,
    ["mechanical", "mechanical issue", "mechanical issues", "mechanical problem", "mechanical problems", "maintenance", "technical",
     "broken plane", "plane broke", "weight", "takeoff", "take off", "took off", "air traffic", "ground stop", "fueled", "refuel",
     "refueling", "fuel", "fix the plane", "part", "crew rest", "departure time", "depart", "departed", "departs", "scheduled to leave",
     "supposed to leave", "boarded", "deplane", "deplaned", "landed", "landing", "eta", "diverted"],
    column="said",
    description="What makes a flight late, and the words for its going.",
    examples=["some mechanical problem again", "When do we take off?"],
    non_examples=["a problem with my card"],
)  # fmt: skip

fears_for_the_connection = regex(
    LATE_FLIGHT,
    r"\b(miss(ed|ing|es)?|make|making|made|lose|losing|lost) (\w+ ){0,3}(connect\w*|connecting flight|layover|next flight|interview|wedding|"
    r"meeting|funeral|last flight|birthday)\b|\bconnections?\b|\bconnecting\b|\bmiss(ed|ing)? (my|our|a|the|his|her) (\w+ )?flight",
    column="said",
    description="A first flight that is late puts the second one at risk.",
    examples=["We will miss our connection", "missed the last flight"],
    non_examples=["I miss flying with you"],
)

hours_of_delay = regex(
    LATE_FLIGHT,
    r"\b(\d+|an|two|three|four|five|six|half)[ -]?(hours?|hrs?|mins?|minutes?|h|hr)[ -](late|delay|delays|delayed|after|behind|past|wait)\b"
    r"|\b(late|delayed|delay|delays)( \w+){0,3} (\d+|an|two|three|four|five|six|several|over)\b"
    r"|\b(on (a|the|this) plane|at (the|a) gate|in (the|a) (plane|airport)|at the airport|here) (\w+ ){0,3}(for )?(over |almost |about |nearly )?(\d+|an|two|three|four|five|six)"
    r" ?(hours?|hrs?)",
    column="said",
    description="Hours, next to a word for delay or a place to wait at.",
    examples=["delayed for 3 hours", "a two hour delay", "at the gate for two hours"],
    non_examples=["on hold for 3 hours", "a delay"],
)

says_cancelled = regex(
    CANCELLED_FLIGHT,
    r"\b(cancel(l?ed|s|l?ing|l?ations?|ltions?)|cxl'?d?|cancld|canx|cnx|cancelled)\b|#\w*cancel\w*",
    column="said",
    description="The word for a flight that does not go.",
    examples=["flight 12 was cancelled", "all these cancellations"],
    non_examples=["please cancel my booking"],
)

was_cancelled = regex(
    CANCELLED_FLIGHT,
    r"\bflights?\b[^.!?]{0,40}\b(was|is|been|got|were|are|just|being|gets|getting|has) (\w+ )?cancell?ed|\bcancell?ed (my|our|the|a|all|another|flights?|his|her|on|due|again)\b"
    r"|\b(you|they|u|airline|united|usairways|southwest|jetblue|just) (guys |have |had |just |then )?cancell?ed\b|\bflight cancell?ed",
    column="said",
    description="A flight was called off, and by whom.",
    examples=["our flight to Rome was cancelled", "you cancelled my trip"],
    non_examples=["I cancelled with a fee", "delayed, not off"],
)

cancels_it_themselves = regex(
    NEUTRAL | CUSTOMER_SERVICE | FLIGHT_BOOKING,
    r"\bcancel (my|our|a|the|this|that|his|her|it|one|and|flight|reservation|booking|ticket)\b|\b(need|want|have|trying|like|can i|how (do|can) i|i had) (to )?cancel\b"
    r"|\bi cancell?ed\b",
    column="said",
    description="People who call their own journey off need help with it.",
    examples=["How do I cancel my reservation?", "I need to cancel"],
    non_examples=["You cancelled my flight"],
)

stranded = regex(
    CANCELLED_FLIGHT | LATE_FLIGHT | CUSTOMER_SERVICE,
    r"\b(strand(ed|ing)?|hotels?|overnight|sleep(ing)?|slept|spend the night|get(ting)? home|cots?|until tomorrow|till tomorrow|next (available )?flight"
    r"|next day|put (me|us) on|no way home|rent(al|ed|ing)? (a )?car|driv(e|ing) home|snow|storm|weather|blizzard|ice|winter)\b|#\w*stranded\w*",
    column="said",
    description="Whoever is stranded had a flight that did not go, or went too late.",
    examples=["Stranded in Rome", "no hotel, and the next flight is on Monday"],
    non_examples=["I fly home"],
)

needs_a_new_flight = regex(
    CANCELLED_FLIGHT | CUSTOMER_SERVICE | FLIGHT_BOOKING,
    r"\b(re-?book(ed|ing|s)?|re-?schedul\w+|re-?accommodat\w+|re-?rout(e|ed|ing)|another flight|earlier flight|different flight|new flight|get (me|us) on"
    r"|on (another|a different|the next) flight|(bumped|overbooked|over ?booked|overbooking|oversold|denied boarding))\b",
    column="said",
    description="A new flight is needed because the old one does not go, or because nobody helps to change it.",
    examples=["can you rebook me", "you bumped us to another flight"],
    non_examples=["I booked a flight"],
)

plane_without_luggage = regex(
    LATE_FLIGHT | LOST_LUGGAGE | LONG_LINES,
    r"\bstill (waiting|here|sitting|at|on|no|not|haven'?t)\b|\bwaiting (for|on|at|in)\b|\b(we|i)( have|'ve|'re| are|'m| am)?( been)? (still )?waiting\b",
    column="said",
    description="Something should be here, and is not.",
    examples=["still no bag and no word", "Waiting at gate 4"],
    non_examples=["It can wait"],
)
