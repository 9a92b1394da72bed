"""Signing in to the test Exchange server: Basic, and NTLM (MS-NLMP) with its three messages on one connection."""

import hmac
from base64 import b64decode, b64encode
from binascii import Error as BadBase64
from hashlib import md5
from secrets import token_bytes

from spnego._ntlm_raw.crypto import ntowfv1, ntowfv2
from spnego._ntlm_raw.messages import (
    Authenticate,
    AvId,
    Challenge,
    FileTime,
    Negotiate,
    NegotiateFlags,
    NTClientChallengeV2,
    TargetInfo,
)
from spnego.channel_bindings import GssChannelBindings

from tests.fakes.exchange_items import Refused
from tests.fakes.exchange_world import World
from tests.fakes.http_loopback import Answer, Connection, Request

BASIC = "Basic"
NTLM = "NTLM"
_USER = "user"
_CHALLENGE = "challenge"


class SignIn:
    """Who a request comes from. `needs_channel_binding` is Extended Protection: NTLM must name the TLS certificate."""

    def __init__(self, world: World, ways: tuple[str, ...], *, needs_channel_binding: bool = False) -> None:
        self.ways = ways
        self._world = world
        self._needs_channel_binding = needs_channel_binding

    def user_of(self, request: Request) -> str | Answer:
        """The address of who asks, or the 401 that asks for a name and password."""
        way, _, word = request.headers.get("Authorization", "").partition(" ")
        try:
            given = b64decode(word, validate=True)
        except BadBase64:
            return self.refused()
        if way.lower() == "basic" and BASIC in self.ways:
            name, _, password = given.decode("utf-8", "replace").partition(":")
            return self._world.signs_in(name, password) or self.refused()
        if way.lower() == "ntlm" and NTLM in self.ways:
            return self._ntlm(request.connection, given)
        user = request.connection.memory.get(_USER)
        return user if isinstance(user, str) and not way else self.refused()

    def refused(self) -> Answer:
        """Nobody is signed in, and these are the ways to do it."""
        return _unauthorised(*(f'{way} realm="{self._world.host}"' if way == BASIC else way for way in self.ways))

    def _ntlm(self, connection: Connection, token: bytes) -> str | Answer:
        kind = token[8:9]
        if kind == b"\x01":
            challenge = _challenge(token, self._world.host)
            connection.memory[_CHALLENGE] = challenge.server_challenge
            return _unauthorised(f"{NTLM} {b64encode(challenge.pack()).decode()}")
        given = connection.memory.pop(_CHALLENGE, None)
        user = self._proven(connection, token, given) if kind == b"\x03" and isinstance(given, bytes) else None
        if user is None:
            return self.refused()
        connection.memory[_USER] = user
        return user

    def _proven(self, connection: Connection, token: bytes, challenge: bytes) -> str | None:
        """Whose password made this answer to our challenge (MS-NLMP 3.3.2)."""
        answer = Authenticate.unpack(token)
        proof = answer.nt_challenge_response or b""
        try:
            mailbox = self._world.mailbox(answer.user_name or "")
        except Refused:
            return None
        key = ntowfv2(answer.user_name or "", ntowfv1(mailbox.password), answer.domain_name)
        right = hmac.new(key, challenge + proof[16:], md5).digest()
        if mailbox.shared or len(proof) < 44 or not hmac.compare_digest(right, proof[:16]):
            return None
        bound = NTClientChallengeV2.unpack(proof[16:]).av_pairs.get(AvId.channel_bindings)
        return mailbox.address if not self._needs_channel_binding or bound == _binding(connection) else None


def _unauthorised(*ways: str) -> Answer:
    return Answer(status=401, headers=tuple(("WWW-Authenticate", way) for way in ways))


def _binding(connection: Connection) -> bytes:
    """What a client puts into its answer to name our certificate (RFC 5929, tls-server-end-point)."""
    named = GssChannelBindings(application_data=b"tls-server-end-point:" + connection.channel_binding)
    return md5(named.pack()).digest()


def _challenge(token: bytes, host: str) -> Challenge:
    wanted = Negotiate.unpack(token).flags & ~(NegotiateFlags.oem | NegotiateFlags.lm_key | NegotiateFlags.version)
    flags = wanted | NegotiateFlags.request_target | NegotiateFlags.target_info | NegotiateFlags.target_type_server
    about = TargetInfo()
    about[AvId.nb_computer_name] = "MAIL"
    about[AvId.nb_domain_name] = "EXAMPLE"
    about[AvId.dns_computer_name] = host
    about[AvId.timestamp] = FileTime.now()
    return Challenge(flags | NegotiateFlags.unicode, token_bytes(8), target_name="EXAMPLE", target_info=about)
