"""What somebody fills in to write a mail: template, recipients, subject, text and files. The sign-off is only shown."""

from collections.abc import Callable, Collection
from dataclasses import replace
from itertools import pairwise
from pathlib import PurePath

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QFrame, QLineEdit, QPlainTextEdit, QSizePolicy, QWidget

from member_tracker.domain.writing import Blank, Way, Written
from ui import look
from ui.language import tr
from ui.widgets.parts import buddy, button, column, frame, label, row
from ui.widgets.shown_text import shown_text

_LINES = 6
_MOST_LETTERED = 10


class _Text(QPlainTextEdit):
    """Asks for no more height than it needs, and counts with that: else what is above it would be pressed together."""

    def sizeHint(self) -> QSize:
        """As high as it is at least."""
        return QSize(super().sizeHint().width(), self.minimumHeight())


class Fields(QWidget):
    """Holds what is written; `changed` after every change, `template_chosen` carries the id of a template."""

    changed = Signal()
    template_chosen = Signal(str)

    def __init__(self, attach: Callable[[], None]) -> None:
        super().__init__()
        self.setObjectName("composeFields")
        self._written: Written | None = None
        self._files: tuple[str, ...] = ()
        self.promise = label(name="composePromise")
        self.withheld = label(name="composeWithheld", kind="quiet")
        self.duty = label(name="composeDuty")
        self.there = label(name="composeThere", kind="quiet")
        self._template = QComboBox()
        self._template.setObjectName("composeTemplate")
        self._template.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._template.setMinimumContentsLength(28)
        self._to = QFrame()
        self._to.setObjectName("composeTo")
        self._to_lines = column(gap=look.TIGHT)
        self._boxes: dict[str, QCheckBox] = {}
        self._copy = QCheckBox()
        self._copy.setObjectName("composeCopy")
        self._topic = QLineEdit()
        self._topic.setObjectName("composeTopic")
        self._topic.setToolTip(tr("The reference is put behind it"))
        self._body = _Text()
        self._body.setObjectName("composeBody")
        self._body.setTabChangesFocus(True)
        self._body.setMinimumHeight(self._body.fontMetrics().height() * _LINES)
        self._body.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._sign_off = label(name="composeSignOff", kind="quiet")
        self._file_names = label(name="composeFiles", kind="quiet")
        self._attach = button(tr("&Attach a file…"), attach, name="composeAttach")
        self._detach = button(tr("Remove the files (&Z)"), self._drop_files, name="composeDetach", kind="link")
        self._mail_only = QWidget()
        self._lay_out()
        self._template.activated.connect(lambda _row: self.template_chosen.emit(self.template))
        self._topic.textChanged.connect(lambda _text: self.changed.emit())
        self._body.textChanged.connect(self.changed.emit)
        self._copy.toggled.connect(lambda _on: self.changed.emit())

    def _lay_out(self) -> None:
        self._to.setLayout(self._to_lines)
        self._to_heading = label(tr("It goes to"), name="composeToHeading", kind="strong")
        topic = row(buddy(tr("Sub&ject"), self._topic), self._topic)
        to = (self._to_heading, self._to, self._copy, self.duty, self.there)
        self._mail_only.setLayout(column(*to, topic, gap=look.TIGHT))
        locked = frame("hint", name="composeLocked")
        lines = (
            label(tr("Sign-off, the same for the whole council. It is changed in Settings."), name="composeLockedHead"),
        )
        locked.setLayout(column(*lines, self._sign_off, margin=look.GAP, gap=look.TIGHT))
        files = row(self._attach, self._file_names, self._detach, None)
        layout = column(
            self.promise,
            self.withheld,
            row(buddy(tr("&Begin with"), self._template), self._template, None),
            self._mail_only,
            buddy(tr("Te&xt"), self._body),
            self._body,
            locked,
            files,
            gap=look.TIGHT + 2,
        )
        layout.setStretch(layout.indexOf(self._body), 1)
        self.setLayout(layout)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard goes to the text."""
        super().focusInEvent(event)
        self._body.setFocus(event.reason())

    @property
    def template(self) -> str:
        """The id of the template it began with."""
        return str(self._template.currentData() or "")

    @property
    def is_begun(self) -> bool:
        """Whether anything is being written."""
        return self._written is not None

    def written(self) -> Written:
        """What is written now."""
        if self._written is None:
            raise RuntimeError("nothing is being written")
        return replace(
            self._written,
            template=self.template,
            topic=self._topic.text(),
            body=self._body.toPlainText(),
            to=tuple(address for address, box in self._boxes.items() if box.isChecked()),
            copy=self._copy.isChecked() and self._copy.isVisibleTo(self),
            files=self._files,
        )

    def show_blank(self, blank: Blank, written: Written) -> None:
        """Begin with what the service offers, or where somebody left off."""
        self._written = written
        by_mail = blank.way is Way.EMAIL
        self.blockSignals(True)
        self.promise.setText(blank.promise)
        self.withheld.setText(blank.withheld)
        self.withheld.setVisible(bool(blank.withheld))
        self.duty.setText(shown_text("\n".join(blank.duty)))
        self.duty.setVisible(bool(blank.duty))
        self.there.hide()
        self._template.clear()
        for choice in blank.choices:
            self._template.addItem(shown_text(choice.name), choice.id)
        self._template.setCurrentIndex(max(0, self._template.findData(written.template)))
        self._offer(blank, written)
        self._copy.setVisible(blank.copy_to is not None and not blank.wanted.writing.is_for_resident)
        self._copy.setText(tr("&Copy to {copy_to}").format(copy_to=shown_text(blank.copy_to or "").replace("&", "&&")))
        self._copy.setChecked(written.copy)
        self._topic.setText(written.topic)
        self._body.setPlainText(written.body)
        self._sign_off.setText(shown_text(blank.sign_off.strip()))
        self._mail_only.setVisible(by_mail)
        self._attach.setVisible(by_mail)
        self._keep_files(written.files)
        self.blockSignals(False)

    def show_body(self, body: str) -> None:
        """Put the text of a template in place of what is written; Ctrl+Z in the field brings that back."""
        cursor = self._body.textCursor()
        cursor.beginEditBlock()
        cursor.select(cursor.SelectionType.Document)
        cursor.insertText(body)
        cursor.endEditBlock()
        cursor.movePosition(cursor.MoveOperation.Start)
        self._body.setTextCursor(cursor)

    def show_there(self, words: str, addresses: Collection[str]) -> None:
        """Say who is away, and have the duty officers who are there stand out; nothing is ticked by itself."""
        self.there.setText(shown_text(words))
        self.there.setVisible(bool(words))
        there = {address.casefold() for address in addresses}
        is_there = tr(" (is there)")
        for known, box in self._boxes.items():
            if known.casefold() in there and not box.text().endswith(is_there):
                box.setText(box.text() + is_there)

    def add_files(self, paths: list[str]) -> None:
        """Have these files go with it too."""
        self._keep_files(tuple(dict.fromkeys((*self._files, *paths))))
        self.changed.emit()

    def go_to_text(self) -> None:
        """Put the keyboard where somebody writes."""
        self._body.setFocus()

    def clear(self) -> None:
        """Nothing is being written any more."""
        self._written = None
        self._keep_files(())

    def _offer(self, blank: Blank, written: Written) -> None:
        """A box for each address it may go to, by the name of whose it is."""
        for box in self._boxes.values():
            self._to_lines.removeWidget(box)
            box.hide()
            box.deleteLater()
        self._boxes = {}
        chosen = {address.casefold() for address in written.to}
        for number, offered in enumerate(blank.offered, start=1):
            duty = f" ({offered.duty})" if offered.duty else ""
            name = shown_text(f"{offered.name}, {offered.address}{duty}").replace("&", "&&")
            box = QCheckBox(f"&{number} {name}" if number < _MOST_LETTERED else name)
            box.setObjectName(f"composeTo{number}")
            box.setChecked(offered.address.casefold() in chosen)
            box.toggled.connect(lambda _on: self.changed.emit())
            self._boxes[offered.address] = box
            self._to_lines.addWidget(box)
        for before, after in pairwise((self._template, *self._boxes.values(), self._copy, self._topic, self._body)):
            QWidget.setTabOrder(before, after)

    def _keep_files(self, paths: tuple[str, ...]) -> None:
        self._files = paths
        self._file_names.setText(shown_text(", ".join(PurePath(path).name for path in paths)))
        self._detach.setVisible(bool(paths))

    def _drop_files(self) -> None:
        self._keep_files(())
        self._attach.setFocus()
        self.changed.emit()
