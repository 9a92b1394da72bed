"""A test Exchange server: Exchange Web Services over real HTTP on the loopback address, standing on a `World`.

    with EwsServer(world) as server:
        ...  # server.url, server.faults, server.traffic, server.switches, server.schema_errors

It keeps to what is published: every request and every answer is held to Microsoft's schemas, and what does not fit is
in `schema_errors`, which fails a test that uses the server as above. By hand, `python -m tests.fakes.ews_server --port
8080` serves an imaginary council.
"""

import argparse
import sys
from collections.abc import Callable
from contextlib import suppress
from threading import Event
from xml.etree import ElementTree as ET
from xml.etree.ElementTree import Element

from tests.fakes import ews_autodiscover, ews_availability, ews_find, ews_folders, ews_items, schema_check
from tests.fakes.ews_asking import Asking, Switches
from tests.fakes.ews_sign_in import BASIC, NTLM, SignIn
from tests.fakes.ews_xml import Reply, SoapFault, envelope, fault, find, local, responses
from tests.fakes.exchange_items import Refused
from tests.fakes.exchange_world import DEFAULT_PASSWORD, World
from tests.fakes.http_faults import Throttle, Trouble
from tests.fakes.http_loopback import Answer, Authority, LoopbackServer, Request
from tests.fakes.imaginary_council import CLERK, imaginary_council, wall_clock

PATH = "/EWS/Exchange.asmx"
DISCOVER = ("/autodiscover/autodiscover.xml", "/autodiscover/autodiscover.svc")
XML = (("Content-Type", "text/xml; charset=utf-8"),)
KNOWN_VERSIONS = frozenset(
    "Exchange2007 Exchange2007_SP1 Exchange2010 Exchange2010_SP1 Exchange2010_SP2 Exchange2013 Exchange2013_SP1 "
    "Exchange2015 Exchange2016".split()
)
OPERATIONS: dict[str, Callable[[Asking, Element], Element]] = {
    "GetFolder": ews_folders.get_folder,
    "FindFolder": ews_folders.find_folder,
    "CreateFolder": ews_folders.create_folder,
    "SyncFolderItems": ews_find.sync_folder_items,
    "FindItem": ews_find.find_item,
    "GetItem": ews_items.get_item,
    "CreateItem": ews_items.create_item,
    "UpdateItem": ews_items.update_item,
    "SendItem": ews_items.send_item,
    "DeleteItem": ews_items.delete_item,
    "MoveItem": ews_items.move_item,
    "GetAttachment": ews_items.get_attachment,
    "ConvertId": ews_items.convert_id,
    "GetServerTimeZones": ews_availability.get_server_time_zones,
    "GetUserAvailability": ews_availability.get_user_availability,
    "GetMailTips": ews_availability.get_mail_tips,
    "GetUserOofSettings": ews_availability.get_user_oof_settings,
    "ResolveNames": ews_availability.resolve_names,
}


class EwsServer(LoopbackServer):
    """The server. `ways` are the ways of signing in it offers; with an `authority` it speaks TLS."""

    def __init__(
        self,
        world: World,
        *,
        port: int = 0,
        authority: Authority | None = None,
        ways: tuple[str, ...] = (BASIC, NTLM),
        needs_channel_binding: bool = False,
    ) -> None:
        super().__init__(port=port, authority=authority)
        self.world = world
        self.switches = Switches()
        self.schema_errors: list[str] = []
        self._sign_in = SignIn(world, ways, needs_channel_binding=needs_channel_binding)

    @property
    def url(self) -> str:
        """The address of the web service."""
        return self.root_url + PATH

    def operation_of(self, request: Request) -> str:
        """The operation's own name, such as `GetItem`; `Autodiscover`; or the HTTP method."""
        if request.path.lower() in DISCOVER:
            return "Autodiscover"
        try:
            return _operation(_body(request)) if request.method == "POST" else request.method
        except SoapFault:
            return request.method

    def signed_in(self, request: Request) -> str | Answer:
        """Who asks, by Basic or NTLM."""
        return self._sign_in.user_of(request)

    def refused(self, request: Request) -> Answer:
        """401, with the ways to sign in."""
        request.connection.memory.clear()
        return self._sign_in.refused()

    def answer(self, request: Request, user: str) -> Answer:
        """The answer to a signed-in request."""
        path = request.path.lower()
        if path in DISCOVER:
            return self._autodiscovered(request)
        if path != PATH.lower():
            return Answer(status=404)
        if request.method != "POST":
            return Answer(headers=(("Content-Type", "text/html; charset=utf-8"),), body=b"<p>Exchange Web Services</p>")
        try:
            return self._checked(self._done(request, user), 200)
        except SoapFault as problem:
            return Answer(status=500, headers=XML, body=fault(problem))

    def busy(self, trouble: Trouble) -> Answer:
        """Too busy: 429 or 503 with Retry-After, or Exchange's own fault with its back-off."""
        if trouble.throttle is Throttle.BUSY_FAULT:
            values = {"BackOffMilliseconds": str(int(trouble.wait_seconds * 1000))} if trouble.wait_seconds else {}
            text = "The server cannot service this request right now. Try again later."
            return Answer(status=500, headers=XML, body=fault(SoapFault("ErrorServerBusy", text, values)))
        wait = (("Retry-After", str(int(trouble.wait_seconds))),) if trouble.wait_seconds else ()
        status = trouble.throttle.value if trouble.throttle is not None else 503
        return Answer(status=status, headers=(("Content-Type", "text/html"), *wait), body=b"Service Unavailable")

    def check(self) -> None:
        """Also fail where a message did not keep to the schemas."""
        super().check()
        if self.schema_errors:
            raise AssertionError("\n".join(self.schema_errors))

    def _done(self, request: Request, user: str) -> bytes:
        self.schema_errors += (f"request: {one}" for one in schema_check.faults_in(request.body))
        envelope_in = _envelope(request)
        _check_header(envelope_in)
        body = _body(request)
        operation = _operation(body)
        act = OPERATIONS.get(operation)
        if operation in self.switches.lacks:
            raise SoapFault("", f"Unknown request '{operation}'")
        if act is None:
            text = f"The request failed schema validation: the element 'Body' has invalid child element '{operation}'."
            raise SoapFault("ErrorSchemaValidation", text)
        zone = find(envelope_in, "Header/TimeZoneContext/TimeZoneDefinition")
        asking = Asking(
            world=self.world,
            user=user,
            zone_id="UTC" if zone is None else zone.get("Id", "UTC"),
            switches=self.switches,
            traffic=self.traffic,
        )
        with self.world.lock:
            try:
                return envelope(act(asking, body))
            except Refused as refusal:
                return envelope(responses(operation, [Reply(code=refusal.code, text=refusal.text)]))

    def _checked(self, body: bytes, status: int) -> Answer:
        self.schema_errors += (f"answer: {one}" for one in schema_check.faults_in(body))
        return Answer(status=status, headers=XML, body=body)

    def _autodiscovered(self, request: Request) -> Answer:
        if request.method != "POST":
            return Answer(headers=(("Content-Type", "text/html"),))
        try:
            asked = ET.fromstring(request.body)
        except ET.ParseError:
            return Answer(status=400)
        answer = ews_autodiscover.by_soap if ews_autodiscover.is_soap(asked) else ews_autodiscover.plain
        return Answer(headers=XML, body=answer(self.world, asked, self.url))


def _envelope(request: Request) -> Element:
    known = request.notes.get("envelope")
    if isinstance(known, Element):
        return known
    try:
        read: Element = ET.fromstring(request.body)
    except ET.ParseError:
        raise SoapFault("ErrorSchemaValidation", "The request failed schema validation: it is no XML.") from None
    request.notes["envelope"] = read
    return read


def _body(request: Request) -> Element:
    body = find(_envelope(request), "Body")
    if body is None or not len(body):
        raise SoapFault("ErrorSchemaValidation", "The request failed schema validation: there is no body.")
    return body[0]


def _operation(body: Element) -> str:
    return local(body).removesuffix("Request")


def _check_header(request: Element) -> None:
    version = find(request, "Header/RequestServerVersion")
    if version is not None and version.get("Version") not in KNOWN_VERSIONS:
        raise SoapFault("ErrorInvalidServerVersion", "The specified server version is invalid.")
    if find(request, "Header/ExchangeImpersonation") is not None:
        raise SoapFault("ErrorImpersonateUserDenied", "The account does not have permission to impersonate the user.")


def main() -> None:
    """Serve the imaginary council until interrupted."""
    reader = argparse.ArgumentParser(
        description="An imaginary council's Exchange server, for trying the program by hand."
    )
    reader.add_argument("--port", type=int, default=8080)
    world = imaginary_council(wall_clock)
    with EwsServer(world, port=reader.parse_args().port) as server, suppress(KeyboardInterrupt):
        sys.stdout.write(f"{server.url}\nUser {CLERK}, password: {DEFAULT_PASSWORD}\n")
        sys.stdout.write(f"Mailboxes: {', '.join(world.mailboxes)}\n")
        Event().wait()


if __name__ == "__main__":
    main()
