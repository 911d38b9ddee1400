"""The admin interface as a script would use it: HTTP and JSON, over TCP with the token or over the Unix socket."""

from __future__ import annotations

import http.client
import json
import socket
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode


class Answer:
    def __init__(self, response: http.client.HTTPResponse):
        self.status, self.headers, self.bytes = response.status, response.headers, response.read()

    @property
    def body(self) -> Any:
        return json.loads(self.bytes) if self.bytes else None

    @property
    def problem(self) -> str:
        assert self.body["error"]["status"] == self.status
        return self.body["error"]["message"]


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: Path):
        super().__init__("localhost", timeout=10)
        self.path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self.path))


class AdminClient:
    def __init__(self, address: tuple[str, int] | Path, token: str | None = None):
        self.address, self.token = address, token

    def connection(self) -> http.client.HTTPConnection:
        if isinstance(self.address, Path):
            return UnixConnection(self.address)
        return http.client.HTTPConnection(*self.address, timeout=10)

    def ask(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None, **query: Any
    ) -> Answer:
        sent = {} if self.token is None else {"Authorization": f"Bearer {self.token}"}
        data = None
        if body is not None:
            sent["Content-Type"] = "application/json"
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
        connection = self.connection()
        try:
            connection.request(method, path + ("?" + urlencode(query) if query else ""), data, sent | (headers or {}))
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def get(self, path: str, **query: Any) -> Answer:
        return self.ask("GET", path, **query)

    def post(self, path: str, body: Any = None, **query: Any) -> Answer:
        return self.ask("POST", path, {} if body is None else body, **query)

    def put(self, path: str, body: Any, **query: Any) -> Answer:
        return self.ask("PUT", path, body, **query)

    def delete(self, path: str, **query: Any) -> Answer:
        return self.ask("DELETE", path, **query)


def encoded(name: str) -> str:
    """A name as a part of a path."""
    return quote(name, safe="")
