"""Where a link of a mail leads, said before anything is opened: to be copied, or opened in the browser by a person."""

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QWidget

from ui import look
from ui.language import tr
from ui.widgets.announce import announce
from ui.widgets.parts import buddy, column, label
from ui.widgets.shown_text import shown_text


class LinkBox(QDialog):
    """Shows the whole address of a link; only one of the web can be opened, and only by its button."""

    def __init__(self, url: QUrl, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("linkBox")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("A link in a mail"))
        self._url = url
        is_web = url.scheme() in {"http", "https"} and bool(url.host())
        whole = url.toString(QUrl.ComponentFormattingOption.FullyEncoded)
        self._address = whole if is_web else whole.removeprefix("mailto:")
        host = url.host(QUrl.ComponentFormattingOption.FullyEncoded)
        about = label(
            tr("This link leads to {host}. {about}").format(host=host, about=_ABOUT) if is_web else _NO_PAGE,
            name="linkAbout",
        )
        shown = QPlainTextEdit()
        shown.setObjectName("linkAddress")
        shown.setReadOnly(True)
        shown.setTabChangesFocus(True)
        shown.setPlainText(shown_text(self._address))
        self._told = label("", name="linkTold", kind="strong")
        self._told.hide()
        buttons = QDialogButtonBox()
        copy = buttons.addButton(tr("C&opy the address"), QDialogButtonBox.ButtonRole.ActionRole)
        leave = buttons.addButton(tr("&Leave it"), QDialogButtonBox.ButtonRole.RejectRole)
        copy.setObjectName("linkCopy")
        leave.setObjectName("linkLeave")
        copy.clicked.connect(self._copy)
        if is_web:
            opens = buttons.addButton(tr("Open in the &browser"), QDialogButtonBox.ButtonRole.ActionRole)
            opens.setObjectName("linkOpen")
            opens.setAutoDefault(False)
            opens.clicked.connect(self._open)
        self.setLayout(column(about, buddy(tr("&Address"), shown), shown, self._told, buttons, margin=look.ROOM))
        self.resize(look.scaled(look.FIELD_WIDTH), self.sizeHint().height())
        buttons.rejected.connect(self.reject)
        leave.setDefault(True)
        leave.setFocus()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._address)
        self._tell(tr("Copied."))

    def _open(self) -> None:
        if QDesktopServices.openUrl(self._url):
            self.accept()
        else:
            self._tell(tr("No browser could be opened. Copy the address, and open it elsewhere."))

    def _tell(self, words: str) -> None:
        self._told.setText(words)
        self._told.show()
        announce(self, words)


_ABOUT = tr("Open it only if you expect it: its words in the mail can say anything.")
_NO_PAGE = tr("This link is a mail address. It can be copied.")
