"""A stand-in for the system's browser: opens an address, follows it, submits the form that submits itself.

    BROWSER="python .../tests/fakes/browser.py %s"     (`as_setting()`; Python's webbrowser understands it)

The certificate authority to trust is named by MEMBER_TRACKER_TEST_CA. Where a page has no such form, the person stays.
"""

import os
import shlex
import ssl
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPSHandler, OpenerDirector, ProxyHandler, Request, build_opener

CA = "MEMBER_TRACKER_TEST_CA"
PATIENCE_SECONDS = 30


class _Form(HTMLParser):
    """The first form of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.action = ""
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take the form's address or one of its fields."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and not self.action:
            self.action = given.get("action", "")
        elif tag == "input" and given.get("name"):
            self.fields[given["name"]] = given.get("value", "")


def as_setting() -> str:
    """What BROWSER is set to for this to be the browser; like one, it goes on beside the program that called it."""
    return f"{shlex.quote(sys.executable)} {shlex.quote(str(Path(__file__).resolve()))} %s"


def visit(url: str) -> str:
    """Open an address as a person would; the text of the page where it ends."""
    context = ssl.create_default_context(cafile=os.environ.get(CA) or None)
    opener = build_opener(HTTPSHandler(context=context), ProxyHandler({}))
    page = _read(opener, Request(url))
    place, fields = form_of(page)
    if not place:
        return page
    return _read(opener, Request(place, data=urlencode(fields).encode(), method="POST"))


def form_of(page: str) -> tuple[str, dict[str, str]]:
    """Where the form of a page goes that submits itself, with its fields; ("", {}) when there is none."""
    form = _Form()
    form.feed(page)
    return (form.action, form.fields) if "document.forms[0].submit()" in page else ("", {})


def _read(opener: OpenerDirector, request: Request) -> str:
    try:
        with opener.open(request, timeout=PATIENCE_SECONDS) as answer:
            return str(answer.read().decode("utf-8", "replace"))
    except HTTPError as error:
        with error:
            return error.read().decode("utf-8", "replace")


def main(arguments: list[str]) -> None:
    """Visit the address, in a process of its own unless told to do so `--here`."""
    if arguments[0] == "--here":
        visit(arguments[1])
        return
    subprocess.Popen([sys.executable, __file__, "--here", arguments[0]], start_new_session=True)
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
