"""The running program as a person at the keyboard has it: keys go in, and what is shown is found by role and name."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from tests.desktop.screen import SYSTEM_PYTHON, Screen, end, running, wait_for

MOST_TABS = 90
HARMLESS = (
    'qt.accessibility.atspi: AtSpiAdaptor::applicationInterface does not implement "GetApplicationBusAddress"',
    "qt.accessibility.atspi: Could not find accessible on path",
)
"""What Qt says of a question it does not know, and of things that went while they were being read."""
READER = Path(__file__).with_name("at_spi.py")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """How something on a screen is found: its role, and the name it or its label has."""

    role: str
    called: str

    def __str__(self) -> str:
        return f"{self.role} “{self.called}”"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Something shown, as assistive technology is told of it; `box` is its place on the screen."""

    node: int
    role: str
    name: str
    label: str
    id: str
    text: str
    states: frozenset[str]
    window: str
    box: tuple[int, int, int, int]

    @property
    def called(self) -> str:
        """The name a person would use: the label of a field that has one."""
        return self.label or self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """What a table says: its rows as far as they were read, how many there are, and which is current."""

    rows: tuple[tuple[str, ...], ...]
    count: int
    current: int


class Program:
    """The program and its reader."""

    def __init__(
        self, screen: Screen, process: "subprocess.Popen[bytes]", reader: "subprocess.Popen[bytes]", said: Path
    ) -> None:
        self.screen = screen
        self.process = process
        self._reader = reader
        self._said = said

    # --- what is shown ------------------------------------------------------------------------------------------------

    def windows(self) -> list[Seen]:
        """The windows that are shown."""
        return [_seen(each) for each in self._ask("windows")]

    def everything(self, **fits: str) -> list[Seen]:
        """All that is shown and fits the `role`, `called` or `id` given."""
        return [_seen(each) for each in self._ask("everything", **fits)]

    def find(self, part: Part) -> Seen:
        """The part, once it is shown."""
        return wait_for(lambda: next(iter(self._all(part)), None), str(part))

    def shows(self, part: Part) -> bool:
        """Whether the part is shown now."""
        return bool(self._all(part))

    def wait_gone(self, part: Part) -> None:
        """Wait until the part is no longer shown."""
        wait_for(lambda: not self._all(part), f"the end of {part}")

    def read(self, words: str) -> Seen:
        """The label that has these words in it, once there is one."""
        return wait_for(
            lambda: next((each for each in self.everything(role="label") if words in each.name), None),
            f"a label with “{words}”",
        )

    def focused(self) -> Seen | None:
        """What has the keyboard."""
        told = self._ask("focused")
        return _seen(told) if told else None

    def rows(self, part: Part, most: int = 30) -> Rows:
        """What the rows of a table say."""
        told = self._ask("rows", node=self.find(part).node, most=most)
        return Rows(rows=tuple(map(tuple, told["rows"])), count=told["count"], current=told["current"])

    def wait_rows(self, part: Part, words: str) -> Rows:
        """What a table says once one of its rows has these words."""

        def with_words() -> Rows | None:
            found = self.rows(part) if self.shows(part) else None
            return found if found and any(words in " ".join(row) for row in found.rows) else None

        return wait_for(with_words, f"a row with “{words}” in {part}")

    # --- what is done -------------------------------------------------------------------------------------------------

    def keys(self, *keys: str) -> None:
        """Press keys."""
        self.screen.keys(*keys)

    def go_to(self, part: Part) -> None:
        """Go to a part as a person without a mouse does: Tab by Tab."""
        self.find(part)
        for _tab in range(MOST_TABS):
            here = self.focused()
            if here is not None and here.role == part.role and part.called in {here.name, here.label}:
                return
            self.keys("Tab")
        raise AssertionError(f"{MOST_TABS} presses of Tab did not come to {part}")

    def press(self, part: Part) -> None:
        """Go to a button and press it."""
        wait_for(lambda: any("enabled" in each.states for each in self._all(part)), f"{part} that can be pressed")
        self.go_to(part)
        self.keys("space")

    def fill(self, part: Part, words: str) -> None:
        """Type words into a field in place of what stands in it, and see them there."""
        self.go_to(part)
        self.keys("ctrl+a")
        self.screen.type(words)
        shown = "●" * len(words) if part.role == "password text" else words
        wait_for(lambda: shown in {(seen := self.find(part)).text, seen.name}, f"“{shown}” in {part}")

    def choose(self, part: Part, choice: str) -> None:
        """Choose in a list of choices by typing how the choice begins."""
        self.go_to(part)
        self.screen.type(choice)
        wait_for(lambda: self.find(part).name == choice, f"“{choice}” in {part}")

    def wait_focus(self, part: Part) -> None:
        """Wait until the part has the keyboard."""

        def has_it() -> bool:
            here = self.focused()
            return here is not None and here.role == part.role and part.called in {here.name, here.label}

        wait_for(has_it, f"the keyboard in {part}")

    def picture(self, file: Path) -> None:
        """Keep what the screen looks like, where the tool for it is here."""
        if shutil.which("import"):
            file.parent.mkdir(parents=True, exist_ok=True)
            subprocess.run(["import", "-window", "root", file], env=self.screen.environment, check=False, timeout=30)

    def _all(self, part: Part) -> list[Seen]:
        return self.everything(role=part.role, called=part.called)

    def _ask(self, deed: str, **said: object) -> Any:  # noqa: ANN401 - JSON
        assert self._reader.stdin is not None
        assert self._reader.stdout is not None
        assert self.process.poll() is None, f"the program ended: {self.process.returncode}, {self._said.read_text()}"
        self._reader.stdin.write(json.dumps({"do": deed, **said}).encode() + b"\n")
        self._reader.stdin.flush()
        told = cast("dict[str, Any]", json.loads(self._reader.stdout.readline()))
        assert "error" not in told, told["error"]
        return told["answer"]


@contextmanager
def program_on(screen: Screen, *, environment: Mapping[str, str], said: Path) -> Iterator[Program]:
    """The program, started as a user starts it, until its window is closed with its keys; `said` gets its errors."""
    command = [str(Path(sys.executable).with_name("member-tracker"))]
    screen.wait_managed()
    with said.open("wb") as errors, running_reader(screen) as reader:
        process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=errors, stderr=errors)
        program = Program(screen, process, reader, said)
        try:
            wait_for(program.windows, "the window")
            yield program
            program.keys("ctrl+q")
            process.wait(timeout=20)
        finally:
            end(process)
    assert complaints(said) == [], complaints(said)
    assert process.returncode == 0


def complaints(said: Path) -> list[str]:
    """What the program said that it should not have to say, and Qt with it."""
    return [line for line in said.read_text(encoding="utf-8").splitlines() if not line.startswith(HARMLESS)]


@contextmanager
def running_reader(screen: Screen) -> "Iterator[subprocess.Popen[bytes]]":
    """The child that reads what is shown."""
    command = [str(SYSTEM_PYTHON), str(READER)]
    environment = screen.environment
    with running(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as reader:
        yield reader


def _seen(told: Mapping[str, Any]) -> Seen:
    return Seen(**{**told, "states": frozenset(told["states"]), "box": tuple(told["box"])})
