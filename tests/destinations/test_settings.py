"""`destinations.json`: what it takes, and that no secret gets into it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from segbench.destinations.secret import Secret, find_secret, without
from segbench.destinations.settings import (
    FILE,
    KINDS,
    destination,
    find_entry,
    read_destinations,
    setting_names,
    write_destinations,
)
from segbench.errors import DeliveryError

HOOK = {"kind": "webhook", "url": "https://example.com/in", "secret": "env:HOOK_KEY", "batch": 10}
MAIL = {
    "kind": "mailchimp",
    "server": "us6",
    "audience": "abc",
    "secret": "keyring:mailchimp/me",
    "tags": ["a"],
    "merge_fields": {"PLAN": "plan"},
}


def made(entry: dict[str, Any], name: str = "it") -> Any:
    return destination(name, entry, clock=lambda: dt.datetime.now(dt.UTC))


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    entries = {"hook": HOOK, "mail": MAIL, "share": {"kind": "folder", "path": "/mnt/x"}}
    write_destinations(tmp_path, entries)
    assert read_destinations(tmp_path) == entries
    assert [made(entry, name).name for name, entry in entries.items()] == list(entries)
    assert made(MAIL).tags == ("a",)


def test_a_workspace_without_the_file_has_no_destinations(tmp_path: Path) -> None:
    assert read_destinations(tmp_path) == {}


@pytest.mark.parametrize("text", ["{", "[]", '{"format": 2, "destinations": {}}', '{"format": 1}'])
def test_a_damaged_file_is_said_to_be(text: str, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(text)
    with pytest.raises(DeliveryError, match=r"destinations\.json in .* is damaged"):
        read_destinations(tmp_path)


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ({"kind": "fax"}, "it: kind is one of folder, s3, .*, not 'fax'"),
        ({"kind": "webhook", "url": "https://a.example"}, "webhook needs the setting 'secret'"),
        (HOOK | {"urll": "x"}, "webhook has no setting 'urll'; did you mean 'url'"),
        (HOOK | {"batch": "many"}, "the setting 'batch' has a value of the wrong type"),
        (HOOK | {"batch": 0}, "A batch has 1 to 10,000 recipients"),
        (MAIL | {"server": "evil.example/"}, "A Mailchimp server is like us6"),
        (MAIL | {"audience": "../x"}, "A Mailchimp audience is an id"),
        (MAIL | {"status": "vip"}, "status is one of subscribed"),
        ({"kind": "klaviyo", "secret": "env:K", "list": "a/b"}, "A Klaviyo list is an id"),
    ],
)
def test_a_wrong_setting_is_named(entry: dict[str, Any], why: str, tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match=why):
        write_destinations(tmp_path, {"it": entry})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("key", ["api_key", "password", "token", "secret_key"])
def test_a_secret_is_not_taken_under_any_name_and_not_repeated(key: str, tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match="a secret is never written down") as caught:
        write_destinations(tmp_path, {"it": HOOK | {key: "hunter2-hunter2"}})
    assert "hunter2" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", [kind for kind in KINDS if "secret" in setting_names(kind)])
def test_a_secret_in_the_place_of_its_place_is_refused_and_not_repeated(
    kind: str, tmp_path: Path
) -> None:
    whole: dict[str, dict[str, Any]] = {
        "s3": {"bucket": "abc", "access_key": "A"},
        "sftp": {"host": "h", "user": "u", "fingerprint": "SHA256:" + "a" * 43},
        "webhook": {"url": "https://a.example"},
        "mailchimp": {"server": "us6", "audience": "abc"},
        "klaviyo": {},
        "highlevel": {"location": "l1"},
    }
    entry = {"kind": kind, "secret": "hunter2-hunter2", **whole[kind]}
    with pytest.raises(DeliveryError, match="A secret is never written down") as caught:
        write_destinations(tmp_path, {"it": entry})
    assert "hunter2" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []
    write_destinations(tmp_path, {"it": entry | {"secret": "env:IT_KEY"}})


@pytest.mark.parametrize("name", ["", "a/b", "..", "x" * 41, "ü"])
def test_a_name_that_could_be_a_path_is_refused(name: str) -> None:
    with pytest.raises(DeliveryError, match="A destination is called by"):
        made(HOOK, name)


def test_a_destination_that_is_not_there_is_offered_near_ones() -> None:
    with pytest.raises(DeliveryError, match="There is no destination 'hok'; did you mean 'hook'"):
        find_entry({"hook": HOOK}, "hok")


def test_secrets_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOOK_KEY", "hunter2-hunter2")
    found = find_secret("env:HOOK_KEY")
    assert found.value == "hunter2-hunter2"
    assert "hunter2" not in f"{found} {found!r}"
    monkeypatch.delenv("HOOK_KEY")
    with pytest.raises(DeliveryError, match="variable HOOK_KEY is not set"):
        find_secret("env:HOOK_KEY")
    monkeypatch.setenv("HOOK_KEY", "ab")
    with pytest.raises(DeliveryError, match="too short"):
        find_secret("env:HOOK_KEY")


def test_secrets_come_from_a_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    import keyring
    from keyring.backend import KeyringBackend

    class Held(KeyringBackend):
        priority = 1

        def get_password(self, service: str, username: str) -> str | None:
            return {("mailchimp", "me"): "hunter2-hunter2"}.get((service, username))

        def set_password(self, *_: str) -> None:
            raise AssertionError("nothing is written")

    before = keyring.get_keyring()
    keyring.set_keyring(Held())
    try:
        assert find_secret("keyring:mailchimp/me").value == "hunter2-hunter2"
        with pytest.raises(DeliveryError, match="the keyring has nothing for 'you'"):
            find_secret("keyring:mailchimp/you")
    finally:
        keyring.set_keyring(before)


def test_a_secret_is_hidden_however_it_was_written() -> None:
    secret = Secret('a/b+c "d"')
    for shape in ('a/b+c "d"', "a%2Fb%2Bc%20%22d%22", "a%2Fb%2Bc+%22d%22", 'a/b+c \\"d\\"'):
        assert without(f"<{shape}>", [secret]) == "<•••>"
