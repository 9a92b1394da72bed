"""The original of a mail, read in a window of its own, and saved as it came where somebody chooses."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from member_tracker.domain.errors import TrackerError
from member_tracker.domain.mailbag import ReceivedMail
from ui.desk import Desk
from ui.language import tr
from ui.widgets.file_dialog import a_new_file

if TYPE_CHECKING:
    from member_tracker.app import App
    from member_tracker.services.original_mail import OriginalMail
    from ui.widgets.mail_reader import MailReader


def read_original(desk: Desk, mail: ReceivedMail, beside: QWidget) -> None:
    """Open the mail as it was laid out, or as text; nothing opens for somebody who is elsewhere by then."""

    def read(app: "App") -> "OriginalMail":
        from member_tracker.services.original_mail import original_mail

        return original_mail(app, mail.id)

    def show(original: "OriginalMail") -> None:
        from ui.widgets.mail_reader import MailReader

        if not beside.isVisible():
            return
        reader = MailReader(original, beside.window())
        reader.save_wanted.connect(lambda: _choose_place(desk, mail, original.file_name, reader))
        reader.open()

    desk.ask(read, owner=beside, done=show)


def _choose_place(desk: Desk, mail: ReceivedMail, name: str, reader: "MailReader") -> None:
    a_new_file(
        reader,
        tr("Save the original mail"),
        name="originalSaveDialog",
        suggested=name,
        then=lambda path: _save(desk, mail, Path(path), reader),
    ).open()


def _save(desk: Desk, mail: ReceivedMail, path: Path, reader: "MailReader") -> None:
    def save(app: "App") -> None:
        from member_tracker.services.original_mail import save_original

        save_original(app, mail.id, path)

    def refuse(error: TrackerError) -> None:
        reader.tell(f"{error.title} {error.advice}", wrong=True)

    desk.ask(save, owner=reader, done=lambda _none: reader.tell(tr("Saved.")), failed=refuse)
