"""What each entry of the menus does in the window."""

from typing import TYPE_CHECKING

from ui.menus import Menus

if TYPE_CHECKING:
    from ui.main_window import MainWindow


def connect_menus(window: "MainWindow", menus: Menus) -> None:
    """Let every entry do what it says."""
    for place, action in menus.places.items():
        action.triggered.connect(lambda _on=False, place=place: window.go_to(place))
    for name, action in menus.pages.items():
        action.triggered.connect(lambda _on=False, name=name: window.show_page(name))
    for deed, action in menus.deeds.items():
        action.triggered.connect(lambda _on=False, deed=deed: window.do(deed))
    for action, does in (
        (menus.find, window.go_to_find),
        (menus.mail, window.mail_wanted.emit),
        (menus.stop_mail, window.mail_unwanted.emit),
        (menus.practise, window.practice_wanted.emit),
        (menus.own, window.own_wanted.emit),
        (menus.next_pane, lambda: window.go_round(1)),
        (menus.previous_pane, lambda: window.go_round(-1)),
        (menus.help, lambda: _show_help(window)),
        (menus.about, lambda: _show_about(window)),
        (menus.report, window.show_report),
        (menus.quit, window.close),
    ):
        action.triggered.connect(lambda _on=False, does=does: does())


def _show_help(window: "MainWindow") -> None:
    from ui.help_text import help_reader

    help_reader(window).open()


def _show_about(window: "MainWindow") -> None:
    from ui.help_text import about_reader

    about_reader(window).open()
