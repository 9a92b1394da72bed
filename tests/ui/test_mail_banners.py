"""The strips across the top: a mailbox that is not read, mail that may have gone out; each goes by itself."""

from datetime import timedelta

from PySide6.QtWidgets import QPushButton, QWidget

from member_tracker.domain.errors import Offline, SignInNeeded, Unavailable
from member_tracker.domain.mailboxes import MailboxAccount, MailboxKind
from member_tracker.profile import Profile
from member_tracker.services.mailbox_health import MailboxWarning
from tests.fakes.clock import StoppedClock
from tests.ui.checks import shortcomings
from tests.ui.exchange import ADDRESS, PASSWORD, Exchange, alt, focused, settled, write
from tests.ui.walking import named, words_of
from ui.app import Running
from ui.mail_standing import MailStanding

SERVER = MailboxAccount(address=ADDRESS, kind=MailboxKind.EXCHANGE_SERVER, url="https://mail.example.org")


def warning(number: int) -> MailboxWarning:
    address = f"cllr{number}@example.org"
    title = f"{address} has not been read since 09:12: Its folder is not there."
    return MailboxWarning(mailbox=address, title=title, advice="Look what it is called now.", needs_sign_in=False)


def mail_round(running: Running) -> None:
    running.window.menus.mail.trigger()
    settled(running)


def shown(running: Running, name: str) -> bool:
    found = running.window.findChild(QWidget, name)
    return found is not None and found.isVisible()


def test_a_mailbox_that_is_not_read_is_named_with_since_when_and_what_to_do_until_it_is_read_again(
    running: Running, exchange: Exchange, practice: Profile, clock: StoppedClock
) -> None:
    practice.keep_mailboxes([SERVER])
    mail_round(running)
    assert not shown(running, "mailBanners")
    clock.forward(minutes=5)
    exchange.unreached = SignInNeeded("The server does not accept the password.", advice="Type the new password.")
    mail_round(running)
    words = words_of(running.window, "mailWarning1")
    assert words.startswith(f"{ADDRESS} has not been read since")
    assert "09:12" in words
    assert words_of(running.window, "mailAdvice1") == "Type the new password."
    assert shortcomings(running.window) == {}
    alt(running, "1")
    settled(running)
    assert focused().objectName() == "signInPassword"
    write(PASSWORD)
    exchange.unreached = None
    alt(running, "s")
    settled(running)
    assert exchange.signed_in == [(ADDRESS, PASSWORD)]
    running.window.menus.places[next(iter(running.window.menus.places))].trigger()
    settled(running)
    assert not shown(running, "mailBanners")


def test_without_a_network_nobody_is_told_for_an_hour(
    running: Running, exchange: Exchange, practice: Profile, clock: StoppedClock
) -> None:
    practice.keep_mailboxes([SERVER])
    mail_round(running)
    exchange.unreached = Offline("There is no connection.", advice="It is tried again by itself.")
    clock.forward(minutes=30)
    mail_round(running)
    assert not shown(running, "mailBanners")
    clock.moment += timedelta(minutes=40)
    mail_round(running)
    assert shown(running, "mailBanner1")
    alt(running, "1")
    assert shown(running, "settingsTitle")
    assert not shown(running, "mailBanners")


def test_several_mailboxes_have_a_line_each_and_the_rest_is_counted(running: Running) -> None:
    banners = running.window.strips.mail
    banners.show_standing(MailStanding(warnings=tuple(warning(number) for number in range(1, 6)), unsure=1))
    settled(running)
    assert [words_of(running.window, f"mailWarning{line}")[:5] for line in (1, 2, 3)] == ["cllr1", "cllr2", "cllr3"]
    assert words_of(running.window, "mailWarningMore") == "2 more mailboxes are not being read."
    assert words_of(running.window, "unsureWords") == "1 mail may have gone out: look and decide"
    assert shortcomings(running.window) == {}


def test_a_line_that_says_the_same_still_is_not_drawn_anew_under_the_keyboard(running: Running) -> None:
    standing = MailStanding(warnings=(warning(1),))
    banners = running.window.strips.mail
    banners.show_standing(standing)
    settled(running)
    named(running.window, QPushButton, "toSettings1").setFocus()
    banners.show_standing(MailStanding(warnings=(warning(1),)))
    assert focused().objectName() == "toSettings1"


def test_a_broken_mailbox_does_not_keep_another_from_being_read(
    running: Running, exchange: Exchange, practice: Profile
) -> None:
    practice.keep_mailboxes([SERVER, MailboxAccount(address="two@example.org", kind=MailboxKind.EXCHANGE_SERVER)])
    exchange.unreached = Unavailable("The folder is not there.", advice="Look what it is called.")
    mail_round(running)
    assert shown(running, "mailBanner1")
    assert shown(running, "mailBanner2")
    assert exchange.reads == 2
