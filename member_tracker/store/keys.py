"""The key of the local file: kept in the system's keyring, or wrapped by a passphrase; never in a file as it is."""

import base64
import contextlib
import hashlib
import json
import os
import secrets
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from member_tracker.domain.errors import Invalid, NotAllowed, TrackerError, Unavailable
from member_tracker.domain.vocabulary import Word
from member_tracker.store.files import make_folder
from member_tracker.system_keyring import SERVICE, NoKeyring, find, forget, keep, keyring_works

KEY_FILE = "key.json"
KEY_BYTES = 32
PRACTICE_WORD = "practice"
VARIABLE = "MEMBER_TRACKER_PASSPHRASE"


class KeyKind(Word):
    """Where the key of a profile is kept."""

    KEYRING = "keyring"
    PASSPHRASE = "passphrase"  # noqa: S105 - a kind, no secret
    PRACTICE = "practice"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cost:
    """How much work turning a passphrase into a key is (scrypt: n, r and p)."""

    n: int
    r: int
    p: int

    @property
    def bearable(self) -> bool:
        """Whether a laptop can do it: a damaged file may ask for any amount of memory."""
        power_of_two = self.n > 1 and self.n & (self.n - 1) == 0
        return power_of_two and self.n <= 2**20 and 1 <= self.r <= 32 and 1 <= self.p <= 16


_REAL_COST = _Cost(n=2**15, r=8, p=3)
_PRACTICE_COST = _Cost(n=2**10, r=8, p=1)


def make_key(folder: Path, *, passphrase: str | None, practice: bool = False) -> bytes:
    """A new key of 32 bytes for the profile in `folder`: wrapped when a passphrase is given, else in the keyring."""
    make_folder(folder)
    if has_key(folder):
        raise NotAllowed("This profile already has a key.", advice="Open the profile, or choose an empty folder.")
    key = secrets.token_bytes(KEY_BYTES)
    if practice:
        _put_new(folder / KEY_FILE, _wrapped(KeyKind.PRACTICE, key, PRACTICE_WORD, _PRACTICE_COST))
    elif passphrase is not None:
        _put_new(folder / KEY_FILE, _wrapped(KeyKind.PASSPHRASE, key, _usable(passphrase), _REAL_COST))
    else:
        _put_new(folder / KEY_FILE, _kept_in_keyring(key))
    return key


def find_key(folder: Path, *, ask: Callable[[], str | None]) -> bytes:
    """The key of an existing profile; `ask` gives the passphrase where one is needed, None if nobody can be asked."""
    found = _read(folder)
    match _kind_of(found):
        case KeyKind.KEYRING:
            return _from_keyring(_text(found, "id"))
        case KeyKind.PRACTICE:
            return _unwrapped(found, PRACTICE_WORD)
        case KeyKind.PASSPHRASE:
            passphrase = ask()
            if passphrase is None:
                raise Unavailable(
                    "This profile is locked with a passphrase.",
                    advice=f"Type it when asked, or set {VARIABLE} before starting the program.",
                )
            return _unwrapped(found, passphrase)


def has_key(folder: Path) -> bool:
    """Whether the profile in `folder` has a key."""
    return (folder / KEY_FILE).exists()


def forget_key(folder: Path) -> None:
    """Take the key of the profile in `folder` out of the keyring, where it is kept there: nobody can read it then."""
    with contextlib.suppress(TrackerError):
        found = _read(folder)
        if _kind_of(found) is KeyKind.KEYRING:
            forget(_text(found, "id"))


def key_kind(folder: Path) -> KeyKind:
    """Where the key of the profile in `folder` is kept."""
    return _kind_of(_read(folder))


# --- the keyring ------------------------------------------------------------------------------------------------------


def _kept_in_keyring(key: bytes) -> dict[str, object]:
    """Puts `key` in the keyring and gives what the key file says about it."""
    no_keyring = Unavailable(
        "There is no keyring on this computer that can keep the key of your file.",
        advice=f"Choose a passphrase instead: type it when asked, or set {VARIABLE}.",
    )
    name = secrets.token_hex(16)
    if not keyring_works() or not keep(name, key.hex()):
        raise no_keyring
    return {"kind": KeyKind.KEYRING.value, "id": name}


def _from_keyring(name: str) -> bytes:
    try:
        kept = find(name)
    except NoKeyring as error:
        raise Unavailable(
            "The keyring cannot be used.", advice=f"Unlock it and try again, or use a passphrase ({VARIABLE})."
        ) from error
    if kept is None:
        raise Unavailable(
            "The key of this profile is not in the keyring.",
            advice="Unlock the keyring and sign in as the person who set the profile up, then try again.",
        )
    key = _bytes_of_hex(kept)
    if len(key) != KEY_BYTES:
        raise Invalid(
            "The key of this profile in the keyring is damaged.",
            advice=f"Restore the entry “{SERVICE}” of the keyring from a back-up.",
        )
    return key


# --- the wrapped key --------------------------------------------------------------------------------------------------


def _usable(passphrase: str) -> str:
    if not passphrase.strip():
        raise Invalid("The passphrase is empty.", advice="Choose one of several words that you can remember.")
    return passphrase


def _wrapped(kind: KeyKind, key: bytes, passphrase: str, cost: _Cost) -> dict[str, object]:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    sealed = AESGCM(_stretched(passphrase, salt, cost)).encrypt(nonce, key, kind.value.encode())
    return {
        "kind": kind.value,
        "scrypt": {"n": cost.n, "r": cost.r, "p": cost.p},
        "salt": base64.b64encode(salt).decode(),
        "nonce": base64.b64encode(nonce).decode(),
        "sealed": base64.b64encode(sealed).decode(),
    }


def _unwrapped(found: Mapping[str, object], passphrase: str) -> bytes:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    salt, nonce, sealed = (_base64(found, name) for name in ("salt", "nonce", "sealed"))
    wrapping = AESGCM(_stretched(passphrase, salt, _cost(found)))
    try:
        return wrapping.decrypt(nonce, sealed, _text(found, "kind").encode())
    except InvalidTag:
        raise Invalid(
            "That is not the passphrase of this profile.",
            advice="Type it again; capital letters count. Nobody can recover a forgotten passphrase.",
        ) from None


def _stretched(passphrase: str, salt: bytes, cost: _Cost) -> bytes:
    typed = unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass")
    memory = 130 * cost.n * cost.r + 256 * cost.r * cost.p + 2**20
    return hashlib.scrypt(typed, salt=salt, n=cost.n, r=cost.r, p=cost.p, maxmem=memory, dklen=KEY_BYTES)


# --- the key file -----------------------------------------------------------------------------------------------------


def _read(folder: Path) -> Mapping[str, object]:
    """What the key file says, its digest checked so that damage is not mistaken for a wrong passphrase."""
    path = folder / KEY_FILE
    try:
        found = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise Unavailable(
            "This profile has no key.", advice=f"Restore {KEY_FILE} from a back-up, or set up a new profile."
        ) from None
    except OSError as error:
        raise Unavailable("The key file cannot be read.", advice=f"Check your rights to {path}.") from error
    except ValueError:
        raise _damaged() from None
    if not isinstance(found, dict) or found.pop("digest", None) != _digest(found):
        raise _damaged()
    return found


def _put_new(path: Path, said: dict[str, object]) -> None:
    """Writes the key file whole or not at all, readable by its owner only, and never over another."""
    said = {**said, "digest": _digest(said)}
    beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(said, file, indent=2)
            file.flush()
            os.fsync(file.fileno())
        _move_into_place(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def _move_into_place(beside: Path, path: Path) -> None:
    try:
        if os.name == "nt":
            beside.rename(path)
            return
        os.link(beside, path)
    except FileExistsError:
        raise NotAllowed("This profile already has a key.", advice="Open the profile as it is.") from None
    except OSError:
        # Some file systems have no links; the check for an existing key has been made just before.
        beside.replace(path)
    with contextlib.suppress(OSError):
        directory = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)


def _digest(said: Mapping[str, object]) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _damaged() -> Invalid:
    return Invalid(
        f"The key file ({KEY_FILE}) is damaged.",
        advice="Restore it from a back-up; without it nobody can read the profile's file.",
    )


def _kind_of(found: Mapping[str, object]) -> KeyKind:
    try:
        return KeyKind(_text(found, "kind"))
    except ValueError:
        raise _damaged() from None


def _cost(found: Mapping[str, object]) -> _Cost:
    said = found.get("scrypt")
    if not isinstance(said, dict) or not all(isinstance(said.get(name), int) for name in ("n", "r", "p")):
        raise _damaged()
    cost = _Cost(n=said["n"], r=said["r"], p=said["p"])
    if not cost.bearable:
        raise _damaged()
    return cost


def _text(found: Mapping[str, object], name: str) -> str:
    value = found.get(name)
    if not isinstance(value, str):
        raise _damaged()
    return value


def _base64(found: Mapping[str, object], name: str) -> bytes:
    try:
        return base64.b64decode(_text(found, name), validate=True)
    except ValueError:
        raise _damaged() from None


def _bytes_of_hex(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""
