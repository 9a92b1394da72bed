"""What finding asks, and the words for where something was found."""

from member_tracker.app import App
from member_tracker.domain.change import RecordKind
from member_tracker.services.finding import Anchor, Finding, Findings, Order, find
from ui.language import tr, tr_word

PAGE_ROWS = 50


def read_findings(app: App, words: str, order: Order, after: object | None = None) -> Findings:
    """A full page of what was found, where there is as much."""
    anchor = after if isinstance(after, Anchor) else None
    read = find(app, words, order=order, after=anchor, limit=PAGE_ROWS)
    found = list(read.found)
    while read.next is not None and len(found) < PAGE_ROWS:
        read = find(app, words, order=order, after=read.next, limit=PAGE_ROWS - len(found))
        found += read.found
    return Findings(found=tuple(found), next=read.next, meant=read.meant, wrong_reference=read.wrong_reference)


def where_words(finding: Finding) -> str:
    """Where the words stand, in a word or two."""
    if finding.part in _PARTS:
        return _PARTS[finding.part]
    return _KINDS.get(finding.kind, tr_word(finding.kind))


_PARTS = {
    "reference": tr("Reference"),
    tr("other reference"): tr("Other reference"),
    "resident": tr("Resident"),
    "from": tr("Sender"),
}
_KINDS = {
    RecordKind.ENQUIRY: tr("Enquiry"),
    RecordKind.MAIL: tr("Mail"),
    RecordKind.ENTRY: tr("Note"),
    RecordKind.OUTGOING: tr("Our mail"),
}
