"""The laptop's side of falling into step, on the encrypted file; each call is one transaction."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from member_tracker.domain.errors import Invalid
from member_tracker.domain.in_step import Held, HubOp, Joined, Page, Receipt, ScopeId, Tally
from member_tracker.store import in_step_contact
from member_tracker.store.in_step_answers import Answering
from member_tracker.store.in_step_looking import Looking
from member_tracker.store.store import Store
from member_tracker.store.transaction import TRAY_KEY


class StoreLocal:
    """What the loop needs of a profile's store; nothing here speaks to a hub."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._open: Answering | None = None

    # --- what is remembered -------------------------------------------------------------------------------------------

    def joined(self) -> Joined | None:
        """What is remembered of the hub; None where this laptop belongs to none."""
        with self._store.reading() as tx:
            return in_step_contact.joined(tx)

    def held(self, scope_id: ScopeId) -> Held:
        """How far one of the scopes of `joined` was read."""
        with self._store.reading() as tx:
            held = in_step_contact.held(tx, scope_id)
        if held is None:
            raise KeyError(scope_id)
        return held

    def remember(self, joined: Joined) -> None:
        """Keep what was learnt at this contact."""

        def keep(tx: Answering) -> None:
            before = in_step_contact.joined(tx)
            in_step_contact.remember(tx, joined)
            if before is not None and before.hub_at != joined.hub_at:  # every scope was read just now
                tx.let_parted_go()

        self._write(keep)

    def set_tray(self, scope_id: ScopeId | None) -> None:
        """Say whose unmatched mail is on this laptop: a councillor's own (None: the council's)."""

        def set_it(tx: Answering) -> None:
            tx.set_local(TRAY_KEY, scope_id)
            tx.move_tray()

        self._write(set_it)

    # --- out and in ---------------------------------------------------------------------------------------------------

    def outbox(self, limit: int) -> tuple[HubOp, ...]:
        """The ops no receipt has come for, oldest first."""
        with self._store.reading_by(Looking) as tx:
            return tx.ops(limit)

    def note(self, receipts: Sequence[Receipt]) -> None:
        """Keep what became of ops; what was not accepted is taken back from what is shown, its words are kept."""

        def note_each(tx: Answering) -> None:
            for receipt in receipts:
                tx.note(receipt)

        self._write(note_each)

    @contextmanager
    def together(self) -> Iterator[None]:
        """What is taken within is put in place all at once, or not at all."""
        with self._store.writing_by(Answering) as tx:
            self._open = tx
            try:
                yield
            finally:
                self._open = None
            tx.forget_words()
            tx.give_room_back()
        if tx.erased:
            self._store.settle_file()

    def take(self, scope_id: ScopeId, page: Page, held: Held) -> None:
        """Put rows in place beneath what is not acknowledged yet, and remember how far the scope was read."""

        def take_all(tx: Answering) -> None:
            tx.look_again()
            tx.take_rows(page.rows)
            if not page.more:
                tx.round_off(scope_id, page.upto, whole=held.whole)
            in_step_contact.hold(tx, scope_id, held)

        self._write(take_all)

    def tally(self, scope_id: ScopeId) -> Tally:
        """What is in a scope here up to the number it was read to, counted as the hub counts."""
        with self._store.reading_by(Looking) as tx:
            held = in_step_contact.held(tx, scope_id)
            return tx.tally(scope_id, held.upto if held else 0)

    # --- scopes and numbers -------------------------------------------------------------------------------------------

    def let_go(self, scope_id: ScopeId) -> None:
        """Take away everything of a scope this laptop may no longer hold, from rows, index and attachments."""

        def let_it_go(tx: Answering) -> None:
            tx.let_go(scope_id)
            in_step_contact.forget(tx, scope_id)

        self._write(let_it_go)
        self._store.forget_copies()

    def send_again_after(self, head: int) -> int:
        """Put acknowledged ops above this number back into the outbox, for a hub restored from a back-up; how many."""
        with self._store.writing_by(Answering) as tx:
            return tx.send_again_after(head)

    def start_over(self, scope_id: ScopeId | None = None) -> None:
        """Forget every number (of one scope, or of all), so that it is read from nothing; what waits to go stays."""

        def forget_numbers(tx: Answering) -> None:
            tx.start_over(scope_id)
            joined = in_step_contact.joined(tx)
            scopes = joined.scopes if joined else {}
            for scope, held in scopes.items() if scope_id is None else [(scope_id, scopes.get(scope_id))]:
                if held is not None:
                    in_step_contact.hold(tx, scope, replace(held, upto=0, whole=False))

        self._write(forget_numbers)

    # --- bytes --------------------------------------------------------------------------------------------------------

    def wanted_blobs(self, limit: int) -> tuple[tuple[ScopeId, str], ...]:
        """Bytes that rows here speak of and this laptop lacks."""
        with self._store.reading_by(Looking) as tx:
            return tx.wanted_blobs(limit)

    def unsent_blobs(self, limit: int) -> tuple[tuple[ScopeId, str], ...]:
        """Bytes the hub has not confirmed to hold, of rows it has."""
        with self._store.reading_by(Looking) as tx:
            return tx.unsent_blobs(limit)

    def blob(self, sha256: str) -> bytes:
        """Bytes kept here."""
        with self._store.reading() as tx:
            return tx.original(sha256)

    def keep_blob(self, scope_id: ScopeId, sha256: str, content: bytes) -> None:
        """Keep bytes from the hub, checked against their hash; `Invalid` where they are not what was asked for."""
        if hashlib.sha256(content).hexdigest() != sha256:
            raise Invalid(
                "An attachment did not come whole from the hub.",
                advice="It is asked for again next time. If it stays so, tell whoever looks after the hub.",
            )
        self._write(lambda tx: tx.keep_blob(scope_id, sha256, content))

    def blob_sent(self, scope_id: ScopeId, sha256: str) -> None:
        """Remember that the hub holds these bytes."""
        self._write(lambda tx: tx.blob_sent(scope_id, sha256))

    def _write(self, deed: Callable[[Answering], None]) -> None:
        if self._open is None:
            with self.together():
                self._write(deed)
        else:
            deed(self._open)
