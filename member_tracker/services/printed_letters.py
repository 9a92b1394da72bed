"""A letter to the resident as the council prints them: in black, on two sides of A4 at most, second class.

What it says is made here; how it lies on paper is for whoever prints it, who says how many sides that takes.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from member_tracker.domain.dates import day_in_words
from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.errors import NotAllowed
from member_tracker.domain.people import Council, Resident
from member_tracker.domain.writing import ONLY_WITHOUT_EMAIL, Way, Written, ways_to_tell
from member_tracker.services.composing import text_that_leaves
from member_tracker.services.exporting_files import written_beside
from member_tracker.services.parts import App
from member_tracker.services.sending_by_hand import keep_as_told

MOST_SIDES = 2
POSTAGE = "Second class"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedLetter:
    """A letter in parts, each a text of its own; addresses are lines. Its file is named after the reference alone."""

    reference: str
    sender: tuple[str, ...]
    recipient: tuple[str, ...]
    day: str
    body: str
    postage: str = POSTAGE

    @property
    def file_name(self) -> str:
        """What its file is called: nothing of the resident."""
        return f"{self.reference}.pdf"

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The text in paragraphs, lines within them kept."""
        return tuple(part for part in re.split(r"\n\s*\n", self.body.strip()) if part.strip())


def letter_to_resident(app: App, written: Written) -> PrintedLetter:
    """The letter as it would be printed now; raises `NotAllowed` where the council's setting sends no letter."""
    with app.store.reading() as tx:
        enquiry = tx.get(Enquiry, written.enquiry_id)
        resident = tx.get(Resident, enquiry.resident_id)
        council = tx.get(Council, enquiry.council_id)
        _must_be_posted(council, resident)
        body = text_that_leaves(app, tx, enquiry, written)
    number, address = app.charters.contact(council)
    return PrintedLetter(
        reference=enquiry.reference,
        sender=(council.name, *(line for each in (address, number) for line in _lines(each))),
        recipient=(resident.name, *_lines(resident.address or "")),
        day=day_in_words(app.today()),
        body=f"{body.rstrip()}\n\nPlease keep this reference: {enquiry.reference}\n",
    )


def must_fit(sides: int) -> None:
    """Raise `NotAllowed` with advice where a letter takes more sides than are printed."""
    if sides > MOST_SIDES:
        raise NotAllowed(
            f"This letter takes {sides} sides; at most {MOST_SIDES} are printed.",
            advice="Make the text shorter, or say the rest on the telephone.",
        )


def keep_letter(app: App, written: Written, file: Path, pdf: bytes) -> Enquiry:
    """Write the letter to a file, whole or not at all, and note that the resident was told by letter."""
    with written_beside(file, app.random_bytes, again=True) as paper:
        paper.write(pdf)
    return keep_as_told(app, written, Way.LETTER)


def _must_be_posted(council: Council, resident: Resident) -> None:
    if Way.LETTER in ways_to_tell(council, resident):
        return
    if not resident.address:
        raise NotAllowed("No address of this resident is known.", advice="Add it to the resident, or ring them.")
    why = "an email address is held" if council.letters == ONLY_WITHOUT_EMAIL else "they did not ask for letters"
    raise NotAllowed(
        f"{council.name} posts no letter here, for {why}.", advice="Send a mail, or change when letters go in Settings."
    )


def _lines(address: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in re.split(r"[,\n]", address) if line.strip())
