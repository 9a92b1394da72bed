"""A mail as it was laid out: safe HTML in the window's own colours, nothing fetched, no link followed by itself."""

from PySide6.QtCore import QEvent, QUrl
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

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        """Nothing is ever loaded, from nowhere."""
        del kind, name
        return None

    def changeEvent(self, event: QEvent) -> None:
        """Links and lines are laid out in the colours of the moment."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._html:
            self.lay_out(self._html)
