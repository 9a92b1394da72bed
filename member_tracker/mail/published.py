"""A small file that is published for everybody, read over https without saying who asks.

It lies beside the mail because the library that speaks HTTP stays there.
"""

import time
from http import HTTPStatus

import requests
import urllib3

from member_tracker.domain.errors import Offline, TooSlow, TrackerError, Unavailable
from member_tracker.mail.tls import new_session

_CONNECT_SECONDS = 10.0
_AT_ONCE = 16 * 1024
_SLOW = (requests.exceptions.Timeout, urllib3.exceptions.TimeoutError, TimeoutError)
_ADVICE = "Whoever publishes it must put it right."


def read_published(address: str, *, ca_file: str = "", largest: int, seconds: float = 20.0) -> bytes:
    """The file at a safe address, at most `largest` bytes of it and for at most `seconds`; raises in words.

    The request has no cookie, sign-in or query and names neither program version nor user; no redirection is followed.
    """
    session = new_session(ca_file, connections=1)
    session.headers.clear()
    session.headers.update({"User-Agent": "MemberTracker", "Accept": "application/json", "Accept-Encoding": "identity"})
    request = requests.PreparedRequest()
    request.prepare(method="GET", url=address, headers=session.headers)
    until = time.monotonic() + seconds
    try:
        found = session.merge_environment_settings(request.url, {}, True, None, None)
        timeout = (min(_CONNECT_SECONDS, seconds), seconds)
        sending = session.get_adapter(address).send(
            request, stream=True, timeout=timeout, verify=found["verify"] or False, proxies=found["proxies"]
        )
        with sending as answer:
            _must_be_it(answer)
            return _content(answer, largest, until)
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
        raise _in_words(error) from error
    finally:
        session.close()


def _must_be_it(answer: requests.Response) -> None:
    if answer.status_code == HTTPStatus.OK:
        return
    if answer.is_redirect:
        raise Unavailable("The address leads on to another one, which is not followed.", advice=_ADVICE)
    if answer.status_code == HTTPStatus.NOT_FOUND:
        raise Unavailable("There is nothing at that address.", advice=_ADVICE)
    raise Unavailable(f"The server did not give what was asked for (HTTP {answer.status_code}).", advice=_ADVICE)


def _content(answer: requests.Response, largest: int, until: float) -> bytes:
    """What comes, part by part: a server that sends for ever, or a byte now and then, is not listened to."""
    content = b""
    while part := answer.raw.read1(_AT_ONCE):
        content += part
        if len(content) > largest:
            raise Unavailable(
                f"What lies there is longer than {largest // 1024} kB, so it was not read.", advice=_ADVICE
            )
        if time.monotonic() > until:
            raise TooSlow("The server took too long.", advice="It is tried again tomorrow.")
    return content


def _in_words(error: Exception) -> TrackerError:
    if isinstance(error, requests.exceptions.SSLError):
        return Unavailable(
            "The server could not prove who it is, so nothing was read from it.",
            advice="Its certificate must be of an authority this computer trusts, or that the policy’s ca_file names.",
        )
    if isinstance(error, _SLOW):
        return TooSlow("The server took too long.", advice="It is tried again tomorrow.")
    return Offline("The server could not be reached.", advice="It is tried again tomorrow.")
