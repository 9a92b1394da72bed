"""Making stock widgets in one line: named for tests and screen readers, labelled, and laid out alike."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ui import look


def label(text: str = "", *, name: str, kind: str = "", wrap: bool = True) -> QLabel:
    """Words on screen: plain text always, so that nothing in a mail is ever taken for markup."""
    made = QLabel(text)
    made.setObjectName(name)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setIndent(0)
    made.setWordWrap(wrap)
    if kind:
        made.setProperty("kind", kind)
    return made


def buddy(text: str, field: QWidget, *, kind: str = "") -> QLabel:
    """The label of a field, with its mnemonic."""
    made = QLabel(text)
    made.setObjectName(f"{field.objectName()}Label")
    made.setBuddy(field)
    made.setIndent(0)
    if isinstance(field, QComboBox) and (typed_in := field.lineEdit()) is not None:
        typed_in.setAccessibleName(text.replace("&", ""))  # it has the keyboard, and no label of its own
    if kind:
        made.setProperty("kind", kind)
    return made


def line(name: str, example: str = "", *, secret: bool = False) -> QLineEdit:
    """A line to type in, with an example of what; what is secret is not shown."""
    made = QLineEdit()
    made.setObjectName(name)
    made.setPlaceholderText(example)
    if secret:
        made.setEchoMode(QLineEdit.EchoMode.Password)
    return made


def empty(*fields: QLineEdit) -> None:
    """Empty fields for good: Ctrl+Z does not bring back what was typed, nor is it kept for that."""
    for field in fields:
        field.setText("")


def combo(name: str) -> QComboBox:
    """A choice of one."""
    made = QComboBox()
    made.setObjectName(name)
    return made


def button(
    text: str, pressed: Callable[[], object], *, name: str, kind: str = "", icon: str = "", tip: str = ""
) -> QPushButton:
    """A button with its name, and where wanted an icon and a tip."""
    made = QPushButton(text)
    made.setObjectName(name)
    made.setAutoDefault(False)
    if kind:
        made.setProperty("kind", kind)
    if icon:
        made.setProperty("iconName", icon)
        wear_icon(made)
        made.setIconSize(QSize(18, 18))
    if tip:
        made.setToolTip(tip)
    made.clicked.connect(lambda _checked=False: pressed())
    return made


def wear_icon(made: QPushButton) -> None:
    """Tint a button's icon in the colours of the moment."""
    name = made.property("iconName")
    if name:
        made.setIcon(look.icon(str(name), "on_accent" if made.property("kind") == "first" else "ink"))


def set_tone(badge: QLabel, tone: str) -> None:
    """Give a label the ink of a state; its words say the state too."""
    badge.setProperty("tone", tone)
    badge.style().unpolish(badge)
    badge.style().polish(badge)


def frame(kind: str, *, name: str) -> QFrame:
    """A box of one of the kinds the look knows."""
    made = QFrame()
    made.setObjectName(name)
    made.setProperty("kind", kind)
    return made


def column(*items: "QWidget | QLayout | None", margin: int = 0, gap: int = look.GAP) -> QVBoxLayout:
    """Things below each other; None is a stretch."""
    made = QVBoxLayout()
    _fill(made, items, margin, gap)
    return made


def row(*items: "QWidget | QLayout | None", margin: int = 0, gap: int = look.GAP) -> QHBoxLayout:
    """Things beside each other; None is a stretch."""
    made = QHBoxLayout()
    _fill(made, items, margin, gap)
    return made


def _fill(box: QVBoxLayout | QHBoxLayout, items: "tuple[QWidget | QLayout | None, ...]", margin: int, gap: int) -> None:
    box.setContentsMargins(margin, margin, margin, margin)
    box.setSpacing(gap)
    for item in items:
        if item is None:
            box.addStretch(1)
        elif isinstance(item, QWidget):
            box.addWidget(item)
        else:
            box.addLayout(item)
