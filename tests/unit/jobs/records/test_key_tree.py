"""What a key is made of, and what differs between two."""

from __future__ import annotations

from retrolabel.jobs.records.key_tree import KeyTree, compare_keys

N = KeyTree("global N", "3")
F = KeyTree("function f", "#1", (N, KeyTree("function f", "no. 1", again=True)))


def tree(*children):
    return KeyTree("LF one", "", children)


def test_the_digest_knows_values_and_places_but_no_names():
    assert tree(F).digest == KeyTree("LF two", "", (KeyTree("function g", "#1", F.children),)).digest
    assert tree(F, N).digest != tree(N, F).digest
    assert tree(F).digest != tree(KeyTree("function f", "#2", F.children)).digest


def test_what_was_told_before_is_not_told_again():
    assert list(tree(F).lines()) == ["LF one", "  function f = #1", "    global N = 3", "    function f (as above)"]
    assert tree(F).flat() == {"function f": "#1", "function f > global N": "3"}


def test_two_things_of_one_name_are_told_apart():
    assert tree(N, N).flat() == {"global N": "3", "global N #2": "3"}


def test_changes_are_told_with_what_was_there_before():
    now = {"same": tree(F), "other": tree(F), "fresh": tree(N), "renamed": tree(N, N)}
    recorded = [
        {"name": "same", "key": tree(F).digest, "depends": tree(F).flat()},
        {"name": "other", "key": "x", "depends": {"function f": "#1", "function f > global N": "2", "global M": "1"}},
        {"name": "old", "key": tree(N, N).digest, "depends": {}},
        {"name": "gone", "key": "y"},
    ]
    found = compare_keys(recorded, {name: each.digest for name, each in now.items()}, now)
    assert found
    assert (found.new, found.gone, found.renamed, found.same) == (("fresh",), ("gone",), {"renamed": "old"}, 1)
    assert found.changed["other"].as_dict() == {
        "added": {},
        "removed": {"global M": "1"},
        "changed": {"function f > global N": {"before": "2", "after": "3"}},
    }
    assert not compare_keys(recorded, {"same": tree(F).digest}, now, "same")


def test_a_password_in_a_value_is_masked_then_and_now_so_that_it_is_no_difference():
    def tree_of(body):
        url = KeyTree("global URL", "'https://ann:hunter22@db.example/x'")
        return KeyTree("LF f", "", (KeyTree("function f", body), url))

    before, now = tree_of("#1"), tree_of("#2")
    assert "hunter22" not in str(before.flat()) + "".join(before.lines())
    unmasked = {"function f": "#1", "global URL": "'https://ann:hunter22@db.example/x'"}
    for depends in (before.flat(), unmasked):
        found = compare_keys([{"name": "f", "key": before.digest, "depends": depends}], {"f": now.digest}, {"f": now})
        changed = found.changed["f"].as_dict()
        assert changed == {"added": {}, "removed": {}, "changed": {"function f": {"before": "#1", "after": "#2"}}}
    assert before.digest != KeyTree("LF f", "", (KeyTree("function f", "#1"), KeyTree("global URL", "'***'"))).digest
