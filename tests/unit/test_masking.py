"""Secrets in URLs, in settings and in other people's words."""

from __future__ import annotations

import pytest

from retrolabel import masking
from retrolabel.errors import Problem, StoreError
from retrolabel.masking import remember_secrets, without_remembered, without_secrets


@pytest.fixture(autouse=True)
def _nothing_remembered(monkeypatch):
    monkeypatch.setattr(masking, "_remembered", {})


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("postgresql://ann:p@ss:w/rd%40@db/labels", "postgresql://ann:***@db/labels"),
        ("postgresql+psycopg://ann:pw@db:5432/labels", "postgresql+psycopg://ann:***@db:5432/labels"),
        ("postgresql://db:5432/x?user=ann&password=p@ss:w/rd%40&a=1", "postgresql://db:5432/x?user=ann&password=***&a=1"),
        ("s3://key:secret@bucket/path", "s3://key:***@bucket/path"),
        ("s3:/key:secret@bucket", "s3:/key:***@bucket"),
        ("redis://:pw@host", "redis://:***@host"),
        ("https://user:token@host/runs", "https://user:***@host/runs"),
        ("https://ghp_1234@host", "https://***@host"),
        ("https://token:@host", "https://***@host"),
        ("https://host/x?sig=abc%2F&sv=1", "https://host/x?sig=***&sv=1"),
        ("mssql+pyodbc:///?odbc_connect=UID%3Du%3BPWD%3Dse%2Fc%3BA%3D1", "mssql+pyodbc:///?odbc_connect=UID%3Du%3BPWD%3D***%3BA%3D1"),
        ("host=db password=abc dbname=x", "host=db password=*** dbname=x"),
    ],
)  # fmt: skip
def test_a_password_a_token_and_a_key_are_three_stars_wherever_a_url_holds_them(written, shown):
    assert without_secrets(f"at '{written}', it said") == f"at '{shown}', it said"


@pytest.mark.parametrize(
    "text",
    [
        "https://host/a/@user",
        "postgresql://USER@HOST/NAME",
        "sqlite:////home/a@b/catalog.db",
        "file:///a:b/c@d",
        "abfs://container@account.dfs.core.windows.net/x",
        "ann@example.org said: no",
        "a key of an LF: 3f2a",
    ],
)
def test_what_is_no_secret_stays_as_it_is(text):
    remember_secrets(text)
    assert without_secrets(text) == text


def test_a_part_of_a_settings_password_is_found_in_any_words_raw_and_decoded():
    remember_secrets("postgresql://ann:Tr0ub%2Fdor@db/labels")
    assert without_secrets("no login with Tr0ub/dor, nor Tr0ub%2Fdor") == "no login with ***, nor ***"
    remember_secrets("s3://AKIA:hunter22@bucket")
    assert without_secrets('Invalid bucket name "AKIA:hunter22@bucket"') == 'Invalid bucket name "***@bucket"'


def test_a_password_that_is_a_word_or_a_name_of_its_url_does_not_blot_out_other_words():
    remember_secrets("postgresql://retrolabel:retrolabel@db/retrolabel")
    remember_secrets("postgresql://ann:password@db/x")
    assert without_secrets("retrolabel relabel mood; the password of x") == "retrolabel relabel mood; the password of x"


def test_the_urls_of_peoples_data_are_not_touched_where_only_settings_are_masked():
    remember_secrets("postgresql://ann:hunter22@db/x")
    assert without_remembered("https://a:b@c?token=1 hunter22") == "https://a:b@c?token=1 ***"


def test_an_error_holds_no_secret_in_message_problems_and_remedy():
    url = "s3://key:secret@bucket"
    error = StoreError(f"{url} is gone.", problems=[Problem(url, f"no {url}", f"mend {url}")], remedy=f"open {url}")
    assert "secret" not in str(error) + repr(error) + repr(error.problems)
    assert str(error).splitlines()[0] == "s3://key:***@bucket is gone."


def test_a_remedy_that_is_to_be_copied_keeps_a_label_that_is_called_password():
    remedy = '--map-label "forgot password=account_access"'
    error = StoreError("It fails.", remedy=remedy, problems=[Problem("line 2", "sslpassword=hunter22", remedy)])
    assert (error.remedy, error.problems[0].remedy) == (remedy, remedy)
    assert error.problems[0].what == "sslpassword=***"
