"""The policy file, which only administrators can write: what a council's IT fixed for every profile of a computer.

It lies where the system keeps such things, and is only read. Nothing a user may set can put another in its place: the
variable MEMBER_TRACKER_POLICY, for trying a file out, counts only where the system has none. A file that cannot be used
is never passed over: it becomes `Policy.problem`, and whatever it might have fixed is refused until it is put right.
"""

import os
import re
import stat
import sys
from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from member_tracker.domain.errors import Invalid
from member_tracker.domain.mailboxes import MailboxKind, SignInWay
from member_tracker.domain.settings_table import BadFile, SettingsTable, read_settings
from member_tracker.policy import LONGEST_LEASE, MOST_MINUTES, NO_POLICY, Policy

VARIABLE = "MEMBER_TRACKER_POLICY"
FILE_NAME = "policy.toml"

_LARGEST = 64 * 1024
_LONGEST_LINE = 300
_HUB = re.compile(r"postgres(?:ql)?://[^@\s]+")
_CLIENT = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_COMMON_APPDATA = 0x23


class BrokenPolicy(Invalid):
    """A policy file that cannot be used, in words for whoever sits there; `wrong` and `what_to_do` are for IT."""

    def __init__(self, wrong: str, what_to_do: str) -> None:
        super().__init__(
            "What your council fixed on this computer cannot be understood, so no mailbox and no hub is reached.",
            advice=f"Your casework is as it was. Show this to your council’s IT team: {wrong} {what_to_do}",
        )
        self.wrong = wrong
        self.what_to_do = what_to_do


def read_policy() -> Policy:
    """The policy of this computer; one that cannot be used says so in `problem`."""
    place = system_place()
    if _is_there(place):
        return _read(place, must_be_guarded=True)
    tried_out = os.environ.get(VARIABLE)
    return _read(Path(tried_out), must_be_guarded=False) if tried_out else NO_POLICY


def read_policy_file(file: Path) -> Policy:
    """What a file would fix, wherever it lies and whoever may write it; in `problem` why it cannot be used."""
    return _read(file, must_be_guarded=False)


def system_place() -> Path:
    """Where the policy of this computer lies, whatever a user's environment says."""
    if sys.platform == "win32":
        return _program_data() / "MemberTracker" / FILE_NAME
    if sys.platform == "darwin":
        return Path("/Library/Application Support/Member Tracker") / FILE_NAME
    return Path("/etc/member-tracker") / FILE_NAME


def policy_from(file: str, text: str) -> Policy:
    """What the text of a policy file fixes; raises `BadFile` naming the key for what cannot be understood."""
    whole = read_settings(file, text)
    council, hub, exchange, mailbox, updates, lock = (
        whole.table(name) or SettingsTable(file, {}, name)
        for name in ("council", "hub", "exchange", "mailbox", "updates", "lock")
    )
    policy = Policy(
        council=_line(council, "name"),
        charter=_line(council, "charter"),
        contact=_line(council, "contact"),
        hub_address=_matching(hub, "address", _HUB, 'Write it as "postgresql://hub.example.org/casework", no user.'),
        lease_days=_count(hub, "lease_days", LONGEST_LEASE),
        tenant=_word(exchange, "tenant"),
        client_id=_matching(exchange, "client_id", _CLIENT, "It is the application id: 32 digits in five groups."),
        authority=_safe(exchange, "authority"),
        mailbox=_matching(mailbox, "address", re.compile(r"[^@\s]+@[^@\s]+"), 'Write it as "members@example.org".'),
        mailbox_kind=_kind(mailbox),
        server=_safe(mailbox, "server"),
        sign_in=_way(mailbox),
        ca_file=_line(mailbox, "ca_file"),
        updates_address=_without_question(updates, "address"),
        lock_minutes=_count(lock, "minutes", MOST_MINUTES),
    )
    for table in (council, hub, exchange, mailbox, updates, lock, whole):
        table.finish()
    return policy


def safe_address(address: str) -> bool:
    """Whether nobody can read along or answer in its place: https, or this computer itself, and no name in it."""
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return False
    if not host or "@" in parts.netloc or any(sign.isspace() for sign in address):
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_this_computer(host))


# --- the file ---------------------------------------------------------------------------------------------------------


def _is_there(place: Path) -> bool:
    """Whether there is a file, be it one that may not even be looked at."""
    try:
        place.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True


def _read(file: Path, *, must_be_guarded: bool) -> Policy:
    try:
        if must_be_guarded:
            _must_be_guarded(file)
        return replace(policy_from(str(file), _text_of(file)), file=file)
    except BadFile as wrong:
        return broken(file, wrong.title, wrong.advice)
    except UnicodeDecodeError:
        return broken(file, f"{file}: it is not written in UTF-8.", "Save it again as UTF-8.")
    except OSError as error:
        advice = "Let everybody read it, and nobody but administrators write it."
        return broken(file, f"{file}: it cannot be read ({error.strerror}).", advice)


def _text_of(file: Path) -> str:
    with file.open("rb") as opened:
        content = opened.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        raise BadFile(str(file), "", "it is far too long for a policy.", advice="Write only what is to be fixed.")
    return content.decode("utf-8-sig")


def broken(file: Path | None, wrong: str, advice: str) -> Policy:
    """A policy that cannot be used, and in its problem what is wrong with it."""
    return Policy(file=file, problem=BrokenPolicy(wrong, advice))


def _must_be_guarded(file: Path) -> None:
    """Refuses a policy that others than the system's administrator could have written."""
    if sys.platform == "win32":
        return  # the rights of the folder are set when the program is installed
    for place in (file, file.parent):
        found = place.stat()
        if found.st_uid != 0 or found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            raise BadFile(
                str(file),
                "",
                f"others than the administrator may write to {place}.",
                advice=f"Make it root’s alone to write: chown root {place}, and chmod go-w {place}.",
            )


def _program_data() -> Path:
    """The folder for programs' data on Windows, asked of the system: a variable could be anybody's."""
    if sys.platform == "win32":
        import ctypes

        found = ctypes.create_unicode_buffer(1024)
        if not ctypes.windll.shell32.SHGetFolderPathW(None, _COMMON_APPDATA, None, 0, found):
            return Path(found.value)
    return Path("C:/ProgramData")


# --- its values -------------------------------------------------------------------------------------------------------


def _line(table: SettingsTable, key: str) -> str:
    """A line of text; an empty one fixes nothing."""
    said = table.text(key, "").strip()
    if not said.isprintable() or len(said) > _LONGEST_LINE:
        raise table.bad(
            key, "it is not one line of text.", f"Write it on one line, shorter than {_LONGEST_LINE} signs."
        )
    return said


def _word(table: SettingsTable, key: str) -> str:
    said = _line(table, key)
    if any(sign.isspace() for sign in said):
        raise table.bad(key, f"“{said}” has a space in it.", "Write it without.")
    return said


def _matching(table: SettingsTable, key: str, pattern: re.Pattern[str], advice: str) -> str:
    said = _line(table, key)
    if said and not pattern.fullmatch(said):
        raise table.bad(key, f"“{said}” will not do.", advice)
    return said


def _safe(table: SettingsTable, key: str) -> str:
    said = _line(table, key)
    if said and not safe_address(said):
        raise table.bad(key, f"“{said}” is not a safe address.", "It begins with https:// and names no user.")
    return said


def _without_question(table: SettingsTable, key: str) -> str:
    """A safe address that carries nothing but itself."""
    said = _safe(table, key)
    if "?" in said or "#" in said:
        raise table.bad(key, f"“{said}” says more than where.", "Take out what follows the ? or #.")
    return said


def _kind(table: SettingsTable) -> MailboxKind | None:
    if not _line(table, "kind"):
        return None
    found = table.word("kind", MailboxKind)
    if found is MailboxKind.FOLDER:
        raise table.bad("kind", "“folder” is no mail server.", "Write exchange_server or exchange_online.")
    return found


def _way(table: SettingsTable) -> SignInWay | None:
    if not _line(table, "sign_in"):
        return None
    found = table.word("sign_in", SignInWay)
    if found is SignInWay.MICROSOFT:
        raise table.bad("sign_in", "“microsoft” goes without saying.", "Write ntlm, kerberos or basic.")
    return found


def _count(table: SettingsTable, key: str, most: int) -> int | None:
    said = table.whole(key, 1, least=1, most=most)  # asked for in any case, so that it is known
    return said if table.has(key) else None


def _is_this_computer(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
