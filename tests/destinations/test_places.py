"""Places that take files: a folder, an S3-compatible store, SFTP."""

from __future__ import annotations

import io
from pathlib import Path

import paramiko
import pytest

from destinations.s3_store import KEY_ID, S3Store
from destinations.services import SECRET, Answer, serving
from destinations.sftp_server import sftp_serving
from destinations.shipments import person, sent, sent_until_it_breaks, shipment
from segbench.destinations.folder import Folder
from segbench.destinations.s3 import S3
from segbench.destinations.sftp import Sftp
from segbench.destinations.shipment import Standing
from segbench.errors import DeliveryError

PEOPLE = [person(n) for n in range(3)]
NAMES = ["manifest.json", "recipients.csv", "recipients.parquet"]


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_KEY", SECRET)


@pytest.fixture
def target(tmp_path: Path) -> Path:
    (tmp_path / "there").mkdir()
    return tmp_path / "there"


def same(there: Path, here: Path) -> bool:
    assert sorted(path.name for path in there.iterdir()) == NAMES
    return all((there / name).read_bytes() == (here / name).read_bytes() for name in NAMES)


def test_a_folder_gets_the_files_the_manifest_last(tmp_path: Path, target: Path) -> None:
    what = shipment(tmp_path / "e", PEOPLE)
    steps = list(Folder("f", str(target)).send(what, Standing()))
    assert [step.done for step in steps] == [0, 0, 3]
    assert steps[-1].accepted == 3
    assert same(target / "e", what.folder)


def test_a_folder_that_has_some_of_it_gets_the_rest(tmp_path: Path, target: Path) -> None:
    what, place = shipment(tmp_path / "e", PEOPLE), Folder("f", str(target))
    begun = next(place.send(what, Standing()))
    (target / "e" / ".recipients.parquet.part").write_bytes(b"half")
    assert sent(place, what, begun).accepted == 3
    assert sent(place, what, begun).accepted == 3
    assert same(target / "e", what.folder)


def test_a_folder_keeps_what_is_there_already(tmp_path: Path, target: Path) -> None:
    what = shipment(tmp_path / "e", PEOPLE)
    (target / "e").mkdir()
    (target / "e" / "recipients.csv").write_text("mine")
    with pytest.raises(DeliveryError, match=r"recipients\.csv exists with other content"):
        sent(Folder("f", str(target)), what)
    assert (target / "e" / "recipients.csv").read_text() == "mine"


def test_a_file_that_changed_meanwhile_is_not_delivered(tmp_path: Path, target: Path) -> None:
    what = shipment(tmp_path / "e", PEOPLE)
    (what.folder / "recipients.csv").write_text("other")
    with pytest.raises(DeliveryError, match="is not what its manifest says"):
        sent(Folder("f", str(target)), what)
    assert list((target / "e").iterdir()) == []


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match="There is no folder"):
        sent(Folder("f", str(tmp_path / "gone")), shipment(tmp_path / "e", PEOPLE))
    with pytest.raises(DeliveryError, match="whole path"):
        Folder("f", "relative")


def s3(url: str, **more: str) -> S3:
    settings = {"prefix": "in/here", "secret": "env:A_KEY"} | more
    return S3("s", "my-bucket", KEY_ID, endpoint=url, private=True, **settings)


def test_a_store_gets_signed_objects_the_manifest_last(tmp_path: Path) -> None:
    what, store = shipment(tmp_path / "e", PEOPLE), S3Store()
    with serving(store) as service:
        done = sent(s3(service.url), what)
    assert (done.done, done.accepted) == (3, 3)
    assert list(store.objects) == [
        f"/my-bucket/in/here/e/{name}"
        for name in ("recipients.csv", "recipients.parquet", "manifest.json")
    ]
    for path, content in store.objects.items():
        assert content == (what.folder / path.rpartition("/")[2]).read_bytes()
    assert store.parts == {}


def test_a_store_is_not_sent_again_what_it_has(tmp_path: Path) -> None:
    what, store = shipment(tmp_path / "e", PEOPLE), S3Store()
    with serving(store) as service:
        begun = next(s3(service.url).send(what, Standing()))
        held = len(service.requests)
        sent(s3(service.url), what, begun)
        again = [r.path for r in service.requests[held:] if r.path.endswith("recipients.csv")]
    assert again == []
    assert len(store.objects) == 3


def test_a_store_that_is_given_a_wrong_secret_says_so_without_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("A_KEY", "not-the-secret")
    with serving(S3Store()) as service, pytest.raises(DeliveryError) as caught:
        sent(s3(service.url), shipment(tmp_path / "e", PEOPLE))
    assert "The bucket my-bucket cannot be written" in str(caught.value)
    assert "not-the-secret" not in str(caught.value)
    assert all(SECRET not in str(r.headers) for r in service.requests)


def test_a_store_that_fails_halfway_leaves_no_object_and_goes_on_later(tmp_path: Path) -> None:
    what, store = shipment(tmp_path / "e", PEOPLE), S3Store()
    with serving(store) as service:
        service.before = lambda r, _: Answer(403) if r.path.endswith(".parquet") else None
        kept = sent_until_it_breaks(s3(service.url), what)
        assert [path.rpartition("/")[2] for path in store.objects] == ["recipients.csv"]
        service.before = lambda _, __: None
        assert sent(s3(service.url), what, kept).accepted == 3
    assert len(store.objects) == 3


def test_sftp_gets_the_files_whole(tmp_path: Path, target: Path) -> None:
    what = shipment(tmp_path / "e", PEOPLE)
    with sftp_serving(target) as server:
        place = Sftp("s", "127.0.0.1", "me", "env:A_KEY", server.fingerprint, port=server.port)
        done = sent(place, what)
        begun = next(place.send(shipment(tmp_path / "f", PEOPLE), Standing()))
        (target / "f" / "recipients.parquet.part").write_bytes(b"half of a longer thing")
        sent(place, shipment(tmp_path / "f", PEOPLE), begun)
    assert (done.done, done.accepted) == (3, 3)
    assert same(target / "e", what.folder)
    assert same(target / "f", tmp_path / "f")


def test_sftp_takes_a_private_key(
    tmp_path: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, text = paramiko.RSAKey.generate(2048), io.StringIO()
    own.write_private_key(text)
    monkeypatch.setenv("A_KEY", text.getvalue())
    with sftp_serving(target) as server:
        server.known = own.get_base64()
        place = Sftp(
            "s", "127.0.0.1", "me", "env:A_KEY", server.fingerprint, port=server.port, login="key"
        )
        assert sent(place, shipment(tmp_path / "e", PEOPLE)).accepted == 3


def test_sftp_tells_no_other_server_the_password(tmp_path: Path, target: Path) -> None:
    with sftp_serving(target) as server:
        other = "SHA256:" + "A" * 43
        place = Sftp("s", "127.0.0.1", "me", "env:A_KEY", other, port=server.port)
        with pytest.raises(DeliveryError, match=r"has the key SHA256:.*; nothing was sent"):
            sent(place, shipment(tmp_path / "e", PEOPLE))
        assert server.passwords == []


def test_a_wrong_password_is_said_without_it(
    tmp_path: Path, target: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("A_KEY", "not-the-secret")
    caplog.set_level("DEBUG")
    with sftp_serving(target) as server:
        place = Sftp("s", "127.0.0.1", "me", "env:A_KEY", server.fingerprint, port=server.port)
        with pytest.raises(DeliveryError) as caught:
            sent(place, shipment(tmp_path / "e", PEOPLE))
    assert str(caught.value) == "The server 127.0.0.1 does not accept 'me' with the secret."
    assert "not-the-secret" not in caplog.text + repr(place)


def test_a_server_that_is_not_there_is_said(tmp_path: Path, target: Path) -> None:
    with sftp_serving(target) as server:
        port, fingerprint = server.port, server.fingerprint
    place = Sftp("s", "127.0.0.1", "me", "env:A_KEY", fingerprint, port=port)
    with pytest.raises(DeliveryError, match=r"The server 127\.0\.0\.1 cannot be written to"):
        sent(place, shipment(tmp_path / "e", PEOPLE))
