"""``retrolabel lf errors``: where labeling functions are against gold, or against what the others are sure of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from retrolabel.cli.common import TAKEN_FROM_GOLD, JsonOption, StoreOption, console, print_json, say, table, workspace
from retrolabel.cli.errors import SetOption, show_texts
from retrolabel.cli.lfs import LfsArgument, task_and_lf
from retrolabel.errors import counted

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd


def errors(  # noqa: PLR0913 - the options of a command
    lf: LfsArgument,
    items: Annotated[int, typer.Option(min=1, help="How many of each kind are shown; --json has more.")] = 10,
    sure: Annotated[
        float, typer.Option(min=0.5, max=1.0, help="The probability from which on the others are sure.")
    ] = 0.9,
    set_: SetOption = "latest",
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show where a labeling function votes against dev gold, and where it is against what the others are sure of.

    The others: the label set's model as if this labeling function were not there, on items without gold. They may be
    wrong; people decide. Without LF: how many of each, the most against gold first. Test gold is not looked at.

    Example: retrolabel lf errors issue_type:asks_how
    """
    ws = workspace(store)
    name, wanted = task_and_lf(ws, lf, "errors")
    found = ws.task(name).lf_errors(wanted or None, sure=sure, set=set_)
    if as_json:
        counts = found.attrs["counts"]
        print_json(
            {
                "task": name,
                "label_set": found.attrs["label_set"],
                "sure": sure,
                "counts": counts,
                "errors": _plain(found),
            }
        )
    elif wanted:
        _show_one(wanted, found, items)
    else:
        _show_all(name, found)


def _show_all(task: str, found: pd.DataFrame) -> None:
    counts = found.attrs["counts"]
    order = sorted(counts, key=lambda lf: (-counts[lf]["against_gold"], -counts[lf]["against_others"], lf))
    titles = ["LF", "against gold", "of", "against others"]
    rows = [
        (lf, each["against_gold"], each["votes_on_gold"], each["against_others"])
        for lf in order
        for each in [counts[lf]]
    ]
    console().print(table(f"{task}: votes against gold, and against the others", titles, rows, right=titles[1:]))
    say("against gold, of: votes on dev gold that leave none of its labels, of how many")
    sure = f"{found.attrs['sure']:.2f}"
    say(f"against others: votes on other items where the others are {sure} sure or more of another label")
    say(TAKEN_FROM_GOLD)
    if order:
        say(f"Next: retrolabel lf errors {task}:{order[0]}")


def _show_one(lf: str, found: pd.DataFrame, items: int) -> None:
    counts = found.attrs["counts"][lf]
    say(f"{lf}: {counts['against_gold']:,} of {counted(counts['votes_on_gold'], 'vote')} on dev gold are against it")
    _show_items(found, "gold", items, counts["against_gold"])
    say()
    others = counted(counts["against_others"], "item")
    say(f"{others} without gold where the others are {found.attrs['sure']:.2f} sure or more of another label")
    _show_items(found, "others", items, counts["against_others"])


def _show_items(found: pd.DataFrame, against: str, items: int, count: int) -> None:
    some = found[found["against"] == against].head(items) if len(found) else found
    for row in some.to_dict("records"):
        said = f"gold {row['says']}" if against == "gold" else f"others {row['says']} {row['probability']:.2f}"
        say()
        say(f"{row['source']}/{row['item_id']}  voted {row['vote']}, {said}")
        show_texts(row, found.attrs["texts"], row["words"])
    if count > len(some):
        say()
        say(f"{count - len(some):,} more: --items, --json")


def _plain(found: pd.DataFrame) -> list[dict[str, Any]]:
    return [_as_dict(row) for row in found.to_dict("records")]


def _as_dict(row: Mapping[Any, Any]) -> dict[str, Any]:
    sets = {name: row[name].split("|") for name in ("vote", "says")}
    return {**row, **sets, "words": [span._asdict() for span in row["words"]]}
