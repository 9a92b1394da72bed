"""Hold SOAP messages to Microsoft's published schemas, in the folder of reference material beside the project.

`faults_in(message)` gives what is wrong with every header block and body element. Without that folder there is nothing
to hold them to: `available()` is false and no fault is ever found.
"""

import re
import shutil
from collections.abc import Iterable
from functools import cache
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol
from xml.etree import ElementTree as ET
from xml.etree.ElementTree import Element

SCHEMAS = Path(__file__).resolve().parent.parent.parent.parent / "shared" / "schemas"
MAIN = "ews-interop-merged-2016"
OLDER = "ews-managed-api-2013SP1"
XS = "{http://www.w3.org/2001/XMLSchema}"
SOAP = "{http://schemas.xmlsoap.org/soap/envelope/}"
TYPES = "{http://schemas.microsoft.com/exchange/services/2006/types}"
# Written down only in the older schema, which knows no newer version than its own.
ONLY_IN_OLDER = ("Availability", "Oof", "MailTips")
NEVER_IN_OLDER = {TYPES + "RequestServerVersion", TYPES + "ServerVersionInfo"}


class Fault(Protocol):
    """One thing wrong."""

    message: str


class Schema(Protocol):
    """A schema ready for use, of lxml, which has no types of its own."""

    error_log: Iterable[Fault]

    def validate(self, tree: object) -> bool:
        """Whether a document keeps to it; otherwise `error_log` says why not."""


# lxml is imported here alone.
etree = import_module("lxml.etree")


def available() -> bool:
    """Whether the schemas are here."""
    return (SCHEMAS / MAIN / "messages.xsd").is_file()


def faults_in(message: bytes) -> list[str]:
    """What is wrong with a SOAP message, one line a fault; SOAP's own elements (Fault) are not looked at."""
    if not available():
        return []
    try:
        root = ET.fromstring(message)
    except ET.ParseError as error:
        return [f"no XML: {error}"]
    body, header = root.find(SOAP + "Body"), root.find(SOAP + "Header")
    if body is None or len(body) != 1:
        return ["no SOAP body, or not one element in it"]
    older = any(word in body[0].tag for word in ONLY_IN_OLDER)
    blocks = [*(() if header is None else header), body[0]]
    known = [one for one in blocks if not (one.tag.startswith(SOAP) or (older and one.tag in NEVER_IN_OLDER))]
    schema = compiled(OLDER if older else MAIN)
    return [fault for one in known for fault in _check(schema, one)]


def _check(schema: Schema, block: Element) -> list[str]:
    if schema.validate(etree.fromstring(ET.tostring(block), etree.XMLParser(huge_tree=True))):
        return []
    name = block.tag.rpartition("}")[2]
    return [f"{name}: {fault.message}" for fault in schema.error_log]


@cache
def compiled(name: str) -> Schema:
    """The schema of this folder, made ready once a process."""
    with TemporaryDirectory() as place:
        copy = Path(place)
        for part in ("types.xsd", "messages.xsd"):
            text = (SCHEMAS / name / part).read_text(encoding="utf-8-sig")
            (copy / part).write_text(_readable(text), encoding="utf-8")
        shutil.copyfile(SCHEMAS / name / "xml.xsd", copy / "xml.xsd")
        schema: Schema = etree.XMLSchema(file=str(copy / "messages.xsd"))
        return schema


def _readable(schema: str) -> str:
    """The schema saying where the xml: names are, and allowing clients of every version it lists."""
    schema = schema.replace(' use="required" fixed="Exchange2016"', ' use="required"')
    return re.sub(r'(<xs:import namespace="[^"]*/XML/1998/namespace")\s*/>', r'\1 schemaLocation="xml.xsd"/>', schema)
