"""One screen for all the journeys, and for each a program on a profile of its own."""

import re
import shutil
from collections.abc import Generator, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

import pytest

from tests.desktop.casework import PASSPHRASE, make_casework
from tests.desktop.names import PASSPHRASE as PASSPHRASE_FIELD
from tests.desktop.program import Program, program_on
from tests.desktop.screen import Screen, a_screen, missing_packages, own_environment

PICTURES = Path(__file__).resolve().parents[2] / "build" / "desktop"


class Opens(Protocol):
    """Starts the program on the profiles of one test, as often as the test asks."""

    def __call__(self) -> AbstractContextManager[Program]: ...


@pytest.fixture(scope="session")
def screen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    """A screen and a bus; where a part of the system is missing for it, the tests are skipped and say which."""
    missing = missing_packages()
    if missing:
        pytest.skip(f"this machine lacks what a window is looked at with: apt-get install {' '.join(missing)}")
    with a_screen(tmp_path_factory.mktemp("screen")) as made:
        yield made


@pytest.fixture(scope="session")
def casework_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A profile with casework, made once."""
    folder = tmp_path_factory.mktemp("casework") / "own"
    make_casework(folder)
    return folder


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """The folders of somebody who has just got this computer."""
    return own_environment(tmp_path)


@pytest.fixture
def opens(screen: Screen, home: dict[str, str], tmp_path: Path) -> Opens:
    """Starts the program in that home."""
    environment = home | {
        name: value
        for name, value in screen.environment.items()
        if name in {"DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "QT_QPA_PLATFORM", "XDG_RUNTIME_DIR"}
    }
    return lambda: program_on(screen, environment=environment, said=tmp_path / "said.txt")


@pytest.fixture
def own(home: dict[str, str], casework_folder: Path) -> Path:
    """One's own profile in that home, with casework."""
    folder = Path(home["XDG_DATA_HOME"]) / "MemberTracker" / "own"
    shutil.copytree(casework_folder, folder)
    return folder


@pytest.fixture
def program(own: Path, opens: Opens, request: pytest.FixtureRequest) -> Iterator[Program]:
    """The program with that casework open; what a test that fails looked like is kept in build/desktop."""
    assert own.is_dir()
    with opens() as started:
        unlock(started)
        yield started
        if request.node.stash.get(FAILED, False):
            plain = re.sub(r"\W+", "-", request.node.name)
            started.picture(PICTURES / f"{plain}.png")


def unlock(program: Program) -> None:
    """Type the passphrase, and wait for the first page."""
    program.wait_focus(PASSPHRASE_FIELD)
    program.screen.type(PASSPHRASE)
    program.keys("Return")
    program.read("Today,")


FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let a fixture know that its test failed."""
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report
