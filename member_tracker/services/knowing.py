"""What matching asks of the store: enquiries as candidates, with the addresses that are known on each."""

from collections.abc import Collection, Mapping, Sequence
from itertools import islice

from member_tracker.domain.enquiry import Enquiry
from member_tracker.domain.mailbag import QueuedMail
from member_tracker.domain.matching import Candidate
from member_tracker.domain.people import Councillor, Resident, ServiceArea
from member_tracker.domain.reference import Reference
from member_tracker.domain.senders import domain_of, stands_for_one_body
from member_tracker.store.store import Reading

_MOST = 50  # looked up of what one mail names: more than any honest mail does


class StoreLookup:
    """Answers matching's questions from one transaction."""

    def __init__(self, tx: Reading) -> None:
        self._tx = tx

    def by_message_ids(self, ids: Collection[str]) -> Mapping[str, Candidate]:
        """The enquiries of mails we sent or have filed, by Message-ID; an id filed under two enquiries gives none."""
        known = self._tx.enquiries_by_message_ids(tuple(ids))
        return {message_id: self._candidate(owners[0]) for message_id, owners in known.items() if len(owners) == 1}

    def by_keys(self, keys: Collection[str]) -> Mapping[str, Candidate]:
        """The enquiries of mails we sent, by key."""
        found: dict[str, Candidate] = {}
        for key in islice(keys, _MOST):
            for mail in self._tx.every(QueuedMail, key=key):
                found[key] = self._candidate(mail.enquiry_id)
        return found

    def by_references(self, references: Collection[Reference]) -> Mapping[Reference, Candidate]:
        """The enquiries with these references."""
        found = {reference: self._tx.enquiry_by_reference(reference) for reference in islice(references, _MOST)}
        return {reference: self.candidate(enquiry) for reference, enquiry in found.items() if enquiry is not None}

    def by_sender(self, address: str) -> Sequence[Candidate]:
        """Open enquiries that this address may belong to, newest first."""
        return [self.candidate(enquiry) for enquiry in self._tx.enquiries_from(address)]

    def candidate(self, enquiry: Enquiry) -> Candidate:
        """The enquiry as matching needs it."""
        area = self._tx.get(ServiceArea, enquiry.service_area_id)
        councillor = self._tx.get(Councillor, enquiry.raised_by)
        resident = self._tx.get(Resident, enquiry.resident_id)
        domains = {domain_of(address) for address in area.addresses}
        return Candidate(
            enquiry_id=enquiry.id,
            reference=enquiry.reference,
            topic=enquiry.subject,
            is_open=enquiry.status.is_open,
            area_addresses=frozenset(area.addresses),
            area_domains=frozenset(domain for domain in domains if stands_for_one_body(domain)),
            councillor_addresses=frozenset({councillor.email} if councillor.email else ()),
            resident_addresses=frozenset({resident.email} if resident.email else ()),
        )

    def _candidate(self, enquiry_id: str) -> Candidate:
        return self.candidate(self._tx.get(Enquiry, enquiry_id))
