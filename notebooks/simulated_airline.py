"""What passengers of an invented airline write: SIMULATED, in words of ours, for notebook 04.

Two sources, a form on the web and one in the app, six months, and what each message really is about. Three things are
planted that rules about such messages get wrong; the notebook finds them. Nobody wrote any of these messages.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

SCHEMA = '''\
"""Version 1: what a message is about, so that it reaches who can help."""

from retrolabel import Label, LabelSchema

LATE_FLIGHT = Label("late_flight", "The flight goes later than promised, or a connection was missed for that.")
LOST_LUGGAGE = Label("lost_luggage", "Luggage did not arrive, or arrived elsewhere.")
CUSTOMER_SERVICE = Label("customer_service", "Nobody answers, helps, or pays what is due.")
FLIGHT_BOOKING = Label("flight_booking", "Something fails on the way to a ticket.")
PRAISE = Label("praise", "The message speaks for the airline.")

SCHEMA = LabelSchema(
    task="airline_feedback",
    version="1.0.0",
    labels=[LATE_FLIGHT, LOST_LUGGAGE, CUSTOMER_SERVICE, FLIGHT_BOOKING, PRAISE],
)
'''
SAYS = {
    "late_flight": [
        "flight {flight} to {city} is delayed again",
        "we left {city} with {number} hours to make up for",
        "at the gate in {city}, and nobody there knows why",
        "{number} hours and still on the ground in {city}",
        "{number} hours at the gate for {flight}",
        "{number} hours in {city} by now, and no plane",
        "sitting on the runway in {city} since {clock}",
        "missed my connection in {city} because the first plane came in after {clock}",
    ],
    "late_flight, plainly": [
        "it was to leave at {clock}, look at the clock now",
        "still here in {city}, no word when we go",
        "{city} by noon, they said, and it is {clock}",
        "the board says {flight} and a time that was long ago",
        "the pilots say that we hold until {clock}",
    ],
    "lost_luggage": [
        "my suitcase is somewhere between {city} and {other}",
        "no bag in {city}, {number} of us wait for ours",
        "my luggage flew to {other} without me",
        "the belt in {city} stopped, and my bag was not on it",
    ],
    "lost_luggage, plainly": [
        "{number} days in {city} with what I wore on the plane",
        "it has a red ribbon and my name on it, and it is not here",
        "you sent it to {other}, I am in {city}",
        "came home to {city} with less than I took",
        "still looking for my things after {flight}",
    ],
    "customer_service": [
        "nobody answers about {flight}, {number} mails so far",
        "your agent in {city} could not help and did not want to",
        "no reply to my complaint about {flight}",
        "still no refund for {flight}",
    ],
    "customer_service, plainly": [
        "I was promised a call back on {flight}",
        "three people, three stories, and {flight} is still not settled",
        "{number} forms later I know as much as before",
    ],
    "customer_service, on the phone": [
        "on hold for {number} hours about {flight}",
        "{number} minutes on hold, then the line goes dead",
        "on hold again, since {clock} now",
        "your music on hold is nice, I know all of it by now",
        "put on hold, cut off, on hold again",
    ],
    "customer_service, of a voucher": [
        "the voucher for my trouble with {flight} never came",
        "you owe me a voucher for {flight}",
        "where is the voucher that your agent promised?",
    ],
    "flight_booking": [
        "the site does not take my card for {city}",
        "cannot book {city} for {number}, checkout fails",
        "checkout to {city} ends in an error",
        "no seats shown when I book {flight}",
    ],
    "flight_booking, plainly": [
        "I get to the last page for {city} and then start over",
        "the price to {city} doubles on the last step",
        "your page forgets the {number} names that I typed",
    ],
    "flight_booking, of a voucher": [
        "the voucher of your spring sale is not valid, it says",
        "spring voucher for {city}: 'unknown code'",
        "what is a sale voucher worth if {city} is not in the list?",
        "typed the voucher {number} times, the price stays the same",
        "your voucher works for {other} and not for {city}, why?",
    ],
    "praise": [
        "thank you for a lovely flight to {city}",
        "great crew on {flight}",
        "best landing I had in {city}, thanks",
    ],
    "praise, plainly": [
        "{city} at sunrise, and the man in row {number} got his coffee at last",
        "I fly to {city} with you again in a week, and look forward to it",
        "your captain told us about {city} from above",
    ],
}
ASIDES = [
    "I have been with you for {number} years",
    "what now?",
    "is that what you call service",
    "we are {number}, and my mother is with us",
    "I did not expect that of you",
    "this is for my trip to {other}",
    "it is {clock} as I write this",
    "not the first time in {other}",
    "please tell me what to do with it",
    "in {other} all went well",
    "my friends say the same",
    "I write this from {city}, and I am not alone",
    "has this to be so?",
    "you have my number",
    "on my way to {other} since {clock}",
    "for a week in {other} with my son",
    "I do not know what to think",
    "the rest of the trip was as it is with all of you",
    "and that on a {day}",
    "so it goes, on to {other}",
    "to be fair, the seat was fine",
    "where do I stand?",
    "who reads these?",
    "they were all kind, but still",
    "is it the same with others?",
]
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
CITIES = ["Porto", "Graz", "Turin", "Oslo", "Cork", "Basel", "Vigo", "Bergen", "Split", "Malmo", "Lille", "Bari"]
SHARES = {"late_flight": 0.28, "lost_luggage": 0.29, "customer_service": 0.32, "flight_booking": 0.06, "praise": 0.05}
PLAIN = {"late_flight": 0.3, "lost_luggage": 0.85, "customer_service": 0.7, "flight_booking": 0.5, "praise": 0.5}
ON_THE_PHONE, OF_A_VOUCHER = 0.36, 0.46
SALE, OF_THE_SALE = 5, 0.65
IN_THE_APP = 0.45
ALSO = 0.5
FORMS = {"web": "web 3.1", "app": "app 2.0"}
TOPICS = {
    "web": {"late_flight": 1, "lost_luggage": 2, "customer_service": 3, "flight_booking": 4},
    "app": {"late_flight": 2, "lost_luggage": 1, "customer_service": 3, "flight_booking": 4},
}
NO_TOPIC, RARELY, OTHER_TOPIC = 0.15, 0.92, 0.12


def simulate(items: int, seed: int) -> pd.DataFrame:
    """Return messages: ``item_id``, ``created_at``, ``source``, ``form``, ``message``, ``topic``, and the ``truth``.

    Args:
        items: How many.
        seed: The same seed gives the same messages.
    """
    random = np.random.default_rng(seed)
    times = pd.Timestamp("2026-01-01", tz="UTC") + pd.to_timedelta(np.sort(random.uniform(0, 181, items)), unit="D")
    rows = [_message(random, when.month) for when in times]
    frame = pd.DataFrame(rows, columns=["source", "form", "message", "topic", "truth"])
    frame.insert(0, "item_id", [f"m{place:05d}" for place in range(items)])
    frame.insert(1, "created_at", times.floor("s"))
    return frame.astype({"topic": "Int64"})


def _message(random: np.random.Generator, month: int) -> tuple[str, str, str, int | None, str]:
    truth = str(random.choice(list(SHARES), p=list(SHARES.values())))
    if month == SALE and random.random() < OF_THE_SALE:
        truth, kind = "flight_booking", "flight_booking, of a voucher"
    elif truth == "customer_service" and (drawn := random.random()) < ON_THE_PHONE + OF_A_VOUCHER:
        kind = f"customer_service, {'on the phone' if drawn < ON_THE_PHONE else 'of a voucher'}"
    else:
        kind = f"{truth}, plainly" if random.random() < PLAIN[truth] else truth
    source = "app" if random.random() < IN_THE_APP else "web"
    topic = TOPICS[source].get(truth)
    if topic is None or random.random() < (RARELY if kind.endswith(("phone", "voucher")) else NO_TOPIC):
        topic = None
    elif random.random() < OTHER_TOPIC:
        topic = int(random.integers(1, 5))
    parts = [str(random.choice(SAYS[kind])), *map(str, random.choice(ASIDES, random.integers(0, 3), replace=False))]
    if random.random() < ALSO:
        parts.append(str(random.choice(SAYS[str(random.choice(list(SHARES)))])))
    random.shuffle(parts)
    city, other = random.choice(CITIES, 2, replace=False)
    slots = {
        "city": city,
        "other": other,
        "flight": f"BX{random.integers(100, 999)}",
        "day": random.choice(DAYS),
        "number": random.integers(2, 10),
        "clock": f"{random.integers(6, 23)}:{random.integers(0, 60):02d}",
    }
    return source, FORMS[source], " ".join(f"{part}{'' if part[-1] in '?!' else '.'}" for part in parts).format(**slots), topic, truth


def write_project(folder: Path, items: int = 4_000, gold: int = 500, seed: int = 4) -> pd.DataFrame:
    """Write a project with a task, feedback of two sources and two sets of gold; return the messages.

    Args:
        folder: Where; it is made.
        items: How many messages.
        gold: How many of them are in dev gold, and how many others in test gold.
        seed: The same seed gives the same files.
    """
    frame = simulate(items, seed)
    schema = folder / "labeling_functions" / "airline_feedback" / "schema"
    schema.mkdir(parents=True)
    for package in (schema, schema.parent, schema.parent.parent):
        (package / "__init__.py").touch()
    (schema / "v1.py").write_text(SCHEMA)
    (folder / "retrolabel.toml").write_text('store = ".retrolabel"\ntracking = false\n')
    for source, part in frame.groupby("source"):
        part.drop(columns=["source", "truth"]).to_csv(folder / f"{source}.csv", index=False)
    drawn = frame.sample(2 * gold, random_state=seed)
    for role, part in (("dev", drawn[:gold]), ("test", drawn[gold:])):
        for source, of_source in part.groupby("source"):
            of_source[["item_id", "truth"]].to_csv(folder / f"{role}_{source}.csv", index=False)
    return frame
