"""Where the data is, in plain sentences, and what can be done about it."""

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QSpinBox, QWidget

from member_tracker.domain.dates import local_date
from member_tracker.services.locking import MOST_MINUTES
from member_tracker.services.whereabouts import Whereabouts, WrittenBackup
from ui.language import tr, tr_count
from ui.widgets.announce import announce
from ui.widgets.parts import buddy, button, column, label, row
from ui.words import capital, short_day, short_moment, size_words

_KEYS = {
    "keyring": tr(
        "The file is encrypted (SQLCipher, 256 bits). Its key is in the secure store of this computer, which "
        "opens when you sign in to it."
    ),
    "passphrase": tr(
        "The file is encrypted (SQLCipher, 256 bits). Its key is wrapped in your passphrase, which is kept "
        "nowhere: nobody can recover it."
    ),
    "practice": tr("The file is encrypted like any other, but its key is no secret: everything in it is made up."),
}
_ALONE = tr("This computer works by itself: casework goes to no hub.")
_NO_MAILBOX = tr("No mailbox is set up: no mail leaves this computer.")
_NO_BACKUP = tr("No back-up was written from this computer yet.")


class WhereOverview(QFrame):
    """Asks for a deed; `minutes_chosen` carries after how many minutes the window is to lock itself."""

    back_up_wanted = Signal()
    restore_wanted = Signal()
    export_wanted = Signal()
    forget_wanted = Signal()
    lock_wanted = Signal()
    minutes_chosen = Signal(int)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("whereOverview")
        self._said = label(name="whereSaid", kind="strong")
        self._folder = QLineEdit()
        self._folder.setObjectName("whereFolder")
        self._folder.setReadOnly(True)
        self._copy = button(tr("Cop&y"), self._copy_folder, name="whereCopy", tip=tr("Copy the name of the folder"))
        self._texts = {name: _text(name) for name in ("size", "key", "hub", "mailboxes", "held", "backups", "copies")}
        self._forget = button(tr("&Delete what is kept beside it…"), self.forget_wanted.emit, name="whereForget")
        self._fixed = label(tr("Set by your council"), name="lockFixed", kind="quiet", wrap=False)
        self._minutes = QSpinBox()
        self._minutes.setObjectName("lockMinutes")
        self._minutes.setRange(0, MOST_MINUTES)
        self._minutes.setSuffix(tr(" minutes"))
        self._minutes.setSpecialValueText(tr("Never"))
        self._minutes.setKeyboardTracking(False)
        self._minutes.valueChanged.connect(self.minutes_chosen)
        self._said.hide()
        self._lay_out()

    def _lay_out(self) -> None:
        text = self._texts
        deeds = row(
            button(tr("Back &up now…"), self.back_up_wanted.emit, name="backUpNow", kind="first"),
            button(tr("&Restore…"), self.restore_wanted.emit, name="restoreNow"),
            button(tr("E&xport…"), self.export_wanted.emit, name="exportNow"),
            button(tr("Loc&k now"), self.lock_wanted.emit, name="lockNow", tip="Ctrl+L"),
            button(tr("&Back"), self.left.emit, name="whereBack", tip="Esc"),
            None,
        )
        self.setLayout(
            column(
                label(tr("Where is my data?"), name="whereTitle", kind="title"),
                self._said,
                _heading(tr("On this computer"), name="whereOnthiscomputerHeading"),
                row(buddy(tr("F&older"), self._folder), self._folder, self._copy),
                text["size"],
                text["key"],
                _heading(tr("Whose casework is kept here"), name="whereWhosecaseworkiskepthereHeading"),
                text["held"],
                _heading(tr("Where it goes"), name="whereWhereitgoesHeading"),
                text["hub"],
                text["mailboxes"],
                _heading(tr("Back-ups"), name="whereBackupsHeading"),
                text["backups"],
                text["copies"],
                row(self._forget, None),
                deeds,
                _heading(tr("Lock"), name="whereLockHeading"),
                row(
                    buddy(tr("Lock after nobody &was at the keyboard for"), self._minutes),
                    self._minutes,
                    self._fixed,
                    None,
                ),
                None,
            )
        )

    @property
    def first(self) -> QWidget:
        """Where the keyboard goes."""
        return self._folder

    def say(self, words: str) -> None:
        """Say what was done."""
        self._said.setText(words)
        self._said.setVisible(bool(words))
        if words:
            announce(self, words)

    def show_where(self, where: Whereabouts, today: date) -> None:
        """Show where everything is."""
        text = self._texts
        self._folder.setText(str(where.folder))
        self._folder.setCursorPosition(0)
        text["size"].setText(
            tr("It takes {size}, attachments and the original mails included.").format(size=size_words(where.size))
        )
        text["key"].setText(_KEYS[where.key.value])
        text["hub"].setText(
            tr("Casework goes to the hub {hub}. {unsent}").format(hub=where.hub, unsent=where.unsent).strip()
            if where.hub
            else _ALONE
        )
        mailboxes = ", ".join(where.mailboxes)
        text["mailboxes"].setText(
            tr("Mail is read from and sent through {mailboxes}.").format(mailboxes=mailboxes)
            if mailboxes
            else _NO_MAILBOX
        )
        held = [f"{each.councillor}: {_held(each.enquiries, each.residents)}" for each in where.held]
        text["held"].setText("\n".join(held) or tr("Nobody's yet."))
        backups = [_backup(each, today) for each in where.backups]
        text["backups"].setText("\n".join(backups) or _NO_BACKUP)
        text["copies"].setText("\n".join(kept_words(where, today)))
        text["copies"].setVisible(bool(where.copies or where.formers))
        self._forget.setVisible(bool(where.copies or where.formers))
        self._minutes.setEnabled(not where.lock_is_fixed)
        self._fixed.setVisible(where.lock_is_fixed)
        self._minutes.blockSignals(True)
        self._minutes.setValue(where.lock_after)
        self._minutes.blockSignals(False)

    def _copy_folder(self) -> None:
        QGuiApplication.clipboard().setText(self._folder.text())
        self.say(tr("The name of the folder was copied."))


def kept_words(where: Whereabouts, today: date) -> list[str]:
    """What is kept beside the profile, and until when."""
    copies = [
        tr(
            "{time}: {size}, a copy made before an update of the "
            "program, in {file}. It goes when anybody’s data is erased, and on "
            "{day} at the latest."
        ).format(
            time=capital(short_moment(each.made_at, today)),
            size=size_words(each.size),
            file=each.file.name,
            day=short_day(local_date(each.kept_until), today),
        )
        for each in where.copies
    ]
    formers = [
        tr(
            "{time}: {size}, what was here before a back-up "
            "was restored, in {folder}. It goes on {day}; until then it "
            "also holds what was erased since."
        ).format(
            time=capital(short_moment(each.set_aside_at, today)),
            size=size_words(each.size),
            folder=each.folder,
            day=short_day(local_date(each.kept_until), today),
        )
        for each in where.formers
    ]
    return copies + formers


def _backup(written: WrittenBackup, today: date) -> str:
    there = "" if written.is_there else tr(" It is no longer there.")
    when = capital(short_moment(written.made_at, today))
    return f"{when}: {size_words(written.size)}, {written.file}.{there}"


def _heading(words: str, *, name: str) -> QLabel:
    return label(words, name=name, kind="heading")


def _text(name: str) -> QLabel:
    made = label(name=f"where{name.title()}")
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made


def _held(enquiries: int, residents: int) -> str:
    asked = tr_count("{n:,} enquiry", "{n:,} enquiries", enquiries).format(n=enquiries)
    known = tr_count("{n:,} resident", "{n:,} residents", residents).format(n=residents)
    return f"{asked}, {known}"
