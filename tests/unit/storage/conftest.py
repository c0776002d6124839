"""A catalog in each database that it may be in."""

from __future__ import annotations

import pytest

from retrolabel.storage.catalog import SqlCatalog


@pytest.fixture(params=["sqlite", "postgresql"])
def catalog_url(request, tmp_path):
    """The URL of a catalog with nothing in it: of a file, or of a database of a server."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'catalog.db'}"
    return request.getfixturevalue("postgres").catalog()


@pytest.fixture
def catalog(catalog_url):
    return SqlCatalog(catalog_url)
