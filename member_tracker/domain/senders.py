"""Who a mail comes from, as far as an enquiry is concerned: its service area, its people, or a stranger."""

from collections.abc import Iterable
from enum import StrEnum

_FREE_MAIL = frozenset(
    "aol.com btinternet.com btopenworld.com fastmail.com gmail.com gmx.com gmx.co.uk gmx.net googlemail.com hey.com "
    "hotmail.co.uk hotmail.com icloud.com live.co.uk live.com mac.com mail.com me.com msn.com ntlworld.com o2.co.uk "
    "outlook.co.uk outlook.com plus.com plus.net pm.me proton.me protonmail.com rocketmail.com sky.com talk21.com "
    "talktalk.co.uk talktalk.net tiscali.co.uk tutanota.com virgin.net virginmedia.com yahoo.co.uk yahoo.com yahoo.ie "
    "yandex.com ymail.com zoho.com blueyonder.co.uk".split()
)
_SHARED_ENDINGS = frozenset(
    "uk co.uk org.uk gov.uk ac.uk nhs.uk police.uk sch.uk ltd.uk plc.uk me.uk net.uk com org net eu "
    "wales cymru scot".split()
)


class SenderRole(StrEnum):
    """What the sender of a mail is to an enquiry; only its service area proposes what the council answered."""

    SERVICE_AREA = "service_area"
    COUNCILLOR = "councillor"
    RESIDENT = "resident"
    UNKNOWN = "unknown"


class SenderProof(StrEnum):
    """What the mail server that took a mail in found out about its sender.

    INTERNAL signed in to the council's own server. PASSED and FAILED are DMARC's judgement of a sender from outside
    (RFC 7489). NOT_TOLD is everything else: mail from a folder, or a server that did not say.
    """

    NOT_TOLD = "not_told"
    INTERNAL = "internal"
    PASSED = "passed"
    FAILED = "failed"


def domain_of(address: str) -> str:
    """What follows the last @, in lower case."""
    return address.rpartition("@")[2].strip().lower()


def stands_for_one_body(domain: str) -> bool:
    """Whether everybody at a domain belongs to one body: never where anyone can have an address."""
    return "." in domain and domain not in _FREE_MAIL and domain not in _SHARED_ENDINGS


def is_at(address: str, domains: Iterable[str]) -> bool:
    """Whether the address is at one of the domains or under one; free mail never is."""
    mine = domain_of(address)
    return any(
        stands_for_one_body(domain) and (mine == domain or mine.endswith(f".{domain}"))
        for domain in (given.strip().lower().lstrip("@") for given in domains)
    )
