"""What Windows shows of a program under Properties, Details: a version resource in the words of PyInstaller."""

from pathlib import Path

from installer import bundle
from installer.windows.product import COMMAND, MAKER, NAME, VERSION, WINDOW, four_numbers

FOLDER = bundle.ROOT / "build" / "package"

_BRITISH, _UNICODE = 0x0809, 1200


def main(folder: Path = FOLDER) -> None:
    """Write a file for each program to where the spec looks for it."""
    for program, description in ((WINDOW, NAME), (COMMAND, f"{NAME}, command line")):
        file = folder / f"{program.removesuffix('.exe')}.version.txt"
        file.write_text(version_resource(program, description), encoding="utf-8")


def version_resource(program: str, description: str) -> str:
    """The version resource of one of the programs, as the text PyInstaller reads."""
    numbers = four_numbers()
    says = {
        "CompanyName": MAKER,
        "FileDescription": description,
        "FileVersion": VERSION,
        "InternalName": program.removesuffix(".exe"),
        "LegalCopyright": "MIT licence; other people's work in it: see the folder licences",
        "OriginalFilename": program,
        "ProductName": NAME,
        "ProductVersion": VERSION,
    }
    lines = "".join(f"        StringStruct({name!r}, {value!r}),\n" for name, value in says.items())
    return (
        "VSVersionInfo(\n"
        f"    ffi=FixedFileInfo(filevers={numbers}, prodvers={numbers}, mask=0x3F, flags=0, OS=0x40004, fileType=1),\n"
        "    kids=[\n"
        f"      StringFileInfo([StringTable('{_BRITISH:04X}{_UNICODE:04X}', [\n{lines}      ])]),\n"
        f"      VarFileInfo([VarStruct('Translation', [{_BRITISH}, {_UNICODE}])]),\n"
        "    ],\n"
        ")\n"
    )
