"""Getting to an Exchange Server and in: names and passwords, certificates, and what is said when there is no way."""

import logging
import socket
import ssl
import traceback
from pathlib import Path

import pytest

from member_tracker.domain.errors import Invalid, Offline, SignInNeeded, TrackerError, Unavailable
from member_tracker.domain.mailboxes import Right, SignInWay
from member_tracker.mail import ews_errors as told
from member_tracker.mail.ews import EwsMailbox
from tests.fakes import ews_sign_in
from tests.fakes.http_loopback import make_ca
from tests.fakes.imaginary_council import SHARED
from tests.mail.ews_office import PASSWORD, WORDS, all_of, mail_in, office

NTLM, BASIC = (ews_sign_in.NTLM,), (ews_sign_in.BASIC,)


@pytest.mark.parametrize(
    ("ways", "chosen", "found"),
    [
        ((*BASIC, *NTLM), None, SignInWay.NTLM),
        (NTLM, None, SignInWay.NTLM),
        (BASIC, None, SignInWay.BASIC),
        ((*BASIC, *NTLM), SignInWay.BASIC, SignInWay.BASIC),
        ((*BASIC, *NTLM), SignInWay.NTLM, SignInWay.NTLM),
    ],
)
def test_a_user_signs_in_by_the_best_way_the_server_offers_or_the_one_that_was_chosen(
    ways: tuple[str, ...], chosen: SignInWay | None, found: SignInWay
) -> None:
    with office(ways=ways) as place:
        box = place.box(sign_in=chosen)
        all_of(box)
        assert box.sign_in is found
        assert box.build == "15.1.2507.39"


def test_a_windows_name_will_do() -> None:
    with office() as place:
        place.arrive()
        assert len(mail_in(all_of(place.box(user="EXAMPLE\\a.clerk")))) == 1


@pytest.mark.parametrize("way", [SignInWay.NTLM, SignInWay.BASIC, None])
def test_a_wrong_password_is_said_to_be_one_and_the_right_one_helps(way: SignInWay | None) -> None:
    passwords = ["wrong", PASSWORD]
    with office() as place:
        box = EwsMailbox(place.box(sign_in=way).account, password=lambda: passwords[0], now=place.clock)
        with pytest.raises(SignInNeeded, match="does not accept the name or the password"):
            box.arrivals(None)
        passwords.pop(0)
        assert box.arrivals(None).page == ()
        box.close()


def test_where_no_password_is_kept_a_person_must_sign_in() -> None:
    def ask() -> str:
        raise SignInNeeded("No password is kept.", advice="Sign in.")

    with office() as place:
        box = EwsMailbox(place.account, password=ask, now=place.clock)
        with pytest.raises(SignInNeeded, match="No password is kept"):
            box.arrivals(None)


def test_a_password_never_travels_in_clear() -> None:
    with office() as place:
        url = "http://mail.example.org/EWS/Exchange.asmx"
        with pytest.raises(Invalid, match="unprotected"):
            place.box(url=url, sign_in=SignInWay.BASIC).arrivals(None)


@pytest.mark.parametrize("url", ["", "mail.example.org", "ftp://mail.example.org", "https://[", "https:///EWS"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with office() as place, pytest.raises(Invalid, match="address is missing"):
        place.box(url=url)


def test_without_a_ticket_windows_sign_in_says_what_is_missing() -> None:
    with office(ways=("Negotiate",)) as place, pytest.raises(Unavailable, match="no Windows sign-in"):
        place.box().arrivals(None)


def test_a_server_that_offers_no_known_way_in_is_told_of() -> None:
    with office(ways=("Bearer",)) as place, pytest.raises(TrackerError, match="offers no way to sign in"):
        place.box().arrivals(None)


# --- certificates


@pytest.fixture(scope="module")
def council_ca(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("ca")


@pytest.mark.parametrize("way", [SignInWay.NTLM, SignInWay.BASIC])
def test_the_councils_own_authority_is_believed_where_it_is_named(council_ca: Path, way: SignInWay) -> None:
    authority = make_ca(council_ca)
    with office(authority=authority, needs_channel_binding=True) as place:
        place.arrive()
        box = place.box(ca_file=str(authority.ca_file), sign_in=way)
        assert len(mail_in(all_of(box))) == 1


def test_a_certificate_nobody_believes_is_refused(council_ca: Path) -> None:
    authority = make_ca(council_ca)
    with office(authority=authority) as place:
        for way in (SignInWay.NTLM, None):
            with pytest.raises(Unavailable, match=r"not trusted \(it is signed by nobody known here\)"):
                place.box(sign_in=way).arrivals(None)


def test_another_authority_does_not_help(council_ca: Path, tmp_path: Path) -> None:
    authority, other = make_ca(council_ca), make_ca(tmp_path)
    with office(authority=authority) as place, pytest.raises(Unavailable, match="not trusted"):
        place.box(ca_file=str(other.ca_file)).arrivals(None)


def test_a_bundle_of_the_environment_is_honoured(council_ca: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority = make_ca(council_ca)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority.ca_file))
    with office(authority=authority) as place:
        assert place.box(sign_in=SignInWay.NTLM).arrivals(None).page == ()


@pytest.mark.parametrize("content", [None, "not a certificate"])
def test_a_file_that_is_no_certificate_is_named(content: str | None, tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    if content:
        file.write_text(content)
    with office() as place, pytest.raises(Invalid, match=r"certificate file .* cannot be used"):
        place.box(ca_file=str(file)).arrivals(None)


def test_a_plain_server_under_https_is_no_offence_to_the_program() -> None:
    with office() as place, pytest.raises(Unavailable):
        place.box(url=place.server.url.replace("http:", "https:"), sign_in=SignInWay.NTLM).arrivals(None)


# --- no way


def test_a_server_that_is_switched_off_is_offline() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with office() as place:
        url = f"http://127.0.0.1:{port}/EWS/Exchange.asmx"
        for way in (SignInWay.NTLM, None):
            with pytest.raises(Offline, match="cannot be reached"):
                place.box(url=url, sign_in=way).arrivals(None)


def test_a_name_nobody_knows_is_offline() -> None:
    with office() as place, pytest.raises(Offline, match="its name is not found"):
        place.box(url="https://mail.invalid/EWS/Exchange.asmx", sign_in=SignInWay.NTLM).arrivals(None)


def test_a_proxy_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    with office() as place, pytest.raises(Offline, match="the proxy does not let us through"):
        place.box(url="https://mail.example.org/EWS/Exchange.asmx", sign_in=SignInWay.NTLM).arrivals(None)


def test_an_address_with_nothing_of_the_kind_behind_it_is_told_of() -> None:
    with office() as place, pytest.raises(Unavailable, match="does not speak Exchange Web Services"):
        place.box(url=place.server.root_url + "/owa").arrivals(None)


def test_a_server_cut_off_for_good_is_offline() -> None:
    with office() as place:
        box = place.box()
        box.arrivals(None)
        place.server.faults.drop("SyncFolderItems", times=2)
        with pytest.raises(Offline, match="was cut"):
            box.arrivals(None)


def test_a_closed_mailbox_opens_again() -> None:
    with office() as place:
        box = place.box()
        box.close()
        box.arrivals(None)
        box.close()
        assert box.arrivals(None).page == ()


def test_a_question_the_server_does_not_know_is_not_put_again_in_other_versions() -> None:
    with office() as place:
        place.server.switches.lacks = {"SyncFolderItems"}
        box = place.box()
        with pytest.raises(Unavailable, match="refused with"):
            box.arrivals(None)
        assert place.server.traffic.count("SyncFolderItems") - 2 == 1


# --- nothing secret


def test_neither_password_nor_words_are_in_what_is_logged_or_raised(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    problems: list[BaseException] = []
    with office() as place:
        place.arrive()
        for way in (SignInWay.NTLM, SignInWay.BASIC):
            box = place.box(sign_in=way)
            letter = place.letter()
            all_of(box)
            for operation in ("CreateItem", "UpdateItem", "SyncFolderItems", "FindItem"):
                for trouble in (
                    place.server.faults.drop,
                    place.server.faults.lose_answer,
                    place.server.faults.throttle,
                ):
                    trouble(operation=operation, times=2)
                    for act in (box.save_draft, box.send_draft, box.look, lambda _, box=box: box.arrivals(None)):
                        try:
                            act(letter)
                        except TrackerError as problem:
                            problems.append(problem)
                    place.server.faults.clear()
            wrong = place.box(sign_in=way, password="a wrong " + PASSWORD)
            with pytest.raises(SignInNeeded) as refused:
                wrong.arrivals(None)
            problems.append(refused.value)
            assert PASSWORD not in repr(box.account) + repr(box) + repr(letter)
    said = caplog.text + "".join("".join(traceback.format_exception(one)) + repr(one) for one in problems)
    assert len(problems) > 20
    for secret in (PASSWORD, WORDS, "Envelope", "Authorization"):
        assert secret not in said


def test_what_is_raised_does_not_lead_back_to_what_was_sent() -> None:
    with office() as place:
        box = place.box()
        box.arrivals(None)
        place.server.faults.drop("SyncFolderItems", times=2)
        with pytest.raises(Offline) as problem:
            box.arrivals(None)
        assert problem.value.__cause__ is None
        assert problem.value.__suppress_context__


# --- rights


def test_every_right_is_tried_by_itself() -> None:
    with office() as place:
        found = {one.right: one for one in place.box().check()}
        assert set(found) == set(Right)
        assert {right: one.holds.value for right, one in found.items()} == {
            Right.READ: "yes",
            Right.FULL_ACCESS: "yes",
            Right.SEND_AS: "not_tried",
            Right.MAIL_TIPS: "yes",
            Right.FREE_BUSY: "yes",
        }
        assert "Add-ADPermission" in found[Right.SEND_AS].advice


def test_who_has_no_full_access_is_told_what_to_ask_for() -> None:
    from tests.fakes.exchange_items import Right as Permission

    with office() as place:
        place.world.revoke("a.clerk@example.org", SHARED, Permission.FULL_ACCESS)
        found = {one.right: one for one in place.box().check()}
        for right in (Right.READ, Right.FULL_ACCESS):
            assert found[right].holds.value == "no"
            assert (
                "Add-MailboxPermission -Identity members@example.org -User a.clerk@example.org" in found[right].advice
            )


def test_what_a_server_does_not_have_is_not_a_fault_of_the_user() -> None:
    with office() as place:
        place.server.switches.lacks = {"GetMailTips", "GetUserAvailability", "GetServerTimeZones"}
        found = {one.right: one for one in place.box().check()}
        assert {found[one].holds.value for one in (Right.MAIL_TIPS, Right.FREE_BUSY)} == {"not_offered"}


def test_a_mailbox_of_ones_own_needs_no_full_access() -> None:
    with office() as place:
        box = place.box(address="a.clerk@example.org", user="")
        assert Right.FULL_ACCESS not in {one.right for one in box.check()}


def test_rights_cannot_be_tried_where_nobody_gets_in() -> None:
    with office() as place, pytest.raises(SignInNeeded):
        place.box(password="wrong").check()


def test_exchange_online_that_has_shut_this_way_in_says_where_to_go() -> None:
    about = told.Subject(mailbox=SHARED, user=SHARED, host="outlook.office365.com")
    error = told.translated("ErrorAccessDenied", about)
    assert "switched off" in error.title
    assert "Switch this mailbox to Microsoft 365 (Graph)" in error.advice
    assert "1 April 2027" in error.advice


def test_the_system_stays_as_it_was() -> None:
    with office() as place:
        place.box().arrivals(None)
    assert ssl.SSLContext.__module__ == "ssl"
