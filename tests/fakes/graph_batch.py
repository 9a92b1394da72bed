"""Several requests in one: https://learn.microsoft.com/graph/json-batching."""

import json
from base64 import b64encode
from collections.abc import Callable, Mapping
from email.message import Message
from http import HTTPStatus
from typing import cast

from tests.fakes.graph_desk import Desk
from tests.fakes.graph_query import invalid
from tests.fakes.graph_words import GraphError, Reply, text_of
from tests.fakes.http_loopback import Answer, Request

MOST = 20
KNOWN = {"id", "method", "url", "headers", "body", "dependsOn"}


def batch(desk: Desk, request: Request, run: Callable[[Request], Answer]) -> Reply:
    """POST $batch: every inner request is answered for itself, also when it is told to come back later."""
    try:
        asked = json.loads(request.body)["requests"]
    except (ValueError, KeyError, TypeError):
        raise invalid("Invalid batch payload format.") from None
    if not isinstance(asked, list) or len(asked) > MOST:
        raise invalid(f"Number of batch request steps exceeds the maximum value of {MOST}.")
    answers: dict[str, dict[str, object]] = {}
    for one in asked:
        if not isinstance(one, dict) or set(one) - KNOWN or not isinstance(one.get("id"), str) or one["id"] in answers:
            raise invalid("Every request of a batch needs an id of its own, a method and a url, and nothing unknown.")
        answers[one["id"]] = _answered(desk, request, one, answers, run)
    return Reply(json={"responses": list(answers.values())})


def _answered(
    desk: Desk,
    request: Request,
    one: Mapping[str, object],
    before: Mapping[str, dict[str, object]],
    run: Callable[[Request], Answer],
) -> dict[str, object]:
    needed = one.get("dependsOn")
    for name in needed if isinstance(needed, list) else []:
        status = before.get(name, {}).get("status", HTTPStatus.BAD_REQUEST)
        if isinstance(status, int) and status >= HTTPStatus.BAD_REQUEST:
            return _failed(one, HTTPStatus.FAILED_DEPENDENCY, "FailedDependency", "A step before this one failed.")
    if desk.throttled_in_batch:
        desk.throttled_in_batch -= 1
        shown = _failed(one, HTTPStatus.TOO_MANY_REQUESTS, "ApplicationThrottled", "MailboxConcurrency limit exceeded.")
        return shown | {"headers": {"Retry-After": "1", "Content-Type": "application/json"}}
    return _shown(one, run(_inner(request, one)))


def _inner(request: Request, one: Mapping[str, object]) -> Request:
    path, _, query = text_of(one, "url").partition("?")
    given = one.get("headers")
    headers = Message()
    headers["Authorization"] = request.headers.get("Authorization", "")
    for name, value in given.items() if isinstance(given, dict) else ():
        headers[str(name)] = str(value)
    body = one.get("body")
    raw = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    return Request(
        method=text_of(one, "method"),
        path="/v1.0" + path,
        query=query,
        headers=cast("Mapping[str, str]", headers),
        body=b"" if body is None else raw,
        connection=request.connection,
    )


def _shown(one: Mapping[str, object], answer: Answer) -> dict[str, object]:
    headers = dict(answer.headers)
    shown: dict[str, object] = {"id": one["id"], "status": answer.status, "headers": headers}
    if not answer.body:
        return shown
    if headers.get("Content-Type", "").startswith("application/json"):
        return shown | {"body": json.loads(answer.body)}
    return shown | {"body": b64encode(answer.body).decode()}


def _failed(one: Mapping[str, object], status: int, code: str, text: str) -> dict[str, object]:
    error = GraphError(status, code, text)
    return {"id": one["id"], "status": error.status, "body": {"error": {"code": error.code, "message": error.text}}}
