"""Where the data is, in plain sentences, and what can be done about it."""

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QSpinBox, QWidget

from member_tracker.domain.dates import local_date
from member_tracker.services.locking import MOST_MINUTES
from member_tracker.services.whereabouts import Whereabouts, WrittenBackup
from ui.widgets.announce import announce
from ui.widgets.parts import buddy, button, column, label, row
from ui.words import capital, short_day, short_moment, size_words

_KEYS = {
    "keyring": "The file is encrypted (SQLCipher, 256 bits). Its key is in the secure store of this computer, which "
    "opens when you sign in to it.",
    "passphrase": "The file is encrypted (SQLCipher, 256 bits). Its key is wrapped in your passphrase, which is kept "
    "nowhere: nobody can recover it.",
    "practice": "The file is encrypted like any other, but its key is no secret: everything in it is made up.",
}
_ALONE = "This computer works by itself: casework goes to no hub."
_NO_MAILBOX = "No mailbox is set up: no mail leaves this computer."
_NO_BACKUP = "No back-up was written from this computer yet."


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
        self._copy = button("Cop&y", self._copy_folder, name="whereCopy", tip="Copy the name of the folder")
        self._texts = {name: _text(name) for name in ("Size", "Key", "Hub", "Mailboxes", "Held", "Backups", "Copies")}
        self._forget = button("&Delete what is kept beside it…", self.forget_wanted.emit, name="whereForget")
        self._fixed = label("Set by your council", name="lockFixed", kind="quiet", wrap=False)
        self._minutes = QSpinBox()
        self._minutes.setObjectName("lockMinutes")
        self._minutes.setRange(0, MOST_MINUTES)
        self._minutes.setSuffix(" minutes")
        self._minutes.setSpecialValueText("Never")
        self._minutes.setKeyboardTracking(False)
        self._minutes.valueChanged.connect(self.minutes_chosen)
        self._said.hide()
        self._lay_out()

    def _lay_out(self) -> None:
        text = self._texts
        deeds = row(
            button("Back &up now…", self.back_up_wanted.emit, name="backUpNow", kind="first"),
            button("&Restore…", self.restore_wanted.emit, name="restoreNow"),
            button("E&xport…", self.export_wanted.emit, name="exportNow"),
            button("Loc&k now", self.lock_wanted.emit, name="lockNow", tip="Ctrl+L"),
            button("&Back", self.left.emit, name="whereBack", tip="Esc"),
            None,
        )
        self.setLayout(
            column(
                label("Where is my data?", name="whereTitle", kind="title"),
                self._said,
                _heading("On this computer"),
                row(buddy("F&older", self._folder), self._folder, self._copy),
                text["Size"],
                text["Key"],
                _heading("Whose casework is kept here"),
                text["Held"],
                _heading("Where it goes"),
                text["Hub"],
                text["Mailboxes"],
                _heading("Back-ups"),
                text["Backups"],
                text["Copies"],
                row(self._forget, None),
                deeds,
                _heading("Lock"),
                row(
                    buddy("Lock after nobody &was at the keyboard for", self._minutes), self._minutes, self._fixed, None
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
        text["Size"].setText(f"It takes {size_words(where.size)}, attachments and the original mails included.")
        text["Key"].setText(_KEYS[where.key.value])
        text["Hub"].setText(f"Casework goes to the hub {where.hub}. {where.unsent}".strip() if where.hub else _ALONE)
        mailboxes = ", ".join(where.mailboxes)
        text["Mailboxes"].setText(f"Mail is read from and sent through {mailboxes}." if mailboxes else _NO_MAILBOX)
        held = [f"{each.councillor}: {_held(each.enquiries, each.residents)}" for each in where.held]
        text["Held"].setText("\n".join(held) or "Nobody's yet.")
        backups = [_backup(each, today) for each in where.backups]
        text["Backups"].setText("\n".join(backups) or _NO_BACKUP)
        text["Copies"].setText("\n".join(kept_words(where, today)))
        text["Copies"].setVisible(bool(where.copies or where.formers))
        self._forget.setVisible(bool(where.copies or where.formers))
        self._minutes.setEnabled(not where.lock_is_fixed)
        self._fixed.setVisible(where.lock_is_fixed)
        self._minutes.blockSignals(True)
        self._minutes.setValue(where.lock_after)
        self._minutes.blockSignals(False)

    def _copy_folder(self) -> None:
        QGuiApplication.clipboard().setText(self._folder.text())
        self.say("The name of the folder was copied.")


def kept_words(where: Whereabouts, today: date) -> list[str]:
    """What is kept beside the profile, and until when."""
    copies = [
        f"{capital(short_moment(each.made_at, today))}: {size_words(each.size)}, a copy made before an update of the "
        f"program, in {each.file.name}. It goes when anybody’s data is erased, and on "
        f"{short_day(local_date(each.kept_until), today)} at the latest."
        for each in where.copies
    ]
    formers = [
        f"{capital(short_moment(each.set_aside_at, today))}: {size_words(each.size)}, what was here before a back-up "
        f"was restored, in {each.folder}. It goes on {short_day(local_date(each.kept_until), today)}; until then it "
        "also holds what was erased since."
        for each in where.formers
    ]
    return copies + formers


def _backup(written: WrittenBackup, today: date) -> str:
    there = "" if written.is_there else " It is no longer there."
    when = capital(short_moment(written.made_at, today))
    return f"{when}: {size_words(written.size)}, {written.file}.{there}"


def _heading(words: str) -> QLabel:
    return label(words, name=f"where{words.replace(' ', '').replace('-', '')}Heading", kind="heading")


def _text(name: str) -> QLabel:
    made = label(name=f"where{name}")
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made


def _held(enquiries: int, residents: int) -> str:
    asked = "1 enquiry" if enquiries == 1 else f"{enquiries:,} enquiries"
    return f"{asked}, {residents:,} {'resident' if residents == 1 else 'residents'}"
