"""The tables of the file. Records may arrive in any order from the hub, so they hold each other's ids without keys.

Beside the fields of its value every record has `pos` (order of arrival here, never shared), `heads` (field → id of the
newest op seen), `scope_id` (who may see it), `hub_seq` (the hub's number for it; none yet while it is only ours) and
`document` (its place in the search index). Each index a mail touches is a page to encrypt, so there are no idle ones.
"""

from typing import Any

from sqlalchemy import (
    DDL,
    CheckConstraint,
    Column,
    Dialect,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    event,
    text,
)
from sqlalchemy.types import TypeDecorator, TypeEngine

from member_tracker.domain.complaint import ComplaintRoute
from member_tracker.domain.consent import Consent
from member_tracker.domain.extension import Extension
from member_tracker.domain.holding import HoldingReply
from member_tracker.domain.mailbag import MailPlace, MailPurpose
from member_tracker.domain.merge import Merged
from member_tracker.domain.pause import Pause
from member_tracker.domain.people import DutyOfficer
from member_tracker.domain.promise import Promise
from member_tracker.domain.succession import CarriedOver
from member_tracker.domain.timeline import EntryKind, SuggestionState
from member_tracker.domain.vocabulary import (
    Channel,
    Flag,
    Kind,
    MailKind,
    OutgoingState,
    Priority,
    Proposal,
    ResidentKind,
    Role,
    Stage,
    Status,
)
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


def _must(name: str, kept_as: Any = Text) -> "Column[Any]":  # noqa: ANN401 - a type of SQLAlchemy, or its class
    return Column(name, kept_as, nullable=False)


def _may(name: str, kept_as: Any = Text) -> "Column[Any]":  # noqa: ANN401
    return Column(name, kept_as, nullable=True)


def _record(name: str, *fields: "Column[Any]", **more: Any) -> Table:  # noqa: ANN401
    return Table(
        name,
        metadata,
        Column("pos", Integer, primary_key=True),
        _must("id"),
        *fields,
        _must("heads"),
        _must("scope_id"),
        _may("hub_seq", Integer),
        _may("document", Integer),
        UniqueConstraint("id"),
        **more,
    )


def _dates() -> "tuple[Column[Any], Column[Any]]":
    return _may("from_on", DAY), _may("until_on", DAY)


council = _record(
    "council",
    _must("name"),
    _may("main_number"),
    _may("main_address"),
    _must("letters"),
    _must("adopted", TEXTS),
    _must("closure_days", Written(codec.ClosureDays())),
    *_dates(),
)
ward = _record("ward", _must("council_id"), _must("name"), *_dates())
councillor = _record("councillor", _must("council_id"), _must("name"), _may("ward_id"), _may("email"), *_dates())
support_officer = _record(
    "support_officer",
    _must("council_id"),
    _must("name"),
    _must("role", Written(codec.OneWord(Role))),
    _may("email"),
    *_dates(),
)
resident = _record(
    "resident",
    _must("councillor_id"),
    _must("name"),
    _must("kind", Written(codec.OneWord(ResidentKind))),
    _may("email"),
    _may("phone"),
    _may("address"),
    _may("preferred_channel", Written(codec.OneWord(Channel))),
    _may("language"),
    _may("communication_needs"),
    _may("confirmed_on", DAY),
)
service_area = _record(
    "service_area",
    _must("council_id"),
    _must("name"),
    _must("addresses", TEXTS),
    _may("directorate"),
    _may("head_of_service"),
    _may("direct_number"),
    _must("retired", YES_NO),
    _must("duty_officers", Written(codec.Values(DutyOfficer))),
    *_dates(),
)
outside_body = _record(
    "outside_body",
    _must("council_id"),
    _must("name"),
    _must("addresses", TEXTS),
    _may("direct_number"),
    *_dates(),
)
enquiry = _record(
    "enquiry",
    _must("reference"),
    _must("council_id"),
    _must("raised_by"),
    _must("resident_id"),
    _must("entered_by"),
    _must("service_area_id"),
    _must("channel", Written(codec.OneWord(Channel))),
    _must("received_at", MOMENT),
    _must("subject"),
    _must("text"),
    _must("logged_at", MOMENT),
    _must("kind", Written(codec.OneWord(Kind))),
    _may("stage", Written(codec.OneWord(Stage))),
    _must("priority", Written(codec.OneWord(Priority))),
    _must("status", Written(codec.OneWord(Status))),
    _must("flags", Written(codec.Words(Flag))),
    _may("ward_id"),
    _may("tier", Integer),
    _may("other_reference"),
    _must("tags", TEXTS),
    _may("clocks", Written(codec.ClockPair())),
    _may("sent_at", MOMENT),
    _may("acknowledged_at", MOMENT),
    _may("holding_at", MOMENT),
    _may("promised_on", DAY),
    _may("answered_at", MOMENT),
    _may("told_at", MOMENT),
    _may("closed_at", MOMENT),
    _may("close_reason"),
    _may("findings"),
    _may("solution"),
    _must("reopened", Integer),
    _must("pauses", Written(codec.Values(Pause))),
    _must("extensions", Written(codec.Values(Extension))),
    _may("holding", Written(codec.Value(HoldingReply))),
    _must("promises", Written(codec.Values(Promise))),
    _may("consent", Written(codec.Value(Consent))),
    _must("special_category", YES_NO),
    _may("complaint", Written(codec.Value(ComplaintRoute))),
    _may("merged", Written(codec.Value(Merged))),
    _must("handovers", Integer),
    _may("officer_back_at", MOMENT),
    _must("carried_over", Written(codec.Values(CarriedOver))),
    # Worked out from the fields above each time they are saved, so that lists can filter and sort by them.
    # `is_owed`: open, measured and not yet answered; `due_key` is `due_at`, or the end of time where nothing is due.
    _may("acknowledge_by", DAY),
    _may("respond_by", DAY),
    _may("due_at", MOMENT),
    _may("stopped_at", MOMENT),
    _may("paused_since", MOMENT),
    _must("due_key"),
    _must("is_open", Integer),
    _must("is_owed", Integer),
)
suggestion = _record(
    "suggestion",
    _must("enquiry_id"),
    _must("mail_id"),
    _must("kind", Written(codec.OneWord(MailKind))),
    _must("proposal", Written(codec.OneWord(Proposal))),
    _may("sentence"),
    _must("arrived_at", MOMENT),
    _must("collected_at", MOMENT),
    _must("others", Written(codec.Words(Proposal))),
    _may("promised_on", DAY),
    _may("returns_on", DAY),
    _may("arrived_doubt"),
    _must("state", Written(codec.OneWord(SuggestionState))),
    _may("decided_by"),
    _may("decided_at", MOMENT),
    _may("effect_at", MOMENT),
)
mail = _record(
    "mail",
    _may("message_id"),
    _must("content_hash"),
    _must("original"),
    _must("from_address"),
    _must("from_name"),
    _must("to", TEXTS),
    _must("subject"),
    _must("received_at", MOMENT),
    _must("collected_at", MOMENT),
    _must("kind", Written(codec.OneWord(MailKind))),
    _must("proposal", Written(codec.OneWord(Proposal))),
    _must("place", Written(codec.OneWord(MailPlace))),
    _must("reply_text"),
    _must("text"),
    _may("sent_at", MOMENT),
    _may("in_reply_to"),
    _must("references", TEXTS),
    _may("sentence"),
    _must("others", Written(codec.Words(Proposal))),
    _may("promised_on", DAY),
    _may("returns_on", DAY),
    _may("enquiry_id"),
    _must("candidates", Written(codec.Candidates())),
    _must("unfiled_from", TEXTS),
    _must("attachments", Written(codec.Attachments())),
    _must("defects", TEXTS),
    _must("other_originals", TEXTS),
    _may("alternative_contact"),
    _must("mentions", TEXTS),
    _must("forwarded", YES_NO),
    _may("thread_key"),
    _may("returned_key"),
)
outgoing = _record(
    "outgoing",
    _must("enquiry_id"),
    _must("key"),
    _must("message_id"),
    _must("from_address"),
    _must("to", TEXTS),
    _must("subject"),
    _must("body"),
    _must("original"),
    _must("state", Written(codec.OneWord(OutgoingState))),
    _must("queued_at", MOMENT),
    _must("purpose", Written(codec.OneWord(MailPurpose))),
    _must("automatic", YES_NO),
    _may("claimed_at", MOMENT),
    _may("handed_over_at", MOMENT),
    _may("mailbox"),
    _may("sent_at", MOMENT),
    _may("server_message_id"),
    _may("server_thread_key"),
    _may("problem"),
    _must("attachments", Written(codec.Attachments())),
    _may("device"),
)
entry = _record(
    "entry",
    _must("enquiry_id"),
    _must("kind", Written(codec.OneWord(EntryKind))),
    _must("at", MOMENT),
    _must("written_at", MOMENT),
    _may("author"),
    _must("text"),
    _must("details", Written(codec.Details())),
)

conflict = _record(
    "conflict",
    _must("record_kind"),
    _must("record_id"),
    _must("field"),
    _may("kept", Written(codec.Json())),
    _may("lost", Written(codec.Json())),
    _must("lost_op"),
    _may("by"),
    _must("at", MOMENT),
    _may("settled"),
)

# --- what is kept about records ---------------------------------------------------------------------------------------

op = Table(
    "op",
    metadata,
    Column("pos", Integer, primary_key=True),
    _must("op_id"),
    _must("verb"),
    _must("kind"),
    _must("record_id"),
    _must("field"),
    _must("value"),
    _may("base"),
    _may("author"),
    _must("made_at"),
    _must("seen", Integer),  # the hub's number of the record as its author had it, nought before it had one
    # What the hub made of it (none yet: it is still to be sent), and whether its value is part of the hub's copy here.
    _may("outcome"),
    _may("hub_seq", Integer),
    _may("acked_at", MOMENT),
    _may("reason"),
    _must("passed", Integer),
    UniqueConstraint("op_id"),
    # A number is never given twice, even after the ops before it have gone to the hub.
    sqlite_autoincrement=True,
)
# What the hub's copy of a record says otherwise than its row, which shows what is still to be sent as well; and records
# of the hub that cannot be shown (`hidden`), whole, for a later version that can.
hub_copy = Table(
    "hub_copy",
    metadata,
    Column("pos", Integer, primary_key=True),
    _must("kind"),
    _must("record_id"),
    _must("scope_id"),
    _must("hub_seq", Integer),
    _must("fields"),
    _must("heads"),
    _must("hidden", Integer),
    UniqueConstraint("record_id", "kind"),
)
history = Table(
    "history",
    metadata,
    Column("pos", Integer, primary_key=True),
    _must("kind"),
    _must("record_id"),
    _must("at"),
    _may("author"),
    _must("verb"),
    _must("changes"),
    _must("deed"),  # what was written together has one
    Index("ix_history_record", "record_id"),
    Index("ix_history_deed", "deed"),
)
address = Table(
    "address",
    metadata,
    Column("pos", Integer, primary_key=True),
    _must("kind"),
    _must("record_id"),
    _must("address"),
    _must("domain"),
    Index("ix_address_record", "record_id"),
    Index("ix_address_address", "address"),
    Index("ix_address_domain", "domain"),
)
search_document = Table(
    "search_document",
    metadata,
    Column("pos", Integer, primary_key=True),
    _must("kind"),
    _must("record_id"),
    _may("enquiry_id"),
)
blob = Table(
    "blob",
    metadata,
    Column("pos", Integer, primary_key=True),
    _must("sha256"),
    _must("media_type"),
    _must("size", Integer),
    UniqueConstraint("sha256"),
    CheckConstraint("size >= 0", name="size"),
)
# `pos` is that of the blob times `blobs.CHUNKS` plus the number of the chunk.
blob_chunk = Table("blob_chunk", metadata, Column("pos", Integer, primary_key=True), _must("bytes", LargeBinary))
# Which record speaks of which bytes, and whether they are still wanted from the hub, unsent to it, or settled.
blob_use = Table(
    "blob_use",
    metadata,
    Column("pos", Integer, primary_key=True),
    _must("sha256"),
    _must("kind"),
    _must("record_id"),
    _must("scope_id"),
    _must("state"),
    Index("ix_blob_use_sha256", "sha256"),
    Index("ix_blob_use_record", "record_id"),
    Index("ix_blob_use_open", "state", sqlite_where=text("state <> 'settled'")),
)
local = Table("local", metadata, Column("key", Text, primary_key=True, nullable=False), _must("value"))
# Where this computer has seen a mail that is kept; two computers that read one mailbox both have.
sighting = Table(
    "sighting",
    metadata,
    Column("mailbox", Text, primary_key=True, nullable=False),
    Column("provider_id", Text, primary_key=True, nullable=False),
    _must("mail_id"),
    _may("left_at", MOMENT),
    sqlite_with_rowid=False,
)

# --- indexes: one for each order a list is shown in; `pos` is part of every one by nature -----------------------------

_OPEN = text("is_open = 1")
_SHUT = text("is_open = 0")
_OWED = text("is_owed = 1")

# Two may bear one reference for as long as the hub has not refused the second.
Index("ix_enquiry_reference", enquiry.c.reference)
Index("ix_enquiry_resident", enquiry.c.resident_id)
for _order, _column in (("due", enquiry.c.due_key), ("received", enquiry.c.received_at)):
    Index(f"ix_enquiry_{_order}", _column)
    Index(f"ix_enquiry_open_{_order}", _column, sqlite_where=_OPEN)
    Index(f"ix_enquiry_shut_{_order}", _column, sqlite_where=_SHUT)
    Index(f"ix_enquiry_area_{_order}", enquiry.c.service_area_id, _column)
    Index(f"ix_enquiry_open_area_{_order}", enquiry.c.service_area_id, _column, sqlite_where=_OPEN)
    Index(f"ix_enquiry_councillor_{_order}", enquiry.c.raised_by, _column)
    Index(f"ix_enquiry_open_councillor_{_order}", enquiry.c.raised_by, _column, sqlite_where=_OPEN)
Index("ix_enquiry_owed_due", enquiry.c.due_key, sqlite_where=_OWED)
Index("ix_resident_councillor", resident.c.councillor_id)
Index("ix_suggestion_enquiry", suggestion.c.enquiry_id)
Index("ix_suggestion_open", suggestion.c.enquiry_id, sqlite_where=text("state = 'open'"))
Index("ix_mail_message", mail.c.message_id)
Index("ix_mail_enquiry", mail.c.enquiry_id)
Index("ix_mail_thread", mail.c.thread_key, sqlite_where=text("thread_key IS NOT NULL AND enquiry_id IS NOT NULL"))
Index("ix_mail_returned", mail.c.collected_at, sqlite_where=text("returned_key IS NOT NULL"))
Index("ix_mail_tray", mail.c.received_at, sqlite_where=text("place = 'tray'"))
Index("ix_outgoing_enquiry", outgoing.c.enquiry_id)
Index("ix_outgoing_key", outgoing.c.key)
Index("ix_outgoing_message", outgoing.c.message_id)
Index("ix_outgoing_server_message", outgoing.c.server_message_id)
Index("ix_outgoing_thread", outgoing.c.server_thread_key, sqlite_where=text("server_thread_key IS NOT NULL"))
Index("ix_sighting_mail", sighting.c.mail_id)
Index("ix_outgoing_state", outgoing.c.state)
Index("ix_entry_enquiry", entry.c.enquiry_id, entry.c.at)
Index("ix_conflict_record", conflict.c.record_id)
Index("ix_op_outbox", op.c.outcome, sqlite_where=text("outcome IS NULL"))
Index("ix_op_pending", op.c.record_id, op.c.hub_seq, sqlite_where=text("passed = 0"))
Index("ix_op_answered", op.c.acked_at, sqlite_where=text("acked_at IS NOT NULL"))
for _table in (
    council,
    ward,
    councillor,
    support_officer,
    resident,
    service_area,
    outside_body,
    enquiry,
    suggestion,
    mail,
    outgoing,
    entry,
    conflict,
):
    Index(f"ix_{_table.name}_scope", _table.c.scope_id, _table.c.hub_seq, sqlite_where=text("hub_seq IS NOT NULL"))

# --- what SQLAlchemy has no words for ---------------------------------------------------------------------------------

_SEARCH = """
CREATE VIRTUAL TABLE search USING fts5(
    subject, words, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2'
)
"""
# The words of the index, in order: a window on it that holds nothing itself.
_SEARCH_TERM = "CREATE VIRTUAL TABLE search_term USING fts5vocab(search, instance)"
_ENTRY_STAYS = """
CREATE TRIGGER entry_stays BEFORE DELETE ON entry
WHEN NOT EXISTS (SELECT 1 FROM local WHERE key = 'as the hub says')
BEGIN SELECT RAISE(ABORT, 'timeline entries are only ever added'); END
"""
_ENTRY_AS_WRITTEN = """
CREATE TRIGGER entry_as_written
BEFORE UPDATE OF pos, id, enquiry_id, kind, at, written_at, author, text, details ON entry
WHEN NOT EXISTS (SELECT 1 FROM local WHERE key = 'as the hub says')
BEGIN SELECT RAISE(ABORT, 'timeline entries are only ever added'); END
"""
for _extra in (_SEARCH, _SEARCH_TERM, _ENTRY_STAYS, _ENTRY_AS_WRITTEN):
    event.listen(metadata, "after_create", DDL(_extra.strip()))  # type: ignore[no-untyped-call]  # as SQLAlchemy has it
