"""Signs that the aeroplane or its crew were bad."""

import re

from labeling_functions.airline_feedback.schema.v2_reasons import (
    BAD_FLIGHT,
    CUSTOMER_SERVICE,
    FLIGHT_ATTENDANT,
    FLIGHT_BOOKING,
    LATE_FLIGHT,
    POSITIVE,
)
from retrolabel import keywords, labeling_function, regex

STAFF = re.compile(
    r"\b(flight attendants?|attendants?|fa'?s?|stewardess\w*|steward|crew|pilots?|captain|gate agents?|agents?|staff|employees?|personnel|desk|supervisor|workers?|reps?|woman|lady|guy)\b"
)
BADLY = re.compile(
    r"\b(rude\w*|unprofessional|attitude|yell\w*|scream\w*|nasty|unhelpful|mean|arrogant|condescending|lied|lying|lies|ignor\w+|refus\w+|worst|terrible|horrible|awful|incompetent"
    r"|disrespect\w*|lazy|careless|hostile|unfriendly|poor|poorly|clueless|snotty|snarky|grumpy|grouchy|laugh\w*|argu\w*|threat\w*|kicked|forced|treated|bitch\w*|ass|dumb|care|cares"
    r"|apolog\w*|shut|slammed|walk\w* away|behavio\w*|complain\w*|obnoxious|bad)\b"
)

net_or_films = keywords(
    BAD_FLIGHT,
    ["wifi", "wi-fi", "gogo", "internet", "tv", "tvs", "directv", "entertainment", "screen", "screens", "movie", "movies", "outlet",
     "outlets", "power", "plug", "charging", "inflight", "in-flight", "channels", "headphones", "fleet-fi", "flyfi", "#flyfi"],
    column="said",
    description="What is there to pass the time with on board.",
    examples=["No WiFi for five hours"],
    non_examples=["no whiff of it"],
)  # fmt: skip

food_or_drink = keywords(
    BAD_FLIGHT,
    ["food", "snack", "snacks", "drink", "drinks", "water", "meal", "meals", "beverage", "beverages", "coffee", "wine", "beer", "breakfast",
     "pretzels", "peanuts", "alcohol", "hungry", "starving", "thirsty"],
    column="said",
    description="What there is to eat and drink on board.",
    examples=["not even water"],
    non_examples=["watered down"],
)  # fmt: skip

the_plane_itself = regex(
    BAD_FLIGHT,
    r"\b(legroom|leg room|recline\w*|arm ?rest|cramped|uncomfortable|tiny|dirty|filthy|smell\w*|stink\w*|stench|gross|nasty|hot|heat|heater|freezing|cold|a/?c|air condition\w*"
    r"|turbulen\w*|bumpy|vomit\w*|puke|barf|toilets?|bathrooms?|lavator\w*|restrooms?|overhead( bins?)?|seat ?belt|cushions?|old (plane|seats|aircraft)|crj\w*|noise|noisy|loud|bulkhead|exit row"
    r"|cabin|pillows?|blankets?|light|lights|clean\w*|bugs?|scary|scariest|rough landing|hard landing|obese)\b",
    column="said",
    description="The cabin: room, dirt, smell, warmth, noise.",
    examples=["no legroom at all", "a filthy cabin"],
    non_examples=["a plane"],
)

the_seat = regex(
    BAD_FLIGHT | FLIGHT_BOOKING | FLIGHT_ATTENDANT,
    r"\b(seats?|seated|seating|row|first class|1st class|business class|economy( plus)?|aisle|window|middle|upgrade[ds]?|downgraded?)\b",
    column="said",
    description="The seat: bad, another than was paid for, or not to be had.",
    examples=["my seat was taken", "stuck in a middle seat"],
    non_examples=["I sit"],
)

paid_for_another_seat = regex(
    BAD_FLIGHT,
    r"\b(paid|pay|paying|bought|purchased|gave|given|changed|moved|took|assigned|separated|broken|my)\b.{0,40}\b(seats?|first class|economy plus|upgrade|row|window|aisle)\b",
    column="said",
    description="People did not sit where they had paid to sit.",
    examples=["I paid for a window and got the middle", "you moved my seat"],
    non_examples=["take a seat"],
)


@labeling_function(
    FLIGHT_ATTENDANT,
    examples=["Your crew was so rude", "The gate agent yelled at my mother"],
    non_examples=["The crew was lovely", "The agent on the phone was rude", "no crew yet", None],
)
def staff_behaved_badly(said: str) -> bool:
    """A word for staff, and one for how people should not behave; an agent on the phone is another matter."""
    on_the_phone = re.search(r"\b(phone|call\w*|hold|hung|customer (service|care|relations)|email|line|chat|reservations)\b", said)
    return bool(STAFF.search(said) and BADLY.search(said)) and not on_the_phone


names_cabin_crew = regex(
    FLIGHT_ATTENDANT | POSITIVE,
    r"\b(flight attendants?|attendants?|fa'?s?|stewardess\w*|gate agents?|crew members?|your (staff|crew|employees|people)|(the|flight) (staff|crew)|ticket agents?|counter agents?)\b",
    column="said",
    description="Who names staff praises them or complains of them.",
    examples=["Your staff at gate 4"],
    non_examples=["staff meeting", "a new crew for the flight"],
)

rude = regex(
    FLIGHT_ATTENDANT | CUSTOMER_SERVICE,
    r"\b(rude\w*|attitude|unprofessional|yell(ed|ing)|unfriendly|disrespect\w*|condescending|nasty|unhelpful|discriminat\w*|treat(ed|s|ing|ment)?|professionalism)\b",
    column="said",
    description="Somebody was rude, face to face or on the phone.",
    examples=["What an attitude", "treated like cattle"],
    non_examples=["a crude joke"],
)

waiting_on_crew = regex(
    LATE_FLIGHT | FLIGHT_ATTENDANT,
    r"\b(pilots?|captain|flight crew|crew|gate agents?)\b.{0,40}\b(late|missing|time[sd]? out|not here|show(ed)? up|never|didn't|isn't|forgot|no idea|rest|sick|unavailable)\b",
    column="said",
    description="Staff who are not there, or know nothing.",
    examples=["the pilot did not come, the crew was late"],
    non_examples=["the pilot waved"],
)
