"""What the simulators are made of: a small server of JSON routes, a key to get in, faults on order."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

Clock = Callable[[], datetime]
_LARGEST_BODY = 8 * 2**20


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: the groups of its address, its query, its body as it came, its headers in small letters."""

    found: tuple[str, ...]
    query: dict[str, str]
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)

    def json(self) -> Any:
        """The body as JSON; None for anything else."""
        try:
            return json.loads(self.body or b"null")
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class Said:
    """An answer: status, and JSON or text."""

    status: int
    body: Any
    content_type: str = "application/json"


Route = tuple[str, str, Callable[[Asked], Said]]


def serve(routes: list[Route], *, port: int, token: str = "", host: str = "127.0.0.1") -> ThreadingHTTPServer:
    """A server that answers ``routes`` (method, pattern of the whole path, answer); port 0 takes a free one."""
    compiled = [(method, re.compile(pattern), answer) for method, pattern, answer in routes]

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            """Find the route and say what it says."""
            length = min(int(self.headers.get("Content-Length") or 0), _LARGEST_BODY)
            body = self.rfile.read(length)
            self._say(self._found(body))

        do_GET = do_POST = do_PUT = answer  # noqa: N815

        def _found(self, body: bytes) -> Said:
            if token and self.headers.get("Authorization") != f"Bearer {token}":
                return Said(401, {"error": "wrong or missing token"})
            parts = urlsplit(self.path)
            for method, pattern, answer in compiled:
                fits = pattern.fullmatch(parts.path)
                if fits and method == self.command:
                    groups = tuple(unquote(each) for each in fits.groups())
                    headers = {name.lower(): value for name, value in self.headers.items()}
                    return answer(Asked(groups, dict(parse_qsl(parts.query)), body, headers))
            return Said(404, {"error": f"no {self.command} {parts.path} here"})

        def _say(self, said: Said) -> None:
            sent = said.body if isinstance(said.body, bytes) else json.dumps(said.body).encode()
            try:
                self.send_response(said.status)
                self.send_header("Content-Type", said.content_type)
                self.send_header("Content-Length", str(len(sent)))
                self.end_headers()
                self.wfile.write(sent)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True  # the client did not wait

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer((host, port), Handler)
    server.daemon_threads = True
    return server


class Fault:
    """A fault on order: ``slow`` (seconds), ``error`` (a 503), ``garbage``, each for so many answers or for good."""

    def __init__(self, order: dict[str, Any] | None) -> None:
        self.kind = str((order or {}).get("kind", ""))
        self.seconds = float((order or {}).get("seconds", 0))
        times = (order or {}).get("times")
        self.left = None if times is None else int(times)

    def strike(self) -> Said | None:
        """What goes wrong now, if anything; waiting is done on the way."""
        if not self.kind or self.left == 0:
            return None
        if self.left is not None:
            self.left -= 1
        if self.kind == "slow":
            time.sleep(self.seconds)
            return None
        if self.kind == "garbage":
            return Said(200, b"<html>maintenance</html>", "text/html")
        return Said(503, {"error": "the collector is restarting"})
