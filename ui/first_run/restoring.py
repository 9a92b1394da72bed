"""Restoring a back-up on a computer where nothing is yet."""

import os
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QStackedLayout, QWidget

from member_tracker.domain.errors import TrackerError
from ui import look
from ui.jobs import Job, Jobs, Lane, Line
from ui.language import tr
from ui.privacy.restoring import PuttingBack, RestoreForm
from ui.widgets.parts import column
from ui.widgets.scrolled import Scrolled
from ui.widgets.working import Working

if TYPE_CHECKING:
    from member_tracker.profile import Profile
    from member_tracker.services.safekeeping import Restored


class RestorePage(QWidget):
    """`restored` carries the profile that can be opened now, and the passphrase that opens it (None: none does)."""

    restored = Signal(object, object)
    left = Signal()

    def __init__(self, jobs: Jobs, profile: "Profile") -> None:
        super().__init__()
        self.setObjectName("restorePage")
        self._jobs = jobs
        self._profile = profile
        self._job: Job | None = None
        self._form = RestoreForm(in_place=False)
        self._working = Working("restoring")
        self._stack = QStackedLayout()
        for part in (self._form, self._working):
            inside = QWidget()
            inside.setLayout(column(part, margin=look.ROOM))
            self._stack.addWidget(Scrolled(inside))
        self.setLayout(self._stack)
        self._form.left.connect(self.left)
        self._form.wanted.connect(self._restore)
        self._working.stop_wanted.connect(self._stop)
        jobs.run(Lane.LOCAL, _has_keyring, owner=self, done=self._begin)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard goes to the form, or to what stops the work."""
        super().focusInEvent(event)
        (self._form if self._job is None else self._working).setFocus(event.reason())

    def _begin(self, has_keyring: bool) -> None:
        self._form.begin(asks_own=not has_keyring, lost="")

    def _restore(self, putting: PuttingBack) -> None:
        profile = self._profile

        def deed(line: Line) -> "Restored":
            from member_tracker.app import new_id, now
            from member_tracker.services.safekeeping import Restoring, restore

            restoring = Restoring(
                now=now, new_id=new_id, random_bytes=os.urandom, profile_passphrase=lambda: putting.own
            )
            return restore(profile, putting.file, lambda: putting.passphrase, restoring, watch=line.watch)

        def done(_restored: "Restored") -> None:
            self._form.forget()
            self.restored.emit(profile, putting.own)

        self._working.begin(tr("Restoring a back-up"))
        self._job = self._jobs.run_long(
            Lane.LOCAL, deed, owner=self, heard=self._working.show_step, done=done, failed=self._refuse
        )
        self._show(1)

    def _refuse(self, error: TrackerError) -> None:
        self._job = None
        self._show(0)
        self._form.refuse(error)

    def _show(self, number: int) -> None:
        self._stack.setCurrentIndex(number)
        (self._form, self._working)[number].setFocus(Qt.FocusReason.OtherFocusReason)

    def _stop(self) -> None:
        if self._job is not None:
            self._job.stop()


def _has_keyring() -> bool:
    from member_tracker.system_keyring import keyring_works

    return keyring_works()
