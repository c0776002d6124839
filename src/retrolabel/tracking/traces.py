"""MLflow's traces as values of our own: read page by page, oldest first."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from retrolabel.errors import InputError, did_you_mean
from retrolabel.jobs.records.traces import JUDGE, PERSON, Assessment, Experiment, Page, Trace
from retrolabel.tracking.conversations import request_text, response_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrolabel.tracking.server import Server

PAGE = 100
"""Traces that are asked for at once: with their spans, a server of its own database takes a second for them."""
PREVIEWS = 500
"""The same without their spans."""
UNDER_WAY = "IN_PROGRESS"
HUMAN = "HUMAN"
SESSION, USER, TOKENS = "mlflow.trace.session", "mlflow.trace.user", "mlflow.trace.tokenUsage"
NAME = "mlflow.traceName"


def find_experiment(server: Server, asked: str) -> Experiment:
    """Return an experiment by its name or id.

    Args:
        server: Where it is.
        asked: Its name, or its id.

    Raises:
        InputError: There is none; with those that there are.
        TrackerError: The server does not say.
    """

    def work(_mlflow: object, client: Any) -> tuple[Any, list[str]]:  # noqa: ANN401 - an MlflowClient
        found = client.get_experiment_by_name(asked)
        there = [] if found is not None else client.search_experiments(max_results=PREVIEWS)
        found = found or next((each for each in there if each.experiment_id == asked), None)
        return found, [each.name for each in there]

    found, names = server.ask("gave no experiment", work)
    if found is None:
        raise InputError(
            f"MLflow at {server.told} has no experiment {asked!r}.{did_you_mean(asked, names)}",
            remedy=f"it has {', '.join(sorted(names)) or 'none'}; --experiment takes a name or an id",
        )
    return Experiment(str(found.experiment_id), str(found.name))


def pages(server: Server, experiment: Experiment, since: datetime | None = None) -> Iterator[Page]:
    """Yield the traces of an experiment, oldest first.

    Args:
        server: Where they are.
        experiment: The experiment.
        since: The earliest time of a request; from the first if left out.

    Raises:
        TrackerError: The server does not give them; those of the pages before are right.
    """
    for found in _raw_pages(server, experiment, since, size=PAGE, spans=True):
        ended = [each for each in found if _state(each.info) != UNDER_WAY]
        yield Page(tuple(_trace(each) for each in ended), len(found) - len(ended))


def infos(server: Server, experiment: Experiment, since: datetime | None = None) -> Iterator[list[Any]]:
    """Yield what MLflow says of the traces of an experiment, without what was asked and answered.

    Args:
        server: Where they are.
        experiment: The experiment.
        since: The earliest time of a request.
    """
    for found in _raw_pages(server, experiment, since, size=PREVIEWS, spans=False):
        yield [each.info for each in found]


def whole(server: Server, experiment: Experiment, since: datetime | None = None) -> Iterator[list[Any]]:
    """Yield the traces of an experiment as MLflow has them, with their spans.

    Args:
        server: Where they are.
        experiment: The experiment.
        since: The earliest time of a request.
    """
    yield from _raw_pages(server, experiment, since, size=PAGE, spans=True)


def _raw_pages(
    server: Server, experiment: Experiment, since: datetime | None, *, size: int, spans: bool
) -> Iterator[list[Any]]:
    token: str | None = None
    earliest = int(since.timestamp() * 1000) if since is not None else 0

    def work(_mlflow: object, client: Any) -> Any:  # noqa: ANN401 - an MlflowClient, and a list of its own
        return client.search_traces(
            locations=[experiment.id],
            filter_string=f"timestamp_ms >= {earliest}",
            order_by=["timestamp_ms ASC"],
            max_results=size,
            page_token=token,
            include_spans=spans,
        )

    while True:
        found = server.ask(f"gave no traces of {experiment.name}", work)
        yield list(found)
        token = found.token
        if not token:
            return


def _state(info: Any) -> str:  # noqa: ANN401 - MLflow's
    return str(getattr(info.state, "value", info.state))


def _trace(found: Any) -> Trace:  # noqa: ANN401 - MLflow's
    info = found.info
    root = next((span for span in found.data.spans if span.parent_id is None), None)
    told = info.trace_metadata
    tokens = _tokens(told.get(TOKENS))
    return Trace(
        info.trace_id,
        _time(info.request_time),
        request_text(root.inputs) if root is not None else info.request_preview,
        response_text(root.outputs) if root is not None else info.response_preview,
        _state(info),
        info.execution_duration / 1000 if info.execution_duration is not None else None,
        info.tags.get(NAME),
        told.get(SESSION),
        told.get(USER),
        tokens.get("input_tokens"),
        tokens.get("output_tokens"),
        tuple(_assessments(info, root)),
    )


def _assessments(info: Any, root: Any) -> Iterator[Assessment]:  # noqa: ANN401 - MLflow's
    """Yield what is said of the trace as a whole, and what nobody overrode since."""
    whole = (None, "", root.span_id if root is not None else None)
    for each in info.assessments:
        said = each.feedback or each.expectation
        if each.valid is False or said is None or each.span_id not in whole:
            continue
        yield Assessment(
            str(each.assessment_id),
            each.name,
            said.value,
            PERSON if each.source.source_type == HUMAN else JUDGE,
            each.source.source_id or "",
            _time(each.last_update_time_ms or each.create_time_ms),
            each.rationale,
        )


def _time(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def _tokens(told: str | None) -> dict[str, int]:
    """Return how many tokens a trace says that its models took; nothing where it does not say it."""
    try:
        found = json.loads(told) if told else {}
    except ValueError:
        return {}
    if not isinstance(found, dict):
        return {}
    return {name: many for name, many in found.items() if isinstance(many, int)}
