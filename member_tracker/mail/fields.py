"""What the header of a part says: its media type, the parameters of that, and the name its sender gave it."""

import re
from email.message import Message

from member_tracker.mail.charsets import decode_text
from member_tracker.mail.headers import decode_words, unicode_of

_PARAMETER = re.compile(
    r";\s*(?P<name>[\w*-]+)\s*=\s*(?:\"(?P<quoted>(?:[^\"\\]|\\.)*)\"?|(?P<bare>[^;\"]*))", re.IGNORECASE
)


def raw_header(message: Message, name: str) -> str:
    """The first value of a header field as it stands, empty where there is none."""
    return next((str(value) for key, value in message.raw_items() if key.lower() == name), "")


def media_type(part: Message) -> str:
    """The media type in lower case; what is missing or malformed is plain text, as the standard says."""
    raw = raw_header(part, "content-type")
    kind = unicode_of(raw.partition(";")[0]).strip().lower()
    if re.fullmatch(r"[\w.+-]{1,60}/[\w.+-]{1,100}", kind):
        return kind
    return {"text": "text/plain", "html": "text/html"}.get(kind, part.get_default_type() if not kind else "text/plain")


def parameters(raw: str) -> dict[str, str]:
    """The parameters of a Content-Type or Content-Disposition, continued and percent-encoded ones joined."""
    found: dict[str, str] = {}
    pieces: dict[str, dict[int, str]] = {}
    for match in _PARAMETER.finditer(unicode_of(raw[:20_000])):
        name = match["name"].lower()
        value = match["bare"].strip() if match["quoted"] is None else re.sub(r"\\(.)", r"\1", match["quoted"])
        base, star, number = name.partition("*")
        if not star:
            found.setdefault(name, value)
        else:
            index = int(number.rstrip("*")) if number.rstrip("*").isdecimal() and len(number) < 4 else 0
            pieces.setdefault(base, {})[index] = value if name.endswith("*") else value.replace("%", "%25")
    for base, numbered in pieces.items():
        found[base] = _percent_decoded("".join(numbered[index] for index in sorted(numbered)))
    return found


def _percent_decoded(value: str) -> str:
    charset, first, rest = value.partition("'")
    _, second, text = rest.partition("'")
    if not (first and second):
        charset, text = "utf-8", value
    data = re.sub(
        rb"%([0-9A-Fa-f]{2})", lambda found: bytes([int(found[1], 16)]), text.encode("utf-8", "surrogateescape")
    )
    return decode_text(data, charset)[0]


def filename(part: Message) -> str:
    """The name the sender gave a part, decoded but not yet made safe; empty where there is none."""
    for header, parameter in (("content-disposition", "filename"), ("content-type", "name")):
        if value := parameters(";" + raw_header(part, header).partition(";")[2]).get(parameter):
            return decode_words(value)
    return ""
