"""One start in a process of its own: `hello` (the limit), or ours until `window` or `list` is painted; then it ends."""

import os
import sys
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QTimer


class Painted(QObject):
    """Ends the process once what is waited for has been painted, without tidying up."""

    def __init__(self, waited_for: str) -> None:
        super().__init__()
        self._waited_for = waited_for

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - the name is Qt's
        """Looks at paint events alone."""
        if event.type() == QEvent.Type.Paint and self._is_it(watched):
            QTimer.singleShot(0, _end)
        return False

    def _is_it(self, watched: QObject) -> bool:
        from PySide6.QtWidgets import QMainWindow, QTableView

        if self._waited_for == "window":
            return isinstance(watched, QMainWindow)
        view = watched.parent()
        return isinstance(view, QTableView) and view.viewport() is watched and view.model().rowCount() > 0


def _end() -> None:
    """Say how much memory it took at most, in kB, and end."""
    peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    print(peak.split()[1], flush=True)
    os._exit(0)


def hello() -> None:
    """The limit: a window and a table of forty rows made on the spot."""
    from PySide6.QtGui import QStandardItem, QStandardItemModel
    from PySide6.QtWidgets import QApplication, QMainWindow, QTableView

    app = QApplication(sys.argv[:1])
    window, view, model = QMainWindow(), QTableView(), QStandardItemModel(40, 8)
    for row in range(40):
        for column in range(8):
            model.setItem(row, column, QStandardItem(f"{row},{column}"))
    view.setModel(model)
    window.setCentralWidget(view)
    window.resize(1200, 800)
    painted = Painted("list")
    app.installEventFilter(painted)
    window.show()
    app.exec()


def ours(profile: str, waited_for: str) -> None:
    """The program as it is started, on a profile."""
    from ui import app as ui_app

    made = ui_app.application()
    painted = Painted(waited_for)
    made.installEventFilter(painted)
    sys.argv[1:] = ["--profile", profile]
    from ui.__main__ import main

    main()


if __name__ == "__main__":
    if sys.argv[1] == "hello":
        hello()
    else:
        ours(sys.argv[2], sys.argv[1])
