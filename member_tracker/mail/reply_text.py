"""The visible reply: what the sender wrote now, without quoted mail, signature and disclaimer."""


def visible_reply(text: str) -> str:
    """The part of a body its sender wrote for this mail."""
    kept = []
    for line in text.split("\n"):
        if line.startswith("-- ") or line == "--":
            break
        if not line.startswith(">"):
            kept.append(line)
    return "\n".join(kept).strip()
