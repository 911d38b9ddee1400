"""schemathesis makes requests up from Docs/openapi.yaml, right ones and wrong ones, and holds the answers to it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from certificate import Certificate
from conftest import USER
from server import CHECKOUT, TURNServer
from test_admin_api import TOKEN, settings

#: Streams that last, and what ends the server.
LEFT_OUT = ("events", "joinRoom", "drain")


def test_every_answer_is_as_described(
    start_server: Callable[..., TURNServer], certificate: Certificate, tmp_path: Path
) -> None:
    chosen = settings(tmp_path)
    server = start_server(users=[USER], certificate=certificate, settings=chosen)
    (tmp_path / "schemathesis.toml").write_text(
        "[checks]\n"
        # coturn's files may name users that are not UTF-8, and a realm that is not ours is no mistake of form.
        "positive_data_acceptance.expected-statuses = [200, 201, 202, 204, 404, 409]\n"
    )
    command = [
        Path(sys.executable).with_name("schemathesis"), "--config-file", tmp_path / "schemathesis.toml", "run",
        CHECKOUT / "Docs/openapi.yaml", "--url", f"http://127.0.0.1:{chosen['admin-port']}",
        "--header", f"Authorization: Bearer {TOKEN}", "--max-examples", "30", "--request-timeout", "5", "--no-color",
        "--phases", "examples,coverage,fuzzing",
    ]  # fmt: skip
    for operation in LEFT_OUT:
        command += ["--exclude-operation-id", operation]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=280)
    assert ran.returncode == 0, ran.stdout[-8000:] + ran.stderr[-2000:]
    assert server.is_running
