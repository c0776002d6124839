"""``retrolabel errors``: the items of dev gold whose label is wrong, with the words that voted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from retrolabel.cli.common import (
    SHORT_ID,
    JsonOption,
    StoreOption,
    TaskArgument,
    console,
    print_json,
    say,
    shown,
    workspace,
)
from retrolabel.errors import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from retrolabel.labeling.words import Span

SetOption = Annotated[
    str, typer.Option("--set", help="The label set: its id, the beginning of it, a tag, current, or latest.")
]
MOST_VOTES = 6
IN_A_PIPE = 300
"""Cells of a text that a pipe gets: --json has all of it."""


def errors(  # noqa: PLR0913 - the options of a command
    task: TaskArgument,
    lf: Annotated[str | None, typer.Option("--lf", help="Only items that this labeling function votes on.")] = None,
    gold: Annotated[str | None, typer.Option("--gold", help="Only items whose gold leaves this label.")] = None,
    label: Annotated[
        str | None,
        typer.Option(
            "--label", help='Only items with this label; or without one: "(no votes)", "(guessed)", "(tied)".'
        ),
    ] = None,
    slice_: Annotated[
        str | None, typer.Option("--slice", help='Only items of a slice: "comment has refund", "source is web".')
    ] = None,
    items: Annotated[int, typer.Option(min=1, help="How many are shown; --json has all.")] = 10,
    set_: SetOption = "latest",
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the items of dev gold whose label is wrong, the surest first, and the words that made LFs vote.

    An item that the label model was fitted with is judged by a fit without it. Test gold is not looked at.

    Example: retrolabel errors issue_type --gold bug --label feature
    """
    found = workspace(store).task(task).errors(gold=gold, label=label, lf=lf, slice=slice_, set=set_)
    if as_json:
        print_json([_as_dict(row) for row in found.to_dict("records")])
        return
    about = found.attrs
    what = " ".join(
        f"{name} {value}"
        for name, value in (("gold", gold), ("label", label), ("lf", lf), ("slice", slice_))
        if value is not None
    )
    say(
        f"{task}: {about['wrong']:,} of {counted(about['judged'], 'judged item')} wrong, of {about['items']:,} with dev"
        f" gold (label set {about['label_set'][:SHORT_ID]})"
    )
    if about["cross_fitted"]:
        say(f"  {about['cross_fitted']:,} of them were fitted: each is judged by a model that had not seen it")
    if what:
        say(f"  {what}: {counted(len(found), 'item')}")
    for row in found.head(items).to_dict("records"):
        say()
        _show(row, about["texts"])
    if len(found) > items:
        say()
        say(f"{len(found) - items:,} more: --items, --json; task.errors() has them as a frame")


def _show(row: Mapping[Any, Any], texts: Sequence[str]) -> None:
    """Print an item: its labels, its texts with the words marked, and the votes."""
    sure = "" if row["probability"] != row["probability"] else f" {row['probability']:.2f}"
    left = f"; votes leave {row['partial']}" if row["partial"] else ""
    say(f"{row['source']}/{row['item_id']}  gold {row['gold']}, label {row['label']}{sure}{left}")
    spans = [span for words in row["words"].values() for span in words]
    show_texts(row, texts, spans)
    votes = [f"{name} {vote}" for name, vote in row["votes"].items()]
    more = f", and {len(votes) - MOST_VOTES} more" if len(votes) > MOST_VOTES else ""
    say(f"  votes: {', '.join(votes[:MOST_VOTES]) or 'none'}{more}", indent="    ")


def show_texts(row: Mapping[Any, Any], texts: Sequence[str], spans: Iterable[Span]) -> None:
    """Print the texts of an item, a line each, with words marked; a column that is missing is left out.

    Args:
        row: Column -> value.
        texts: The columns.
        spans: The words.
    """
    from rich.text import Text  # noqa: PLC0415 - not needed for --help

    from retrolabel.cli.highlighting import highlighted  # noqa: PLC0415 - not needed for --help

    out, marked = console(), list(spans)
    colour = out.is_terminal and out.color_system is not None and not out.no_color
    for name in texts:
        value = row.get(name)
        if isinstance(value, str) and value.strip():
            head = f"  {shown(name)}: "
            width = max(20, out.width - len(head)) if out.is_terminal else IN_A_PIPE
            here = [span for span in marked if span.column == name]
            out.print(Text(head).append_text(highlighted(value, here, width=width, colour=colour)), soft_wrap=True)


def _as_dict(row: Mapping[Any, Any]) -> dict[str, Any]:
    """Return an item as plain data."""
    words = {lf: [span._asdict() for span in spans] for lf, spans in row["words"].items()}
    partial = row["partial"].split("|") if row["partial"] else None
    return {**row, "gold": row["gold"].split("|"), "partial": partial, "words": words}
