"""A manifest names what made a label set, and what was seen of it."""

from __future__ import annotations

import pytest


@pytest.fixture
def ws(project):
    ws = project.open()
    ws.feedback.ingest(project.feedback(), "web")
    return ws


def test_a_manifest_names_schema_functions_model_segments_and_gold(project, ws):
    labels = {n: "good" if n % 2 else "bad" for n in range(30)}
    ws.task("mood").gold.import_file(project.gold(labels), "web", role="dev", sampling="random")
    report = ws.task("mood").relabel()
    manifest = ws.task("mood").label_set().manifest
    inputs, recorded = manifest["inputs"], manifest["recorded"]
    assert set(inputs["schema"]) == {"version", "labels", "shape", "meaning"}
    assert [lf["name"] for lf in inputs["lfs"]] == [lf["name"] for lf in recorded["lfs"]]
    assert all(lf["key"] and lf["source"] for lf in recorded["lfs"])
    assert inputs["label_model"]["name"] == "label_model"
    assert inputs["gold"]["items"] == 30
    assert [part["id"] for part in inputs["segments"]] == [part["id"] for part in manifest["outputs"]["segments"]]
    assert {"retrolabel", "python", "packages", "git"} <= set(recorded["environment"])
    assert recorded["started"]
    assert recorded["gold"]["dev"] == report.dev.as_dict()
    assert recorded["gold"]["dev"]["cross_fitted"] == 30
