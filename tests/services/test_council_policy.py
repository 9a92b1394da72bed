"""What the council fixed holds in every deed, whatever the settings of a profile say."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from member_tracker import policy_file
from member_tracker.app import App, Mailboxes, build
from member_tracker.domain.errors import Invalid, NotAllowed
from member_tracker.domain.in_step import Joined
from member_tracker.domain.mailboxes import MailboxAccount, MailboxKind
from member_tracker.policy import Policy
from member_tracker.profile import HubPlace, Profile
from member_tracker.services.charters import CharterShelf
from member_tracker.services.collecting import collect
from member_tracker.services.council_policy import checked, fixed_mailbox
from member_tracker.services.hub_access import address_of
from member_tracker.services.hub_health import joined_hub
from member_tracker.services.hub_here import try_hub, typed_hub
from member_tracker.services.hub_joining import create_hub, join_hub
from member_tracker.services.locking import lock_after, set_lock_after
from member_tracker.services.mailboxes import add_mailbox
from member_tracker.services.parts import OWN_HUB
from member_tracker.services.post import post_queued
from member_tracker.services.setup import SetUp, profile_as_json, set_up
from member_tracker.store import keys
from member_tracker.store.in_step import StoreLocal
from member_tracker.sync.address import read_address

HUB = "postgresql://hub.example.org/casework"
ELSEWHERE = "postgresql://elsewhere.example.org/casework"
FIXED = Policy(
    council="South Ribble",
    hub_address=HUB,
    lease_days=3,
    tenant="example.org",
    client_id="11111111-2222-3333-4444-555555555555",
    mailbox="members@example.org",
    mailbox_kind=MailboxKind.EXCHANGE_ONLINE,
    lock_minutes=5,
    contact="the service desk",
)


@pytest.fixture(autouse=True)
def _cheap_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "_REAL_COST", keys._PRACTICE_COST)


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """A new profile on a computer where the council has fixed much."""
    made = build(Profile(folder=tmp_path / "profile"), passphrase=lambda: "some words")
    yield fixed(made, FIXED)
    made.store.close()


def fixed(app: App, policy: Policy) -> App:
    return replace(app, profile=replace(app.profile, policy=policy))


def test_another_council_or_charter_than_the_one_fixed_is_refused_and_an_unnamed_one_is_filled_in(app: App) -> None:
    with pytest.raises(NotAllowed, match="The council is set by your council: South Ribble") as refused:
        set_up(app, SetUp(council="Chorley"))
    assert "the service desk" in refused.value.advice
    app = fixed(app, replace(FIXED, charter="members-protocol"))
    with pytest.raises(NotAllowed, match="The charter is set by your council"):
        set_up(app, SetUp(council="South Ribble", charter="mp-style"))
    set_up(app, SetUp(council="south ribble"))
    said = profile_as_json(app)
    assert said["council"] == "South Ribble"
    assert said["adopted"] == ["members-protocol"]


def test_no_way_leads_to_another_hub_than_the_one_fixed(app: App) -> None:
    set_up(app, SetUp(council="South Ribble"))
    typed = read_address(ELSEWHERE)
    for deed in (
        lambda: join_hub(app, typed.as_login("vera")),
        lambda: create_hub(app, replace(typed, login="vera")),
        lambda: try_hub(app, typed_hub(ELSEWHERE, "vera", "a password")),
    ):
        with pytest.raises(NotAllowed, match="The hub is set by your council"):
            deed()
    app.profile.keep_hub(HubPlace(url=ELSEWHERE, user="vera"))
    assert address_of(app).url == HUB


def test_a_profile_for_practice_in_which_no_policy_holds_joins_no_real_hub(tmp_path: Path) -> None:
    made_up = build(Profile(folder=tmp_path / "practice"), passphrase=lambda: None, practice=True)
    set_up(made_up, SetUp(council="Chorley"))
    with pytest.raises(NotAllowed, match="a profile for practice"):
        join_hub(made_up, read_address(HUB).as_login("vera"))
    with pytest.raises(NotAllowed, match="a profile for practice"):
        create_hub(made_up, replace(read_address(HUB), login="vera"))
    made_up.store.close()


def test_a_lease_is_never_longer_than_the_one_fixed_and_a_shorter_one_stays(app: App) -> None:
    now = app.now()
    joined = Joined(
        hub_id="h", council_id="c", epoch=1, login="vera", device_id="d", lease_days=14, contact_at=now - timedelta(4)
    )
    with app.store.writing(author=None) as tx:
        tx.set_local(OWN_HUB, f"vera@{HUB}")
    StoreLocal(app.store).remember(joined)
    assert (found := joined_hub(app)) is not None
    assert found.lease_days == 3
    StoreLocal(app.store).remember(replace(joined, lease_days=2))
    assert (found := joined_hub(app)) is not None
    assert found.lease_days == 2


def test_a_mailbox_that_says_something_else_than_what_is_fixed_is_refused_before_anything_is_asked(app: App) -> None:
    own = MailboxAccount(address="mine@example.org", kind=MailboxKind.EXCHANGE_ONLINE)
    with pytest.raises(NotAllowed, match="The mailbox is set by your council"):
        add_mailbox(app, own, None)
    with pytest.raises(NotAllowed, match="The tenant is set by your council"):
        add_mailbox(app, replace(own, address="members@example.org", tenant="elsewhere"), None)
    found = fixed_mailbox(FIXED, MailboxAccount(address="members@example.org", kind=MailboxKind.EXCHANGE_SERVER))
    assert (found.kind, found.tenant) == (MailboxKind.EXCHANGE_ONLINE, "example.org")


def test_settings_written_by_hand_do_not_get_round_what_is_fixed_and_are_not_lost(app: App) -> None:
    mine = MailboxAccount(address="mine@example.org", kind=MailboxKind.EXCHANGE_ONLINE, tenant="a", client_id="b")
    ours = replace(mine, address="members@example.org")
    app.profile.keep_mailboxes((mine, ours))
    settings = app.profile.settings()
    assert [(each.address, each.tenant) for each in settings.mailboxes] == [("members@example.org", "example.org")]
    assert settings.left_out == (mine,)
    app.profile.keep_mailboxes(settings.mailboxes)
    assert replace(app.profile, policy=Policy()).settings().mailboxes[-1] == mine


def test_the_window_locks_after_the_minutes_that_are_fixed(app: App) -> None:
    assert lock_after(app) == 5
    with pytest.raises(NotAllowed, match="5 minutes"):
        set_lock_after(app, 30)
    assert set_lock_after(app, 5) == 5


def test_while_the_policy_cannot_be_used_no_mailbox_and_no_hub_is_reached_and_casework_opens(app: App) -> None:
    set_up(app, SetUp(council="South Ribble"))
    app = fixed(app, broken)
    app = replace(app, mailboxes=Mailboxes(app.profile, app.connections))
    with pytest.raises(Invalid, match="cannot be understood"):
        collect(app)
    with pytest.raises(Invalid, match="cannot be understood"):
        join_hub(app, read_address(HUB).as_login("vera"))
    with pytest.raises(Invalid, match="cannot be understood"):
        add_mailbox(app, MailboxAccount(address="a@example.org", kind=MailboxKind.EXCHANGE_SERVER), "secret")
    assert post_queued(app).sent == 0
    assert profile_as_json(app)["council"] == "South Ribble"


broken = policy_file.broken(Path("policy.toml"), "policy.toml: hub adress: this key is not known.", "Write address.")


def test_a_profile_is_opened_with_the_policy_of_its_computer_and_practice_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "policy.toml"
    place.write_text('[hub]\naddres = "typo"', encoding="utf-8")
    monkeypatch.setenv(policy_file.VARIABLE, str(place))
    own = build(Profile(folder=tmp_path / "own"), passphrase=lambda: "some words")
    with pytest.raises(Invalid, match="cannot be understood"):
        own.mailboxes()
    own.store.close()
    made_up = build(Profile(folder=tmp_path / "practice"), passphrase=lambda: None, practice=True)
    assert made_up.profile.policy == Policy()
    assert made_up.mailboxes()
    made_up.store.close()


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        (Policy(hub_address="postgresql://hub.example.org:99999/casework"), "hub address: The address names a server"),
        (Policy(council="Borchester"), "council name: No charter is known for “Borchester”"),
        (Policy(charter="no-such-set"), "council charter: There is no charter “no-such-set”"),
    ],
)
def test_a_hub_or_charter_there_cannot_be_is_a_problem_of_the_policy(policy: Policy, said: str) -> None:
    found = checked(replace(policy, file=Path("policy.toml")), CharterShelf.shipped())
    assert found.problem is not None
    assert said in found.problem.advice
    assert found.fixed == ()
