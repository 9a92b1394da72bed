"""A letter on paper: A4, black on white, and how many sides it takes."""

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QSizeF
from PySide6.QtGui import QFont, QPageLayout, QPageSize, QPdfWriter, QTextCursor, QTextDocument

from member_tracker.services.printed_letters import PrintedLetter, must_fit

_POINTS = 11
_MARGIN_MM = 22
_DOTS_AN_INCH = 300


def pdf_of(letter: PrintedLetter) -> bytes:
    """The letter as a PDF; raises `NotAllowed` with advice where it takes more sides than are printed."""
    content = QByteArray()
    device = QBuffer(content)
    device.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = _writer(device)
    document = _document(letter, writer)
    must_fit(document.pageCount())
    document.print_(writer)
    device.close()
    return bytes(content.data())


def sides_of(letter: PrintedLetter) -> int:
    """How many sides of A4 the letter takes."""
    device = QBuffer()
    device.open(QIODevice.OpenModeFlag.WriteOnly)
    return _document(letter, _writer(device)).pageCount()


def _writer(device: QBuffer) -> QPdfWriter:
    """A4 in shades of black alone; its title is the kind of paper, never whom it is for."""
    writer = QPdfWriter(device)
    writer.setResolution(_DOTS_AN_INCH)
    margins = QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
    writer.setPageLayout(
        QPageLayout(
            QPageSize(QPageSize.PageSizeId.A4),
            QPageLayout.Orientation.Portrait,
            margins,
            QPageLayout.Unit.Millimeter,
        )
    )
    writer.setColorModel(QPdfWriter.ColorModel.Grayscale)
    writer.setTitle("Letter")
    return writer


def _document(letter: PrintedLetter, writer: QPdfWriter) -> QTextDocument:
    """The letter laid out for that paper."""
    document = QTextDocument()
    document.documentLayout().setPaintDevice(writer)
    font = QFont(document.defaultFont())
    font.setPointSizeF(_POINTS)
    document.setDefaultFont(font)
    document.setDocumentMargin(0)
    document.setPageSize(QSizeF(writer.pageLayout().paintRectPixels(_DOTS_AN_INCH).size()))
    cursor = QTextCursor(document)
    blocks = (
        "\n".join(letter.sender),
        "\n".join((letter.postage, "", *letter.recipient)),
        f"{letter.day}\nOur reference: {letter.reference}",
        *letter.paragraphs,
    )
    for number, block in enumerate(blocks):
        if number:
            cursor.insertBlock()
            cursor.insertBlock()
        cursor.insertText(block.replace("\n", "\u2028"))
    return document
