"""A table drawn as a PDF: A4, black on white, on as many sides as it needs with its headings on each."""

import os
from html import escape

from PySide6.QtCore import QBuffer, QEventLoop, QIODevice, QMarginsF
from PySide6.QtGui import QFont, QGuiApplication, QPageLayout, QPageSize, QPdfWriter, QTextDocument

from member_tracker.domain.report_table import Cell, ColumnKind, Table, cell_words

_MANY = 5
_MARGIN_MM = 12.0
_POINTS = 9.0


def draw_table(table: Table) -> bytes:
    """The table as a PDF, lying on its side where it has many columns; nothing but black ink."""
    loop = QEventLoop()  # the layout starts a timer, for which a lane has no dispatcher of its own
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    wide = len(table.columns) > _MANY
    writer.setPageLayout(
        QPageLayout(
            QPageSize(QPageSize.PageSizeId.A4),
            QPageLayout.Orientation.Landscape if wide else QPageLayout.Orientation.Portrait,
            QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM),
            QPageLayout.Unit.Millimeter,
        )
    )
    writer.setTitle(table.title)
    writer.setCreator("Member Tracker")
    document = QTextDocument()
    font = QFont()
    font.setPointSizeF(_POINTS)
    document.setDefaultFont(font)
    document.setDefaultStyleSheet(_SHEET)
    document.setHtml(as_page(table))
    document.print_(writer)
    buffer.close()
    del loop
    return bytes(buffer.data().data())


def draw_without_a_window(table: Table) -> bytes:
    """The same where no window is open and perhaps no screen is there."""
    if QGuiApplication.instance() is not None:
        return draw_table(table)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QGuiApplication(["member-tracker"])
    try:
        return draw_table(table)
    finally:
        del app


def as_page(table: Table) -> str:
    """The table as a page of HTML, everything in it taken as text."""
    heads = "".join(_cell("th", column.heading, right=_right(column.kind)) for column in table.columns)
    *rows, last = table.rows or ((),)
    body = "".join(_row(table, row, "td") for row in rows)
    body += _row(table, last, "th" if table.totals else "td") if last else ""
    return (
        f"<h2>{escape(table.title)}</h2>{_lines(table.notes)}"
        f'<table width="100%" cellspacing="0" cellpadding="4" border="0.5"'
        ' style="border-style: solid; border-color: black; border-collapse: collapse">'
        f"<thead><tr>{heads}</tr></thead>{body}</table>"
        f"{_lines(table.footers)}"
    )


def _row(table: Table, row: tuple[Cell, ...], tag: str) -> str:
    cells = zip(row, table.columns, strict=True)
    return f"<tr>{''.join(_cell(tag, cell_words(cell), right=_right(column.kind)) for cell, column in cells)}</tr>"


def _cell(tag: str, words: str, *, right: bool) -> str:
    return f'<{tag} align="{"right" if right else "left"}">{escape(words)}</{tag}>'


def _right(kind: ColumnKind) -> bool:
    return kind is not ColumnKind.WORDS


def _lines(lines: tuple[str, ...]) -> str:
    return "".join(f"<p>{escape(line)}</p>" for line in lines)


_SHEET = "* { color: black; background-color: white; } p { margin: 2px 0; } h2 { margin-bottom: 6px; }"
