"""The imports this computer remembers: what each made, how far it came, and how to find all of it again."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from member_tracker.domain.dates import moment_in_words
from member_tracker.store.store import Reading, Transaction

_IMPORTS = "imports"
_MOST_KEPT = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """An import as it is remembered on this computer: the deed that made its records, when, and how many of each.

    `stopped_at` is the number of the last row that was written where others are still to come (None: it is whole), and
    `going` says that it is being taken back, and `stayed` how many of its enquiries were worked on and stayed then.
    """

    deed: str
    at: str
    sha256: str
    enquiries: int
    residents: int
    councillors: int
    left_out: int
    stopped_at: int | None = None
    going: bool = False
    stayed: int = 0

    @property
    def is_whole(self) -> bool:
        """Whether every row that was ready has come in, and none is being taken back."""
        return self.stopped_at is None and not self.going

    @property
    def words(self) -> str:
        """When it was, how much came in, and what is to be done where that is not all."""
        when = moment_in_words(datetime.fromisoformat(self.at))
        if self.going:
            return f"The import of {when} is being taken back. Undo it once more to take the rest back."
        if self.stopped_at is not None:
            return f"This file was imported in part at {when}: {self.enquiries:,} enquiries. The rest is still to come."
        return f"This file was imported already, at {when}: {self.enquiries} enquiries."

    @property
    def undone_words(self) -> str:
        """What came of taking it back."""
        if self.stayed and self.stayed >= self.enquiries:
            which = "its one enquiry was" if self.stayed == 1 else f"all {self.stayed:,} enquiries were"
            return f"Nothing was taken back: {which} changed since and {_stay(self.stayed)}."
        back = self.enquiries - self.stayed
        kept = "was" if self.stayed == 1 else "were"
        rest = f" {self.stayed:,} {kept} changed since and {_stay(self.stayed)}." if self.stayed else ""
        return f"Undone: {'1 enquiry was' if back == 1 else f'{back:,} enquiries were'} taken back.{rest}"


def _stay(count: int) -> str:
    return "stays" if count == 1 else "stay"


def kept_imports(tx: Reading) -> list[Imported]:
    """The imports that are remembered, the oldest first."""
    return [Imported(**said) for said in json.loads(tx.local(_IMPORTS) or "[]")]


def import_of(tx: Reading, sha256: str) -> Imported | None:
    """The import of that file: one that is not whole before others; None where there was none."""
    found = [made for made in kept_imports(tx) if made.sha256 == sha256]
    return min(found, key=lambda made: made.is_whole, default=None)


def keep_import(tx: Transaction, made: Imported) -> None:
    """Remember an import, in the place of what was known of it."""
    _keep(tx, [*(each for each in kept_imports(tx) if each.deed != made.deed), made])


def forget_import(tx: Transaction, made: Imported) -> None:
    """Remember an import no more."""
    _keep(tx, [each for each in kept_imports(tx) if each.deed != made.deed])


def _keep(tx: Transaction, made: Sequence[Imported]) -> None:
    tx.set_local(_IMPORTS, json.dumps([asdict(each) for each in made[-_MOST_KEPT:]]) if made else None)
