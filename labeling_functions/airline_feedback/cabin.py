"""Signs that the aeroplane or its crew were bad."""

import re

from labeling_functions.airline_feedback.features import ON_THE_PHONE, THANKS
from labeling_functions.airline_feedback.schema.v2_reasons import (
    BAD_FLIGHT,
    CUSTOMER_SERVICE,
    FLIGHT_ATTENDANT,
    FLIGHT_BOOKING,
    POSITIVE,
)
from retrolabel import keywords, labeling_function, regex

CABIN_STAFF = re.compile(
    r"\b((flight )?attendants?|stewardess\w*|(gate|ticket|desk) agents?|staff|employees?|crew members?)\b"
)
ALL_STAFF = re.compile(rf"{CABIN_STAFF.pattern}|\b(crew|pilots?|captain|agents?|supervisor|personnel)\b")
RUDE = re.compile(
    r"\b(rude\w*|unprofessional|attitude|yell\w*|scream\w*|nasty|unhelpful|arrogant|condescending|lied|lying|ignor\w+"
    r"|refus\w+|disrespect\w*|lazy|careless|hostile|unfriendly|clueless|snotty|snarky|grumpy|laugh\w*|argu\w*"
    r"|threat\w*|forced|treated|behavio\w*|obnoxious|incompetent|worst|terrible|horrible|awful)\b"
)
PRAISE = re.compile(r"\b(great|awesome|amazing|helpful|best|kudos|love\w*|wonderful|nice|kind|fantastic|excellent)\b")

net_or_films = keywords(
    BAD_FLIGHT,
    ["wifi", "wi-fi", "gogo", "internet", "tv", "tvs", "directv", "entertainment", "screen", "screens", "movie",
     "movies", "outlet", "outlets", "inflight", "in-flight", "channels", "headphones"],
    column="said",
    description="What there is to pass the time with on board.",
    examples=["No WiFi for five hours"],
    non_examples=["no whiff of it"],
)  # fmt: skip

net_or_films_fail = regex(
    BAD_FLIGHT,
    r"\b(no|without|not|broken|slow|work\w*|down|doesn't|didn't|isn't)\b.{0,30}\b(wi-?fi|internet|tvs?|entertainment"
    r"|outlets?|power|screens?)\b|\b(wi-?fi|internet|tvs?|entertainment|outlets?|screens?)\b.{0,30}\b(no|without|not"
    r"|broken|slow|work\w*|down|doesn't|didn't|isn't|sucks?)\b",
    column="said",
    description="It is there, and does not work; or it is not there.",
    examples=["The WiFi is down", "broken screens in row 3"],
    non_examples=["The WiFi is great"],
)

the_plane_itself = regex(
    BAD_FLIGHT,
    r"\b(leg ?room|reclin\w*|arm ?rests?|cramped|uncomfortable|tiny|cushions?|dirty|filthy|smell\w*|stink\w*|stench"
    r"|gross|a/c|air condition\w*|bathrooms?|toilets?|lavator\w*|restrooms?|overhead( bins?)?|exit row|crj\w*|noisy"
    r"|loud)\b",
    column="said",
    description="The cabin: room, dirt, smell, warmth, noise.",
    examples=["no legroom at all", "a filthy cabin"],
    non_examples=["a plane"],
)


the_seat = regex(
    BAD_FLIGHT | FLIGHT_BOOKING | FLIGHT_ATTENDANT | CUSTOMER_SERVICE,
    r"\b(seats?|seated|seating|row|first class|1st class|business class|economy( plus)?|aisle|window|middle"
    r"|downgraded?)\b",
    column="said",
    description="The seat: bad, another than was paid for, or not to be had.",
    examples=["a seat that was taken", "stuck in the middle"],
    non_examples=["I sit"],
)

another_seat = regex(
    BAD_FLIGHT,
    r"\b(my|our) seats?\b|\bpaid\b.*\b(seats?|first class|economy plus|row|window|aisle)\b"
    r"|\bseats?\b.{0,30}\b(broken|dirty|wet|away|separate\w*|changed|moved|taken|apart|hard|paid)\b"
    r"|\b(broken|moved|changed|lost|gave|separat\w+|took)\b.{0,30}\bseats?\b",
    column="said",
    description="The seat is broken, or another one than people had paid for.",
    examples=["I paid for a window and got the middle", "you moved my seat"],
    non_examples=["take a seat"],
)


@labeling_function(
    FLIGHT_ATTENDANT,
    examples=["Your staff was so rude", "The gate agent yelled at my mother"],
    non_examples=["The crew was lovely", "The agent on the phone was rude", "no crew yet", None],
)
def staff_behaved_badly(said: str) -> bool:
    """A word for staff, and one for how people should not behave; an agent on the phone is another matter."""
    return bool(ALL_STAFF.search(said) and RUDE.search(said)) and not ON_THE_PHONE.search(said)


@labeling_function(
    FLIGHT_ATTENDANT,
    examples=["Your staff at gate 4 did not know", "the flight attendants talked all night"],
    non_examples=["The staff was great", "Thanks to the gate agents", "No staff answers the phone", None],
)
def staff_without_praise(said: str) -> bool:
    """People who name staff in the cabin or at the gate, and neither thank nor praise, complain of them."""
    praise = PRAISE.search(said) or THANKS.search(said)
    return bool(CABIN_STAFF.search(said)) and not praise and not ON_THE_PHONE.search(said)


@labeling_function(
    FLIGHT_ATTENDANT | POSITIVE,
    examples=["Your staff at gate 4 is so kind"],
    non_examples=["a fine flight", None],
)
def names_staff(said: str) -> bool:
    """Who names staff praises them or complains of them."""
    return bool(CABIN_STAFF.search(said))


rude = regex(
    FLIGHT_ATTENDANT | CUSTOMER_SERVICE,
    r"\b(rude\w*|attitude|unprofessional|yell(ed|ing)|unfriendly|disrespect\w*|condescending|nasty|unhelpful"
    r"|treat(ed|s|ing|ment)?)\b",
    column="said",
    description="Somebody was rude, face to face or on the phone.",
    examples=["What an attitude", "treated like cattle"],
    non_examples=["a crude joke"],
)
