"""Deeds the page that is shown may offer: each with its words, keys and menu. A page says which by `Page.deeds`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

from ui.language import tr
from ui.menu_titles import In


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """How a deed is offered in a menu; `sorry` is said where the page shown cannot do it."""

    text: str
    keys: str
    menu: In
    sorry: str


class Deed(Enum):
    """What can be done to what is shown. To add one, add it here and have a page's `deeds` name it."""

    SAVE = Offer(
        text=tr("&Save"),
        keys="Ctrl+S",
        menu=In.FILE,
        sorry=tr("There is nothing to save here: what you see is saved already."),
    )
    PDF = Offer(
        text=tr("Save as P&DF…"),
        keys="Ctrl+P",
        menu=In.FILE,
        sorry=tr("There is nothing to put into a PDF here. Open an enquiry or a report first."),
    )
    EXPORT = Offer(
        text=tr("&Export…"),
        keys="Ctrl+E",
        menu=In.FILE,
        sorry=tr("There is nothing to export here. Go to a list of enquiries or to Reports first."),
    )
    PACK = Offer(
        text=tr("Auditor's pac&k…"),
        keys="Ctrl+Shift+E",
        menu=In.FILE,
        sorry=tr("There is no enquiry to pack here. Open one first."),
    )
    SEND = Offer(
        text=tr("&Send to its service area…"),
        keys="Ctrl+Return",
        menu=In.ENQUIRY,
        sorry=tr("There is nothing to send here. Open an enquiry that was not sent yet."),
    )
    REPLY = Offer(
        text=tr("&Reply…"),
        keys="Ctrl+R",
        menu=In.ENQUIRY,
        sorry=tr("There is nothing to reply to here. Open an enquiry first."),
    )
    CHASE = Offer(
        text=tr("C&hase…"),
        keys="Ctrl+Shift+C",
        menu=In.ENQUIRY,
        sorry=tr("There is nobody to chase here. Open an enquiry that waits for an answer."),
    )
    TELL = Offer(
        text=tr("&Tell the resident…"),
        keys="Ctrl+T",
        menu=In.ENQUIRY,
        sorry=tr("There is nobody to tell here. Open an enquiry first."),
    )
    NOTE = Offer(
        text=tr("Add a &note…"),
        keys="Ctrl+M",
        menu=In.ENQUIRY,
        sorry=tr("There is nothing to add a note to here. Open an enquiry first."),
    )
    CLOSE = Offer(
        text=tr("&Close the enquiry…"),
        keys="Ctrl+D",
        menu=In.ENQUIRY,
        sorry=tr("There is nothing to close here. Open an enquiry that is still open."),
    )
    DELETE = Offer(
        text=tr("&Delete, as logged by mistake"),
        keys="",
        menu=In.ENQUIRY,
        sorry=tr("There is nothing to delete here. Open the enquiry that was logged by mistake."),
    )
    UNDO = Offer(
        text=tr("&Undo the last step"),
        keys="Ctrl+Z",
        menu=In.ENQUIRY,
        sorry=tr("There is nothing to undo here."),
    )


Doing = Mapping[Deed, Callable[[], object]]
