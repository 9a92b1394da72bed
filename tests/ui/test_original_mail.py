"""The original of a mail: as it was laid out and as text, with nothing fetched and no link that opens by itself."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from time import process_time
from typing import Self

import pytest
from PySide6.QtCore import QObject, QPoint, QSize, Qt, QUrl, Slot
from PySide6.QtGui import (
    QColor,
    QDesktopServices,
    QGuiApplication,
    QImage,
    QTextBlock,
    QTextCharFormat,
    QTextDocument,
    QTextTable,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QPlainTextEdit, QPushButton, QRadioButton, QWidget
from pytestqt.qtbot import QtBot

from member_tracker.mail.html_laid_out import laid_out
from member_tracker.profile import Profile
from member_tracker.services.original_mail import OriginalMail
from tests.ui.checks import nameless, never_visited, same_names, taken_for_markup
from tests.ui.test_detail import opened, visible_dialog
from tests.ui.test_look import TEXT, contrast
from tests.ui.test_window import go, open_row
from tests.ui.walking import named, press, words_of
from tests.ui.windows import at_rest
from ui import look
from ui.app import Running, application
from ui.look import Scheme
from ui.picture import wait_until
from ui.places import Place
from ui.widgets.laid_out import LaidOutMail
from ui.widgets.mail_reader import MailReader

PAGE = """
<body bgcolor="white" style="color: #000000; background: white"><h2>Works on Mill Lane</h2>
<p><span style="color: black; background: yellow">The <b>gully</b> is emptied on these days:</span></p>
<table border="1" bgcolor="#ffffff"><tr><th>Day</th><th>Hour</th></tr><tr><td><font color="black">Monday</font></td>
<td>9 am</td></tr></table><ul><li>The road is closed.</li><li>Buses go round.</li></ul>
<p>See <a style="color: navy" href="https://council.example.org/mill-lane">the page about it</a> or write to
<a href="mailto:roads@council.example.org">us</a>.</p></body>
"""


class Office:
    """A window with the reader of a mail in front of it."""

    def __init__(self, qtbot: QtBot) -> None:
        self._qtbot = qtbot
        self.window = QWidget()
        self.window.resize(1366, 768)
        qtbot.addWidget(self.window)
        self.window.show()

    def read(self, page: str = PAGE, text: str = "Works on Mill Lane") -> MailReader:
        made = laid_out(page) if page else None
        mail = OriginalMail(text=text, html=made.html if made else "", is_whole=made.is_whole if made else True)
        reader = MailReader(mail, self.window)
        reader.open()
        reader.activateWindow()
        wait_until(lambda: reader.isActiveWindow() and QApplication.focusWidget() is not None)
        return reader


@pytest.fixture
def office(qtbot: QtBot, qapp: QApplication) -> Iterator[Office]:
    assert application() is qapp
    look.dress(qapp, Scheme.LIGHT)
    yield Office(qtbot)
    look.dress(qapp, Scheme.LIGHT)


class Browser(QObject):
    """Takes the place of the program that opens pages."""

    def __init__(self) -> None:
        super().__init__()
        self.pages: list[str] = []

    @Slot(QUrl)
    def take(self, url: QUrl) -> None:
        self.pages.append(url.toString(QUrl.ComponentFormattingOption.FullyEncoded))


@pytest.fixture
def browser() -> Iterator[Browser]:
    made = Browser()
    for scheme in ("http", "https", "mailto", "file"):
        QDesktopServices.setUrlHandler(scheme, made, "take")  # type: ignore[arg-type]  # it takes a name, whatever it says
    yield made
    for scheme in ("http", "https", "mailto", "file"):
        QDesktopServices.unsetUrlHandler(scheme)


def formats(document: QTextDocument) -> Iterator[tuple[str, QTextCharFormat]]:
    """Each piece of text with how it is drawn."""
    for block in blocks_of(document):
        piece = block.begin()
        while not piece.atEnd():
            yield piece.fragment().text(), piece.fragment().charFormat()
            piece += 1


def blocks_of(document: QTextDocument) -> Iterator[QTextBlock]:
    block = document.begin()
    while block.isValid():
        yield block
        block = block.next()


def shown(reader: MailReader) -> LaidOutMail:
    return named(reader, LaidOutMail, "readerLaidOut")


def where(page: LaidOutMail, words: str) -> QPoint:
    """The middle of these words on the page."""
    found = page.document().find(words)
    assert not found.isNull()
    found.setPosition((found.selectionStart() + found.selectionEnd()) // 2)
    return page.cursorRect(found).center()


# --- how it is read ---------------------------------------------------------------------------------------------------


def test_a_mail_is_shown_as_it_was_laid_out(office: Office) -> None:
    document = shown(office.read()).document()
    pieces = dict(formats(document))
    assert pieces["gully"].fontWeight() > pieces["The "].fontWeight()
    blocks = {block.text().strip(): block for block in blocks_of(document)}
    assert blocks["Works on Mill Lane"].blockFormat().headingLevel() == 2
    assert blocks["The road is closed."].textList() is not None
    assert (
        "See the page about it [https://council.example.org/mill-lane] or write to us [roads@council.example.org]."
        in blocks
    )
    tables = [frame for frame in document.rootFrame().childFrames() if isinstance(frame, QTextTable)]
    assert [(table.rows(), table.columns()) for table in tables] == [(2, 2)]


def test_the_keyboard_goes_from_one_form_to_the_other_and_esc_back(office: Office) -> None:
    reader = office.read(text="Works on Mill Lane, as text")
    as_laid_out, as_text = shown(reader), named(reader, QPlainTextEdit, "readerText")
    assert as_laid_out.hasFocus()
    assert "words stand for pictures" in words_of(reader, "readerHeading")
    assert not named(reader, QWidget, "readerCut").isVisible()
    QTest.keyClick(reader, Qt.Key.Key_T, Qt.KeyboardModifier.AltModifier)
    wait_until(as_text.isVisible)
    assert not as_laid_out.isVisible()
    assert as_text.toPlainText() == "Works on Mill Lane, as text"
    assert "plain text" in words_of(reader, "readerHeading")
    QTest.keyClick(named(reader, QRadioButton, "readerAsText"), Qt.Key.Key_Left)
    assert as_laid_out.isVisible()
    QTest.keyClick(reader, Qt.Key.Key_Escape)
    wait_until(lambda: not office.window.findChildren(MailReader))


def test_a_mail_of_text_alone_offers_no_other_form(office: Office) -> None:
    reader = office.read(page="", text="The bin was emptied.")
    assert named(reader, QPlainTextEdit, "readerText").hasFocus()
    assert not named(reader, QWidget, "readerForms").isVisible()
    assert not named(reader, QWidget, "readerCut").isVisible()


def test_the_keyboard_and_a_screen_reader_come_to_everything(office: Office) -> None:
    reader = office.read(page="<p>The gully was emptied.</p>")
    for dialog in (reader, office.read()):
        assert nameless(dialog) == []
        assert same_names(dialog) == []
        assert taken_for_markup(dialog) == []
    office.window.findChildren(MailReader)[-1].close()
    assert never_visited(reader) == []
    reader._ask_about(QUrl("https://council.example.org/"))
    box = named(reader, QDialog, "linkBox")
    box.activateWindow()
    wait_until(named(box, QPushButton, "linkLeave").hasFocus)
    assert named(box, QPushButton, "linkLeave").isDefault()
    assert (nameless(box), same_names(box), taken_for_markup(box), never_visited(box)) == ([], [], [], [])


@pytest.mark.parametrize("scheme", [Scheme.LIGHT, Scheme.DARK, Scheme.CONTRAST])
def test_every_word_is_readable_in_every_theme_whatever_colours_the_mail_has(
    office: Office, qapp: QApplication, scheme: Scheme
) -> None:
    reader = office.read()  # in the light theme first: what is open changes with it
    look.dress(qapp, scheme)
    page = shown(reader)
    wait_until(lambda: page.palette().text().color() == QColor(look.colours().ink))
    paper = QColor(look.colours().paper)
    assert page.palette().base().color() == paper
    for text, drawn in formats(page.document()):
        own = drawn.foreground()
        ink = page.palette().text().color() if own.style() is Qt.BrushStyle.NoBrush else own.color()
        assert drawn.background().style() is Qt.BrushStyle.NoBrush, text
        assert contrast(ink.name(), paper.name()) >= TEXT, text


def test_of_a_huge_mail_the_beginning_is_there_at_once_with_a_sentence(office: Office) -> None:
    page = "<table>" + "<tr><td>Monday</td><td>9 am</td></tr>" * 10_000 + "</table>"
    began = process_time()
    reader = office.read(page)
    assert process_time() - began < 3
    assert "too long to be laid out whole" in words_of(reader, "readerCut")
    assert named(reader, QWidget, "readerCut").isVisible()
    named(reader, QRadioButton, "readerAsText").click()
    assert not named(reader, QWidget, "readerCut").isVisible()


# --- links ------------------------------------------------------------------------------------------------------------


def test_a_link_chosen_by_keyboard_says_where_it_leads_and_opens_only_when_told_to(
    office: Office, browser: Browser
) -> None:
    reader = office.read()
    QTest.keyClick(shown(reader), Qt.Key.Key_Tab)
    QTest.keyClick(shown(reader), Qt.Key.Key_Return)
    box = named(reader, QDialog, "linkBox")
    assert "leads to council.example.org." in words_of(box, "linkAbout")
    assert named(box, QPlainTextEdit, "linkAddress").toPlainText() == "https://council.example.org/mill-lane"
    press(box, "linkCopy")
    assert QGuiApplication.clipboard().text() == "https://council.example.org/mill-lane"
    QTest.keyClick(box, Qt.Key.Key_Return)
    wait_until(lambda: not reader.findChildren(QDialog, "linkBox"))
    assert browser.pages == []
    assert shown(reader).source().isEmpty()
    assert "Works on Mill Lane" in shown(reader).toPlainText()


def test_a_link_chosen_by_mouse_is_opened_by_its_button_alone(office: Office, browser: Browser) -> None:
    reader = office.read()
    page = shown(reader)
    QTest.mouseClick(page.viewport(), Qt.MouseButton.LeftButton, pos=where(page, "page about"))
    box = named(reader, QDialog, "linkBox")
    assert browser.pages == []
    press(box, "linkOpen")
    assert browser.pages == ["https://council.example.org/mill-lane"]
    wait_until(lambda: not reader.findChildren(QDialog, "linkBox"))


def test_the_address_of_a_person_can_be_copied_and_nothing_is_opened(office: Office, browser: Browser) -> None:
    reader = office.read()
    page = shown(reader)
    QTest.mouseClick(page.viewport(), Qt.MouseButton.LeftButton, pos=where(page, "us ["))
    box = named(reader, QDialog, "linkBox")
    assert box.findChild(QPushButton, "linkOpen") is None
    press(box, "linkCopy")
    assert QGuiApplication.clipboard().text() == "roads@council.example.org"
    assert browser.pages == []


def test_without_a_browser_the_address_can_still_be_copied(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda _url: False)
    reader = office.read()
    reader._ask_about(QUrl("https://council.example.org/"))
    box = named(reader, QDialog, "linkBox")
    press(box, "linkOpen")
    assert box.isVisible()
    assert words_of(box, "linkTold").startswith("No browser could be opened.")


# --- nothing is fetched -----------------------------------------------------------------------------------------------


class Tracker:
    """A real web server that counts who asks it for anything."""

    def __init__(self) -> None:
        asked: list[str] = []

        class Counting(BaseHTTPRequestHandler):
            def handle(self) -> None:
                asked.append("a connection")
                super().handle()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
                del format, args

        self.asked = asked
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Counting)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def fetching(url: str) -> str:
    """Every way a page has of asking for something."""
    return f"""<head><base href="{url}/"><link rel=stylesheet href="{url}/s.css"><meta http-equiv=refresh
    content="0;url={url}/r"><style>@import url({url}/i.css); body {{ background: url({url}/b.png) }}</style></head>
    <body background="{url}/bg.png"><img src="{url}/open.gif" width=1 height=1><img src="{url}/a.png">
    <img srcset="{url}/b 2x"><p style="background-image: url({url}/p.png)">kept</p>
    <table background="{url}/t.png"><tr><td>a</td><td>b</td></tr>
    </table><iframe src="{url}/f"></iframe><object data="{url}/o"></object><video src="{url}/v" poster="{url}/w">
    <script src="{url}/x.js"></script><svg><image href="{url}/svg.png"/></svg><input type=image src="{url}/in.png">
    <ul style="list-style-image: url({url}/li.png)"><li>c</li></ul><a href="{url}/page">d</a></body>"""


def test_a_mail_fetches_nothing_not_even_where_it_was_not_made_safe(
    office: Office, tmp_path: Path, qtbot: QtBot
) -> None:
    file = tmp_path / "here.png"
    QImage(9, 9, QImage.Format.Format_RGB32).save(str(file))
    local = QUrl.fromLocalFile(str(file))
    with Tracker() as tracker:
        page = shown(office.read(fetching(tracker.url)))
        assert "kept" in page.toPlainText()
        raw = LaidOutMail("raw")
        qtbot.addWidget(raw)
        raw.lay_out(f"{fetching(tracker.url)}<img src='{local.toString()}'>")
        raw.show()
        QTest.qWait(150)
        assert tracker.asked == []
    picture = raw.document().resource(QTextDocument.ResourceType.ImageResource.value, local)
    assert isinstance(picture, QImage)
    assert picture.size() == QSize(1, 1)


# --- in the window ----------------------------------------------------------------------------------------------------


@pytest.fixture
def with_page(running: Running, practice: Profile) -> Running:
    """An enquiry to which a mail with HTML has come."""
    go(running, Place.OPEN)
    open_row(running, "Noise from a yard")
    sent = opened(running).view.sent[0]
    inbox = practice.settings().inbox
    inbox.mkdir(parents=True, exist_ok=True)
    (inbox / "page.eml").write_bytes(raw_mail(sent.to[0], sent.subject, sent.message_id))
    running.window.menus.mail.trigger()
    wait_until(lambda: any("Mail received" in each.accessibleName() for each in boxes(running)))
    at_rest(running)
    return running


def raw_mail(sender: str, subject: str, answers: str) -> bytes:
    return (
        f"From: {sender}\r\nTo: member.enquiries@example.org\r\nSubject: RE: {subject}\r\nIn-Reply-To: {answers}\r\n"
        "Message-ID: <page@example.org>\r\nDate: Fri, 20 Nov 2026 15:10:00 +0000\r\nMIME-Version: 1.0\r\n"
        f"Content-Type: text/html; charset=utf-8\r\n\r\n{PAGE}"
    ).encode()


def boxes(running: Running) -> list[QWidget]:
    return running.window.findChildren(QWidget, "mailEntry")


def test_the_original_is_read_from_the_timeline_saved_whole_and_missed_in_words(
    with_page: Running, practice: Profile, tmp_path: Path, browser: Browser
) -> None:
    nothing_opens_for_somebody_who_went_elsewhere(with_page)
    press(with_page.window, "readMail")
    reader = visible_dialog(with_page, "reader")
    assert "Message-ID: <page@example.org>" in named(reader, LaidOutMail, "readerLaidOut").toPlainText()
    assert "The gully is emptied" in named(reader, QPlainTextEdit, "readerText").toPlainText()
    saved_to(reader, tmp_path / "nowhere" / "mail.eml")
    wait_until(lambda: "could not be written" in words_of(reader, "readerTold"))
    saved_to(reader, tmp_path / "mail.eml")
    wait_until(lambda: words_of(reader, "readerTold") == "Saved.")
    assert (tmp_path / "mail.eml").read_bytes() == (practice.settings().inbox / "page.eml").read_bytes()
    QTest.keyClick(reader, Qt.Key.Key_Escape)
    assert browser.pages == []
    what_is_not_here_is_said(with_page)


def saved_to(reader: QDialog, path: Path) -> None:
    press(reader, "readerSave")
    dialog = named(reader, QFileDialog, "originalSaveDialog")
    assert dialog.selectedFiles()[0].endswith("mail.eml")
    dialog.fileSelected.emit(str(path))
    dialog.reject()
    wait_until(lambda: not reader.findChildren(QFileDialog))


def nothing_opens_for_somebody_who_went_elsewhere(running: Running) -> None:
    go_on = Event()
    running.desk.ask(lambda _app: go_on.wait(20), owner=running)
    press(running.window, "readMail")
    running.window.go_to(Place.TODAY)
    go_on.set()
    at_rest(running)
    assert running.window.findChildren(QDialog, "reader") == []
    go(running, Place.OPEN)
    open_row(running, "Noise from a yard")


def what_is_not_here_is_said(running: Running) -> None:
    emptied = running.desk.ask(
        lambda app: app.store._store._writer.execute("DELETE FROM blob_chunk"),  # type: ignore[attr-defined]  # watched
        owner=running,
    )
    wait_until(lambda: emptied.number not in running.desk.jobs._waiting)
    press(running.window, "readMail")
    wait_until(named(running.window, QWidget, "banner").isVisible)
    assert words_of(running.window, "bannerAdvice")
    at_rest(running)
