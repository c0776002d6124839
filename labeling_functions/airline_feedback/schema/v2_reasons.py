"""Version 2: a complaint says what went wrong, so that it reaches the team that can mend it."""

from labeling_functions.airline_feedback.schema.v1_sentiment import NEGATIVE, NEUTRAL, POSITIVE
from labeling_functions.airline_feedback.schema.v1_sentiment import SCHEMA as V1
from retrolabel import Label, LabelSchema, Split

CUSTOMER_SERVICE = Label(
    "customer_service",
    "Somebody asked the airline for help or for what is due to them, and it did not answer, help or pay.",
    include=[
        "calls that are held, dropped or never taken; mails, forms and messages without an answer",
        "a refund, voucher or credit that does not come",
        "a rule that staff hold on to although it makes no sense in the case at hand",
        "web site or app do not work, for something else than buying a ticket",
    ],
    exclude=[
        "one person's rudeness, met face to face: flight_attendant",
        "a queue that people stand in: long_lines; a queue on the phone belongs here",
        "the web site fails on the way to a ticket: flight_booking",
        "the flight is late or cancelled, and that is all: late_flight, cancelled_flight",
    ],
    examples=[
        "Fourth call today, an hour of music each time, then I am cut off.",
        "I sent the form in March. Is anybody reading these?",
    ],
    aliases=["Customer Service Issue"],
    owner="care",
    hotkey="s",
)
LATE_FLIGHT = Label(
    "late_flight",
    "The flight goes, or is still said to go, later than promised.",
    include=[
        "a delay before take-off, on the tarmac, in the air, or before a gate is free",
        "a connection that was missed because the first flight was late",
        "nobody says how long it will take, and the flight is still on",
    ],
    exclude=[
        "the flight was called off in the end, however long people waited: cancelled_flight",
        "the flight was on time, and the wait was for a desk or a bag: long_lines",
    ],
    examples=["Boarding at six, they said. It is nine, and we still have no crew."],
    aliases=["Late Flight"],
    owner="operations",
    hotkey="l",
)
CANT_TELL_WHY = Label(
    "cant_tell_why",
    "The message is a complaint for certain, and does not say what about; or none of the other reasons fits.",
    include=[
        "nothing but anger, or a farewell for good",
        "one half of a talk, whose cause must have been told before",
        "charges for bags or extras, and other things that no team of this list answers for",
    ],
    exclude=[
        "several reasons at once: take the one that the person dwells on",
        "a reason that is plain from a detail, such as the number of hours waited",
        "a message of which it is unclear whether it complains: then give no label at all",
    ],
    examples=["Worst airline in the world. Never again."],
    aliases=["Can't Tell"],
    owner="insights",
    hotkey="t",
)
CANCELLED_FLIGHT = Label(
    "cancelled_flight",
    "The flight does not go any more, or went without people for whom it had no seat left.",
    include=[
        "being stranded, booked onto another flight, or left to find a hotel because of it",
        "nobody said that the flight was called off",
        "a delay that ended in the flight being called off",
    ],
    exclude=[
        "the flight is late and still expected: late_flight",
        "the message is about not reaching anybody for a new flight: customer_service",
        "the person gave up the journey themselves, and wants the money back: customer_service",
    ],
    examples=["Called off an hour before departure, and the next seat is on Thursday."],
    aliases=["Cancelled Flight"],
    owner="disruption",
    hotkey="c",
)
LOST_LUGGAGE = Label(
    "lost_luggage",
    "The person does not have their luggage, and should have it by now.",
    include=[
        "luggage that did not arrive, went somewhere else, or comes days later",
        "nobody knows where it is, or answers about it",
        "something was taken out of it, or was left on board and is not given back",
    ],
    exclude=[
        "it came, and is broken or wet: damaged_luggage",
        "it is on its way to the belt, and the wait is long: long_lines",
    ],
    examples=["I am in Oslo, my suitcase is in Rome, and your tracing page knows nothing."],
    aliases=["Lost Luggage"],
    owner="baggage_tracing",
    hotkey="m",
)
BAD_FLIGHT = Label(
    "bad_flight",
    "The flight went, and the aeroplane or what it offered was bad.",
    include=[
        "seats, legroom, dirt, smell, heat, noise",
        "films, sockets or internet on board that do not work; food and drink",
        "a seat other than the one that was paid for, or no room for a bag in the cabin",
    ],
    exclude=[
        "how the crew behaved: flight_attendant",
        "how late it was: late_flight",
    ],
    examples=["Row 30, a seat that will not stay up, and a screen that stayed black for eight hours."],
    aliases=["Bad Flight"],
    owner="cabin",
    hotkey="f",
)
FLIGHT_BOOKING = Label(
    "flight_booking",
    "Choosing, buying or changing a ticket went wrong, or what is on sale is at fault.",
    include=[
        "web site or app fail on the way to a ticket, a seat or a change of them",
        "a price that rose, was charged twice, or is not the one shown",
        "routes that are not offered any more; points or awards that cannot be spent on a flight",
    ],
    exclude=[
        "a new flight is needed because the airline called one off: cancelled_flight",
        "the web site fails for something else, such as finding a bag: customer_service",
    ],
    examples=["Your page takes my card, shows an error, and keeps the money."],
    aliases=["Flight Booking Problems"],
    owner="sales",
    hotkey="b",
)
FLIGHT_ATTENDANT = Label(
    "flight_attendant",
    "Somebody who works for the airline, met on board or at the gate, behaved badly or did not do their work.",
    include=[
        "rude, careless or unfair conduct of cabin crew, pilots, gate or desk staff",
        "staff who were not where they should have been, where the message blames them for it",
    ],
    exclude=[
        "an agent on the phone or in a chat: customer_service",
        "too few desks are open: long_lines",
        "the flight is late for lack of a crew, and the message is about the hours: late_flight",
    ],
    examples=["The steward shouted at my mother for asking for water."],
    aliases=["Flight Attendant Complaints"],
    owner="crew",
    hotkey="a",
)
LONG_LINES = Label(
    "long_lines",
    "People had to stand and wait at the airport: at a desk, a gate, a door or a belt.",
    include=[
        "queues at check-in, bag drop, security or rebooking; too few desks open",
        "boarding that is slow or badly ordered",
        "a long wait for bags that do come",
    ],
    exclude=[
        "waiting on the phone: customer_service",
        "waiting in the aeroplane, or for it: late_flight",
        "bags that do not come: lost_luggage",
    ],
    examples=["Two desks open, two hundred people, and it is five in the morning."],
    aliases=["longlines"],
    owner="airport",
    hotkey="q",
)
DAMAGED_LUGGAGE = Label(
    "damaged_luggage",
    "The luggage came back, and it or what is in it is broken, torn, soaked or spoilt.",
    include=[
        "a suitcase, instrument, pushchair or wheelchair that was broken on the way",
        "the airline does not want to pay for such damage",
    ],
    exclude=[
        "it has not come back: lost_luggage",
        "things are missing from it: lost_luggage",
    ],
    examples=["My case has three wheels now, and you want a receipt from 2009."],
    aliases=["Damaged Luggage"],
    owner="baggage_claims",
    hotkey="d",
)

REASONS = [
    CUSTOMER_SERVICE,
    LATE_FLIGHT,
    CANT_TELL_WHY,
    CANCELLED_FLIGHT,
    LOST_LUGGAGE,
    BAD_FLIGHT,
    FLIGHT_BOOKING,
    FLIGHT_ATTENDANT,
    LONG_LINES,
    DAMAGED_LUGGAGE,
]

SCHEMA = LabelSchema(
    task="airline_feedback",
    version="2.0.0",
    revises=V1,
    labels=[*REASONS, NEUTRAL, POSITIVE],
    steps=[Split(NEGATIVE, into=REASONS)],
    reason="A complaint went to everybody: nothing said whether crew, operations or baggage should act on it.",
    guidelines="""\
Decide `neutral`, `positive` or neither as in version 1. A complaint then gets **one** reason: what would have to go
right for this message never to have been written? Ask in this order, and stop at the first yes:

1. Is luggage gone, or spoilt? `lost_luggage`, `damaged_luggage`
2. Was the flight called off, or is it late? `cancelled_flight`, `late_flight`. A late flight that was called off in
   the end is `cancelled_flight`.
3. Is it about a person whom they met? `flight_attendant`
4. About standing in a queue? `long_lines`
5. About the aeroplane and what it offered? `bad_flight`
6. About getting a ticket? `flight_booking`
7. About help that did not come? `customer_service`
8. Otherwise: `cant_tell_why`

**What the person dwells on goes before the order.** Who writes one word about the delay, and ten about an hour on
hold, means `customer_service`.

`cant_tell_why` is an answer: a complaint without a reason that one can read. Where you cannot tell whether it is a
complaint, give no label.
""",
)
