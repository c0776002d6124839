"""``retrolabel report`` as a person runs it: one file, the same bytes, nobody's text gets out, any number of items."""

from __future__ import annotations

import json
import re

import pytest

EVIL = [
    "<script>document.title='owned'</script>",
    "</style><style>body{display:none}</style>",
    "--></svg></details><img src=x onerror=alert(1)>",
    "invoice\u202egnp.exe",
    "\u2067right to left\u2069 and a nul-like \u0007 bell",
    "{{ 7 * 7 }} {% raw %}",
]
LIMIT = 5_000_000


def test_a_report_is_a_file_in_the_folder_one_stands_in(run, labelled):
    done = run("report", "mood")
    assert done.code == 0, done.err
    (path,) = labelled.glob("report-mood-*.html")
    assert path.name in done.out
    assert path.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_a_report_can_go_to_a_file_a_folder_or_standard_output(run, labelled):
    assert run("report", "mood", "--out", "page.html").code == 0
    (labelled / "pages").mkdir()
    assert run("report", "mood", "--out", "pages").code == 0
    printed = run("report", "mood", "--out", "-")
    (in_folder,) = (labelled / "pages").iterdir()
    assert (labelled / "page.html").read_text(encoding="utf-8") == in_folder.read_text(encoding="utf-8") == printed.out


def test_json_tells_the_main_figures_and_the_file(run, labelled):
    found = run("report", "mood", "--json").json
    assert found["items"] == 40
    assert found["against"] is None
    assert found["bytes"] == (labelled / found["file"]).stat().st_size


def test_a_report_replaces_a_report_and_nothing_else(run, labelled, write):
    assert run("report", "mood", "--out", "page.html").code == 0
    assert run("report", "mood", "--out", "page.html").code == 0
    letter = write("letter.html", "<p>Dear all</p>")
    refused = run("report", "mood", "--out", "letter.html")
    assert refused.code == 1
    assert "--force" in refused.err
    assert letter.read_text(encoding="utf-8") == "<p>Dear all</p>"
    assert run("report", "mood", "--out", "letter.html", "--force").code == 0
    assert "Dear all" not in letter.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["report", "moot"], "Did you mean 'mood'?"),
        (["report", "mood", "feed"], "there is no label set with 'feed'"),
        (["report", "mood", "--against", "latest"], "cannot be compared with itself"),
        (["report", "mood", "--out", "no/such/folder/page.html"], "cannot be written"),
    ],
)
def test_what_cannot_be_reported_is_refused_with_a_remedy(run, labelled, words, told):
    done = run(*words)
    assert done.code == 1
    assert told in done.err
    assert "Traceback" not in done.err


def test_without_a_label_set_the_remedy_is_to_relabel(run, project):
    done = run("report", "mood")
    assert done.code == 1
    assert "Fix: retrolabel relabel mood" in done.err


def test_the_same_store_gives_the_same_bytes_in_another_process(run, shell, labelled):
    assert run("report", "mood", "--out", "one.html").code == 0
    done = shell("report", "mood", "--out", "two.html", PYTHONHASHSEED="7", TZ="Asia/Tokyo")
    assert done.code == 0, done.err
    assert (labelled / "one.html").read_bytes() == (labelled / "two.html").read_bytes()


def test_what_items_say_stays_text(run, project, write):
    rows = [
        {"item_id": f"e{n}<b>", "created_at": "2026-03-01T00:00:00Z", "comment": f"{text} thank you"}
        for n, text in enumerate(EVIL)
    ]
    write("evil.jsonl", "\n".join(json.dumps(row) for row in rows))
    assert run("ingest", "evil.jsonl", "--source", "evil").code == 0
    gold = "item_id,label\n" + "".join(f"e{n}<b>,bad\n" for n in range(len(EVIL)))
    write("gold.csv", gold)
    assert run("relabel", "mood").code == 0
    labels = run("labels", "export", "mood", "--format", "jsonl", "--out", "-").out
    assert sum('"source": "evil"' in line or '"source":"evil"' in line for line in labels.splitlines()) == len(EVIL)
    done = run("gold", "import", "mood", "gold.csv", "--source", "evil", "--role", "dev")
    assert done.code == 0, done.err
    assert run("report", "mood", "--out", "page.html").code == 0
    html = (project / "page.html").read_text(encoding="utf-8")
    assert "&lt;script&gt;document.title=" in html
    assert "<script" not in html
    assert html.count("</style>") == html.count("<style>") == 1
    assert "<img" not in html
    assert "{{ 7 * 7 }}" in html
    for character in "\u202e\u2067\u2069\u0007":
        assert character not in html
        assert f"U+{ord(character):04X}" in html
    assert "e0&lt;b&gt;" in html


def items(n):
    said = ["thank you so much", "this is wrong", "no idea", "I ASKED FOR PYTHON", "perfect"]
    day = "2026-{:02d}-{:02d}T08:00:00Z"
    rows = (f"{i},{day.format(1 + i % 6, 1 + i % 28)},{said[i * i % 5]} {i}\n" for i in range(n))
    return "item_id,created_at,comment\n" + "".join(rows)


@pytest.mark.slow
@pytest.mark.parametrize("many", [40_000, pytest.param(200_000, marks=pytest.mark.nightly)])
def test_a_page_does_not_grow_with_the_items(run, folder, write, monkeypatch, many):
    few = 2_000
    sizes = {}
    for n in (few, many):
        monkeypatch.chdir(folder)
        assert run("init", f"p{n}", "--task", "mood").code == 0
        write(f"p{n}/retrolabel.toml", 'store = ".retrolabel"\ntracking = false\n')
        write(f"p{n}/feedback.csv", items(n))
        monkeypatch.chdir(folder / f"p{n}")
        for words in (["ingest", "feedback.csv", "--source", "web"], ["relabel", "mood"], ["report", "mood"]):
            assert run(*words).code == 0
        (page,) = (folder / f"p{n}").glob("report-*.html")
        sizes[n] = page.stat().st_size
    per_item = (sizes[many] - sizes[few]) / (many - few)
    assert sizes[many] + per_item * (1_000_000 - many) < LIMIT
    assert sizes[many] < 1.2 * sizes[few]


def test_the_page_names_its_label_set_and_when_that_was_made_and_not_now(run, labelled):
    found = run("report", "mood", "--out", "-").out
    shown = run("labels", "list", "mood", "--json").json["label_sets"][0]
    assert shown["id"][:12] in found
    times = set(re.findall(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC", found))
    assert times == {f"{shown['created_at'][:16]} UTC"}
