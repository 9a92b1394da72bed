"""Files of older versions are brought up to date, after a back-up; what the migrations make is what the models say."""

import re
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.errors import Unavailable
from member_tracker.store import engine
from member_tracker.store.engine import FILE_NAME, HEAD, MIGRATIONS, open_file
from member_tracker.store.sql import attach
from member_tracker.store.tables import metadata
from tests.store.office import KEY, enquiry, furnish, open_store

LATER = '''
"""A column that a later version adds."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.execute("ALTER TABLE ward ADD COLUMN later TEXT")
    op.execute("UPDATE enquiry SET subject = subject || '!'")
'''


def config(folder: Path = MIGRATIONS) -> Config:
    made = Config()
    made.set_main_option("script_location", str(folder))
    return made


def migrated(path: Path) -> None:
    """A file made by the migrations alone."""
    with open_file(path, KEY) as connection, attach(connection) as attached:
        settings = config()
        settings.attributes["connection"] = attached
        command.upgrade(settings, "head")
    connection.close()


def schema(path: Path) -> set[str]:
    """Everything the file is made of, white space and quotation marks aside."""
    with open_file(path, KEY) as connection:
        kept = [sql for (sql,) in connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")]
    connection.close()
    return {re.sub(r"\s*([(),])\s*", r"\1", " ".join(sql.replace('"', "").split())) for sql in kept}


def test_the_newest_migration_is_the_version_of_the_program() -> None:
    assert ScriptDirectory.from_config(config()).get_heads() == [HEAD]


def test_a_file_made_by_migrations_is_the_file_the_models_describe(tmp_path: Path) -> None:
    migrated(tmp_path / "migrated.db")
    with open_file(tmp_path / "migrated.db", KEY) as connection, attach(connection) as attached:
        options = {
            "compare_type": True,
            # The search index is SQLite's own affair; the comparison of the whole schema below covers it.
            "include_name": lambda name, kind, _parents: (
                kind != "table" or not re.match(r"(resident_)?search(_(data|idx|docsize|config|term)|$)$", name)
            ),
        }
        context = MigrationContext.configure(attached, opts=options)
        assert compare_metadata(context, metadata) == []
    connection.close()


def test_a_new_file_and_a_migrated_file_are_made_alike(tmp_path: Path) -> None:
    migrated(tmp_path / "migrated.db")
    open_store(tmp_path).close()
    assert schema(tmp_path / "migrated.db") == schema(tmp_path / FILE_NAME)


@pytest.fixture
def next_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program one version further on than this one."""
    later = tmp_path / "migrations"
    (later / "versions").mkdir(parents=True)
    for path in (*MIGRATIONS.glob("*.*"), *MIGRATIONS.glob("versions/*.*")):
        (later / path.relative_to(MIGRATIONS)).write_bytes(path.read_bytes())
    (later / "versions" / "0002_later.py").write_text(LATER, "utf-8")
    monkeypatch.setattr(engine, "MIGRATIONS", later)
    monkeypatch.setattr(engine, "HEAD", "0002")
    return later


def made_by_the_first_version(folder: Path) -> None:
    store = open_store(folder)
    furnish(store)
    with store.writing(author=None) as tx:
        tx.save(enquiry(subject="Zygomorphic"))
    store.close()
    with open_file(folder / FILE_NAME, KEY) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
    connection.close()


def backups(folder: Path) -> list[Path]:
    return list(folder.glob("tracker-*.db"))


def test_an_older_file_is_brought_up_to_date_after_an_encrypted_back_up(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    folder = tmp_path / "profile"
    made_by_the_first_version(folder)
    request.getfixturevalue("next_version")
    store = open_store(folder)
    with store.reading() as tx:
        assert tx.get(Enquiry, enquiry().id).subject == "Zygomorphic!"
        assert tx._connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("0002",)]
        assert tx._connection.execute("SELECT count(later) FROM ward").fetchone() == (0,)
    store.close()
    (copy,) = backups(folder)
    assert b"Zygomorphic" not in copy.read_bytes()
    assert copy.stat().st_mode & 0o077 == 0
    with open_file(copy, KEY) as connection:
        assert connection.execute("SELECT subject FROM enquiry").fetchall() == [("Zygomorphic",)]
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("0001",)]
    connection.close()
    open_store(folder).close()
    assert backups(folder) == [copy]


def test_a_migration_that_fails_leaves_the_file_as_it_was(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    folder = tmp_path / "profile"
    made_by_the_first_version(folder)
    later: Path = request.getfixturevalue("next_version")
    (later / "versions" / "0002_later.py").write_text(LATER + "    op.execute('SELECT nonsense')\n", "utf-8")
    with pytest.raises(Exception, match="nonsense"):
        open_store(folder)
    with open_file(folder / FILE_NAME, KEY) as connection:
        assert connection.execute("SELECT subject FROM enquiry").fetchall() == [("Zygomorphic",)]
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("0001",)]
        assert "later" not in [row[1] for row in connection.execute("PRAGMA table_info(ward)")]
    connection.close()
    assert len(backups(folder)) == 1


def test_a_file_that_cannot_be_backed_up_is_not_touched(
    tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "profile"
    made_by_the_first_version(folder)
    request.getfixturevalue("next_version")
    whole = engine._unlocked

    def with_a_full_disk(path: Path, key: bytes, wait_seconds: float) -> object:
        connection = whole(path, key, wait_seconds)
        if path.name != FILE_NAME:
            connection.execute("DROP TABLE alembic_version")
        return connection

    monkeypatch.setattr(engine, "_unlocked", with_a_full_disk)
    with pytest.raises(Exception, match="Member Tracker"):
        open_store(folder)
    monkeypatch.undo()
    with open_file(folder / FILE_NAME, KEY) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("0001",)]
    connection.close()


def test_two_processes_making_one_file_at_once_agree(tmp_path: Path) -> None:
    import subprocess
    import sys

    code = (
        "import sys; from pathlib import Path; from tests.store.office import *;"
        "s = open_store(Path(sys.argv[1]), Clockwork(device=sys.argv[2]), wait_seconds=20);"
        "t = s.writing(author=None); x = t.__enter__(); x.next_serial(); t.__exit__(None, None, None); s.close()"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path), str(number)], stderr=subprocess.PIPE)
        for number in range(3)
    ]
    for process in started:
        _, told = process.communicate(timeout=120)
        assert process.returncode == 0, told.decode()
    store = open_store(tmp_path)
    with store.writing(author=None) as tx:
        assert tx.next_serial() == 4
    store.close()


def test_a_newer_file_is_refused_by_an_older_program(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    folder = tmp_path / "profile"
    request.getfixturevalue("next_version")
    with open_file(tmp_path / "x.db", KEY) as connection:
        assert engine.version_of(connection) is None
    connection.close()
    made_by_the_first_version(folder)
    open_store(folder).close()
    request.getfixturevalue("monkeypatch").undo()
    with pytest.raises(Unavailable, match="newer version"):
        open_store(folder)
