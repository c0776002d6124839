"""Signs that choosing, buying or changing a ticket went wrong."""

import re

from labeling_functions.airline_feedback.features import ON_THE_PHONE, TROUBLE
from labeling_functions.airline_feedback.schema.v2_reasons import CUSTOMER_SERVICE, FLIGHT_BOOKING, NEUTRAL
from retrolabel import labeling_function, regex

TICKETS = re.compile(
    r"\b(book(ed|ing)?|tickets?|tix|reservations?|fares?|prices?|miles|points|purchas\w+|bought|buy|awards?)\b"
)

cannot_book = regex(
    FLIGHT_BOOKING,
    r"\b(can'?t|cannot|couldn'?t|won'?t|unable|trying|tried|try|not able|let me|doesn'?t|error\w*"
    r"|trouble)\b.{0,30}\b(book|booked|booking|purchase|buy|reserve|select seats?|redeem)\b"
    r"|\b(book|booking|purchase)\b.{0,40}\b(error\w*|fail\w*|won'?t|doesn'?t|can'?t)\b",
    column="said",
    description="Somebody tried to book, and could not.",
    examples=["I can't book online", "booking fails with an error"],
    non_examples=["I booked a flight", "I can't reach anybody"],
)


@labeling_function(
    FLIGHT_BOOKING | CUSTOMER_SERVICE,
    examples=["I booked two tickets and have no seat", "the fare is not what I saw"],
    non_examples=["I booked two tickets", "My flight was cancelled, and you won't rebook me", None],
)
def trouble_with_a_ticket(said: str) -> bool:
    """A word for tickets and one of trouble, and no flight that was called off."""
    return (
        bool(TICKETS.search(said) and TROUBLE.search(said)) and "cancel" not in said and not ON_THE_PHONE.search(said)
    )


speaks_of_booking = regex(
    FLIGHT_BOOKING | NEUTRAL,
    r"\b(book(s|ed|ing|ings)?|tickets?|tix|tkts?|reservations?|itinerar(y|ies)|fares?|prices?|purchas\w+|bought|buy)\b",
    column="said",
    description="Tickets are asked for, or complained of.",
    examples=["I booked two tickets"],
    non_examples=["a bookshop"],
)

miles_or_points = regex(
    FLIGHT_BOOKING | NEUTRAL | CUSTOMER_SERVICE,
    r"\b(miles|points|mileage\w*|awards?|rewards?|rapid ?rewards|true ?blue|elevate|companion|status|silver|gold"
    r"|platinum)\b",
    column="said",
    description="Miles, points and what they can be spent on.",
    examples=["where are my miles?"],
    non_examples=["the point is"],
)

site_or_app = regex(
    FLIGHT_BOOKING | CUSTOMER_SERVICE | NEUTRAL,
    r"\b(web ?sites?|site|app|web ?page|online|log ?in|password|browser|iphone|android|mobile|boarding pass(es)?)\b",
    column="said",
    description="Site and app are asked about, or fail, on the way to a ticket or elsewhere.",
    examples=["Your site is down"],
    non_examples=["an appetite"],
)

site_fails_on_a_ticket = regex(
    FLIGHT_BOOKING,
    r"\b(web ?site|site|app|online|page)\b.{0,60}\b(book\w*|fares?|price|ticket|purchase|pay|seats?|flights)\b"
    r"|\b(book\w*|fares?|price|purchase)\b.{0,60}\b(web ?site|site|app|online|page)\b|\bbooking (page|site|system)\b",
    column="said",
    description="The web site fails on the way to a ticket.",
    examples=["The site crashed when I wanted to pay", "booking on the website gives an error"],
    non_examples=["the site of the town"],
)
