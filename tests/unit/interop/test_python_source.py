"""Python that is written for people is what a formatter would leave, and joins what is there."""

from __future__ import annotations

import ast

import pytest

from retrolabel.interop.python_source import Group, bound_names, pattern_text, rendered, text, with_import


@pytest.mark.parametrize(
    "value", ["plain", 'say "hi"', "it's", "both ' and \"", "a\\b", "a\nb\u2028c\u202e", "é好", "\x00"]
)
def test_a_text_reads_back_as_it_was(value):
    assert ast.literal_eval(text(value)) == value
    assert text(value).isprintable()


@pytest.mark.parametrize("pattern", [r"\bbug\b", 'a"b', "a\\", "x", r"\d+\""])
def test_a_pattern_reads_back_as_it_was(pattern):
    assert ast.literal_eval(pattern_text(pattern)) == pattern


def test_what_does_not_fit_a_line_has_a_line_for_each_part():
    words = Group("[", tuple(f'"word{n}"' for n in range(12)), "]")
    assert rendered("x = ", Group("f(", ("A", words), ")")).splitlines()[:4] == [
        "x = f(",
        "    A,",
        "    [",
        '        "word0",',
    ]


def test_an_import_joins_the_one_of_its_module_in_order():
    source = '"""Doc."""\n\nfrom a.schema import BAD\nfrom retrolabel import keywords, regex\n\nx = 1\n'
    after = with_import(with_import(source, "a.schema", "ALSO"), "retrolabel", "phrases")
    assert after == source.replace("import BAD", "import ALSO, BAD").replace(
        "keywords, regex", "keywords, phrases, regex"
    )
    assert with_import(after, "retrolabel", "regex") == after


def test_an_import_with_a_comment_is_left_alone():
    source = "from b import (\n    C,  # why\n)\n"
    assert with_import(source, "b", "A") == "from b import (\n    C,  # why\n)\nfrom b import A\n"


def test_an_import_stands_below_a_docstring_and_in_the_order_of_modules():
    assert with_import('"""Doc."""\nx = 1\n', "b", "A") == '"""Doc."""\n\nfrom b import A\n\nx = 1\n'
    assert with_import("from c import D\n", "b", "A") == "from b import A\nfrom c import D\n"
    assert with_import("from __future__ import annotations\n", "b", "A").splitlines()[1] == "from b import A"


def test_names_that_a_module_binds_are_found_wherever_they_are():
    assert bound_names("import a.b\nfrom c import d as e\ndef f():\n    g = 1\nclass H: pass") == {
        "a",
        "e",
        "f",
        "g",
        "H",
    }


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"""Words."""\n', '"""Words."""\n\nimport re\n'),
        ("from a import B\n", "import re\n\nfrom a import B\n"),
        ("import os\n\nfrom a import B\n", "import re\nimport os\n\nfrom a import B\n"),
        ("from __future__ import annotations\n", "from __future__ import annotations\n\nimport re\n"),
        ("import os, re\n", "import os, re\n"),
        ("import re as r\n", "import re\nimport re as r\n"),
    ],
)
def test_a_module_is_imported_once_and_above_what_others_are_imported_from(before, after):
    found = with_import(before, "re", "")
    assert found == after
    compile(found, "module", "exec")
