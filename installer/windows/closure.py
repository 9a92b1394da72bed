"""Whether every library that a bundle's programs and libraries ask for is in the bundle or in every Windows 10."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pefile

_KINDS = ("IMAGE_DIRECTORY_ENTRY_IMPORT", "IMAGE_DIRECTORY_ENTRY_DELAY_IMPORT")
PROGRAMS = {".dll", ".exe", ".pyd"}
IN_EVERY_WINDOWS = frozenset(
    """
    advapi32 authz avrt bcrypt bcryptprimitives cfgmgr32 comctl32 comdlg32 credui crypt32 cryptui d2d1 d3d11 d3d12 d3d9
    dbghelp dcomp dnsapi dwmapi dwrite dxgi dxva2 gdi32 hid icu icuin icuuc imm32 iphlpapi kernel32 mpr msi msvcrt
    ncrypt netapi32 normaliz ntdll ole32 oleacc oleaut32 opengl32 pdh powrprof propsys psapi rpcrt4 rstrtmgr secur32
    setupapi shcore shell32 shlwapi sspicli synchronization ucrtbase uiautomationcore urlmon user32 userenv usp10
    uxtheme version wer winhttp wininet winmm winspool wintrust wldap32 ws2_32 wtsapi32
    """.split()
)
"""Those Windows 10 has since its first version; the C and C++ run-times are not among them and must come along."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A library that is asked for and is nowhere."""

    asked_for_by: str
    library: str


def missing(bundle: Path) -> list[Missing]:
    """Every library that something in the bundle asks for and would not find, in the order of who asks."""
    files = sorted(file for file in bundle.rglob("*") if file.suffix.lower() in PROGRAMS)
    there = {file.name.lower() for file in files}
    return [
        Missing(asked_for_by=str(file.relative_to(bundle)), library=library)
        for file in files
        for library in libraries_of(file)
        if library not in there and not is_in_windows(library)
    ]


def libraries_of(file: Path) -> list[str]:
    """The libraries a program asks for, at once or later, in small letters; raises `ValueError` for what is none."""
    try:
        program = pefile.PE(str(file), fast_load=True)
    except pefile.PEFormatError as error:
        raise ValueError(f"{file.name} is no program for Windows: {error}") from error
    with program:
        program.parse_data_directories(directories=[pefile.DIRECTORY_ENTRY[kind] for kind in _KINDS])
        return sorted({entry.dll.decode("ascii").lower() for entry in _entries(program)})


def asked_of(bundle: Path, library: str) -> set[str]:
    """The functions that programs and libraries of a bundle ask of a library, given in small letters."""
    found: set[str] = set()
    for file in bundle.rglob("*"):
        if file.suffix.lower() in PROGRAMS:
            with pefile.PE(str(file), fast_load=True) as program:
                program.parse_data_directories(directories=[pefile.DIRECTORY_ENTRY[kind] for kind in _KINDS])
                entries = [each for each in _entries(program) if each.dll.decode("ascii").lower() == library]
                found |= {asked.name.decode("ascii") for each in entries for asked in each.imports if asked.name}
    return found


def is_in_windows(library: str) -> bool:
    """Whether every Windows 10 has a library of that name, given in small letters."""
    stem = library.removesuffix(".dll").removesuffix(".drv")
    return stem in IN_EVERY_WINDOWS or stem.startswith(("api-ms-win-", "ext-ms-win-"))


def _entries(program: pefile.PE) -> Iterator[Any]:
    for kind in ("DIRECTORY_ENTRY_IMPORT", "DIRECTORY_ENTRY_DELAY_IMPORT"):
        yield from getattr(program, kind, ())
