"""Signs that choosing, buying or changing a ticket went wrong."""

from labeling_functions.airline_feedback.schema.v2_reasons import (
    CUSTOMER_SERVICE,
    FLIGHT_BOOKING,
    NEUTRAL,
)
from retrolabel import regex

cannot_book = regex(
    FLIGHT_BOOKING,
    r"\b(can'?t|cannot|can not|couldn'?t|won'?t|unable|trying|tried|try|not able|impossible|let me|doesn'?t|error\w*|issues?|problems?|trouble|fail\w*)\b.{0,40}"
    r"\b(re-?book\w*|book|booked|booking|purchase|buy|reserve|select( my)? seats?|choose|check ?in online|redeem|use (my )?(miles|points|credit|voucher))\b"
    r"|\b(book|booking|purchase)\b.{0,40}\b(error\w*|problems?|issues?|fail\w*|won'?t|doesn'?t|not work\w*|can'?t)\b",
    column="said",
    description="Somebody tried to book, and could not.",
    examples=["I can't book online", "booking fails with an error"],
    non_examples=["I booked a flight", "I can't reach anybody"],
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
    FLIGHT_BOOKING | NEUTRAL,
    r"\b(miles|points|mileage\w*|award|rewards?|rapid ?rewards|true ?blue|elevate|mileage ?plus|dividend|companion|status|silver|gold|platinum|premier|1k)\b",
    column="said",
    description="Miles, points and what they can be spent on.",
    examples=["where are my miles?"],
    non_examples=["the point is"],
)

site_or_app_fails = regex(
    FLIGHT_BOOKING | CUSTOMER_SERVICE,
    r"\b(web ?sites?|site|app|web ?page|online|page|link|log ?in|login|password|server|browser|iphone|android|mobile|boarding pass(es)?|check.?in online|online check.?in)\b",
    column="said",
    description="The web site or the app is named, which few people do who are content with it.",
    examples=["Your site is down"],
    non_examples=["an appetite"],
)

site_fails_on_a_ticket = regex(
    FLIGHT_BOOKING,
    r"\b(web ?site|site|app|online|page)\b.{0,60}\b(book\w*|reserv\w*|fares?|price|ticket|purchase|pay|seats?|change|flight|error|down|broken|crash\w*|glitch\w*)\b"
    r"|\b(book\w*|fares?|price|purchase|seats?|error|glitch\w*)\b.{0,60}\b(web ?site|site|app|online|page)\b|\bflight booking\b|\bglitch\w*",
    column="said",
    description="The web site fails on the way to a ticket.",
    examples=["The site crashed when I wanted to pay", "booking on the website gives an error"],
    non_examples=["the site of the town"],
)

price_is_wrong = regex(
    FLIGHT_BOOKING,
    r"\b(fares?|prices?|priced|pricing|price (jump|went|rose|change)|expensive|charged (me )?(twice|double|again)|double charged|difference in fare|fare difference|change fees?|cost\w*|cheaper)\b",
    column="said",
    description="A price that rose, or is not the one that was shown.",
    examples=["charged twice", "the fare went up while I paid"],
    non_examples=["priceless"],
)
