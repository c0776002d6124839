"""What a key cannot see: the clock, chance, the network, files and the machine, by name, with what helps."""

from __future__ import annotations

from dataclasses import dataclass

BY_VERSION = 'or say version="1" in the decorator and raise it whenever that changes'


@dataclass(frozen=True)
class Unseen:
    """Why something cannot be part of a key.

    Attributes:
        why: What it depends on, after the name of what was reached.
        remedy: What helps.
    """

    why: str
    remedy: str


CLOCK = Unseen("depends on the clock", f"take the time from a column, as created_at, {BY_VERSION}")
CHANCE = Unseen(
    "depends on chance", f"make a generator with a fixed seed in the function, as random.Random(0), {BY_VERSION}"
)
NETWORK = Unseen("asks the network", f"ingest what it answers as a column, {BY_VERSION}")
FILES = Unseen(
    "reads what lies on the disk when it is called",
    f'put the file beside the module in resources/ and read resource("name.txt"), {BY_VERSION}',
)
MACHINE = Unseen("depends on the machine that it runs on", f"write it as a constant in the module, {BY_VERSION}")
CODE = Unseen("fetches or runs code that cannot be seen beforehand", f"import it, or write it out, {BY_VERSION}")
STATE = Unseen("", f"let votes depend on the item alone (functools.cache keeps results that do), {BY_VERSION}")
SEED = Unseen("differs from one run of Python to the next", f"use hashlib or zlib.crc32, {BY_VERSION}")
ELSEWHERE = Unseen("reads what a key leaves out, as docstrings, annotations or the caller", f"do without, {BY_VERSION}")

NAMES: dict[str, Unseen] = {
    **dict.fromkeys(
        [
            "datetime.datetime.now",
            "datetime.datetime.utcnow",
            "datetime.datetime.today",
            "datetime.date.today",
            "pandas.Timestamp.now",
            "pandas.Timestamp.today",
            "pandas.Timestamp.utcnow",
            "pandas._libs.tslibs.timestamps.Timestamp.now",
            "pandas._libs.tslibs.timestamps.Timestamp.today",
            "pandas._libs.tslibs.timestamps.Timestamp.utcnow",
        ],
        CLOCK,
    ),
    **dict.fromkeys(
        ["random", "secrets", "numpy.random", "uuid.uuid1", "uuid.uuid4", "os.urandom", "os.getrandom", "torch.rand",
         "torch.randn", "torch.randint", "torch.randperm", "torch.manual_seed", "random.SystemRandom"],
        CHANCE,
    ),
    **dict.fromkeys(
        [
            "socket", "ssl", "http.client", "http.server", "urllib.request", "urllib3", "requests", "httpx", "aiohttp",
            "ftplib", "smtplib", "poplib", "imaplib", "xmlrpc", "socketserver", "webbrowser", "websockets", "grpc",
            "openai", "anthropic", "cohere", "mistralai", "google.generativeai", "google.genai", "litellm", "ollama",
            "boto3", "botocore", "huggingface_hub", "transformers.pipeline", "datasets.load_dataset",
            "gensim.downloader",
            "torch.hub", "psycopg", "psycopg2", "pymongo", "redis", "sqlalchemy", "pymysql", "elasticsearch", "mlflow",
            "asyncio.open_connection", "asyncio.start_server", "selenium", "playwright", "nltk.download",
        ],
        NETWORK,
    ),
    **dict.fromkeys(
        [
            "builtins.open", "io.open", "_io.open", "io.FileIO", "_io.FileIO", "io.open_code", "codecs.open",
            "gzip.open",
            "gzip.GzipFile", "bz2.open", "bz2.BZ2File", "lzma.open", "lzma.LZMAFile", "zipfile", "tarfile", "tempfile",
            "shutil", "glob", "fileinput", "linecache", "shelve", "dbm", "mmap", "sqlite3", "filecmp", "tokenize.open",
            "importlib.resources", "pkgutil.get_data", "runpy", "pandas.read_csv", "pandas.read_json",
            "pandas.read_excel",
            "pandas.read_parquet", "pandas.read_pickle", "pandas.read_table", "pandas.read_sql", "pandas.read_feather",
            "pandas.read_html", "pandas.read_xml", "numpy.load", "numpy.loadtxt", "numpy.genfromtxt", "numpy.fromfile",
            "numpy.memmap", "joblib.load", "torch.load", "pyarrow.parquet.read_table", "pyarrow.csv.read_csv",
            "nltk.corpus", "nltk.data", "polars.read_csv", "polars.read_parquet", "fsspec",
            "configparser", "xml.etree.ElementTree.parse", "xml.etree.ElementTree.iterparse",
            "xml.etree.ElementTree.ElementTree", "xml.dom.minidom.parse", "xml.sax.parse", "lxml.etree.parse",
            "lxml.html.parse", "pyarrow.dataset", "pyarrow._dataset", "pyarrow.fs", "pyarrow._fs", "PIL.Image.open",
            "cv2.imread", "h5py.File", "openpyxl.load_workbook", "sklearn.datasets.load_files",
            "sklearn.datasets._base.load_files", "fasttext.load_model",
        ],
        FILES,
    ),
    **dict.fromkeys(
        ["sys.argv", "sys.path", "sys.stdin", "sys.flags", "platform", "getpass", "pwd", "grp", "locale",
         "builtins.input",
         "builtins.id", "multiprocessing", "subprocess", "signal", "resource", "gc", "threading.get_ident",
         "threading.current_thread", "ctypes", "concurrent.futures.process"],
        MACHINE,
    ),
    **dict.fromkeys(
        ["builtins.eval", "builtins.exec", "builtins.compile", "builtins.__import__", "builtins.globals",
         "builtins.breakpoint", "sys.modules", "sys.meta_path", "sys.path_hooks", "importlib", "pkgutil", "imp", "code",
         "codeop", "pickle.load", "pickle.loads", "pickle.Unpickler", "_pickle.load", "_pickle.loads",
         "_pickle.Unpickler", "marshal", "dill", "cloudpickle", "pydoc", "types.FunctionType", "types.CodeType",
         "builtins.function", "builtins.code"],
        CODE,
    ),
    "builtins.hash": SEED,
    **dict.fromkeys(
        ["inspect", "sys._getframe", "sys._current_frames", "traceback", "typing.get_type_hints", "dis",
         "ast.get_docstring"],
        ELSEWHERE,
    ),
}  # fmt: skip
"""What is refused: a name, with all that is below it."""

ALLOWED = {
    "time.sleep", "time.strptime", "time.struct_time", "random.Random", "numpy.random.default_rng",
    "numpy.random.RandomState", "numpy.random.Generator", "inspect.isfunction", "inspect.isclass", "inspect.cleandoc",
    "os.path", "os.sep", "os.linesep", "os.fspath", "os.PathLike", "os.pathsep", "os.fsencode", "os.fsdecode",
    "os.altsep", "os.extsep", "os.curdir", "os.pardir", "traceback.format_exc", "traceback.format_exception",
    "traceback.print_exc", "multiprocessing.Lock", "numpy.random.mtrand.RandomState", "inspect.signature", "os.name",
    "secrets.compare_digest",
}  # fmt: skip
"""What is allowed of modules that are refused as a whole."""

ON_DISK = {
    "exists", "isfile", "isdir", "islink", "getsize", "getmtime", "getctime", "getatime", "realpath", "abspath",
    "expanduser", "expandvars", "samefile", "lexists", "ismount", "relpath",
}  # fmt: skip
"""What ``os.path`` asks the disk or the machine for."""

SEEDED = (
    "time.gmtime",
    "time.strftime",
    "numpy.random.mtrand.RandomState",
    "random.Random",
    "numpy.random.default_rng",
    "numpy.random.RandomState",
    "numpy.random.Generator",
)
"""Generators that are reproducible if they are made with a seed."""

READS_PATH = {
    "read_text", "read_bytes", "open", "iterdir", "glob", "rglob", "walk", "exists", "is_file", "is_dir", "stat",
    "lstat", "owner", "resolve", "expanduser", "absolute", "samefile", "write_text", "write_bytes", "mkdir", "touch",
    "unlink",
}  # fmt: skip
"""The methods of a path that go to the disk."""

CHANGES_CONTAINER = {
    "append", "extend", "insert", "add", "update", "setdefault", "pop", "popitem", "remove", "discard", "clear",
    "sort", "reverse", "appendleft", "popleft", "extendleft", "rotate", "subtract", "move_to_end",
    "intersection_update", "difference_update", "symmetric_difference_update", "__setitem__", "__delitem__",
}  # fmt: skip
"""The methods by which a container changes."""

READERS = {
    **dict.fromkeys(("pandas", "polars", "pyarrow", "geopandas", "dask", "modin"), (
        ("read_", "scan_", "open_"),
        {"ExcelFile", "HDFStore", "ParquetFile", "ParquetDataset", "memory_map", "OSFile", "MemoryMappedFile"},
    )),
    **dict.fromkeys(("numpy", "joblib", "torch"), (
        (), {"load", "loadtxt", "genfromtxt", "fromfile", "memmap", "NpzFile", "from_file"},
    )),
    "spacy": (("load_model",), {"from_disk"}),
    "sklearn": (("fetch_", "load_svmlight_"), set()),
}  # fmt: skip
"""Package -> how the names of what reads files in it start, and what else is called so, in whichever module."""
SAME = {"genericpath": "os.path",
        "posix": "os", "nt": "os", "posixpath": "os.path", "ntpath": "os.path", "_random": "random",
        "_socket": "socket",
        "_ssl": "ssl", "_pickle": "pickle", "_operator": "operator", "_functools": "functools"}  # fmt: skip
"""The modules in which C code says that it lives."""


def unseen(name: str) -> Unseen | None:
    """Return why a thing cannot be part of a key; ``None`` where it can.

    Args:
        name: Its module and name, as ``datetime.date.today``.

    Example:
        >>> unseen("datetime.date.today").why, unseen("datetime.date"), unseen("json.dumps")
        ('depends on the clock', None, None)
    """
    name = one_name(name)
    parts = name.split(".")
    heads = [".".join(parts[:length]) for length in range(len(parts), 0, -1)]
    if parts[:2] == ["os", "path"]:
        return FILES if len(parts) > 2 and parts[2] in ON_DISK else None  # noqa: PLR2004 - os.path.x
    if any(head in ALLOWED for head in heads):
        return None
    if parts[0] == "time" and len(parts) > 1:
        return CLOCK
    if parts[0] == "os" and len(parts) > 1:
        return MACHINE
    starts, names = READERS.get(parts[0], ((), set()))
    if len(parts) > 1 and (parts[-1].startswith(starts) or parts[-1] in names):
        return FILES
    if parts[0] == "scipy" and parts[-1] == "rvs":
        return CHANCE
    return next((NAMES[head] for head in heads if head in NAMES), None)


def unseen_in_module(name: str) -> Unseen | None:
    """Return why a module of the standard library cannot be handed over as a whole."""
    name = one_name(name)
    if name == "time":
        return CLOCK
    if name == "os":
        return MACHINE
    return unseen(name) or next((why for known, why in NAMES.items() if known.startswith(f"{name}.")), None)


def one_name(name: str) -> str:
    """Return the name by which people know what lives in a module of the interpreter's own."""
    module, dot, rest = name.partition(".")
    return SAME.get(module, module) + dot + rest
