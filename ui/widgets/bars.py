"""Bars for shares, in the colours of the palette, each with its words beside it; a table says the same in full."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from member_tracker.domain.report_table import OutOf, Table, cell_words
from ui import look
from ui.language import tr

MOST_BARS = 12
_NAME_SHARE = 0.28
_WORDS_SHARE = 0.24


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar: whose it is, how long (0 to 1; None where there is nothing to judge), and the share in words."""

    name: str
    share: float | None
    words: str


def bars_of(table: Table, column: int) -> tuple[Bar, ...]:
    """A bar for each row of a table, as long as the share in that column."""
    return tuple(
        Bar(
            name=cell_words(row[0]),
            share=share.part / share.whole if isinstance(share, OutOf) and share.whole else None,
            words=cell_words(share),
        )
        for row in table.rows
        for share in (row[column],)
    )


class Bars(QWidget):
    """Draws bars below each other; the keyboard stays with the table, and a screen reader is told all of it here."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._bars: tuple[Bar, ...] = ()

    def show_bars(self, title: str, bars: Sequence[Bar]) -> None:
        """Show these under a title; of very many only the first, and the last, which is all of them."""
        self._bars = tuple(bars) if len(bars) <= MOST_BARS else (*bars[: MOST_BARS - 1], bars[-1])
        self.setAccessibleName(tr("Bars: {title}").format(title=title))
        self.setAccessibleDescription("; ".join(f"{bar.name}: {bar.words}" for bar in bars))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """As high as the bars are."""
        return QSize(look.FIELD_WIDTH, len(self._bars) * self._line())

    def minimumSizeHint(self) -> QSize:
        """Narrow if need be, but never cut off below."""
        return QSize(look.FIELD_WIDTH // 2, len(self._bars) * self._line())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Name, bar and words of each; the line to its right end is where all would be in time."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for number, bar in enumerate(self._bars):
            self._draw(painter, bar, number * self._line())
        painter.end()

    def _draw(self, painter: QPainter, bar: Bar, top: int) -> None:
        palette, line, width = self.palette(), self._line(), self.width()
        names, words = width * _NAME_SHARE, width * _WORDS_SHARE
        metrics = QFontMetrics(self.font())
        painter.setPen(palette.color(QPalette.ColorRole.WindowText))
        name = metrics.elidedText(bar.name, Qt.TextElideMode.ElideRight, int(names) - look.GAP)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(0, top, names, line), middle | Qt.AlignmentFlag.AlignLeft, name)
        painter.drawText(QRectF(width - words + look.GAP, top, words - look.GAP, line), middle, bar.words)
        room = QRectF(names, top + look.TIGHT, width - names - words, line - 2 * look.TIGHT)
        painter.setPen(palette.color(QPalette.ColorRole.Dark))
        painter.setBrush(palette.color(QPalette.ColorRole.Base))
        painter.drawRect(room)
        if bar.share:
            room.setWidth(room.width() * bar.share)
            painter.setBrush(palette.color(QPalette.ColorRole.Accent))
            painter.drawRect(room)

    def _line(self) -> int:
        return self.fontMetrics().height() + look.GAP
