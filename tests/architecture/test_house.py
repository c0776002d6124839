"""The house: floors, a cheap front door, a public face that resolves, tables that migrations make."""

from __future__ import annotations

import ast
import importlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

import retrolabel

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "src"
HOUSE = SOURCES / "retrolabel"
PURE = (
    "masking.py",
    "errors.py",
    "votes.py",
    "schema",
    "labeling",
    "label_models",
    "end_models",
    "gold",
    "routing",
    "simulation",
    "analysis",
)
HEAVY = {"torch", "spacy", "mlflow", "snorkel", "pandas", "pyarrow", "sqlalchemy", "sklearn", "scipy", "numpy"}
NOT_FOR_HELP = HEAVY | {"alembic"}


def modules_after(code: str) -> set[str]:
    """Return the top-level packages that are imported once a program has run."""
    program = (
        f"{code}\nimport sys, json\nprint('\\n' + json.dumps(sorted({{n.partition('.')[0] for n in sys.modules}})))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": str(SOURCES)},
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_importing_retrolabel_imports_nothing_heavy():
    assert modules_after("import retrolabel") & NOT_FOR_HELP == set()


@pytest.mark.parametrize(
    "words",
    [
        ["--help"],
        ["relabel", "--help"],
        ["--version"],
        ["labels", "export", "--help"],
        ["gold", "sample", "--help"],
        ["gold", "export", "--help"],
        ["gold", "effect", "--help"],
        ["gold", "diagnose", "--help"],
        ["gold", "people", "--help"],
        ["drift", "--help"],
        ["train", "--help"],
    ],
)
def test_help_imports_nothing_heavy(words):
    code = (
        f"import sys; sys.argv = ['retrolabel', *{words!r}]\n"
        "from retrolabel.cli.main import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass"
    )
    assert modules_after(code) & NOT_FOR_HELP == set()


def test_labelling_without_tracking_imports_neither_mlflow_nor_snorkel_nor_spacy():
    loaded = modules_after(
        "import retrolabel; retrolabel.Workspace; retrolabel.LabelModel; retrolabel.SnorkelLabelModel"
    )
    assert loaded & {"mlflow", "snorkel", "spacy", "torch", "sklearn"} == set()


LOOKS_WITHOUT = {
    "numpy", "pandas", "pyarrow", "alembic", "scipy", "sklearn", "spacy", "mlflow", "altair", "torch", "fsspec",
}  # fmt: skip


@pytest.fixture(scope="module")
def labelled(tmp_path_factory):
    """A project whose items are labelled, with a labeling function that does not import any more."""
    folder = tmp_path_factory.mktemp("labelled") / "helpdesk"
    made = (
        f"import retrolabel, pathlib, sys; sys.argv = ['retrolabel', 'init', {str(folder)!r}]\n"
        "from retrolabel.cli.main import main\n"
        "try:\n    main()\nexcept SystemExit as done:\n    assert not done.code\n"
        f"folder = pathlib.Path({str(folder)!r})\n"
        "(folder / 'f.csv').write_text('item_id,comment\\n1,Thank you\\n2,this is wrong\\n')\n"
        "(folder / 'g.csv').write_text('item_id,label\\n1,good\\n2,bad\\n')\n"
        "ws = retrolabel.open(folder); ws.feedback.ingest(folder / 'f.csv', 'web')\n"
        "task = ws.task('helpfulness'); task.gold.import_file(folder / 'g.csv', 'web', role='dev')\n"
        "task.relabel(tracking=False)\n"
        "(folder / 'labeling_functions/helpfulness/broken.py').write_text('import no_such_package\\n')\n"
    )
    modules_after(made)
    return folder


@pytest.mark.parametrize(
    "words",
    [
        ["labels", "list"],
        ["labels", "list", "helpfulness", "--json"],
        ["gold", "list"],
        ["gold", "list", "helpfulness"],
        ["schema", "history", "helpfulness"],
        ["schema", "heads", "helpfulness"],
    ],
)
def test_commands_that_look_import_nothing_heavy_and_no_labeling_function_is_in_the_way(words, labelled):
    code = (
        f"import os, sys; os.chdir({str(labelled)!r}); sys.argv = ['retrolabel', *{words!r}]\n"
        "from retrolabel.cli.main import main\n"
        "try:\n    main()\nexcept SystemExit as done:\n    assert not done.code, done.code"
    )
    assert modules_after(code) & LOOKS_WITHOUT == set()


@pytest.mark.parametrize(
    "asked", ["", ".task('helpfulness')", ".task('helpfulness').history", ".task('helpfulness').label_sets()"]
)
def test_opening_a_project_and_taking_a_task_in_the_hand_imports_nothing_heavy(asked, labelled):
    code = f"import retrolabel; print(repr(retrolabel.open({str(labelled)!r}){asked}))"
    assert modules_after(code) & LOOKS_WITHOUT == set()


def test_every_public_name_resolves_and_is_listed():
    for name in retrolabel.__all__:
        assert getattr(retrolabel, name) is not None
    assert set(dir(retrolabel)) >= set(retrolabel.__all__)
    assert len(set(retrolabel.__all__)) == len(retrolabel.__all__)


def test_every_public_name_is_told_to_type_checkers_from_the_same_home():
    tree = ast.parse((HOUSE / "__init__.py").read_text(encoding="utf-8"))
    typed = {}
    for node in tree.body:
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            for found in ast.walk(node):
                if isinstance(found, ast.ImportFrom):
                    typed |= {alias.asname or alias.name: (found.module, alias.name) for alias in found.names}
    public = set(retrolabel.__all__) - {"__version__"}
    assert set(typed) == public
    for name, (module, attribute) in typed.items():
        assert getattr(importlib.import_module(module), attribute) is getattr(retrolabel, name)


def test_an_unknown_public_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="has no attribute 'Lable'"):
        _ = retrolabel.Lable


def pure_files() -> list[Path]:
    found = []
    for name in PURE:
        path = HOUSE / name
        found += [path] if path.suffix else sorted(path.rglob("*.py"))
    return found


BANNED_IMPORTS = {
    "os",
    "pathlib",
    "subprocess",
    "socket",
    "sqlite3",
    "shutil",
    "tempfile",
    "io",
    "urllib",
    "requests",
    "time",
}
PURE_PARTS = {"urllib.parse"}  # it takes text apart and reads nothing
BANNED_CALLS = {"open", "print", "input", "exec", "eval"}
BANNED_METHODS = {
    "read_text",
    "read_bytes",
    "write_text",
    "write_bytes",
    "read_csv",
    "read_parquet",
    "to_csv",
    "to_parquet",
    "savefig",
}
BANNED_CLOCKS = {"datetime.now", "datetime.utcnow", "date.today", "time.time"}
MEASURES = {"perf_counter"}


def faults(path: Path) -> list[str]:
    """Return what a file of floors 1 to 5 does that it should not."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [fault for node in ast.walk(tree) for fault in (*_imported(node, tree), *_called(node))]


def _imported(node: ast.AST, tree: ast.Module) -> list[str]:
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
        return [name for name in names if name.partition(".")[0] in BANNED_IMPORTS or name == "importlib.metadata"]
    if not isinstance(node, ast.ImportFrom):
        return []
    names, module = {alias.name for alias in node.names}, node.module or ""
    reads = module.partition(".")[0] in BANNED_IMPORTS and module not in PURE_PARTS
    if reads and not (module == "time" and names <= MEASURES):
        return [module]
    if module == "importlib.metadata" or (module == "importlib" and "metadata" in names):
        return ["importlib.metadata"]
    return ["datetime"] if module == "datetime" and not _only_typed(tree, node) else []


def _called(node: ast.AST) -> list[str]:
    if not isinstance(node, ast.Call):
        return []
    called = node.func
    if isinstance(called, ast.Name):
        return [f"{called.id}()"] if called.id in BANNED_CALLS else []
    if isinstance(called, ast.Attribute) and called.attr in BANNED_METHODS:
        return [f".{called.attr}()"]
    return [ast.unparse(called)] if ast.unparse(called) in BANNED_CLOCKS else []


def _only_typed(tree: ast.Module, wanted: ast.ImportFrom) -> bool:
    blocks = [node for node in tree.body if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"]
    return any(found is wanted for block in blocks for found in ast.walk(block))


@pytest.mark.parametrize("path", pure_files(), ids=lambda path: str(path.relative_to(HOUSE)))
def test_floors_one_to_five_read_no_file_no_clock_and_no_environment(path):
    allowed = {"importlib.metadata"} if path.name == "snorkel.py" else set()
    assert set(faults(path)) - allowed == set()


def test_the_search_for_input_and_output_would_find_some(tmp_path):
    path = tmp_path / "bad.py"
    path.write_text(
        "import os\nfrom pathlib import Path\nfrom datetime import datetime\n"
        "open('x')\nPath('x').read_text()\ndatetime.now()\n"
    )
    assert faults(path) == ["os", "pathlib", "datetime", "open()", ".read_text()", "datetime.now"]


def test_import_contracts_hold():
    beside = Path(sys.executable).with_name("lint-imports")
    tool = str(beside) if beside.exists() else shutil.which("lint-imports")
    if tool is None:
        pytest.skip("import-linter is not installed")
    done = subprocess.run(
        [tool, "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": str(SOURCES)},
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_migrations_make_exactly_the_tables_of_the_code(tmp_path):
    from alembic.autogenerate import compare_metadata  # noqa: PLC0415 - heavy
    from alembic.migration import MigrationContext  # noqa: PLC0415 - heavy

    from retrolabel.storage.event_tables import metadata  # noqa: PLC0415 - heavy; all tables, those of events too
    from retrolabel.storage.upgrade import upgrade  # noqa: PLC0415 - heavy

    engine = sa.create_engine(f"sqlite:///{tmp_path / 'catalog.db'}")
    upgrade(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_the_revision_that_the_code_reads_is_the_newest_script():
    from alembic.config import Config  # noqa: PLC0415 - heavy
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - heavy

    from retrolabel.storage.upgrade import HEAD  # noqa: PLC0415 - heavy

    config = Config()
    config.set_main_option("script_location", str(HOUSE / "storage" / "migrations"))
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def texts() -> list[Path]:
    places = ("src", "tests", "docs", "labeling_functions", "benchmarks", "notebooks")
    kinds = {".py", ".md", ".toml", ".txt", ".yml", ".yaml", ".cfg", ".ini", ".mako", ".ipynb", ".csv", ""}
    found = [path for place in places for path in sorted((ROOT / place).rglob("*")) if path.is_file()]
    found += [path for path in sorted(ROOT.iterdir()) if path.is_file()]
    return [path for path in found if path.suffix in kinds and "__pycache__" not in path.parts]


def test_no_file_names_a_place_of_the_machine_that_it_was_written_on():
    places = tuple(
        "/" + place for place in ("work" + "/", "tmp" + "/venv", "root" + "/", "opt" + "/pypi", "opt" + "/wheels")
    )
    found = {
        f"{path.relative_to(ROOT)}: {text}"
        for path in texts()
        if path != Path(__file__)
        for text in places
        if text in path.read_text(encoding="utf-8", errors="replace")
    }
    assert found == set()


@pytest.mark.parametrize(
    "path", sorted((HOUSE / "wiring").rglob("*.py")), ids=lambda path: str(path.relative_to(HOUSE / "wiring"))
)
def test_a_module_of_the_wiring_fits_a_sitting(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300
