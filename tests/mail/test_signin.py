"""Signing in with Microsoft: silently, with the browser, by code; what is refused, called off or challenged."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from member_tracker.domain.errors import Invalid, NotAllowed, Offline, SignInNeeded, TrackerError, Unavailable
from member_tracker.domain.watching import Stopped, Watch
from member_tracker.mail import signin_browser
from member_tracker.mail.signin import MicrosoftSignIn
from member_tracker.mail.signin_browser import NoBrowser
from tests.fakes.login_server import LoginServer
from tests.mail.signing_in import CLERK, SHARED, account_at, browser, login, ring_file, sign_in_at

__all__ = ["browser", "login", "ring_file"]

Browser = Callable[[str], bool]


@pytest.fixture
def tokens(tmp_path: Path) -> Path:
    return tmp_path / "profile" / "tokens.json"


def no_browser(url: str) -> bool:
    del url
    return False


@pytest.mark.usefixtures("ring_file")
def test_nobody_is_signed_in_at_first_and_the_advice_says_to_sign_in(login: LoginServer, tokens: Path) -> None:
    with pytest.raises(SignInNeeded) as refused:
        sign_in_at(login, tokens, no_browser).token(None)
    assert CLERK in refused.value.title
    assert "Sign in" in refused.value.advice


@pytest.mark.usefixtures("ring_file")
def test_who_signs_in_with_the_browser_has_a_token_for_the_mailbox(
    login: LoginServer, tokens: Path, browser: Browser
) -> None:
    sign_in = sign_in_at(login, tokens, browser)
    sign_in.sign_in()
    token = sign_in.token(None)
    assert login.directory.accepts(token) == CLERK
    assert {"Mail.ReadWrite.Shared", "Mail.Send.Shared", "Mail.ReadWrite", "Mail.Send", "Calendars.Read"} <= set(
        login.directory.scopes_of(token)
    )
    assert sign_in.who == CLERK
    assert sign_in.is_kept


@pytest.mark.usefixtures("ring_file")
def test_ones_own_mailbox_needs_no_permission_for_shared_ones(
    login: LoginServer, tokens: Path, browser: Browser
) -> None:
    sign_in = sign_in_at(login, tokens, browser, address=CLERK, user="")
    sign_in.sign_in()
    assert not any("Shared" in scope for scope in login.directory.scopes_of(sign_in.token(None)))


@pytest.mark.usefixtures("ring_file")
def test_a_second_sign_in_asks_nobody(login: LoginServer, tokens: Path, browser: Browser) -> None:
    sign_in_at(login, tokens, browser).sign_in()
    again = sign_in_at(login, tokens, no_browser)
    again.sign_in()
    assert login.directory.accepts(again.token(None)) == CLERK


@pytest.mark.usefixtures("ring_file")
def test_a_token_that_ran_out_is_renewed_silently_and_the_new_one_is_kept(
    login: LoginServer, tokens: Path, browser: Browser
) -> None:
    login.directory.access_seconds = 60  # msal counts a token with five minutes left as run out
    sign_in = sign_in_at(login, tokens, browser)
    sign_in.sign_in()
    first = sign_in.token(None)
    login.directory.access_seconds = 3_600
    second = sign_in.token(None)
    assert second != first
    assert sign_in_at(login, tokens, no_browser).token(None) == second


@pytest.mark.usefixtures("ring_file")
def test_a_claims_challenge_gets_a_new_token_with_those_claims(
    login: LoginServer, tokens: Path, browser: Browser
) -> None:
    sign_in = sign_in_at(login, tokens, browser)
    sign_in.sign_in()
    old = sign_in.token(None)
    claims = json.dumps({"access_token": {"nbf": {"essential": True, "value": "1"}}})
    assert sign_in.token(claims) != old
    asked = json.loads(login.directory.asked[-1][1]["claims"])
    assert asked["access_token"]["nbf"] == {"essential": True, "value": "1"}
    assert asked["access_token"]["xms_cc"] == {"values": ["CP1"]}


@pytest.mark.usefixtures("ring_file")
def test_claims_that_need_a_person_are_asked_for_at_the_next_sign_in(
    login: LoginServer, tokens: Path, browser: Browser
) -> None:
    sign_in = sign_in_at(login, tokens, browser)
    sign_in.sign_in()
    login.directory.refuse("token", 50076)
    claims = json.dumps({"access_token": {"acrs": {"essential": True, "value": "c1"}}})
    with pytest.raises(SignInNeeded, match="AADSTS50076"):
        sign_in.token(claims)
    sign_in.sign_in()
    asked = [form for where, form in login.directory.asked if where == "authorize"]
    assert "acrs" not in asked[0].get("claims", "")
    assert "acrs" in asked[1]["claims"]


@pytest.mark.usefixtures("ring_file")
def test_after_a_change_of_password_a_person_must_sign_in_again(
    login: LoginServer, tokens: Path, browser: Browser
) -> None:
    login.directory.access_seconds = 60
    sign_in_at(login, tokens, browser).sign_in()
    login.directory.forget_refresh_tokens(CLERK)
    with pytest.raises(SignInNeeded):
        sign_in_at(login, tokens, browser).token(None)


@pytest.mark.usefixtures("ring_file")
@pytest.mark.parametrize("number", [53003, 530003, 50105, 65001, 90094, 700016])
def test_what_a_rule_forbids_is_said_in_words_with_its_number(
    login: LoginServer, tokens: Path, browser: Browser, number: int
) -> None:
    login.directory.refuse("authorize", number)
    with pytest.raises(NotAllowed, match=f"AADSTS{number}") as refused:
        sign_in_at(login, tokens, browser).sign_in()
    assert "dministrator" in refused.value.advice
    assert "Trace" not in str(refused.value)


@pytest.mark.usefixtures("ring_file")
def test_a_page_that_leads_nowhere_is_waited_for_only_so_long(
    login: LoginServer, tokens: Path, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signin_browser, "TIMEOUT_SECONDS", 0.5)
    login.directory.strand()
    with pytest.raises(Unavailable, match="Nobody signed in"):
        sign_in_at(login, tokens, browser).sign_in()


@pytest.mark.usefixtures("ring_file")
def test_somebody_who_changes_their_mind_is_not_kept_waiting(
    login: LoginServer, tokens: Path, browser: Browser
) -> None:
    login.directory.strand()
    asked = iter([False, False])
    with pytest.raises(Stopped):
        sign_in_at(login, tokens, browser).sign_in(Watch(stop=lambda: next(asked, True)))


@pytest.mark.usefixtures("ring_file")
def test_without_a_browser_the_code_is_offered_only_where_the_settings_allow_it(
    login: LoginServer, tokens: Path
) -> None:
    said: list[str] = []
    with pytest.raises(NoBrowser):
        sign_in_at(login, tokens, no_browser).sign_in(say_code=said.append)
    assert said == []
    login.directory.approve_device_after = 2
    sign_in = sign_in_at(login, tokens, no_browser, device_code=True)
    sign_in.sign_in(say_code=said.append)
    assert "enter the code" in said[0]
    assert login.directory.accepts(sign_in.token(None)) == CLERK


@pytest.mark.usefixtures("ring_file")
def test_waiting_for_a_code_can_be_stopped(login: LoginServer, tokens: Path) -> None:
    login.directory.approve_device_after = None
    asked = iter([False, False, False])
    with pytest.raises(Stopped):
        sign_in_at(login, tokens, no_browser, device_code=True).sign_in(
            Watch(stop=lambda: next(asked, True)), say_code=lambda _: None
        )


@pytest.mark.usefixtures("ring_file")
def test_a_code_that_is_refused_or_declined_is_said_in_words(login: LoginServer, tokens: Path) -> None:
    login.directory.refuse("devicecode", 53003)
    with pytest.raises(NotAllowed, match="AADSTS53003"):
        sign_in_at(login, tokens, no_browser, device_code=True).sign_in(say_code=lambda _: None)
    login.directory.approve_device_after = None
    with pytest.raises(NotAllowed, match="declined"):
        sign_in_at(login, tokens, no_browser, device_code=True).sign_in(
            say_code=lambda said: login.directory.decline_device(said.split("code ")[1].split(" ")[0])
        )


@pytest.mark.usefixtures("ring_file")
def test_two_mailboxes_of_one_user_share_the_sign_in_and_signing_out_of_one_leaves_the_other(
    login: LoginServer, tokens: Path, browser: Browser
) -> None:
    own = sign_in_at(login, tokens, browser, address=CLERK, user="")
    shared = sign_in_at(login, tokens, browser)
    own.sign_in()
    shared.sign_in()
    own.sign_out()
    assert login.directory.accepts(shared.token(None)) == CLERK
    shared.sign_out()
    with pytest.raises(SignInNeeded):
        shared.token(None)
    assert not tokens.exists()


@pytest.mark.usefixtures("ring_file")
def test_another_persons_sign_in_is_never_used_for_a_mailbox(
    login: LoginServer, tokens: Path, browser: Browser
) -> None:
    login.directory.add("b.clerk@example.org")
    sign_in_at(login, tokens, browser).sign_in()
    with pytest.raises(SignInNeeded):
        sign_in_at(login, tokens, browser, address="b.clerk@example.org", user="").token(None)


@pytest.mark.usefixtures("ring_file")
def test_a_user_name_that_is_not_the_mailboxs_address_is_remembered(
    login: LoginServer, tokens: Path, browser: Browser
) -> None:
    login.directory.at_the_browser = CLERK
    settings = {"address": "ann.clerk@example.org", "user": ""}
    sign_in = sign_in_at(login, tokens, browser, **settings)
    sign_in.sign_in()
    assert sign_in.who == CLERK
    assert sign_in_at(login, tokens, no_browser, **settings).token(None) == sign_in.token(None)


def test_without_a_keyring_the_sign_in_lasts_as_long_as_the_program(
    login: LoginServer, tokens: Path, browser: Browser
) -> None:
    sign_in = sign_in_at(login, tokens, browser)
    sign_in.sign_in()
    assert login.directory.accepts(sign_in.token(None)) == CLERK
    assert not sign_in.is_kept
    assert not tokens.exists()
    with pytest.raises(SignInNeeded):
        sign_in_at(login, tokens, browser).token(None)


@pytest.mark.usefixtures("ring_file")
def test_a_server_that_cannot_be_reached_is_offline_and_one_nobody_vouches_for_is_refused(
    login: LoginServer, tokens: Path
) -> None:
    with pytest.raises(Unavailable, match="certificate"):
        sign_in_at(login, tokens, no_browser, ca_file="").token(None)
    with pytest.raises(Offline):
        sign_in_at(login, tokens, no_browser, authority="https://127.0.0.1:9/nobody").token(None)


@pytest.mark.usefixtures("ring_file")
def test_settings_without_a_client_id_or_with_a_wrong_tenant_are_named(login: LoginServer, tokens: Path) -> None:
    with pytest.raises(Invalid, match="client id"):
        sign_in_at(login, tokens, no_browser, client_id="").token(None)
    elsewhere = login.authority.rpartition("/")[0] + "/another-tenant"
    with pytest.raises(TrackerError) as refused:
        sign_in_at(login, tokens, no_browser, authority=elsewhere).token(None)
    assert "tenant" in refused.value.advice


@pytest.mark.usefixtures("ring_file")
def test_trouble_of_the_sign_in_server_is_not_taken_for_a_need_to_sign_in(
    login: LoginServer, tokens: Path, browser: Browser
) -> None:
    login.directory.access_seconds = 60
    sign_in = sign_in_at(login, tokens, browser)
    sign_in.sign_in()
    login.directory.refuse("token", 90033, error="temporarily_unavailable")
    with pytest.raises(Unavailable) as trouble:
        sign_in.token(None)
    assert not isinstance(trouble.value, SignInNeeded)


def test_importing_the_sign_in_imports_neither_msal_nor_requests() -> None:
    script = (
        "import sys, member_tracker.mail.signin\n"
        "print(sorted({'msal', 'requests', 'truststore', 'keyring'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_shared_mailbox_is_signed_in_to_as_its_user(login: LoginServer, tmp_path: Path) -> None:
    account = account_at(login)
    assert (account.address, MicrosoftSignIn(account, cache_file=tmp_path / "t").account.signs_in_as) == (SHARED, CLERK)
