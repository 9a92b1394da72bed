"""A council's web server that announces versions of the program, over real HTTP on this computer."""

import json

from tests.fakes.http_faults import Trouble
from tests.fakes.http_loopback import Answer, Authority, LoopbackServer, Request


class AnnouncingServer(LoopbackServer):
    """Gives `content` with `status` at `/new.json`; `asked` keeps every request as it came."""

    def __init__(self, *, authority: Authority | None = None) -> None:
        super().__init__(authority=authority)
        self.asked: list[Request] = []
        self.status = 200
        self.headers: tuple[tuple[str, str], ...] = ()
        self.content = b""

    @property
    def address(self) -> str:
        """Where versions are announced."""
        return f"{self.root_url}/new.json"

    def announce(self, **said: object) -> None:
        """Announce what is said from now on."""
        self.status, self.headers, self.content = 200, (), json.dumps(said).encode()

    def operation_of(self, request: Request) -> str:
        return request.path

    def signed_in(self, request: Request) -> str | Answer:
        return ""

    def answer(self, request: Request, user: str) -> Answer:
        self.asked.append(request)
        return Answer(status=self.status, body=self.content, headers=self.headers)

    def busy(self, trouble: Trouble) -> Answer:
        return Answer(status=503)

    def refused(self, request: Request) -> Answer:
        return Answer(status=401)
