"""The visible reply: what the sender wrote for this mail, without quoted mail, signature and disclaimer."""

import re
from collections.abc import Sequence

from member_tracker.mail.quoting import attribution_at, quoted_mail_at

LONGEST = 200_000  # characters of a body in which the reply is looked for
MOST_LINES = 4_000
LONGEST_BY_HAND = 3  # lines

_INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad]")
_QUOTED = re.compile(r"[ \t]{0,3}>")
_SIGNATURE = re.compile(r"--[ \t]?|—[ \t]?|[-_]{2,3}[ \t]*")
_DEVICE = re.compile(
    r"[ \t*_]*(?:(?:sent|posted) (?:from|via|with|by|using) (?!the\b|our\b|a\b|us\b)\S.{0,90}|from my (?:i?phone|"
    r"ipad|mobile|android|samsung|blackberry|htc|cell|"
    r"windows|galaxy|huawei|pixel|nokia|tablet).{0,60}|(?:\w+ ){0,3}(?:from|via) (?:my )?mobile\.?|"
    r"get outlook for (?:ios|android).{0,80}|"
    r"(?:sent )?from (?:outlook|mail|yahoo mail|gmail|proton ?mail) for .{1,60}|envoyé (?:depuis|de|"
    r"à partir de) (?:mon|ma|la|outlook|yahoo).{0,80}|von meinem .{1,60} gesendet|"
    r"gesendet (?:von|mit|über) .{1,80}|diese nachricht wurde von .{1,60} gesendet\.?|enviado (?:desde|do|a partir|"
    r"con|pelo) .{1,80}|"
    r"inviato (?:da|dal) .{1,80}|verzonden (?:vanaf|met|vanuit) .{1,80}|(?:skickat|sendt) (?:från|fra|med) .{1,80}|"
    r"wysłane z .{1,60}|"
    r"отправлено (?:с|из) .{1,60}|anfonwyd o(?:'m|'r| fy) .{1,60}|lähetetty .{1,60}|発信.{0,40}iphone.{0,20}|"
    r"发自我的.{1,30})[ \t]*",
    re.IGNORECASE,
)
_DISCLAIMER = re.compile(
    r"[ \t*_>#-]*(?:(?:this|the|any) (?:e-?mail|message|communication|transmission|"
    r"information)(?: \(including[^)]{1,60}\))?"
    r"(?: and| or| contained| in| is| may| transmitted| message)\b.{0,160}"
    r"(?:confidential|privileged|intended|addressee|solely|named|recipient|disclos|virus|attachment|files)|"
    r"(?:confidentiality|legal|privacy|security|copyright) (?:notice|disclaimer|statement)\b|disclaimer\b\W|"
    r"(?:please )?(?:consider|think of) the environment|if you (?:are not|have received) (?:the intended|"
    r"this (?:e-?mail|message|communication))|"
    r"(?:the views|any (?:views|opinions)|views) (?:or opinions )?(?:expressed|presented)|mae(?:'r|"
    r" yr?) (?:e-?bost|neges|wybodaeth) (?:hwn|hon|yn)|"
    r"all (?:e-?mails?|messages?|communications)(?: sent)? (?:to|from|and|are|may) .{0,80}(?:monitored|recorded|"
    r"logged)|"
    r"(?:e-?mails?|this message) (?:may be|are|is|has been) (?:monitored|recorded|scanned|checked)|"
    r"how (?:we|the council) use(?:s)? your (?:personal )?(?:data|information)|"
    r"to (?:unsubscribe|stop receiving)|you (?:are receiving|received) this (?:e-?mail|message) because|"
    r"caution: this e-?mail|\[external\]|external e-?mail:)",
    re.IGNORECASE,
)
_LIST_FOOTER = re.compile(r"[ \t]*(?:_{20,}|-{20,}|\*{10,}|={10,})[ \t]*")
_ONLY_RULE = re.compile(r"[ \t]*[-_=*~—–]{2,}[ \t]*")
_LIST_ADDRESS = re.compile(r"[ \t]*<?https?://\S*(?:/listinfo/|/mailman/|unsubscribe)\S*[ \t]*", re.IGNORECASE)
_CONTACT = re.compile(
    r"[\w.+'-]{1,64}@[\w-]{1,63}\.[\w.-]{2,60}|\bwww\.|https?://|(?:\+\d{1,3}|"
    r"\(?0?\d{2,5}\)?)[ .-]?\d{3,4}[ .-]?\d{3,4}\b|"
    r"^\W*(?:t|tel|telephone|phone|ffôn|m|mob|mobile|fax|e|email|e-bost|ext|ddi|"
    r"direct dial)\b\W{0,3}[:.]?\W{0,3}[\d(+]",
    re.IGNORECASE,
)


def visible_reply(text: str) -> str:
    """The part of a body its sender wrote for this mail: above, below or between what it quotes."""
    lines = _prepared(text)
    return _said(_without_quotations(lines, marked=False)) or _said(_without_quotations(lines, marked=True))


def _said(kept: list[str]) -> str:
    """The text without signature and disclaimer."""
    kept = kept[: _signature_at(kept)]
    return "\n".join(_without_contact_block(_trimmed(kept))).strip()


def _prepared(text: str) -> list[str]:
    """The lines as read on screen; a `>From ` that a mail store wrote is `From ` again."""
    lines = _INVISIBLE.sub("", text[:LONGEST].replace("\u00a0", " ")).split("\n")[:MOST_LINES]
    for number, line in enumerate(lines):
        if line.startswith(">From "):
            neighbours = lines[max(0, number - 1) : number] + lines[number + 1 : number + 2]
            if not any(_QUOTED.match(neighbour) for neighbour in neighbours):
                lines[number] = line[1:]
    return [line.rstrip() if line.rstrip() != "--" else "-- " for line in lines]


def _without_quotations(lines: Sequence[str], *, marked: bool) -> list[str]:
    """Quotations out; what stands below one that its program marked line by line is an answer to it and stays.

    With `marked` a quotation that nobody is named for stays: it is all there is.
    """
    kept: list[str] = []
    at, attributed = 0, False
    while at < len(lines):
        line = lines[at]
        if _QUOTED.match(line):
            end = _quotation_ends(lines, at)
            said_more = any(map(str.strip, lines[end:])) or not any(map(str.strip, kept))
            stays = (marked and said_more) or _is_introduced(kept, end - at)
            kept += lines[at:end] if stays and not attributed else [""]
            at = end
        elif taken := attribution_at(lines, at):
            marked = _next_is_quoted(lines, at + taken)
            if not marked and any(map(str.strip, kept)):
                break
            at, attributed = at + taken, True
        elif quoted_mail_at(lines, at):
            break
        else:
            kept.append(line)
            at += 1
    return kept


def _is_introduced(above: Sequence[str], length: int) -> bool:
    """Whether a short quotation was made by hand: “You asked:” stands above it."""
    last = next((line for line in reversed(above) if line.strip()), "")
    return length <= LONGEST_BY_HAND and last.rstrip().endswith(":") and not _QUOTED.match(last)


def _quotation_ends(lines: Sequence[str], at: int) -> int:
    """Past the quoted lines, blank lines between them, and the ends of quoted lines that were wrapped."""
    end = at + 1
    while end < len(lines):
        if _QUOTED.match(lines[end]):
            end += 1
        elif not lines[end].strip():
            below = next((number for number in range(end, len(lines)) if lines[number].strip()), None)
            if below is None or not _QUOTED.match(lines[below]):
                break
            end = below + 1
        elif len(lines[end - 1]) > 60 and end + 1 < len(lines) and _QUOTED.match(lines[end + 1]):
            end += 2
        else:
            break
    return end


def _next_is_quoted(lines: Sequence[str], at: int) -> bool:
    below = next((line for line in lines[at : at + 4] if line.strip()), "")
    return _QUOTED.match(below) is not None


def _signature_at(lines: Sequence[str]) -> int:
    """The line from which on nothing is said any more: a signature, the name of a device, a disclaimer."""
    has_text = False
    for number, line in enumerate(lines):
        if not has_text or not line.strip():
            has_text = has_text or bool(line.strip())
            continue
        if _SIGNATURE.fullmatch(line) and _is_signature_mark(lines, number):
            return number
        if _DEVICE.fullmatch(line):
            return _with_name_above(lines, number)
        if _DISCLAIMER.match(line) or _is_list_footer(lines, number):
            return number
    return len(lines)


def _is_signature_mark(lines: Sequence[str], number: int) -> bool:
    """`-- ` always; another short rule only where at most a dozen short lines follow and none is a sentence."""
    if lines[number] == "-- ":
        return True
    rest = [line for line in lines[number + 1 :] if line.strip()]
    return len(rest) <= 12 and not any(len(line) > 90 or _is_sentence(line) for line in rest)


def _is_sentence(line: str) -> bool:
    return len(line.split()) > 3 and line.endswith((".", "?", "!"))


def _with_name_above(lines: Sequence[str], number: int) -> int:
    """A name that stands right above the device, apart from the text, goes with it."""
    name_alone = number > 1 and lines[number - 1].strip() and not lines[number - 2].strip()
    if name_alone and len(lines[number - 1].split()) <= 4 and lines[number - 1].strip()[-1].isalpha():
        return number - 1
    return number


def _is_list_footer(lines: Sequence[str], number: int) -> bool:
    """A long rule with nothing but a disclaimer or a mailing list's lines below it."""
    if not _LIST_FOOTER.fullmatch(lines[number]):
        return False
    below = [line for line in lines[number + 1 : number + 8] if line.strip()][:3]
    return bool(below) and any(
        _DISCLAIMER.match(line) or "mailing list" in line or "unsubscribe" in line for line in below
    )


def _trimmed(lines: Sequence[str]) -> list[str]:
    """Without blank lines, rules and a mailing list's address at either end."""
    kept = list(lines)
    while kept and (not kept[-1].strip() or _ONLY_RULE.fullmatch(kept[-1]) or _LIST_ADDRESS.fullmatch(kept[-1])):
        kept.pop()
    while kept and not kept[0].strip():
        kept.pop(0)
    return kept


def _without_contact_block(lines: list[str]) -> list[str]:
    """Without a last block of short lines that holds two ways to reach somebody: it is a signature."""
    start = len(lines)
    while start and lines[start - 1].strip():
        start -= 1
    block = lines[start:]
    if not (start and 2 <= len(block) <= 14) or any(len(line) > 80 or _is_long_sentence(line) for line in block):
        return lines
    contacts = sum(_CONTACT.search(line) is not None for line in block)
    return _trimmed(lines[:start]) if contacts >= 2 else lines


def _is_long_sentence(line: str) -> bool:
    return line.endswith((".", "?", "!")) and len(line.split()) > 5
