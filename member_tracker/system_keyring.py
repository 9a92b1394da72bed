"""The system's keyring: short secrets under a name, and never a long wait for an answer."""

import contextlib
import queue
import secrets
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

T = TypeVar("T")

SERVICE = "Member Tracker"
LONGEST = 1_280  # characters the keyring of Windows takes

_PROBE_SECONDS = 3.0
_UNLOCK_SECONDS = 60.0  # a person may have to unlock the keyring in a window of the desktop's own


class NoKeyring(Exception):
    """The keyring is not there, keeps nothing, or does not answer."""


def keyring_works(timeout: float | None = None) -> bool:
    """Whether the keyring keeps what it is given, tried out within `timeout` seconds (None: three)."""
    try:
        working_keyring(timeout)
    except NoKeyring:
        return False
    return True


def working_keyring(timeout: float | None = None) -> str:
    """The name of the keyring that keeps what it is given, tried out; raises `NoKeyring` that says why not."""
    name, secret = f"probe-{secrets.token_hex(8)}", secrets.token_hex(8)

    def probe(ring: "KeyringBackend") -> str:
        ring.set_password(SERVICE, name, secret)
        kept = ring.get_password(SERVICE, name) == secret
        ring.delete_password(SERVICE, name)
        if not kept:
            raise NoKeyring("it does not keep what it is given")
        return ring.name

    return _with_ring(probe, timeout or _PROBE_SECONDS)


def keep(name: str, secret: str) -> bool:
    """Put a secret into the keyring; whether it is there now."""
    if len(secret) > LONGEST:
        return False

    def put(ring: "KeyringBackend") -> bool:
        ring.set_password(SERVICE, name, secret)
        return ring.get_password(SERVICE, name) == secret

    try:
        return _with_ring(put, _UNLOCK_SECONDS)
    except NoKeyring:
        return False


def find(name: str) -> str | None:
    """The secret kept under a name, None where there is none; raises `NoKeyring` where nobody can say."""
    return _with_ring(lambda ring: ring.get_password(SERVICE, name), _UNLOCK_SECONDS)


def forget(name: str) -> None:
    """Take a secret out of the keyring, if it is there."""

    def take(ring: "KeyringBackend") -> None:
        if ring.get_password(SERVICE, name) is not None:
            ring.delete_password(SERVICE, name)

    with contextlib.suppress(NoKeyring):
        _with_ring(take, _UNLOCK_SECONDS)


def _with_ring(deed: "Callable[[KeyringBackend], T]", seconds: float) -> T:
    """What the deed gives; a keyring without a desktop may wait for ever, so it is not waited for."""
    results: queue.SimpleQueue[tuple[T] | str] = queue.SimpleQueue()

    def run() -> None:
        try:
            results.put((deed(_ring()),))
        except Exception as error:  # noqa: BLE001 - each keyring has errors of its own; all mean it does not work
            results.put(str(error) if isinstance(error, NoKeyring) else type(error).__name__)

    threading.Thread(target=run, name="keyring", daemon=True).start()
    try:
        result = results.get(timeout=seconds)
    except queue.Empty:
        result = "no answer"
    if isinstance(result, str):
        raise NoKeyring(result)
    return result[0]


def _ring() -> "KeyringBackend":
    """The system's keyring; raises `NoKeyring` where there is only one that keeps nothing or keeps it readable."""
    import keyring
    from keyring.backends.chainer import ChainerBackend

    chosen = keyring.get_keyring()
    candidates = chosen.backends if isinstance(chosen, ChainerBackend) else [chosen]
    for ring in candidates:
        if not type(ring).__module__.startswith(("keyrings.alt", "keyring.backends.null", "keyring.backends.fail")):
            return ring
    raise NoKeyring("none that keeps secrets")
