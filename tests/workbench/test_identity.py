"""Whose name is kept with what is saved."""

from __future__ import annotations

import getpass

import pytest

from segbench.workbench.identity import VARIABLE, current_user


@pytest.mark.parametrize(
    ("given", "name"),
    [("Ada", "Ada"), ("  Ada \n Lovelace ", "Ada Lovelace"), ("a\x00b", "ab"), ("", "")],
)
def test_the_variable_says_who_it_is(
    monkeypatch: pytest.MonkeyPatch, given: str, name: str
) -> None:
    monkeypatch.setattr("os.environ", {VARIABLE: given})
    assert current_user() == name


def test_without_it_the_systems_user_is_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setattr(getpass, "getuser", lambda: "x" * 200)
    assert current_user() == "x" * 120


def test_a_user_without_a_name_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> str:
        raise OSError("No username set in the environment")

    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setattr(getpass, "getuser", fail)
    assert current_user() == ""
