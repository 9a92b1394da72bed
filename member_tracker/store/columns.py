"""What every table is made of: columns that write values down by a codec, and what each record has beside its value."""

from typing import Any

from sqlalchemy import Column, Dialect, Integer, MetaData, Table, Text, UniqueConstraint
from sqlalchemy.types import TypeDecorator, TypeEngine

from member_tracker.store import codec
from member_tracker.store.codec import Codec, reader, written

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


class Written(TypeDecorator[Any]):
    """A column whose values a codec writes down: as text, or as JSON text where they are compound."""

    impl: Any = Text
    cache_ok = True

    def __init__(self, codec: Codec, impl: type[TypeEngine[Any]] = Text) -> None:
        super().__init__()
        self.codec = codec
        self.impl = impl()

    def process_bind_param(self, value: Any | None, dialect: Dialect) -> object:  # noqa: ANN401 - SQLAlchemy's own
        """The value as it is kept."""
        del dialect
        return None if value is None else written(self.codec, value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> object:  # noqa: ANN401 - SQLAlchemy's own
        """The value that was kept."""
        del dialect
        return None if value is None else reader(self.codec)(value)


AS_IS = codec.AsIs()
MOMENT = Written(codec.Moment())
DAY = Written(codec.Day())
TEXTS = Written(codec.Texts())
YES_NO = Written(codec.YesNo(), Integer)


def codec_of(column: "Column[Any]") -> Codec:
    """How the values of `column` are written."""
    return column.type.codec if isinstance(column.type, Written) else AS_IS


def must(name: str, kept_as: Any = Text) -> "Column[Any]":  # noqa: ANN401 - a type of SQLAlchemy, or its class
    """A column that always holds something."""
    return Column(name, kept_as, nullable=False)


def may(name: str, kept_as: Any = Text) -> "Column[Any]":  # noqa: ANN401
    """A column that may be empty."""
    return Column(name, kept_as, nullable=True)


def record(name: str, *fields: "Column[Any]", **more: Any) -> Table:  # noqa: ANN401
    """A table of records: what every one has beside the fields of its value."""
    return Table(
        name,
        metadata,
        Column("pos", Integer, primary_key=True),
        must("id"),
        *fields,
        must("heads"),
        must("scope_id"),
        may("hub_seq", Integer),
        may("document", Integer),
        UniqueConstraint("id"),
        **more,
    )


def dates() -> "tuple[Column[Any], Column[Any]]":
    """The days between which something counts."""
    return may("from_on", DAY), may("until_on", DAY)
