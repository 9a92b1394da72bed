"""The test sign-in server, asked by msal and a browser, which must understand it as they understand Microsoft's."""

import json
import os
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import Event

import msal  # type: ignore[import-untyped]  # it ships no types
import pytest
import requests

from tests.fakes import browser
from tests.fakes.clock import StoppedClock
from tests.fakes.http_faults import Throttle
from tests.fakes.http_loopback import Authority, make_ca
from tests.fakes.login_server import CLIENT_ID, ClaimsChallenge, Directory, LoginServer

CLERK = "a.clerk@example.org"
SCOPES = ["https://graph.microsoft.com/Mail.ReadWrite", "https://graph.microsoft.com/Mail.Send"]
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """A certificate authority of the test's own."""
    return make_ca(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def server(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> Iterator[LoginServer]:
    """A sign-in server that knows one clerk, and a browser that trusts it."""
    directory = Directory(StoppedClock(MONDAY))
    directory.add(CLERK)
    monkeypatch.setenv(browser.CA, str(authority.ca_file))
    with LoginServer(directory, authority) as running:
        yield running


@pytest.fixture
def client(server: LoginServer) -> Iterator[msal.PublicClientApplication]:
    """A program that signs in with msal."""
    with requests.Session() as session:
        session.verify = str(server.ca_file)
        session.trust_env = False
        yield msal.PublicClientApplication(
            CLIENT_ID,
            token_cache=msal.SerializableTokenCache(),
            authority=server.authority,
            instance_discovery=False,
            http_client=session,
            client_capabilities=["CP1"],
        )


def through_the_browser(client: msal.PublicClientApplication, monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """A sign-in with the stand-in browser, started the way Python starts a browser."""
    monkeypatch.setattr("webbrowser._tryorder", None)
    monkeypatch.setattr("webbrowser._browsers", {})
    monkeypatch.setenv("BROWSER", browser.as_setting())
    return dict(client.acquire_token_interactive(SCOPES, login_hint=CLERK, timeout=20))


def by_code(client: msal.PublicClientApplication) -> dict[str, object]:
    """A sign-in with a code, without a browser of its own."""
    flow, given = to_the_browser_and_back(client)
    return dict(client.acquire_token_by_auth_code_flow(flow, given))


def to_the_browser_and_back(client: msal.PublicClientApplication) -> tuple[dict[str, str], dict[str, str]]:
    """A flow that was begun, and the fields the page of the server sends back."""
    here = "http://localhost:9"
    flow = client.initiate_auth_code_flow(SCOPES, redirect_uri=here, login_hint=CLERK, response_mode="form_post")
    place, fields = browser.form_of(ask(flow["auth_uri"]).text)
    assert place == here
    return flow, fields


def ask(url: str) -> requests.Response:
    """The answer of the server to a plain GET."""
    return requests.get(url, verify=os.environ[browser.CA], timeout=10)


def wait_for(event: Event) -> None:
    """Keep a server's thread until the test lets it go on."""
    assert event.wait(5)


def test_a_person_signs_in_through_the_browser(
    server: LoginServer, client: msal.PublicClientApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    got = through_the_browser(client, monkeypatch)
    assert server.directory.accepts(str(got["access_token"])) == CLERK
    assert [account["username"] for account in client.get_accounts()] == [CLERK]
    asked = next(form for where, form in server.directory.asked if where == "authorize")
    assert (asked["login_hint"], asked["response_mode"]) == (CLERK, "form_post")


def test_the_cache_of_one_account_is_as_large_as_a_real_one(
    server: LoginServer, client: msal.PublicClientApplication
) -> None:
    by_code(client)
    assert 5_500 < len(client.token_cache.serialize()) < 9_000


def test_a_refresh_token_gives_new_tokens_and_is_itself_renewed(
    server: LoginServer, client: msal.PublicClientApplication
) -> None:
    first = by_code(client)
    (before,) = client.token_cache.search("RefreshToken")
    second = client.acquire_token_silent(SCOPES, client.get_accounts()[0], force_refresh=True)
    assert server.directory.accepts(second["access_token"]) == CLERK != first["access_token"]
    (after,) = client.token_cache.search("RefreshToken")
    assert after["secret"] != before["secret"]


def test_a_wrong_verifier_is_refused(server: LoginServer, client: msal.PublicClientApplication) -> None:
    flow, given = to_the_browser_and_back(client)
    flow["code_verifier"] = "x" * 43
    got = client.acquire_token_by_auth_code_flow(flow, given)
    assert got["error"] == "invalid_grant"
    assert "AADSTS501481" in got["error_description"]


def test_a_device_code_is_asked_after_until_somebody_typed_it(
    server: LoginServer, client: msal.PublicClientApplication
) -> None:
    server.directory.approve_device_after = 1
    flow = client.initiate_device_flow(SCOPES)
    assert len(flow["user_code"]) == 9
    got = client.acquire_token_by_device_flow(flow)
    assert server.directory.accepts(got["access_token"]) == CLERK
    assert [where for where, _ in server.directory.asked] == ["devicecode", "token", "token"]


def test_a_declined_device_code_says_so(server: LoginServer, client: msal.PublicClientApplication) -> None:
    flow = client.initiate_device_flow(SCOPES)
    server.directory.decline_device(flow["user_code"])
    assert client.acquire_token_by_device_flow(flow)["error"] == "authorization_declined"


def test_a_refusal_at_the_browser_comes_back_with_its_number(
    server: LoginServer, client: msal.PublicClientApplication
) -> None:
    server.directory.refuse("authorize", 65001)
    got = by_code(client)
    assert got["error"] == "consent_required"
    assert str(got["error_description"]).startswith("AADSTS65001:")


def test_somebody_who_is_not_assigned_may_not_sign_in(
    server: LoginServer, client: msal.PublicClientApplication
) -> None:
    server.directory.at_the_browser = "b.stranger@example.org"
    assert "AADSTS50105" in str(by_code(client)["error_description"])


def test_a_stranded_person_never_comes_back(server: LoginServer, client: msal.PublicClientApplication) -> None:
    server.directory.strand("AADSTS90094: Need admin approval.")
    flow = client.initiate_auth_code_flow(SCOPES, redirect_uri="http://localhost:9", response_mode="form_post")
    assert "AADSTS90094" in browser.visit(flow["auth_uri"])


@pytest.mark.parametrize("number", [50173, 700082])
def test_a_refresh_token_that_is_no_good_any_more_asks_for_a_sign_in(
    server: LoginServer, client: msal.PublicClientApplication, number: int
) -> None:
    by_code(client)
    server.directory.refuse("token", number)
    got = client.acquire_token_silent_with_error(SCOPES, client.get_accounts()[0], force_refresh=True)
    assert got["error"] == "invalid_grant"
    assert got["error_codes"] == [number]


def test_more_proof_may_be_asked_for_with_claims(server: LoginServer, client: msal.PublicClientApplication) -> None:
    by_code(client)
    claims = '{"access_token":{"capolids":{"essential":true,"values":["c1"]}}}'
    server.directory.refuse("token", 50076, claims=claims, suberror="basic_action")
    got = client.acquire_token_silent_with_error(SCOPES, client.get_accounts()[0], force_refresh=True)
    assert (got["error"], got["claims"]) == ("interaction_required", claims)


def test_a_revoked_token_is_challenged_and_the_claims_bring_a_new_one(
    server: LoginServer, client: msal.PublicClientApplication
) -> None:
    first = by_code(client)
    server.directory.revoke(CLERK)
    with pytest.raises(ClaimsChallenge) as challenge:
        server.directory.accepts(str(first["access_token"]))
    again = client.acquire_token_silent(SCOPES, client.get_accounts()[0], claims_challenge=challenge.value.claims)
    assert server.directory.accepts(again["access_token"]) == CLERK
    asked = json.loads(server.directory.asked[-1][1]["claims"])["access_token"]
    assert set(asked) == {"nbf", "xms_cc"}


def test_a_token_is_good_for_as_long_as_it_says_and_no_longer(
    server: LoginServer, client: msal.PublicClientApplication
) -> None:
    server.directory.access_seconds = 600
    got = by_code(client)
    assert got["expires_in"] == 600
    clock = server.directory.now
    assert isinstance(clock, StoppedClock)
    clock.forward(seconds=600)
    assert server.directory.accepts(str(got["access_token"])) is None


def test_the_identity_token_names_who_signed_in(client: msal.PublicClientApplication) -> None:
    got = by_code(client)
    claims = json.loads(urlsafe_b64decode(str(got["id_token"]).split(".")[1] + "=="))
    assert (claims["preferred_username"], claims["aud"]) == (CLERK, CLIENT_ID)


def test_a_server_that_does_not_answer_is_waited_for(server: LoginServer) -> None:
    gone_on = Event()
    server.faults.before("token", partial(wait_for, gone_on))
    with pytest.raises(requests.Timeout):
        requests.post(f"{server.authority}/oauth2/v2.0/token", data={}, verify=str(server.ca_file), timeout=0.2)
    gone_on.set()


def test_a_busy_server_says_when_to_come_back(server: LoginServer) -> None:
    server.faults.throttle(how=Throttle.TOO_MANY, wait_seconds=7)
    answer = ask(f"{server.authority}/discovery/v2.0/keys")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")


def test_an_unknown_tenant_is_not_found(server: LoginServer) -> None:
    url = f"{server.root_url}/nowhere/v2.0/.well-known/openid-configuration"
    answer = ask(url)
    assert answer.json()["error_codes"] == [90002]


def test_a_token_may_be_handed_out_without_a_sign_in(server: LoginServer) -> None:
    token = server.directory.issue(CLERK, "https://graph.microsoft.com/Mail.Read")
    assert server.directory.scopes_of(token) == {"Mail.Read"}
    server.directory.expire(CLERK)
    assert server.directory.accepts(token) is None
    assert server.directory.accepts("made up") is None


def test_the_certificate_is_no_good_to_who_does_not_know_the_authority(server: LoginServer, tmp_path: Path) -> None:
    other = make_ca(tmp_path)
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(f"{server.authority}/discovery/v2.0/keys", verify=str(other.ca_file), timeout=5)
