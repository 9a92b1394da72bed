"""Every page and dialog the menus and the navigation lead to, with a keyboard and for a screen reader."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.desktop import names
from tests.desktop.casework import TO_ACCEPT, TO_SEND, TO_TELL, Told
from tests.desktop.program import Program, Seen
from tests.desktop.screen import wait_for
from tests.desktop.sweeping import dialog_faults, faults, in_front
from tests.desktop.test_journeys import show

pytestmark = pytest.mark.desktop

# What would end the program, lock it, or change the profile under it.
LEFT_ALONE = {"actionQuit", "actionLock", "actionOwn", "actionPractise"}

Look = frozenset[tuple[str, str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry of a menu: how many menus to the right, how far down, and what it is called."""

    right: int
    down: int
    called: str


def test_every_place_of_the_navigation_is_for_everybody(program: Program) -> None:
    found: dict[str, list[str]] = {}
    program.go_to(names.PLACES)
    program.keys("Home")
    at = -1
    while (places := program.rows(names.PLACES)).current > at:
        at = places.current
        found[places.rows[at][0]] = faults(program)
        program.go_to(names.PLACES)
        program.keys("Down")
        in_front(program)
    assert len(found) > 5
    must_be_faultless(found)


def test_whatever_the_menus_open_is_for_everybody(program: Program) -> None:
    entries = list(menu_entries(program))
    assert len(entries) > 12
    looked_at: set[Look] = set()
    must_be_faultless({entry.called: open_and_look(program, entry, looked_at) for entry in entries})


@pytest.mark.parametrize("told", [TO_SEND, TO_ACCEPT, TO_TELL], ids=["not sent", "answered by mail", "answered"])
def test_every_dialog_of_an_enquiry_is_for_everybody(program: Program, told: Told) -> None:
    show(program, told)
    found = {told.subject: faults(program)}
    asking = [each for each in in_front(program) if each.role == "push button" and each.name.endswith("…")]
    for each in asking:
        program.press(names.button(each.name))
        found[each.name] = look_at_dialog(program, each.name)
    must_be_faultless(found)


def must_be_faultless(found: dict[str, list[str]]) -> None:
    lines = [f"{where}: {line}" for where, said in found.items() for line in said]
    assert not lines, "\n" + "\n".join(lines)


# --- steps ------------------------------------------------------------------------------------------------------------


def menu_entries(program: Program) -> Iterator[Entry]:
    """Every entry that can be chosen and leads somewhere, found by going through the menus."""
    bar = [each.name for each in in_front(program) if each.role == "menu item"]
    for right in range(len(bar)):
        open_menu(program, right)
        inside = [each for each in program.everything(role="menu item") if each.name not in bar]
        can = [each for each in inside if "enabled" in each.states]
        for down, each in enumerate(can):
            if leads_somewhere(each):
                yield Entry(right=right, down=down, called=each.name)
        program.keys("Escape", "Escape")


def leads_somewhere(each: Seen) -> bool:
    return each.id.startswith("action") and each.id not in LEFT_ALONE and "checkable" not in each.states


def open_menu(program: Program, right: int, what: str = "the menus") -> None:
    """Open a menu as Alt does, with its first entry chosen."""

    def in_menus() -> bool:
        here = program.focused()
        if here is None or here.role != "menu item":
            program.keys("alt")  # the bar may have been open still, and was closed by it
            here = program.focused()
        return here is not None and here.role == "menu item"

    wait_for(in_menus, what)
    program.keys(*["Right"] * right, "Down")
    wait_for(lambda: (here := program.focused()) is not None and here.id.startswith("action"), "a menu")


def open_and_look(program: Program, entry: Entry, looked_at: set[Look]) -> list[str]:
    """Choose an entry, look at the page or dialog it leads to unless it was looked at before, and close a dialog."""
    before = len(program.windows())
    open_menu(program, entry.right, f"the menus, for {entry.called}")
    for _down in range(40):
        here = program.focused()
        if here is not None and here.name == entry.called:
            break
        program.keys("Down")
    program.keys("Return")
    wait_for(lambda: (here := program.focused()) is None or here.role != "menu item", f"{entry.called} to be chosen")
    shown = in_front(program)
    look = frozenset((each.role, each.called, each.id) for each in shown if "focusable" in each.states)
    if len(program.windows()) > before:
        return look_at_dialog(program, entry.called)
    if look in looked_at:
        return []
    looked_at.add(look)
    return faults(program)


def look_at_dialog(program: Program, called: str) -> list[str]:
    """Look at a dialog that was asked for, or at the page that came in its place, and leave it by Esc."""
    in_front(program)
    windows = len(program.windows())
    said = [*(dialog_faults(program, called) if windows > 1 else ()), *faults(program)]
    program.keys("Escape")
    if windows > 1:
        wait_for(lambda: len(program.windows()) < windows, f"the end of {called} at Esc")
    return said
