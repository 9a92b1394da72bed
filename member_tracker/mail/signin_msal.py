"""Msal with our trust and our words; imported where somebody signs in, because msal and requests are slow to import."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Protocol

import msal  # type: ignore[import-untyped]  # it ships no types
import requests

from member_tracker.domain.errors import Invalid, TrackerError, Unavailable
from member_tracker.domain.mailboxes import MailboxAccount
from member_tracker.mail.graph_http import not_reached
from member_tracker.mail.tls import new_session

MICROSOFT = "https://login.microsoftonline.com"

_CALL_SECONDS = 30.0

Answer = Mapping[str, object]


class Application(Protocol):
    """As much of msal's application as is used here (msal ships no types)."""

    def get_accounts(self) -> list[dict[str, str]]: ...

    def acquire_token_silent_with_error(
        self, scopes: list[str], account: Mapping[str, str], *, claims_challenge: str | None
    ) -> Answer | None: ...

    def initiate_auth_code_flow(
        self,
        scopes: list[str],
        *,
        redirect_uri: str,
        login_hint: str | None,
        claims_challenge: str | None,
        response_mode: str,
    ) -> dict[str, str]: ...

    def acquire_token_by_auth_code_flow(self, flow: Mapping[str, str], answer: Mapping[str, str]) -> Answer: ...

    def initiate_device_flow(self, scopes: list[str], *, claims_challenge: str | None) -> dict[str, object]: ...

    def acquire_token_by_device_flow(
        self, flow: Mapping[str, object], *, claims_challenge: str | None, exit_condition: Callable[[object], bool]
    ) -> Answer: ...

    def remove_account(self, account: Mapping[str, str]) -> None: ...


def new_application(account: MailboxAccount, tokens: "msal.SerializableTokenCache") -> Application:
    """Msal's application for the account; making it asks the sign-in server where its addresses are."""
    if not account.client_id or not (account.tenant or account.authority):
        raise Invalid(
            "The mailbox's settings lack the tenant or the client id.",
            advice="Your administrator has both, from the app registration in Microsoft Entra.",
        )
    application: Application = msal.PublicClientApplication(
        account.client_id,
        authority=account.authority or f"{MICROSOFT}/{account.tenant}",
        client_capabilities=["CP1"],
        token_cache=tokens,
        http_client=_Client(account.ca_file),
        instance_discovery=False if account.authority else None,
    )
    return application


@contextmanager
def said_plainly() -> Iterator[None]:
    """Turns what msal and requests raise into an error a person can act on; theirs may name what is secret."""
    problem: TrackerError | None = None
    try:
        yield
    except requests.HTTPError:
        problem = Unavailable("Microsoft's sign-in has trouble.", advice="It is tried again by itself.")
    except requests.RequestException as error:
        problem = not_reached(error)
    except (ValueError, KeyError):
        problem = Unavailable(
            "The sign-in server does not answer as Microsoft's does.",
            advice="Check the tenant in the mailbox's settings. If it is right, try again later.",
        )
    if problem is not None:
        raise problem


class _Client:
    """The HTTP client msal uses: our trust, our time-outs, and connections that are closed after use."""

    def __init__(self, ca_file: str) -> None:
        self._session = new_session(ca_file, connections=1)
        self._session.auth = lambda request: request  # nothing of a netrc file is sent

    def get(self, url: str, **rest: object) -> requests.Response:
        """As requests does."""
        return self._asked("GET", url, rest)

    def post(self, url: str, **rest: object) -> requests.Response:
        """As requests does."""
        return self._asked("POST", url, rest)

    def _asked(self, method: str, url: str, rest: dict[str, object]) -> requests.Response:
        """The answer; its connection is closed, since the other end closes it long before the next."""
        try:
            return self._session.request(method, url, **{"timeout": _CALL_SECONDS, **rest})  # type: ignore[arg-type]  # msal's
        finally:
            self._session.close()

    def close(self) -> None:
        """Let go of what is open."""
        self._session.close()
