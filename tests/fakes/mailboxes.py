"""Putting another mailbox into a running program, and mailboxes that fail on purpose."""

from dataclasses import replace
from typing import cast

from member_tracker.mail.mailbox import Mailbox
from member_tracker.services.parts import App, OpenMailbox


class Wrapped:
    """A mailbox that does everything as another does, but for what a subclass says."""

    def __init__(self, mailbox: Mailbox) -> None:
        self.within = mailbox

    def __getattr__(self, name: str) -> object:
        return getattr(self.within, name)


def mailbox_in(app: App) -> Mailbox:
    """The one mailbox of the program."""
    (box,) = app.mailboxes()
    return box.mailbox


def with_mailbox(app: App, mailbox: object) -> App:
    """The same program with another mailbox in the place of its own."""
    (box,) = app.mailboxes()
    other: OpenMailbox = replace(box, mailbox=cast("Mailbox", mailbox))
    return replace(app, mailboxes=lambda: (other,))
