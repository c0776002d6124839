"""What goes wrong in the first hour, and that each message says what to do next.

Each case is a command in a small project, how it ends, and the words that help.
"""

from __future__ import annotations

import io
import json
import shlex
import zipfile
from dataclasses import dataclass, field

import pytest

HEAD = "item_id,created_at,comment\n"
TEXTS = ["thank you so much", "this is wrong", "no idea", "I ASKED FOR PYTHON", "perfect"] * 8
FEEDBACK = HEAD + "".join(f"{n},2026-02-{1 + n % 28:02d}T08:00:00Z,{text}\n" for n, text in enumerate(TEXTS))
IMPORTS = (
    "from labeling_functions.mood.schema.v1 import BAD, GOOD\nfrom retrolabel import keywords, labeling_function\n"
)
MORE = "labeling_functions/mood/more.py"
ONE_ROW = "1,2026-01-01,thank you\n"
ONE_LF = IMPORTS + "thanks = keywords(GOOD, ['thank you'], column='comment')\n"
SECOND_VERSION = """\
from labeling_functions.mood.schema.v1 import BAD, GOOD
from labeling_functions.mood.schema.v1 import SCHEMA as V1
from retrolabel import Label, LabelSchema, Split
SLOW, WRONG = Label("slow"), Label("wrong")
SCHEMA = LabelSchema(
    task="mood", version="2.0.0", revises=V1, labels=[GOOD, SLOW, WRONG], steps=[Split(BAD, into=[SLOW, WRONG])]
)
"""
ANOTHER_FIRST_VERSION = """\
from labeling_functions.mood.schema.v1 import BAD, GOOD
from retrolabel import LabelSchema
SCHEMA = LabelSchema(task="mood", version="2.0.0", labels=[GOOD, BAD])
"""
WITHOUT_STEPS = """\
from labeling_functions.mood.schema.v1 import GOOD
from labeling_functions.mood.schema.v1 import SCHEMA as V1
from retrolabel import LabelSchema
SCHEMA = LabelSchema(task="mood", version="2.0.0", revises=V1, labels=[GOOD])
"""


def _spreadsheet() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("xl/workbook.xml", "<xml/>")
    return stream.getvalue()


SPREADSHEET = _spreadsheet()


@dataclass(frozen=True)
class Case:
    """A command that a newcomer types.

    Attributes:
        command: The words after ``retrolabel``.
        says: What the message says that helps.
        start: ``empty`` (a folder), ``init`` (a project) or ``ingested`` (a project with forty items).
        files: What lies there besides.
        before: Commands that were run, and went well.
    """

    command: str
    says: str
    start: str = "ingested"
    files: dict[str, str | bytes] = field(default_factory=dict)
    before: tuple[str, ...] = ()


REFUSED = {
    "no_project_plan": Case("plan mood", "retrolabel init makes one", start="empty"),
    "no_project_lf": Case("lf list", "retrolabel init makes one", start="empty"),
    "no_project_ingest": Case(
        "ingest f.csv --source web", "retrolabel init makes one", start="empty", files={"f.csv": FEEDBACK}
    ),
    "no_project_schema": Case("schema show mood", "retrolabel init makes one", start="empty"),
    "no_project_gold": Case("gold list", "retrolabel init makes one", start="empty"),
    "no_project_doctor": Case("doctor", "retrolabel init makes one", start="empty"),
    "store_without_project_lf": Case(
        "lf list --store s",
        "go to the project's folder, or make one: retrolabel init",
        start="empty",
        files={"f.csv": FEEDBACK},
        before=("ingest f.csv --source web --store s",),
    ),
    "store_without_project_plan": Case(
        "plan mood --store s",
        "go to the project's folder, or make one: retrolabel init",
        start="empty",
        files={"f.csv": FEEDBACK},
        before=("ingest f.csv --source web --store s",),
    ),
    "store_without_project_schema_check": Case(
        "schema check --store s",
        "go to the project's folder, or make one: retrolabel init",
        start="empty",
        files={"f.csv": FEEDBACK},
        before=("ingest f.csv --source web --store s",),
    ),
    "init_twice": Case("init . --task mood", "use what is there", start="init"),
    "init_bad_name": Case(
        "init . --task Mood-1", "lower-case letters, digits and _, and no word of Python's", start="empty"
    ),
    "init_on_a_file": Case(
        "init here",
        "name a folder that is no file, in which you may write: retrolabel init DIR",
        start="empty",
        files={"here": "x"},
    ),
    "init_in_a_file": Case(
        "init here/there",
        "name a folder that is no file, in which you may write: retrolabel init DIR",
        start="empty",
        files={"here": "x"},
    ),
    "demo_full_folder": Case("demo .", "name a folder that does not exist yet", start="init"),
    "no_store_plan": Case("plan mood", "retrolabel ingest FILE --source NAME makes it", start="init"),
    "no_store_relabel": Case("relabel mood", "retrolabel ingest FILE --source NAME makes it", start="init"),
    "no_store_evaluate": Case("evaluate mood", "retrolabel ingest FILE --source NAME makes it", start="init"),
    "no_store_labels_list": Case("labels list", "retrolabel ingest FILE --source NAME makes it", start="init"),
    "no_store_gold_import": Case(
        "gold import mood gold.csv --source web --role dev",
        "retrolabel ingest FILE --source NAME makes it",
        start="init",
        files={"gold.csv": "item_id,label\n0,good\n"},
    ),
    "no_store_lf_summary": Case("lf summary mood", "retrolabel ingest FILE --source NAME makes it", start="init"),
    "no_store_lf_check": Case("lf check mood", "retrolabel ingest FILE --source NAME makes it", start="init"),
    "no_store_lf_diff": Case("lf diff mood", "retrolabel ingest FILE --source NAME makes it", start="init"),
    "no_store_lf_faults": Case("lf faults mood", "retrolabel ingest FILE --source NAME makes it", start="init"),
    "no_store_compare": Case("compare mood", "retrolabel ingest FILE --source NAME makes it", start="init"),
    "no_store_explain": Case("explain mood 0", "retrolabel ingest FILE --source NAME makes it", start="init"),
    "no_store_compact": Case("compact", "retrolabel ingest FILE --source NAME makes it", start="init"),
    "no_store_report": Case("report mood", "retrolabel ingest FILE --source NAME makes it", start="init"),
    "wrong_path": Case(
        "ingest feedbak.csv --source web", "did you mean feedback.csv?", start="init", files={"feedback.csv": FEEDBACK}
    ),
    "wrong_folder_path": Case("ingest data/feedback.csv --source web", "there is no folder data either", start="init"),
    "a_folder": Case(
        "ingest data --source web", "name the files: data/*.csv", start="init", files={"data/f.csv": FEEDBACK}
    ),
    "bad_source": Case(
        "ingest f.csv --source my/web", "take letters, digits, _ and -", start="init", files={"f.csv": FEEDBACK}
    ),
    "bad_id_col": Case(
        "ingest f.csv --source web --id id",
        "name one of those, or leave --id out: then ids are derived from the rows",
        start="init",
        files={"f.csv": FEEDBACK},
    ),
    "bad_time_col": Case(
        "ingest f.csv --source web --time created", "did you mean created_at?", start="init", files={"f.csv": FEEDBACK}
    ),
    "bad_drop_col": Case(
        "ingest f.csv --source web --drop coment", "did you mean comment?", start="init", files={"f.csv": FEEDBACK}
    ),
    "bad_map": Case(
        "ingest f.csv --source web --map comment", '--map "comment=body"', start="init", files={"f.csv": FEEDBACK}
    ),
    "map_unknown_col": Case(
        "ingest f.csv --source web --map comment=text",
        '--map is NEW=OLD: --map text="comment"',
        start="init",
        files={"f.csv": FEEDBACK},
    ),
    "empty": Case(
        "ingest f.csv --source web", "copy or export it again; was it cut off?", start="init", files={"f.csv": ""}
    ),
    "header_only": Case(
        "ingest f.csv --source web",
        "export it again; a header alone is no feedback",
        start="init",
        files={"f.csv": HEAD},
    ),
    "txt": Case(
        "ingest f.txt --source web",
        "--header review --delimiter none",
        start="init",
        files={"f.txt": "A text\nand another\n"},
    ),
    "two_lists": Case(
        "ingest f.json --source web",
        "--rows-at b",
        start="init",
        files={"f.json": '{"a": [{"comment": "a"}], "b": [{"comment": "b"}]}'},
    ),
    "json_array": Case(
        "ingest f.jsonl --source web",
        "mend it there",
        start="init",
        files={"f.jsonl": '[{"comment":"a"}, x]'},
    ),
    "archive": Case(
        "ingest f.xlsx --source web", "save it again as .xlsx, or as CSV", start="init", files={"f.xlsx": SPREADSHEET}
    ),
    "utf16": Case(
        "ingest f.csv --source web",
        "--encoding utf-16",
        start="init",
        files={"f.csv": FEEDBACK.encode("utf-16")},
    ),
    "latin1": Case(
        "ingest f.csv --source web",
        "--encoding cp1252",
        start="init",
        files={"f.csv": HEAD.encode() + b"x,2026-01-01,caf\xe9\n"},
    ),
    "only_nul": Case(
        "ingest f.csv --source web",
        "holds a NUL character",
        start="init",
        files={"f.csv": HEAD.encode() + b"x,2026-01-01,a\x00b and more text here\n"},
    ),
    "all_bad_time": Case(
        "ingest f.csv --source web --time created_at",
        "ISO 8601, as 2026-03-01",
        start="init",
        files={"f.csv": HEAD + "1,31.12.2025,x\n2,yesterday,y\n"},
    ),
    "all_no_id": Case(
        "ingest f.csv --source web --id item_id",
        "there is no id",
        start="init",
        files={"f.csv": HEAD + ",2026-01-01,x\n"},
    ),
    "dup_header": Case(
        "ingest f.csv --source web",
        '--map comment_2="#3"',
        start="init",
        files={"f.csv": "item_id,comment,comment\n1,x,y\n"},
    ),
    "changed": Case(
        "ingest g.csv --source web --id item_id --time created_at",
        "--revise replaces them",
        files={"g.csv": HEAD + "0,2026-02-01T08:00:00Z,changed\n"},
    ),
    "new_col": Case(
        "ingest g.csv --source web --id item_id --time created_at",
        "--drop stars, or --widen",
        files={"g.csv": "item_id,created_at,comment,stars\nx,2026-02-01,x,5\n"},
    ),
    "less_col": Case(
        "ingest g.csv --source web --id item_id --time created_at",
        "--widen takes it as empty",
        files={"g.csv": "item_id,created_at\nx,2026-02-01\n"},
    ),
    "renamed_col": Case(
        "ingest g.csv --source web --id item_id --time created_at",
        'if it is called text here: --map comment="text"; else --widen takes it as empty',
        files={"g.csv": "item_id,created_at,text\nx,2026-02-01,x\n"},
    ),
    "labels_opt_unknown_task": Case(
        "ingest f.csv --source web --labels comment=moood", "name one of those", start="init", files={"f.csv": FEEDBACK}
    ),
    "unknown_task_plan": Case("plan moood", "Did you mean 'mood'?"),
    "unknown_task_far": Case("relabel zzz", "name one of those"),
    "unknown_task_labels": Case("labels list moood", "name one of those"),
    "unknown_task_gold_list": Case("gold list moood", "name one of those"),
    "unknown_task_evaluate": Case("evaluate moood", "name one of those"),
    "unknown_task_schema": Case("schema show moood", "name one of those"),
    "unknown_task_schema_check": Case("schema check moood", "name one of those"),
    "unknown_task_lf": Case("lf list moood", "name one of those"),
    "unknown_version": Case("relabel mood --to 2.0.0", "retrolabel schema new mood"),
    "version_1_0": Case("plan mood --to 1.0", "name one of those"),
    "unknown_version_schema_show": Case("schema show mood 3.0.0", "name one of those"),
    "unknown_version_diff": Case("schema diff mood 1.0.0 2.0.0", "name one of those"),
    "unknown_version_release": Case("schema release mood 2.0.0", "name one of those"),
    "unknown_label_split": Case("schema new mood --split bda=a,b", "Did you mean 'bad'?"),
    "schema_new_nothing": Case("schema new mood", 'e.g. --split "bad=slow,wrong"'),
    "schema_new_no_into": Case("schema new mood --split bad", '--split "bad=slow,wrong"'),
    "unknown_model": Case("relabel mood --label-model majority", "Did you mean 'majority_vote'?"),
    "unknown_engine": Case("relabel mood --engine multi", "one of auto, serial, local, dask"),
    "unknown_lf": Case("lf show mood:shoutz", "Did you mean 'shouts'?"),
    "no_lf": Case("lf show mood", "write TASK:LF, as mood:says_thanks"),
    "lf_import": Case(
        "relabel mood",
        "mend the name, or install it: pip install nothing_of_that_name",
        files={MORE: "import nothing_of_that_name\n"},
    ),
    "lf_syntax": Case("lf list", "mend that line", files={MORE: "def broken(:\n"}),
    "lf_label_typo": Case(
        "relabel mood", "did you mean GOOD?", files={MORE: "from labeling_functions.mood.schema.v1 import GODO\n"}
    ),
    "lf_wrong_task": Case(
        "relabel mood",
        "the folder labeling_functions has no such task or file",
        files={MORE: "from labeling_functions.tone.schema.v1 import GOOD\n"},
    ),
    "lf_undefined_name": Case(
        "relabel mood",
        "import 'keyword' at the top of the file, or mend its spelling",
        files={MORE: IMPORTS + "x = keyword(GOOD, ['a'], column='comment')\n"},
    ),
    "lf_no_label_obj": Case(
        "relabel mood",
        "import them from the schema",
        files={MORE: IMPORTS + "x = keywords('good', ['a'], column='comment')\n"},
    ),
    "lf_no_column": Case(
        "relabel mood",
        "missing 1 required keyword-only argument: 'column'",
        files={MORE: IMPORTS + "x = keywords(GOOD, ['a'])\n"},
    ),
    "lf_no_parens": Case(
        "relabel mood",
        "write @labeling_function(LABEL)",
        files={MORE: IMPORTS + "@labeling_function\ndef x(comment):\n    return True\n"},
    ),
    "lf_no_args": Case(
        "relabel mood",
        "name the column that it looks at",
        files={MORE: IMPORTS + "@labeling_function(GOOD)\ndef x():\n    return True\n"},
    ),
    "lf_bad_regex": Case(
        "relabel mood",
        "escape plain text with a backslash",
        files={MORE: IMPORTS + "from retrolabel import regex\nx = regex(GOOD, '(', column='comment')\n"},
    ),
    "lf_bad_column": Case(
        "relabel mood",
        "Did you mean 'comment'?",
        files={MORE: IMPORTS + "x = keywords(GOOD, ['a'], column='coment')\n"},
    ),
    "lf_bad_param": Case(
        "plan mood",
        "Did you mean 'comment'?",
        files={MORE: IMPORTS + "@labeling_function(GOOD)\ndef x(coment):\n    return True\n"},
    ),
    "lf_raises_all": Case(
        "relabel mood",
        "retrolabel lf faults mood shows",
        files={MORE: IMPORTS + "@labeling_function(GOOD)\ndef x(comment):\n    return comment[1000] == 'x'\n"},
    ),
    "lf_none_col_raises": Case(
        "relabel mood",
        "has no attribute 'lowr'",
        files={MORE: IMPORTS + "@labeling_function(GOOD)\ndef x(comment):\n    return comment.lowr() == 'x'\n"},
    ),
    "lf_undeclared": Case(
        "relabel mood",
        "declare it: @labeling_function(good, bad)",
        files={MORE: IMPORTS + "@labeling_function(GOOD)\ndef x(comment):\n    return BAD\n"},
    ),
    "lf_returns_str": Case(
        "relabel mood",
        "return the label GOOD, not its name in quotes",
        files={MORE: IMPORTS + "@labeling_function(GOOD)\ndef x(comment):\n    return 'good'\n"},
    ),
    "lf_two_of_a_name": Case(
        "lf list", "rename one", files={MORE: IMPORTS + "shouts = keywords(GOOD, ['a'], column='comment')\n"}
    ),
    "lf_broken_example": Case(
        "lf list",
        "mend the labeling function, or the example",
        files={MORE: IMPORTS + "x = keywords(GOOD, ['a'], column='comment', examples=['zzz'])\n"},
    ),
    "lf_clock": Case(
        "lf check mood",
        "keep plain data in the module",
        files={
            MORE: IMPORTS
            + "from itertools import count\nn = count()\n"
            + "@labeling_function(GOOD)\ndef x(comment):\n    return next(n)\n"
        },
    ),
    "two_schema_versions_no_revises": Case(
        "plan mood",
        "all but one need revises=",
        files={"labeling_functions/mood/schema/v2.py": ANOTHER_FIRST_VERSION},
    ),
    "schema_no_steps": Case(
        "plan mood",
        "add Remove, Merge or Split of 'bad'",
        files={"labeling_functions/mood/schema/v2.py": WITHOUT_STEPS},
    ),
    "no_gold_compare": Case(
        "compare mood",
        "retrolabel gold import mood FILE --source NAME --role dev --sampling random",
        before=("relabel mood --no-tracking",),
    ),
    "no_gold_without_each": Case(
        "lf summary mood --without-each",
        "retrolabel gold import mood FILE --source NAME --role dev --sampling random",
        before=("relabel mood --no-tracking",),
    ),
    "no_label_set_evaluate": Case("evaluate mood", "retrolabel relabel mood"),
    "no_label_set_show": Case("labels show mood", "retrolabel relabel mood"),
    "no_label_set_export": Case("labels export mood", "retrolabel relabel mood"),
    "no_label_set_explain": Case("explain mood 0", "retrolabel relabel mood"),
    "no_votes_compare": Case("compare mood", "retrolabel relabel mood --to 1.0.0"),
    "no_label_set_diff": Case("lf diff mood", "retrolabel relabel mood"),
    "no_label_set_report": Case("report mood", "retrolabel relabel mood"),
    "unknown_label_set": Case(
        "labels show mood ffff", "retrolabel labels list mood", before=("relabel mood --no-tracking",)
    ),
    "unknown_item_show": Case(
        "labels show mood --item nobody", "retrolabel labels export mood", before=("relabel mood --no-tracking",)
    ),
    "unknown_item_explain": Case(
        "explain mood nobody", "retrolabel labels export mood", before=("relabel mood --no-tracking",)
    ),
    "unknown_item_source": Case(
        "explain mood 0 --source wbe", "retrolabel labels export mood", before=("relabel mood --no-tracking",)
    ),
    "compare_by": Case("compare mood --by f1", "--by log_loss", before=("relabel mood --no-tracking",)),
    "gold_no_file": Case("gold import mood gold.csv --source web --role dev", "has feedback.csv"),
    "gold_unknown_label": Case(
        "gold import mood gold.csv --source web --role dev",
        'if that is what it means: --map-label "badd=bad"',
        files={"gold.csv": "item_id,label\n0,good\n1,badd\n"},
    ),
    "gold_all_unknown_label": Case(
        "gold import mood gold.csv --source web --role dev",
        'say what it means: --map-label "yes=LABEL", or "yes=" if it is no label',
        files={"gold.csv": "item_id,label\n0,yes\n1,no\n"},
    ),
    "gold_unknown_items": Case(
        "gold import mood gold.csv --source web --role dev",
        "ingest them first; or is --item the right column?",
        files={"gold.csv": "item_id,label\nnone,good\nnever,bad\n"},
    ),
    "gold_no_role": Case(
        "gold import mood gold.csv --source web",
        "--role dev, or --role-column COLUMN",
        files={"gold.csv": "item_id,label\n0,good\n"},
    ),
    "gold_bad_role": Case(
        "gold import mood gold.csv --source web --role train",
        '--role-map "train=dev"',
        files={"gold.csv": "item_id,label\n0,good\n"},
    ),
    "gold_role_col_train": Case(
        "gold import mood gold.csv --source web --role-column split",
        '--role-map "train=dev"',
        files={"gold.csv": "item_id,label,split\n0,good,train\n"},
    ),
    "gold_no_label_col": Case(
        "gold import mood gold.csv --source web --role dev",
        "--label labels, if that is meant",
        files={"gold.csv": "item_id,labels\n0,good\n"},
    ),
    "gold_no_item_col": Case(
        "gold import mood gold.csv --source web --role dev",
        "--item COLUMN says which one it is",
        files={"gold.csv": "id,label\n0,good\n"},
    ),
    "gold_bad_annotator": Case(
        "gold import mood gold.csv --source web --role dev --annotator whom",
        "--annotator who, if that is meant",
        files={"gold.csv": "item_id,label,who\n0,good,a\n"},
    ),
    "gold_wrong_source": Case(
        "gold import mood gold.csv --source wbe --role dev",
        "--source web, if that is meant",
        files={"gold.csv": "item_id,label\n0,good\n"},
    ),
    "gold_sampling": Case(
        "gold import mood gold.csv --source web --role dev --sampling rnd",
        "--sampling random",
        files={"gold.csv": "item_id,label\n0,good\n"},
    ),
    "gold_version": Case(
        "gold import mood gold.csv --source web --role dev --schema 3.0.0",
        "name one of those",
        files={"gold.csv": "item_id,label\n0,good\n"},
    ),
    "gold_xlsx": Case(
        "gold import mood gold.xlsx --source web --role dev",
        "save it again as .xlsx, or as CSV",
        files={"gold.xlsx": SPREADSHEET},
    ),
    "gold_other_version": Case(
        "gold import mood gold.csv --source web --role dev",
        "--schema 1.0.0",
        files={"gold.csv": "item_id,label\n0,good\n1,bad\n", "labeling_functions/mood/schema/v2.py": SECOND_VERSION},
    ),
    "gold_retire_none": Case("gold retire mood bda", "retrolabel gold show mood lists them"),
    "export_exists": Case(
        "labels export mood --out out.csv",
        "choose another name, or replace it with --force",
        files={"out.csv": "mine"},
        before=("relabel mood --no-tracking",),
    ),
    "export_format": Case(
        "labels export mood --format xlsx", "one of parquet, csv, jsonl", before=("relabel mood --no-tracking",)
    ),
    "export_xlsx_name": Case(
        "labels export mood --out out.xlsx", "one of parquet, csv, jsonl", before=("relabel mood --no-tracking",)
    ),
    "export_a_folder": Case(
        "labels export mood --out dir",
        "name a file in a folder in which you may write: --out FILE",
        files={"dir/x": ""},
        before=("relabel mood --no-tracking",),
    ),
    "gold_show_exists": Case("gold show mood --out out.csv", "choose another name", files={"out.csv": "mine"}),
    "two_tasks_lf": Case("relabel tone,mood", "name one of those", before=("init . --task tone",)),
    "task_source_setting": Case(
        "relabel mood",
        "ingest --source email, or change tasks.mood.sources in the settings",
        files={"retrolabel.toml": "tracking=false\n[tasks.mood]\nsources=['email']\n"},
    ),
    "settings_typo": Case("plan mood", "did you mean label_model?", files={"retrolabel.toml": "label_modle='x'\n"}),
    "settings_of_all_in_a_task": Case(
        "plan mood",
        "write it at the top of retrolabel.toml, above the first [table]",
        files={"retrolabel.toml": "[tasks.mood]\nmax_fault_rate=0.5\n"},
    ),
    "settings_of_a_task_at_the_top": Case(
        "plan mood", "write it under [tasks.NAME]", files={"retrolabel.toml": "sources=['web']\n"}
    ),
    "two_files_for_a_version": Case(
        "schema new mood --split bad=slow,wrong",
        "delete one of the two files, if it is a draft of the other",
        files={
            "labeling_functions/mood/schema/v2.py": SECOND_VERSION,
            "labeling_functions/mood/schema/v2_draft.py": SECOND_VERSION,
        },
    ),
    "settings_value": Case("plan mood", "less than or equal to 1", files={"retrolabel.toml": "max_fault_rate=2\n"}),
    "settings_toml": Case(
        "plan mood",
        'write NAME = VALUE, texts in quotes, as store = ".retrolabel"',
        files={"retrolabel.toml": "this is no toml"},
    ),
    "settings_model": Case(
        "plan mood",
        "--label-model NAME, or label_model in the settings",
        files={"retrolabel.toml": "label_model='best'\n"},
    ),
    "settings_catalog": Case(
        "plan mood",
        "write catalog in the settings as postgresql://USER@HOST/NAME, and install the database's driver",
        files={"retrolabel.toml": "catalog='no-such://x'\n"},
    ),
    "settings_store_is_a_file": Case(
        "ingest f.csv --source web",
        "name a folder in which you may write: --store, or store in the settings",
        start="init",
        files={"retrolabel.toml": "store='f.csv'\n", "f.csv": FEEDBACK},
    ),
    "broken_catalog": Case(
        "plan mood",
        "restore catalog.db from a backup",
        files={".retrolabel/catalog.db": b"no database, but long enough to look like one"},
    ),
    "store_option_wrong": Case("plan mood --store nowhere", "retrolabel ingest FILE --source NAME makes it"),
}
MISTYPED = {
    "demo_few": Case("demo d --items 10", "greater than or equal to 500", start="empty"),
    "no_source": Case("ingest f.csv", "Missing option '--source'", start="init", files={"f.csv": FEEDBACK}),
    "unknown_command": Case("relable mood", "Did you mean 'relabel'", start="init"),
    "unknown_sub": Case("lf lst", "Did you mean 'list'?", start="init"),
    "unknown_option": Case("relabel mood --label-modle auto", "--label-model", start="init"),
    "missing_arg": Case("relabel", "Missing argument 'TASK'", start="init"),
    "too_many_args": Case("relabel mood tone", "(tone)", start="init"),
    "bad_int": Case("lf check mood --items many", "valid integer", start="init"),
    "two_tasks_noarg": Case("relabel", "Missing argument 'TASK'", before=("init . --task tone",)),
}
GOES_ON = {
    "bom": Case(
        "ingest f.csv --source web --id item_id",
        "40 added",
        start="init",
        files={"f.csv": b"\xef\xbb\xbf" + FEEDBACK.encode()},
    ),
    "semicolons": Case(
        "ingest f.csv --source web --id item_id --time created_at",
        "40 added",
        start="init",
        files={"f.csv": FEEDBACK.replace(",", ";")},
    ),
    "semicolons_noid": Case(
        "ingest f.csv --source web", "40 added", start="init", files={"f.csv": FEEDBACK.replace(",", ";")}
    ),
    "tabs": Case("ingest f.csv --source web", "40 added", start="init", files={"f.csv": FEEDBACK.replace(",", "\t")}),
    "tsv": Case("ingest f.tsv --source web", "40 added", start="init", files={"f.tsv": FEEDBACK.replace(",", "\t")}),
    "nul_some": Case(
        "ingest f.csv --source web --id item_id",
        "1 x column 'comment' holds a NUL character",
        start="init",
        files={"f.csv": FEEDBACK.encode() + b"x,2026-01-01,a\x00b and more text here\n"},
    ),
    "some_bad_time": Case(
        "ingest f.csv --source web --time created_at --id item_id",
        "is no date (ISO 8601",
        start="init",
        files={"f.csv": FEEDBACK + "x1,31.12.2025,x\n"},
    ),
    "dup_ids": Case(
        "ingest f.csv --source web --id item_id",
        "stands earlier in this file with other content",
        start="init",
        files={"f.csv": HEAD + "1,2026-01-01,x\n1,2026-01-01,y\n"},
    ),
    "dry_run": Case(
        "ingest f.csv --source web --id item_id --time created_at --dry-run",
        "f.csv: 5 rows for web: 1 new, 4 for quarantine. Nothing is stored.\n"
        "  line 3: the id '1' stands earlier in this file with other content\n"
        "  line 4: column 'created_at': 'never' is no date (ISO 8601, as 2026-03-01 or 2026-03-01T12:00:00Z)\n"
        "  line 5: has 2 cells, the header has 3\n"
        "  line 6: column 'created_at': there is no time; write one, or ingest without --time\n",
        start="init",
        files={"f.csv": HEAD + "1,2026-01-01,x\n1,2026-01-02,y\n2,never,z\n3,2026-01-01\n4,,x\n"},
    ),
    "dry_run_times": Case(
        "ingest f.csv --source web --time created_at --dry-run",
        "2026-02-01 08:00:00 UTC",
        start="init",
        files={"f.csv": FEEDBACK},
    ),
    "dry_run_many_problems": Case(
        "ingest f.csv --source web --id item_id --dry-run",
        "  line 7: column 'item_id': there is no id\n  and 3 more\n",
        start="init",
        files={"f.csv": HEAD + "1,2026-01-01,x\n" + ",2026-01-01,x\n" * 8},
    ),
    "dry_run_again": Case(
        "ingest feedback.csv --source web --dry-run",
        "40 unchanged. Nothing is stored.\n  An ingest adds nothing: this file is in web already.\n",
    ),
    "dry_run_changed": Case(
        "ingest g.csv --source web --dry-run",
        "2 rows for web: 1 new, 1 with other content than the store has. Nothing is stored.\n"
        "  An ingest is refused: 1 item of the source would change; --revise replaces them, or check --id\n",
        files={"g.csv": HEAD + "0,2026-02-01T08:00:00Z,changed\nx,2026-02-01,new\n"},
    ),
    "one_row": Case(
        "ingest f.csv --source web", "f.csv: 1 row -> web: 1 added.", start="init", files={"f.csv": HEAD + ONE_ROW}
    ),
    "one_lf": Case("lf list", "1 labeling function\n", files={"labeling_functions/mood/wording.py": ONE_LF}),
    "one_lf_in_doctor": Case(
        "doctor", "task mood: 1 labeling function, schema", files={"labeling_functions/mood/wording.py": ONE_LF}
    ),
    "no_lfs": Case(
        "relabel mood", "retrolabel lf list shows which there are", files={"labeling_functions/mood/wording.py": ""}
    ),
    "no_gold_evaluate": Case("evaluate mood", "retrolabel gold import", before=("relabel mood --no-tracking",)),
    "no_gold_final": Case("evaluate mood --final", "retrolabel gold import", before=("relabel mood --no-tracking",)),
    "no_votes_summary": Case("lf summary mood", "retrolabel gold import"),
    "gold_semicolon": Case(
        "gold import mood gold.csv --source web --role dev",
        "1 new label,",
        files={"gold.csv": "item_id;label\n0;good\n"},
    ),
}


@pytest.fixture
def meet(run, write, folder, request):
    """Bring a project to where a case starts, and type its command."""

    def go(case: Case, *more: str):
        if case.start == "ingested":
            request.getfixturevalue("project")
        elif case.start == "init":
            assert run("init", ".", "--task", "mood").code == 0
        if case.start == "empty":
            _put(case, write)
        for command in case.before:
            done = run(*shlex.split(command))
            assert done.code == 0, done
        if case.start != "empty":
            _put(case, write)
        return run(*shlex.split(case.command), *more)

    return go


def _put(case, write):
    for name, content in case.files.items():
        write(name, content)


def sound(done, case):
    """Return what a command said, which is no traceback and has the words that help."""
    said = done.out + done.err
    assert "Traceback" not in said
    assert case.says in said, said
    return said


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_says_what_would_help(meet, run, name):
    case = REFUSED[name]
    done = meet(case)
    assert done.code == 1, done
    said = sound(done, case)
    assert "Fix: " in said
    if "Error: " not in said:
        return  # it tells of several things: doctor, lf list
    error = run(*shlex.split(case.command), "--json").json["error"]
    assert error["remedy"] or all(problem["remedy"] for problem in error["problems"])
    assert error["remedy"] or error["problems"]


@pytest.mark.parametrize("name", MISTYPED)
def test_what_is_mistyped_names_the_help_and_is_json_where_that_is_asked_for(meet, run, name):
    case = MISTYPED[name]
    done = meet(case)
    assert (done.code, done.out) == (2, "")
    assert "--help' for help" in sound(done, case)
    as_json = run(*shlex.split(case.command), "--json")
    assert as_json.code == 2
    error = as_json.json["error"]
    assert (error["type"], error["problems"]) == ("UsageError", [])
    assert error["remedy"].endswith("--help shows what it takes")
    assert error["message"] in as_json.err


@pytest.mark.parametrize("name", GOES_ON)
def test_what_can_go_on_goes_on_and_says_what_it_left_out(meet, name):
    case = GOES_ON[name]
    done = meet(case)
    assert done.code == 0, done
    sound(done, case)


def test_what_init_says_comes_next_works_as_it_is_typed(run, write, folder, monkeypatch):
    done = run("init", "my project", "--task", "mood")
    write("my project/f.csv", "id,when,text\n1,2026-01-01,thank you\n")
    head, *lines = done.out.partition("Next:\n")[2].splitlines()
    words = shlex.split(head)
    assert words == ["cd", "my project"]
    monkeypatch.chdir(folder / words[1])
    meant = {"FILE": ["f.csv"], "--id COLUMN": ["--id", "id"], "--time COLUMN": ["--time", "when"]}
    commands = [line for line in lines if line.startswith("  retrolabel ")]
    assert [line.split()[1] for line in commands] == ["lf", "ingest", "relabel"]
    for line in commands:
        for word, stands_for in meant.items():
            line = line.replace(word, shlex.join(stands_for))  # noqa: PLW2901 - it is read as a person reads it
        more = ["--map", "comment=text"] if "ingest" in line else []
        assert run(*shlex.split(line)[1:], *more).code == 0
    assert "--map comment=COLUMN" in lines[-1]
    planned = run("plan", "mood").out
    assert planned.startswith("Plan: 1 item of mood under 1.0.0.\n")
    assert "  reuse                3 calls that are stored\n" in planned


def test_init_in_the_folder_itself_names_no_other(run):
    assert "  cd " not in run("init").out


def test_the_file_that_is_there_is_left_as_it_was_unless_force_says_so(project, run, write):
    write("out.csv", "mine")
    assert run("relabel", "mood").code == 0
    assert run("labels", "export", "mood", "--out", "out.csv").code == 1
    assert (project / "out.csv").read_text() == "mine"
    assert run("labels", "export", "mood", "--out", "out.csv", "--force").code == 0
    assert len((project / "out.csv").read_text().splitlines()) == 41
    assert json.loads(run("labels", "export", "mood", "--json").out)["rows"] == 40
    assert run("labels", "export", "mood").code == 0  # the name says which label set it is: the same bytes again
