"""The entry point: all commands, and what happens when one fails."""

from __future__ import annotations

import os
import sys
import traceback
from functools import cache
from typing import Any

import typer
import typer.core
import typer.main

from retrolabel.cli import (
    catalog,
    drift,
    errors,
    events,
    feedback,
    gold,
    gold_calibrate,
    gold_diagnose,
    gold_effect,
    gold_export,
    gold_people,
    gold_proposals,
    gold_sample,
    gold_series,
    init,
    label_models,
    labels,
    lf_conflicts,
    lf_errors,
    lf_gaps,
    lf_new,
    lf_suggest,
    lf_summary,
    lf_test,
    lf_try,
    lfs,
    models,
    plan,
    project,
    promoting,
    relabel,
    report,
    schedules,
    schema,
    schema_changes,
    status,
    track,
    train,
)
from retrolabel.cli.characters import as_text
from retrolabel.cli.common import DONE, FAILED, HELD, INTERRUPTED, USAGE, print_json, quiet, show_error, write_anything
from retrolabel.errors import RetrolabelError, TaskHeldError
from retrolabel.masking import without_secrets
from retrolabel.version import __version__

UsageError: Any = typer.BadParameter.__base__
"""What typer raises for a word that a command does not take; it gives no name to it."""


class Doors(typer.core.TyperGroup):
    """All commands; an interrupt says that nothing was lost."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - typer's own context and result
        """Run a command."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            quiet()
            sys.stderr.write("Interrupted. What was finished is kept; the same command goes on from there.\n")
            raise typer.Exit(INTERRUPTED) from None


app = typer.Typer(
    name="retrolabel",
    cls=Doors,
    help="A build system for labels: plan, relabel, and keep the history when the schema changes.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)
app.command()(init.init)
app.command()(project.demo)
app.command()(feedback.ingest)
lfs.app.command("test")(lf_test.examples)
lfs.app.command("new")(lf_new.new)
lfs.app.command("try")(lf_try.try_)
lfs.app.command("suggest")(lf_suggest.suggest)
lfs.app.command("summary")(lf_summary.summary)
lfs.app.command("errors")(lf_errors.errors)
lfs.app.command("gaps")(lf_gaps.gaps)
lfs.app.command("conflicts")(lf_conflicts.conflicts)
app.add_typer(lfs.app, name="lf")
schema.app.command("new")(schema_changes.new)
schema.app.command("merge-heads")(schema_changes.merge_heads)
schema.app.command("diff")(schema_changes.diff)
app.add_typer(schema.app, name="schema")
gold.app.command("sample")(gold_sample.sample)
gold.app.command("series")(gold_series.series)
gold.app.command("effect")(gold_effect.effect)
gold.app.command("diagnose")(gold_diagnose.diagnose)
gold.app.command("people")(gold_people.people)
gold.app.command("export")(gold_export.export)
gold.app.add_typer(gold_calibrate.app, name="calibrate")
gold.app.add_typer(gold_proposals.app, name="proposals")
app.add_typer(gold.app, name="gold")
app.command()(plan.plan)
app.command()(relabel.relabel)
app.command()(relabel.evaluate)
app.command()(label_models.compare)
app.command()(label_models.explain)
app.command()(errors.errors)
app.add_typer(labels.app, name="labels")
app.command()(report.report)
app.command()(track.track)
app.command()(promoting.gates)
app.command()(drift.drift)
app.command()(train.train)
app.command()(train.predict)
app.command()(models.models)
for verb in (promoting.promote, promoting.rollback, promoting.tag, promoting.log):
    labels.app.command(verb.__name__)(verb)
app.command()(status.status)
app.add_typer(schedules.app, name="schedule")
app.add_typer(events.app, name="events")
app.add_typer(catalog.app, name="catalog")
app.command()(project.compact)
app.command()(project.doctor)


@app.callback(invoke_without_command=True)
def version(
    *,
    show: bool = typer.Option(False, "--version", help="Print the version.", is_eager=True),  # noqa: FBT003 - typer's way
) -> None:
    """A build system for labels: plan, relabel, and keep the history when the schema changes."""
    if show:
        typer.echo(f"retrolabel {__version__}")
        raise typer.Exit


def main() -> None:
    """Run the command line, and exit with a code.

    0 done, 1 refused or failed, 2 usage, 3 something to do, 4 another process holds the task, 130 interrupted.
    """
    as_json = "--json" in sys.argv
    if sys.stdout is None:  # closed by who called: nobody listens
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - it is open as long as we are
    write_anything()
    try:
        code = _commands()(standalone_mode=False)
        sys.stdout.flush()
    except UsageError as error:
        if as_json:
            print_json({"error": _as_dict(error)})
        error.show()
        sys.exit(USAGE)
    except RetrolabelError as error:
        show_error(error, as_json=as_json)
        sys.exit(HELD if isinstance(error, TaskHeldError) else FAILED)
    except typer.Abort:
        sys.stderr.write("Aborted.\n")
        sys.exit(FAILED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(FAILED)
    except Exception:  # noqa: BLE001 - nobody foresaw it; it is told whole, but for passwords
        sys.stderr.write(as_text(without_secrets(traceback.format_exc()), lines=True))
        sys.exit(FAILED)
    finally:
        quiet()
    sys.exit(code or DONE)


@cache
def _commands() -> Any:  # noqa: ANN401 - typer's own
    """Return all commands with what they take: read from the signatures once, not again for each command that runs."""
    return typer.main.get_command(app)


def _as_dict(error: Any) -> dict[str, object]:  # noqa: ANN401 - typer has no public name for it
    """Return a word of the command line that is wrong in the form of all errors."""
    command = error.ctx.command_path if error.ctx else "retrolabel"
    return {
        "type": "UsageError",
        "message": error.format_message(),
        "problems": [],
        "remedy": f"{command} --help shows what it takes",
    }
