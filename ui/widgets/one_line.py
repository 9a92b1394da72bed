"""Buttons in one line: those there is no room for go into the menu of the last, and keep their keys."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, QPoint, QSize, Qt
from PySide6.QtGui import QResizeEvent, QShortcut
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from ui import look
from ui.widgets.parts import row


class OneLine(QWidget):
    """Shows as many of the buttons that are offered as fit, the last ones giving way first, and `more` always."""

    def __init__(self, buttons: Sequence[QPushButton], more: QPushButton) -> None:
        super().__init__()
        self._buttons = tuple(buttons)
        self._more = more
        self._offered = set(buttons)
        self._keys = {made: self._key_of(made) for made in buttons}
        self.setLayout(row(*buttons, more, None, gap=look.TIGHT))

    def _key_of(self, made: QPushButton) -> QShortcut:
        """A hidden button hears no key of its own."""
        key = QShortcut(made.shortcut(), self)
        key.setEnabled(False)
        key.activated.connect(made.click)
        return key

    def offer(self, *offered: QPushButton) -> None:
        """Offer these from now on, and no other."""
        self._offered = set(offered)
        self._fit()

    def offers(self, made: QPushButton) -> bool:
        """Whether it is offered, in the line or in the menu."""
        return made in self._offered

    def fill(self, menu: QMenu) -> None:
        """Put into the menu what is offered and has no room in the line."""
        for made in self._buttons:
            if made in self._offered and made.isHidden():
                action = menu.addAction(made.text().replace("&", ""))
                action.setShortcut(made.shortcut())
                action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)  # told here; heard by the key of its own
                action.setObjectName(f"{made.objectName()}InMenu")
                action.triggered.connect(partial(self._press, made))

    def _press(self, made: QPushButton) -> None:
        """A menu may still be open when what it was filled for is offered no longer."""
        if self.offers(made):
            made.click()

    def open_above(self, menu: QMenu) -> None:
        """Open the menu above the last button, its first line chosen."""
        corner = self._more.mapToGlobal(self._more.rect().topRight())
        size = menu.sizeHint()
        menu.popup(corner - QPoint(size.width(), size.height()))
        menu.setActiveAction(menu.actions()[0])

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In more room there may be more of them, in less fewer."""
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        """Words or letters of a button may have become longer."""
        if event.type() is QEvent.Type.LayoutRequest:
            self._fit()
        return super().event(event)

    def minimumSizeHint(self) -> QSize:
        """The last button alone."""
        return QSize(self._more.minimumSizeHint().width(), super().minimumSizeHint().height())

    def _fit(self) -> None:
        left = self.width() - self._more.sizeHint().width()
        is_full = False
        for made in self._buttons:
            left -= made.sizeHint().width() + look.TIGHT if made in self._offered else 0
            is_full = is_full or left < 0
            shown = made in self._offered and not is_full
            if made.isHidden() is shown:
                made.setVisible(shown)
            self._keys[made].setEnabled(made in self._offered and not shown)
