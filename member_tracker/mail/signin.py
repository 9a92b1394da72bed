"""Proving who the user is: passwords for Exchange Server, Microsoft's sign-in for Exchange Online.

msal and requests are imported only where somebody signs in: they are slow, and the window must not wait for them.
"""

import os
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from member_tracker import system_keyring
from member_tracker.domain.errors import SignInNeeded, Unavailable
from member_tracker.domain.mailboxes import MailboxAccount
from member_tracker.domain.watching import UNWATCHED, Stopped, Watch
from member_tracker.mail.signin_errors import in_words

if TYPE_CHECKING:
    from member_tracker.mail.signin_msal import Answer, Application
    from member_tracker.mail.token_cache import TokenCache

VARIABLE = "MEMBER_TRACKER_MAILBOX_PASSWORD"
SCOPES = ("Mail.ReadWrite", "Mail.Send", "Calendars.Read")
SHARED_SCOPES = ("Mail.ReadWrite.Shared", "Mail.Send.Shared")

_SLICE_SECONDS = 0.5


class Passwords:
    """The passwords of Exchange Server: typed in this run, given by the environment, or kept in the keyring."""

    def __init__(self) -> None:
        self._typed: dict[str, str] = {}
        self._before: dict[str, str] = {}

    def find(self, account: MailboxAccount) -> str:
        """The password of the one who signs in; raises `SignInNeeded` where nobody has told it."""
        found = self._typed.get(_name(account)) or os.environ.get(VARIABLE)
        if found:
            return found
        try:
            kept = system_keyring.find(_name(account))
        except system_keyring.NoKeyring:
            kept = None
        if kept:
            self._typed[_name(account)] = kept
            return kept
        raise SignInNeeded(
            f"The password of {account.signs_in_as} is wanted.",
            advice=f"Sign in to the mailbox, or set {VARIABLE} before starting the program.",
        )

    def keep(self, account: MailboxAccount, password: str) -> bool:
        """Remember a password; False where only this run of the program does, because no keyring keeps it."""
        with suppress(SignInNeeded):
            self._before[_name(account)] = self.find(account)
        self._typed[_name(account)] = password
        return system_keyring.keyring_works() and system_keyring.keep(_name(account), password)

    def take_back(self, account: MailboxAccount) -> None:
        """Remember the password that was known before the last one again."""
        if (before := self._before.get(_name(account))) is not None:
            self.keep(account, before)

    def forget(self, account: MailboxAccount) -> None:
        """Remember the password no longer."""
        self._before.pop(_name(account), None)
        self._typed.pop(_name(account), None)
        system_keyring.forget(_name(account))


def _name(account: MailboxAccount) -> str:
    return f"mailbox-{account.signs_in_as.casefold()}"


class MicrosoftSignIn:
    """The sign-in of one mailbox's user with Microsoft; `cache_file` may be shared by the mailboxes of a profile."""

    def __init__(
        self,
        account: MailboxAccount,
        *,
        cache_file: Path,
        open_browser: Callable[[str], bool] | None = None,
        wait: Callable[[float], object] | None = None,
    ) -> None:
        self.account = account
        self._cache_file = cache_file
        self._open_browser = open_browser
        self._wait = wait or threading.Event().wait
        self._lock = threading.RLock()
        self._cache: TokenCache | None = None
        self._app: Application | None = None
        self._claims: str | None = None

    @property
    def is_kept(self) -> bool:
        """Whether the sign-in outlasts the program: False where no keyring keeps the key of the tokens."""
        with self._tokens().shared():
            return self._tokens().is_kept

    @property
    def who(self) -> str:
        """The user name with which this mailbox is signed in; empty where it is not."""
        with _said_plainly(), self._tokens().shared():
            account = self._signed_in()
            return account.get("username", "") if account else ""

    def token(self, claims: str | None = None) -> str:
        """An access token without asking anybody, meeting the claims (JSON) where given; raises `SignInNeeded`."""
        with _said_plainly(), self._tokens().shared():
            found = self._silently(claims)
        if found is not None and "access_token" in found:
            return str(found["access_token"])
        self._claims = claims or self._claims
        problem = in_words(found) if found else None
        if isinstance(problem, Unavailable) and not isinstance(problem, SignInNeeded):
            raise problem
        title = problem.title if problem else f"{self.account.signs_in_as} is not signed in to Microsoft 365."
        raise SignInNeeded(title, advice=problem.advice if problem else "Sign in to the mailbox.")

    def sign_in(self, watch: Watch = UNWATCHED, say_code: Callable[[str], None] | None = None) -> None:
        """Sign in, asking the user only where that is needed; `say_code` shows what to type where.

        Raises `Stopped`, or in words why it did not come about.
        """
        from member_tracker.mail.signin_browser import NoBrowser

        if self._claims is None and self._is_signed_in():
            return
        # Here the order is decided: the broker of Windows would be asked before the browser.
        try:
            answer = self._by_browser(watch)
        except NoBrowser:
            if not self.account.device_code or say_code is None:
                raise
            answer = self._by_code(watch, say_code)
        if "access_token" not in answer:
            raise in_words(answer)
        self._claims = None

    def sign_out(self) -> None:
        """Forget the tokens of this mailbox's user, unless another mailbox is signed in as the same."""
        with _said_plainly(), self._tokens().shared():
            account = self._signed_in()
            accounts = self._tokens().accounts
            accounts.pop(self.account.name, None)
            if account and account.get("home_account_id") not in accounts.values():
                self._application().remove_account(account)

    # --- the ways -----------------------------------------------------------------------------------------------------

    def _is_signed_in(self) -> bool:
        try:
            self.token()
        except SignInNeeded:
            return False
        return True

    def _silently(self, claims: str | None) -> "Answer | None":
        account = self._signed_in()
        if account is None:
            return None
        app = self._application()
        found = app.acquire_token_silent_with_error(self._scopes(), account, claims_challenge=claims)
        if found is not None and "access_token" in found:
            self._tokens().accounts[self.account.name] = account["home_account_id"]
        return found

    def _by_browser(self, watch: Watch) -> "Answer":
        """Open the sign-in page and wait for its answer; the tokens are locked only while it is exchanged."""
        from member_tracker.mail.signin_browser import TIMEOUT_SECONDS, Callback, show

        with Callback() as callback:
            with _said_plainly():
                flow = self._application().initiate_auth_code_flow(
                    self._scopes(),
                    redirect_uri=callback.address,
                    login_hint=self.account.signs_in_as if "@" in self.account.signs_in_as else None,
                    claims_challenge=self._claims,
                    response_mode="form_post",
                )
            callback.state = flow["state"]
            show(flow["auth_uri"], self._open_browser)
            came = callback.wait(watch, TIMEOUT_SECONDS)
        with _said_plainly(), self._tokens().shared():
            answer = self._application().acquire_token_by_auth_code_flow(flow, came)
            self._remember(answer)
        return answer

    def _by_code(self, watch: Watch, say_code: Callable[[str], None]) -> "Answer":
        """Have the user type a code elsewhere, and ask every few seconds whether that was done."""
        with _said_plainly():
            flow = self._application().initiate_device_flow(self._scopes(), claims_challenge=self._claims)
        if "device_code" not in flow:
            return flow
        say_code(str(flow.get("message", "")))
        interval, until = _seconds(flow, "interval", 5), time.monotonic() + _seconds(flow, "expires_in", 900)
        while True:
            with _said_plainly(), self._tokens().shared():
                answer = self._application().acquire_token_by_device_flow(
                    flow, claims_challenge=self._claims, exit_condition=lambda _: True
                )
                self._remember(answer)
            if answer.get("error") not in ("authorization_pending", "slow_down") or time.monotonic() >= until:
                return answer
            interval += 5 if answer.get("error") == "slow_down" else 0
            self._pause(interval, watch)

    def _pause(self, seconds: float, watch: Watch) -> None:
        while seconds > 0:
            if watch.stop():
                raise Stopped
            self._wait(min(seconds, _SLICE_SECONDS))
            seconds -= _SLICE_SECONDS

    # --- msal ---------------------------------------------------------------------------------------------------------

    def _signed_in(self) -> dict[str, str] | None:
        """Msal's account of this mailbox: the one that signed in for it, else one of the user's name."""
        accounts = self._application().get_accounts()
        ours = self._tokens().accounts.get(self.account.name)
        wanted = self.account.signs_in_as.casefold()
        for account in accounts:
            if account.get("home_account_id") == ours if ours else account.get("username", "").casefold() == wanted:
                return account
        return None

    def _remember(self, answer: "Answer") -> None:
        """Note as whom this mailbox is signed in: the user's name need not be the mailbox's address."""
        if "access_token" not in answer:
            return
        claims = answer.get("id_token_claims")
        said = claims if isinstance(claims, dict) else {}
        for account in self._application().get_accounts():
            same = account.get("local_account_id") == said.get("oid", said.get("sub"))
            if same or account.get("username", "").casefold() == str(said.get("preferred_username", "")).casefold():
                self._tokens().accounts[self.account.name] = account["home_account_id"]

    def _scopes(self) -> list[str]:
        return [*SCOPES, *(SHARED_SCOPES if self.account.is_shared else ())]

    def _tokens(self) -> "TokenCache":
        with self._lock:
            if self._cache is None:
                from member_tracker.mail.token_cache import TokenCache

                self._cache = TokenCache(self._cache_file)
            return self._cache

    def _application(self) -> "Application":
        """Msal's application; making it asks the sign-in server where its addresses are."""
        with self._lock:
            if self._app is None:
                from member_tracker.mail.signin_msal import new_application

                self._app = new_application(self.account, self._tokens().tokens)
            return self._app


def _said_plainly() -> AbstractContextManager[None]:
    from member_tracker.mail.signin_msal import said_plainly

    return said_plainly()


def _seconds(flow: Mapping[str, object], name: str, otherwise: int) -> float:
    value = flow.get(name)
    return float(value) if isinstance(value, int | float) else float(otherwise)
