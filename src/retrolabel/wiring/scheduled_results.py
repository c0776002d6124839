"""What came of a scheduled job: read off what its processes printed."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from retrolabel.jobs.records.schedules import DONE, FAILED, HELD
from retrolabel.jobs.schedules.running import Result
from retrolabel.masking import without_secrets

if TYPE_CHECKING:
    import subprocess


def and_trained(result: Result, done: subprocess.CompletedProcess[str]) -> Result:
    """Return what came of a relabel and of the training after it; labels are current, whatever became of the model.

    Args:
        result: What came of the relabel.
        done: What ``train --json`` left.
    """
    log = without_secrets(done.stderr.strip())
    try:
        said: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        said = {}
    if "model" in said:
        why = f"model {said['model'][:12]} was trained on it"
    else:
        why = (
            f"no model was trained: {(said.get('error') or {}).get('message') or log or f'exit code {done.returncode}'}"
        )
    return replace(result, why=f"{result.why}; {why}", log=f"{result.log}\n{log}".strip())


def result_of(code: int, out: str, err: str) -> Result:
    """Return what came of a relabel in a process of its own.

    Args:
        code: Its exit code.
        out: What it printed: JSON.
        err: What it wrote to standard error.
    """
    log = without_secrets(err.strip())
    try:
        said: dict[str, Any] = json.loads(out)
    except ValueError:
        said = {}
    label_set = said.get("label_set", {}).get("id")
    if label_set is None:
        last = log.splitlines()[-1] if log else f"it ended with {code} and said nothing"
        error = said.get("error") or {}
        return Result(FAILED, str(error.get("message") or last), log=log)
    short, version = label_set[:12], said["label_set"]["schema"]
    if said["status"] == "current":
        return Result(DONE, f"label set {short} ({version}) is current: {said['why']}", label_set, log)
    return Result(HELD, f"label set {short} ({version}) is a candidate: {said['why']}", label_set, log)
