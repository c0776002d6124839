"""The recipes for schedulers of other people: they parse, and what they call is a command with these options."""

from __future__ import annotations

import ast
import configparser
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
import typer.main
import yaml

from retrolabel.cli.main import app
from retrolabel.jobs.schedules.due import times_of

PAGE = (Path(__file__).parents[2] / "docs" / "by_night.md").read_text(encoding="utf-8")
RECIPES = PAGE.partition("## Recipes")[2]
CALL = re.compile(r"\bretrolabel (?:schedule|relabel|schema) [^>\n\"]*")


def blocks(kind):
    return re.findall(rf"```{kind}\n(.*?)```", RECIPES, re.DOTALL)


def check_command(words):
    """Parse a command as the command line does, and run nothing."""
    command, rest = typer.main.get_command(app), list(words[1:])
    while hasattr(command, "commands"):
        command = command.commands[rest.pop(0)]
    command.make_context(words[-1], rest)


def test_every_command_of_a_recipe_is_one():
    calls = [call.partition("`")[0].strip() for call in CALL.findall(RECIPES)]
    assert len(calls) >= 5
    for call in calls:
        check_command(shlex.split(call))


def test_the_line_of_cron_has_five_fields_and_a_command():
    (line,) = blocks("cron")
    times_of(" ".join(line.split()[:5]), "UTC")
    assert line.split()[5] == "cd"


def test_the_units_of_systemd_parse(tmp_path):
    service, timer = blocks("ini")
    for name, text in (("retrolabel.service", service), ("retrolabel.timer", timer)):
        read = configparser.ConfigParser(strict=True, interpolation=None)
        read.optionxform = str
        read.read_string(text)
        assert "Unit" in read
        (tmp_path / name).write_text(text.replace("/srv/feedback/.venv/bin/retrolabel", "/bin/true"))
    if shutil.which("systemd-analyze"):
        words = ["systemd-analyze", "calendar", "*:0/15"]
        assert subprocess.run(words, check=False, capture_output=True).returncode == 0


def test_the_workflow_and_the_cron_job_are_yaml_of_their_kind():
    workflow, job = map(yaml.safe_load, blocks("yaml"))
    assert workflow[True]["push"]["paths"] == ["labeling_functions/labels.lock"]  # YAML reads on as true
    assert [step for step in workflow["jobs"]["relabel"]["steps"] if "uses" not in step and "run" not in step] == []
    assert (job["kind"], job["spec"]["concurrencyPolicy"]) == ("CronJob", "Forbid")
    times_of(job["spec"]["schedule"], "UTC")
    (container,) = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"]
    check_command(container["command"])


def test_the_dag_of_airflow_is_python_and_calls_a_command():
    (dag,) = blocks("py")
    tree = ast.parse(dag)
    texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    (call,) = [text for text in texts if text.startswith("retrolabel ")]
    check_command(shlex.split(call))


@pytest.mark.parametrize("words", ["retrolabel relabel mood --no-such-option", "retrolabel schedule run --twice"])
def test_a_command_with_an_option_that_there_is_not_is_found(words):
    with pytest.raises(Exception, match="No such option"):
        check_command(shlex.split(words))
