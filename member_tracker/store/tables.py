"""The tables of the file. Records may arrive in any order from the hub, so they hold each other's ids without keys.

Beside the fields of its value every record has `pos` (order of arrival here, never shared), `heads` (field → id of the
newest op seen), `scope_id` (who may see it), `hub_seq` (the hub's number for it; none yet while it is only ours) and
`document` (its place in the search index). Each index a mail touches is a page to encrypt, so there are no idle ones.
"""

from sqlalchemy import (
    DDL,
    CheckConstraint,
    Column,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    collate,
    event,
    text,
)

from member_tracker.domain.asked import Answer, Subject
from member_tracker.domain.complaint import ComplaintRoute
from member_tracker.domain.consent import Consent
from member_tracker.domain.extension import Extension
from member_tracker.domain.holding import HoldingReply
from member_tracker.domain.mailbag import MailPlace, MailPurpose
from member_tracker.domain.merge import Merged
from member_tracker.domain.pause import Pause
from member_tracker.domain.people import DutyOfficer, HandoverNote
from member_tracker.domain.promise import Promise
from member_tracker.domain.resident_merge import MergedResident
from member_tracker.domain.succession import CarriedOver
from member_tracker.domain.templates import OwnTemplate
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
    Sharing,
    Stage,
    Status,
)
from member_tracker.store import codec
from member_tracker.store.columns import DAY, MOMENT, TEXTS, YES_NO, Written, dates, may, metadata, must, record
from member_tracker.store.in_sql import IN_SQL

__all__ = ["metadata"]  # with every table in it

council = record(
    "council",
    must("name"),
    may("main_number"),
    may("main_address"),
    must("letters"),
    must("adopted", TEXTS),
    must("closure_days", Written(codec.ClosureDays())),
    may("sign_off"),
    must("templates", Written(codec.Values(OwnTemplate))),
    *dates(),
)
ward = record("ward", must("council_id"), must("name"), *dates())
councillor = record("councillor", must("council_id"), must("name"), may("ward_id"), may("email"), *dates())
support_officer = record(
    "support_officer",
    must("council_id"),
    must("name"),
    must("role", Written(codec.OneWord(Role))),
    may("email"),
    *dates(),
)
resident = record(
    "resident",
    must("councillor_id"),
    must("name"),
    must("kind", Written(codec.OneWord(ResidentKind))),
    may("email"),
    may("phone"),
    may("address"),
    may("preferred_channel", Written(codec.OneWord(Channel))),
    may("language"),
    may("communication_needs"),
    may("confirmed_on", DAY),
    may("deleted_at", MOMENT),
    may("merged", Written(codec.Value(MergedResident))),
)
service_area = record(
    "service_area",
    must("council_id"),
    must("name"),
    must("addresses", TEXTS),
    may("directorate"),
    may("head_of_service"),
    may("direct_number"),
    must("retired", YES_NO),
    must("duty_officers", Written(codec.Values(DutyOfficer))),
    must("subjects", Written(codec.Values(Subject))),
    may("self_service"),
    must("sharing", Written(codec.OneWord(Sharing))),
    must("handover_notes", Written(codec.Values(HandoverNote))),
    *dates(),
)
outside_body = record(
    "outside_body",
    must("council_id"),
    must("name"),
    must("addresses", TEXTS),
    may("direct_number"),
    *dates(),
)
enquiry = record(
    "enquiry",
    must("reference"),
    must("council_id"),
    must("raised_by"),
    must("resident_id"),
    must("entered_by"),
    must("service_area_id"),
    must("channel", Written(codec.OneWord(Channel))),
    must("received_at", MOMENT),
    must("subject"),
    must("text"),
    must("logged_at", MOMENT),
    must("kind", Written(codec.OneWord(Kind))),
    may("stage", Written(codec.OneWord(Stage))),
    must("priority", Written(codec.OneWord(Priority))),
    must("status", Written(codec.OneWord(Status))),
    must("flags", Written(codec.Words(Flag))),
    may("ward_id"),
    may("tier", Integer),
    may("other_reference"),
    must("tags", TEXTS),
    may("clocks", Written(codec.ClockPair())),
    may("sent_at", MOMENT),
    may("acknowledged_at", MOMENT),
    may("holding_at", MOMENT),
    may("promised_on", DAY),
    may("answered_at", MOMENT),
    may("told_at", MOMENT),
    may("closed_at", MOMENT),
    may("close_reason"),
    may("findings"),
    may("solution"),
    must("reopened", Integer),
    must("pauses", Written(codec.Values(Pause))),
    must("extensions", Written(codec.Values(Extension))),
    may("holding", Written(codec.Value(HoldingReply))),
    must("promises", Written(codec.Values(Promise))),
    may("consent", Written(codec.Value(Consent))),
    must("special_category", YES_NO),
    may("complaint", Written(codec.Value(ComplaintRoute))),
    may("merged", Written(codec.Value(Merged))),
    must("handovers", Integer),
    may("officer_back_at", MOMENT),
    must("carried_over", Written(codec.Values(CarriedOver))),
    may("deleted_at", MOMENT),
    may("about"),
    must("answers", Written(codec.Values(Answer))),
    must("linked_to", TEXTS),
    # Worked out from the fields above each time they are saved, so that lists can filter and sort by them.
    # `is_open`: 1, closed 0, deleted -1; `is_owed`: open, measured and not yet answered; `due_key` is `due_at`, or the
    # end of time where nothing is due.
    may("acknowledge_by", DAY),
    may("respond_by", DAY),
    may("due_at", MOMENT),
    may("stopped_at", MOMENT),
    may("paused_since", MOMENT),
    must("due_key"),
    # `received_month` is the month on the office calendar; `judged` how it counts in reports, empty for a merged one.
    must("received_month"),
    may("judged"),
    must("is_open", Integer),
    must("is_owed", Integer),
)
suggestion = record(
    "suggestion",
    must("enquiry_id"),
    must("mail_id"),
    must("kind", Written(codec.OneWord(MailKind))),
    must("proposal", Written(codec.OneWord(Proposal))),
    may("sentence"),
    must("arrived_at", MOMENT),
    must("collected_at", MOMENT),
    must("others", Written(codec.Words(Proposal))),
    may("promised_on", DAY),
    may("returns_on", DAY),
    may("arrived_doubt"),
    must("state", Written(codec.OneWord(SuggestionState))),
    may("decided_by"),
    may("decided_at", MOMENT),
    may("effect_at", MOMENT),
)
mail = record(
    "mail",
    may("message_id"),
    must("content_hash"),
    must("original"),
    must("from_address"),
    must("from_name"),
    must("to", TEXTS),
    must("subject"),
    must("received_at", MOMENT),
    must("collected_at", MOMENT),
    must("kind", Written(codec.OneWord(MailKind))),
    must("proposal", Written(codec.OneWord(Proposal))),
    must("place", Written(codec.OneWord(MailPlace))),
    must("reply_text"),
    must("text"),
    may("sent_at", MOMENT),
    may("in_reply_to"),
    must("references", TEXTS),
    may("sentence"),
    must("others", Written(codec.Words(Proposal))),
    may("promised_on", DAY),
    may("returns_on", DAY),
    may("enquiry_id"),
    must("candidates", Written(codec.Candidates())),
    must("unfiled_from", TEXTS),
    must("attachments", Written(codec.Attachments())),
    must("defects", TEXTS),
    must("other_originals", TEXTS),
    may("alternative_contact"),
    must("mentions", TEXTS),
    must("forwarded", YES_NO),
    may("thread_key"),
    may("returned_key"),
)
outgoing = record(
    "outgoing",
    must("enquiry_id"),
    must("key"),
    must("message_id"),
    must("from_address"),
    must("to", TEXTS),
    must("subject"),
    must("body"),
    must("original"),
    must("state", Written(codec.OneWord(OutgoingState))),
    must("queued_at", MOMENT),
    must("purpose", Written(codec.OneWord(MailPurpose))),
    must("automatic", YES_NO),
    may("claimed_at", MOMENT),
    may("handed_over_at", MOMENT),
    may("mailbox"),
    may("sent_at", MOMENT),
    may("server_message_id"),
    may("server_thread_key"),
    may("problem"),
    must("attachments", Written(codec.Attachments())),
    may("device"),
    must("cc", TEXTS),
    may("not_before", MOMENT),
)
entry = record(
    "entry",
    must("enquiry_id"),
    must("kind", Written(codec.OneWord(EntryKind))),
    must("at", MOMENT),
    must("written_at", MOMENT),
    may("author"),
    must("text"),
    must("details", Written(codec.Details())),
)

conflict = record(
    "conflict",
    must("record_kind"),
    must("record_id"),
    must("field"),
    may("kept", Written(codec.Json())),
    may("lost", Written(codec.Json())),
    must("lost_op"),
    may("by"),
    must("at", MOMENT),
    may("settled"),
    may("kept_by"),
    may("kept_at", MOMENT),
)

# --- what is kept about records ---------------------------------------------------------------------------------------

op = Table(
    "op",
    metadata,
    Column("pos", Integer, primary_key=True),
    must("op_id"),
    must("verb"),
    must("kind"),
    must("record_id"),
    must("field"),
    must("value"),
    may("base"),
    may("author"),
    must("made_at"),
    must("seen", Integer),  # the hub's number of the record as its author had it, nought before it had one
    # What the hub made of it (none yet: it is still to be sent), and whether its value is part of the hub's copy here.
    may("outcome"),
    may("hub_seq", Integer),
    may("acked_at", MOMENT),
    may("reason"),
    must("passed", Integer),
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
    must("kind"),
    must("record_id"),
    must("scope_id"),
    must("hub_seq", Integer),
    must("fields"),
    must("heads"),
    must("hidden", Integer),
    UniqueConstraint("record_id", "kind"),
)
history = Table(
    "history",
    metadata,
    Column("pos", Integer, primary_key=True),
    must("kind"),
    must("record_id"),
    must("at"),
    may("author"),
    must("verb"),
    must("changes"),
    must("deed"),  # what was written together has one
    Index("ix_history_record", "record_id"),
    Index("ix_history_deed", "deed"),
)
address = Table(
    "address",
    metadata,
    Column("pos", Integer, primary_key=True),
    must("kind"),
    must("record_id"),
    must("address"),
    must("domain"),
    Index("ix_address_record", "record_id"),
    Index("ix_address_address", "address"),
    Index("ix_address_domain", "domain"),
)
search_document = Table(
    "search_document",
    metadata,
    Column("pos", Integer, primary_key=True),
    must("kind"),
    must("record_id"),
    may("enquiry_id"),
)
blob = Table(
    "blob",
    metadata,
    Column("pos", Integer, primary_key=True),
    must("sha256"),
    must("media_type"),
    must("size", Integer),
    UniqueConstraint("sha256"),
    CheckConstraint("size >= 0", name="size"),
)
# `pos` is that of the blob times `blobs.CHUNKS` plus the number of the chunk.
blob_chunk = Table("blob_chunk", metadata, Column("pos", Integer, primary_key=True), must("bytes", LargeBinary))
# Which record speaks of which bytes, and whether they are still wanted from the hub or unsent to it (none: neither).
blob_use = Table(
    "blob_use",
    metadata,
    Column("pos", Integer, primary_key=True),
    must("sha256"),
    must("kind"),
    must("record_id"),
    must("scope_id"),
    may("state"),
    Index("ix_blob_use_sha256", "sha256"),
    Index("ix_blob_use_record", "record_id"),
    Index("ix_blob_use_open", "state", sqlite_where=text("state IS NOT NULL")),
)
local = Table("local", metadata, Column("key", Text, primary_key=True, nullable=False), must("value"))
# Where this computer has seen a mail that is kept; two computers that read one mailbox both have.
sighting = Table(
    "sighting",
    metadata,
    Column("mailbox", Text, primary_key=True, nullable=False),
    Column("provider_id", Text, primary_key=True, nullable=False),
    must("mail_id"),
    may("left_at", MOMENT),
    sqlite_with_rowid=False,
)

# --- indexes: one for each order a list is shown in; `pos` is part of every one by nature -----------------------------

_OPEN = text("is_open = 1")
_SHUT = text("is_open = 0")
_KEPT = text("is_open >= 0")
_DELETED = text("deleted_at IS NOT NULL")
_OWED = text("is_owed = 1")
_OF_WARD = text("is_open >= 0 AND ward_id IS NOT NULL")

# Two may bear one reference for as long as the hub has not refused the second.
Index("ix_enquiry_reference", enquiry.c.reference)
Index("ix_enquiry_resident", enquiry.c.resident_id, enquiry.c.is_open)
for _order, _column in (("due", enquiry.c.due_key), ("received", enquiry.c.received_at)):
    Index(f"ix_enquiry_{_order}", _column, sqlite_where=_KEPT)
    Index(f"ix_enquiry_open_{_order}", _column, sqlite_where=_OPEN)
    Index(f"ix_enquiry_shut_{_order}", _column, sqlite_where=_SHUT)
    Index(f"ix_enquiry_area_{_order}", enquiry.c.service_area_id, _column, sqlite_where=_KEPT)
    Index(f"ix_enquiry_open_area_{_order}", enquiry.c.service_area_id, _column, sqlite_where=_OPEN)
    Index(f"ix_enquiry_councillor_{_order}", enquiry.c.raised_by, _column, sqlite_where=_KEPT)
    Index(f"ix_enquiry_open_councillor_{_order}", enquiry.c.raised_by, _column, sqlite_where=_OPEN)
    Index(f"ix_enquiry_status_{_order}", enquiry.c.status, _column, sqlite_where=_KEPT)
    Index(f"ix_enquiry_ward_{_order}", enquiry.c.ward_id, _column, sqlite_where=_OF_WARD)
Index("ix_enquiry_owed_due", enquiry.c.due_key, sqlite_where=_OWED)
# Reports add up a month off one of these alone.
Index(
    "ix_enquiry_month_area",
    enquiry.c.received_month,
    enquiry.c.service_area_id,
    enquiry.c.judged,
    enquiry.c.handovers,
)
Index(
    "ix_enquiry_month_people",
    enquiry.c.received_month,
    enquiry.c.raised_by,
    enquiry.c.ward_id,
    enquiry.c.channel,
    enquiry.c.judged,
    enquiry.c.handovers,
)
# Lists go by these names whatever their capitals.
Index("ix_service_area_name", collate(service_area.c.name, "NOCASE"))
Index("ix_resident_name", collate(resident.c.name, "NOCASE"))
Index("ix_enquiry_deleted", enquiry.c.deleted_at, sqlite_where=_DELETED)
Index("ix_resident_councillor", resident.c.councillor_id)
Index("ix_resident_deleted", resident.c.deleted_at, sqlite_where=_DELETED)
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

for _made in IN_SQL:
    event.listen(metadata, "after_create", DDL(_made))  # type: ignore[no-untyped-call]  # as SQLAlchemy has it
