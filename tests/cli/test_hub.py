"""The hub from the command line, on a real PostgreSQL: made, joined, worked offline, fallen into step, sorted out."""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from keyring.backends.fail import Keyring as NoKeyring

from tests.fakes.hub_laptops import CHOSEN, Laptop, Town, town, use_keyring
from tests.sync.postgres_server import TestServer

VERA = ("--role", "councillor", "--councillor", "Cllr Vera Quill")


@pytest.fixture
def place(
    pg_server: TestServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Town]:
    """An empty database."""
    with town(pg_server, tmp_path, monkeypatch, capsys) as found:
        yield found


@pytest.fixture
def chorley(place: Town) -> Town:
    """A hub of Chorley."""
    place.create()
    return place


def shown(laptop: Laptop, reference: str) -> dict[str, object]:
    return laptop.get("show", reference)


# --- making and joining -----------------------------------------------------------------------------------------------


def test_creating_a_hub_publishes_the_profile_and_makes_it_the_first_administrator(place: Town) -> None:
    place.boss.get(
        "setup", "--council", "Chorley", "--me", "Ada Clerk", "--role", "officer", "--charter", "members-protocol"
    )
    made = place.create()
    assert (made["council"], made["me"], made["role"], made["in_step"]) == (
        "Chorley",
        "Ada Clerk",
        "administrator",
        True,
    )
    assert made["pushed"] == made["pulled"]
    assert place.boss.rows("hub", "users")[0]["person"] == "Ada Clerk"
    vera = place.joined("vera", *VERA)
    areas = place.boss.rows("service-area", "list")
    assert len(areas) == 8
    assert vera.rows("service-area", "list") == areas


def test_creating_on_an_empty_profile_does_setup_first_and_says_so(place: Town) -> None:
    said = place.boss.run("hub", "create", place.owner_url)
    assert said.code == 0
    assert "Chorley" in said.err
    again = place.boss.run("hub", "create", place.owner_url)
    assert again.code == 0, again.err


def test_one_password_in_the_environment_is_enough_where_there_is_no_keyring(
    place: Town,
) -> None:
    use_keyring(NoKeyring)
    owner = urlsplit(place.owner_url)
    place.boss.password = owner.password or ""
    place.boss.get("hub", "create", place.url.replace("nobody", owner.username or ""))
    place.boss.get("hub", "add-user", place.login("vera"), *VERA)
    vera = place.make("vera")
    vera.password = place.boss.password
    assert vera.get("hub", "join", place.owner_url, "--user", place.login("vera"))["me"] == "Cllr Vera Quill"
    vera.log()
    assert vera.get("sync")["pushed"] == 3
    vera.password = ""
    said = vera.run("sync")
    assert said.code == 2
    assert "password" in said.err


def test_a_councillor_named_and_not_known_is_added_and_councillors_then_come_from_the_hub_only(chorley: Town) -> None:
    vera = chorley.joined("vera", *VERA)
    assert vera.get("setup", "--council", "Chorley")["councillors"] == ["Cllr Vera Quill"]
    said = vera.run("log", "--councillor", "Cllr Nobody Yet", "--resident", "X", "--channel", "email",
                    "--service-area", "housing", "--subject", "S", "--text", "T")  # fmt: skip
    assert said.code == 2
    assert "Cllr Vera Quill" in said.err
    chorley.add_user("tom", "--role", "councillor", "--councillor", "Cllr Tom Ashworth")
    vera.get("sync")
    assert vera.get("setup", "--council", "Chorley")["councillors"] == ["Cllr Tom Ashworth", "Cllr Vera Quill"]


def test_a_profile_with_casework_of_its_own_is_not_joined_and_keeps_it(chorley: Town) -> None:
    chorley.add_user("vera", *VERA)
    laptop = chorley.make("old")
    reference = laptop.log()
    laptop.password = CHOSEN
    said = laptop.run("hub", "join", chorley.url, "--user", chorley.login("vera"))
    assert said.code == 2
    assert "casework of its own" in said.err
    assert [row["reference"] for row in laptop.rows("list")] == [reference]
    assert laptop.run("sync").code == 2


def test_a_profile_that_was_only_set_up_joins_and_takes_its_people_from_the_hub(chorley: Town) -> None:
    chorley.add_user("vera", *VERA)
    laptop = chorley.make("new")
    laptop.get("setup", "--council", "Chorley", "--councillor", "Cllr Somebody Else")
    laptop.password = CHOSEN
    assert laptop.get("hub", "join", chorley.url, "--user", chorley.login("vera"))["pushed"] == 0
    assert laptop.get("setup", "--council", "Chorley")["councillors"] == ["Cllr Vera Quill"]


def test_a_profile_is_one_users_and_one_hubs(chorley: Town) -> None:
    vera = chorley.joined("vera", *VERA)
    chorley.add_user("olga", "--role", "officer")
    vera.password = CHOSEN
    said = vera.run("hub", "join", chorley.url, "--user", chorley.login("olga"))
    assert said.code == 2
    assert "vera" in said.err
    assert "--profile" in said.err
    assert vera.get("hub", "join", chorley.url, "--user", chorley.login("vera"))["in_step"] is True


def test_two_laptops_of_one_person_have_references_of_their_own(chorley: Town) -> None:
    one = chorley.joined("vera", *VERA)
    two = chorley.join("vera", "her other one")
    references = [laptop.log() for laptop in (one, two, one, two)]
    for laptop in (one, two, one):
        assert laptop.get("sync")["denied"] == 0
    assert len(set(references)) == 4
    for laptop in (one, two):
        assert {str(row["reference"]) for row in laptop.rows("list")} == set(references)
    assert all(reference[4] in "0123456789ABCDEF" for reference in references)


# --- offline and in step ----------------------------------------------------------------------------------------------


def test_two_laptops_work_offline_and_are_equal_once_in_step(chorley: Town) -> None:
    vera = chorley.joined("vera", *VERA)
    olga = chorley.joined("olga", "--role", "officer")
    reference = vera.log()
    vera.get("sync")
    olga.get("sync")
    vera.get("edit", reference, "tags=damp", "tier=2")
    vera.get("note", reference, "She rang.")
    olga.get("edit", reference, "tags=roof")
    olga.get("send", reference)
    other = olga.log(resident="Joan Pilling", subject="A broken lamp")
    vera.get("sync")
    synced = olga.get("sync")
    assert (synced["conflicts"], synced["denied"], synced["in_step"]) == (0, 0, True)
    vera.get("sync")
    for each in (reference, other):
        assert shown(vera, each) == shown(olga, each)
    assert shown(vera, reference)["tags"] == ["damp", "roof"]
    assert vera.get("sync") == {"pushed": 0, "pulled": 0, "conflicts": 0, "denied": 0, "in_step": True}


def test_a_mail_queued_on_another_computer_is_listed_and_taken_over(chorley: Town) -> None:
    vera = chorley.joined("vera", *VERA)
    olga = chorley.joined("olga", "--role", "officer")
    reference = vera.log()
    vera.get("send", reference)
    vera.get("sync")
    olga.get("sync")
    (waiting,) = olga.rows("take-over")
    assert waiting["reference"] == reference
    olga.get("take-over", str(waiting["id"]))
    assert olga.rows("take-over") == []
    assert olga.get("post")["sent"] == 1
    vera.get("sync")
    assert vera.get("post")["sent"] == 0
    olga.get("sync")
    vera.get("sync")
    assert shown(vera, reference) == shown(olga, reference)


def clash(chorley: Town) -> tuple[Laptop, Laptop, str]:
    """Two laptops that changed one field apart; the officer came second, so hers was put aside."""
    vera = chorley.joined("vera", *VERA)
    olga = chorley.joined("olga", "--role", "officer")
    reference = vera.log()
    vera.get("sync")
    olga.get("sync")
    vera.get("edit", reference, "priority=urgent")
    olga.get("edit", reference, "priority=safeguarding")
    vera.get("sync")
    assert olga.get("sync")["conflicts"] == 1
    assert vera.get("sync")["conflicts"] == 1
    return vera, olga, reference


def test_a_clash_is_shown_to_both_with_both_values_and_settled_once(chorley: Town) -> None:
    vera, olga, reference = clash(chorley)
    rows = vera.rows("conflicts")
    assert olga.rows("conflicts") == rows
    only = rows[0]
    assert (only["reference"], only["field"], only["by"]) == (reference, "priority", chorley.login("olga"))
    assert (only["kept"], only["lost"]) == ("urgent", "safeguarding")
    assert shown(olga, reference)["priority"] == "urgent"
    assert vera.rows("settle", str(only["id"]), "lost") == []
    for laptop in (vera, olga):
        assert laptop.get("sync")["conflicts"] == 0
        assert shown(laptop, reference)["priority"] == "safeguarding"


def test_settling_is_reversed_by_undo_and_by_saying_the_other(chorley: Town) -> None:
    vera, olga, reference = clash(chorley)
    only = str(vera.rows("conflicts")[0]["id"])
    vera.rows("settle", only, "lost")
    vera.get("undo", reference)
    assert shown(vera, reference)["priority"] == "urgent"
    assert len(vera.rows("conflicts")) == 1
    vera.rows("settle", only, "kept")
    vera.rows("settle", only, "lost")
    assert shown(vera, reference)["priority"] == "safeguarding"
    vera.get("sync")
    olga.get("sync")
    assert shown(olga, reference) == shown(vera, reference)


def test_what_is_not_accepted_is_taken_back_kept_and_explained(chorley: Town) -> None:
    vera = chorley.joined("vera", *VERA)
    tom = chorley.joined("tom", "--role", "councillor", "--councillor", "Cllr Tom Ashworth")
    reference, own = vera.log(), tom.log(councillor="Cllr Tom Ashworth")
    vera.get("sync")
    chorley.boss.get("hub", "grant", chorley.login("tom"), "--councillor", "Cllr Vera Quill")
    tom.get("sync")
    tom.get("edit", reference, "tags=damp")
    chorley.boss.get("hub", "revoke", chorley.login("tom"), "--councillor", "Cllr Vera Quill")
    assert tom.get("sync")["denied"] == 2
    rows = {str(row["field"]): row for row in tom.rows("not-accepted")}
    assert rows["tags"]["value"] == "damp"
    assert "may not" in str(rows["tags"]["why"])
    left = [tom.rows("not-accepted", "--dismiss", str(row["id"])) for row in rows.values()]
    assert left[-1] == []
    assert tom.get("sync") == {"pushed": 0, "pulled": 0, "conflicts": 0, "denied": 0, "in_step": True}
    assert shown(tom, own)
    assert shown(vera, reference)["tags"] == []


def test_what_the_council_shares_is_refused_at_once_where_the_hub_lets_others_change_it(chorley: Town) -> None:
    vera = chorley.joined("vera", *VERA)
    areas = vera.rows("service-area", "list")
    refused = vera.run("service-area", "set", "Housing", "--direct-number", "01257 000000")
    assert refused.code == 2, refused.err
    assert "Service areas come from the hub, and your account may not change them." in refused.err
    assert vera.rows("service-area", "list") == areas
    assert vera.get("sync") == {"pushed": 0, "pulled": 0, "conflicts": 0, "denied": 0, "in_step": True}
    chorley.boss.rows("service-area", "set", "Housing", "--direct-number", "01257 000000")


# --- rights -----------------------------------------------------------------------------------------------------------


def test_who_sees_what(chorley: Town) -> None:
    vera = chorley.joined("vera", *VERA)
    tom = chorley.joined("tom", "--role", "councillor", "--councillor", "Cllr Tom Ashworth")
    narrow = chorley.joined("nora", "--role", "officer", "--only-councillor", "Cllr Tom Ashworth")
    support = chorley.joined("sam", "--role", "support", "--councillor", "Cllr Vera Quill")
    officer = chorley.joined("olga", "--role", "officer")
    of_vera = vera.log()
    of_tom = tom.log(councillor="Cllr Tom Ashworth")
    for laptop in (vera, tom):
        laptop.get("sync")
    both = {of_vera, of_tom}
    sees = ((vera, {of_vera}), (tom, {of_tom}), (narrow, {of_tom}), (support, {of_vera}), (officer, both))
    for laptop, expected in sees:
        laptop.get("sync")
        assert {row["reference"] for row in laptop.rows("list")} == expected, laptop.folder.name


def test_casework_is_lent_and_taken_back_and_leaves_the_laptop(chorley: Town) -> None:
    vera = chorley.joined("vera", *VERA)
    tom = chorley.joined("tom", "--role", "councillor", "--councillor", "Cllr Tom Ashworth")
    reference = vera.log(text="The bedroom wall is dripping wet.")
    vera.get("sync")
    lent = chorley.boss.get(
        "hub", "grant", chorley.login("tom"), "--councillor", "Cllr Vera Quill", "--until", "2999-12-31"
    )
    assert lent["councillors"] == ["Cllr Tom Ashworth", "Cllr Vera Quill"]
    tom.get("sync")
    tom.get("note", reference, "I looked in.")
    tom.get("sync")
    vera.get("sync")
    assert shown(vera, reference) == shown(tom, reference)
    chorley.boss.get("hub", "revoke", chorley.login("tom"), "--councillor", "Cllr Vera Quill")
    tom.get("sync")
    assert tom.rows("list", "--all") == []
    assert tom.rows("list", "--find", "dripping") == []
    assert vera.rows("list")


def test_a_disabled_account_locks_its_laptop_and_contact_unlocks_it(chorley: Town) -> None:
    vera = chorley.joined("vera", *VERA)
    vera.log()
    assert chorley.boss.get("hub", "disable", chorley.login("vera"))["disabled"] is True
    said = vera.run("sync")
    assert said.code == 2
    assert "disabled" in said.err
    said = vera.run("list")
    assert (said.code, said.out) == (2, "")
    assert "disabled" in said.err
    chorley.boss.get("hub", "enable", chorley.login("vera"))
    assert vera.get("sync")["pushed"] == 3
    assert vera.rows("list")


def test_only_an_administrator_looks_after_the_hub(chorley: Town) -> None:
    olga = chorley.joined("olga", "--role", "officer")
    for words in (("users",), ("status",), ("verify",), ("disable", "vera"), ("upgrade", "--restored")):
        said = olga.run("hub", *words)
        assert said.code == 2, words
        assert "administrator" in said.err
    assert chorley.boss.get("hub", "verify")["ok"] is True
    status = chorley.boss.get("hub", "status")
    assert (status["accounts"], status["conflicts"], status["epoch"]) == (2, 0, 1)
    assert chorley.boss.get("hub", "upgrade") == {"version": status["version"]}


def test_erasing_needs_agreement_and_reaches_every_laptop(chorley: Town) -> None:
    vera = chorley.joined("vera", *VERA)
    vera.log()
    vera.get("sync")
    chorley.boss.get("sync")
    assert chorley.boss.run("hub", "erase", "Ned Barlow").code == 2
    erased = chorley.boss.get("hub", "erase", "Ned Barlow", "--councillor", "cllr vera quill", "--yes")
    assert erased["records"] == 3
    assert vera.get("sync")["in_step"] is True
    assert vera.rows("list", "--all") == []
    assert chorley.boss.get("hub", "verify")["ok"] is True


# --- what goes wrong --------------------------------------------------------------------------------------------------


def test_a_wrong_password_an_unreachable_hub_and_a_database_without_one_have_words(
    chorley: Town, pg_server: TestServer
) -> None:
    laptop = chorley.make("laptop")
    laptop.password = "not the password"
    wrong = laptop.run("hub", "join", chorley.url, "--user", chorley.login("vera"))
    away = laptop.run("hub", "join", "postgresql://127.0.0.1:9/x", "--user", chorley.login("vera"))
    laptop.password = urlsplit(chorley.owner_url).password or ""
    empty = laptop.run("hub", "join", pg_server.url("postgres"), "--user", urlsplit(chorley.owner_url).username or "")
    for said, word in ((wrong, "password"), (away, "reached"), (empty, "no hub")):
        assert (said.code, said.out) == (2, "")
        assert word in said.err
        assert len(said.err.strip().splitlines()) == 2
    assert laptop.run("sync").code == 2


def test_a_hub_that_cannot_be_reached_leaves_the_outbox_as_it_was(chorley: Town) -> None:
    vera = chorley.joined("vera", *VERA)
    reference = vera.log()
    settings = vera.folder / "settings.toml"
    there = settings.read_text()
    settings.write_text(there.replace(f":{urlsplit(chorley.url).port}/", ":9/"))
    vera.password = CHOSEN
    said = vera.run("sync")
    assert (said.code, said.out) == (2, "")
    assert shown(vera, reference)
    settings.write_text(there)
    assert vera.get("sync")["pushed"] == 3


def test_another_hub_at_the_same_address_gets_nothing(chorley: Town, pg_server: TestServer) -> None:
    vera = chorley.joined("vera", *VERA)
    vera.log()
    other = pg_server.make_database()
    second = chorley.make("second")
    second.get("hub", "create", pg_server.url(other))
    second.password = CHOSEN
    said = second.run("hub", "add-user", chorley.login("vera"), "--no-password", *VERA)
    assert said.code == 0, said.err
    settings = vera.folder / "settings.toml"
    settings.write_text(settings.read_text().replace(urlsplit(chorley.url).path, f"/{other}"))
    vera.password = CHOSEN
    said = vera.run("sync")
    assert said.code == 2
    assert "not the one" in said.err
    second.get("sync")
    assert second.rows("list", "--all") == []
    pg_server.drop_database(other)


def test_leaving_is_refused_with_unsent_work_unless_it_is_exported_and_leaves_nothing(
    chorley: Town, tmp_path: Path
) -> None:
    vera = chorley.joined("vera", *VERA)
    reference = vera.log()
    said = vera.run("hub", "leave")
    assert said.code == 2
    assert "3 changes" in said.err
    vera.get("hub", "leave", "--exported", str(tmp_path / "out"))
    assert reference in "".join(path.read_text() for path in (tmp_path / "out").rglob("*.json"))
    assert vera.run("sync").code == 2
    assert "vera" not in (tmp_path / "keyring.json").read_text()
    assert vera.rows("list", "--all") == []


def test_no_password_is_in_any_file_or_answer(chorley: Town, tmp_path: Path) -> None:
    vera = chorley.joined("vera", *VERA)
    vera.log()
    vera.get("sync")
    said = [chorley.boss.run("hub", "users"), chorley.boss.run("hub", "status"), vera.run("hub", "status")]
    secrets = (CHOSEN, urlsplit(chorley.owner_url).password or "?")
    for secret in secrets:
        assert all(secret not in each.out + each.err for each in said)
        for path in tmp_path.rglob("*"):
            if path.is_file() and path.name != "keyring.json":
                assert secret.encode() not in path.read_bytes(), path.name
    assert json.loads((tmp_path / "keyring.json").read_text())


@pytest.mark.parametrize(
    "words",
    [
        ("hub", "create", "https://hub.example.org"),
        ("hub", "create", "postgresql://hub.example.org/x"),
        ("hub", "create", "postgresql://vera:s3cret@hub.example.org/x?sslmode=require"),
        ("hub", "join", "postgresql://hub.example.org/x"),
        ("hub", "add-user", "vera", "--role", "mayor"),
        ("hub", "add-user", "vera", "--role", "councillor", "--no-password"),
        ("hub", "add-user", "vera", "--role", "support", "--only-councillor", "Cllr Vera Quill", "--no-password"),
        ("hub", "grant", "vera", "--councillor", "Cllr Vera Quill", "--until", "soon"),
        ("settle", "nothing", "kept"),
        ("settle", "nothing", "both"),
        ("not-accepted", "--dismiss", "nothing"),
        ("take-over", "nothing"),
        ("sync",),
        ("hub", "leave"),
        ("hub", "users"),
    ],
)
def test_an_error_ends_with_2_and_advice(place: Town, words: tuple[str, ...]) -> None:
    said = place.boss.run(*words)
    assert (said.code, said.out) == (2, "")
    assert len(said.err.strip().splitlines()) >= 2
    assert "s3cret" not in said.err
