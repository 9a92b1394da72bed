"""Where a link in a mail leads: an address of the web or of a person, written so that nothing in it can be mistaken."""

import html
import re
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urlsplit

LONGEST = 4_000
_SHOWN = 80
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]{0,251}[a-z0-9_])?\.?|\[[0-9a-f:.]{2,45}\]")
_PERSON = re.compile(r"[\w.+'=-]{1,100}@[A-Za-z0-9.-]{1,253}", re.ASCII)
_KEPT_LETTERS = "!#$%&'()*+,-./:;=?@[]_~"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An address in ASCII, and as much of it as is shown: of one of the web always all of its host."""

    address: str
    shown: str

    def is_said_by(self, words: str) -> bool:
        """Whether these words are the address itself, so that it need not be shown beside them."""
        said = " ".join(words.split()).strip("<>[]()").removesuffix("/").casefold()
        whole = self.address.removesuffix("/").casefold()
        return said in {whole, whole.partition("://")[2] or whole.removeprefix("mailto:")}


def link_of(written: str) -> Link | None:
    """Where a link leads; None where that is no page of the web and no person, or cannot be said for certain."""
    plain = re.sub(r"[\x00-\x20\x7f]+", "", html.unescape(written[:LONGEST]))
    if plain[:7].casefold() == "mailto:":
        person = _PERSON.match(plain, 7)
        return Link(address=f"mailto:{person[0]}", shown=person[0]) if person else None
    try:
        split = urlsplit(plain.replace("\\", "/"))
        begins = f"{split.scheme}://{_host(split)}"
    except ValueError:
        return None
    if split.scheme not in {"http", "https"}:
        return None
    rest = split.path + (f"?{split.query}" if split.query else "") + (f"#{split.fragment}" if split.fragment else "")
    rest = quote(rest or "/", safe=_KEPT_LETTERS)
    room = max(_SHOWN - len(begins), 20)
    return Link(address=begins + rest, shown=begins + (rest if len(rest) <= room else f"{rest[: room - 1]}…"))


def _host(split: SplitResult) -> str:
    """The host and port as ASCII; a name and password before it are left out. Raises `ValueError` for an odd one."""
    name = (split.hostname or "").rstrip(".")
    if not name.isascii():
        name = name.encode("idna").decode("ascii")
    name = f"[{name}]" if ":" in name else name
    if not _HOST.fullmatch(name):
        raise ValueError("no host that a browser would understand alike")
    return name if split.port is None else f"{name}:{split.port}"
