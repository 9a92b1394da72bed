"""How the window looks, as the View menu has it: its colours, the size of its text, and everything back as at first."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent
from PySide6.QtGui import QAction, QFocusEvent
from PySide6.QtWidgets import QComboBox, QFrame, QWidget

from ui.desk import Desk
from ui.language import tr
from ui.look import Scheme
from ui.main_window import MainWindow
from ui.menus import Menus
from ui.widgets.announce import announce
from ui.widgets.flow import Flow
from ui.widgets.page import Page
from ui.widgets.parts import buddy, button, column, label, row
from ui.widgets.scrolled import Scrolled

_COLOURS = {
    Scheme.SYSTEM: tr("As the system has them"),
    Scheme.LIGHT: tr("Light"),
    Scheme.DARK: tr("Dark"),
    Scheme.CONTRAST: tr("High contrast"),
}
_SIZES: tuple[tuple[str, str, str, Callable[[Menus], QAction]], ...] = (
    (tr("Large&r text"), "displayLarger", "Ctrl++", lambda menus: menus.larger),
    (tr("S&maller text"), "displaySmaller", "Ctrl+-", lambda menus: menus.smaller),
    (tr("&Usual size"), "displayUsual", "Ctrl+0", lambda menus: menus.usual_size),
)
_WHY = tr("These are yours: they hold on this computer and for this profile alone, and nobody else sees them.")
_RESET = tr("The window's size, panes, columns, colours and size of text become what they are on the first day.")


class DisplayPage(Page):
    """Shows what the View menu has chosen, and has its actions do what is chosen here."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, "displayPage", parent)
        self._menus: Menus | None = None
        self._colours = QComboBox()
        self._colours.setObjectName("displayColours")
        self._colours.addItems(list(_COLOURS.values()))
        self._colours.activated.connect(lambda number: self._trigger(self._schemes[number]))
        self._size = label(name="displaySize")
        self._sizes = [
            button(words, partial(self._resize, chosen), name=name, tip=keys) for words, name, keys, chosen in _SIZES
        ]
        self._reset = button(tr("&Put everything back"), self._put_back, name="displayReset")
        self._said = label(name="displaySaid", kind="strong")
        self._lay_out()

    def _lay_out(self) -> None:
        back = button(tr("&Back"), self.left.emit, name="displayBack", tip="Esc")
        inside = QFrame()
        inside.setObjectName("display")
        inside.setLayout(
            column(
                label(tr("Display"), name="displayTitle", kind="title"),
                label(_WHY, name="displayWhy", kind="quiet"),
                self._said,
                buddy(tr("&Colours"), self._colours, kind="heading"),
                row(self._colours, None),
                label(tr("Size of text"), name="displaySizeHeading", kind="heading"),
                self._size,
                Flow(*self._sizes),
                label(tr("As on the first day"), name="displayResetHeading", kind="heading"),
                label(_RESET, name="displayResetWhy"),
                Flow(self._reset, back),
                None,
            )
        )
        self._said.hide()
        self.setLayout(column(Scrolled(inside)))

    @property
    def _schemes(self) -> list[QAction]:
        """The View menu's colours, in the order of the choice here."""
        return [self._menus.schemes[scheme] for scheme in _COLOURS] if self._menus is not None else []

    def ask(self) -> None:
        """Look what the View menu has chosen; from the first time on, follow it."""
        window = self.window()
        if self._menus is None and isinstance(window, MainWindow):
            self._menus = window.menus
            for action in self._schemes:
                action.toggled.connect(lambda _on=False: self._show())
        self._show()

    def panes(self) -> list[QWidget]:
        """The parts F6 goes round."""
        return [self._colours]

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard goes to the colours."""
        super().focusInEvent(event)
        self._colours.setFocus(event.reason())

    def changeEvent(self, event: QEvent) -> None:
        """The text may have become larger or smaller, from here or from elsewhere."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self._show()

    def _show(self) -> None:
        chosen = (number for number, action in enumerate(self._schemes) if action.isChecked())
        self._colours.setCurrentIndex(next(chosen, 0))
        self._size.setText(tr("Text is {points:g} points high.").format(points=self.font().pointSizeF()))

    def _resize(self, chosen: Callable[[Menus], QAction]) -> None:
        if self._menus is not None:
            self._trigger(chosen(self._menus))
            announce(self, self._size.text())

    def _put_back(self) -> None:
        if self._menus is not None:
            self._trigger(self._menus.reset)
            self._said.setText(tr("The window is as on the first day again."))
            self._said.show()
            announce(self, self._said.text())

    def _trigger(self, action: QAction) -> None:
        self._said.hide()
        action.trigger()
