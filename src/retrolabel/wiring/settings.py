"""What a project says of itself: ``[tool.retrolabel]`` or ``retrolabel.toml``, overridden by ``RETROLABEL_*``."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from retrolabel.errors import Problem, SettingsError, nearest
from retrolabel.masking import remember_secret, remember_secrets, without_secrets
from retrolabel.wiring.task_settings import TaskSettings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pydantic_settings import PydanticBaseSettingsSource

FILES = ("retrolabel.toml", "pyproject.toml")
DEFAULT_STORE = ".retrolabel"
URL_LIKE = re.compile(r"[A-Za-z][\w+.\-]+:/")
"""How a URL begins, even one whose slashes a path has made fewer."""
SECRET_VARIABLES = (
    "MLFLOW_TRACKING_PASSWORD", "MLFLOW_TRACKING_TOKEN", "PGPASSWORD", "MYSQL_PWD", "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN", "AZURE_STORAGE_KEY", "AZURE_STORAGE_ACCOUNT_KEY", "AZURE_STORAGE_CONNECTION_STRING",
)  # fmt: skip
"""Variables of the environment that hold a secret and nothing else; those with a URL are looked at as settings are."""
URL_VARIABLES = ("RETROLABEL_", "MLFLOW_", "FSSPEC_")
OURS = "Value error, "
"""What pydantic puts before a sentence of ours."""
MISPLACED = ("extra_forbidden", "model_type")
"""What pydantic says of a setting that stands in a wrong table."""


class Settings(BaseSettings):
    """The settings of a project.

    Attributes:
        store: The directory of the store, relative to the project.
        catalog: An SQLAlchemy URL; ``catalog.db`` in the store if left out.
        objects: A URL of fsspec under which feedback, votes and label sets lie, as ``s3://bucket/retrolabel``,
            for workers on other hosts, or a directory, relative to the project; the store's if left out.
        label_model: The label model that a relabel takes unless told otherwise.
        max_fault_rate: The share of items on which an LF may fail before no label set is made.
        tracking: Whether runs are reported to MLflow; where it is not installed, a relabel says so once.
        tracking_timeout: Seconds that an MLflow server has in all, after the labels are stored and shown; 0 is for
            ever. ``retrolabel track --resend`` sends later what it did not take.
        events_timeout: Seconds that somebody who is told of an event may take to answer.
        engine: Where labeling functions run. ``auto`` (the default) runs up to 100,000 calls in this
            process, and more as ``local`` does: in worker processes. ``local`` isolates: an LF that kills
            its process is named, where ``serial`` dies with it; the store is sound either way.
            ``serial`` lets a debugger in; ``dask`` is for a cluster.
        workers: How many worker processes; 0 is one for each processor.
        dask: The address of a Dask scheduler; without one, ``dask`` makes a cluster of this machine.
        timeout: Seconds that an LF may take for one segment before the relabel fails; 0 is for ever.
        tasks: Settings of single tasks.
    """

    model_config = SettingsConfigDict(env_prefix="RETROLABEL_", env_nested_delimiter="__", extra="forbid")

    store: Path = Path(DEFAULT_STORE)
    catalog: str | None = None
    objects: str | None = None
    label_model: str = "label_model"
    max_fault_rate: float = Field(default=0.01, ge=0, le=1)
    tracking: bool = True
    tracking_timeout: float = Field(default=10, ge=0, allow_inf_nan=False)
    events_timeout: float = Field(default=10, gt=0, allow_inf_nan=False)
    engine: str = "auto"
    workers: int = Field(default=0, ge=0)
    dask: str | None = None
    timeout: float = Field(default=600, ge=0, allow_inf_nan=False)
    tasks: dict[str, TaskSettings] = Field(default_factory=dict)

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        """Yield what the settings are shown as: without passwords and tokens."""
        for name, value in super().__repr_args__():
            yield name, without_secrets(value) if isinstance(value, str) else value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the signature is pydantic's
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the same
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the same
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment override the file."""
        return env_settings, init_settings


def find_project(start: Path) -> Path | None:
    """Return the nearest folder, from ``start`` upwards, that has settings of retrolabel."""
    for folder in (start, *start.parents):
        if any(_table(folder / name) is not None for name in FILES):
            return folder
    return None


def load_settings(project: Path | None) -> Settings:
    """Return the settings of a project (of no project: defaults and environment).

    Raises:
        SettingsError: A setting is unknown or has a wrong value; all of them.
    """
    written, where = written_in(project)
    remember_all(written)
    try:
        return Settings(**written)
    except (ValidationError, ValueError, TypeError, RecursionError) as error:
        details = error.errors() if isinstance(error, ValidationError) else []
        problems = [
            _problem([str(part) for part in found["loc"]], found["type"], found["msg"], where) for found in details
        ]
        raise SettingsError(
            f"Settings in {where} (or RETROLABEL_* in the environment) are wrong.",
            problems=problems or [Problem("settings", _told(error))],
            remedy=f"settings are {', '.join(Settings.model_fields)}",
        ) from None


def written_in(project: Path | None) -> tuple[dict[str, Any], str]:
    """Return what the settings file of a project says, and where that is; nothing of no project.

    Raises:
        SettingsError: It is no TOML.
    """
    for name in FILES if project else ():
        table = _table(project / name)  # type: ignore[operator]  # a project, says the loop
        if table is not None:
            return table, str(project / name)  # type: ignore[operator]  # the same
    return {}, "the environment"


def remember_all(written: dict[str, Any]) -> None:
    """Keep the passwords and tokens of settings and environment in mind, so that no word of ours shows them.

    Args:
        written: The settings as they were read.
    """
    for text in _texts(written):
        remember_secrets(text)
    for name, value in os.environ.items():
        if name in SECRET_VARIABLES:
            remember_secret(value)
        elif name.startswith(URL_VARIABLES):
            remember_secrets(value)


def _texts(value: Any) -> Iterator[str]:  # noqa: ANN401 - what TOML holds
    """Yield every text in what a settings file says, at any depth."""
    left = [value]
    while left:
        found = left.pop()
        if isinstance(found, str):
            yield found
        elif isinstance(found, dict):
            left.extend(found.values())
        elif isinstance(found, list):
            left.extend(found)


def store_path(settings: Settings, project: Path | None, asked: Path | None) -> Path:
    """Return where the store is: ``--store``, else ``RETROLABEL_STORE``, else the project's.

    Raises:
        SettingsError: There is neither a store named nor a project.
    """
    named = asked if asked is not None else settings.store
    if URL_LIKE.match(str(named)):
        raise SettingsError(
            f"The store is a directory of this machine, and {named} is a URL.",
            remedy="a URL belongs to the setting objects (the files go there) or catalog (postgresql://...)",
        )
    if asked is not None:
        return asked.absolute()
    if os.environ.get("RETROLABEL_STORE"):
        return settings.store.absolute()
    if project is None:
        raise SettingsError(
            f"There is no project here: no retrolabel.toml or [tool.retrolabel] in {Path.cwd()} or above.",
            remedy="retrolabel init makes one; or name a store with --store or RETROLABEL_STORE",
        )
    return (project / settings.store).absolute()


def _problem(place: Sequence[str], kind: str, message: str, where: str) -> Problem:
    """Return what is wrong with a setting in words that need no knowledge of pydantic.

    Args:
        place: The tables that it is in, and its name.
        kind: What kind of error pydantic calls it.
        message: What pydantic says.
        where: The file.
    """
    setting = ".".join(place)
    if kind not in MISPLACED:
        return Problem(setting, message.removeprefix(OURS))
    home = _home(place, where)
    if home:
        return Problem(setting, "it is no setting of this table", home)
    if kind != "extra_forbidden":
        return Problem(setting, message)
    near = nearest(place[-1], _known(place))
    return Problem(setting, "there is no such setting", f"did you mean {near}?" if near else "delete the line")


def _known(place: Sequence[str]) -> list[str]:
    """Return the settings of the table that a setting stands in."""
    if place[0] != "tasks":
        return list(Settings.model_fields)
    table: type[BaseModel] = TaskSettings
    for name in place[2:-1]:
        kind = table.model_fields[name].annotation if name in table.model_fields else None
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            table = kind
    return list(table.model_fields)


def _told(error: Exception) -> str:
    return "it is nested too deeply" if isinstance(error, RecursionError) else str(error)


def _home(place: Sequence[str], where: str) -> str:
    """Return where a setting belongs that stands in a wrong table; nothing, if there is no setting of that name."""
    packaged = where.endswith("pyproject.toml")
    if place[0] == "tasks" and place[-1] in Settings.model_fields:
        top = "under [tool.retrolabel]" if packaged else "at the top of retrolabel.toml, above the first [table]"
        return f"write it {top}"
    if place[-1] in TaskSettings.model_fields:
        return f"write it under [{'tool.retrolabel.' if packaged else ''}tasks.NAME]"
    return ""


def _table(path: Path) -> dict[str, Any] | None:
    """Return the settings in a file, or ``None`` if it has none."""
    if not path.is_file():
        return None
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(
            f"{path} cannot be read: {error.strerror or error}.", remedy="give yourself permission to read it"
        ) from error
    except (ValueError, RecursionError) as error:
        if path.name == "pyproject.toml" and "retrolabel" not in path.read_text(encoding="utf-8", errors="replace"):
            return None
        raise SettingsError(
            f"{path} is no TOML: {_told(error)}.",
            remedy='write NAME = VALUE, texts in quotes, as store = ".retrolabel"',
        ) from error
    if path.name == "pyproject.toml":
        tools = content.get("tool", {})
        table = tools.get("retrolabel") if isinstance(tools, dict) else None
        if table is not None and not isinstance(table, dict):
            raise SettingsError(
                f"tool.retrolabel in {path} is no table.", remedy="write [tool.retrolabel] above settings"
            )
        return table
    return content
