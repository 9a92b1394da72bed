"""An mbox taken apart into the messages in it, their bytes untouched."""

import re
from collections.abc import Iterator

_SEPARATOR = re.compile(
    rb"(?:\A|(?<=\n\n)|(?<=\n\r\n))From [^\r\n]{1,500}\r?\n(?=>?From |[!-9;-~]{1,100}[ \t]{0,5}:)", re.MULTILINE
)
_LOOKS_DATED = re.compile(rb"From .*\d{1,2}:\d\d.*\d{4}|From .*\d{4}.*\d{1,2}:\d\d")


def is_mbox(start: bytes) -> bool:
    """Whether a file beginning like this is an mbox rather than one message."""
    return start.startswith(b"From ")


def messages_in(data: bytes) -> Iterator[tuple[int, bytes]]:
    """(offset, message) of each message, without its `From ` line and the blank line that ends it.

    A line of a message's text that begins with `From ` starts no message unless it is dated as an envelope line is and
    a header follows. A `>From ` stays as it stands, for nothing tells which of the mbox family wrote it.
    """
    starts = [found for found in _SEPARATOR.finditer(data) if found.start() == 0 or _LOOKS_DATED.match(found.group())]
    if not starts and data.strip():
        yield 0, data
    for number, found in enumerate(starts):
        end = starts[number + 1].start() if number + 1 < len(starts) else len(data)
        yield found.start(), _without_last_blank_line(data[found.end() : end])


def _without_last_blank_line(message: bytes) -> bytes:
    for blank in (b"\r\n\r\n", b"\n\n"):
        if message.endswith(blank):
            return message[: -len(blank) // 2]
    return message
