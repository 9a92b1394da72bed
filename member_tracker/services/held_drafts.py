"""The draft of a mail that somebody sent, kept until the mail is on its way, so that taking it back brings it back."""

import json

from member_tracker.domain.mailbag import QueuedMail
from member_tracker.domain.vocabulary import OutgoingState
from member_tracker.domain.writing import Written, from_plain
from member_tracker.services.parts import App
from member_tracker.store.codec import to_json
from member_tracker.store.drafts import UNDER
from member_tracker.store.store import Reading, Transaction

_SENT = f"{UNDER}sent:"
"""Among the drafts, so that it goes with whoever it names."""


def put_aside(app: App, tx: Transaction, written: Written, mail_id: str) -> None:
    """What was written is no draft any more, but the mail it became can still be taken back."""
    _clear(tx)
    tx.set_local(UNDER + written.wanted.key, None)
    kept = {"at": app.now().isoformat(), "plain": written.as_plain(), "key": written.wanted.key}
    tx.set_local(_SENT + mail_id, to_json(kept))


def give_back(tx: Transaction, mail_id: str) -> None:
    """Make what became the mail a draft again, where it is kept."""
    kept = tx.local(_SENT + mail_id)
    if kept is None:
        return
    said = json.loads(kept)
    tx.set_local(_SENT + mail_id, None)
    tx.set_local(UNDER + said["key"], to_json({"at": said["at"], "plain": said["plain"]}))


def _clear(tx: Transaction) -> None:
    """Forget what became mails that have gone."""
    for key in tx.locals_under(_SENT):
        mail = tx.find(QueuedMail, key.removeprefix(_SENT))
        if mail is None or not can_be_taken_back(mail):
            tx.set_local(key, None)


def can_be_taken_back(mail: QueuedMail) -> bool:
    """Whether nobody has begun to send it."""
    return mail.state is OutgoingState.QUEUED


def written_as(tx: Reading, mail_id: str) -> Written | None:
    """What somebody wrote that became the mail; None where nothing is kept of it."""
    kept = tx.local(_SENT + mail_id)
    return None if kept is None else from_plain(json.loads(kept)["plain"])


def sent_drafts(tx: Reading) -> tuple[str, ...]:
    """The ids of the mails that were written by hand here and can perhaps still be taken back."""
    return tuple(key.removeprefix(_SENT) for key in tx.locals_under(_SENT))
