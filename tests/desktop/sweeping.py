"""What must hold of whatever the window shows, in any language, for people with a keyboard or a screen reader."""

from collections import Counter
from collections.abc import Iterator

from tests.desktop.program import Part, Program, Seen
from tests.desktop.screen import wait_for

MOST_TABS = 120
FIELDS = {"text", "password text", "combo box", "spin button", "check box", "radio button"}
_NO_STOPS = {"menu item", "menu bar", "popup menu", "filler", "panel", "label"}
"""What is told to be reachable and is no stop of Tab: menus have their own keys, and the words of a label a mouse."""

Key = tuple[str, str, str]


def faults(program: Program) -> list[str]:
    """What falls short in the window in front, in words."""
    shown = in_front(program)
    return [*_nameless(shown), *_same_names(shown), *_without_current_row(program, shown), *_tab_faults(program, shown)]


def in_front(program: Program) -> list[Seen]:
    """What the newest window shows, once it no longer changes, but for words that count down or tell the time."""
    before: list[Key] = []

    def settled() -> list[Seen]:
        nonlocal before
        newest = program.windows()[-1:]  # none for a moment while one takes another's place
        now = [each for each in program.everything() if newest and each.window == newest[0].name]
        keys = [_key(each) for each in now if each.role != "label"]
        same, before = keys == before, keys
        return now if same else []

    return wait_for(settled, "an end of what the window shows changing")


def dialog_faults(program: Program, dialog: str) -> list[str]:
    """What falls short in a dialog that was just opened, besides."""
    said = []
    first = next((each for each in in_front(program) if each.role in FIELDS and _can_be_reached(each)), None)
    here = program.focused()
    if first is not None and (here is None or _key(here) != _key(first)):
        said.append(f"{dialog}: begins at {_words(here)} and not in its first field, {_words(first)}")
    return said


def _nameless(shown: list[Seen]) -> Iterator[str]:
    for each in shown:
        if _can_be_reached(each) and not each.called.strip():
            yield f"{each.role} with id {each.id} has no name"


def _same_names(shown: list[Seen]) -> Iterator[str]:
    names = Counter(each.name for each in shown if each.role in {"push button", "toggle button"})
    yield from (f"{count} buttons are called “{name}”" for name, count in names.items() if count > 1)


def _without_current_row(program: Program, shown: list[Seen]) -> Iterator[str]:
    for each in shown:
        if each.role in {"table", "list"} and _can_be_reached(each):
            rows = program.rows(Part(role=each.role, called=each.called))
            if rows.count and rows.current < 0:
                yield f"{each.role} “{each.called}” has {rows.count} rows and none is current"


def _tab_faults(program: Program, shown: list[Seen]) -> Iterator[str]:
    """Tab comes to all that can be reached, and back to where it began."""
    wanted = {_key(each) for each in _leading_to(shown)}
    visited: list[Key] = []
    for _tab in range(MOST_TABS):
        here = program.focused()
        if here is None:
            yield f"after {visited[-1:]} the keyboard is nowhere"
            return
        if visited and _key(here) == visited[0]:
            break
        visited.append(_key(here))
        program.keys("Tab")
    else:
        yield f"{MOST_TABS} presses of Tab did not come back to {visited[0]}"
    yield from (f"Tab never comes to {key}" for key in sorted(wanted - set(visited)))


def _leading_to(shown: list[Seen]) -> Iterator[Seen]:
    """What Tab should come to: of a field that can be typed in or chosen from, the part that is typed in."""
    texts = [each for each in shown if each.role == "text"]
    for each in shown:
        if not _can_be_reached(each):
            continue
        if each.role == "combo box" and any(_lies_in(text, each) for text in texts):
            continue
        yield each


def _can_be_reached(each: Seen) -> bool:
    return {"focusable", "enabled"} <= each.states and each.role not in _NO_STOPS


def _lies_in(inner: Seen, outer: Seen) -> bool:
    (x, y, wide, high), (left, top, width, height) = inner.box, outer.box
    return left <= x and top <= y and x + wide <= left + width and y + high <= top + height


def _key(each: Seen) -> Key:
    return each.role, each.called if each.role != "combo box" else each.label, each.id


def _words(each: Seen | None) -> str:
    return f"{each.role} “{each.called}”" if each is not None else "nothing"
