"""What a key cannot see is refused with its line, unless the author says version=."""

# ruff: noqa: E501 - a program of a few statements reads best on one line

from __future__ import annotations

import gc
import sys
import warnings

import pytest

from retrolabel.discovery.folders import discover
from retrolabel.errors import DiscoveryError

SCHEMA = (
    "from retrolabel import Label, LabelSchema\n"
    'A, B = Label("a"), Label("b")\n'
    'SCHEMA = LabelSchema(task="mood", version="1.0.0", labels=[A, B])\n'
)
HEAD = (
    "from labeling_functions.mood.schema.v1 import A, B\nfrom retrolabel import feature, labeling_function, resource\n"
)
FIRST = 3
"""The line after the head."""


@pytest.fixture
def root(tmp_path):
    base = tmp_path / "project"
    for name, text in {"__init__.py": "", "mood/__init__.py": "", "mood/schema/v1.py": SCHEMA}.items():
        path = base / "labeling_functions" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (base / "labeling_functions/mood/schema/__init__.py").touch()
    yield base
    for name in [name for name in sys.modules if name.partition(".")[0] == "labeling_functions"]:
        del sys.modules[name]
    with warnings.catch_warnings(action="ignore"):
        gc.collect()  # a file that a case leaves open is not to be found in the next test


def problems(root, text):
    (root / "labeling_functions/mood/lfs.py").write_text(HEAD + text)
    try:
        discover(root, "mood")
    except DiscoveryError as error:
        return error.problems
    return ()


def in_body(line, before=""):
    return f"{before}@labeling_function(A)\ndef one(c):\n    {line}\n"


# what is said -> (what stands before, the line, what the message says)
REFUSED = {
    "eval": ("", "return eval(c)", "eval fetches or runs code"),
    "exec": ("", "return exec(c)", "exec fetches or runs code"),
    "compile": ("", "return compile(c, '', 'eval')", "compile fetches or runs code"),
    "__import__": ("", "return __import__('json')", "__import__ fetches or runs code"),
    "globals": ("", "return globals()[c]", "globals fetches or runs code"),
    "import_module": ("import importlib\n", "return importlib.import_module(c)", "importlib.import_module fetches"),
    "import_module, imported in the body": ("", "from importlib import import_module as i; return i(c)", "fetches"),
    "sys.modules": ("import sys\n", "return sys.modules[c]", "sys.modules fetches"),
    "pickle": ("import pickle\n", "return pickle.loads(c)", "pickle.loads fetches"),
    "open": ("", "return open(c).read()", "open reads what lies on the disk"),
    "open under another name": ("import io\n", "return io.open(c).read()", "open reads"),
    "read_text": ("from pathlib import Path\n", "return Path(c).read_text()", ".read_text() reads"),
    "read_text of a path made there": (
        "from pathlib import Path\n",
        "return Path(__file__).with_name('w.txt').read_text()",
        ".read_text() reads",
    ),
    "read_csv": ("import pandas as pd\n", "return pd.read_csv(c)", "pandas.read_csv reads"),
    "os.path.exists": ("import os\n", "return os.path.exists(c)", "os.path.exists reads"),
    "os.listdir": ("import os\n", "return os.listdir(c)", "os.listdir depends on the machine"),
    "a resource whose name is made": ("", "return resource(c + '.txt').read_text()", "made at run time"),
    "a resource that is handed over": ("", "return list(map(resource, [c]))", "made at run time"),
    "a path outside of the project": (
        "from pathlib import Path\nP = Path('/etc/hostname')\n",
        "return P.read_text()",
        "lies outside of the project",
    ),
    "the whole project": (
        "from pathlib import Path\nP = Path(__file__).parents[2]\n",
        "return (P / c).read_text()",
        "is the whole project",
    ),
    "a global that is set": ("N = 0\n", "global N; N = c", "changes the global N"),
    "a nonlocal that is set": (
        "",
        "return count(c)",
        "changes n, which is kept between calls",
    ),
    "an entry of a global": ("SEEN = {}\n", "SEEN[c] = 1", "sets an entry of SEEN"),
    "an entry of a global that is raised": ("SEEN = {}\n", "SEEN[c] += 1", "sets an entry of SEEN"),
    "a list that grows": ("SEEN = []\n", "SEEN.append(c)", "SEEN.append(...) changes what is kept"),
    "an attribute of a class": ("class P:\n    n = 0\n", "P.n = c", "sets P.n"),
    "an attribute of a class that is raised": ("class P:\n    n = 0\n", "P.n += 1", "sets P.n"),
    "an attribute of a module": ("import json\n", "json.mine = c", "sets json.mine"),
    "time.time": ("import time\n", "return time.time() > c", "time.time depends on the clock"),
    "time, from": ("from time import time as now\n", "return now() > c", "time.time depends on the clock"),
    "time, imported in the body": ("", "import time; return time.monotonic() > c", "time.monotonic depends"),
    "time, under another name": ("import time\n", "t = time; return t.time() > c", "time.time depends on the clock"),
    "time, as a default": ("import time\ndef f(c, now=time.time):\n    return now() > c\n", "return f(c)", "time.time"),
    "time, in a dict": ("import time\nT = {'now': time.time}\n", "return T['now']() > c", "time.time depends"),
    "datetime.now": (
        "from datetime import datetime\n",
        "return datetime.now() > c",
        "datetime.now depends on the clock",
    ),
    "datetime.now, by its module": ("import datetime as d\n", "return d.datetime.now() > c", "datetime.now depends"),
    "datetime.utcnow": ("from datetime import datetime\n", "return datetime.utcnow() > c", "depends on the clock"),
    "date.today": ("from datetime import date\n", "return date.today() > c", "date.today depends on the clock"),
    "date.today, held": ("from datetime import date\nf = date.today\n", "return f() > c", "date.today depends"),
    "date.today, of a local": ("from datetime import date\n", "d = date; return d.today() > c", "date.today depends"),
    "Timestamp.now": ("import pandas as pd\n", "return pd.Timestamp.now() > c", "Timestamp.now depends on the clock"),
    "random": ("import random\n", "return random.random() > c", "random.random depends on chance"),
    "random, from": ("from random import choice\n", "return choice(c)", "depends on chance"),
    "a generator without a seed": ("import random\n", "return random.Random().random()", "without a seed"),
    "a generator that goes on": ("import random\nR = random.Random(0)\n", "return R.random() > c", "goes on from call"),
    "numpy's generator that goes on": (
        "import numpy as np\nR = np.random.default_rng(0)\n",
        "return R.random() > c",
        "goes on from call",
    ),
    "numpy.random": ("import numpy as np\n", "return np.random.rand() > c", "depends on chance"),
    "secrets": ("import secrets\n", "return secrets.token_hex()", "depends on chance"),
    "uuid4": ("import uuid\n", "return uuid.uuid4()", "uuid.uuid4 depends on chance"),
    "requests": ("import requests\n", "return requests.get(c)", "requests.get asks the network"),
    "urllib": ("from urllib.request import urlopen\n", "return urlopen(c)", "asks the network"),
    "urllib, by its module": ("import urllib.request\n", "return urllib.request.urlopen(c)", "asks the network"),
    "a network package imported in the body": ("", "import httpx; return httpx.get(c)", "httpx.get asks the network"),
    "a network package that is not installed": ("", "from openai import OpenAI; return OpenAI()", "asks the network"),
    "socket": ("import socket\n", "return socket.socket()", "asks the network"),
    "subprocess": ("import subprocess\n", "return subprocess.run(c)", "subprocess.run depends on the machine"),
    "os.environ": ("import os\n", "return os.environ['X']", "os.environ depends on the machine"),
    "os.environ, from": ("from os import environ\n", "return environ['X']", "depends on the machine"),
    "os.getenv": ("import os\n", "return os.getenv('X')", "os.getenv depends on the machine"),
    "sys.argv": ("import sys\n", "return sys.argv", "sys.argv depends on the machine"),
    "input": ("", "return input()", "input depends on the machine"),
    "hash": ("", "return hash(c) % 2", "hash differs from one run"),
    "id": ("", "return id(c) % 2", "id depends on the machine"),
    "getattr of a module of the library": ("import time\n", "return getattr(time, c)()", "time as a whole"),
    "get_type_hints": ("import typing\n", "return typing.get_type_hints(c)", "reads what a key leaves out"),
    "inspect": ("import inspect\n", "return inspect.getsource(c)", "reads what a key leaves out"),
    "a spaCy model by a name": ("import spacy\n", "return spacy.load(c)", "named at run time"),
    "a spaCy model that is no package": ("import spacy\n", "return spacy.load('/tmp/model')", "cannot be told"),
    "an iterator": ("I = iter([1, 2])\n", "return next(I)", "used up by the first call"),
    "a generator of the module": ("I = (n for n in [1])\n", "return next(I)", "used up by the first call"),
    "a way out of a resource": ("", "return resource('lfs.py').with_name(c).read_text()", ".with_name leads away"),
    "today, of a subclass": (
        "from datetime import date\nclass D(date):\n    pass\n",
        "return D.today() > c",
        "date.today depends on the clock",
    ),
    "the store": ("import retrolabel\n", "return retrolabel.open().votes('mood')", "reads what lies on the disk"),
    "a generator in a dict": (
        "import random\nR = {1: random.Random(0)}\n",
        "return R[1].random()",
        "goes on from call",
    ),
    "a generator of an object": (
        "import random\nclass P:\n    def __init__(self):\n        self.r = random.Random(0)\np = P()\n",
        "return p.r.random()",
        "goes on from call",
    ),
    "subclasses of what is handed over": (
        "class P:\n    pass\n",
        "f = lambda k: k.__subclasses__(); return f(P)",
        ".__subclasses__ of what is not known",
    ),
    "subclasses, by another way": ("class P:\n    pass\n", "return type.__subclasses__(P)", "is not known before"),
    "docstrings of what is in a list": ("R = [len]\n", "return [f.__doc__ for f in R]", ".__doc__ of what is not"),
    "annotations of what is in a list": ("R = [len]\n", "return [f.__annotations__ for f in R]", ".__annotations__ of"),
    "a file that is open": ("F = open(__file__)\n", "return F.read()", "used up by the first call"),
}
NONLOCAL = "def make():\n    n = 0\n    def f(c):\n        nonlocal n\n        n += 1\n        return n\n    return f\ncount = make()\n"


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize("what", REFUSED)
def test_is_refused_with_its_line(root, what):
    before, line, said = REFUSED[what]
    before = NONLOCAL if what == "a nonlocal that is set" else before
    found = problems(root, in_body(line, before))
    assert any(said in problem.what for problem in found), found
    problem = next(problem for problem in found if said in problem.what)
    place = FIRST + before.count("\n") + 2
    expected = {
        "a nonlocal that is set": FIRST + 4,
        "time, as a default": FIRST + 1,
    }.get(what, place)
    assert problem.where == f"LF one (labeling_functions/mood/lfs.py:{expected})"
    assert problem.remedy
    assert "version=" in problem.remedy


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize("what", REFUSED)
def test_is_allowed_where_the_author_says_a_version(root, what):
    before, line, _ = REFUSED[what]
    before = NONLOCAL if what == "a nonlocal that is set" else before
    assert problems(root, in_body(line, before).replace("(A)", "(A, version='1')")) == ()


ALLOWED = {
    "a parameter called time": "def one(time):\n    return time.time() > 1\n",
    "a local called random": "def one(c):\n    random = c\n    return random.random()\n",
    "a method called open": "def one(c):\n    return c.open().read_text()\n",
    "a global called open": "def one(c):\n    return c in opened\n",
    "timedelta": "def one(c):\n    from datetime import timedelta, datetime\n    return timedelta(days=c) > datetime.max - c\n",
    "strptime": "def one(c):\n    from datetime import datetime\n    return isinstance(datetime.strptime(c, '%Y'), datetime)\n",
    "a seeded generator": "def one(c):\n    import random\n    return random.Random(len(c)).random() > 0.5\n",
    "numpy's seeded generator": (
        "def one(c):\n    import numpy as np\n    return np.random.default_rng(len(c)).random() > 0.5\n"
    ),
    "urllib.parse": "def one(c):\n    from urllib.parse import urlparse\n    return urlparse(c).netloc\n",
    "os.path.join": "def one(c):\n    import os\n    return os.path.join(c, os.sep)\n",
    "a pure path": "def one(c):\n    from pathlib import PurePath\n    return PurePath(c).suffix == '.py'\n",
    "a path that is only looked at": "def one(c):\n    from pathlib import Path\n    return Path(c).suffix == '.py'\n",
    "an entry of a local": "def one(c):\n    seen = {}\n    seen[c] = 1\n    seen[c] += 1\n    return seen\n",
    "a list of a local": "def one(c):\n    seen = []\n    seen.append(c)\n    return seen\n",
    "an attribute of a local": "def one(c):\n    p = Made()\n    p.n = c\n    return p.n\n",
    "a nonlocal within the call": (
        "def one(c):\n    n = 0\n    def f():\n        nonlocal n\n        n += 1\n    f()\n    return n\n"
    ),
    "a class with a hash": "def one(c):\n    return {Made(): 1}\n",
    "locals": "def one(c):\n    return '{c}'.format(**locals())\n",
    "logging": "def one(c):\n    log.debug('x')\n    return c\n",
    "json": "def one(c):\n    import json\n    return json.loads(c)\n",
    "regular expressions": "def one(c):\n    import re\n    return re.search('x', c)\n",
    "warnings and print": "def one(c):\n    import warnings\n    warnings.warn('x')\n    print(c)\n    return c\n",
    "a cached helper": "def one(c):\n    return kept(c)\n",
    "numpy": "def one(c):\n    import numpy as np\n    return np.mean(c) > np.pi\n",
    "a type": "def one(c):\n    return isinstance(c, (int, str)) and type(c) is int\n",
    "exceptions": "def one(c):\n    try:\n        return int(c)\n    except (ValueError, Wrong) as error:\n        raise Wrong from error\n",
    "a name that is nothing": "def one(c):\n    return nothing(c)\n",
    "an abstract class": "def one(c):\n    return isinstance(c, Shape)\n",
    "a module that is not installed": (
        "def one(c):\n    try:\n        import no_such_module\n    except ImportError:\n        return False\n"
        "    return no_such_module.f(c)\n"
    ),
}
BEFORE = """
import abc, functools, logging
opened = ["x"]
log = logging.getLogger(__name__)


class Made:
    def __hash__(self):
        return hash("x")


class Wrong(Exception):
    pass


class Shape(abc.ABC):
    @abc.abstractmethod
    def area(self):
        ...


@functools.lru_cache(maxsize=10)
def kept(c):
    return c


"""


@pytest.mark.parametrize("what", ALLOWED)
def test_is_not_refused(root, what):
    assert problems(root, BEFORE + "@labeling_function(A)\n" + ALLOWED[what]) == ()


def test_all_that_is_wrong_with_a_task_is_told_at_once_with_the_functions_that_reach_it(root):
    (root / "labeling_functions/mood/helpers.py").write_text("import time\n\ndef f(c):\n    return time.time() > c\n")
    lfs = "".join(f"@labeling_function(A)\ndef lf{n}(c):\n    return f(c)\n" for n in range(5))
    found = problems(
        root, "from .helpers import f\n" + lfs + "@labeling_function(A)\ndef other(c):\n    return hash(c)\n"
    )
    assert [problem.where for problem in found] == [
        "LF lf0, lf1, lf2 and 2 more (labeling_functions/mood/helpers.py:4)",
        f"LF other (labeling_functions/mood/lfs.py:{FIRST + 18})",
    ]


def test_a_version_of_a_feature_answers_for_what_the_feature_reaches(root):
    text = "import time\n@feature({})\ndef late(c):\n    return time.time()\n@labeling_function(A)\ndef one(late):\n    return late\n"
    assert "time.time" in problems(root, text.format(""))[0].what
    assert problems(root, text.format("version='1'")) == ()
    again = "import time\n@feature(version='1')\ndef late(c):\n    return now()\ndef now():\n    return time.time()\n"
    both = again + "@labeling_function(A)\ndef one(late):\n    return late > now()\n"
    assert "time.time" in problems(root, both)[0].what


def test_a_version_does_not_help_where_a_resource_is_missing(root):
    text = "@labeling_function(A, version='1')\ndef one(c):\n    return resource('none.txt').read_text()\n"
    (problem,) = problems(root, text)
    assert problem.where == f"LF one (labeling_functions/mood/lfs.py:{FIRST + 2})"
    assert "There is no file 'none.txt' in " in problem.what
    assert "labeling_functions/mood/resources" in problem.what


def test_what_can_be_seen_still_counts_under_a_version(root):
    def key(n):
        text = f"import time\nN = {n}\n@labeling_function(A, version='1')\ndef one(c):\n    return time.time() > N\n"
        (root / "labeling_functions/mood/lfs.py").write_text(HEAD + text)
        return discover(root, "mood").keys["one"]

    assert key(1) == key(1) != key(2)


def test_a_path_that_one_function_makes_and_another_reads_is_refused_where_it_is_read(root):
    text = "from pathlib import Path\ndef make(c):\n    return Path(c)\n" + in_body("return make(c).read_text()")
    (problem,) = problems(root, text)
    assert problem.where == f"LF one (labeling_functions/mood/lfs.py:{FIRST + 5})"
    assert ".read_text() reads what lies on the disk" in problem.what


def test_now_of_a_class_that_is_a_default_is_refused(root):
    text = "from datetime import datetime\ndef f(c, d=datetime):\n    return d.now() > c\n" + in_body("return f(c)")
    (problem,) = problems(root, text)
    assert problem.where == f"LF one (labeling_functions/mood/lfs.py:{FIRST + 2})"


BEFORE_LIBRARIES = """
import ast, attrs, functools, inspect, mimetypes, os, pydantic, secrets, sys, time
import numpy as np
import scipy.stats
from pathlib import Path
from scipy.stats import norm


@attrs.define
class Point:
    x: int = 1
    words: list = attrs.field(factory=lambda: ["x"])


@attrs.frozen
class Frozen:
    x: int = attrs.field(default=1, validator=attrs.validators.instance_of(int), converter=int)


@pydantic.validate_call
def checked(n: int) -> int:
    return n + 1


by_length = functools.cmp_to_key(lambda a, b: len(a) - len(b))
"""
ALLOWED_OF_LIBRARIES = {
    "classes of attrs": "Point(c) == Point(1) or Frozen(c) == Frozen(1)",
    "an object of a class of attrs": "checked(c) > Point().x",
    "a checked function": "checked(c) > 1",
    "print to stderr": "print(c, file=sys.stderr)",
    "sys.stdout.write": "sys.stdout.write(c) > 1",
    "a distribution": "norm.cdf(c) > 0.5 or scipy.stats.norm.pdf(c)",
    "ast.walk where a path is looked at": "[*ast.walk(ast.parse(c))] and Path(c).suffix == '.py'",
    "strftime of a given time": "time.strftime('%Y', time.gmtime(c)) == '2020'",
    "RandomState with a seed": "np.random.RandomState(0).rand() > 0.5",
    "os.name": "os.name == c",
    "the signature of a function": "'x' in inspect.signature(checked).parameters",
    "cmp_to_key": "sorted(c, key=by_length)",
    "compare_digest": "secrets.compare_digest(c, 'x')",
    "mimetypes": "mimetypes.guess_type(c)[0] == 'text/plain'",
}


@pytest.mark.parametrize("what", ALLOWED_OF_LIBRARIES)
def test_what_libraries_make_is_not_refused(root, what):
    assert problems(root, BEFORE_LIBRARIES + in_body(f"return {ALLOWED_OF_LIBRARIES[what]}")) == ()


READERS = {
    "a folder above, by a helper": ("(up(H) / 'b.txt').read_text()", ".parent may lead away"),
    "a folder above, by a lambda": ("(lambda d: (d.parent / 'b.txt').read_text())(H)", ".parent may lead away"),
    "dots": ("open(D / '..' / 'b.txt').read()", '".." may lead away'),
    "a folder above, by a pattern": ("[p.name for p in D.glob('../*.txt')]", ".glob() reads"),
    "dots in a text": ("open(f'{D}/../b.txt').read()", "reads what lies on the disk"),
    "a path in a text": ("open(f'{D}b.txt').read()", "reads what lies on the disk"),
    "configparser": ("configparser.ConfigParser().read(P)", "configparser.ConfigParser reads"),
    "etree": ("ET.parse(P)", "parse reads"),
    "exists": ("exists(P)", "os.path.exists reads"),
    "read_fwf": ("pd.read_fwf(P)", "read_fwf reads"),
    "ExcelFile": ("pd.ExcelFile(P)", "ExcelFile reads"),
    "joblib": ("jload(P)", "load reads"),
    "ParquetFile": ("pq.ParquetFile(P)", "ParquetFile reads"),
    "read_table": ("read_table(P)", "read_table reads"),
    "load_files": ("load_files(P)", "load_files reads"),
    "from_disk": ("nlp.from_disk(P)", ".from_disk() reads"),
    "load_model": ("spacy.util.load_model(P)", "load_model reads"),
    "rvs": ("norm.rvs()", "rvs depends on chance"),
}
BEFORE_READERS = """
import configparser, xml.etree.ElementTree as ET, pandas as pd, pyarrow.parquet as pq, spacy
from os.path import exists
from pathlib import Path
from joblib import load as jload
from pyarrow.parquet import read_table
from scipy.stats import norm
from sklearn.datasets import load_files
H = Path(__file__).parent / "a.txt"
D = H.parent
P = str(H)
nlp = spacy.blank("en")
def up(p):
    return p.parent
"""


@pytest.mark.parametrize("what", READERS)
def test_what_reads_files_is_refused(root, what):
    line, said = READERS[what]
    found = problems(root, BEFORE_READERS + in_body(f"return {line}"))
    assert any(said in problem.what for problem in found), found


def test_what_cannot_be_looked_at_is_refused_with_its_line_and_a_remedy(root):
    text = "import spacy\nnlp = spacy.blank('en')\nnlp.tokenizer.token_match = lambda t: None\n" + in_body(
        "return nlp(c)"
    )
    (problem,) = problems(root, text)
    assert problem.where == f"LF one (labeling_functions/mood/lfs.py:{FIRST + 5})"
    assert "cannot be looked at (AttributeError" in problem.what
    assert "version=" in problem.remedy
    assert problems(root, text.replace("(A)", "(A, version='1')")) == ()


def test_an_object_that_raises_when_it_is_looked_at_is_told_with_the_kind_of_the_error(root):
    before = "class Shy:\n    def __getattribute__(self, name):\n        raise LookupError('not here')\nshy = Shy()\n"
    said = [problem.what for problem in problems(root, before + in_body("return shy"))]
    assert "shy cannot be looked at (LookupError: not here)" in said


def test_a_chain_of_objects_without_end_is_told_with_the_function(root):
    before = "class N:\n    def __init__(self, n):\n        self.n = n\nh = None\nfor _ in range(3000):\n    h = N(h)\n"
    (problem,) = problems(root, before + in_body("return h.n"))
    assert problem.where.startswith("LF one (labeling_functions/mood/lfs.py:")
    assert "a chain of objects that is too long" in problem.what
