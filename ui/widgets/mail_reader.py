"""A window to read an original mail in: as it was laid out, or as text."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QRadioButton, QStackedWidget, QWidget

from ui import look
from ui.language import tr
from ui.widgets.announce import announce
from ui.widgets.laid_out import LaidOutMail
from ui.widgets.link_box import LinkBox
from ui.widgets.parts import column, label, row
from ui.widgets.shown_text import shown_text

if TYPE_CHECKING:
    from member_tracker.services.original_mail import OriginalMail


class MailReader(QDialog):
    """Shows one mail in either form; `save_wanted` asks for its bytes to be saved. Esc closes it."""

    save_wanted = Signal()

    def __init__(self, mail: "OriginalMail", parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("reader")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("The original mail"))
        self._laid_out = LaidOutMail("readerLaidOut")
        self._laid_out.setAccessibleName(tr("The mail as it was laid out"))
        self._text = QPlainTextEdit()
        self._text.setObjectName("readerText")
        self._text.setAccessibleName(tr("The mail as text"))
        self._text.setReadOnly(True)
        self._text.setTabChangesFocus(True)
        self._text.setPlainText(shown_text(mail.text))
        self._forms = QStackedWidget()
        for form in (self._laid_out, self._text):
            self._forms.addWidget(form)
        self._heading = label("", name="readerHeading")
        self._cut = label(_CUT, name="readerCut", kind="strong")
        self._told = label("", name="readerTold", kind="strong")
        self._told.hide()
        self._is_whole = mail.is_whole
        layout = column(self._heading, self._switch(), self._cut, self._forms, self._told, self._buttons())
        layout.setContentsMargins(look.ROOM, look.ROOM, look.ROOM, look.ROOM)
        layout.setStretchFactor(self._forms, 1)
        self.setLayout(layout)
        room = parent.size()
        self.resize(min(look.scaled(look.FORM_WIDTH), room.width()), room.height() * 4 // 5)
        self._laid_out.anchorClicked.connect(self._ask_about)
        if mail.html:
            self._laid_out.lay_out(mail.html)
        self._choice.setVisible(bool(mail.html))
        self._as_laid_out.setChecked(bool(mail.html))
        self._as_text.setChecked(not mail.html)
        self._as_laid_out.toggled.connect(self._turn)
        self._turn()
        (self._laid_out if mail.html else self._text).setFocus()

    def tell(self, words: str, *, wrong: bool = False) -> None:
        """Say what has come of saving it."""
        self._told.setProperty("kind", "wrong" if wrong else "strong")
        self._told.style().polish(self._told)
        self._told.setText(words)
        self._told.show()
        announce(self, words)

    def _switch(self) -> QWidget:
        self._as_laid_out = QRadioButton(tr("As it was &laid out"))
        self._as_laid_out.setObjectName("readerAsLaidOut")
        self._as_text = QRadioButton(tr("As &text"))
        self._as_text.setObjectName("readerAsText")
        self._choice = QWidget()
        self._choice.setObjectName("readerForms")
        self._choice.setLayout(row(self._as_laid_out, self._as_text, None, gap=look.ROOM))
        return self._choice

    def _buttons(self) -> QDialogButtonBox:
        buttons = QDialogButtonBox()
        save = buttons.addButton(tr("&Save the original…"), QDialogButtonBox.ButtonRole.ActionRole)
        save.setObjectName("readerSave")
        save.setAutoDefault(False)
        save.clicked.connect(self.save_wanted)
        close = buttons.addButton(tr("&Close"), QDialogButtonBox.ButtonRole.RejectRole)
        close.setObjectName("readerClose")
        buttons.rejected.connect(self.reject)
        return buttons

    def _turn(self) -> None:
        is_laid_out = self._as_laid_out.isChecked()
        self._forms.setCurrentWidget(self._laid_out if is_laid_out else self._text)
        self._heading.setText(_LAID_OUT if is_laid_out else _AS_TEXT)
        self._cut.setVisible(is_laid_out and not self._is_whole)

    def _ask_about(self, url: QUrl) -> None:
        LinkBox(url, self).open()


_AS_TEXT = tr("As it came, as plain text: nothing is fetched.")
_LAID_OUT = tr("As it was laid out: nothing is fetched, and words stand for pictures.")
_CUT = tr("This mail is too long to be laid out whole: this is its beginning. Save the original to keep all of it.")
