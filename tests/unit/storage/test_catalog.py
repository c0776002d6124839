"""The catalog, in each database: what a transaction did not commit never was."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import replace
from datetime import UTC, timedelta, timezone

import pytest
import sqlalchemy as sa

from retrolabel.errors import CorruptionError, StoreError
from retrolabel.gold.adjudication import HumanLabel
from retrolabel.jobs.gold.retiring import TAKEN_BACK
from retrolabel.jobs.records.calibration import AskedItem, CalibrationRound, CalibrationSet
from retrolabel.jobs.records.events import Event
from retrolabel.jobs.records.gold import Batch, DrawnItem
from retrolabel.jobs.records.plan_changes import Rate
from retrolabel.jobs.records.proposals import Drafted, Proposal, ProposalDecision, Said
from retrolabel.jobs.records.votes import StoredFault
from retrolabel.storage.catalog import SqlCatalog
from retrolabel.storage.connections import AT_ONCE, batched
from retrolabel.storage.tables import human_labels, items, segment_origins
from retrolabel.storage.upgrade import HEAD, revision_inside
from tests.catalogs import NOW, RECORD, column, label_set, said, segment, take_in


def test_an_ingest_that_is_left_by_an_error_never_was(catalog):
    with pytest.raises(ZeroDivisionError), catalog.feedback.ingesting("web") as session:  # noqa: PT012 - what fails is the block
        session.add(segment("a"), ["1", "2"], ["x", "y"])
        session.finish({"comment": "string"}, RECORD)
        _ = 1 / 0
    assert catalog.feedback.sources() == {}
    assert catalog.feedback.segments() == []
    assert catalog.feedback.revisions("web", ["1"]) == {}


def test_a_new_row_supersedes_the_item_in_its_old_segment(catalog):
    take_in(catalog, "a", ["1", "2", "3"], ["x", "y", "z"])
    take_in(catalog, "b", ["2"], ["new"])
    by_id = {found.id: found for found in catalog.feedback.segments()}
    assert (by_id["a"].superseded, by_id["a"].live, by_id["b"].superseded) == ((1,), 2, ())
    assert catalog.feedback.revisions("web", ["1", "2", "9", "1\0"]) == {"1": "x", "2": "new"}


def test_segments_come_sorted_and_by_source(catalog):
    for name, source in (("c", "web"), ("a", "web"), ("b", "mail")):
        take_in(catalog, name, [name], [name], source)
    assert [found.id for found in catalog.feedback.segments()] == ["b", "a", "c"]
    assert [found.id for found in catalog.feedback.segments(["web"])] == ["a", "c"]
    assert catalog.feedback.segments([]) == []


def test_more_ids_than_a_database_takes_at_once(catalog):
    ids = [str(number) for number in range(2 * AT_ONCE + 3)]
    take_in(catalog, "a", ids, ids)
    assert catalog.feedback.revisions("web", ids) == dict(zip(ids, ids, strict=True))
    assert [len(some) for some in batched(ids, AT_ONCE)] == [AT_ONCE, AT_ONCE, 3]


def test_an_ingest_is_found_by_bytes_options_and_source(catalog):
    take_in(catalog, "a", ["1"], ["x"])
    assert catalog.feedback.find_ingest("web", "0" * 64, "{}")["rows"] == 2
    assert catalog.feedback.find_ingest("mail", "0" * 64, "{}") is None
    assert catalog.feedback.find_ingest("web", "0" * 64, "{...}") is None


def test_votes_that_another_run_stored_first_are_left_as_they_are(catalog):
    catalog.votes.add("votes/s/1.parquet", "a" * 64, [column("k1"), column("k2")], [])
    catalog.votes.add(
        "votes/s/2.parquet", "b" * 64, [column("k2", "votes/s/2.parquet"), column("k3", "votes/s/2.parquet")], []
    )
    found = catalog.votes.columns(["k1", "k2", "k3", "k4"])
    assert {key: value.path[-9] for key, value in found.items()} == {"k1": "1", "k2": "1", "k3": "2"}
    assert catalog.votes.files(["k1", "k2"]) == {"votes/s/1.parquet": "a" * 64}


def test_a_file_that_brings_nothing_new_is_not_named(catalog):
    catalog.votes.add("votes/s/1.parquet", "a" * 64, [column("k1")], [])
    catalog.votes.add("votes/s/2.parquet", "b" * 64, [column("k1", "votes/s/2.parquet")], [])
    assert catalog.votes.files(["k1"]) == {"votes/s/1.parquet": "a" * 64}


def test_faults_are_found_by_the_key_of_their_votes(catalog):
    fault = StoredFault("k1", "lf", "web", "7", "KeyError: 'x'", "Traceback ...")
    catalog.votes.add("votes/s/1.parquet", "a" * 64, [column("k1", faults=1)], [fault])
    assert catalog.votes.faults(["k1"]) == [fault]
    assert catalog.votes.faults(["k2"]) == []


def test_faults_that_another_run_stored_first_are_kept_once(catalog):
    fault = StoredFault("k1", "lf", "web", "7", "KeyError: 'x'", "Traceback ...")
    again, other = replace(fault, item_id="8"), replace(fault, key="k2", item_id="9")
    catalog.votes.add("votes/s/1.parquet", "a" * 64, [column("k1", faults=1)], [fault])
    second = "votes/s/2.parquet"
    catalog.votes.add(
        second, "b" * 64, [column("k1", second, faults=1), column("k2", second, faults=1)], [again, other]
    )
    assert catalog.votes.faults(["k1", "k2"]) == [fault, other]


def test_the_cost_of_a_call_is_the_median_over_what_ran(catalog):
    seconds = [column(f"k{n}", rows=10, seconds=float(n)) for n in (1, 2, 30)]
    catalog.votes.add("votes/s/1.parquet", "a" * 64, [*seconds, column("empty", rows=0)], [])
    assert catalog.votes.rates() == {"lf": Rate(0.2, 30)}


def test_a_label_set_is_real_once_and_newest_first(catalog):
    for identity, at in (("a", NOW), ("b", NOW + timedelta(days=1))):
        with catalog.label_sets.adding(label_set(identity, at=at)) as is_new:
            assert is_new
    with catalog.label_sets.adding(label_set("a")) as is_new:
        assert not is_new
    assert [record.id for record in catalog.label_sets.records("mood")] == ["b", "a"]
    assert catalog.label_sets.records("tone") == []
    assert catalog.label_sets.record("a") == label_set("a")
    assert catalog.label_sets.record("zzz") is None


def test_a_label_set_whose_manifest_could_not_be_written_never_was(catalog):
    with pytest.raises(OSError, match="full"), catalog.label_sets.adding(label_set("a")):
        raise OSError("full")
    assert catalog.label_sets.record("a") is None


def test_times_come_back_in_utc_whatever_zone_they_had(catalog):
    berlin = timezone(timedelta(hours=2))
    with catalog.label_sets.adding(label_set("a", at=NOW.astimezone(berlin))):
        pass
    assert catalog.label_sets.record("a").created_at == NOW
    assert catalog.label_sets.record("a").created_at.tzinfo is UTC


def test_human_labels_are_appended_in_order_and_never_twice(catalog):
    extra = [{"rationale": None, "labelled_at": None, "imported_at": NOW}] * 3
    labels = [said("2", "bad"), said("1", "good"), said("2", "bad")]
    assert catalog.gold.add("mood", labels, extra) == 2
    assert catalog.gold.add("mood", labels, extra) == 0
    assert catalog.gold.add("tone", labels[:1], extra[:1]) == 1
    assert [label.item_id for label in catalog.gold.human_labels("mood")] == ["2", "1"]


def test_a_round_is_part_of_what_an_answer_is_and_answers_without_one_are_what_they_were(catalog):
    more = {"rationale": None, "labelled_at": NOW, "imported_at": NOW + timedelta(days=1)}
    labels = [replace(said("1", "good"), round=number) for number in (None, 1, 2, 2)]
    assert catalog.gold.add("mood", labels, [more] * 4) == 3
    assert [label.round for label in catalog.gold.human_labels("mood")] == [None, 1, 2]
    with catalog.gold._connections.reading() as connection:
        first = connection.execute(sa.select(human_labels.c.identity).order_by(human_labels.c.id)).scalars().first()
    assert first == "df8ca2eb502bd64aa6b05d9b1ae12c12c787879a0ce64207751b36c10035c09f"


def test_an_answer_of_a_round_keeps_its_time_and_reason_where_it_came_at_once(catalog):
    labels = [replace(said(str(number), "good"), round=number) for number in (1, 2)]
    more = [{"rationale": why, "labelled_at": NOW, "imported_at": NOW} for why in ("it praises", TAKEN_BACK)]
    catalog.gold.add("mood", labels, more)
    found = [(each.label.labelled_at, each.rationale) for each in catalog.gold.answers("mood")]
    assert found == [(NOW, "it praises"), (None, None)]


def test_rounds_of_calibration_come_back_as_they_were_stored(catalog):
    book, day = catalog.calibration, timedelta(days=1)
    whole = CalibrationSet("mood", "web", ("comment",), 40, 10, 5, 4, 7, 2**40, NOW, "me")
    number = book.add_set(whole)
    assert book.sets("mood") == [replace(whole, id=number)]
    assert (whole.fixed, book.sets("tone")) == (30, [])
    asked = [
        AskedItem("fixed", "web", "B", "r"),
        AskedItem("again", "web", "a", "r", "ana", 3, 1 / 3),
        AskedItem("honeypot", "web", "x" * 5000, "r"),
    ]
    first = CalibrationRound("mood", 1, number, "1.0.0", NOW, "me", people={"ana": "ana.csv", "ben": "ben.csv"})
    second = replace(first, round=2, opened_at=NOW + 7 * day, people={"ana": "again.csv"})
    book.open(first, asked)
    book.close("mood", 1, NOW + 7 * day)
    book.open(second, [])
    book.undo("mood", 2, NOW + 8 * day)
    closed, undone = book.rounds("mood")
    assert (closed, undone) == (
        replace(first, closed_at=NOW + 7 * day),
        replace(second, undone_at=NOW + 8 * day),
    )
    assert book.items("mood") == {1: asked}
    book.ask("mood", 3, ["ben", "dora"])
    book.ask("mood", 3, ["dora"])
    assert (book.to_be_asked("mood", 3), book.to_be_asked("mood", 4)) == (["dora"], [])
    book.open(replace(first, round=3), [])
    assert list(book.rounds("mood")[2].people) == ["ana", "ben"]
    book.reopen("mood", 1)
    assert [each.is_open for each in book.rounds("mood")] == [True, False, True]
    book.stop(number, NOW + 9 * day, "ben")
    assert book.sets("mood") == [replace(whole, id=number, stopped_at=NOW + 9 * day, stopped_by="ben")]


def test_what_a_label_takes_is_told_by_task(catalog):
    for task, seconds in (("mood", 3.0), ("tone", 60.0), ("mood", None)):
        more = {"rationale": None, "labelled_at": None, "imported_at": NOW, "seconds": seconds}
        catalog.gold.add(task, [said("1", "good" if seconds else "bad")], [more])
    assert (catalog.gold.labelling_seconds("mood"), catalog.gold.labelling_seconds("tone")) == ([3.0], [60.0])


def test_labels_that_came_after_a_time_are_counted_by_role(catalog):
    for day, role in ((0, "dev"), (1, "dev"), (2, "test")):
        more = {"rationale": None, "labelled_at": None, "imported_at": NOW + timedelta(days=day)}
        catalog.gold.add("mood", [replace(said(str(day), "good"), role=role)], [more])
    assert catalog.gold.came_since("mood", NOW) == {"dev": 1, "test": 1}
    assert catalog.gold.came_since("mood", NOW - timedelta(days=1)) == {"dev": 2, "test": 1}
    assert catalog.gold.came_since("tone", NOW) == {}


def test_an_event_about_a_vote_for_many_labels_is_kept_whole_but_for_its_subject(catalog):
    key = f"2026-06-01/labeling function/lf -> {'|'.join(f'label_{n}' for n in range(40))}"
    assert catalog.events.write(Event("feedback.drift", "mood", key, "It drifted.", NOW, {"what": key})) == 1
    (event,) = catalog.events.events("mood")
    assert (event.subject, event.data["what"], catalog.events.damaged()) == (key[:200], key, [])


def test_looks_are_counted_by_task(catalog):
    assert [catalog.gold.log_look(task, "a", NOW, "me") for task in ("mood", "mood", "tone")] == [1, 2, 1]
    assert [catalog.gold.looks(task) for task in ("mood", "tone", "other")] == [2, 1, 0]


def test_a_writer_waits_for_another_and_a_reader_does_not(catalog, tmp_path):
    take_in(catalog, "a", ["1"], ["x"])
    with catalog.feedback.ingesting("web") as session:
        session.add(segment("b"), ["2", "3"], ["y", "z"])
        assert catalog.feedback.revisions("web", ["1", "2"]) == {"1": "x"}


def test_what_several_books_write_in_one_transaction_becomes_real_together_or_not_at_all(catalog):
    take_in(catalog, "a", ["1"], ["x"])
    with pytest.raises(ZeroDivisionError), catalog.transaction():  # noqa: PT012 - what fails is the block
        catalog.votes.add("votes/s/1.parquet", "a" * 64, [column("k1")], [])
        with catalog.label_sets.adding(label_set("a")) as is_new:
            assert is_new
        catalog.label_sets.point("mood", "latest", "a", NOW)
        assert catalog.label_sets.pointer("mood", "latest") == "a"  # what was written is seen inside
        assert SqlCatalog(catalog.url).label_sets.pointer("mood", "latest") is None  # and nowhere else
        _ = 1 / 0
    assert catalog.votes.columns(["k1"]) == {}
    assert (catalog.label_sets.records(), catalog.label_sets.pointer("mood", "latest")) == ([], None)
    with catalog.transaction():
        catalog.votes.add("votes/s/1.parquet", "a" * 64, [column("k1")], [])
        catalog.label_sets.point("mood", "latest", "a", NOW)
    assert (list(catalog.votes.columns(["k1"])), catalog.label_sets.pointer("mood", "latest")) == (["k1"], "a")


def test_a_batch_is_there_once_with_the_labels_that_come_from_no_draw_yet(catalog):
    batch = Batch("mood", "web", "dev", "random", "random", 2, 10, NOW)
    more = {"rationale": None, "labelled_at": None, "imported_at": NOW, "seconds": None}
    first = HumanLabel("web", "1", "ana", "bug", "1.0.0", "dev", inclusion=0.2)
    assert catalog.gold.add("mood", [first], [more], batch) == 1
    assert catalog.gold.add("mood", [first], [more], batch) == 0
    (number,) = catalog.gold.draws("mood")
    kept = HumanLabel("web", "1", "bo", "bug", "1.0.0", "dev", batch=number, inclusion=0.2)
    assert catalog.gold.add("mood", [kept], [more], batch) == 1
    assert catalog.gold.draws("mood") == {number: batch}
    assert {label.batch for label in catalog.gold.human_labels("mood")} == {number}


def test_a_writer_decides_on_what_the_writer_before_it_committed(catalog):
    began, seen = threading.Event(), []

    def second():
        with SqlCatalog(catalog.url)._connections.writing() as connection:
            began.set()
            seen.append(connection.exec_driver_sql("SELECT COUNT(*) FROM label_sets").scalar())

    catalog.label_sets.forget("nothing")  # the tables are there
    writer = threading.Thread(target=second)
    with catalog.label_sets.adding(label_set("a")) as is_new:
        assert is_new
        writer.start()
        assert not began.wait(0.5)  # it waits for us before it reads anything
    writer.join(20)
    assert seen == [1]


def test_a_pointer_is_logged_only_when_it_moves(catalog):
    for identity in ("a", "a", "b", "a"):
        catalog.label_sets.point("mood", "latest", identity, NOW)
    assert catalog.label_sets.pointer("mood", "latest") == "a"
    assert catalog.label_sets.pointer("tone", "latest") is None
    assert catalog.label_sets.pointer_log("mood", "latest") == ["a", "b", "a"]


def test_a_catalog_is_opened_again_at_the_same_revision(catalog):
    take_in(catalog, "a", ["1"], ["x"])
    again = SqlCatalog(catalog.url)
    assert again.feedback.segments() == catalog.feedback.segments()
    with again._connections.reading() as connection:
        assert revision_inside(connection) == HEAD


def test_a_catalog_of_a_newer_version_is_refused(catalog):
    take_in(catalog, "a", ["1"], ["x"])
    with catalog._connections.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match="revision 9999, which this retrolabel does not know"):
        SqlCatalog(catalog.url)


def test_a_reader_cannot_write(catalog):
    take_in(catalog, "a", ["1"], ["x"])
    with pytest.raises(StoreError, match=r"read-?only"), catalog._connections.reading() as connection:
        connection.exec_driver_sql("DELETE FROM items")


LONG = "".join(hashlib.sha256(str(n).encode()).hexdigest() for n in range(80))[:4990]
"""An id of which no database can make a short one."""


def test_names_and_ids_come_in_the_order_of_their_bytes_in_every_database(catalog):
    names = ["a", "B", "é", "_", "Z", "b", "ä", "~", "10", "9"]
    for name in names:
        take_in(catalog, f"of {name}", [name], ["x"], name)
    assert list(catalog.feedback.sources()) == ["10", "9", "B", "Z", "_", "a", "b", "~", "ä", "é"]
    assert [found.source for found in catalog.feedback.segments()] == [
        "10",
        "9",
        "B",
        "Z",
        "_",
        "a",
        "b",
        "~",
        "ä",
        "é",
    ]
    batch = Batch("mood", "web", "dev", "random", "random", 2, 10, NOW, seed=2**40)
    number = catalog.gold.remember(batch, [DrawnItem(name, "r", 0.5) for name in names])
    drawn = [item.item_id for item in catalog.gold.drawn("mood")[number]]
    assert drawn == ["10", "9", "B", "Z", "_", "a", "b", "~", "ä", "é"]
    assert catalog.gold.draws("mood")[number].seed == 2**40
    for name in names:
        catalog.label_sets.point("mood", name, "1f", NOW)
    assert list(catalog.label_sets.tags("mood")) == ["10", "9", "B", "Z", "_", "a", "b", "~", "ä", "é"]


def test_ids_of_five_thousand_characters_are_ids_as_all_others(catalog):
    ids = [f"{LONG}{n}" for n in range(3)]
    take_in(catalog, "a", ids, ["x", "y", "z"])
    take_in(catalog, "b", ids[1:2], ["new"])
    assert catalog.feedback.revisions("web", [*ids, LONG]) == {ids[0]: "x", ids[1]: "new", ids[2]: "z"}
    assert [found.superseded for found in catalog.feedback.segments()] == [(1,), ()]
    assert [item_id for _, item_id, _ in catalog.feedback.items_of("a")] == [ids[0], ids[2]]
    with catalog.feedback.ingesting("web") as session:
        session.see(ids[:2])
        assert session.seen(ids) == set(ids[:2])
    batch = Batch("mood", "web", "dev", "random", "random", 2, 10, NOW)
    number = catalog.gold.remember(batch, [DrawnItem(each, "r", 0.5) for each in ids])
    assert [item.item_id for item in catalog.gold.drawn("mood")[number]] == ids
    pairs = [(("web", ids[0]), ("web", ids[1])), (("web", ids[0]), ("web", ids[2]))]
    catalog.gold.add_near_copies("mood", pairs)
    catalog.gold.add_near_copies("mood", pairs)
    more = {"rationale": LONG, "labelled_at": None, "imported_at": NOW, "seconds": None}
    catalog.gold.add("mood", [said(ids[0], "bad", LONG)], [more])
    assert [label.annotator for label in catalog.gold.human_labels("mood")] == [LONG]


def test_an_ingest_that_passes_over_what_is_there_can_be_followed_by_another_one(catalog):
    for name in ("a", "b"):
        with catalog.feedback.ingesting("web") as session:
            session.see(["1"])
            assert session.seen(["1", "2"]) == {"1"}
            session.finish({"comment": name}, RECORD)


def test_an_id_that_is_in_a_source_is_not_taken_twice_by_the_database_itself(catalog):
    take_in(catalog, "a", ["1"], ["x"])
    row = {"source": "web", "item_id": "1", "segment": "b", "row": 0, "digest": "y"}
    with pytest.raises(StoreError), catalog._connections.writing() as connection:
        connection.execute(sa.insert(items), row)


def test_an_error_that_holds_a_nul_is_kept_with_the_nul_written_out(catalog):
    fault = StoredFault("k1", "lf", "web", "7", "KeyError: 'x\0y'", "Traceback\0")
    catalog.votes.add("votes/s/1.parquet", "a" * 64, [column("k1", faults=1)], [fault])
    (kept,) = catalog.votes.faults(["k1"])
    assert (kept.error, kept.trace) == ("KeyError: 'x\\x00y'", "Traceback\\x00")


def test_a_contract_of_any_words_comes_back_as_it_was(catalog):
    with catalog.feedback.ingesting("web") as session:
        session.finish({"é\"'": "string", "_": "%(x)s:y"}, RECORD)
    assert catalog.feedback.sources() == {"web": {"é\"'": "string", "_": "%(x)s:y"}}


def test_a_segment_knows_the_ingest_and_the_lines_that_it_came_from(catalog):
    with catalog.feedback.ingesting("web") as session:
        session.add(segment("a", 4), ["1", "2", "3", "4"], list("wxyz"), [2, 3, 7, 8])
        session.finish({"comment": "string"}, {**RECORD, "who": "ana"})
    take_in(catalog, "b", ["5"], ["v"])  # nobody says the lines
    found = catalog.feedback.origin("a")
    assert (found.file, found.who, found.runs) == (RECORD["file"], "ana", [[0, 2], [2, 7]])
    assert catalog.feedback.origin("b") is None
    assert [each.who for each in catalog.feedback.ingests("web")] == ["ana", None]


def test_damaged_lines_are_told_as_damage(catalog):
    with catalog.feedback.ingesting("web") as session:
        session.add(segment("a", 1), ["1"], ["x"], [2])
        session.finish({"comment": "string"}, RECORD)
    for lines in ("no JSON", "[[1]]", "7"):
        with catalog._connections.writing() as connection:
            connection.execute(sa.update(segment_origins).values(lines=lines))
        with pytest.raises(CorruptionError, match="lines of a file"):
            catalog.feedback.origin("a")


def test_an_item_is_found_in_each_source_that_has_it_and_its_neighbours_where_none_has(catalog):
    take_in(catalog, "a", ["1", "2"], ["x", "y"])
    take_in(catalog, "b", ["2"], ["z"], source="mail")
    found = catalog.feedback.find_item("2", ["web", "mail", "gone"])
    assert [(each.source, each.segment, each.row, each.digest) for each in found] == [
        ("mail", "b", 0, "z"),
        ("web", "a", 1, "y"),
    ]
    assert catalog.feedback.find_item("3", ["web"]) == []
    assert catalog.feedback.near_ids("15", ["web"]) == ["1", "2"]


def test_the_answers_on_one_item_say_whether_it_is_near_a_test_item(catalog):
    more = {"rationale": "why", "labelled_at": None, "imported_at": NOW, "seconds": None}
    dev, test = (HumanLabel("web", item, "ana", "good", "1.0.0", role) for item, role in (("1", "dev"), ("2", "test")))
    catalog.gold.add("mood", [dev, test], [more, more])
    catalog.gold.add_near_copies("mood", [(("web", "1"), ("web", "2"))])
    (found,) = catalog.gold.answers_on("mood", "web", "1")
    assert (found.label, found.label.near_test, found.rationale, found.imported_at) == (dev, True, "why", NOW)
    assert catalog.gold.answers_on("other", "web", "1") == []


def proposal(**more):
    draft = Drafted("exclude", "bug", words=("slow", "loads"), quoted=Said("inbox", "1", "ana"))
    said = (Said("inbox", "1", "ana"), Said("inbox", "2", "ben"))
    told = {
        "pair": ("slow", "bug"),
        "said": said,
        "clear": True,
        "support": 2.5,
        "why": ("They say \u201cslow\u201d.",),
    }
    return Proposal("mood", "1.0.0", draft, **{**told, "found_at": NOW, "seen_at": NOW, **more})


def test_proposals_keep_their_number_and_all_that_they_say(catalog):
    first, second = catalog.proposals.keep([proposal(), proposal(origin="diagnosis", clear=False)])
    assert catalog.proposals.proposals("mood") == [first, second]
    assert first.id != second.id
    catalog.proposals.keep([replace(first, gone=True, support=3.0)])
    assert [(each.id, each.gone) for each in catalog.proposals.proposals("mood")] == [
        (first.id, True),
        (second.id, False),
    ]
    assert catalog.proposals.proposals("tone") == []


def test_a_proposal_is_decided_once_and_its_event_comes_with_the_decision(catalog):
    (kept,) = catalog.proposals.keep([proposal()])
    decision = ProposalDecision(kept.id, "mood", "rejected", "ana", "no", NOW, None, kept.said)
    told = Event("proposal.accepted", "mood", str(kept.id), "It is.", NOW)
    assert catalog.proposals.decide(decision, "rejected", "open", [told])
    assert not catalog.proposals.decide(decision, "accepted", "open", [replace(told, key="b")])
    assert catalog.proposals.proposals("mood")[0].status == "rejected"
    assert catalog.proposals.decisions("mood") == [decision]
    assert [event.said for event in catalog.events.events("mood")] == ["It is."]
