"""The page: everything that was gathered is on it, nothing that people wrote gets out of its place."""

from __future__ import annotations

import dataclasses
import re
from html.parser import HTMLParser

import pytest

from retrolabel.analysis.report.page import Template, page
from retrolabel.analysis.report.telling import pieces
from retrolabel.analysis.report.values import Example, Flip, Judged, Standing
from retrolabel.gold.agreement import Membership, wilson
from retrolabel.wiring.reporting import HERE

EVIL = "</style><script>alert(1)</script><img src=x onerror=alert(2)>\u202egnp.exe\u2066 & 'quoted' \"too\""
VOID = {"meta", "link", "br", "img", "input", "hr"}
TAGS = (
    "html head meta title style link body a header p span h1 h2 h3 h4 dl dt dd div small nav ul li main section table"
    " caption thead tbody tr th td figure figcaption strong i details summary blockquote bdi pre code footer br svg g"
    " path rect text line tspan desc defs clippath"
)
ALLOWED = set(TAGS.split())


@pytest.fixture
def template():
    return Template(*((HERE / "report" / name).read_text(encoding="utf-8") for name in ("page.html.jinja", "page.css")))


class Reader(HTMLParser):
    """Reads a page: its tags, what is not closed, its texts and its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.texts: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += attrs

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)


def test_a_page_is_whole_has_known_tags_and_unique_ids(make_report, template):
    read = Reader(page(make_report(), template))
    assert read.open == []
    assert read.tags <= ALLOWED
    ids = [value for name, value in read.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    targets = {value[1:] for name, value in read.attributes if name == "href" and value.startswith("#")}
    assert targets <= set(ids)


def test_a_page_runs_no_script_and_asks_for_nothing(make_report, template):
    html = page(make_report(), template)
    read = Reader(html)
    assert not any(name.startswith("on") for name, _ in read.attributes)
    assert {value for name, value in read.attributes if name in ("src", "href")} <= {
        "data:,",
        *(
            f"#{each}"
            for each in (
                "report",
                "first",
                "gates",
                "labelled",
                "time",
                "gold",
                "whole",
                "flips",
                "look",
                "lfs",
                "faults",
                "again",
            )
        ),
    }
    assert "default-src 'none'" in html
    assert "@import" not in html
    assert set(re.findall(r"https?://[^\"' ]*", html)) == {"http://www.w3.org/2000/svg"}


def evil_everywhere(report):
    shown = Example(
        EVIL, EVIL, "bug", (("bug", 0.7), ("ask", 0.3)), ((EVIL, EVIL),), ((EVIL, EVIL), (EVIL, EVIL)), EVIL, (EVIL,)
    )
    made = dataclasses.replace(report.made, sources={EVIL: 1}, label_model=EVIL, version=EVIL)
    return dataclasses.replace(
        report,
        task=EVIL,
        made=made,
        reason=EVIL,
        labels=tuple(dataclasses.replace(label, title=EVIL, definition=EVIL, owner=EVIL) for label in report.labels),
        lfs=report.lfs.assign(lf=[EVIL, "g"], votes=EVIL, written=EVIL),
        precisions=report.precisions.assign(lf=[EVIL, "g"], vote=EVIL, repeats=EVIL),
        flips=(Flip(EVIL, "bug", 4, "against", (shown,)),),
        closest=(shown,),
        disagreements=(shown,),
        faults=tuple(
            dataclasses.replace(fault, lf=EVIL, error=EVIL, first=EVIL, trace=EVIL) for fault in report.faults
        ),
        recorded={
            **report.recorded,
            "platform": EVIL,
            "git": {"commit": EVIL, "dirty": True},
            "packages": {EVIL: EVIL},
        },
        hashes=((EVIL, EVIL),),
        commands=(EVIL,),
        notes=(EVIL,),
    )


def test_what_people_wrote_is_text_wherever_it_stands(make_report, template):
    html = page(evil_everywhere(make_report()), template)
    read = Reader(html)
    assert read.tags <= ALLOWED
    assert read.open == []
    assert not any(name.startswith("on") for name, _ in read.attributes)
    assert html.count("</style>") == 1
    assert any("<script>alert(1)</script>" in text for text in read.texts)


def test_marks_that_turn_the_direction_of_writing_are_shown_by_their_code(make_report, template):
    data = make_report()
    shown = dataclasses.replace(data.closest[0], texts=(("comment", EVIL),), item_id="a\u202eb")
    html = page(dataclasses.replace(data, closest=(shown,)), template)
    assert "\u202e" not in html
    assert "\u2066" not in html
    assert '<bdi>a<span class="mark">U+202E</span>b</bdi>' in html


def test_writing_from_right_to_left_stays_as_it_is_and_by_itself():
    assert pieces("مرحبا 👩‍👩‍👧 می‌خواهم") == [(True, "مرحبا 👩‍👩‍👧 می‌خواهم")]
    assert pieces("a\x00b\nc") == [(True, "a"), (False, "U+0000"), (True, "b\nc")]
    assert pieces("") == []


def test_the_same_values_give_the_same_page(make_report, template):
    assert page(make_report(), template) == page(make_report(), template)


def test_every_chart_has_its_figures_in_a_table(make_report, template):
    html = page(make_report(), template)
    charts = html.count('<div class="wide-chart">')
    assert charts == 8
    assert html.count("The figures as a table:") == charts
    assert html.count("<caption>") == html.count("<table")


def test_a_first_label_set_without_gold_has_a_page_too(make_report, template):
    data = make_report()
    nobody = Judged(data.judged.probabilities[:0], data.judged.truth[:0], data.judged.predicted[:0])
    first = make_report(
        against=None,
        days=data.days[:1],
        bumps=(),
        scores=(),
        judged=nobody,
        gold_items=0,
        flips=(),
        disagreements=(),
        disagreeing=0,
        closest=(),
        faults=(),
        fault_count=0,
        reason="",
    )
    html = page(first, template)
    assert Reader(html).open == []
    assert "nobody can tell how good they are" in html
    assert 'id="flips"' not in html
    assert "No labeling function failed" in html


def test_a_label_set_of_nothing_has_a_page_too(make_report, template):
    data = make_report()
    empty = dataclasses.replace(data.made, items=0, covered=0, labelled=0, shares={"bug": 0, "ask": 0}, sources={})
    days = dataclasses.replace(
        data.days[0], days=data.days[0].days[:0], places=data.days[0].places[:0], counts=data.days[0].counts[:0]
    )
    nobody = Judged(data.judged.probabilities[:0], data.judged.truth[:0], data.judged.predicted[:0])
    nothing = make_report(
        made=empty,
        against=None,
        days=(days,),
        bumps=(),
        scores=(),
        judged=nobody,
        flips=(),
        closest=(),
        disagreements=(),
        lfs=data.lfs.iloc[:0],
        precisions=data.precisions.iloc[:0],
        gold_items=0,
    )
    html = page(nothing, template)
    assert "No item has a time." in html


def test_the_first_sentences_tell_counts_gold_flips_and_faults(make_report, template):
    html = page(make_report(), template)
    first = html[html.index("what else to know") : html.index('id="labelled"')]
    assert "8 of 10 items (80.0\u00a0%) have a label; 1 got no vote, 1 are tied." in first
    assert "66.7\u00a0% [" in first
    assert "4 follow a step to version 2.0.0" in first
    assert "5 items are new" in first
    assert "2 faults in 1 labeling function: no vote came of them." in first


def test_one_fault_and_faults_of_several_functions_are_told_in_their_number(make_report, template):
    report = make_report()
    (fault,) = report.faults
    one = page(dataclasses.replace(report, fault_count=1), template)
    assert "1 fault in 1 labeling function: no vote came of it." in one
    other = dataclasses.replace(fault, lf="another")
    assert "3 faults in 2 labeling functions: no vote came of them." in page(
        dataclasses.replace(report, fault_count=3, faults=(fault, other)), template
    )


def test_a_guess_is_told_as_a_guess_and_not_as_a_tie(make_report, template):
    data = make_report()
    without = dataclasses.replace(data.made, labelled=4, guessed=4)
    html = page(make_report(made=without), template)
    first = html[html.index("what else to know") : html.index('id="labelled"')]
    assert "have a label; 1 got no vote, 4 are guessed, 1 are tied." in first
    assert "4 guessed items have no label: votes leave several labels, and nothing says which of them." in first
    with_label = dataclasses.replace(data.made, guessed=4, guesses_are_labels=True)
    told = page(make_report(made=with_label), template)
    assert "are guessed" not in told
    assert "4 items with votes for several labels alone got the likeliest of them" in told


def test_the_accuracy_is_told_with_how_many_gold_items_it_is_of(make_report, template):
    data = make_report()
    sets = Membership(7, 5, 3, wilson(4, 5))
    html = page(make_report(scores=(dataclasses.replace(data.scores[0], membership=sets),)), template)
    assert f"On {data.scores[0].agreement.covered} judged items, of 7 items with dev gold, " in html


def test_set_valued_gold_has_a_row_of_its_own_and_items_without_a_label_a_column(make_report, template):
    data = make_report()
    judged = dataclasses.replace(
        data.judged, left=(*data.judged.left, frozenset({0, 1})), given=(*data.judged.given, -1)
    )
    html = page(make_report(judged=judged), template)
    table = html[html.index("Which labels are taken for which") :]
    (row,) = re.findall(r"<tr><th scope=\"row\">bug \| ask</th>(.*?)</tr>", table)
    assert re.findall(r">([^<>]+)</td>", row) == ["0", "0", "1", "0.0\u00a0%"]


def test_labels_by_labels_are_left_out_where_nobody_could_read_them(make_report, template):
    many = tuple(f"label_{n}" for n in range(30))
    data = make_report()
    days = tuple(dataclasses.replace(each, labels=many) for each in data.days)
    made = dataclasses.replace(data.made, shares=dict.fromkeys(many, 1))
    html = page(make_report(days=days, made=made), template)
    assert "before \\ now" not in html
    assert "gold \\ label" not in html


def test_every_heading_of_a_table_has_words(make_report, template):
    rare = Flip("all", "ask", 1, "step")
    html = page(make_report(flips=(*make_report().flips, rare)), template)
    assert "Rarer pairs" in html
    assert not re.search(r"<th[^>]*>\s*</th>", html)


def test_a_page_says_first_whether_consumers_read_the_label_set_and_shows_its_gates(make_report, template):
    gates = (("coverage", "failed", EVIL), ("flips", "open", "nothing else is current"))
    standing = Standing("candidate", "1f" * 16, "held on 2026-11-30 by ana", gates)
    html = page(make_report(standing=standing), template)
    texts = " ".join(" ".join(Reader(html).texts).split())
    assert "Candidate: consumers do not read this label set, they read 1f1f1f1f1f1f." in texts
    assert "1 of 2 gates fails" in texts
    assert "<script" not in html
    now = dataclasses.replace(standing, status="current", gates=gates[1:], decided="")
    html = page(make_report(standing=now), template)
    assert "Current: consumers read this label set." in html
    assert "No gate fails" in html
    assert "labels promote" not in html
    assert 'id="gates"' not in page(make_report(), template)
