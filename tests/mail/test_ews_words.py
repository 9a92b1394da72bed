"""What an Exchange Server's refusals are in words, be they its own or those of the web in front of it."""

from base64 import b64decode, b64encode
from datetime import UTC, datetime
from pathlib import Path

import pytest
import spnego
from hypothesis import given
from hypothesis import strategies as st
from spnego.channel_bindings import GssChannelBindings

from member_tracker.domain.errors import NotAllowed, Offline, SignInNeeded, TooMuch, TrackerError, Unavailable
from member_tracker.domain.mailboxes import SignInWay
from member_tracker.mail import ews_errors as told
from member_tracker.mail.ews_reading import Place
from tests.fakes.http_loopback import Answer, Request, make_ca
from tests.mail.odd_servers import ADDRESS, OddPlace, OddServer, always, changed, odd

MOMENTS = st.integers(min_value=0, max_value=4_000_000_000).map(lambda second: datetime.fromtimestamp(second, UTC))

# --- bare answers of the web


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (Answer(status=403), NotAllowed, "does not let programs into"),
        (Answer(status=404), Unavailable, "does not speak"),
        (Answer(status=407), Unavailable, "proxy wants a name"),
        (Answer(status=413), NotAllowed, "larger than the server takes"),
        (Answer(status=302, headers=(("Location", "https://elsewhere.example.org/"),)), Unavailable, "another address"),
        (Answer(status=502), Unavailable, "HTTP 502"),
        (Answer(status=401, body=b"The referenced account is currently locked out"), SignInNeeded, "locked"),
        (Answer(status=500, headers=(("X-CasErrorCode", "CAS error: BadMailbox"),)), Unavailable, "BadMailbox"),
        (Answer(status=429), TooMuch, "busy"),
        (Answer(body=b"<html><body>Sign in to the guest network</body></html>"), Unavailable, "a page, not an answer"),
        (Answer(body=b"ok"), Unavailable, "a page, not an answer"),
        (Answer(body=b"<s:Envelope xmlns:s='x'><s:Bo"), Offline, "was cut"),
        (Answer(body=b"<s:Envelope xmlns:s='x'/><!-- nvelope>"), Unavailable, "does not speak"),
        (Answer(body=b"<s:Envelope xmlns:s='x'></s:Envelope>"), Unavailable, "empty"),
    ],
)
def test_an_answer_of_the_web_alone_is_put_into_words(answer: Answer, kind: type[TrackerError], words: str) -> None:
    with odd(SyncFolderItems=always(answer)) as place, pytest.raises(kind, match=words):
        place.box().arrivals(None)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("120", 120), ("Fri, 20 Nov 2026 12:02:00 GMT", 90), ("Fri, 20 Nov 2026 11:00:00 GMT", 0), ("soon", None)],
)
def test_how_long_to_wait_is_understood_in_seconds_and_as_a_moment(value: str, seconds: float | None) -> None:
    date = ("Date", "Fri, 20 Nov 2026 12:00:30 GMT")
    answer = Answer(status=503, headers=(("Retry-After", value), date))
    with odd(SyncFolderItems=always(answer)) as place, pytest.raises(TooMuch) as problem:
        place.box().arrivals(None)
    assert problem.value.wait_seconds == seconds


def test_a_server_that_wants_no_name_is_given_none() -> None:
    class Open(OddServer):
        def signed_in(self, request: Request) -> str | Answer:
            assert "Authorization" not in request.headers
            return ""

    with Open({"SyncFolderItems": always(changed()), "POST": always("")}) as server:
        place = OddPlace(server)
        box = place.box(sign_in=None)
        box.arrivals(None)
        assert box.sign_in is None
        box.close()


def test_a_server_that_offers_windows_sign_in_and_does_not_know_it_is_tried_by_password() -> None:
    class Half(OddServer):
        def signed_in(self, request: Request) -> str | Answer:
            given = request.headers.get("Authorization", "")
            return "clerk" if given.startswith("Basic") else self.refused(request)

        def refused(self, request: Request) -> Answer:
            del request
            return Answer(status=401, headers=(("WWW-Authenticate", "NTLM"), ("WWW-Authenticate", "Basic realm=x")))

    with Half({"SyncFolderItems": always(changed())}) as server:
        box = OddPlace(server).box(sign_in=None)
        assert box.arrivals(None).page == ()
        assert box.sign_in is SignInWay.BASIC
        box.close()


# --- words


@pytest.mark.parametrize("code", ["ErrorServerBusy", "ErrorTooManyObjectsOpened", "ErrorInternalServerTransientError"])
def test_a_busy_server_is_told_from_a_broken_one(code: str) -> None:
    about = told.Subject(mailbox=ADDRESS, user=ADDRESS, host="mail.example.org")
    assert isinstance(told.translated(code, about), TooMuch)


@given(code=st.text(min_size=1, max_size=60))
def test_every_refusal_has_a_title_and_advice_and_an_unknown_one_keeps_its_code(code: str) -> None:
    about = told.Subject(mailbox=ADDRESS, user="a.clerk@example.org", host="mail.example.org")
    error = told.translated(code, about)
    assert error.title
    assert error.advice
    assert code in error.title or code in told._CODES or code in told.BUSY


@pytest.mark.parametrize("code", sorted(told._CODES) + sorted(told._AWAY))
def test_a_known_refusal_is_written_for_a_person(code: str) -> None:
    about = told.Subject(mailbox=ADDRESS, user="a.clerk@example.org", host="mail.example.org")
    error = told.translated(code, about)
    assert error.title.endswith(".")
    assert error.advice.endswith(".")
    assert "{" not in str(error)


@given(
    folder=st.text(max_size=40),
    state=st.text(max_size=200),
    times=st.tuples(*[st.none() | MOMENTS] * 2),
)
def test_a_place_is_kept_to_the_second(folder: str, state: str, times: tuple[datetime | None, datetime | None]) -> None:
    good_at, after = (at.replace(microsecond=0) if at else None for at in times)
    place = Place(folder=folder, state=state, good_at=good_at, after=after)
    assert Place.of(place.cursor(), folder) == place


def test_a_ticket_signs_in_by_the_handshake_of_windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tickets = tmp_path / "tickets"
    tickets.write_text("EXAMPLE:a.clerk:sesame\n")
    monkeypatch.setenv("NTLM_USER_FILE", str(tickets))  # what stands in for the ticket: names known without asking

    class Domain(OddServer):
        def signed_in(self, request: Request) -> str | Answer:
            memory = request.connection.memory
            if "user" in memory:
                return str(memory["user"])
            word = request.headers.get("Authorization", "").removeprefix("Negotiate ")
            if not word:
                return self.refused(request)
            tied = GssChannelBindings(application_data=b"tls-server-end-point:" + request.connection.channel_binding)
            handshake = memory.setdefault("handshake", spnego.server(protocol="negotiate", channel_bindings=tied))
            assert isinstance(handshake, spnego.ContextProxy)
            token = b64encode(handshake.step(b64decode(word)) or b"").decode()
            if not handshake.complete:
                return Answer(status=401, headers=(("WWW-Authenticate", f"Negotiate {token}"),))
            memory["user"] = str(handshake.client_principal)
            return str(memory["user"])

        def refused(self, request: Request) -> Answer:
            del request
            return Answer(status=401, headers=(("WWW-Authenticate", "Negotiate"),))

    authority = make_ca(tmp_path)
    with Domain({"SyncFolderItems": always(changed())}, authority=authority) as server:
        for way in (SignInWay.KERBEROS, None):
            box = OddPlace(server).box(sign_in=way, ca_file=str(authority.ca_file))
            assert box.arrivals(None).page == ()
            assert box.sign_in is SignInWay.KERBEROS
            box.close()
    assert "sesame" not in "".join(server.asked)
