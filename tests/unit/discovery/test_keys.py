"""A key changes with all that the votes depend on, and with nothing else."""

# ruff: noqa: E501, ISC004 - a program of a few statements reads best on one line

from __future__ import annotations

import ast
import importlib
import json
import os
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from retrolabel.discovery import canonical, packages
from retrolabel.discovery.folders import discover, explore
from retrolabel.discovery.keys import find_keys

SOURCES = Path(__file__).parents[3] / "src"
SCHEMA = """
from retrolabel import Label, LabelSchema

A = Label("a", "It is an a.", owner="us")
B = Label("b")
SCHEMA = LabelSchema(task="mood", version="1.0.0", labels=[A, B])
"""
HEAD = """
from labeling_functions.mood.schema.v1 import A, B
from retrolabel import feature, keywords, labeling_function, regex, resource
"""
PROJECT = "lfs.py"


def forget() -> None:
    """Let no module of a test's project outlive the test."""
    for name in [name for name in sys.modules if name.partition(".")[0] in ("labeling_functions", "beside")]:
        del sys.modules[name]


class Project:
    """A project of one task, whose files a test writes and edits."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.task = root / "labeling_functions" / "mood"
        for name in ("__init__.py", "mood/__init__.py", "mood/schema/__init__.py"):
            self.write(f"labeling_functions/{name}", "")
        self.write("labeling_functions/mood/schema/v1.py", SCHEMA)

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def lfs(self, text: str) -> None:
        self.write("labeling_functions/mood/lfs.py", HEAD + text)

    def edit(self, name: str, old: str, new: str) -> None:
        text = (self.root / name).read_text(encoding="utf-8")
        assert old in text
        self.write(name, text.replace(old, new))

    def keys(self) -> dict[str, str]:
        return dict(discover(self.root, "mood").keys)

    def key(self, lf: str = "one") -> str:
        return self.keys()[lf]


@pytest.fixture
def project(tmp_path):
    yield Project(tmp_path / "project")
    forget()


MOOD = "labeling_functions/mood"
LFS = f"{MOOD}/lfs.py"
PLAIN = """
@labeling_function(A)
def one(c):
    spot = "x"
    return spot in (c or "")
"""


def changes(project: Project, files: dict[str, str], name: str, old: str, new: str) -> bool:
    """Return whether an edit changes the key of the LF ``one``."""
    for path, text in files.items():
        project.write(path, HEAD + text if path == LFS else text)
    before = project.key()
    assert project.key() == before
    project.edit(name, old, new)
    return project.key() != before


# What counts --------------------------------------------------------------------------------------

ONE = "@labeling_function(A)\ndef one(c):\n    return "
COUNTS = {
    "the body": ({LFS: PLAIN}, LFS, '"x"', '"y"'),
    "one is not 1.0": ({LFS: ONE + "c == 1\n"}, LFS, "== 1", "== 1.0"),
    "one is not True": ({LFS: ONE + "c == 1\n"}, LFS, "== 1", "== True"),
    "zero is not minus zero": ({LFS: "N = 0.0\n" + ONE + "c == N\n"}, LFS, "N = 0.0", "N = -0.0"),
    "a text is not bytes": ({LFS: "N = 'a'\n" + ONE + "c == N\n"}, LFS, "N = 'a'", "N = b'a'"),
    "a renamed local": ({LFS: PLAIN}, LFS, "spot", "place"),
    "the column's name": ({LFS: PLAIN.replace("(c", "(c").replace("c or", "c or")}, LFS, "(c", "(d"),
    "an operator": ({LFS: ONE + "len(c) < 3\n"}, LFS, "<", "<="),
    "a global": ({LFS: "N = 3\n" + ONE + "len(c) > N\n"}, LFS, "N = 3", "N = 4"),
    "a global that a function makes": (
        {LFS: "def make():\n    return 1\n\nN = make()\n" + ONE + "len(c) > N\n"},
        LFS,
        "return 1",
        "return 2",
    ),
    "an entry of a long list": (
        {LFS: "N = [*range(100_000), 1]\n" + ONE + "c in N\n"},
        LFS,
        ", 1]",
        ", 2]",
    ),
    "the order of a dict": ({LFS: "N = dict(a=1, b=2)\n" + ONE + "next(iter(N)) == c\n"}, LFS, "a=1, b=2", "b=2, a=1"),
    "a mutated list": ({LFS: "N = [1]\nN.append(2)\n" + ONE + "c in N\n"}, LFS, "append(2)", "append(3)"),
    "a set": ({LFS: "N = {'a', 'b'}\n" + ONE + "c in N\n"}, LFS, "'a'", "'c'"),
    "a set of a function": ({LFS: ONE + "c in {'a', 'b'}\n"}, LFS, "'a'", "'c'"),
    "a helper": ({LFS: "def f(c):\n    return c == 1\n" + ONE + "f(c)\n"}, LFS, "c == 1", "c == 2"),
    "a helper's helper": (
        {LFS: "def g(c):\n    return c == 1\ndef f(c):\n    return g(c)\n" + ONE + "f(c)\n"},
        LFS,
        "c == 1",
        "c == 2",
    ),
    "a helper that calls itself": (
        {LFS: "def f(c):\n    return c == 1 or f(c[1:])\n" + ONE + "f(c)\n"},
        LFS,
        "c == 1",
        "c == 2",
    ),
    "a constant two modules away": (
        {
            "beside/__init__.py": "",
            "beside/words.py": "N = 3\n",
            "beside/helpers.py": "from beside.words import N\ndef f(c):\n    return len(c) > N\n",
            LFS: "from beside.helpers import f\n" + ONE + "f(c)\n",
        },
        "beside/words.py",
        "3",
        "4",
    ),
    "a constant of a module, by its attribute": (
        {
            "beside/__init__.py": "",
            "beside/words.py": "N = 3\n",
            "beside/helpers.py": "import beside.words as w\n",
            LFS: "from beside import helpers\n" + ONE + "len(c) > helpers.w.N\n",
        },
        "beside/words.py",
        "3",
        "4",
    ),
    "a re-export": (
        {
            "beside/__init__.py": "from beside.deep import *\n",
            "beside/deep.py": "def f(c):\n    return c == 1\n",
            LFS: "import beside\n" + ONE + "beside.f(c)\n",
        },
        "beside/deep.py",
        "c == 1",
        "c == 2",
    ),
    "a relative import": (
        {f"{MOOD}/helpers.py": "N = 3\n", LFS: "from .helpers import N\n" + ONE + "len(c) > N\n"},
        f"{MOOD}/helpers.py",
        "3",
        "4",
    ),
    "an import in the function": (
        {
            f"{MOOD}/helpers.py": "N = 3\n",
            LFS: "@labeling_function(A)\ndef one(c):\n    from labeling_functions.mood.helpers import N as M\n"
            "    return len(c) > M\n",
        },
        f"{MOOD}/helpers.py",
        "3",
        "4",
    ),
    "a relative import in the function": (
        {
            f"{MOOD}/helpers.py": "N = 3\n",
            LFS: "@labeling_function(A)\ndef one(c):\n    from . import helpers\n    return len(c) > helpers.N\n",
        },
        f"{MOOD}/helpers.py",
        "3",
        "4",
    ),
    "a dotted import in the function": (
        {
            f"{MOOD}/helpers.py": "N = 3\n",
            LFS: "@labeling_function(A)\ndef one(c):\n    import labeling_functions.mood.helpers\n"
            "    return len(c) > labeling_functions.mood.helpers.N\n",
        },
        f"{MOOD}/helpers.py",
        "3",
        "4",
    ),
    "a dotted import in the function, under a name": (
        {
            f"{MOOD}/helpers.py": "N = 3\n",
            LFS: "@labeling_function(A)\ndef one(c):\n    import labeling_functions.mood.helpers as h\n"
            "    return [1 for w in c if w > h.N]\n",
        },
        f"{MOOD}/helpers.py",
        "3",
        "4",
    ),
    "a module imported by a constant name": (
        {
            f"{MOOD}/helpers.py": "N = 3\n",
            LFS: "import importlib\n@labeling_function(A)\ndef one(c):\n"
            "    return c == importlib.import_module('labeling_functions.mood.helpers').N\n",
        },
        f"{MOOD}/helpers.py",
        "3",
        "4",
    ),
    "a module that is handed over": (
        {
            f"{MOOD}/helpers.py": "def f():\n    return 3\n",
            LFS: "from labeling_functions.mood import helpers\n" + ONE + "getattr(helpers, c)()\n",
        },
        f"{MOOD}/helpers.py",
        "3",
        "4",
    ),
    "what a module's __getattr__ returns": (
        {
            f"{MOOD}/helpers.py": "def __getattr__(name):\n    return 3\n",
            LFS: "from labeling_functions.mood import helpers\n" + ONE + "c == helpers.anything\n",
        },
        f"{MOOD}/helpers.py",
        "return 3",
        "return 4",
    ),
    "the code of a module's __getattr__": (
        {
            f"{MOOD}/helpers.py": "N = [1]\ndef __getattr__(name):\n    return len(N) * 2\n",
            LFS: "from labeling_functions.mood import helpers\n" + ONE + "c == helpers.anything\n",
        },
        f"{MOOD}/helpers.py",
        "len(N) * 2",
        "len(N) + 1",
    ),
    "an attribute of a module that another one sets": (
        {
            f"{MOOD}/helpers.py": "N = 3\n",
            LFS: "from labeling_functions.mood import helpers\nhelpers.N = 4\n" + ONE + "c == helpers.N\n",
        },
        LFS,
        "helpers.N = 4",
        "helpers.N = 5",
    ),
    "a default argument": ({LFS: "@labeling_function(A)\ndef one(c, n=3):\n    return c == n\n"}, LFS, "n=3", "n=4"),
    "a keyword default": ({LFS: "@labeling_function(A)\ndef one(c, *, n=3):\n    return c == n\n"}, LFS, "n=3", "n=4"),
    "a default that is a function": (
        {LFS: "def f(c):\n    return c == 1\n@labeling_function(A)\ndef one(c, f=f):\n    return f(c)\n"},
        LFS,
        "c == 1",
        "c == 2",
    ),
    "a helper's default that it changes": (
        {LFS: "def f(c, seen=['x']):\n    return c in seen\n" + ONE + "f(c)\n"},
        LFS,
        "'x'",
        "'y'",
    ),
    "a closure": (
        {
            LFS: "def make(n):\n    def f(c):\n        return c == n\n    return f\none = labeling_function(A, name='one')(make(3))\n"
        },
        LFS,
        "make(3)",
        "make(4)",
    ),
    "a function in a closure": (
        {
            LFS: "def g(c):\n    return c == 1\ndef make(g):\n    return lambda c: g(c)\n"
            "one = labeling_function(A, name='one')(make(g))\n"
        },
        LFS,
        "c == 1",
        "c == 2",
    ),
    "a decorator of the user's own": (
        {
            LFS: "import functools\ndef loud(f):\n    @functools.wraps(f)\n    def g(c):\n        return f(c.upper())\n"
            "    return g\n@labeling_function(A)\n@loud\ndef one(c):\n    return c == 'X'\n"
        },
        LFS,
        "upper",
        "lower",
    ),
    "what a decorator of the user's own wraps": (
        {
            LFS: "import functools\ndef loud(f):\n    @functools.wraps(f)\n    def g(c):\n        return f(c.upper())\n"
            "    return g\n@labeling_function(A)\n@loud\ndef one(c):\n    return c == 'X'\n"
        },
        LFS,
        "'X'",
        "'Y'",
    ),
    "a setting of a decorator of the user's own": (
        {
            LFS: "import functools\ndef least(n):\n    def mark(f):\n        @functools.wraps(f)\n        def g(c):\n"
            "            return len(c) > n and f(c)\n        return g\n    return mark\n"
            "@labeling_function(A)\n@least(3)\ndef one(c):\n    return c == 'X'\n"
        },
        LFS,
        "@least(3)",
        "@least(4)",
    ),
    "a partial": (
        {LFS: "from functools import partial\ndef f(n, c):\n    return c == n\ng = partial(f, 3)\n" + ONE + "g(c)\n"},
        LFS,
        "f, 3",
        "f, 4",
    ),
    "the function of a partial": (
        {LFS: "from functools import partial\ndef f(n, c):\n    return c == n\ng = partial(f, 3)\n" + ONE + "g(c)\n"},
        LFS,
        "c == n",
        "c != n",
    ),
    "a lambda": ({LFS: "g = lambda c: c == 1\n" + ONE + "g(c)\n"}, LFS, "c == 1", "c == 2"),
    "one of two lambdas in a line": (
        {LFS: "f, g = (lambda c: c == 1), (lambda c: c == 1)\n" + ONE + "g(c)\n"},
        LFS,
        "(lambda c: c == 1)\n",
        "(lambda c: c == 2)\n",
    ),
    "a helper in a comprehension": (
        {LFS: "def f(w):\n    return w == 1\n" + ONE + "any(f(w) for w in c)\n"},
        LFS,
        "w == 1",
        "w == 2",
    ),
    "a helper in a nested function": (
        {
            LFS: "def f(w):\n    return w == 1\n@labeling_function(A)\ndef one(c):\n    def g():\n        return f(c)\n"
            "    return g()\n"
        },
        LFS,
        "w == 1",
        "w == 2",
    ),
    "a cached helper": (
        {LFS: "import functools\n@functools.lru_cache\ndef f(w):\n    return w == 1\n" + ONE + "f(c)\n"},
        LFS,
        "w == 1",
        "w == 2",
    ),
    "a helper that is chosen from a dict": (
        {LFS: "def f(w):\n    return w == 1\nALL = {'f': f}\n" + ONE + "ALL['f'](c)\n"},
        LFS,
        "w == 1",
        "w == 2",
    ),
    "a plugin in a list": (
        {
            LFS: "ALL = []\ndef plugin(f):\n    ALL.append(f)\n    return f\n@plugin\ndef f(w):\n    return w == 1\n"
            + ONE
            + "any(p(c) for p in ALL)\n"
        },
        LFS,
        "w == 1",
        "w == 2",
    ),
    "a function registered for a type": (
        {
            LFS: "import functools\n@functools.singledispatch\ndef f(w):\n    return False\n@f.register(str)\n"
            "def _(w):\n    return w == 'x'\n" + ONE + "f(c)\n"
        },
        LFS,
        "'x'",
        "'y'",
    ),
    "a generator": (
        {LFS: "def f(c):\n    yield c == 1\n" + ONE + "any(f(c))\n"},
        LFS,
        "c == 1",
        "c == 2",
    ),
    "a match statement": (
        {LFS: "@labeling_function(A)\ndef one(c):\n    match c:\n        case 'x':\n            return True\n"},
        LFS,
        "'x'",
        "'y'",
    ),
    "a class in a match statement": (
        {
            LFS: "class P:\n    __match_args__ = ('a',)\n    a = 1\n"
            "@labeling_function(A)\ndef one(c):\n    match c:\n        case P(1):\n            return True\n"
        },
        LFS,
        "a = 1",
        "a = 2",
    ),
    "a method": (
        {LFS: "class P:\n    def f(self, c):\n        return c == 1\n" + ONE + "P().f(c)\n"},
        LFS,
        "c == 1",
        "c == 2",
    ),
    "a bound method": (
        {LFS: "class P:\n    def f(self, c):\n        return c == 1\nf = P().f\n" + ONE + "f(c)\n"},
        LFS,
        "c == 1",
        "c == 2",
    ),
    "the method of a base class": (
        {
            LFS: "class Q:\n    def f(self, c):\n        return c == 1\nclass P(Q):\n    def f(self, c):\n"
            "        return super().f(c)\n" + ONE + "P().f(c)\n"
        },
        LFS,
        "c == 1",
        "c == 2",
    ),
    "a class attribute": ({LFS: "class P:\n    n = 3\n" + ONE + "c == P.n\n"}, LFS, "n = 3", "n = 4"),
    "a class attribute that is set later": (
        {LFS: "class P:\n    n = 3\nP.n = 4\n" + ONE + "c == P.n\n"},
        LFS,
        "P.n = 4",
        "P.n = 5",
    ),
    "a property": (
        {LFS: "class P:\n    @property\n    def n(self):\n        return 3\np = P()\n" + ONE + "c == p.n\n"},
        LFS,
        "return 3",
        "return 4",
    ),
    "a static method": (
        {LFS: "class P:\n    @staticmethod\n    def n():\n        return 3\n" + ONE + "c == P.n()\n"},
        LFS,
        "return 3",
        "return 4",
    ),
    "a descriptor": (
        {LFS: "class D:\n    def __get__(self, a, b):\n        return 3\nclass P:\n    n = D()\n" + ONE + "c == P.n\n"},
        LFS,
        "return 3",
        "return 4",
    ),
    "a metaclass": (
        {
            LFS: "class M(type):\n    def __len__(cls):\n        return 3\nclass P(metaclass=M):\n    pass\n"
            + ONE
            + "c == len(P)\n"
        },
        LFS,
        "return 3",
        "return 4",
    ),
    "an object's slots": (
        {
            LFS: "class P:\n    __slots__ = ('n',)\n    def __init__(self, n):\n        self.n = n\np = P(3)\n"
            + ONE
            + "c == p.n\n"
        },
        LFS,
        "P(3)",
        "P(4)",
    ),
    "an object's state": (
        {LFS: "class P:\n    def __init__(self, n):\n        self.n = n\np = P(3)\n" + ONE + "c == p.n\n"},
        LFS,
        "P(3)",
        "P(4)",
    ),
    "an object that is called": (
        {LFS: "class P:\n    def __call__(self, c):\n        return c == 1\np = P()\n" + ONE + "p(c)\n"},
        LFS,
        "c == 1",
        "c == 2",
    ),
    "a subclass of dict": (
        {LFS: "class P(dict):\n    pass\np = P(a=3)\n" + ONE + "c == p['a']\n"},
        LFS,
        "a=3",
        "a=4",
    ),
    "a dataclass's default": (
        {LFS: "import dataclasses\n@dataclasses.dataclass\nclass P:\n    n: int = 3\n" + ONE + "c == P().n\n"},
        LFS,
        "= 3",
        "= 4",
    ),
    "a named tuple": (
        {LFS: "from typing import NamedTuple\nclass P(NamedTuple):\n    n: int\np = P(3)\n" + ONE + "c == p.n\n"},
        LFS,
        "P(3)",
        "P(4)",
    ),
    "an enum's value": (
        {LFS: "import enum\nclass P(enum.Enum):\n    N = 3\n" + ONE + "c == P.N.value\n"},
        LFS,
        "N = 3",
        "N = 4",
    ),
    "a subclass that is looked up": (
        {
            LFS: "class P:\n    pass\nclass Q(P):\n    def f(self, c):\n        return c == 1\n"
            + ONE
            + "P.__subclasses__()[0]().f(c)\n"
        },
        LFS,
        "c == 1",
        "c == 2",
    ),
    "a pattern": ({LFS: "import re\nP = re.compile('a')\n" + ONE + "P.search(c)\n"}, LFS, "'a'", "'b'"),
    "a pattern's flags": (
        {LFS: "import re\nP = re.compile('a', re.I)\n" + ONE + "P.search(c)\n"},
        LFS,
        "re.I",
        "re.M",
    ),
    "a pattern's method": ({LFS: "import re\nf = re.compile('a').search\n" + ONE + "f(c)\n"}, LFS, "'a'", "'b'"),
    "a date": ({LFS: "from datetime import date\nN = date(2026, 1, 1)\n" + ONE + "c > N\n"}, LFS, "1, 1", "1, 2"),
    "a decimal": ({LFS: "from decimal import Decimal\nN = Decimal('1.0')\n" + ONE + "c > N\n"}, LFS, "1.0", "1.00"),
    "a deque": ({LFS: "from collections import deque\nN = deque([1], 3)\n" + ONE + "c in N\n"}, LFS, ", 3", ", 4"),
    "a namespace": (
        {LFS: "from types import SimpleNamespace as S\nN = S(n=3)\n" + ONE + "c == N.n\n"},
        LFS,
        "n=3",
        "n=4",
    ),
    "an itemgetter": (
        {LFS: "from operator import itemgetter\nf = itemgetter(1)\n" + ONE + "f(c)\n"},
        LFS,
        "(1)",
        "(2)",
    ),
    "an array": ({LFS: "import numpy as np\nN = np.array([1, 2])\n" + ONE + "c in N\n"}, LFS, "1, 2", "1, 3"),
    "an array's type": (
        {LFS: "import numpy as np\nN = np.array([1, 2], 'i4')\n" + ONE + "c in N\n"},
        LFS,
        "i4",
        "i8",
    ),
    "a frame": (
        {LFS: "import pandas as pd\nN = pd.DataFrame({'a': [1, None]})\n" + ONE + "c in N.a\n"},
        LFS,
        "[1, None]",
        "[2, None]",
    ),
    "an Arrow table": (
        {LFS: "import pyarrow as pa\nN = pa.table({'a': [1, None]})\n" + ONE + "c in N['a']\n"},
        LFS,
        "[1, None]",
        "[2, None]",
    ),
    "a fitted model": (
        {
            LFS: "from sklearn.linear_model import LogisticRegression\n"
            "N = LogisticRegression().fit([[0.0], [1.0], [2.0]], [0, 1, 1])\n" + ONE + "bool(N.predict([[c]])[0])\n"
        },
        LFS,
        "[0, 1, 1]",
        "[0, 0, 1]",
    ),
    "a spaCy model's version": (
        {
            LFS: "import spacy\nnlp = spacy.blank('en')\nnlp.meta['version'] = '1.0.0'\n" + ONE + "len(nlp(c)) > 3\n",
        },
        LFS,
        "1.0.0",
        "1.0.1",
    ),
    "a pattern of a spaCy ruler": (
        {
            LFS: "import spacy\nnlp = spacy.blank('en')\n"
            "nlp.add_pipe('entity_ruler').add_patterns([{'label': 'X', 'pattern': 'a b'}])\n" + ONE + "nlp(c).ents\n"
        },
        LFS,
        "a b",
        "a c",
    ),
    "a special case of a spaCy tokenizer": (
        {
            LFS: "import spacy\nnlp = spacy.blank('en')\n"
            "nlp.tokenizer.add_special_case('abc', [{'ORTH': 'ab'}, {'ORTH': 'c'}])\n" + ONE + "len(nlp(c)) > 3\n"
        },
        LFS,
        "[{'ORTH': 'ab'}, {'ORTH': 'c'}]",
        "[{'ORTH': 'a'}, {'ORTH': 'bc'}]",
    ),
    "a spaCy matcher's pattern": (
        {
            LFS: "import spacy\nfrom spacy.matcher import Matcher\nnlp = spacy.blank('en')\nm = Matcher(nlp.vocab)\n"
            "m.add('A', [[{'LOWER': 'x'}]])\n" + ONE + "m(nlp(c))\n"
        },
        LFS,
        "'x'",
        "'y'",
    ),
    "a spaCy phrase": (
        {
            LFS: "import spacy\nfrom spacy.matcher import PhraseMatcher\nnlp = spacy.blank('en')\n"
            "m = PhraseMatcher(nlp.vocab)\nm.add('A', [nlp('hello there')])\n" + ONE + "m(nlp(c))\n"
        },
        LFS,
        "there",
        "you",
    ),
    "a resource": (
        {f"{MOOD}/resources/w.txt": "old\n", LFS: ONE + "c in resource('w.txt').read_text()\n"},
        f"{MOOD}/resources/w.txt",
        "old",
        "new",
    ),
    "a resource that is opened": (
        {
            f"{MOOD}/resources/w.txt": "old\n",
            LFS: "@labeling_function(A)\ndef one(c):\n    with open(resource('w.txt'), encoding='utf-8') as f:\n"
            "        return c in f.read()\n",
        },
        f"{MOOD}/resources/w.txt",
        "old",
        "new",
    ),
    "a resource in a variable that is opened": (
        {
            f"{MOOD}/resources/w.txt": "old\n",
            LFS: "@labeling_function(A)\ndef one(c):\n    path = resource('w.txt')\n    return c in open(path).read()\n",
        },
        f"{MOOD}/resources/w.txt",
        "old",
        "new",
    ),
    "a resource of a cached helper": (
        {
            f"{MOOD}/resources/w.txt": "old\n",
            LFS: "import functools\n@functools.cache\ndef f():\n    return resource('w.txt').read_text().split()\n"
            + ONE
            + "c in f()\n",
        },
        f"{MOOD}/resources/w.txt",
        "old",
        "new",
    ),
    "a resource that the module reads": (
        {f"{MOOD}/resources/w.txt": "old\n", LFS: "N = resource('w.txt').read_text()\n" + ONE + "c in N\n"},
        f"{MOOD}/resources/w.txt",
        "old",
        "new",
    ),
    "a path to a file of the project": (
        {
            f"{MOOD}/w.txt": "old\n",
            LFS: "from pathlib import Path\nN = Path(__file__).with_name('w.txt')\n" + ONE + "c in N.read_text()\n",
        },
        f"{MOOD}/w.txt",
        "old",
        "new",
    ),
    "a path to a folder of the project": (
        {
            f"{MOOD}/words/w.txt": "old\n",
            LFS: "from pathlib import Path\nN = Path(__file__).with_name('words')\n"
            + ONE
            + "c in (N / 'w.txt').read_text()\n",
        },
        f"{MOOD}/words/w.txt",
        "old",
        "new",
    ),
    "the words of a builder": ({LFS: "one = keywords(A, ['x'], column='c')\n"}, LFS, "['x']", "['y']"),
    "the case of a builder": (
        {LFS: "one = keywords(A, ['x'], column='c', case=True)\n"},
        LFS,
        "case=True",
        "case=False",
    ),
    "the column of a builder": ({LFS: "one = keywords(A, ['x'], column='c')\n"}, LFS, "'c'", "'d'"),
    "the pattern of a builder": ({LFS: "one = regex(A, 'x', column='c')\n"}, LFS, "'x'", "'y'"),
    "the vote": ({LFS: PLAIN}, LFS, "(A)", "(B)"),
    "the sign of the vote": ({LFS: PLAIN}, LFS, "(A)", "(~A)"),
    "the order of the votes": (
        {LFS: "@labeling_function(A, B)\ndef one(c):\n    return None\n"},
        LFS,
        "A, B)",
        "B, A)",
    ),
    "a label's meaning": ({LFS: PLAIN}, f"{MOOD}/schema/v1.py", "It is an a.", "It is no b."),
    "a label's meaning, in the body": (
        {LFS: "@labeling_function(~A)\ndef one(c):\n    return ~B if c == B else None\n"},
        f"{MOOD}/schema/v1.py",
        'Label("b")',
        'Label("b", "It is a b.")',
    ),
    "what the body reads of a label": (
        {LFS: ONE + "c == A.owner\n"},
        f"{MOOD}/schema/v1.py",
        'owner="us"',
        'owner="them"',
    ),
    "whatever changes of a label that is handed over": (
        {LFS: "def f(label):\n    return label.owner\n" + ONE + "f(A) == c\n"},
        f"{MOOD}/schema/v1.py",
        'owner="us"',
        'owner="them"',
    ),
    "the schema, where the body uses it": (
        {LFS: "from labeling_functions.mood.schema.v1 import SCHEMA\n" + ONE + "c in SCHEMA.ids\n"},
        f"{MOOD}/schema/v1.py",
        "labels=[A, B]",
        'labels=[A, B, Label("z")]',
    ),
    "the kind of columns": (
        {LFS: "@labeling_function(A, batch='pandas')\ndef one(c):\n    return c == 1\n"},
        LFS,
        "pandas",
        "arrow",
    ),
    "the author's version": (
        {LFS: "@labeling_function(A, version='1')\ndef one(c):\n    return c == 1\n"},
        LFS,
        "'1'",
        "'2'",
    ),
    "a feature's code": (
        {
            LFS: "@feature\ndef words(c):\n    return c.split()\n@labeling_function(A)\ndef one(words):\n    return 'x' in words\n"
        },
        LFS,
        "c.split()",
        "c.split(',')",
    ),
    "a feature's column": (
        {
            LFS: "@feature\ndef words(c):\n    return 1\n@labeling_function(A)\ndef one(words):\n    return 'x' in words\n"
        },
        LFS,
        "words(c)",
        "words(d)",
    ),
    "a feature's feature": (
        {
            LFS: "@feature\ndef low(c):\n    return c.lower()\n@feature\ndef words(low):\n    return low.split()\n"
            "@labeling_function(A)\ndef one(words):\n    return 'x' in words\n"
        },
        LFS,
        "c.lower()",
        "c.upper()",
    ),
    "a feature's version": (
        {
            LFS: "@feature(version='1')\ndef words(c):\n    return c.split()\n"
            "@labeling_function(A)\ndef one(words):\n    return 'x' in words\n"
        },
        LFS,
        "'1'",
        "'2'",
    ),
    "another LF that it asks": (
        {LFS: "@labeling_function(B)\ndef two(c):\n    return c == 1\n" + ONE + "two(c)\n"},
        LFS,
        "c == 1",
        "c == 2",
    ),
    "a function that is put into a library": (
        {LFS: "import json\njson.mine = lambda c: c == 1\n" + ONE + "json.mine(c)\n"},
        LFS,
        "c == 1",
        "c == 2",
    ),
    "which keyword has the default": (
        {LFS: "def f(c, *, a=1, b=1):\n    return c\nf.__kwdefaults__.pop('a')\n" + ONE + "f(c, a=1, b=1)\n"},
        LFS,
        "pop('a')",
        "pop('b')",
    ),
    "a class made by a library's function": (
        {
            LFS: "import dataclasses\nP = dataclasses.make_dataclass('P', [('n', int, 3)], namespace={'f': lambda s: 1})\n"
            + ONE
            + "c == P().n\n"
        },
        LFS,
        "int, 3",
        "int, 4",
    ),
    "a subclass of a library's container": (
        {LFS: "from collections import deque\nclass P(deque):\n    pass\np = P([3])\n" + ONE + "c in p\n"},
        LFS,
        "[3]",
        "[4]",
    ),
    "a class in a type": (
        {LFS: "class P:\n    n = 3\nT = list[P]\n" + ONE + "c == T.__args__[0].n\n"},
        LFS,
        "n = 3",
        "n = 4",
    ),
    "the name of an object's attribute": (
        {LFS: "class P:\n    pass\np = P()\np.n = 3\n" + ONE + "vars(p).get(c)\n"},
        LFS,
        "p.n = 3",
        "p.m = 3",
    ),
    "a subclass that registers itself": (
        {
            LFS: "class P:\n    all = []\n    def __init_subclass__(cls):\n        P.all.append(cls)\n"
            "class Q(P):\n    def f(self, c):\n        return c == 1\n" + ONE + "any(k().f(c) for k in P.all)\n"
        },
        LFS,
        "c == 1",
        "c == 2",
    ),
    "an attribute of spaCy's texts": (
        {
            LFS: "import spacy\nfrom spacy.tokens import Doc\n"
            "Doc.set_extension('is_long', getter=lambda doc: len(doc) > 1, force=True)\nnlp = spacy.blank('en')\n"
            + ONE
            + "nlp(c)._.is_long\n"
        },
        LFS,
        "> 1",
        "> 2",
    ),
    "a stop word of spaCy": (
        {LFS: "import spacy\nnlp = spacy.blank('en')\nnlp.vocab['abc'].is_stop = True\n" + ONE + "nlp(c)[0].is_stop\n"},
        LFS,
        "'abc'",
        "'abd'",
    ),
    "a pydantic model's field": (
        {LFS: "from pydantic import BaseModel\nclass P(BaseModel):\n    n: int = 3\n" + ONE + "P(n=c).n\n"},
        LFS,
        "n: int",
        "n: float",
    ),
    "a feature's feature, where another function calls the feature": (
        {
            LFS: "@feature\ndef low(c):\n    return c.lower()\n@feature\ndef words(low):\n    return low.split()\n"
            "@labeling_function(A)\ndef a_first(c):\n    return words(c)\n"
            "@labeling_function(A)\ndef one(words):\n    return 'x' in words\n"
        },
        LFS,
        "c.lower()",
        "c.upper()",
    ),
    "an f-string": ({LFS: ONE + "c == f'{c:>3}'\n"}, LFS, ">3", ">4"),
    "an exception that is caught": (
        {
            LFS: "@labeling_function(A)\ndef one(c):\n    try:\n        return c > 1\n    except TypeError:\n"
            "        return False\n"
        },
        LFS,
        "TypeError",
        "ValueError",
    ),
    "the global in a class of the function": (
        {
            LFS: "N = 3\n@labeling_function(A)\ndef one(c):\n    class P:\n        n = N\n    return c == P.n\n",
        },
        LFS,
        "N = 3",
        "N = 4",
    ),
    "a word of an enumeration with __new__": (
        {
            LFS: "import enum\nclass T(enum.Enum):\n    def __new__(cls, v, words):\n        o = object.__new__(cls)\n"
            "        o._value_ = v\n        o.words = words\n        return o\n    CRASH = (1, ['crash'])\n"
            + ONE
            + "any(w in c for w in T.CRASH.words)\n"
        },
        LFS,
        "'crash'",
        "'hang'",
    ),
    "the code of an enumeration's __new__": (
        {
            LFS: "import enum\nclass T(enum.Enum):\n    def __new__(cls, v):\n        o = object.__new__(cls)\n"
            "        o._value_ = v.split(',')[0]\n        return o\n    CRASH = 'crash'\n" + ONE + "T(c) is T.CRASH\n"
        },
        LFS,
        "split(',')",
        "split(';')",
    ),
    "an attribute of a member, set later": (
        {
            LFS: "import enum\nclass T(enum.Enum):\n    A = 1\nfor m in T:\n    m.words = ['x']\nR = [T.A]\n"
            + ONE
            + "c in R[0].words\n"
        },
        LFS,
        "'x'",
        "'y'",
    ),
    "a name in a module that is looked through": (
        {
            f"{MOOD}/checks.py": "def check_crash(c):\n    return 'crash' in c\n",
            LFS: "from . import checks\n"
            + ONE
            + "any(getattr(checks, n)(c) for n in dir(checks) if n.startswith('check_'))\n",
        },
        f"{MOOD}/checks.py",
        "check_crash",
        "nocheck_crash",
    ),
    "a constant's name in a module that is looked through": (
        {f"{MOOD}/checks.py": "CRASH = 1\n", LFS: "from . import checks\n" + ONE + "getattr(checks, c.upper(), 0)\n"},
        f"{MOOD}/checks.py",
        "CRASH",
        "HANG",
    ),
    "the name of a function in a list": (
        {LFS: "def has_crash(c):\n    return True\nR = [has_crash]\n" + ONE + "any(f.__name__[4:] in c for f in R)\n"},
        LFS,
        "has_crash",
        "has_hang",
    ),
    "the name of a class in a list": (
        {
            LFS: "class Base:\n    @classmethod\n    def match(cls, c):\n        return cls.__name__.lower() in c\n"
            "class Crash(Base):\n    pass\nR = [Crash]\n" + ONE + "any(r.match(c) for r in R)\n"
        },
        LFS,
        "Crash",
        "Hang",
    ),
    "a property of one's own kind": (
        {
            LFS: "class own(property):\n    def __get__(self, o, k):\n        return [*self.fget(k), 'x']\n"
            "class P:\n    @own\n    def words(cls):\n        return ['z']\n" + ONE + "c in P.words\n"
        },
        LFS,
        "'x'",
        "'y'",
    ),
    "a partial of one's own kind": (
        {
            LFS: "import functools\nclass R(functools.partial):\n    def __call__(self, c):\n        return c == 'x'\n"
            "r = R(len)\n" + ONE + "r(c)\n"
        },
        LFS,
        "'x'",
        "'y'",
    ),
    "a decorator made with wrapt": (
        {
            LFS: "import wrapt\n@wrapt.decorator\ndef deco(wrapped, instance, args, kw):\n"
            "    return wrapped(*args, **kw) or args[0] == 'x'\n@deco\ndef f(c):\n    return c == 1\n" + ONE + "f(c)\n"
        },
        LFS,
        "'x'",
        "'y'",
    ),
    "a global of the same name in a class of the function": (
        {LFS: "N = 3\n@labeling_function(A)\ndef one(c):\n    class K:\n        N = N\n    return c == K.N\n"},
        LFS,
        "N = 3",
        "N = 4",
    ),
    "a helper with many names": (
        {
            LFS: "def f(c):\n    return c == 1\n@labeling_function(A)\ndef one(c):\n    a = f\n    b = a\n    d = b\n"
            "    e = d\n    g = e\n    h = g\n    return h(c)\n"
        },
        LFS,
        "c == 1",
        "c == 2",
    ),
    "what a thread keeps": (
        {LFS: "import threading\nw = threading.local()\nw.words = ['x']\n" + ONE + "c in w.words\n"},
        LFS,
        "'x'",
        "'y'",
    ),
    "a private attribute of a pydantic model": (
        {
            LFS: "from pydantic import BaseModel, PrivateAttr\nclass M(BaseModel):\n"
            "    _w: list = PrivateAttr(default=['x'])\n" + ONE + "c in M()._w\n"
        },
        LFS,
        "'x'",
        "'y'",
    ),
    "a rule of a field of a pydantic model": (
        {
            LFS: "from typing import Annotated\nfrom pydantic import AfterValidator, BaseModel\n"
            "def strip(v):\n    return v.strip('x')\nclass M(BaseModel):\n    w: Annotated[str, AfterValidator(strip)]\n"
            + ONE
            + "M(w=c).w\n"
        },
        LFS,
        "'x'",
        "'y'",
    ),
    "a rule in an annotation that pydantic reads": (
        {
            LFS: "from typing import Annotated\nfrom pydantic import AfterValidator, BaseModel\n"
            "def strip(v):\n    return v.strip('x')\nclass M(BaseModel):\n"
            "    w: list[Annotated[str, AfterValidator(strip)]]\n" + ONE + "M(w=c).w\n"
        },
        LFS,
        "'x'",
        "'y'",
    ),
}


@pytest.mark.parametrize("what", COUNTS)
def test_counts(project, what):
    assert changes(project, *COUNTS[what]), what


# What does not count ------------------------------------------------------------------------------

BUSY = """
import re
from functools import wraps

N = 3


def loud(f):
    @wraps(f)
    def g(c):
        return f(c)
    return g


def helper(text: str) -> bool:
    return any(w for w in text.split() if w and (len(w) > N or w == "x"))


@labeling_function(A, examples=["xxxx"], non_examples=["x"])
@loud
def one(c):
    for word in (c or "").split():
        if word and (word != "y" or c) and helper(word):
            return True
    while False: pass
    return False
"""
SNORKEL = """
from types import SimpleNamespace as NS
from snorkel.labeling import labeling_function as snorkel_lf
from snorkel.preprocess import preprocessor
from retrolabel.interop.snorkel import adopt


@preprocessor(memoize=True)
def low(x):
    x.c = x.c.lower()
    return x


# Not asked.


@snorkel_lf(name='q', pre=[low])
def says_x(x):
    return 0 if "x" in x.c else -1


one = adopt(says_x, {0: A}, columns=["c"], name="one")
"""
DROP_IN = SNORKEL.replace("from snorkel.", "from retrolabel.interop.snorkel.")
DOES_NOT_COUNT = {
    "a comment": ({LFS: BUSY}, LFS, "    return False", "    # Nothing.\n    return False"),
    "a comment at the end of a line": ({LFS: BUSY}, LFS, "return True", "return True  # found"),
    "a docstring": ({LFS: BUSY}, LFS, "def one(c):\n", 'def one(c):\n    """Say why."""\n'),
    "a helper's docstring": ({LFS: BUSY}, LFS, "-> bool:\n", '-> bool:\n    """Say why."""\n'),
    "a class's docstring": (
        {LFS: "class P:\n    n = 3\n" + ONE + "c == P.n\n"},
        LFS,
        "class P:\n",
        'class P:\n    """Say why."""\n',
    ),
    "the docstring of a nested function": (
        {LFS: "@labeling_function(A)\ndef one(c):\n    def f():\n        return c\n    return f()\n"},
        LFS,
        "def f():\n",
        'def f():\n        """Say why."""\n',
    ),
    "blank lines above": ({LFS: BUSY}, LFS, "N = 3", "\n\n\nN = 3"),
    "blank lines within": ({LFS: BUSY}, LFS, "    return False", "\n\n    return False"),
    "line breaks": (
        {LFS: BUSY},
        LFS,
        '        if word and (word != "y" or c) and helper(word):',
        '        if (\n            word\n            and (\n                word != "y"\n                or c\n            )'
        "\n            and helper(\n                word\n            )\n        ):",
    ),
    "a statement on one line": ({LFS: BUSY}, LFS, "while False: pass", "while False:\n        pass"),
    "a line break in a comprehension": ({LFS: BUSY}, LFS, "any(w for", "any(\n        w\n        for"),
    "quotes": ({LFS: BUSY}, LFS, '"y"', "'y'"),
    "brackets": ({LFS: BUSY}, LFS, "return True", "return (True)"),
    "annotations": ({LFS: BUSY}, LFS, "def one(c):", "def one(c: str | None) -> bool:"),
    "annotations of a helper": ({LFS: BUSY}, LFS, "(text: str) -> bool", "(text)"),
    "annotations of a nested function": ({LFS: BUSY}, LFS, "def g(c):", "def g(c: str) -> object:"),
    "future annotations": (
        {LFS: BUSY},
        LFS,
        HEAD,
        "from __future__ import annotations\n" + HEAD,
    ),
    "examples": ({LFS: BUSY}, LFS, '["xxxx"]', '["xxxxx", "xxxxxx"]'),
    "non-examples": ({LFS: BUSY}, LFS, '["x"]', '["y"]'),
    "a description": ({LFS: "one = keywords(A, ['x'], column='c', description='x')\n"}, LFS, "='x'", "='y'"),
    "another LF of the file": (
        {LFS: BUSY + "@labeling_function(B)\ndef two(c):\n    return c == 1\n"},
        LFS,
        "c == 1",
        "c == 2",
    ),
    "a helper that it does not reach": (
        {LFS: BUSY + "def unrelated():\n    return 1\n"},
        LFS,
        "return 1",
        "return 2",
    ),
    "a global that it does not reach": ({LFS: "M = 1\n" + BUSY}, LFS, "M = 1", "M = 2"),
    "an unused import": ({LFS: BUSY}, LFS, "import re\n", "import json\n"),
    "another attribute of a module that it reaches": (
        {
            f"{MOOD}/helpers.py": "N = 3\nM = 4\n",
            LFS: "from labeling_functions.mood import helpers\n" + ONE + "c == helpers.N\n",
        },
        f"{MOOD}/helpers.py",
        "M = 4",
        "M = 5",
    ),
    "another attribute of a module imported in the function": (
        {
            f"{MOOD}/helpers.py": "N = 3\nM = 4\n",
            LFS: "@labeling_function(A)\ndef one(c):\n    from . import helpers\n    return c == helpers.N\n",
        },
        f"{MOOD}/helpers.py",
        "M = 4",
        "M = 5",
    ),
    "a file that it does not read": (
        {LFS: PLAIN, f"{MOOD}/resources/w.txt": "old"},
        f"{MOOD}/resources/w.txt",
        "old",
        "new",
    ),
    "another resource": (
        {
            LFS: ONE + "c in resource('w.txt').read_text()\n",
            f"{MOOD}/resources/w.txt": "words",
            f"{MOOD}/resources/v.txt": "old",
        },
        f"{MOOD}/resources/v.txt",
        "old",
        "new",
    ),
    "a label's display": ({LFS: PLAIN}, f"{MOOD}/schema/v1.py", 'owner="us"', 'owner="them", hotkey="a", name="An a"'),
    "a label's display, in the body": (
        {LFS: "@labeling_function(A, B)\ndef one(c):\n    if c:\n        return A if c > 1 else B\n    return A | B\n"},
        f"{MOOD}/schema/v1.py",
        'owner="us"',
        'owner="them"',
    ),
    "a label's display, through a local": (
        {LFS: "@labeling_function(A)\ndef one(c):\n    vote = None\n    if c:\n        vote = A\n    return vote\n"},
        f"{MOOD}/schema/v1.py",
        'owner="us"',
        'owner="them"',
    ),
    "another label's meaning": ({LFS: PLAIN}, f"{MOOD}/schema/v1.py", 'Label("b")', 'Label("b", "It is a b.")'),
    "a comment in the schema": ({LFS: PLAIN}, f"{MOOD}/schema/v1.py", "\nA = Label", "\n# The first.\nA = Label"),
    "whether a feature is kept": (
        {
            LFS: "@feature(cache=False)\ndef words(c):\n    return c.split()\n"
            "@labeling_function(A)\ndef one(words):\n    return 'x' in words\n"
        },
        LFS,
        "cache=False",
        "cache=True",
    ),
    "what an object computed and kept when it was asked": (
        {
            LFS: "import functools\nclass P:\n    @functools.cached_property\n    def words(self):\n        return ['x']\n"
            "p = P()\n# Not asked.\n" + ONE + "c in p.words\n"
        },
        LFS,
        "# Not asked.",
        "p.words",
    ),
    "what a preprocessor of Snorkel's computed and kept": ({LFS: SNORKEL}, LFS, "# Not asked.", "low(NS(c='X'))"),
    "the name of an LF of Snorkel's": ({LFS: SNORKEL}, LFS, "name='q'", "name='r'"),
    "what a preprocessor of the drop-in computed and kept": ({LFS: DROP_IN}, LFS, "# Not asked.", "low(NS(c='X'))"),
    "what a preprocessor built on the drop-in's computed and kept": (
        {
            LFS: DROP_IN.replace("import preprocessor", "import Preprocessor").replace(
                "@preprocessor(memoize=True)\ndef low(x):\n    x.c = x.c.lower()\n    return x\n",
                "class Low(Preprocessor):\n    def run(self, c):\n        return {'c': c.lower()}\n\n\nlow = Low('low', memoize=True)\n",
            )
        },
        LFS,
        "# Not asked.",
        "low(NS(c='X'))",
    ),
    "the name of an LF of the drop-in": ({LFS: DROP_IN}, LFS, "name='q'", "name='r'"),
    "a feature that it does not read": (
        {LFS: "@feature\ndef words(c):\n    return c.split()\n" + PLAIN},
        LFS,
        "c.split()",
        "c.split(',')",
    ),
}


@pytest.mark.parametrize("what", DOES_NOT_COUNT)
def test_does_not_count(project, what):
    assert not changes(project, *DOES_NOT_COUNT[what]), what


FILES_BEFORE = "from pathlib import Path\nfrom ast import literal_eval as reader\nH = Path(__file__).parent / 'sub' / 'deep' / 'a.txt'\nD = H.parent\nP = str(H)\nL = [P]\n"
AT = f"{MOOD}/sub/deep/a.txt"
UP = f"{MOOD}/sub/b.txt"
BOTH = {AT: "old", UP: "old"}
FILES_COUNT = {
    "a file beside the folder of a path": ("(H.parent.parent / 'b.txt').read_text()", UP),
    "a file in the folder of a path": ("(H.parent / 'a.txt').read_text()", AT),
    "a file beside a path": ("H.with_name('a.txt').read_text()", AT),
    "a file in a folder, named when it is called": ("(D / c).read_text()", AT),
    "a file in a folder, named there": ("(D / 'a.txt').read_text()", AT),
    "a file in a folder, joined": ("D.joinpath('a.txt').read_text()", AT),
    "a file that something else reads": ("reader(P)", AT),
    "a file in a list that something else reads": ("reader(L[0])", AT),
    "a file whose name is in the code": ("reader('labeling_functions/mood/sub/b.txt')", UP),
}
FILES_DO_NOT_COUNT = {
    "a file beside the one that is named": "c in (D / 'a.txt').read_text()",
    "a file beside the one that is opened": "c in open(D / 'a.txt').read()",
    "a file beside the one that is joined": "c in D.joinpath('a.txt').read_text()",
    "a file beside the one that stands beside": "c in H.with_name('a.txt').read_text()",
}


@pytest.mark.parametrize("what", FILES_COUNT)
def test_a_file_counts(project, what):
    used, edited = FILES_COUNT[what]
    assert changes(project, {LFS: FILES_BEFORE + ONE + f"{used}\n", **BOTH}, edited, "old", "new")


@pytest.mark.parametrize("what", FILES_DO_NOT_COUNT)
def test_a_file_does_not_count(project, what):
    other = f"{MOOD}/sub/deep/c.txt"
    files = {LFS: FILES_BEFORE + ONE + f"{FILES_DO_NOT_COUNT[what]}\n", **BOTH, other: "old"}
    assert not changes(project, files, other, "old", "new")


def test_code_in_a_folder_of_files_does_not_count(project):
    code = f"{MOOD}/sub/deep/m.py"
    files = {LFS: FILES_BEFORE + ONE + "c in (D / c).read_text()\n", **BOTH, code: "# old"}
    assert not changes(project, files, code, "old", "new")


def test_a_new_schema_version_changes_no_key(project):
    project.lfs(PLAIN)
    before = project.keys()
    project.write(
        f"{MOOD}/schema/v2.py",
        "from labeling_functions.mood.schema.v1 import A, B, SCHEMA as V1\nfrom retrolabel import Add, Label, LabelSchema\n"
        'SCHEMA = LabelSchema(task="mood", version="1.1.0", revises=V1, labels=[A, B, Label("z")], steps=[Add("z")])\n',
    )
    assert project.keys() == before


def test_a_new_name_changes_no_key(project):
    project.lfs(PLAIN)
    before = project.key()
    project.edit(LFS, "def one", "def other")
    assert project.key("other") == before


def test_a_helper_that_moves_to_another_file_changes_no_key(project):
    helper = "def f(c):\n    return c == 1\n"
    project.lfs(helper + ONE + "f(c)\n")
    before = project.key()
    project.write(f"{MOOD}/helpers.py", helper)
    project.lfs("from labeling_functions.mood.helpers import f\n" + ONE + "f(c)\n")
    assert project.key() == before


def test_two_functions_have_two_keys(project):
    project.lfs("one = keywords(A, ['x'], column='c')\ntwo = keywords(B, ['y'], column='c')\n")
    assert len(set(project.keys().values())) == 2


def test_the_same_project_elsewhere_has_the_same_keys(project, tmp_path):
    project.write(f"{MOOD}/resources/w.txt", "words")
    project.lfs(
        "import os\nfrom pathlib import Path\nHERE = os.path.dirname(__file__)\nN = Path(__file__).with_name('resources')\n"
        + ONE
        + "c in resource('w.txt').read_text() and c != HERE and c != N and c != __file__\n"
    )
    before = project.keys()
    moved = project.root.rename(tmp_path / "moved")
    assert dict(discover(moved, "mood").keys) == before


EVERYTHING = """
import collections, dataclasses, datetime, enum, functools, re, types
from typing import Annotated
import numpy as np
import pydantic
import spacy
from sklearn.feature_extraction.text import TfidfVectorizer
from spacy.matcher import Matcher, PhraseMatcher

WORDS = {"a", "b", "c", "d", "e", "f"}
FROZEN = frozenset({("x", 1), ("y", 2), ("z", 3)})
NESTED = {"k": {"p", "q", "r"}, "l": [WORDS, FROZEN]}
nlp = spacy.blank("en")
nlp.add_pipe("entity_ruler").add_patterns([{"label": "X", "pattern": "a b"}, {"label": "Y", "pattern": "c"}])
matcher = Matcher(nlp.vocab)
matcher.add("A", [[{"LOWER": {"IN": ["x", "y"]}}]])
phrases = PhraseMatcher(nlp.vocab, attr="LOWER")
phrases.add("A", [nlp("hello there"), nlp("you")])
P = re.compile("a|b", re.I | re.M)
COUNTS = collections.Counter("hello")


class Colour(enum.Flag):
    RED = 1
    BLUE = 2


@dataclasses.dataclass(frozen=True)
class Point:
    x: int = 1
    tags: frozenset = frozenset({"u", "v", "w"})


POINT = Point()
HANDLERS = {len, max, min}
HOLIDAYS = {datetime.date(2026, month, 1) for month in range(1, 13)}
PAIRS = {frozenset({datetime.date(2020, 1, day), datetime.date(2020, 2, day)}) for day in range(1, 5)}
POINTS = {Point(1), Point(2), Point(3, frozenset({"w", "x"}))}
PATTERNS = {re.compile(text) for text in "abcd"}


def same_as(n):
    def f(c):
        return n == c

    return f


MADE = {same_as(n) for n in range(5)}
VECTORS = TfidfVectorizer(stop_words=["z"]).fit(["hello the world", "a b"])


class Said(pydantic.BaseModel):
    word: Annotated[str, pydantic.AfterValidator(same_as(1))]


@functools.singledispatch
def by_type(value):
    return value


@by_type.register(int)
def _(value):
    return value + 1


@labeling_function(A, B)
def one(c):
    if c in WORDS or c in FROZEN or NESTED.get(c) or c in {"m", "n", "o", "p"}:
        return A
    if matcher(nlp(c)) or phrases(nlp(c)) or P.search(c) or COUNTS[c] or Colour.RED or POINT == c or by_type(c):
        return B | A
    if c in HOLIDAYS or c in PAIRS or c in POINTS or c in PATTERNS or any(f(c) for f in MADE) or Said(word=c):
        return VECTORS.transform([c]).sum() > 0
    return any(h(c) for h in HANDLERS) or np.log(len(c)) > np.float32(1)
"""


def test_a_fresh_process_with_another_hash_seed_finds_the_same_keys(project):
    project.lfs(EVERYTHING)
    here = project.keys()
    code = (
        "import json, sys; from pathlib import Path; from retrolabel.discovery.folders import discover\n"
        f"print(json.dumps(dict(discover(Path({str(project.root)!r}), 'mood').keys)))"
    )
    for seed in ("1", "77"):
        done = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env=os.environ | {"PYTHONPATH": str(SOURCES), "PYTHONHASHSEED": seed},
        )
        assert json.loads(done.stdout) == here


def test_what_was_imported_before_does_not_matter(project):
    project.lfs("@labeling_function(A)\ndef one(c):\n    import colorsys, string\n    return colorsys.ONE_THIRD\n")
    sys.modules.pop("colorsys", None)
    before = project.key()
    assert "colorsys" not in sys.modules
    import colorsys  # noqa: F401, PLC0415 - what another task may have done

    assert project.key() == before


class Installed:
    """A distribution as importlib.metadata gives it."""

    def __init__(self, version: str, requires: list[str]) -> None:
        self.version, self.requires = version, requires


@pytest.mark.parametrize("raised", ["numpy", "of-numpy"])
def test_the_version_of_a_package_and_of_what_it_requires_counts(project, monkeypatch, raised):
    versions = {"numpy": "1.0", "of-numpy": "1.0"}
    real = metadata.distribution
    monkeypatch.setattr(
        packages.metadata,
        "distribution",
        lambda name: Installed(versions[name], ["of-numpy"][: name == "numpy"]) if name in versions else real(name),
    )
    project.lfs("import numpy as np\n" + ONE + "np.log(c) > 1\ntwo = keywords(A, ['x'], column='c')\n")
    before = project.keys()
    versions[raised] = "1.1"
    after = project.keys()
    assert before["one"] != after["one"]
    assert before["two"] == after["two"]


def test_a_package_imported_in_the_function_counts_with_its_version(project, monkeypatch):
    versions = {"spacy": "3.0"}
    real = metadata.distribution
    monkeypatch.setattr(
        packages.metadata,
        "distribution",
        lambda name: Installed(versions[name], []) if name in versions else real(name),
    )
    project.lfs("@labeling_function(A)\ndef one(c):\n    import spacy\n    return spacy.blank('en')(c)\n")
    before = project.key()
    versions["spacy"] = "3.1"
    assert project.key() != before


def test_a_constant_made_from_the_date_counts_by_its_value(project, monkeypatch):
    project.write("beside/__init__.py", "")
    project.lfs("import os\nYEAR = int(os.environ['YEAR_OF_TEST'])\n" + ONE + "c > YEAR\n")
    monkeypatch.setenv("YEAR_OF_TEST", "2026")
    before = project.key()
    monkeypatch.setenv("YEAR_OF_TEST", "2027")
    assert project.key() != before


def test_a_year_taken_when_the_module_is_imported_is_no_reason_to_refuse(project):
    project.lfs("from datetime import date\nYEAR = date.today().year\n" + ONE + "c > YEAR\n")
    tree = discover(project.root, "mood").trees["one"]
    assert any(line.strip().startswith("global YEAR = 2") for line in tree.lines())


def test_the_tree_says_what_the_key_depends_on(project):
    project.write("beside/__init__.py", "")
    project.write("beside/words.py", "N = 3\n")
    project.lfs("from beside.words import N\ndef f(c):\n    return len(c) > N\n" + ONE + "f(c)\n")
    task = discover(project.root, "mood")
    tree = task.trees["one"]
    assert tree.digest == task.keys["one"]
    assert "    global N = 3" in [line[2:] for line in tree.lines()]
    flat = tree.flat()
    path = f"function {LFS}:one > function {LFS}:f > global N"
    assert flat[path] == "3"


def test_a_function_may_mark_its_words_and_what_marks_them_is_no_part_of_its_key_but_by_name(project):
    project.lfs("import re\nfrom retrolabel import found\n" + ONE + "found(re.search('a', str(c)))\n")
    flat = discover(project.root, "mood").trees["one"].flat()
    assert not [path for path in flat if "marking" in path and "found" not in path]


def test_data_that_holds_itself_is_no_trouble(project):
    project.lfs("N = [1]\nN.append(N)\nM = {}\nM['f'] = lambda: M\n" + ONE + "c in N or M['f']\n")
    before = project.key()
    project.edit(LFS, "N = [1]", "N = [2]")
    assert project.key() != before


def test_long_chains_of_helpers_and_of_objects_are_walked_to_their_end(project):
    helpers = "".join(f"def f{n}(c):\n    return f{n + 1}(c)\n" for n in range(400))
    linked = (
        "class P:\n    def __init__(self, n):\n        self.next = n\np = None\nfor _ in range(400):\n    p = P(p)\n"
    )
    project.lfs(helpers + "def f400(c):\n    return c == 1\n" + linked + ONE + "f0(c) and p\n")
    before = project.key()
    project.edit(LFS, "c == 1", "c == 2")
    assert project.key() != before


def calls_of(work):
    """Return how many functions were called while something was done."""
    count = 0

    def seen(_frame, event, _arg):
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(seen)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


def test_what_fifty_functions_share_is_looked_at_once(project):
    helper = "WORDS = [str(n) for n in range(20_000)]\ndef f(c):\n    return c in WORDS\n"

    def calls(lfs):
        text = "".join(f"@labeling_function(A)\ndef lf{n}(c):\n    return f(c) and c != {n}\n" for n in range(lfs))
        project.lfs(helper + text)
        found = explore(project.root, "mood")
        trees = {}
        count = calls_of(lambda: trees.update(find_keys(found.lfs.values(), found.features, project.root).trees))
        assert len({tree.digest for tree in trees.values()}) == lfs
        return count

    few = calls(5)
    assert few > 20_000
    assert calls(55) < 3 * few


@pytest.mark.parametrize(
    "name", ["textwrap", "difflib", "argparse", "statistics", "heapq", "dataclasses", "json.decoder"]
)
def test_another_way_of_writing_a_whole_module_changes_nothing(name):
    """Comments, docstrings and line breaks go, all numbers of lines change; each function stays what it was."""
    text = Path(importlib.import_module(name).__file__).read_text(encoding="utf-8")
    described = []
    for number, written in enumerate([text, "\n\n" + ast.unparse(ast.parse(text))]):
        path = f"/nowhere/{number}.py"
        both = canonical._both_of(written.encode(), path)
        described.append(sorted(repr(each.described()) for each in both.values()))
    assert described[0] == described[1]
    assert len(described[0]) > 5


LIBRARIES_COUNT = {
    "a default of a class of attrs": ("Point(c)", "x: int = 1", "x: int = 2"),
    "what makes a default of a class of attrs": ("Point(c)", '["x"]', '["y"]'),
    "a converter of a class of attrs": ("Point(x=c)", "converter=int", "converter=float"),
    "whether a class of attrs is frozen": ("Point(c)", "attrs.define", "attrs.frozen"),
    "the body of a checked function": ("checked(c)", "n + 1", "n + 2"),
    "what a checked function checks": ("checked(c)", "n: int", "n: float"),
    "a function behind an order": ("sorted(c, key=by_length)", "len(a) - len(b)", "len(b) - len(a)"),
}
LIBRARIES = """
import attrs, functools, pydantic


@attrs.define
class Point:
    x: int = 1
    y: int = attrs.field(default=1, converter=int)
    words: list = attrs.field(factory=lambda: ["x"])


@pydantic.validate_call
def checked(n: int):
    return n + 1


by_length = functools.cmp_to_key(lambda a, b: len(a) - len(b))
"""


@pytest.mark.parametrize("what", LIBRARIES_COUNT)
def test_what_libraries_make_counts(project, what):
    used, old, new = LIBRARIES_COUNT[what]
    assert changes(project, {LFS: LIBRARIES + ONE + used + "\n"}, LFS, old, new)


def test_modules_that_are_imported_by_name_at_run_time_are_imported_afresh(project):
    project.write(
        "beside/__init__.py",
        "import importlib, pkgutil\nREG = []\ndef load():\n    for m in pkgutil.iter_modules(__path__):\n"
        "        importlib.import_module('beside.' + m.name)\n",
    )
    project.write("beside/w.py", "from beside import REG\nREG.append('x')\n")
    project.lfs("import beside\nbeside.load()\n" + ONE + "c in beside.REG\n")
    first, second = (discover(project.root, "mood") for _ in range(2))
    assert [str(task.lfs[0].vote({"c": "x"})) for task in (first, second)] == ["a", "a"]
    assert first.keys == second.keys


def test_edits_of_modules_that_lie_elsewhere_in_the_project_are_seen(project, monkeypatch):
    monkeypatch.setattr(sys, "path", [*sys.path])
    text = "import sys\nfrom pathlib import Path\nsys.path.insert(0, str(Path(__file__).parents[2] / 'lib'))\nfrom lib_words import N\n"
    project.write("lib/lib_words.py", "N = 3\n")
    assert changes(project, {LFS: text + ONE + "len(c) > N\n"}, "lib/lib_words.py", "3", "4")


LIBRARIES_HOLD = {
    "a category": (
        "import pandas as pd\nL = pd.Series(['low'], dtype=pd.CategoricalDtype(['low', 'high']))\n",
        "c in L.cat.categories",
        "'high'",
        "'mid'",
    ),
    "the order of categories": (
        "import pandas as pd\nL = pd.Series(['l', 'h'], dtype=pd.CategoricalDtype(['l', 'h'], ordered=True))\n",
        "c == L.max()",
        "ordered=True",
        "ordered=False",
    ),
    "a mask": (
        "import numpy as np\nL = np.ma.array([1, 2], mask=[False, True])\n",
        "c in L",
        "[False, True]",
        "[True, False]",
    ),
    "a dictionary of Arrow's": (
        "import pyarrow as pa\nL = pa.DictionaryArray.from_arrays([0], ['x', 'z'])\n",
        "c in L.dictionary",
        "'z'",
        "'y'",
    ),
    "the metadata of a schema": (
        "import pyarrow as pa\nL = pa.schema([], metadata={'x': 'long ' * 40 + 'z'})\n",
        "c in L.metadata",
        "'z'",
        "'y'",
    ),
    "a vector": (
        "import spacy, numpy as np\nnlp = spacy.blank('en')\nnlp.vocab.set_vector('cat', np.array([1.0, 0.0], 'f'))\n",
        "nlp(c).vector[0]",
        "[1.0, 0.0]",
        "[0.0, 1.0]",
    ),
    "a norm": (
        "import spacy\nnlp = spacy.blank('en')\nnlp.vocab['cos'].norm_ = 'because'\n",
        "nlp(c)[0].norm_ == 'x'",
        "'because'",
        "'cosine'",
    ),
    "a flag": (
        "import spacy\nnlp = spacy.blank('en')\nF = nlp.vocab.add_flag(lambda text: text == 'z')\n",
        "nlp(c)[0].check_flag(F)",
        "'z'",
        "'y'",
    ),
    "how greedy a matcher is": (
        "import spacy\nfrom spacy.matcher import Matcher\nnlp = spacy.blank('en')\nm = Matcher(nlp.vocab)\nm.add('A', [[{'LOWER': 'x', 'OP': '+'}]], greedy='LONGEST')\n",
        "m(nlp(c))",
        "LONGEST",
        "FIRST",
    ),
    "an extension, by getattr": (
        "import spacy\nfrom spacy.tokens import Doc\nnlp = spacy.blank('en')\nDoc.set_extension('bad', getter=lambda d: 'z' in d.text, force=True)\n",
        "getattr(nlp(c)._, 'bad')",
        "'z'",
        "'y'",
    ),
    "an extension in a pattern": (
        "import spacy\nfrom retrolabel import token_pattern\nfrom spacy.tokens import Token\nToken.set_extension('bad', getter=lambda t: t.text == 'z', force=True)\none = token_pattern(A, [[{'_': {'bad': True}}]], column='c')\n",
        "",
        "'z'",
        "'y'",
    ),
    "what a text carries": (
        "import spacy\nnlp = spacy.blank('en')\nd = nlp('x')\nd.user_data['w'] = 'z'\n",
        "c in d.user_data['w']",
        "'z'",
        "'y'",
    ),
}


@pytest.mark.parametrize("what", LIBRARIES_HOLD)
def test_what_objects_of_libraries_hold_counts(project, what):
    before, used, old, new = LIBRARIES_HOLD[what]
    assert changes(project, {LFS: before + (f"{ONE}{used}\n" if used else "")}, LFS, old, new)
