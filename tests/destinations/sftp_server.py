"""A server that speaks SFTP and keeps its files in a folder."""

from __future__ import annotations

import base64
import hashlib
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import paramiko

from destinations.services import SECRET


@dataclass
class SftpService:
    """Where it is, and who it takes: a user by password, or by the public key `known`."""

    port: int
    fingerprint: str
    known: str = ""
    passwords: list[str] = field(default_factory=list)


@contextmanager
def sftp_serving(root: Path) -> Iterator[SftpService]:
    """A server on this machine whose files are below `root`."""
    key = paramiko.ECDSAKey.generate()
    digest = hashlib.sha256(key.asbytes()).digest()
    listener = socket.create_server(("127.0.0.1", 0))
    service = SftpService(
        listener.getsockname()[1], "SHA256:" + base64.b64encode(digest).decode().rstrip("=")
    )
    transports: list[paramiko.Transport] = []

    class Login(paramiko.ServerInterface):
        def check_auth_password(self, username: str, password: str) -> int:
            service.passwords.append(password)
            good = (username, password) == ("me", SECRET)
            return paramiko.AUTH_SUCCESSFUL if good else paramiko.AUTH_FAILED

        def check_auth_publickey(self, username: str, key: Any) -> int:
            good = username == "me" and key.get_base64() == service.known
            return paramiko.AUTH_SUCCESSFUL if good else paramiko.AUTH_FAILED

        def check_channel_request(self, _kind: str, _chanid: int) -> int:
            return paramiko.OPEN_SUCCEEDED

        def get_allowed_auths(self, _username: str) -> str:
            return "password,publickey"

    class Files(paramiko.SFTPServerInterface):
        def _at(self, path: str) -> Path:
            return root / self.canonicalize(path).lstrip("/")

        def stat(self, path: str) -> Any:
            try:
                return paramiko.SFTPAttributes.from_stat(os.stat(self._at(path)))
            except OSError as error:
                return paramiko.SFTPServer.convert_errno(error.errno or 0)

        lstat = stat

        def open(self, path: str, flags: int, _attr: Any) -> Any:
            try:
                file = os.fdopen(os.open(self._at(path), flags, 0o600), "r+b" if flags else "rb")
            except OSError as error:
                return paramiko.SFTPServer.convert_errno(error.errno or 0)
            handle = paramiko.SFTPHandle(flags)
            handle.readfile = handle.writefile = file  # type: ignore[attr-defined]
            return handle

        def mkdir(self, path: str, _attr: Any) -> int:
            try:
                self._at(path).mkdir()
            except OSError as error:
                return paramiko.SFTPServer.convert_errno(error.errno or 0)
            return paramiko.SFTP_OK

        def posix_rename(self, oldpath: str, newpath: str) -> int:
            os.replace(self._at(oldpath), self._at(newpath))
            return paramiko.SFTP_OK

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            transport = paramiko.Transport(connection)
            transports.append(transport)
            transport.add_server_key(key)
            transport.set_subsystem_handler("sftp", paramiko.SFTPServer, Files)
            try:
                transport.start_server(server=Login())
            except (paramiko.SSHException, EOFError):
                transport.close()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        # A listener that is shut down wakes whoever waits for it.
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        for transport in transports:
            transport.close()
        thread.join()
