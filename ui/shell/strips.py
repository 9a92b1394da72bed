"""The strips above the pages: what went wrong, what hub and mail need, and a mail that can still be taken back."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui import look
from ui.compose.held_bar import HeldBar
from ui.desk import Desk
from ui.widgets.banner import Banner
from ui.widgets.hub_banner import HubBanner
from ui.widgets.mail_banners import MailBanners
from ui.widgets.parts import column


class Strips:
    """Each is hidden until there is something to say. `layout` is their place in the window."""

    def __init__(self, desk: Desk) -> None:
        self.banner = Banner()
        self.hub = HubBanner()
        self.mail = MailBanners()
        self.held = HeldBar(desk)
        self.layout = column(self.banner, strip(self.hub), self.mail, strip(self.held), gap=look.TIGHT)
        desk.mail_stands.connect(self.mail.show_standing)
        self.hub.try_wanted.connect(desk.hub_wanted)
        self.hub.sign_in_wanted.connect(desk.hub_sign_in)


def strip(banner: QWidget) -> QVBoxLayout:
    """A strip with the same room at its sides as the others."""
    made = column(banner)
    made.setContentsMargins(look.ROOM, 0, look.ROOM, 0)
    return made
