"""Taking feedback in: nothing twice, nothing half, nothing silently."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager

import pytest

from retrolabel.errors import IngestError, StoreError
from retrolabel.wiring.feedback import IngestOptions

REVISE = IngestOptions(revise=True)


def test_the_same_file_twice_adds_nothing(project):
    ws = project.open()
    first = ws.feedback.ingest(project.feedback(), "web")
    before = project.state()
    second = ws.feedback.ingest(project.feedback(), "web")
    assert (first.added, first.already) == (40, False)
    assert (second.added, second.unchanged, second.already) == (0, 40, True)
    assert project.state() == before


def test_a_renamed_copy_adds_nothing(project):
    ws = project.open()
    ws.feedback.ingest(project.feedback("a.csv"), "web")
    files = project.files()
    report = ws.feedback.ingest(project.feedback("b.csv"), "web")
    assert (report.added, report.already) == (0, True)
    assert project.files() == files


def test_the_same_rows_in_other_bytes_add_nothing(project):
    ws = project.open()
    path = project.feedback()
    ws.feedback.ingest(path, "web")
    text = path.read_text()
    report = ws.feedback.ingest(project.write("crlf.csv", text.replace("\n", "\r\n")), "web")
    assert (report.added, report.unchanged, report.already) == (0, 40, False)
    assert len(ws.catalog.feedback.segments()) == 1


def test_a_file_that_grew_adds_its_new_rows_only(project):
    ws = project.open()
    ws.feedback.ingest(project.feedback(items=40), "web")
    report = ws.feedback.ingest(project.feedback(items=45), "web")
    assert (report.added, report.unchanged) == (5, 40)
    assert [segment.rows for segment in ws.catalog.feedback.segments()].count(5) == 1


def test_five_hundred_equal_rows_without_ids_are_five_hundred_items(project):
    ws = project.open()
    path = project.write("thanks.csv", "comment\n" + "thanks\n" * 500)
    assert ws.feedback.ingest(path, "web").added == 500
    longer = project.write("more.csv", "comment\n" + "thanks\n" * 503)
    again = ws.feedback.ingest(longer, "web")
    assert (again.added, again.unchanged) == (3, 500)
    assert ws.feedback.items()["item_id"].nunique() == 503


def test_derived_ids_do_not_depend_on_the_other_rows(project):
    ws = project.open()
    ws.feedback.ingest(project.write("a.csv", "comment\none\ntwo\n"), "a")
    ws.feedback.ingest(project.write("b.csv", "comment\nzero\ntwo\none\n"), "b")
    items = ws.feedback.items()
    ids = {source: dict(zip(part["comment"], part["item_id"], strict=True)) for source, part in items.groupby("source")}
    assert ids["a"]["one"] == ids["b"]["one"]
    assert ids["a"]["two"] == ids["b"]["two"]


def test_an_id_with_other_content_is_refused_and_the_store_stays_as_it_was(project):
    ws = project.open()
    ws.feedback.ingest(project.feedback(), "web")
    before = project.state()
    changed = project.write("b.csv", "item_id,created_at,comment\n7,2026-01-08T12:00:00Z,other\n99,2026-01-08,new\n")
    with pytest.raises(IngestError, match=r"1 item\(s\) exist in 'web' with other content: 7\.") as caught:
        ws.feedback.ingest(changed, "web")
    assert "--revise" in caught.value.remedy
    assert project.state() == before


def test_more_conflicts_than_fit_on_a_line_are_counted(project):
    ws = project.open()
    ws.feedback.ingest(project.feedback(items=50), "web")
    text = project.feedback(items=50).read_text().replace("thanks", "no thanks").replace("hm", "hmm")
    text = text.replace("ok", "okay").replace("great", "greater").replace("slow", "slower").replace("wrong", "off")
    with pytest.raises(IngestError, match=r"\d\d item\(s\).*, \.\.\.") as caught:
        ws.feedback.ingest(project.write("b.csv", text), "web")
    assert caught.value.message.count(",") == 20


def test_revise_replaces_the_item_and_keeps_the_old_row(project):
    ws = project.open()
    ws.feedback.ingest(project.feedback(items=3), "web")
    changed = project.write("b.csv", "item_id,created_at,comment\n1,2026-01-02T12:00:00Z,now it is right\n")
    report = ws.feedback.ingest(changed, "web", REVISE)
    assert (report.added, report.revised) == (0, 1)
    items = ws.feedback.items().set_index("item_id")
    assert len(items) == 3
    assert items.loc["1", "comment"] == "now it is right"
    assert sum(segment.rows for segment in ws.catalog.feedback.segments()) == 4


def test_an_item_goes_from_a_to_b_and_back_when_the_third_file_is_another_file(project):
    ws = project.open()
    head = "item_id,created_at,comment\n"
    ws.feedback.ingest(project.write("a.csv", f"{head}1,2026-01-01,A\n"), "web", REVISE)
    ws.feedback.ingest(project.write("b.csv", f"{head}1,2026-01-01,B\n"), "web", REVISE)
    report = ws.feedback.ingest(project.write("c.csv", f"{head}1,2026-01-01,A\r\n"), "web", REVISE)
    assert report.revised == 1
    assert ws.feedback.items()["comment"].tolist() == ["A"]


def test_an_item_goes_from_a_to_b_and_back_when_the_first_file_comes_again(project):
    ws = project.open()
    head = "item_id,created_at,comment\n"
    first = project.write("a.csv", f"{head}1,2026-01-01,A\n")
    ws.feedback.ingest(first, "web", REVISE)
    ws.feedback.ingest(project.write("b.csv", f"{head}1,2026-01-01,B\n"), "web", REVISE)
    report = ws.feedback.ingest(first, "web", REVISE)
    assert ws.feedback.items()["comment"].tolist() == ["A"]
    assert report.revised == 1


def test_an_id_twice_in_one_file_keeps_the_first_and_puts_the_other_aside(project, read_jsonl):
    ws = project.open()
    report = ws.feedback.ingest(project.write("a.csv", "item_id,comment\n1,A\n2,B\n1,C\n2,B\n"), "web")
    assert (report.rows, report.added, report.unchanged, report.quarantined) == (4, 2, 1, 1)
    assert ws.feedback.items().set_index("item_id")["comment"].to_dict() == {"1": "A", "2": "B"}
    (aside,) = read_jsonl(report.quarantine)
    assert aside["where"] == "line 4"
    assert "'1' stands earlier in this file" in aside["reason"]


def test_an_export_with_a_double_id_may_grow(project):
    ws = project.open()
    ws.feedback.ingest(project.write("a.csv", "item_id,comment\n1,A\n1,B\n"), "web")
    report = ws.feedback.ingest(project.write("b.csv", "item_id,comment\n1,A\n1,B\n2,C\n"), "web")
    assert (report.added, report.unchanged, report.quarantined) == (1, 1, 1)


def test_revise_does_not_let_the_second_of_two_rows_win(project):
    ws = project.open()
    ws.feedback.ingest(project.write("a.csv", "item_id,comment\n1,A\n"), "web")
    report = ws.feedback.ingest(project.write("b.csv", "item_id,comment\n1,A\n1,B\n"), "web", REVISE)
    assert (report.revised, report.quarantined) == (0, 1)
    assert ws.feedback.items()["comment"].tolist() == ["A"]


def test_a_broken_row_goes_to_quarantine_and_the_others_come_in(project, read_jsonl):
    ws = project.open()
    report = ws.feedback.ingest(project.write("a.csv", "item_id,comment\n1,A\n2\n3,C\n,D\n"), "web")
    assert (report.rows, report.added, report.quarantined) == (4, 2, 2)
    assert [row["where"] for row in read_jsonl(report.quarantine)] == ["line 3", "line 5"]


def test_another_ingest_of_the_file_leaves_the_first_quarantine_as_it_was(project, read_jsonl):
    ws = project.open()
    path = project.write("a.csv", "item_id,comment,note\n1,A,x\n2,B\n,C,z\n")
    first = ws.feedback.ingest(path, "web")
    before = read_jsonl(first.quarantine)
    ws.feedback.ingest(path, "web", IngestOptions(drops=["item_id"], widen=True))
    assert read_jsonl(first.quarantine) == before


def test_a_file_without_a_readable_row_is_refused(project):
    ws = project.open()
    ws.feedback.ingest(project.feedback(), "web")
    before = project.state()
    with pytest.raises(IngestError, match="none of its 2 rows can be read"):
        ws.feedback.ingest(project.write("b.csv", "item_id,created_at,comment\n1\n2\n"), "web")
    assert project.state() == before


def test_a_source_knows_nothing_of_the_ids_of_another(project):
    ws = project.open()
    ws.feedback.ingest(project.write("a.csv", "item_id,comment\n1,A\n"), "a")
    assert ws.feedback.ingest(project.write("b.csv", "item_id,comment\n1,B\n"), "b").added == 1


def test_the_segments_of_a_source_do_not_depend_on_other_sources(project, make_project):
    ws, other = project.open(), make_project("other").open()
    path = project.feedback()
    alone = other.feedback.ingest(path, "web")
    ws.feedback.ingest(path, "mail")
    beside = ws.feedback.ingest(path, "web")
    assert beside.segments == alone.segments


def test_the_contract_is_the_first_files_and_holds_for_the_second(project):
    ws = project.open()
    ws.feedback.ingest(project.write("a.csv", "item_id,comment,stars\n1,A,5\n"), "web")
    with pytest.raises(IngestError) as caught:
        ws.feedback.ingest(project.write("b.csv", "item_id,comment,rating\n2,B,4\n"), "web")
    said = [(problem.where, problem.what) for problem in caught.value.problems]
    assert said == [("column 'stars'", "is missing here"), ("column 'rating'", "is new here")]


def test_widen_adds_a_column_and_changes_no_old_item(project):
    ws = project.open()
    ws.feedback.ingest(project.write("a.csv", "item_id,comment\n1,A\n"), "web")
    before = ws.catalog.feedback.revisions("web", ["1"])
    report = ws.feedback.ingest(
        project.write("b.csv", "item_id,comment,stars\n1,A,\n2,B,5\n"), "web", IngestOptions(widen=True)
    )
    assert (report.added, report.unchanged) == (1, 1)
    assert ws.feedback.sources() == {"web": {"comment": "string", "stars": "integer"}}
    assert ws.catalog.feedback.revisions("web", ["1"]) == before


def test_values_that_do_not_fit_the_contract_go_to_quarantine(project, read_jsonl):
    ws = project.open()
    ws.feedback.ingest(project.write("a.csv", "item_id,stars\n1,5\n"), "web")
    report = ws.feedback.ingest(project.write("b.csv", "item_id,stars\n2,4\n3,many\n"), "web")
    assert (report.added, report.quarantined) == (1, 1)
    assert "'many' is no integer" in read_jsonl(report.quarantine)[0]["reason"]


MEASURE = """
import re, resource, sys
from pathlib import Path
import retrolabel
ws = retrolabel.open(sys.argv[1], store=Path(sys.argv[1]) / "s")
report = ws.feedback.ingest(sys.argv[2], "web")
status = Path("/proc/self/status")  # getrusage also counts what the parent held when this process was made
peak = int(re.search(r"VmHWM:\\s+(\\d+)", status.read_text())[1]) if status.exists() else (
    resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
print(report.added, len(report.segments), peak // 1024)
"""


@pytest.mark.slow
def test_a_large_file_is_taken_in_batches_and_in_bounded_memory(project):
    text = "word " * 100
    path = project.folder / "large.csv"
    with path.open("w") as file:
        file.write("item_id,comment\n")
        file.writelines(f"{number},{text}{number}\n" for number in range(200_000))
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(project.folder), str(path)], capture_output=True, text=True, check=True
    )
    added, segments, megabytes = map(int, done.stdout.split())
    assert added == 200_000
    assert segments >= 4
    assert path.stat().st_size > 100_000_000
    assert megabytes < 700


@pytest.mark.parametrize("rows", ["1,\n", "1,\n2,x\n", "1,x\n2,\n3,\n"])
def test_an_item_whose_columns_are_all_empty_is_an_item(project, rows):
    ws = project.open()
    report = ws.feedback.ingest(project.write("a.csv", "item_id,comment\n" + rows), "web")
    assert report.added == rows.count("\n")
    assert ws.task("mood").relabel().label_set.items == rows.count("\n")


class _Blind:
    """A session that does not see yet what another process is about to commit."""

    def __init__(self, session):
        self.session = session

    def __getattr__(self, name):
        return getattr(self.session, name)

    def lookup(self, item_ids):
        return dict.fromkeys(item_ids[:0])

    def has_segment(self, segment_id):
        return not segment_id


def test_an_ingest_that_comes_too_late_leaves_the_file_that_the_other_one_stored(project):
    ws = project.open()
    ws.feedback.ingest(project.write("a.csv", "item_id,comment\n1,A\n"), "web")
    ingesting = ws.catalog.feedback.ingesting

    @contextmanager
    def blind(source):
        with ingesting(source) as session:
            yield _Blind(session)

    late = project.open()
    late.catalog.feedback.ingesting = blind
    with pytest.raises(StoreError):
        late.feedback.ingest(project.write("b.csv", "item_id,comment\n1,A\n\n"), "web")
    assert ws.feedback.items()["comment"].tolist() == ["A"]


def test_the_same_file_is_recognised_in_whatever_order_its_options_are_given(project):
    ws = project.open()
    path = project.write("a.csv", "item_id,comment,x,y,z\n1,a,1,2,3\n")
    first = IngestOptions(drops=("y", "x"), renames={"text": "comment", "last": "z"})
    again = IngestOptions(drops=("x", "y"), renames={"last": "z", "text": "comment"})
    assert ws.feedback.ingest(path, "web", first).added == 1
    assert ws.feedback.ingest(path, "web", again).already
    with pytest.raises(IngestError, match="exist in 'web' with other content"):  # other options, another ingest
        ws.feedback.ingest(path, "web", IngestOptions(drops=("x",), renames=again.renames, widen=True))


def test_a_time_format_is_part_of_what_an_ingest_is_known_by_and_its_absence_is_not():
    assert IngestOptions(time_column="t").key() == '{"drop": [], "id": null, "map": {}, "time": "t"}'
    assert IngestOptions(time_column="t", time_format="epoch-s").key() == (
        '{"drop": [], "id": null, "map": {}, "time": "t", "time_format": "epoch-s"}'
    )


def test_reasons_that_differ_in_values_alone_are_counted_together(project):
    path = project.write("f.csv", "item_id,created_at\n1,2020-02-01\n2,03-02-2020\n3,04-02-2020\n4,9999-12-31\n")
    report = project.open().feedback.ingest(path, "web")
    (first, count), (second, _) = report.reasons
    assert count == 2
    assert "'03-02-2020' is no date" in first
    assert second == "column 'created_at': '9999-12-31' lies outside of the years 1678 to 2261, which are kept"
