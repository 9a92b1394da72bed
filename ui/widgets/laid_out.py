"""A mail as it was laid out: safe HTML in the window's own colours, nothing fetched, no link followed by itself."""

from PySide6.QtCore import QByteArray, QEvent, Qt, QUrl
from PySide6.QtGui import QImage, QTextDocument
from PySide6.QtWidgets import QTextBrowser

from ui import look

_SHEET = "table { border-collapse: collapse; border-style: solid; border-color: %s; } th { font-weight: 600; }"


class LaidOutMail(QTextBrowser):
    """Shows safe HTML (`services/original_mail.py`); `anchorClicked` says which link somebody chose."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self._html = ""

    def lay_out(self, html: str) -> None:
        """Show this."""
        self._html = html
        self.document().setDefaultStyleSheet(_SHEET % look.colours().edge)
        self.setHtml(html)

    def loadResource(self, kind: int, name: QUrl | str) -> QImage | QByteArray:
        """Nothing is ever loaded, from nowhere: without an answer Qt would look for a file by itself."""
        del name
        if kind != QTextDocument.ResourceType.ImageResource.value:
            return QByteArray(b"")
        dot = QImage(1, 1, QImage.Format.Format_ARGB32)
        dot.fill(Qt.GlobalColor.transparent)
        return dot

    def changeEvent(self, event: QEvent) -> None:
        """Links and lines are laid out in the colours of the moment."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._html:
            self.lay_out(self._html)
