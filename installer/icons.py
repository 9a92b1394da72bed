"""`python -m installer.icons`: the program's icon as Windows and macOS want it, made from resources/icons/app.svg."""

import struct
import sys

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from installer import bundle
from ui.look import LIGHT

FOLDER = bundle.ROOT / "build" / "package"
DRAWING = bundle.ROOT / "resources" / "icons" / "app.svg"
ICO_SIZES = (16, 20, 24, 32, 40, 48, 64, 256)
ICNS_SIZES = {
    b"icp4": 16,
    b"icp5": 32,
    b"ic11": 32,
    b"ic12": 64,
    b"ic07": 128,
    b"ic08": 256,
    b"ic09": 512,
    b"ic10": 1024,
}
SIDE = (164, 314)
_LARGEST_BITMAP = 64


def main() -> int:
    """Write app.ico and app.icns to where the spec looks for them."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "app.ico").write_bytes(ico())
    (FOLDER / "app.icns").write_bytes(icns())
    return 0


def png(size: int) -> bytes:
    """The icon as a PNG of that many dots each way: white on a tile of the program's colour."""
    return _saved(_image(size), "PNG")


def ico(sizes: tuple[int, ...] = ICO_SIZES) -> bytes:
    """The icon for Windows: a list of sizes, then a picture for each; only the largest is a PNG, as is expected."""
    pictures = [png(size) if size > _LARGEST_BITMAP else _bitmap(size) for size in sizes]
    head = struct.pack("<HHH", 0, 1, len(sizes))
    place = len(head) + 16 * len(sizes)
    for size, picture in zip(sizes, pictures, strict=True):
        head += struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(picture), place)
        place += len(picture)
    return head + b"".join(pictures)


def side() -> bytes:
    """The bitmap beside the first and last page of the set-up program: the icon on the program's colour."""
    width, height = SIDE
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor(LIGHT.accent))
    painter = QPainter(image)
    _renderer().render(painter, QRectF(width / 4, height / 8, width / 2, width / 2))
    painter.end()
    return _saved(image, "BMP")


def icns() -> bytes:
    """The icon for macOS: each PNG after its kind and length."""
    parts = b""
    for kind, size in ICNS_SIZES.items():
        picture = png(size)
        parts += kind + struct.pack(">I", 8 + len(picture)) + picture
    return b"icns" + struct.pack(">I", 8 + len(parts)) + parts


def _saved(image: QImage, kind: str) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, kind)  # type: ignore[call-overload]  # the stubs know of bytes, Qt of str
    return bytes(buffer.data().data())


def _image(size: int) -> QImage:
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    _renderer().render(painter, QRectF(0, 0, size, size))
    painter.end()
    return image


def _bitmap(size: int) -> bytes:
    """The icon as an icon's bitmap: dots from the bottom up, then a mask of single bits that says nothing more."""
    image = _image(size)
    head = struct.pack("<IiiHHIIiiII", 40, size, 2 * size, 1, 32, 0, 0, 0, 0, 0, 0)
    dots = bytes(memoryview(image.constBits()))
    lines = [dots[line * 4 * size :][: 4 * size] for line in reversed(range(size))]
    mask = bytes((size + 31) // 32 * 4 * size)
    return head + b"".join(lines) + mask


def drawing() -> str:
    """The icon as a drawing, cut to its own edge; its frame becomes the tile."""
    tile = f'<rect fill="{LIGHT.accent}" stroke="{LIGHT.accent}" '
    drawn = DRAWING.read_text(encoding="utf-8").replace("<rect ", tile, 1).replace("currentColor", LIGHT.on_accent)
    return drawn.replace('viewBox="0 0 24 24"', 'viewBox="2 2 20 20"')


def _renderer() -> QSvgRenderer:
    return QSvgRenderer(QByteArray(drawing().encode()))


if __name__ == "__main__":
    sys.exit(main())
