"""Versions of what is not the project's own, and of what that requires."""

from __future__ import annotations

from retrolabel.discovery.packages import OUR_NAME, Packages


def packages(**requires):
    """Return packages that are installed: name -> what each requires; the version is made of the name."""
    made = Packages()
    made._found = {name: (f"1.{len(name)}", tuple(names)) for name, names in requires.items()}
    return made


def test_what_a_package_requires_is_followed_to_the_end():
    found = packages(top=["middle"], middle=["low", "other"], low=["lowest"], lowest=[], other=[])
    assert found.required("top") == {"low": "1.3", "lowest": "1.6", "middle": "1.6", "other": "1.5"}


def test_a_circle_of_requirements_ends():
    assert packages(a=["b"], b=["a", "c"], c=["b"]).required("a") == {"a": "1.1", "b": "1.1", "c": "1.1"}


def test_what_is_not_installed_and_we_ourselves_are_left_out():
    found = packages(top=["gone", OUR_NAME], **{OUR_NAME: ["low"]}, low=[])
    found._found["gone"] = None
    assert found.required("top") == {}


def test_what_only_an_extra_requires_is_left_out(tmp_path, monkeypatch):
    folder = tmp_path / "has_extras-1.0.dist-info"
    folder.mkdir()
    needs = "Requires-Dist: Low_One (>=1)\nRequires-Dist: docs-only ; extra == 'docs'\nProvides-Extra: docs\n"
    (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: has-extras\nVersion: 1.0\n{needs}")
    monkeypatch.syspath_prepend(tmp_path)
    assert Packages().version("Has.Extras") == ("1.0", ("low-one",))


def test_the_distributions_behind_a_module_are_in_order_and_each_is_named_once(monkeypatch):
    names = [f"Part_{letter}" for letter in "hgfedcba"]
    monkeypatch.setattr(
        "retrolabel.discovery.packages._homes", lambda: {"parts": [*names, "part.h"], "other": ["other"]}
    )
    assert Packages().distributions("parts.inner") == tuple(f"part-{letter}" for letter in "abcdefgh")
    assert Packages().distributions("nowhere") == ()
