"""Files that would run something if they were opened: told by their name and by what is in them."""

import io
import zipfile

_RUNS = frozenset(
    (
        # programs, and what Windows runs as one
        "exe com scr pif cpl msi msix msp mst appx appxbundle msixbundle gadget application appref-ms dll ocx sys drv "
        # scripts
        "bat cmd ps1 ps1xml ps2 psc1 psd1 psm1 vb vbe vbs vbscript js jse mjs ws wsc wsf wsh hta sct shb shs reg inf "
        "msc py pyc pyw pyz rb pl php sh bash zsh csh ksh fish run bin command action workflow applescript scpt tcl "
        # what leads elsewhere
        "lnk url desktop website scf library-ms search-ms searchconnector-ms settingcontent-ms mcf theme themepack "
        "rdp jnlp webloc diagcab chm hlp xbap xll xla xlam "
        # discs, and packages that install
        "iso img vhd vhdx vmdk udf dmg pkg mpkg app deb rpm apk jar war ear appimage flatpak snap xpi crx cab "
        # documents with macros, and pages that run scripts
        "docm dotm xlsm xltm xlsb pptm potm ppam ppsm sldm one onepkg accde accdb mdb ade adp mam maf mda mde mdz "
        "htm html xhtml xht shtml mht mhtml svg svgz swf slk iqy oqy rqy dqy wll wiz"
    ).split()
)
_DISGUISED = frozenset("exe com scr pif bat cmd ps1 vbs js hta lnk msi iso img jar dll".split())
_MARKS = (
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
    (b"\xcf\xfa\xed\xfe", "a program"),
    (b"\xce\xfa\xed\xfe", "a program"),
    (b"\xca\xfe\xba\xbe", "a program"),
    (b"dex\n", "a program"),
    (b"#!", "a script"),
    (b"L\x00\x00\x00\x01\x14\x02\x00", "a shortcut"),
    (b"[InternetShortcut]", "a shortcut"),
    (b"[Desktop Entry]", "a shortcut"),
    (b"ITSF", "a help file that can run programs"),
    (b"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d", "a notebook that can hold programs"),
    (b"MSCF", "a package that installs something"),
    (b"!<arch>", "a package that installs something"),
    (b"\xed\xab\xee\xdb", "a package that installs something"),
    (b"<job", "a script"),
    (b"<?sct", "a script"),
)
_PAGES = (b"<html", b"<!doctype html", b"<script", b"<svg", b"<hta:")
_DISC_AT = (0x8001, 0x8801, 0x9001)
_MACROS = (b"_VBA_PROJECT", "_VBA_PROJECT".encode("utf-16-le"), b"Macros\x00", "Macros".encode("utf-16-le"))
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MOST_NAMES = 2_000


def why_risky(name: str, content: bytes) -> str | None:
    """Why a file must not be opened, as “a program” or the like; None where nothing speaks against it."""
    return _by_name(name) or _by_mark(content) or _by_parts(content)


def _by_name(name: str) -> str | None:
    """By its ending, or by one before it: “letter.exe.pdf” hides what “letter.pdf.exe” is."""
    endings = [part.strip().casefold() for part in name.rstrip(". \u00a0").split(".")[1:]]
    if not endings:
        return None
    if endings[-1] in _RUNS:
        return f"a file of the kind .{endings[-1]}, which can run something"
    hidden = next((each for each in endings[:-1] if each in _DISGUISED), None)
    return f"called .{hidden} within its name, as programs in disguise are" if hidden else None


def _by_mark(content: bytes) -> str | None:
    head = content[:4_096].lstrip(b"\xef\xbb\xbf \t\r\n")
    found = next((words for mark, words in _MARKS if head.startswith(mark)), None)
    if found is not None:
        return found
    if any(content[at : at + 5] == b"CD001" for at in _DISC_AT):
        return "a disc image"
    small = head[:1_024].replace(b"\x00", b"").lower()
    if small.startswith((b"<", b"\xff\xfe<")) and any(mark in small for mark in _PAGES):
        return "a web page, which can run scripts"
    return None


def _by_parts(content: bytes) -> str | None:
    """Documents with macros, and packed files that hold something that runs."""
    if content.startswith(_OLE):
        return "a document with macros" if any(mark in content for mark in _MACROS) else None
    if not content.startswith(b"PK"):
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            names = [entry.filename for entry in packed.infolist()[:_MOST_NAMES]]
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, UnicodeError, OverflowError):
        return "a packed file that cannot be looked into"
    if any(name.casefold().endswith(("vbaproject.bin", "vbadata.xml")) for name in names):
        return "a document with macros"
    if any(name == "META-INF/MANIFEST.MF" for name in names):
        return "a program"
    held = next((name for name in names if not name.endswith("/") and _by_name(name.rsplit("/", 1)[-1])), None)
    return "a packed file that holds something that runs" if held else None
