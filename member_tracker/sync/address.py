"""Where a hub is: an ordinary PostgreSQL URL, kept and shown without whoever signs in and never with a password."""

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, unquote, urlencode

from member_tracker.domain.errors import Invalid

_URL = re.compile(
    r"postgres(?:ql)?://(?:(?P<who>[^@/?]*)@)?(?P<hosts>[^@/?]*)(?:/(?P<database>[^?]*))?(?:\?(?P<settings>.*))?"
)
_HOST = re.compile(r"(?P<host>\[[^\]]*\]|[^:\[\]]*)(?::(?P<port>\d*))?")
_EXAMPLE = "Write it like postgresql://hub.example.org/enquiries."
_NEVER_KEPT = ("user", "password", "passfile", "service", "sslpassword")
_CHECKED = "verify-full"


@dataclass(frozen=True, slots=True, kw_only=True)
class HubAddress:
    """A hub and who signs in there: `url` names neither user nor password, `login` is a PostgreSQL role."""

    url: str
    login: str

    @property
    def shown(self) -> str:
        """The hub as a person knows it: its server and database."""
        hosts, database, settings = _parts(self.url)
        where = hosts or unquote(dict(settings).get("host", "")) or "this computer"
        return f"{unquote(where)}/{database or self.login}"

    @property
    def is_local(self) -> bool:
        """Whether nothing said to it leaves this computer."""
        hosts, _, settings = _parts(self.url)
        return _stays_here(hosts, settings)

    @property
    def authorities(self) -> str | None:
        """The file of certificate authorities the URL names, if it names one."""
        return dict(_parts(self.url)[2]).get("sslrootcert")

    @property
    def connection(self) -> str:
        """The URL to connect with: the login in it, and the server's certificate checked unless it is this computer."""
        hosts, database, settings = _parts(self.url)
        if not _stays_here(hosts, settings):
            settings = [each for each in settings if each[0] != "sslmode"] + [("sslmode", _CHECKED)]
        return _written(f"{quote(self.login, safe='')}@{hosts}", database, settings)


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedAddress:
    """What a URL as typed says: the hub's place, and the user and password in it, if any."""

    url: str
    login: str | None
    password: str | None

    def as_login(self, login: str | None) -> HubAddress:
        """The address for that login, which takes the place of the one in the URL; one of them must be said."""
        who = (login or self.login or "").strip()
        if not who:
            raise Invalid(
                "The address does not say who signs in.",
                advice="Write it like postgresql://LOGIN@hub.example.org/NAME.",
            )
        return HubAddress(url=self.url, login=who)


def read_address(typed: str) -> TypedAddress:
    """Take a PostgreSQL URL apart; `Invalid` says what is wrong and never repeats it, for it may hold a password."""
    found = _URL.fullmatch(typed.strip())
    if found is None:
        raise Invalid(
            "That is not the address of a hub.",
            advice=f"{_EXAMPLE} A sign such as @ or / in a password is written as %40 or %2F.",
        )
    hosts, database = found["hosts"], found["database"] or ""
    settings = _settings(found["settings"] or "")
    said = dict(settings)
    refused = next((name for name in ("service", "passfile", "sslpassword") if name in said), None)
    if refused is not None:
        raise Invalid(f"The address of a hub cannot use “{refused}”.", advice=_EXAMPLE)
    _must_name_hosts(hosts)
    kept = [(name, value) for name, value in settings if name not in _NEVER_KEPT]
    _must_be_checked(hosts, kept)
    user, _, password = (found["who"] or "").partition(":")
    return TypedAddress(
        url=_written(hosts, database, kept),
        login=said.get("user") or unquote(user) or None,
        password=said.get("password") or unquote(password) or None,
    )


def _settings(text: str) -> list[tuple[str, str]]:
    try:
        plain = text.replace("+", "%2B")  # libpq reads a plus as a plus
        return parse_qsl(plain, keep_blank_values=True, strict_parsing=True) if plain else []
    except ValueError:
        raise Invalid("What stands after the ? of the address cannot be read.", advice=_EXAMPLE) from None


def _must_name_hosts(hosts: str) -> None:
    for each in hosts.split(","):
        found = _HOST.fullmatch(each)
        if found is None or not 0 <= int(found["port"] or 0) < 2**16:
            raise Invalid("The address names a server that cannot be one.", advice=_EXAMPLE)


def _must_be_checked(hosts: str, settings: list[tuple[str, str]]) -> None:
    """Refuses a URL that asks for a connection to another computer without checking who answers."""
    mode = dict(settings).get("sslmode", _CHECKED)
    if mode != _CHECKED and not _stays_here(hosts, settings):
        raise Invalid(
            f"The address asks for a connection that is not checked (sslmode={mode}).",
            advice="Take sslmode out of it; sslrootcert=FILE names a certificate authority of the council's own.",
        )


def _stays_here(hosts: str, settings: list[tuple[str, str]]) -> bool:
    """Whether every server named is this computer, by a loopback address or a Unix socket."""
    said = dict(settings)
    named = [found["host"].strip("[]") for each in hosts.split(",") if (found := _HOST.fullmatch(each))]
    others = said["host"].split(",") if "host" in said else []
    numbers = said["hostaddr"].split(",") if "hostaddr" in said else []
    everything = [each for each in (*map(unquote, named), *others, *numbers) if each]
    return bool(everything) and all(map(_is_this_computer, everything))


def _is_this_computer(host: str) -> bool:
    if host.startswith(("/", "@")) or host.casefold() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _parts(url: str) -> tuple[str, str, list[tuple[str, str]]]:
    found = _URL.fullmatch(url)
    if found is None:
        raise Invalid("That is not the address of a hub.", advice=_EXAMPLE)
    return found["hosts"], found["database"] or "", _settings(found["settings"] or "")


def _written(hosts: str, database: str, settings: list[tuple[str, str]]) -> str:
    after = f"?{urlencode(settings, quote_via=quote)}" if settings else ""
    return f"postgresql://{hosts}/{database}{after}"
