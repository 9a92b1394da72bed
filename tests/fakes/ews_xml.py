"""Reading and writing the XML of Exchange Web Services: names, envelopes, responses, faults."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree as ET
from xml.etree.ElementTree import Element

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
TYPES = "http://schemas.microsoft.com/exchange/services/2006/types"
MESSAGES = "http://schemas.microsoft.com/exchange/services/2006/messages"
ERRORS = "http://schemas.microsoft.com/exchange/services/2006/errors"
for _prefix, _name in (("soap", SOAP), ("t", TYPES), ("m", MESSAGES), ("e", ERRORS)):
    ET.register_namespace(_prefix, _name)

# Control characters and halves of characters, which XML cannot carry.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# What a response message holds even where it tells of an error.
IN_REFUSALS_TOO: dict[str, tuple[tuple[str, str | None], ...]] = {
    "CreateItemResponseMessage": (("Items", None),),
    "GetItemResponseMessage": (("Items", None),),
    "MoveItemResponseMessage": (("Items", None),),
    "UpdateItemResponseMessage": (("Items", None),),
    "GetAttachmentResponseMessage": (("Attachments", None),),
    "SyncFolderItemsResponseMessage": (("SyncState", None), ("IncludesLastItemInRange", "true")),
}
VERSION = {
    "MajorVersion": "15",
    "MinorVersion": "1",
    "MajorBuildNumber": "2507",
    "MinorBuildNumber": "39",
    "Version": "V2017_07_11",
}


class SoapFault(Exception):
    """The whole request is refused: `code` is Exchange's word, `values` are the details a client is told."""

    def __init__(self, code: str, text: str, values: dict[str, str] | None = None) -> None:
        super().__init__(f"{code}: {text}")
        self.code = code
        self.text = text
        self.values = values or {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One response message: what it holds after its code, and the code where it is an error."""

    parts: tuple[Element, ...] = ()
    code: str = "NoError"
    text: str = ""


def t(name: str, text: str | None = None, *children: Element, **attributes: str) -> Element:
    """An element of the types."""
    return _element(TYPES, name, text, children, attributes)


def m(name: str, text: str | None = None, *children: Element, **attributes: str) -> Element:
    """An element of the messages."""
    return _element(MESSAGES, name, text, children, attributes)


def _element(
    space: str, name: str, text: str | None, children: Iterable[Element], attributes: dict[str, str]
) -> Element:
    element = Element(f"{{{space}}}{name}", attributes)
    element.text = None if text is None else _NOT_XML.sub("", text)
    element.extend(children)
    return element


def local(element: Element) -> str:
    """The name of an element without its namespace."""
    return element.tag.rpartition("}")[2]


def find(element: Element, path: str) -> Element | None:
    """The first element at a path of local names, in whatever namespace."""
    return element.find("/".join("{*}" + step for step in path.split("/")))


def find_all(element: Element, path: str) -> list[Element]:
    """Every element at a path of local names."""
    return element.findall("/".join("{*}" + step for step in path.split("/")))


def needed(element: Element, path: str) -> Element:
    """The element at a path, which a client must send."""
    found = find(element, path)
    if found is None:
        raise SoapFault("ErrorInvalidRequest", f"The request is invalid: {path} is missing.")
    return found


def text_at(element: Element, path: str, default: str = "") -> str:
    """The text at a path, or what stands for it."""
    found = find(element, path)
    return default if found is None or found.text is None else found.text.strip()


def children(element: Element | None) -> list[Element]:
    """What an element that may be missing holds."""
    return [] if element is None else list(element)


def truth(value: bool) -> str:
    """Yes or no as XML writes it."""
    return "true" if value else "false"


def is_true(text: str) -> bool:
    """Whether XML's yes was written, in either way."""
    return text in {"true", "1"}


def stamp(moment: datetime) -> str:
    """A moment as Exchange writes it: UTC, whole seconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment_of(text: str) -> datetime:
    """The moment a client wrote; without a zone it means UTC."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise SoapFault("ErrorInvalidRequest", f"The request is invalid: {text!r} is no date.") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def envelope(body: Element) -> bytes:
    """A whole answer around a body element."""
    root = Element(f"{{{SOAP}}}Envelope")
    header = ET.SubElement(root, f"{{{SOAP}}}Header")
    header.append(t("ServerVersionInfo", None, **VERSION))
    ET.SubElement(root, f"{{{SOAP}}}Body").append(body)
    text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return text


def responses(operation: str, replies: Iterable[Reply], *, message: str | None = None) -> Element:
    """The usual shape of an answer: one response message for each thing asked."""
    name = message or f"{operation}ResponseMessage"
    return m(f"{operation}Response", None, m("ResponseMessages", None, *(_message(name, one) for one in replies)))


def _message(name: str, reply: Reply) -> Element:
    if reply.code == "NoError":
        return m(name, None, m("ResponseCode", "NoError"), *reply.parts, ResponseClass="Success")
    told = (m("MessageText", reply.text), m("ResponseCode", reply.code), m("DescriptiveLinkKey", "0"))
    always = (m(part, text) for part, text in IN_REFUSALS_TOO.get(name, ()))
    return m(name, None, *told, *always, ResponseClass="Error")


def status(reply: Reply) -> Element:
    """The `ResponseMessage` of the operations that have a shape of their own."""
    return _message("ResponseMessage", reply)


def fault(problem: SoapFault) -> bytes:
    """The answer to a request that is refused as a whole; without a code, as servers that are not Exchange put it."""
    body = Element(f"{{{SOAP}}}Fault")
    ET.SubElement(body, "faultcode").text = f"a:{problem.code}" if problem.code else "soap:Client"
    ET.SubElement(body, "faultstring").text = problem.text
    if problem.code:
        body.append(_detail(problem))
    return envelope(body)


def _detail(problem: SoapFault) -> Element:
    detail = Element("detail")
    ET.SubElement(detail, f"{{{ERRORS}}}ResponseCode").text = problem.code
    ET.SubElement(detail, f"{{{ERRORS}}}Message").text = problem.text
    if problem.values:
        told = ET.SubElement(detail, f"{{{TYPES}}}MessageXml")
        told.extend(t("Value", value, Name=name) for name, value in problem.values.items())
    return detail
