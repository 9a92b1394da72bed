"""The parts of the self-test that need Qt: every screen imports, the window is drawn, a table is printed."""

from pathlib import Path

from PySide6.QtGui import QImage

_FEW_COLOURS = 8


def screens() -> str:
    """Import every module of the window, for pages are imported by name when they are first gone to."""
    import ui
    from member_tracker.cli.self_test import modules_below

    return f"{modules_below(ui.__name__, ui.__path__)} modules import"


def window(folder: Path) -> str:
    """Draw the window on practice data into a picture below a folder; raises `AssertionError` where it is empty."""
    from ui.picture import check

    qt = check(folder / "window.png")
    drawn = QImage(str(folder / "window.png"))
    colours = {drawn.pixel(x, y) for x in range(0, drawn.width(), 7) for y in range(0, drawn.height(), 7)}
    if len(colours) < _FEW_COLOURS:
        raise AssertionError("the picture of the window is empty")
    return f"a picture of {drawn.width()} × {drawn.height()} is drawn by {qt}"


def paper() -> str:
    """Draw a table as a PDF; raises `AssertionError` where that gives none."""
    from member_tracker.domain.report_table import Column, Table
    from ui.reports.paper import draw_without_a_window

    drawn = draw_without_a_window(Table(title="A test", columns=(Column(heading="Enquiry"),), rows=(("A test",),)))
    if not drawn.startswith(b"%PDF-"):
        raise AssertionError("what was drawn is no PDF")
    return f"a PDF of {len(drawn)} bytes is drawn"
