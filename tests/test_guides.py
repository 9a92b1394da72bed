"""The guides name what there is: labels, commands with their options, variables, files, links and pictures."""

import re
import shlex
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from typer.main import get_command

from member_tracker.cli.commands import commands
from member_tracker.domain import vocabulary
from tests import guides
from tests.guides import GUIDES, ROOT, USER

FRONT = ROOT / "README.md"

EVERYWHERE = {"--json", "--profile", "--help"}
LARGEST_PICTURE, MOST_PICTURES = 120_000, 10


def by_name(guide: Path) -> str:
    return guide.stem


each_guide = pytest.mark.parametrize("guide", GUIDES, ids=by_name)


@each_guide
def test_every_label_of_a_guide_stands_in_the_program(guide: Path) -> None:
    found, filled = guides.texts_in("ui")
    words = {word.words for kind in vars(vocabulary).values() if _is_word(kind) for word in kind}
    unknown = {
        label
        for label in guides.labels(guide)
        if guides.plain(label) not in found | words
        and not any(pattern.fullmatch(guides.plain(label)) for pattern in filled)
    }
    assert unknown == set()


def _is_word(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, vocabulary.Word)


def test_the_guide_for_users_names_enough_labels_for_this_to_mean_something() -> None:
    assert len(set(guides.labels(USER))) > 80
    assert len(guides.ways(USER)) > 10


@each_guide
def test_every_letter_that_is_pressed_with_alt_is_somewhere_in_the_window(guide: Path) -> None:
    letters = guides.letters_in("ui")
    pressed = {keys.removeprefix("Alt+") for keys in guides.keys(guide) if keys.startswith("Alt+")}
    assert pressed <= letters


@pytest.mark.parametrize("guide", [*GUIDES, FRONT], ids=by_name)
def test_every_command_of_a_guide_is_one_of_the_program_with_those_options(guide: Path) -> None:
    assert {line: wrong for line in guides.commands(guide) if (wrong := wrong_in(line))} == {}


def wrong_in(line: str) -> str:
    """What of a command line the program does not know, empty where it knows all of it."""
    known = get_command(commands)
    rest = shlex.split(line.replace("…", ""))[1:]
    while hasattr(known, "commands") and rest and not rest[0].startswith("-"):
        if rest[0] not in known.commands:
            return rest[0]
        known = known.commands[rest.pop(0)]
    if hasattr(known, "commands") and known.name != "member-tracker":
        return "a command is missing"
    options = {option for parameter in known.params for option in (*parameter.opts, *parameter.secondary_opts)}
    said = {word.partition("=")[0] for word in rest if word.startswith("--")}
    return " ".join(sorted(said - options - EVERYWHERE))


@pytest.mark.parametrize(
    "line",
    ["member-tracker no-such", "member-tracker hub", "member-tracker hub no-such", "member-tracker list --no-such"],
)
def test_a_command_the_program_does_not_know_is_noticed(line: str) -> None:
    assert wrong_in(line)


@each_guide
def test_every_variable_of_a_guide_is_read_by_the_program(guide: Path) -> None:
    files = (file for folder in ("member_tracker", "installer") for file in (ROOT / folder).rglob("*.py"))
    source = "".join(file.read_text(encoding="utf-8") for file in files)
    said = set(re.findall(r"MEMBER_TRACKER_\w+", guides.words(guide)))
    assert {name for name in said if f'"{name}"' not in source} == set()


def test_every_link_and_picture_of_every_page_leads_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "installer").rglob("*.md")]
    assert USER in pages
    assert [
        f"{page.name}: {link}" for page in pages for link in guides.links(page) if not leads_somewhere(page, link)
    ] == []


def leads_somewhere(page: Path, link: str) -> bool:
    """Whether there is such a file, and such a heading in it; what lies outside of the project is taken on trust."""
    if link.startswith(("https://", "mailto:")):
        return True
    path, _, heading = link.partition("#")
    to = (page.parent / path).resolve() if path else page
    return to.exists() and (not heading or heading in guides.headings(to))


def test_the_pictures_are_few_and_small_and_each_is_shown_somewhere() -> None:
    pictures = sorted((ROOT / "docs" / "pictures").iterdir())
    shown = {Path(link).name for page in (USER, FRONT) for link in guides.links(page)}
    assert len(pictures) <= MOST_PICTURES
    assert [file.name for file in pictures if file.stat().st_size > LARGEST_PICTURE] == []
    assert [file.name for file in pictures if QImage(str(file)).isNull()] == []
    assert {file.name for file in pictures} <= shown
