"""A few bytes sealed under a passphrase: scrypt makes the key, AES-GCM seals and shows whether anything was changed."""

import base64
import hashlib
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

SALT_BYTES = 16
NONCE_BYTES = 12
MOST_MEMORY = 2**30


class WrongPassphrase(Exception):
    """The passphrase is another one, or what was sealed has been changed."""


class Unreadable(Exception):
    """What should be sealed bytes is something else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """How much work turning a passphrase into a key is (scrypt: n, r and p)."""

    n: int
    r: int
    p: int

    @property
    def memory(self) -> int:
        """Bytes of memory it takes, with room to spare."""
        return 130 * self.n * self.r + 256 * self.r * self.p + 2**20

    @property
    def bearable(self) -> bool:
        """Whether a laptop can do it: a damaged file may ask for any amount."""
        power_of_two = self.n > 1 and self.n & (self.n - 1) == 0
        return power_of_two and self.r >= 1 and 1 <= self.p <= 16 and self.memory <= MOST_MEMORY


# What is carried about may be tried for years: 128 MiB and about half a second for each attempt.
USUAL_COST = Cost(n=2**17, r=8, p=1)


def seal(secret: bytes, passphrase: str, *, bound_to: bytes, cost: Cost = USUAL_COST) -> dict[str, object]:
    """The secret sealed, as JSON; `bound_to` stands beside it in the open and must be the same to unseal it."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    salt, nonce = secrets.token_bytes(SALT_BYTES), secrets.token_bytes(NONCE_BYTES)
    sealed = AESGCM(_stretched(passphrase, salt, cost)).encrypt(nonce, secret, bound_to)
    return {
        "scrypt": {"n": cost.n, "r": cost.r, "p": cost.p},
        **{name: base64.b64encode(each).decode() for name, each in _named(salt, nonce, sealed).items()},
    }


def unseal(said: object, passphrase: str, *, bound_to: bytes) -> bytes:
    """What was sealed; raises `WrongPassphrase`, or `Unreadable` for what was never sealed."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    if not isinstance(said, Mapping):
        raise Unreadable
    salt, nonce, sealed = (_bytes(said.get(name)) for name in ("salt", "nonce", "sealed"))
    if len(nonce) != NONCE_BYTES:
        raise Unreadable
    try:
        return AESGCM(_stretched(passphrase, salt, _cost(said.get("scrypt")))).decrypt(nonce, sealed, bound_to)
    except InvalidTag:
        raise WrongPassphrase from None


def _named(salt: bytes, nonce: bytes, sealed: bytes) -> dict[str, bytes]:
    return {"salt": salt, "nonce": nonce, "sealed": sealed}


def _stretched(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    typed = unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass")
    return hashlib.scrypt(typed, salt=salt, n=cost.n, r=cost.r, p=cost.p, maxmem=cost.memory, dklen=32)


def _cost(said: object) -> Cost:
    if not isinstance(said, Mapping):
        raise Unreadable
    n, r, p = (said.get(name) for name in ("n", "r", "p"))
    if not (isinstance(n, int) and isinstance(r, int) and isinstance(p, int)):
        raise Unreadable
    cost = Cost(n=n, r=r, p=p)
    if not cost.bearable:
        raise Unreadable
    return cost


def _bytes(said: object) -> bytes:
    if not isinstance(said, str):
        raise Unreadable
    try:
        return base64.b64decode(said, validate=True)
    except ValueError:
        raise Unreadable from None
