"""Addresses of hubs: ordinary PostgreSQL URLs, kept without user and password, the server always checked."""

import psycopg.conninfo
import pytest
from hypothesis import given
from hypothesis import strategies as st

from member_tracker.domain.errors import Invalid
from member_tracker.sync.address import HubAddress, read_address


def connecting(typed: str, login: str | None = None) -> dict[str, object]:
    """What libpq makes of the address we connect with."""
    address = read_address(typed).as_login(login)
    return dict(psycopg.conninfo.conninfo_to_dict(address.connection))


def test_the_login_takes_the_place_of_user_and_password_in_the_url() -> None:
    address = read_address("postgresql://postgres:s3cret@hub.example.org:6432/enquiries").as_login("priya")
    assert address == HubAddress(url="postgresql://hub.example.org:6432/enquiries", login="priya")
    assert address.shown == "hub.example.org:6432/enquiries"
    assert "s3cret" not in repr(address) + address.connection


def test_user_and_password_are_found_wherever_the_url_has_them() -> None:
    for typed in (
        "postgresql://priya:p%40ss%2Fword@hub.example.org/x",
        "postgres://hub.example.org/x?user=priya&password=p%40ss%2Fword",
    ):
        found = read_address(typed)
        assert (found.login, found.password) == ("priya", "p@ss/word")
        assert found.url == "postgresql://hub.example.org/x"


@pytest.mark.parametrize(
    "typed",
    [
        "postgresql://hub.example.org/x",
        "postgresql://hub.example.org:6432/x?connect_timeout=5",
        "postgresql://one.example.org,two.example.org:6433/x?target_session_attrs=read-write",
        "postgresql://[2001:db8::7]/x",
        "postgresql://localhost,hub.example.org/x",
        "postgresql://localhost/x?hostaddr=192.0.2.7",
        "postgresql:///x?host=hub.example.org",
        "postgresql://hub.example.org/x?sslmode=verify-full&sslrootcert=/etc/council.pem",
    ],
)
def test_another_computer_is_always_checked(typed: str) -> None:
    assert connecting(typed, "priya")["sslmode"] == "verify-full"


@pytest.mark.parametrize(
    "typed",
    [
        "postgresql://localhost:5433/x",
        "postgresql://127.0.0.1/x",
        "postgresql://127.8.8.8/x?sslmode=disable",
        "postgresql://[::1]:5432/x",
        "postgresql://%2Fvar%2Frun%2Fpostgresql/x",
        "postgresql:///x?host=/var/run/postgresql",
    ],
)
def test_this_computer_needs_no_certificate(typed: str) -> None:
    assert connecting(typed, "priya").get("sslmode") in (None, "disable")
    assert read_address(typed).as_login("priya").is_local


@pytest.mark.parametrize("mode", ["disable", "allow", "prefer", "require", "verify-ca"])
def test_an_unchecked_connection_to_another_computer_is_refused(mode: str) -> None:
    with pytest.raises(Invalid, match=mode):
        read_address(f"postgresql://hub.example.org/x?sslmode={mode}")


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "hub.example.org",
        "https://hub.example.org/x",
        "host=hub.example.org password=s3cret",
        "postgresql://priya:s3cret@word@hub.example.org/x",
        "postgresql://priya:s3cret@hub.example.org:port/x",
        "postgresql://priya:s3cret@hub.example.org:70000/x",
        "postgresql://priya:s3cret@hub.example.org/x?nonsense",
        "postgresql://priya:s3cret@hub.example.org/x?service=council",
        "postgresql://priya:s3cret@hub.example.org/x?sslmode=disable",
    ],
)
def test_what_cannot_be_an_address_is_refused_without_repeating_it(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_address(typed)
    assert "s3cret" not in str(refused.value)
    assert refused.value.advice


def test_somebody_must_sign_in() -> None:
    with pytest.raises(Invalid, match="who signs in"):
        read_address("postgresql://hub.example.org/x").as_login(None)


texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1)


@given(login=texts.filter(str.strip), password=texts, name=st.text("abcxyz_0189", min_size=1))
def test_libpq_reads_the_address_as_we_do_and_no_password_is_left_in_it(login: str, password: str, name: str) -> None:
    from urllib.parse import quote

    typed = f"postgresql://{quote(login, safe='')}:{quote(password, safe='')}@localhost:5433/{name}"
    found = read_address(typed)
    libpq = psycopg.conninfo.conninfo_to_dict(typed)
    assert (found.login, found.password) == (libpq["user"], libpq["password"])
    ours = psycopg.conninfo.conninfo_to_dict(found.as_login(None).connection)
    assert ours == {"user": login.strip(), "host": "localhost", "port": "5433", "dbname": name}
