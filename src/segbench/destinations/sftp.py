"""A folder on a server that speaks SFTP."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from segbench.destinations.folder import arrived
from segbench.destinations.secret import Secret, find_secret, require_place, without
from segbench.destinations.shipment import Shipment, ShippedFile, Standing, Takes
from segbench.errors import DeliveryError

if TYPE_CHECKING:
    import paramiko

TIMEOUT = 30


@dataclass(frozen=True)
class Sftp:
    """A server, known by the fingerprint of its key (`ssh-keygen -lf`, SHA256:...), and a folder.

    The secret is a password, or with `login` "key" the text of a private key.
    """

    name: str
    host: str
    user: str
    secret: str
    fingerprint: str
    path: str = "."
    port: int = 22
    login: Literal["password", "key"] = "password"
    takes: Takes = "files"

    def __post_init__(self) -> None:
        require_place(self.secret)
        if not re.fullmatch(r"SHA256:[A-Za-z0-9+/]{43}", self.fingerprint):
            raise DeliveryError(
                "fingerprint is that of the server's key, SHA256: and 43 characters, as "
                "ssh-keygen -lf shows it."
            )
        if self.login not in ("password", "key"):
            raise DeliveryError(f"login is password or key, not {self.login!r}.")

    def send(self, shipment: Shipment, standing: Standing) -> Iterator[Standing]:
        """Put file after file, the manifest last; yields after each."""
        secret = find_secret(self.secret)
        try:
            import paramiko
        except ModuleNotFoundError:
            raise DeliveryError(
                "SFTP needs the package paramiko: install segbench[destinations]."
            ) from None
        try:
            with self._opened(secret) as server:
                target = f"{self.path.rstrip('/')}/{shipment.folder.name}"
                with contextlib.suppress(OSError):
                    server.mkdir(target)
                for file in shipment.files:
                    if file.name not in standing.detail.get("files", ()):
                        _put(server, shipment, file, f"{target}/{file.name}")
                        standing = arrived(standing, file, shipment)
                        yield standing
        except (paramiko.SSHException, OSError, EOFError) as error:
            text = without(str(error) or type(error).__name__, [secret])
            raise DeliveryError(f"The server {self.host} cannot be written to: {text}.") from None

    @contextlib.contextmanager
    def _opened(self, secret: Secret) -> Iterator[paramiko.SFTPClient]:
        import paramiko

        with contextlib.ExitStack() as stack:
            transport = paramiko.Transport((self.host, self.port))
            stack.callback(transport.close)
            transport.banner_timeout = transport.auth_timeout = TIMEOUT
            transport.start_client(timeout=TIMEOUT)
            # Before the password is sent: it is for this server alone.
            found = _fingerprint(transport.get_remote_server_key())
            if found != self.fingerprint:
                raise DeliveryError(
                    f"The server {self.host} has the key {found}, not {self.fingerprint}; "
                    "nothing was sent."
                )
            try:
                if self.login == "key":
                    transport.auth_publickey(self.user, _private_key(secret))
                else:
                    transport.auth_password(self.user, secret.value)
            except paramiko.AuthenticationException:
                raise DeliveryError(
                    f"The server {self.host} does not accept {self.user!r} with the secret."
                ) from None
            client = paramiko.SFTPClient.from_transport(transport)
            assert client is not None
            stack.callback(client.close)
            yield client


def _fingerprint(key: Any) -> str:
    digest = hashlib.sha256(key.asbytes()).digest()
    return "SHA256:" + base64.b64encode(digest).decode().rstrip("=")


def _private_key(secret: Secret) -> Any:
    import paramiko

    for kind in (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey):
        with contextlib.suppress(paramiko.SSHException, ValueError, IndexError):
            return kind.from_private_key(io.StringIO(secret.value))
    raise DeliveryError("The secret is no private key (Ed25519, ECDSA or RSA, without passphrase).")


def _put(server: paramiko.SFTPClient, shipment: Shipment, file: ShippedFile, place: str) -> None:
    part = f"{place}.part"
    # `confirm` compares the sizes.
    server.put(str(shipment.folder / file.name), part, confirm=True)
    server.posix_rename(part, place)
