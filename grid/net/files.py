"""Files of the net that people send in, read row by row before anything is made of them.

Whatever a file is, it ends here as rows or as a sentence: broken, too large, nested without end, in another encoding.
"""

import csv
import io
import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import shapely
from django.utils.translation import gettext as _
from shapely.geometry import mapping

from kit.refusals import Refused

from .coordinates import System
from .exporting import COLUMNS

MEGABYTE = 2**20
LARGEST = 20 * MEGABYTE
MOST_ROWS = 5000
LONGEST_VALUE = 500
"""Characters of whatever is said of a thing; a shape may be longer."""

# Chinese systems write GB 18030, which contains GBK and GB 2312.
_ENCODINGS = ("utf-8-sig", "gb18030")
_WITH_MARK = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_DEGREES = ("CRS84", "4326", "4490")
"""What the older member ``crs`` says of positions in degrees."""


# The reader of WKT follows whatever is nested in collections and curves, without end; the net has none of them.
_PLAIN_SHAPE = re.compile(r"(MULTI)?(POLYGON|LINESTRING|POINT)\b", re.IGNORECASE | re.ASCII)
_HALVES = re.compile("[\ud800-\udfff]")
"""Half a character: JSON may say it, nobody can show or keep it."""


class Row(NamedTuple):
    """One feature or line: its number in the file, what is said in it by name, and its shape as it was written."""

    number: int
    said: dict[str, str]
    written: object

    @property
    def name(self) -> str:
        """What to call it in a sentence about it."""
        return self.said.get("name") or self.said.get("code") or ""

    @property
    def shape(self) -> object:
        """The shape as GeoJSON, or None without one. Raises ``Refused("unreadable", 422)``."""
        if isinstance(self.written, str):
            return _from_words(self.written)
        return self.written


class File(NamedTuple):
    """A file that could be read, and what there is to say about how."""

    rows: list[Row]
    notes: list[str]
    # In which system it says that it is.
    system: System | None


def read(content: bytes) -> File:
    """The rows of a GeoJSON file or of a table. Raises ``Refused`` (422) with one sentence for a file that is neither.

    ``too_large``, ``too_many``, ``encoding``, ``unreadable``, ``empty``, ``columns``, ``projected``.
    """
    if len(content) > LARGEST:
        raise _refused("too_large", _("The file is larger than 20 MB. Send it in parts."))
    text, notes = _text(content)
    if not text.strip():
        raise _refused("empty", _("The file is empty."))
    found = _geojson(text) if text.lstrip()[0] in "{[" else _table(text)
    if not found.rows:
        raise _refused("empty", _("There is nothing in the file."))
    return found._replace(notes=notes + found.notes)


def _text(content: bytes) -> tuple[str, list[str]]:
    encodings = [_WITH_MARK[content[:2]]] if content[:2] in _WITH_MARK else list(_ENCODINGS)
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "gb18030":
            return text, [_("The file is written in GBK (GB 18030) and was read so.")]
        return text, []
    raise _refused("encoding", _("The file is neither UTF-8 nor GBK. Save it as UTF-8 and send it again."))


def _geojson(text: str) -> File:
    try:
        told = json.loads(text, parse_constant=_no_number)
    except RecursionError as error:
        raise _refused("unreadable", _("The file is nested too deeply to be GeoJSON.")) from error
    except ValueError as error:
        where = f"{error.lineno}:{error.colno}" if isinstance(error, json.JSONDecodeError) else ""
        raise _refused(
            "unreadable", _("The file is no JSON: it breaks at %(where)s.") % {"where": where or "?"}
        ) from error
    features = told.get("features") if isinstance(told, dict) else None
    if not isinstance(features, list) or told.get("type") != "FeatureCollection":
        raise _refused("unreadable", _("The file is no GeoJSON: it takes a FeatureCollection with its features."))
    _demand_count(len(features))
    _demand_degrees(told.get("crs"))
    said = told.get("system")
    return File(
        rows=[_feature(number, feature) for number, feature in enumerate(features, 1)],
        notes=[],
        system=System(said) if said in System.values else None,
    )


def _no_number(word: str) -> None:
    raise ValueError(word)


def _feature(number: int, feature: object) -> Row:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(feature, dict) or not isinstance(properties, dict):
        raise _refused("unreadable", _("Feature %(number)d is no feature with properties.") % {"number": number})
    said = {name: _plain(value, number) for name, value in properties.items() if name in COLUMNS}
    shape = feature.get("geometry")
    return Row(number, said, {} if isinstance(shape, str) else shape)  # words are no GeoJSON


def _plain(value: object, number: int) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int() | float():
            text = f"{int(value)}" if isinstance(value, float) and value.is_integer() else f"{value}"
        case str():
            text = value.strip()
            if _HALVES.search(text):
                raise _refused(
                    "unreadable",
                    _("Feature %(number)d has characters in it that cannot be shown.") % {"number": number},
                )
        case _:
            raise _refused(
                "unreadable", _("Feature %(number)d has a property that is no plain word.") % {"number": number}
            )
    return _short(text, number)


def _short(text: str, number: int) -> str:
    if len(text) > LONGEST_VALUE:
        raise _refused(
            "unreadable",
            _("In row %(number)d there is a word of %(count)d characters.") % {"number": number, "count": len(text)},
        )
    return text


def _demand_degrees(crs: object) -> None:
    if crs and not any(name in str(crs) for name in _DEGREES):
        raise _refused(
            "projected",
            _("The file is drawn on another plane (%(crs)s). Export it in degrees: WGS-84, CGCS2000 or GCJ-02.")
            % {"crs": _HALVES.sub("?", str(crs))[:80]},
        )


def _table(text: str) -> File:
    head = text.lstrip("\ufeff").split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        names = [cell.split()[0].lower() if cell.split() else "" for cell in next(reader)]
        known = {name: place for place, name in reversed(list(enumerate(names))) if name in COLUMNS}
        if not {"what", "code"} <= known.keys():
            raise _refused(
                "columns",
                _("The first line of a table names its columns: what, code, name and so on, as an export has them."),
            )
        rows = list(_lines(reader, known))
    except csv.Error as error:
        raise _refused(
            "unreadable", _("Line %(line)d of the table cannot be read.") % {"line": reader.line_num}
        ) from error
    left_out = ", ".join(name[:40] for name in names if name and name not in COLUMNS)
    notes = [_("Columns that are not known and were left out: %(names)s") % {"names": left_out}] if left_out else []
    return File(rows, notes, None)


def _lines(reader: Iterator[list[str]], known: dict[str, int]) -> Iterator[Row]:
    for number, cells in enumerate(reader, 2):
        _demand_count(number - 1)
        if not any(cell.strip() for cell in cells):
            continue
        said = {name: _from_cell(cells[place]) if place < len(cells) else "" for name, place in known.items()}
        written = said.pop("geometry", "")
        for text in said.values():
            _short(text, number)
        longitude, latitude = said.pop("longitude", ""), said.pop("latitude", "")
        if not written and (longitude or latitude):
            written = f"POINT ({longitude} {latitude})"
        yield Row(number, said, written or None)


def _from_cell(cell: str) -> str:
    """Without the apostrophe that kept a spreadsheet from computing it."""
    return cell.strip().removeprefix("'")


def _from_words(words: str) -> Any:
    unreadable = Refused(
        "unreadable",
        _("This is no shape that can be read: it takes WKT, such as POLYGON ((…))."),
        status=422,
        field="shape",
    )
    if not _PLAIN_SHAPE.match(words.lstrip()):
        raise unreadable
    try:
        return mapping(shapely.from_wkt(words))
    except (shapely.errors.ShapelyError, ValueError, TypeError) as error:
        raise unreadable from error


def _demand_count(count: int) -> None:
    if count > MOST_ROWS:
        raise _refused(
            "too_many", _("There are more than %(most)d things in the file. Send it in parts.") % {"most": MOST_ROWS}
        )


def _refused(code: str, sentence: str) -> Refused:
    return Refused(code, sentence, status=422, field="file")
