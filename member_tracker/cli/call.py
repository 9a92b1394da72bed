"""One call of the command line: which profile, how to print, and the parts opened only when a command needs them."""

import io
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from member_tracker.domain.errors import TrackerError
from member_tracker.domain.values import plain_text
from member_tracker.profile import Profile, profile_named

if TYPE_CHECKING:
    from member_tracker.app import App
    from member_tracker.domain.report_table import Table
    from member_tracker.domain.watching import Watch


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What only a window can do, handed in so that no command imports Qt by itself.

    `open` shows the window of a profile (None: the first-run choice) and returns the exit code;
    `picture` renders the window of a profile, offscreen, to a PNG file; `pdf` draws a table as a PDF. `checks` are the
    parts of the self-test that need Qt, each given a folder of its own; `program` starts this program once more.
    """

    open: Callable[[Profile | None], int]
    picture: Callable[[Profile, Path], None]
    pdf: Callable[["Table"], bytes]
    checks: Mapping[str, Callable[[Path], str]]
    program: tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class Call:
    """The options that hold for every command, and where its answer goes."""

    profile_folder: str | None
    as_json: bool
    window: Window | None

    @property
    def profile(self) -> Profile:
        """The profile this call works on."""
        return profile_named(self.profile_folder)

    @contextmanager
    def app(self, *, with_council: bool = True, though_locked: bool = False) -> Iterator["App"]:
        """The program's parts for this profile; without a council yet, Chorley is set up and that is said.

        A profile that was out of touch with its hub for too long is refused, unless it is opened to get in touch.
        """
        from member_tracker.app import build
        from member_tracker.services.hub_health import must_not_be_locked
        from member_tracker.services.setup import USUAL_COUNCIL, has_council, set_up_usual_council

        app = build(self.profile, passphrase=self.passphrase)
        try:
            if not though_locked:
                must_not_be_locked(app)
            if with_council and not has_council(app):
                set_up_usual_council(app)
                name = app.profile.policy.council or USUAL_COUNCIL
                self.say(f"No council was set up here, so {name} was, with the charters that ship.")
            yield app
        finally:
            app.hubs.close()
            app.store.close()

    def watch(self) -> "Watch":
        """Says how far something is where somebody is looking."""
        from member_tracker.domain.watching import Watch

        if not sys.stderr.isatty():
            return Watch()

        def tell(stage: str, share: float) -> None:
            sys.stderr.write(f"\r{stage}: {share:4.0%} " + ("\n" if share >= 1 else ""))
            sys.stderr.flush()

        return Watch(progress=tell)

    def prepare_output(self) -> None:
        """JSON is UTF-8 on every machine; words are what the terminal can show."""
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8" if self.as_json else None, errors="backslashreplace")

    def passphrase(self) -> str | None:
        """The passphrase from MEMBER_TRACKER_PASSPHRASE, else asked for where somebody can answer."""
        said = os.environ.get("MEMBER_TRACKER_PASSPHRASE")
        if said or not (sys.stdin and sys.stdin.isatty()):
            return said or None
        import getpass

        return getpass.getpass("Passphrase: ") or None

    def give(self, answer: object, words: Callable[[], str]) -> None:
        """Print the answer: as JSON alone where that was asked for, else in words."""
        if self.as_json:
            sys.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2) + "\n")
        else:
            self.say_answer(words())

    def give_line(self, answer: object) -> None:
        """Print one JSON object on a line of its own."""
        sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")

    def say_answer(self, words: str) -> None:
        """Print part of an answer in words; nothing in a mail may steer the terminal."""
        sys.stdout.write(plain_text(words) + "\n")

    def say(self, line: str) -> None:
        """Say something beside the answer, on standard error."""
        sys.stderr.write(plain_text(line) + "\n")

    def refuse(self, error: TrackerError) -> int:
        """Say what went wrong and what to do; the exit code of every error."""
        self.say(error.title)
        self.say(error.advice)
        return 2
