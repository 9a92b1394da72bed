"""What a resident said stays out of errors, and so out of logs and reports."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from member_tracker.store.engine import open_file
from member_tracker.store.sql import attach


def test_an_error_of_the_database_does_not_carry_what_was_written(tmp_path: Path) -> None:
    connection = open_file(tmp_path / "tracker.db", b"k" * 32)
    with attach(connection) as sql, pytest.raises(SQLAlchemyError) as failed:
        sql.execute(text("INSERT INTO nowhere VALUES (:said)"), {"said": "Ned Barlow of 3 Canal Row"})
    connection.close()
    assert "Barlow" not in str(failed.value)
