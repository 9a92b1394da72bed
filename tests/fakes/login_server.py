"""A sign-in server like Microsoft's, over HTTPS on loopback: codes with PKCE, device codes, refresh tokens, refusals.

    with LoginServer(directory, authority) as server:
        directory.add("a.clerk@example.org")
        msal.PublicClientApplication(client_id, authority=server.authority, instance_discovery=False, ...)

Shapes: https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow and .../v2-oauth2-device-code.
Who sits at the browser, what is refused and what expires is arranged on the `Directory`.
"""

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256, shake_256
from html import escape
from http import HTTPStatus
from threading import RLock
from urllib.parse import parse_qsl, urlencode

from tests.fakes.http_faults import Trouble
from tests.fakes.http_loopback import Answer, Authority, LoopbackServer, Request

TENANT = "6b1f9b7a-5f0e-4c39-9d3e-2f0b7f6f0c11"
CLIENT_ID = "0f3f2d4e-8c55-4b0e-9b44-5a4f6b1f0a22"
TRACE = "5ad5f1b0-0000-4000-8000-1c5d0e6f7a88"
ACCESS_LENGTH, REFRESH_LENGTH, CODE_LENGTH = 2_100, 1_300, 900
IDENTITY_SCOPES = frozenset({"openid", "profile", "offline_access"})


class ClaimsChallenge(Exception):
    """This access token holds no longer: a new one must be asked for with these claims (JSON)."""

    def __init__(self, claims: str) -> None:
        super().__init__("the token was revoked")
        self.claims = claims


class Denied(Exception):
    """The sign-in server says no: an OAuth error, Microsoft's number for it (50173), and what else its answer holds."""

    def __init__(self, error: str, number: int, text: str, **more: str) -> None:
        super().__init__(f"{error}: AADSTS{number}: {text}")
        self.error, self.number, self.text, self.more = error, number, text, more


class Stranded(Exception):
    """The person is left on a page that says this, and the program never hears of it."""


@dataclass(slots=True, kw_only=True)
class Token:
    """What stands behind an access or refresh token."""

    user: str
    client_id: str
    scopes: frozenset[str]
    expires_at: datetime
    revoked: bool = False


@dataclass(slots=True, kw_only=True)
class Code:
    """An authorization code that was handed out and may be used once."""

    user: str
    form: dict[str, str]


@dataclass(slots=True, kw_only=True)
class Device:
    """A sign-in somebody is to complete elsewhere with a short code; `asked` counts the questions so far."""

    client_id: str
    scopes: frozenset[str]
    user_code: str
    expires_at: datetime
    user: str = ""
    declined: bool = False
    asked: int = 0


class Directory:
    """Who may sign in, and how that goes. Change the plain attributes to arrange a test.

    `at_the_browser` signs in whatever the hint says; empty: whoever the hint names. `access_seconds` is the life of an
    access token. `approve_device_after` so many questions, by `at_the_browser`; None: somebody calls `approve_device`.
    """

    def __init__(self, now: Callable[[], datetime], *, tenant: str = TENANT) -> None:
        self.now = now
        self.tenant = tenant
        self.lock = RLock()
        self.users: dict[str, str] = {}
        self.at_the_browser = ""
        self.access_seconds = 3_600
        self.approve_device_after: int | None = 0
        self.device_interval = 1
        self.device_seconds = 900
        self.asked: list[tuple[str, dict[str, str]]] = []
        self._refusals: dict[str, list[Denied]] = {"authorize": [], "token": [], "devicecode": []}
        self._strandings: list[str] = []
        self._access: dict[str, Token] = {}
        self._refresh: dict[str, Token] = {}
        self._codes: dict[str, Code] = {}
        self._devices: dict[str, Device] = {}
        self._count = 0

    # --- arranging

    def add(self, address: str) -> None:
        """Somebody who may sign in."""
        digest = sha256(address.lower().encode()).hexdigest()
        self.users[address.lower()] = f"{digest[:8]}-{digest[8:12]}-4{digest[13:16]}-8{digest[17:20]}-{digest[20:32]}"

    def refuse(self, where: str, number: int, *, error: str = "", text: str = "", **more: str) -> None:
        """Refuse the next request to `authorize`, `token` or `devicecode` with this AADSTS number."""
        known_error, known_text = KNOWN_REFUSALS.get(number, ("invalid_request", "Something is wrong."))
        self._refusals[where].append(Denied(error or known_error, number, text or known_text, **more))

    def strand(self, text: str = "AADSTS90094: Need admin approval.") -> None:
        """Show the next person at the browser a page from which nothing leads back."""
        self._strandings.append(text)

    def issue(self, user: str, *scopes: str, client_id: str = CLIENT_ID) -> str:
        """An access token without the trouble of a sign-in."""
        return self._new_access(user.lower(), client_id, frozenset(scopes))

    def tokens(self) -> list[str]:
        """Every access and refresh token that was ever given, for a search of where they were left."""
        return [*self._access, *self._refresh]

    def revoke(self, user: str) -> None:
        """Access tokens of this user are answered with a claims challenge from now on; refresh tokens stay good."""
        for token in self._access.values():
            token.revoked |= token.user == user.lower()

    def forget_refresh_tokens(self, user: str) -> None:
        """The user must sign in again, as after a change of password (AADSTS50173)."""
        for token in self._refresh.values():
            token.revoked |= token.user == user.lower()

    def expire(self, user: str) -> None:
        """Every access token of this user is out of date from now on."""
        for token in self._access.values():
            if token.user == user.lower():
                token.expires_at = self.now()

    def approve_device(self, user_code: str, user: str) -> None:
        """Somebody typed the short code and signed in."""
        self._device_of(user_code).user = user.lower()

    def decline_device(self, user_code: str) -> None:
        """Somebody typed the short code and said no."""
        self._device_of(user_code).declined = True

    def _device_of(self, user_code: str) -> Device:
        return next(one for one in self._devices.values() if one.user_code == user_code)

    # --- what a server of mail asks

    def accepts(self, token: str) -> str | None:
        """Whose access token this is; None when it is no good, and `ClaimsChallenge` when it was revoked."""
        found = self._access.get(token)
        if found is None or found.expires_at <= self.now():
            return None
        if found.revoked:
            essential = {"essential": True, "value": str(int(self.now().timestamp()))}
            raise ClaimsChallenge(json.dumps({"access_token": {"nbf": essential}}))
        return found.user

    def scopes_of(self, token: str) -> frozenset[str]:
        """What the holder of this access token agreed to, without the resource: `Mail.ReadWrite`."""
        return frozenset(one.rpartition("/")[2] for one in self._access[token].scopes)

    # --- signing in

    def authorize(self, form: dict[str, str]) -> dict[str, str]:
        """The fields that go back to the program: a code, or an error; `Stranded` when nothing goes back."""
        with self.lock:
            self.asked.append(("authorize", form))
            if self._strandings:
                raise Stranded(self._strandings.pop(0))
            self._check_client(form)
            if not form.get("redirect_uri", "").startswith("http://localhost"):
                raise Stranded("AADSTS50011: The redirect URI specified in the request does not match.")
            try:
                self._refuse_if_armed("authorize")
                answer = {"code": self._new_code(form), "session_state": TRACE}
            except Denied as denied:
                answer = {"error": denied.error, "error_description": f"AADSTS{denied.number}: {denied.text}"}
                answer |= {"error_subcode": denied.more["suberror"]} if "suberror" in denied.more else {}
            return answer | ({"state": form["state"]} if "state" in form else {})

    def _new_code(self, form: dict[str, str]) -> str:
        user = (self.at_the_browser or form.get("login_hint") or next(iter(self.users), "")).lower()
        if user not in self.users:
            raise Denied("access_denied", 50105, "The signed in user is not assigned to a role for the application.")
        if form.get("response_type") != "code" or form.get("code_challenge_method") != "S256":
            raise Denied("invalid_request", 9002325, "Proof Key for Code Exchange is required for this redemption.")
        code = "0." + self._opaque("code", CODE_LENGTH)
        self._codes[code] = Code(user=user, form=form)
        return code

    def device_code(self, form: dict[str, str]) -> dict[str, object]:
        """The beginning of a sign-in with a short code."""
        with self.lock:
            self.asked.append(("devicecode", form))
            self._refuse_if_armed("devicecode")
            self._check_client(form)
            handle, user_code = self._opaque("device", 300), self._opaque("user", 9).upper()
            self._devices[handle] = Device(
                client_id=form["client_id"],
                scopes=_scopes(form),
                user_code=user_code,
                expires_at=self.now() + timedelta(seconds=self.device_seconds),
            )
            address = "https://microsoft.com/devicelogin"
            return {
                "user_code": user_code,
                "device_code": handle,
                "verification_uri": address,
                "expires_in": self.device_seconds,
                "interval": self.device_interval,
                "message": f"To sign in, use a web browser to open the page {address} and enter the code {user_code} "
                "to authenticate.",
            }

    def token(self, form: dict[str, str]) -> dict[str, object]:
        """Tokens for a code, a refresh token or a device code."""
        with self.lock:
            self.asked.append(("token", form))
            self._refuse_if_armed("token")
            self._check_client(form)
            if "claims" in form and not isinstance(json.loads(form["claims"]), dict):
                raise Denied("invalid_request", 9000410, "Malformed JSON in the claims parameter.")
            grants = {
                "authorization_code": self._redeem_code,
                "refresh_token": self._redeem_refresh_token,
                "device_code": self._redeem_device_code,
                "urn:ietf:params:oauth:grant-type:device_code": self._redeem_device_code,
            }
            redeem = grants.get(form.get("grant_type", ""))
            if redeem is None:
                raise Denied("unsupported_grant_type", 70003, "The app requested an unsupported grant type.")
            user, scopes, nonce = redeem(form)
            return self._tokens(user, form["client_id"], scopes, nonce)

    def _redeem_code(self, form: dict[str, str]) -> tuple[str, frozenset[str], str]:
        code = self._codes.pop(form.get("code", ""), None)
        if code is None:
            raise Denied("invalid_grant", 70000, "Provided grant is invalid or malformed.")
        if form.get("redirect_uri") != code.form["redirect_uri"]:
            raise Denied("invalid_grant", 500112, "The reply address does not match the one of the request.")
        digest = sha256(form.get("code_verifier", "").encode()).digest()
        if urlsafe_b64encode(digest).decode().rstrip("=") != code.form["code_challenge"]:
            raise Denied("invalid_grant", 501481, "The Code_Verifier does not match the code_challenge.")
        return code.user, _scopes(code.form), code.form.get("nonce", "")

    def _redeem_refresh_token(self, form: dict[str, str]) -> tuple[str, frozenset[str], str]:
        held = self._refresh.get(form.get("refresh_token", ""))
        if held is None or held.client_id != form["client_id"]:
            raise Denied("invalid_grant", 9002313, "Invalid request. Request is malformed or invalid.")
        if held.revoked:
            raise Denied("invalid_grant", 50173, KNOWN_REFUSALS[50173][1], suberror="bad_token")
        if held.expires_at <= self.now():
            raise Denied("invalid_grant", 700082, KNOWN_REFUSALS[700082][1], suberror="bad_token")
        wanted = _scopes(form)
        return held.user, wanted if wanted - IDENTITY_SCOPES else held.scopes, ""

    def _redeem_device_code(self, form: dict[str, str]) -> tuple[str, frozenset[str], str]:
        handle = form.get("device_code", "")
        device = self._devices.get(handle)
        if device is None:
            raise Denied("bad_verification_code", 70000, "The device_code sent is not known.")
        if device.expires_at <= self.now():
            raise Denied("expired_token", 70020, "The provided value for device_code has expired.")
        if device.declined:
            raise Denied("authorization_declined", 70017, "The end user denied the authorization request.")
        device.asked += 1
        if self.approve_device_after is not None and device.asked > self.approve_device_after:
            device.user = device.user or self.at_the_browser or next(iter(self.users))
        if not device.user:
            raise Denied("authorization_pending", 70016, "OAuth 2.0 device flow error. Authorization is pending.")
        del self._devices[handle]
        return device.user, device.scopes, ""

    # --- new things

    def _tokens(self, user: str, client_id: str, scopes: frozenset[str], nonce: str) -> dict[str, object]:
        oid = self.users[user]
        answer: dict[str, object] = {
            "token_type": "Bearer",
            "scope": " ".join(sorted(scopes - {"offline_access"})),
            "expires_in": self.access_seconds,
            "ext_expires_in": self.access_seconds,
            "access_token": self._new_access(user, client_id, scopes),
            "id_token": self._id_token(user, client_id, nonce),
            "client_info": _encoded({"uid": oid, "utid": self.tenant}),
        }
        if "offline_access" in scopes:
            refresh = "1." + self._opaque("refresh", REFRESH_LENGTH)
            until = self.now() + timedelta(days=90)
            self._refresh[refresh] = Token(user=user, client_id=client_id, scopes=scopes, expires_at=until)
            answer["refresh_token"] = refresh
        return answer

    def _new_access(self, user: str, client_id: str, scopes: frozenset[str]) -> str:
        access = self._opaque("access", ACCESS_LENGTH)
        until = self.now() + timedelta(seconds=self.access_seconds)
        self._access[access] = Token(user=user, client_id=client_id, scopes=scopes, expires_at=until)
        return access

    def _id_token(self, user: str, client_id: str, nonce: str) -> str:
        now = int(self.now().timestamp())
        claims: dict[str, object] = {
            "aud": client_id,
            "iss": f"https://login.microsoftonline.com/{self.tenant}/v2.0",
            "iat": now,
            "nbf": now,
            "exp": now + self.access_seconds,
            "name": user.partition("@")[0],
            "oid": self.users[user],
            "preferred_username": user,
            "sub": sha256(f"{client_id}:{user}".encode()).hexdigest(),
            "tid": self.tenant,
            "ver": "2.0",
        }
        claims |= {"nonce": nonce} if nonce else {}
        return (
            f"{_encoded({'typ': 'JWT', 'alg': 'RS256', 'kid': 'test'})}.{_encoded(claims)}.{self._opaque('sign', 342)}"
        )

    def _opaque(self, kind: str, length: int) -> str:
        self._count += 1
        raw = shake_256(f"{kind}:{self._count}".encode()).digest(length)
        return urlsafe_b64encode(raw).decode()[:length].replace("-", "A")

    def _refuse_if_armed(self, where: str) -> None:
        if self._refusals[where]:
            raise self._refusals[where].pop(0)

    def _check_client(self, form: dict[str, str]) -> None:
        if not form.get("client_id"):
            raise Denied("invalid_request", 900144, "The request body must contain the parameter: 'client_id'.")


KNOWN_REFUSALS = {
    50034: ("invalid_grant", "The user account does not exist in the directory."),
    50076: (
        "interaction_required",
        "Due to a configuration change made by your administrator, you must use multi-factor authentication.",
    ),
    50105: ("access_denied", "The signed in user is not assigned to a role for the application."),
    50173: ("invalid_grant", "The provided grant has expired due to it being revoked, a fresh auth token is needed."),
    53003: ("access_denied", "Access has been blocked by Conditional Access policies."),
    53000: ("interaction_required", "Device is not in required device state: compliant."),
    530003: ("access_denied", "Your device is required to be managed to access this resource."),
    65001: ("consent_required", "The user or administrator has not consented to use the application."),
    65004: ("access_denied", "User declined to consent to access the app."),
    90094: ("access_denied", "Admin consent is required for the permissions requested by this application."),
    700016: ("unauthorized_client", "Application with this identifier was not found in the directory."),
    700082: ("invalid_grant", "The refresh token has expired due to inactivity."),
}


def _scopes(form: dict[str, str]) -> frozenset[str]:
    return frozenset(form.get("scope", "").split())


def _encoded(value: object) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


class LoginServer(LoopbackServer):
    """The directory over HTTPS; operations for faults: `configuration`, `keys`, `authorize`, `token`, `devicecode`."""

    def __init__(self, directory: Directory, authority: Authority, *, port: int = 0) -> None:
        super().__init__(port=port, authority=authority)
        self.directory = directory
        self.ca_file = authority.ca_file

    @property
    def authority(self) -> str:
        """What a program is told to sign in at; msal needs `instance_discovery=False` beside it."""
        return f"{self.root_url}/{self.directory.tenant}"

    def operation_of(self, request: Request) -> str:
        """The last word of the path, as a rule."""
        last = request.path.rpartition("/")[2]
        return "configuration" if last == "openid-configuration" else last

    def signed_in(self, request: Request) -> str | Answer:
        """Anybody may ask."""
        return ""

    def busy(self, trouble: Trouble) -> Answer:
        """The answer of a server that has a moment of weakness."""
        status = trouble.throttle.value if trouble.throttle else HTTPStatus.SERVICE_UNAVAILABLE
        answer = self._denied(Denied("temporarily_unavailable", 90033, "A transient error has occurred."), status)
        wait = (("Retry-After", f"{trouble.wait_seconds:.0f}"),) if trouble.wait_seconds else ()
        return Answer(status=answer.status, body=answer.body, headers=answer.headers + wait)

    def refused(self, request: Request) -> Answer:
        """What a client that may not ask at all is told."""
        return self._denied(Denied("invalid_client", 7000218, "The client may not do this."), HTTPStatus.UNAUTHORIZED)

    def answer(self, request: Request, user: str) -> Answer:
        """Do what is asked."""
        if request.path.partition("/oauth2/")[0].strip("/").partition("/")[0] != self.directory.tenant:
            return self._denied(Denied("invalid_tenant", 90002, "Tenant not found."), HTTPStatus.BAD_REQUEST)
        form = dict(parse_qsl(request.query if request.method == "GET" else request.body.decode()))
        operation = self.operation_of(request)
        try:
            if operation == "configuration":
                return _as_json(self._configuration())
            if operation == "keys":
                return _as_json({"keys": []})
            if operation == "authorize":
                return self._authorized(form)
            if operation == "token":
                return _as_json(self.directory.token(form))
            if operation == "devicecode":
                return _as_json(self.directory.device_code(form))
        except Denied as denied:
            return self._denied(denied, HTTPStatus.BAD_REQUEST)
        return Answer(status=HTTPStatus.NOT_FOUND)

    def _configuration(self) -> dict[str, object]:
        base = f"{self.authority}/oauth2/v2.0"
        return {
            "token_endpoint": f"{base}/token",
            "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
            "jwks_uri": f"{self.authority}/discovery/v2.0/keys",
            "response_modes_supported": ["query", "fragment", "form_post"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "response_types_supported": ["code", "id_token", "code id_token", "id_token token"],
            "scopes_supported": ["openid", "profile", "email", "offline_access"],
            "issuer": f"{self.authority}/v2.0",
            "authorization_endpoint": f"{base}/authorize",
            "device_authorization_endpoint": f"{base}/devicecode",
            "end_session_endpoint": f"{base}/logout",
        }

    def _authorized(self, form: dict[str, str]) -> Answer:
        try:
            fields = self.directory.authorize(form)
        except Stranded as page:
            return _as_page(f"<h1>Sorry, but we're having trouble signing you in.</h1><p>{escape(str(page))}</p>")
        if form.get("response_mode") != "form_post":
            place = f"{form['redirect_uri']}?{urlencode(fields)}"
            return Answer(status=HTTPStatus.FOUND, headers=(("Location", place),))
        inputs = "".join(
            f'<input type="hidden" name="{escape(name)}" value="{escape(value)}"/>' for name, value in fields.items()
        )
        return _as_page(
            f'<form method="POST" name="hiddenform" action="{escape(form["redirect_uri"])}">{inputs}</form>'
            '<script language="javascript">document.forms[0].submit();</script>'
        )

    def _denied(self, denied: Denied, status: int) -> Answer:
        now = f"{self.directory.now():%Y-%m-%d %H:%M:%SZ}"
        description = f"AADSTS{denied.number}: {denied.text} Trace ID: {TRACE} Correlation ID: {TRACE} Timestamp: {now}"
        body: dict[str, object] = {
            "error": denied.error,
            "error_description": description,
            "error_codes": [denied.number],
            "timestamp": now,
            "trace_id": TRACE,
            "correlation_id": TRACE,
            "error_uri": f"{self.authority}/error?code={denied.number}",
        }
        return _as_json(body | denied.more, status)


def _as_json(value: dict[str, object], status: int = HTTPStatus.OK) -> Answer:
    headers = (("Content-Type", "application/json; charset=utf-8"), ("Cache-Control", "no-store, no-cache"))
    return Answer(status=status, body=json.dumps(value).encode(), headers=headers)


def _as_page(body: str) -> Answer:
    page = f"<html><head><title>Working...</title></head><body>{body}</body></html>"
    return Answer(body=page.encode(), headers=(("Content-Type", "text/html; charset=utf-8"),))
