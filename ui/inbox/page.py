"""The tray: mail that could not place itself, what each says, and the enquiries it may belong to with the reasons."""

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QSizePolicy,
    QSplitter,
    QStackedLayout,
    QWidget,
)

from member_tracker.app import App
from member_tracker.domain.change import RecordKind
from member_tracker.domain.dates import local_date
from member_tracker.domain.enquiry import Enquiry, EnquiryId
from member_tracker.domain.errors import TrackerError
from member_tracker.domain.mailbag import Likely, ReceivedMail
from member_tracker.services.enquiries import enquiry_named
from member_tracker.services.filing import file_by_hand, unfile_by_hand
from member_tracker.services.lists import tray
from member_tracker.services.tray_work import begun_from, put_aside, take_back
from ui import look
from ui.deeds import Deed, Doing
from ui.desk import Desk
from ui.inbox.working import Done, Undoing
from ui.jobs import Job
from ui.language import tr
from ui.places import Place, sign_of
from ui.table import Column, TableModel
from ui.table import Page as RowsPage
from ui.widgets.announce import announce
from ui.widgets.flow import Flow
from ui.widgets.focus import holds_focus
from ui.widgets.page import Page
from ui.widgets.parts import buddy, button, column, empty, label
from ui.widgets.rows_view import RowsView
from ui.widgets.shown_text import shown_text
from ui.words import capital, short_moment

_NARROW = look.THREE_PANES - look.NAV_WIDTH
_REFERENCE = Qt.ItemDataRole.UserRole + 1


class TrayPage(Page):
    """Lists unmatched mail; the one chosen is read beside it and filed with an enquiry by a person."""

    kinds = (RecordKind.MAIL,)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, "trayPage", parent)
        self._shown: ReceivedMail | None = None
        self._mails: tuple[ReceivedMail, ...] = ()
        self._asked: Job | None = None
        self._busy = False
        self._undoing = Undoing()
        self._wanted: str | None = None
        self._model: TableModel[ReceivedMail] = TableModel(self._columns(), self)
        self._view = RowsView("trayList", tr("Unmatched mail"))
        self._empty = label(sign_of(Place.UNMATCHED).empty, name="trayEmpty", kind="quiet")
        self._from = label(name="trayFrom", kind="heading")
        self._facts = label(name="trayFacts", kind="quiet")
        self._text = QPlainTextEdit()
        self._candidates = QListView()
        self._file = button(tr("File &with it"), self._file_chosen, name="fileButton", kind="first", icon="close")
        self._new = button(tr("Make an en&quiry…"), self._make_enquiry, name="trayNew", icon="log")
        self._aside = button(tr("Put &aside"), self._put_aside, name="trayAside", tip=tr("It is no casework"))
        self._said = label(name="traySaid", kind="quiet")
        self._reference = QLineEdit()
        self._file_by = button(tr("File &by reference"), self._file_typed, name="fileByButton")
        self._stack = QStackedLayout()
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self._view.show_model(self._model, (19, 0, 16))
        self._text.setObjectName("trayText")
        self._text.setReadOnly(True)
        self._text.setTabChangesFocus(True)
        self._candidates.setObjectName("candidates")
        self._candidates.setModel(QStandardItemModel(self._candidates))
        self._candidates.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self._candidates.setWordWrap(True)
        self._candidates.setSizeAdjustPolicy(QListView.SizeAdjustPolicy.AdjustToContents)
        self._candidates.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self._candidates.setMaximumHeight(170)
        self._reference.setObjectName("trayReference")
        self._reference.setPlaceholderText("ENQ-7K3M-142-XR")
        self._likely_label = buddy(tr("Likel&y enquiries, the likeliest first"), self._candidates, kind="heading")
        read = column(
            self._from,
            self._facts,
            buddy(tr("Me&ssage"), self._text, kind="quiet"),
            self._text,
            self._likely_label,
            self._candidates,
            Flow(self._file, self._new, self._aside),
            Flow(buddy(tr("Its &reference"), self._reference), self._reference, self._file_by),
            self._said,
        )
        read.setStretch(3, 1)
        read.setContentsMargins(look.GAP, look.TIGHT, look.ROOM, look.ROOM)
        pane = QFrame()
        pane.setObjectName("trayRead")
        pane.setLayout(read)
        listed = column(buddy(sign_of(Place.UNMATCHED).heading, self._view, kind="title"), self._view)
        listed.setContentsMargins(look.ROOM, look.TIGHT, look.TIGHT, look.ROOM)
        beside = QFrame()
        beside.setObjectName("trayListPane")
        beside.setLayout(listed)
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._split.setObjectName("traySplit")
        self._split.setChildrenCollapsible(False)
        self._split.addWidget(beside)
        self._split.addWidget(pane)
        self._split.setSizes([440, 640])
        nothing = QFrame()
        title = label(sign_of(Place.UNMATCHED).name, name="trayTitle", kind="title")
        self._nothing_said = label(name="trayNothingSaid", kind="quiet")
        nothing.setLayout(column(title, self._nothing_said, self._empty, None, margin=look.ROOM))
        self.setLayout(self._stack)  # first, or what is put into it would be a window of its own for a moment
        self._stack.addWidget(nothing)
        self._stack.addWidget(self._split)

    def _connect(self) -> None:
        self._view.row_current.connect(self._show_row)
        self._view.row_chosen.connect(lambda _row: self._chosen_by_key())
        self.desk.show_enquiry.connect(lambda _id: self._said.clear())
        self._reference.returnPressed.connect(self._file_typed)
        self._reference.textChanged.connect(lambda text: self._file_by.setEnabled(bool(text.strip())))
        self._file_by.setEnabled(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """On a narrow window the list says who wrote and about what; when is said beside it."""
        super().resizeEvent(event)
        self._view.setColumnHidden(2, self.width() < _NARROW)

    def ask(self) -> None:
        """Read the tray."""
        self.desk.ask(tray, owner=self, done=self.show_mails)

    def panes(self) -> list[QWidget]:
        """The parts F6 goes round."""
        return [self._view, self._text, self._candidates]

    def deeds(self) -> Doing:
        """Ctrl+Z takes back what was done to a mail last."""
        return {Deed.UNDO: self._undo}

    def show_mails(self, mails: tuple[ReceivedMail, ...]) -> None:
        """Show these mails; the place of the one filed last is taken by the next."""
        self._mails = mails
        at = max(0, self._view.currentIndex().row())
        held = holds_focus(self)
        self._model.show([RowsPage(rows=mails)] if len(mails) <= 200 else _pages(mails))
        self._stack.setCurrentIndex(1 if mails else 0)
        self._nothing_said.setText(self._said.text())
        if mails:
            wanted, self._wanted = self._wanted or (self._shown.id if self._shown else None), None
            kept = self._model.find(lambda mail: mail.id == wanted)
            to = kept if kept is not None else min(at, len(mails) - 1)
            self._view.go_to(to)
            self._show_row(to)
            if held and not holds_focus(self):
                self._view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _columns(self) -> tuple[Column[ReceivedMail], ...]:
        def came(mail: ReceivedMail) -> str:
            return capital(short_moment(mail.received_at, local_date(self.desk.now())))

        def spoken(mail: ReceivedMail) -> str:
            return shown_text(
                tr("{subject}, from {from_name}, {came}").format(
                    subject=mail.subject, from_name=mail.from_name or mail.from_address, came=came(mail)
                )
            )

        return (
            Column(
                heading=tr("From"), words=lambda mail: shown_text(mail.from_name or mail.from_address), spoken=spoken
            ),
            Column(heading=tr("Subject"), words=lambda mail: shown_text(mail.subject)),
            Column(heading=tr("Came"), words=came),
        )

    def _show_row(self, number: int) -> None:
        mail = self._model.row(number)
        if mail is None or mail == self._shown:
            return
        self._shown = mail
        sender = f"{mail.from_name} <{mail.from_address}>" if mail.from_name else mail.from_address
        self._from.setText(shown_text(mail.subject or tr("No subject")))
        self._facts.setText(
            shown_text(
                tr("From {sender}, {time}").format(
                    sender=sender, time=short_moment(mail.received_at, local_date(self.desk.now()))
                )
            )
        )
        self._text.setPlainText(shown_text(mail.text))
        empty(self._reference)
        self._show_candidates(mail.candidates, {})
        likely = mail.candidates
        if self._asked is not None:
            self._asked.cancel()
        self._asked = self.desk.ask(
            lambda app: about(app, likely), owner=self, done=lambda subjects: self._show_candidates(likely, subjects)
        )

    def _show_candidates(self, candidates: tuple[Likely, ...], subjects: Mapping[str, str]) -> None:
        """List the enquiries a mail may belong to: what each is about once that is read, and why it is likely."""
        model = QStandardItemModel(self._candidates)
        for likely in candidates:
            subject = subjects.get(likely.enquiry_id)
            head = f"{likely.reference}, {subject}" if subject else likely.reference
            item = QStandardItem(
                tr("{head}\nThis mail {signals}.").format(head=head, signals="; ".join(likely.signals))
            )
            item.setData(likely.enquiry_id, _REFERENCE)
            model.appendRow(item)
        before = self._candidates.model()
        self._candidates.setModel(model)
        before.deleteLater()
        self._candidates.setVisible(bool(candidates))
        self._file.setVisible(bool(candidates))
        words = (
            tr("Likel&y enquiries, the likeliest first")
            if candidates
            else tr("No enquiry is likely: give its reference.")
        )
        self._likely_label.setText(words)
        if candidates:
            self._candidates.setCurrentIndex(model.index(0, 0))

    def _chosen_by_key(self) -> None:
        """Enter in the list files the mail with the likeliest enquiry, or goes to where a reference is typed."""
        if self._candidates.currentIndex().isValid():
            self._file_chosen()
        else:
            self._reference.setFocus(Qt.FocusReason.OtherFocusReason)

    def _file_chosen(self) -> None:
        mail, chosen = self._shown, self._candidates.currentIndex().data(_REFERENCE)
        if mail is not None and chosen:
            reference = next(each.reference for each in mail.candidates if each.enquiry_id == chosen)
            self._do(
                lambda app: file_by_hand(app, mail.id, EnquiryId(chosen)),
                Done(
                    mail_id=mail.id,
                    words=tr("Filed with {reference}.").format(reference=reference),
                    take_back=partial(_unfile, mail.id),
                ),
            )

    def _file_typed(self) -> None:
        mail, typed = self._shown, self._reference.text().strip()
        if mail is not None and typed:
            self._do(
                lambda app: file_named(app, mail.id, typed),
                Done(
                    mail_id=mail.id,
                    words=tr("Filed with {reference}.").format(reference=typed.upper()),
                    take_back=partial(_unfile, mail.id),
                ),
            )

    def _put_aside(self) -> None:
        mail = self._shown
        if mail is not None:
            self._do(
                lambda app: put_aside(app, mail.id),
                Done(mail_id=mail.id, words=tr("Put aside as no casework."), take_back=partial(_take_back, mail.id)),
            )

    def _make_enquiry(self) -> None:
        """Go to the form that logs an enquiry, filled in from the mail; the mail is filed once it is kept."""
        if self._shown is not None:
            self.desk.page_wanted.emit("form", begun_from(self._shown))

    def _do(self, deed: Callable[[App], object], done: Done) -> None:
        """Do it to the mail that is shown; the next takes its place at once, and until then nothing else is done."""
        if self._busy:
            return
        self._busy = True

        def after(_what: object) -> None:
            self._busy = False
            self._undoing.note(done)
            self._say(tr("{done} Ctrl+Z takes that back.").format(done=done.words))
            if self._reference.hasFocus() or self._file_by.hasFocus():
                self._view.setFocus(Qt.FocusReason.OtherFocusReason)  # the next mail has no reference typed yet
            self.show_mails(tuple(mail for mail in self._mails if mail.id != done.mail_id))

        self.desk.ask(deed, owner=self, done=after, failed=self._refuse)

    def _undo(self) -> None:
        """Take back what was done last; the mail is in the tray again, and is the one shown."""
        latest = self._undoing.latest()
        if latest is None:
            self._say(tr("There is nothing to take back here."))
            return

        def after(_what: object) -> None:
            self._say(tr("Taken back: the mail is in the tray again."))
            self._wanted = latest.mail_id
            self.ask()

        self.desk.ask(latest.take_back, owner=self, done=after)

    def _refuse(self, error: TrackerError) -> None:
        self._busy = False
        self.desk.jobs.refused.emit(error)
        self.ask()

    def _say(self, words: str) -> None:
        self._said.setText(words)
        announce(self, words)


def _unfile(mail_id: str, app: App) -> None:
    unfile_by_hand(app, mail_id)


def _take_back(mail_id: str, app: App) -> None:
    take_back(app, mail_id)


def about(app: App, candidates: tuple[Likely, ...]) -> dict[str, str]:
    """What each of these enquiries is about."""
    with app.store.reading() as tx:
        found = [tx.find(Enquiry, likely.enquiry_id) for likely in candidates]
    return {enquiry.id: enquiry.subject for enquiry in found if enquiry is not None}


def file_named(app: App, mail_id: str, reference: str) -> None:
    """File a mail with the enquiry of that reference."""
    with app.store.reading() as tx:
        enquiry = enquiry_named(tx, reference)
    file_by_hand(app, mail_id, enquiry.id)


def _pages(mails: tuple[ReceivedMail, ...]) -> list[RowsPage[ReceivedMail]]:
    """A long tray as pages, all of them here already."""
    return [
        RowsPage(rows=mails[at : at + 200], next=at + 200 if at + 200 < len(mails) else None)
        for at in range(0, len(mails), 200)
    ]
