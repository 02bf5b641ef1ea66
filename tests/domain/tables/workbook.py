"""Makes small XLSX workbooks out of plain values, as spreadsheets write them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from xml.sax.saxutils import escape

_NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACK = "http://schemas.openxmlformats.org/package/2006"
_STYLES = (
    f'<styleSheet {_NS}><numFmts count="1"><numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd hh:mm"/></numFmts>'
    '<fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0"/>'
    '<xf numFmtId="14" applyNumberFormat="1"/><xf numFmtId="165" applyNumberFormat="1"/></cellXfs></styleSheet>'
)
_FIRST_DAY = datetime(1899, 12, 30)  # noqa: DTZ001


def workbook(sheets: Mapping[str, Sequence[Sequence[Any]]], *, corner: str = "") -> bytes:
    """Sheets of rows; a pair is a formula and what it shows. `corner` puts a cell far out on the last sheet."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as parts:
        numbers = range(1, len(sheets) + 1)
        types = "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" '
            'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
            for n in numbers
        )
        parts.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{_PACK}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
            f"{types}</Types>",
        )
        parts.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{_PACK}/relationships"><Relationship Id="r1" Type="{_REL}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
        )
        names = "".join(
            f'<sheet name="{escape(name)}" sheetId="{n}" r:id="s{n}"/>' for n, name in zip(numbers, sheets, strict=True)
        )
        parts.writestr("xl/workbook.xml", f'<workbook {_NS} xmlns:r="{_REL}"><sheets>{names}</sheets></workbook>')
        links = "".join(
            f'<Relationship Id="s{n}" Type="{_REL}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
        )
        parts.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{_PACK}/relationships">{links}'
            f'<Relationship Id="t1" Type="{_REL}/styles" Target="styles.xml"/></Relationships>',
        )
        parts.writestr("xl/styles.xml", _STYLES)
        for n, rows in zip(numbers, sheets.values(), strict=True):
            far = corner if n == len(sheets) else ""
            parts.writestr(f"xl/worksheets/sheet{n}.xml", _sheet(rows, far))
    return packed.getvalue()


def _sheet(rows: Sequence[Sequence[Any]], corner: str) -> str:
    lines = [
        f'<row r="{number}">' + "".join(_cell(value, f"{chr(65 + place)}{number}") for place, value in enumerate(row))
        for number, row in enumerate(rows, start=1)
    ]
    if corner:
        lines.append(f'<row r="{corner.lstrip("ABCDEFX")}"><c r="{corner}"><v>1</v></c>')
    return f"<worksheet {_NS}><sheetData>" + "".join(f"{line}</row>" for line in lines) + "</sheetData></worksheet>"


def _cell(value: Any, place: str) -> str:
    if isinstance(value, tuple):
        return f'<c r="{place}"><f>{escape(value[0][1:])}</f><v>{value[1]}</v></c>'
    if isinstance(value, bool):
        return f'<c r="{place}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, datetime):
        days = (value - _FIRST_DAY).total_seconds() / 86400
        return f'<c r="{place}" s="2"><v>{days}</v></c>'
    if isinstance(value, date):
        return f'<c r="{place}" s="1"><v>{(value - _FIRST_DAY.date()).days}</v></c>'
    if isinstance(value, int | float):
        return f'<c r="{place}"><v>{value}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t>{escape(str(value))}</t></is></c>'
