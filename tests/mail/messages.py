"""Made-up messages as bytes."""


def message(*headers: str, body: str | bytes = "Hello\n") -> bytes:
    """A message of these header lines and this body, with a sender, a date and an id where none are given."""
    given = {line.partition(":")[0].lower() for line in headers}
    usual = {
        "from": "From: Pat Green <pat@example.org>",
        "to": "To: members@example.org",
        "date": "Date: Wed, 18 Nov 2026 09:30:00 +0000",
        "message-id": "Message-ID: <one@example.org>",
    }
    lines = [line for name, line in usual.items() if name not in given] + list(headers)
    content = body if isinstance(body, bytes) else body.encode("utf-8")
    return "\r\n".join(lines).encode("utf-8", "surrogateescape") + b"\r\n\r\n" + content
