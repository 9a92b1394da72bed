"""Reads what a program tells assistive technology; a child of the tests under the system's own Python, which has gi.

It reads a request in JSON on each line of its input, and answers each with one line: `{"answer": …}` or `{"error": …}`.
It never presses or types anything: what is done to the program is done by keys.
"""

import json
import sys
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402 - the version has to be asked for first

PROGRAM = "Member Tracker"
LISTS = {"table", "tree table", "list"}
CURRENT = {"selected", "focused"}
"""Of the rows of a table one is current: chosen, or where nothing can be chosen, where the keyboard would be."""
_known: dict[int, Any] = {}


def program() -> Any:  # noqa: ANN401 - gi has no types
    """The program, None while it has not told that it is there."""
    for each in _children(Atspi.get_desktop(0)):
        if _or_none(each.get_name) == PROGRAM:
            each.set_cache_mask(Atspi.Cache.NONE)
            return each
    return None


def windows(_request: dict[str, Any]) -> list[dict[str, Any]]:
    """The windows, menus and dialogs that are shown, the newest last."""
    found = program()
    return [_told(each, each) for each in _children(found) if "showing" in _states(each)] if found else []


def everything(request: dict[str, Any]) -> list[dict[str, Any]]:
    """What is shown and fits `role`, `called` (its name or its label's) and `id`, each where it is asked for."""
    return [_told(each, window) for each, window in _shown() if _fits(each, request)]


def focused(_request: dict[str, Any]) -> dict[str, Any] | None:
    """What has the keyboard: of an open menu the entry, and of a field in a frame the one that has a name."""
    found = [(each, window) for each, window in _shown() if "focused" in _states(each)]
    plain = [(each, window) for each, window in found if _or_none(each.get_role_name) != "filler"]
    named = [(each, window) for each, window in found if _or_none(each.get_name)]
    return _told(*(plain or named or found)[-1]) if found else None


def rows(request: dict[str, Any]) -> dict[str, Any]:
    """What the first `most` rows of a table or list say, and the number of the row that is current, -1 for none."""
    table = _known[request["node"]]
    if table.get_role_name() == "list":
        return _rows_of_list(table, request["most"])
    grid = table.get_table_iface()
    many = min(grid.get_n_rows(), request["most"])
    cells = [[grid.get_accessible_at(row, column) for column in range(grid.get_n_columns())] for row in range(many)]
    chosen = [number for number, row in enumerate(cells) if any(_states(cell) & CURRENT for cell in row if cell)]
    said = [[cell.get_name() if cell else "" for cell in row] for row in cells]
    return {"rows": said, "count": grid.get_n_rows(), "current": chosen[0] if chosen else -1}


def _rows_of_list(table: Any, most: int) -> dict[str, Any]:  # noqa: ANN401
    items = [each for each in _children(table) if each.get_role_name() == "list item"][:most]
    chosen = [number for number, item in enumerate(items) if _states(item) & CURRENT]
    return {
        "rows": [[item.get_name()] for item in items],
        "count": len(items),
        "current": chosen[0] if chosen else -1,
    }


def _shown() -> Iterator[tuple[Any, Any]]:
    """Everything shown, with the window it is in, the newest window first."""
    found = program()
    for window in reversed(_children(found) if found else []):
        for each in _walk(window):
            yield each, window


def _walk(root: Any) -> Iterator[Any]:  # noqa: ANN401
    if "showing" not in _states(root):
        return
    yield root
    if _or_none(root.get_role_name) not in LISTS:
        for child in _children(root):
            yield from _walk(child)


def _children(parent: Any) -> list[Any]:  # noqa: ANN401
    count = _or_none(parent.get_child_count) or 0
    found = (_or_none(partial(parent.get_child_at_index, at)) for at in range(count))
    return [child for child in found if child is not None]


def _fits(each: Any, request: dict[str, Any]) -> bool:  # noqa: ANN401
    role, called, number = request.get("role"), request.get("called"), request.get("id")
    if role is not None and _or_none(each.get_role_name) != role:
        return False
    if number is not None and not (_or_none(each.get_accessible_id) or "").endswith(f".{number}"):
        return False
    return called is None or called in {_or_none(each.get_name), _label(each)}


def _told(each: Any, window: Any) -> dict[str, Any]:  # noqa: ANN401
    """What is told of one thing that is shown."""
    number = len(_known)
    _known[number] = each
    box = _or_none(lambda: each.get_extents(Atspi.CoordType.SCREEN))
    return {
        "node": number,
        "role": _or_none(each.get_role_name) or "",
        "name": _or_none(each.get_name) or "",
        "label": _label(each),
        "id": (_or_none(each.get_accessible_id) or "").rpartition(".")[2],
        "text": _text(each),
        "states": sorted(_states(each)),
        "window": _or_none(window.get_name) or "",
        "box": [box.x, box.y, box.width, box.height] if box else [0, 0, 0, 0],
    }


def _label(each: Any) -> str:  # noqa: ANN401
    for relation in _or_none(each.get_relation_set) or []:
        if relation.get_relation_type() == Atspi.RelationType.LABELLED_BY:
            return str(relation.get_target(0).get_name())
    return ""


def _text(each: Any) -> str:  # noqa: ANN401
    words = _or_none(each.get_text_iface)
    return str(_or_none(lambda: Atspi.Text.get_text(words, 0, -1)) or "") if words is not None else ""


def _states(each: Any) -> set[str]:  # noqa: ANN401
    found = _or_none(each.get_state_set)
    return {state.value_nick for state in found.get_states()} if found is not None else set()


def _or_none(read: Callable[[], Any]) -> Any:  # noqa: ANN401
    """What is read, None where the thing has gone meanwhile."""
    try:
        return read()
    except GLib.Error:
        return None


DEEDS: dict[str, Callable[[dict[str, Any]], object]] = {
    "windows": windows,
    "everything": everything,
    "focused": focused,
    "rows": rows,
}


def main() -> None:
    """Answer until the input ends."""
    Atspi.init()
    for line in sys.stdin:
        request = json.loads(line)
        try:
            said: dict[str, object] = {"answer": DEEDS[request["do"]](request)}
        except Exception as error:  # noqa: BLE001 - whoever asked is told, and may ask again
            said = {"error": f"{type(error).__name__}: {error}"}
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
