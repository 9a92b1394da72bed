"""The policy file: what it may fix, what it says where it cannot be understood, and that no user can move it."""

import sys
from pathlib import Path

import pytest

from member_tracker import policy_file
from member_tracker.domain.errors import Invalid
from member_tracker.domain.mailboxes import MailboxAccount, MailboxKind, SignInWay
from member_tracker.domain.settings_table import BadFile
from member_tracker.policy import NO_POLICY, Policy
from member_tracker.policy_file import VARIABLE, policy_from, read_policy, read_policy_file, safe_address

WHOLE = """
[council]
name = "Chorley"
charter = "members-protocol"
contact = "the IT service desk, 01632 960123"

[hub]
address = "postgresql://hub.example.org/casework"
lease_days = 7

[exchange]
tenant = "example.org"
client_id = "11111111-2222-3333-4444-555555555555"

[mailbox]
address = "members@example.org"
kind = "exchange_online"

[updates]
address = "https://it.example.org/member-tracker.json"

[lock]
minutes = 10
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The system's place for the policy, empty, guarded as it should be."""
    found = tmp_path / "system" / "policy.toml"
    found.parent.mkdir()
    monkeypatch.setattr(policy_file, "system_place", lambda: found)
    monkeypatch.setattr(policy_file, "_must_be_guarded", lambda _file: None)
    monkeypatch.delenv(VARIABLE, raising=False)
    return found


def test_everything_a_policy_fixes_is_read_and_listed_in_the_order_of_the_file() -> None:
    found = policy_from("policy.toml", WHOLE)
    assert found.hub_address == "postgresql://hub.example.org/casework"
    assert (found.lease_days, found.lock_minutes, found.mailbox_kind) == (7, 10, MailboxKind.EXCHANGE_ONLINE)
    assert [each.key for each in found.fixed] == [
        "council name",
        "council charter",
        "council contact",
        "hub address",
        "hub lease_days",
        "exchange tenant",
        "exchange client_id",
        "mailbox address",
        "mailbox kind",
        "updates address",
        "lock minutes",
    ]


def test_no_file_and_an_empty_text_fix_nothing(place: Path) -> None:
    assert read_policy() == NO_POLICY
    place.write_text('[hub]\naddress=""\n[mailbox]\nkind=""\n', encoding="utf-8")
    assert read_policy() == Policy(file=place)
    assert read_policy().fixed == ()


def test_the_keys_of_a_windows_ini_file_with_a_byte_order_mark_are_understood(place: Path) -> None:
    place.write_bytes(b'\xef\xbb\xbf[exchange]\r\ntenant="example.org"\r\n[hub]\r\nlease_days=7\r\n')
    assert (read_policy().tenant, read_policy().lease_days) == ("example.org", 7)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[hub]\nadress = "postgresql://hub.example.org/casework"', "hub adress: this key is not known"),
        ("[hubs]\n", "hubs: this key is not known"),
        ("hub = 3", "hub: “3” is not a table"),
        ('[hub]\naddress = "https://hub.example.org"', "hub address: “https://hub.example.org” will not do"),
        ('[hub]\naddress = "postgresql://vera@hub.example.org/casework"', "will not do"),
        ("[hub]\nlease_days = 0", "hub lease_days: “0” will not do"),
        ('[hub]\nlease_days = "14"', "hub lease_days: “14” will not do"),
        ('[exchange]\nclient_id = "example"', "exchange client_id: “example” will not do"),
        ('[exchange]\ntenant = "two words"', "exchange tenant: “two words” has a space in it"),
        ('[mailbox]\naddress = "members"', "mailbox address: “members” will not do"),
        ('[mailbox]\nkind = "folder"', "mailbox kind: “folder” is no mail server"),
        ('[mailbox]\nkind = "imap"', "mailbox kind: “imap” is not one of the words known here"),
        ('[mailbox]\nsign_in = "microsoft"', "mailbox sign_in: “microsoft” goes without saying"),
        ('[mailbox]\nserver = "http://mail.example.org/"', "is not a safe address"),
        ('[updates]\naddress = "http://it.example.org/new.json"', "is not a safe address"),
        ('[updates]\naddress = "https://it.example.org/new.json?who=me"', "says more than where"),
        ('[council]\nname = "Chorley\\nSouth"', "council name: it is not one line of text"),
        ("[lock]\nminutes = true", "lock minutes: “True” will not do"),
        ("[hub", "it cannot be read"),
    ],
)
def test_what_cannot_be_understood_is_named_with_its_key(text: str, said: str) -> None:
    with pytest.raises(BadFile) as refused:
        policy_from("policy.toml", text)
    assert said in refused.value.title
    assert refused.value.title.startswith("policy.toml: ")
    assert refused.value.advice


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'[hub]\naddres = "postgresql://hub.example.org/casework"', "Write address instead"),
        (b"[council]\nname = '\xff'", "UTF-8"),
        (b"#" * 70_000, "far too long"),
    ],
)
def test_a_broken_policy_is_a_problem_and_never_no_policy(place: Path, content: bytes, said: str) -> None:
    place.write_bytes(content)
    found = read_policy()
    assert found.file == place
    assert found.fixed == ()
    with pytest.raises(Invalid) as refused:
        found.must_be_whole()
    assert said in refused.value.advice
    assert "IT team" in refused.value.advice
    assert read_policy_file(place).problem is not None


def test_a_policy_that_may_not_be_read_is_a_problem_and_never_no_policy(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> object:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "stat", refused)
    monkeypatch.setattr(Path, "open", refused)
    assert "cannot be read (Permission denied)" in str(read_policy().problem)


def test_a_users_environment_puts_nothing_in_the_place_of_the_councils_policy(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[council]\nname = "Elsewhere"\n', encoding="utf-8")
    monkeypatch.setenv(VARIABLE, str(own))
    assert read_policy().council == "Elsewhere"
    place.write_text(WHOLE, encoding="utf-8")
    assert read_policy().council == "Chorley"
    place.write_text("[", encoding="utf-8")
    assert read_policy().problem is not None


def test_the_place_of_the_policy_is_none_a_user_could_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before = policy_file.system_place()
    for name in ("HOME", "XDG_CONFIG_DIRS", "XDG_DATA_DIRS", "ProgramData", "ALLUSERSPROFILE"):
        monkeypatch.setenv(name, str(tmp_path))
    assert policy_file.system_place() == before


@pytest.mark.skipif(sys.platform == "win32", reason="rights are others there")
def test_a_policy_that_others_may_write_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = tmp_path / "policy.toml"
    found.write_text(WHOLE, encoding="utf-8")
    tmp_path.chmod(0o755)
    found.chmod(0o666)
    monkeypatch.setattr(policy_file, "system_place", lambda: found)
    assert "others than the administrator may write" in str(read_policy().problem)
    if found.stat().st_uid == 0:
        found.chmod(0o644)
        assert read_policy().problem is None
        tmp_path.chmod(0o777)
        assert "others than the administrator may write" in str(read_policy().problem)


def test_what_is_fixed_takes_the_place_of_what_a_mailbox_says_by_its_kind() -> None:
    fixed = policy_from("policy.toml", WHOLE)
    own = MailboxAccount(address="members@example.org", kind=MailboxKind.EXCHANGE_SERVER, url="https://a.example.org/")
    found = fixed.on_mailbox(own)
    assert found.kind is MailboxKind.EXCHANGE_ONLINE
    assert (found.tenant, found.client_id) == ("example.org", "11111111-2222-3333-4444-555555555555")
    server = Policy(server="https://mail.example.org/EWS/Exchange.asmx", sign_in=SignInWay.KERBEROS)
    found = server.on_mailbox(own)
    assert (found.url, found.sign_in, found.tenant) == (server.server, SignInWay.KERBEROS, "")
    folder = MailboxAccount(address="members@example.org", kind=MailboxKind.FOLDER)
    assert fixed.on_mailbox(folder) == folder
    assert fixed.allows_mailbox("Members@Example.org")
    assert not fixed.allows_mailbox("mine@example.org")


@pytest.mark.parametrize(
    ("address", "is_safe"),
    [
        ("https://it.example.org/new.json", True),
        ("http://127.0.0.1:8080/new.json", True),
        ("http://[::1]/new.json", True),
        ("http://localhost/new.json", True),
        ("http://it.example.org/new.json", False),
        ("https://vera@it.example.org/", False),
        ("https://", False),
        ("ftp://it.example.org/", False),
        ("https://[it.example.org/", False),
        ("https://it.example.org/a b", False),
    ],
)
def test_an_address_is_safe_where_nobody_can_read_along(address: str, is_safe: bool) -> None:
    assert safe_address(address) is is_safe
