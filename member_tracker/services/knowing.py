"""What the store knows for matching: enquiries as candidates with the addresses known on each, and their mail."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice

from member_tracker.domain.correspondence import key_in_thread
from member_tracker.domain.enquiry import Enquiry, EnquiryId
from member_tracker.domain.loops import AFTER_AUTOMATIC_MAIL, Heard, MailHistory, Reminded
from member_tracker.domain.mailbag import MailPurpose, QueuedMail, ReceivedMail
from member_tracker.domain.matching import Candidate
from member_tracker.domain.people import Councillor, Resident, ServiceArea
from member_tracker.domain.reference import Reference
from member_tracker.domain.senders import domain_of, stands_for_one_body
from member_tracker.domain.vocabulary import MailKind, OutgoingState
from member_tracker.services.merged import with_all_absorbed
from member_tracker.store.store import Reading

_MOST = 50  # looked up of what one mail names: more than any honest mail does


class StoreLookup:
    """Answers matching's questions from one transaction, in which no enquiry changes hands."""

    def __init__(self, tx: Reading) -> None:
        self._tx = tx
        self._found: dict[str, Candidate] = {}

    def by_message_ids(self, ids: Collection[str]) -> Mapping[str, Candidate]:
        """The enquiries of mails we sent or have filed, by Message-ID; an id filed under two enquiries gives none."""
        known = self._tx.enquiries_by_message_ids(tuple(ids))
        found = {message_id: self._candidates(owners) for message_id, owners in known.items()}
        return {message_id: owners[0] for message_id, owners in found.items() if len(owners) == 1}

    def by_keys(self, keys: Collection[str]) -> Mapping[str, Candidate]:
        """The enquiries of mails we sent, by key."""
        found: dict[str, Candidate] = {}
        for key in islice(keys, _MOST):
            for mail in self._tx.every(QueuedMail, key=key):
                if self._is_kept(mail.enquiry_id):
                    found[key] = self._candidate(mail.enquiry_id)
        return found

    def by_thread(self, thread_key: str) -> Sequence[Candidate]:
        """The enquiries of an Outlook conversation: that of the mail of ours that began it, and of what was filed."""
        asked = {"key": key_in_thread(thread_key), "server_thread_key": thread_key}
        ours = [mail for name, value in asked.items() for mail in self._tx.every(QueuedMail, **{name: value})]
        begun = [mail.enquiry_id for mail in ours]
        return self._candidates((*begun, *self._tx.enquiries_by_thread(thread_key)))

    def by_references(self, references: Collection[Reference]) -> Mapping[Reference, Candidate]:
        """The enquiries with these references."""
        found = {reference: self._tx.enquiry_by_reference(reference) for reference in islice(references, _MOST)}
        kept = {reference: enquiry for reference, enquiry in found.items() if enquiry and enquiry.deleted_at is None}
        return {reference: self._candidate(enquiry.id) for reference, enquiry in kept.items()}

    def by_sender(self, address: str) -> Sequence[Candidate]:
        """Open enquiries that this address may belong to, newest first."""
        return [self.candidate(enquiry) for enquiry in self._tx.enquiries_from(address)]

    def candidate(self, enquiry: Enquiry) -> Candidate:
        """The enquiry as matching needs it."""
        area = self._tx.get(ServiceArea, enquiry.service_area_id)
        councillor = self._tx.get(Councillor, enquiry.raised_by)
        resident = self._tx.get(Resident, enquiry.resident_id)
        on_duty = (officer.email for officer in area.duty_officers)
        addresses = frozenset((*area.addresses, *on_duty, *self._asked_before(enquiry)))
        domains = {domain_of(address) for address in addresses}
        return Candidate(
            enquiry_id=enquiry.id,
            reference=enquiry.reference,
            topic=enquiry.subject,
            is_open=enquiry.status.is_open,
            area_addresses=addresses,
            area_domains=frozenset(domain for domain in domains if stands_for_one_body(domain)),
            councillor_addresses=frozenset({councillor.email} if councillor.email else ()),
            resident_addresses=frozenset({resident.email} if resident.email else ()),
        )

    def _asked_before(self, enquiry: Enquiry) -> Iterable[str]:
        """The addresses of service areas that had the enquiry before it was handed over."""
        if not enquiry.handovers:
            return ()
        sent = self._tx.every(QueuedMail, enquiry_id=enquiry.id, purpose=MailPurpose.ENQUIRY)
        return [address for mail in sent if mail.state is not OutgoingState.WRITTEN for address in mail.to]

    def survivor(self, enquiry: Enquiry) -> Enquiry:
        """The enquiry that mail for this one belongs to: itself, or what it was merged into in the end."""
        seen = {enquiry.id}
        while (following := enquiry.merged_into) is not None and following not in seen:
            seen.add(following)
            enquiry = self._tx.get(Enquiry, following)
        return enquiry

    def _candidate(self, enquiry_id: str) -> Candidate:
        if enquiry_id not in self._found:
            self._found[enquiry_id] = self._standing(enquiry_id)
        return self._found[enquiry_id]

    def _standing(self, enquiry_id: str) -> Candidate:
        """The survivor, to whom everybody known on what was merged into it is known as well."""
        named = self._tx.get(Enquiry, enquiry_id)
        stands = self.survivor(named)
        joined = replace(self.candidate(stands), topic=named.subject)
        for absorbed in with_all_absorbed(self._tx, stands)[1:]:
            other = self.candidate(absorbed)
            joined = replace(
                joined,
                area_addresses=joined.area_addresses | other.area_addresses,
                area_domains=joined.area_domains | other.area_domains,
                councillor_addresses=joined.councillor_addresses | other.councillor_addresses,
                resident_addresses=joined.resident_addresses | other.resident_addresses,
            )
        return joined

    def _candidates(self, enquiry_ids: Iterable[str]) -> list[Candidate]:
        """Each enquiry once; mail for one that was deleted is for a person to place."""
        kept = filter(self._is_kept, enquiry_ids)
        return list({found.enquiry_id: found for found in map(self._candidate, kept)}.values())

    def _is_kept(self, enquiry_id: str) -> bool:
        return self._tx.get(Enquiry, enquiry_id).deleted_at is None


def sent_mails(tx: Reading, message_ids: Iterable[str]) -> tuple[QueuedMail, ...]:
    """The mails of ours with these Message-IDs, whether ours or the server's, each once."""
    found = {
        mail.id: mail
        for message_id in islice(message_ids, _MOST)
        for name in ("message_id", "server_message_id")
        for mail in tx.every(QueuedMail, **{name: message_id})
    }
    return tuple(found.values())


def mail_history(tx: Reading, enquiry_id: EnquiryId, now: datetime) -> MailHistory:
    """The mail of an enquiry as far as loops go: ask it before anything is sent that nobody wrote by hand."""
    since = now - AFTER_AUTOMATIC_MAIL
    came = [mail for mail in tx.every(ReceivedMail, enquiry_id=enquiry_id) if mail.collected_at >= since]
    return MailHistory(
        reminded=tuple(
            Reminded(address=address, at=mail.queued_at)
            for mail in tx.every(QueuedMail, enquiry_id=enquiry_id)
            if mail.automatic and mail.state is not OutgoingState.WRITTEN
            for address in mail.to
        ),
        heard=tuple(
            Heard(address=mail.from_address, at=mail.collected_at, by_machine=mail.kind is not MailKind.HUMAN)
            for mail in came
        ),
        returned_at=tuple(mail.collected_at for mail in came if mail.returned_key is not None),
    )
