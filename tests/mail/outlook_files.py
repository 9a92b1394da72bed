"""Files as Outlook writes them, made by hand: a .msg (a compound file) and a winmail.dat."""

import struct
from dataclasses import dataclass, field

_SECTOR, _MINI, _CUTOFF = 512, 64, 4096
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


@dataclass
class Folder:
    """A storage: streams by name, and storages in it."""

    streams: dict[str, bytes] = field(default_factory=dict)
    folders: dict[str, "Folder"] = field(default_factory=dict)


def text_streams(texts: dict[str, str]) -> dict[str, bytes]:
    """Unicode text properties by their number in hex."""
    return {f"__substg1.0_{pid}001F": text.encode("utf-16-le") for pid, text in texts.items()}


def msg_folder(
    texts: dict[str, str], *, depth: int = 0, files: tuple[tuple[str, bytes], ...] = (), inner: tuple[Folder, ...] = ()
) -> Folder:
    """A message with text properties, attached files and attached messages."""
    folder = Folder(streams=text_streams(texts) | {"__properties_version1.0": bytes(24 if depth else 32)})
    for number, (name, content) in enumerate(files):
        streams = text_streams({"3707": name}) | {"__substg1.0_37010102": content, "__properties_version1.0": bytes(8)}
        folder.folders[f"__attach_version1.0_#{number:08X}"] = Folder(streams=streams)
    for number, message in enumerate(inner, start=len(files)):
        attached = Folder(streams=text_streams({"3001": "An original"}) | {"__properties_version1.0": bytes(8)})
        attached.folders["__substg1.0_3701000D"] = message
        folder.folders[f"__attach_version1.0_#{number:08X}"] = attached
    return folder


def compound_file(root: Folder) -> bytes:
    """The bytes of a compound file (version 3) that holds these storages and streams."""
    entries: list[list[object]] = []  # name, type, child, right sibling, content
    _add(entries, "Root Entry", 5, root)
    mini, body, mini_fat, fat = b"", b"", list[int](), list[int]()
    starts: list[tuple[int, int]] = []
    for _, kind, _, _, content in entries:
        data = content if isinstance(content, bytes) else b""
        if kind != 2 or not data:
            starts.append((_END, 0))
        elif len(data) < _CUTOFF:
            starts.append((len(mini_fat), len(data)))
            mini_fat += _chain(len(mini_fat), -(-len(data) // _MINI))
            mini += _padded(data, _MINI)
        else:
            starts.append((len(fat), len(data)))
            fat += _chain(len(fat), -(-len(data) // _SECTOR))
            body += _padded(data, _SECTOR)
    starts[0] = (len(fat) if mini else _END, len(mini))
    for block in (mini, struct.pack(f"<{len(mini_fat)}I", *mini_fat)):
        fat += _chain(len(fat), -(-len(block) // _SECTOR))
        body += _padded(block, _SECTOR, filler=b"\xff")
    mini_fat_at = starts[0][0] + -(-len(mini) // _SECTOR) if mini else _END
    directory_at = len(fat)
    directory = b"".join(_entry(entry, start) for entry, start in zip(entries, starts, strict=True))
    fat += _chain(len(fat), -(-len(directory) // _SECTOR))
    body += _padded(directory, _SECTOR)
    fat_at = len(fat)
    fat.append(_FAT)
    assert len(fat) <= _SECTOR // 4, "one sector of the table is enough for a test"
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6,
        0, 1, directory_at, 0, _CUTOFF, mini_fat_at, 1 if mini else 0, _END, 0, fat_at,
    )  # fmt: skip
    table = struct.pack(f"<{len(fat)}I", *fat)
    return _padded(header, _SECTOR, filler=b"\xff") + body + _padded(table, _SECTOR, filler=b"\xff")


def _add(entries: list[list[object]], name: str, kind: int, folder: Folder) -> int:
    at = len(entries)
    entries.append([name, kind, _FREE, _FREE, b""])
    before: int | None = None
    within: list[tuple[str, bytes | Folder]] = [*folder.streams.items(), *folder.folders.items()]
    for inner_name, inner in within:
        if isinstance(inner, Folder):
            here = _add(entries, inner_name, 1, inner)
        else:
            here = len(entries)
            entries.append([inner_name, 2, _FREE, _FREE, inner])
        entries[at if before is None else before][2 if before is None else 3] = here
        before = here
    return at


def _entry(entry: list[object], start: tuple[int, int]) -> bytes:
    name, kind, child, right, _ = entry
    written = f"{name}\0".encode("utf-16-le")
    return struct.pack(
        "<64sHBBIII16xI16xIQ", written, len(written), kind, 1, _FREE, right, child, 0, start[0], start[1]
    )


def _chain(first: int, count: int) -> list[int]:
    return [first + n + 1 for n in range(count - 1)] + [_END] * min(count, 1)


def _padded(data: bytes, size: int, filler: bytes = b"\0") -> bytes:
    return data + filler * (-len(data) % size)


# --- winmail.dat ------------------------------------------------------------------------------------------------------


def winmail(text: str = "", files: tuple[tuple[str, bytes], ...] = (), inner: bytes = b"") -> bytes:
    """A winmail.dat with a text, files, and another winmail.dat as an attached message."""
    made = b"\x78\x9f\x3e\x22\x01\x00" + tnef_object(1, 0x9006, 6, struct.pack("<I", 0x10000))
    made += tnef_object(1, 0x9007, 6, struct.pack("<II", 1252, 0))
    if text:
        made += tnef_object(1, 0x800C, 2, text.encode("cp1252") + b"\0")
    for name, content in files:
        made += tnef_object(2, 0x9002, 6, bytes(14))
        made += tnef_object(2, 0x8010, 1, name.encode("ascii") + b"\0")
        made += tnef_object(2, 0x800F, 6, content)
    if inner:
        data = bytes(16) + inner
        value = struct.pack("<HHII", 0x000D, 0x3701, 1, len(data)) + data + bytes(-len(data) % 4)
        made += tnef_object(2, 0x9002, 6, bytes(14)) + tnef_object(2, 0x9005, 6, struct.pack("<I", 1) + value)
    return made


def tnef_object(level: int, name: int, kind: int, data: bytes) -> bytes:
    """One object with its checksum."""
    return struct.pack("<BHHI", level, name, kind, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)
