"""Chromium, headless, driven through its DevTools protocol over a pair of pipes: pages are clicked and looked at."""

from __future__ import annotations

import base64
import contextlib
import fcntl
import itertools
import json
import os
import queue
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from waiting import wait_until


def out_of_the_way(descriptor: int) -> int:
    """The same file as another descriptor."""
    other = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, 10)
    os.close(descriptor)
    return other


class Browser:
    """Messages go down one pipe and come up another, each ended by a zero byte."""

    def __init__(self, command: list[str], home: Path):
        self.ids = itertools.count(1)
        self.answers: dict[int, queue.Queue[dict]] = {}
        self.problems: list[str] = []
        self.lock = threading.Lock()
        down, self.down = os.pipe()
        self.up, up = os.pipe()
        self.log = (home / "browser.log").open("wb")
        # The browser wants the pipes as descriptors 3 and 4. A shell puts them there, from places where neither is in
        # the other's way.
        down, up = out_of_the_way(down), out_of_the_way(up)
        shell = ["bash", "-c", f'exec "$@" 3<&{down} 4>&{up}', "bash"]
        self.process = subprocess.Popen(
            [*shell, command[0], "--remote-debugging-pipe", *command[1:]], stdin=subprocess.DEVNULL, stdout=self.log,
            stderr=subprocess.STDOUT, pass_fds=(down, up), env={**os.environ, "HOME": str(home)},
            start_new_session=True,
        )  # fmt: skip
        os.close(down)
        os.close(up)
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self) -> None:
        rest = b""
        while data := os.read(self.up, 1 << 20):
            *messages, rest = (rest + data).split(b"\0")
            for message in map(json.loads, messages):
                if "id" in message:
                    self.answers[message["id"]].put(message)
                else:
                    self.notice(message)

    def notice(self, message: dict) -> None:
        """What a page complains of. A refused request is told by the page itself, where it matters."""
        match message:
            case {"method": "Runtime.exceptionThrown", "params": {"exceptionDetails": details}}:
                self.problems.append(details.get("exception", {}).get("description", details["text"]))
            case {"method": "Log.entryAdded", "params": {"entry": {"source": "security" | "violation"} as entry}}:
                self.problems.append(entry["text"])

    def ask(self, method: str, session: str | None = None, **parameters: Any) -> dict:
        number = next(self.ids)
        self.answers[number] = queue.Queue()
        message = {"id": number, "method": method, "params": parameters} | ({"sessionId": session} if session else {})
        with self.lock:
            os.write(self.down, json.dumps(message).encode() + b"\0")
        answer = self.wait(number)
        assert "error" not in answer, (method, answer["error"])
        return answer["result"]

    def wait(self, number: int) -> dict:
        try:
            return self.answers[number].get(timeout=30)
        finally:
            del self.answers[number]

    def open(self, url: str, context: str | None = None) -> Page:
        """A new tab, in a context of its own or in the one that all share."""
        place = {"browserContextId": context} if context else {}
        target = self.ask("Target.createTarget", url="about:blank", **place)["targetId"]
        session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page = Page(self, session)
        for domain in ("Page", "Runtime", "Log"):
            page.ask(f"{domain}.enable")
        page.resize(1280, 900)
        page.go(url)
        return page

    def close(self) -> None:
        # A browser is a family of processes: the session that was made for it ends as a whole.
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        os.close(self.down)
        self.log.close()


class Page:
    def __init__(self, browser: Browser, session: str):
        self.browser, self.session = browser, session

    def ask(self, method: str, **parameters: Any) -> dict:
        return self.browser.ask(method, self.session, **parameters)

    def go(self, url: str) -> None:
        self.ask("Page.navigate", url=url)

    def run(self, script: str) -> Any:
        """The value of an expression, or of what it promises."""
        answer = self.ask(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True, userGesture=True
        )
        assert "exceptionDetails" not in answer, (script, answer["exceptionDetails"])
        return answer["result"].get("value")

    def resize(self, width: int, height: int) -> None:
        is_mobile = width < 500
        self.ask(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=is_mobile
        )

    def paint(self, scheme: str) -> None:
        """`light` or `dark`."""
        self.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def shoot(self, file: Path) -> None:
        """A picture of the whole page, however long it is."""
        picture = self.ask("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        file.write_bytes(base64.b64decode(picture["data"]))

    # As a user does

    def has(self, selector: str) -> bool:
        return self.run(f"document.querySelector({json.dumps(selector)})?.checkVisibility() ?? false")

    def text(self, selector: str) -> str:
        return self.run(f"document.querySelector({json.dumps(selector)})?.innerText ?? ''")

    def number(self, script: str) -> float:
        return self.run(f"Number({script})")

    def wait(self, what: str, script: str, seconds: float = 20) -> None:
        try:
            wait_until(what, lambda: self.run(f"Boolean({script})"), seconds)
        except AssertionError as failure:
            raise AssertionError(f"{failure}\n{self.text('body')}\n{self.browser.problems}") from None

    def wait_for(self, selector: str, seconds: float = 20) -> None:
        self.wait(selector, f"document.querySelector({json.dumps(selector)})?.checkVisibility()", seconds)

    def wait_for_text(self, selector: str, text: str, seconds: float = 20) -> None:
        script = f"(document.querySelector({json.dumps(selector)})?.innerText ?? '').includes({json.dumps(text)})"
        self.wait(f"{text!r} in {selector}", script, seconds)

    def click(self, selector: str) -> None:
        """With the mouse, at the middle of what is seen there."""
        self.wait_for(selector)
        self.run(f"document.querySelector({json.dumps(selector)}).scrollIntoView({{block: 'center'}})")
        box = self.run(
            f"(box => [box.x + box.width / 2, box.y + box.height / 2])"
            f"(document.querySelector({json.dumps(selector)}).getBoundingClientRect())"
        )
        for kind in ("mousePressed", "mouseReleased"):
            self.ask("Input.dispatchMouseEvent", type=kind, x=box[0], y=box[1], button="left", clickCount=1)

    def type(self, selector: str, text: str) -> None:
        self.wait_for(selector)
        self.run(f"(field => {{ field.focus(); field.select(); }})(document.querySelector({json.dumps(selector)}))")
        self.ask("Input.insertText", text=text)

    def press_enter(self) -> None:
        self.ask("Input.dispatchKeyEvent", type="keyDown", key="Enter", windowsVirtualKeyCode=13, text="\r")
        self.ask("Input.dispatchKeyEvent", type="keyUp", key="Enter", windowsVirtualKeyCode=13)


@contextlib.contextmanager
def opened(command: Callable[[str, Path], list[str]], home: Path) -> Iterator[Browser]:
    """A browser that is closed in the end, and that found nothing to complain of."""
    browser = Browser(command("about:blank", home), home)
    try:
        yield browser
    finally:
        browser.close()
    assert not browser.problems, browser.problems
