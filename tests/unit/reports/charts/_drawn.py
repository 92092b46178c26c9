"""What stands in a picture: its words, and where marks and numbers of an axis are."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from hakari.reports._svg import COLOURS

__all__ = ["SVG", "check_picture", "symbols", "texts", "ticks"]

SVG = "{http://www.w3.org/2000/svg}"


def texts(svg: str) -> list[str]:
    """Return the words in the order in which they are drawn."""
    return ["".join(item.itertext()) for item in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def symbols(svg: str) -> list[tuple[float, float]]:
    """Return where the points are."""
    found = re.findall(r'<path transform="translate\(([-\d.]+),([-\d.]+)\)" d="[^"]+" fill', svg)
    return [(float(x), float(y)) for x, y in found]


def ticks(svg: str, unit: str = "%") -> list[tuple[float, float, float]]:
    """Return x, y and the number of everything that reads like a number of an axis."""
    found = re.findall(rf'translate\(([-\d.]+),([-\d.]+)\)"[^>]*fill="var\(--chart-soft[^>]*>(−?[\d.]+){unit}<', svg)
    return [(float(x), float(y), float(number.replace("−", "-"))) for x, y, number in found]


def check_picture(svg: str, width: int) -> None:
    """Assert that a picture is well formed, as wide as it should be, and has its colours from the page."""
    root = ElementTree.fromstring(svg)
    assert root.attrib["viewBox"].split()[2] == str(width)
    assert not any(stand_in in svg for stand_in in COLOURS.values())
    painted = set(re.findall(r'(?:fill|stroke)="([^"]+)"', svg))
    assert {colour for colour in painted if not colour.startswith("var(")} <= {"none"}
