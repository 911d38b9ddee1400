"""A browser, a page with two peers in it, and the page's own report of how the call went."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import threading
import urllib.parse
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from server import TURNServer

PAGE = Path(__file__).with_name("call.html")
#: How long the page waits for a picture, and how long the test waits for the page.
CALL_SECONDS, REPORT_SECONDS = 25, 60

#: Builds the command line that opens a URL: from the URL and the browser's own new home directory.
Command = Callable[[str, Path], list[str]]


def hold_call(command: Command, home: Path, server: TURNServer, transport: str) -> dict:
    """Opens the page in a browser and returns what it reports."""
    results: queue.Queue[dict] = queue.Queue()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.answer(200, PAGE.read_bytes() if self.path == "/" else b"")

        def do_POST(self) -> None:
            results.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.answer(204, b"")

        def answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    wanted = {
        "seconds": CALL_SECONDS,
        "iceServer": {
            "urls": server_url(server, transport),
            "username": server.user.username,
            "credential": server.user.password,
        },
    }
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as pages:
        threading.Thread(target=pages.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{pages.server_port}/#{urllib.parse.quote(json.dumps(wanted))}"
        log = home / "browser.log"
        with log.open("wb") as output:
            browser = subprocess.Popen(
                command(url, home), stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                env={**os.environ, "HOME": str(home)}, start_new_session=True,
            )  # fmt: skip
        try:
            return results.get(timeout=REPORT_SECONDS)
        except queue.Empty:
            raise AssertionError(f"the page never reported:\n{log.read_text(errors='replace')[-3000:]}") from None
        finally:
            # A browser is a family of processes: the session that was made for it ends as a whole.
            os.killpg(browser.pid, signal.SIGKILL)
            browser.wait()
            pages.shutdown()


def server_url(server: TURNServer, transport: str) -> str:
    """The server as a page names it."""
    if transport == "tls":
        return f"turns:{server.address[0]}:{server.tls_port}?transport=tcp"
    return f"turn:{server.address[0]}:{server.port}?transport={transport}"


def judge(result: dict, transport: str) -> None:
    """A call that ran through the relay alone, with a moving picture and answers on the data channel."""
    assert "failure" not in result, result
    assert result["observations"], result
    assert result["echoes"] >= 20, result
    for end in ("caller", "callee"):
        seen = result["observations"][-1][end]
        # The far end's candidate may still be the peer-reflexive one that its first packet made known.
        assert seen["local"] == "relay" and seen["remote"] in ("relay", "prflx"), result
        assert seen["relayProtocol"] == transport, result
    frames = [each["callee"]["framesDecoded"] for each in result["observations"][-3:]]
    assert len(frames) == 3 and 0 < frames[0] < frames[1] < frames[2], result
    # Nothing is lost as a rule; but a machine with two cores and a browser on them may overflow a socket for once.
    last = result["observations"][-1]["callee"]
    assert last["packetsLost"] * 100 <= last["packetsReceived"], result
