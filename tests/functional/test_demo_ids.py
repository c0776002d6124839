"""The demo's label sets have the ids that they had: what an id is the hash of did not change.

``data/demo_ids.json`` holds the ids, the hashes of the labels, and the package versions that they hold for. A key of a
labeling function depends on the versions of all packages that it reaches, and labels on numpy's sums and the processor:
where one of them differs, that part is skipped with its name. What depends on neither is compared everywhere.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from numpy._core._multiarray_umath import __cpu_features__

from retrolabel.schema.fingerprints import digest
from retrolabel.wiring import demo

PINNED = json.loads((Path(__file__).parent / "data" / "demo_ids.json").read_text(encoding="utf-8"))
ITEMS, SEED = 2_000, 0
pytestmark = pytest.mark.slow


def of(label_set) -> dict[str, object]:
    """Return what is pinned of a label set."""
    manifest = label_set.manifest
    inputs = manifest["inputs"]
    without_keys = {**inputs, "lfs": [{k: v for k, v in lf.items() if k != "key"} for lf in inputs["lfs"]]}
    reached = {
        path.rpartition(" > ")[2].removeprefix("requires ").removeprefix("package "): version
        for lf in manifest["recorded"]["lfs"]
        for path, version in lf["depends"].items()
        if path.rpartition(" > ")[2].startswith(("python", "package ", "requires "))
    }
    numerics = {name: manifest["recorded"]["environment"]["packages"][name] for name in ("numpy", "scipy")}
    numerics["simd"] = " ".join(name for name, there in sorted(__cpu_features__.items()) if there)
    return {
        "id": label_set.id,
        "labels_hash": manifest["outputs"]["labels_hash"],
        "inputs_without_lf_keys": digest(without_keys),
        "reached": dict(sorted(reached.items())),
        "numerics": numerics,
    }


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """What is pinned, of the label sets of a demo as this code makes them: version -> values."""
    folder = tmp_path_factory.mktemp("demo") / "told"
    story = next(story for chapter, story in demo.tell(folder, ITEMS, SEED) if chapter == "relabelled")
    task = demo.open_workspace(folder).task(demo.TASK)
    return {
        report.label_set.schema_version: of(task.label_set(report.label_set.id))
        for report in (story.before, story.after)
    }


@pytest.mark.parametrize("version", ["1.0.0", "2.0.0"])
def test_the_inputs_of_the_demo_hash_as_they_did_whatever_is_installed(version, made):
    assert made[version]["inputs_without_lf_keys"] == PINNED[version]["inputs_without_lf_keys"]


@pytest.mark.parametrize("version", ["1.0.0", "2.0.0"])
def test_the_label_sets_of_the_demo_have_the_ids_that_they_had(version, made):
    now, then = made[version]["reached"], PINNED[version]["reached"]
    other = sorted(name for name in now.keys() | then.keys() if now.get(name) != then.get(name))
    if other:
        pytest.skip(f"the ids are pinned for other versions of {', '.join(other[:5])}")
    assert made[version]["id"] == PINNED[version]["id"]


@pytest.mark.parametrize("version", ["1.0.0", "2.0.0"])
def test_the_labels_of_the_demo_are_the_same_to_the_bit(version, made):
    if made[version]["numerics"] != PINNED[version]["numerics"]:
        pytest.skip(f"the labels are pinned for {PINNED[version]['numerics']}")
    assert made[version]["labels_hash"] == PINNED[version]["labels_hash"]
