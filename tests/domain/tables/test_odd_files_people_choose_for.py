"""Files that need a person's choice, workbooks, and files that mean harm."""

from __future__ import annotations

import io
import resource
import struct
import zipfile
import zlib
from datetime import date, datetime

import pytest

from addon.domain.tables import TableRefused, preview, read, refuse_size
from tests.domain.tables.workbook import workbook

PEOPLE = "Email;Stadt\nana@acme.test;{}\nbob@acme.test;Bonn\n"


def cells(table, key):
    return [row.values[key] for row in table.rows]


def refusal(data, choices=None):
    with pytest.raises(TableRefused) as caught:
        read(data, "list.csv", choices)
    return caught.value


@pytest.mark.parametrize("city", ["Köln", "Düsseldorf", "Besançon", "Málaga", "Groß-Gerau"])
def test_an_old_mac_s_letters_are_known(city):
    table = read(PEOPLE.format(city).replace("\n", "\r").encode("mac_roman"), "", {})

    assert (table.encoding, table.guessed, cells(table, "stadt")[0]) == ("mac_roman", True, city)


def test_quotes_and_dashes_of_windows_make_no_mac():
    table = read(PEOPLE.format("Anna’s – “office”").encode("cp1252"), "", {})

    assert (table.encoding, cells(table, "stadt")[0]) == ("cp1252", "Anna’s – “office”")


@pytest.mark.parametrize(
    ("encoding", "city"), [("cp1250", "Łódź"), ("mac_roman", "Köln"), ("utf-16-le", "Łódź"), ("latin-1", "Köln")]
)
def test_a_person_s_choice_of_encoding_is_kept_to(encoding, city):
    table = read(PEOPLE.format(city).encode(encoding), "", {"encoding": encoding})

    assert (table.encoding, table.guessed, cells(table, "stadt")[0]) == (encoding, False, city)


def test_an_encoding_that_cannot_be_is_refused_with_the_line():
    trouble = refusal(PEOPLE.format("Köln").encode("cp1252"), {"encoding": "utf-8"})

    assert (trouble.code, trouble.params) == ("tables.wrong_encoding", {"encoding": "utf-8", "line": 2})


def test_the_preview_shows_what_each_encoding_would_make_of_it():
    seen = preview(PEOPLE.format("Łódź").encode("cp1250"))

    samples = {one.encoding: one.sample for one in seen.encodings}
    assert samples["cp1250"] == "ana@acme.test;Łódź"
    assert samples["cp1252"] == "ana@acme.test;£ódŸ"
    assert [one.encoding for one in seen.encodings if one.chosen] == ["cp1250"]
    assert (seen.count, len(seen.rows), seen.delimiters) == (2, 2, (",", ";", "\t", "|"))


def test_a_chosen_delimiter_wins():
    assert cells(read(b"email|a;b\nana@acme.test|1;2\n", "", {"delimiter": "|"}), "a_b") == ["1;2"]


@pytest.mark.parametrize("delimiter", ["ab", '"', "\n"])
def test_what_parts_no_cells_is_refused(delimiter):
    assert refusal(b"email\nana@acme.test\n", {"delimiter": delimiter}).code == "tables.wrong_delimiter"


@pytest.mark.parametrize("first", ["ana@acme.test,Ana", "Ana,+48 22 123", "Acme,1.234,50"])
def test_a_missing_header_is_seen(first):
    table = read(f"{first}\nbob@acme.test,Bob\n".encode(), "", {})

    assert not table.header
    assert [column.key for column in table.columns][:2] == ["column_1", "column_2"]
    assert [row.sheet_row for row in table.rows] == [1, 2]


def test_a_header_is_what_a_person_says_it_is():
    data = b"Ana,Rome\nBob,Bonn\n"

    assert len(read(data, "", {"header": False}).rows) == 2
    assert len(read(data, "", {"header": True}).rows) == 1


def test_two_columns_of_one_name_are_told_apart():
    table = read(b"email,phone,Phone,phone_2\na@acme.test,1,2,3\n", "", {})

    assert [column.key for column in table.columns] == ["email", "phone", "phone_2", "phone_2_2"]


def test_rows_of_odd_lengths_lose_nothing():
    table = read(b"ana@acme.test,Ana\nbob@acme.test,Bob,Rome\n", "", {})

    assert len(table.columns) == 3
    assert cells(table, "column_3") == ["", "Rome"]


def test_a_file_of_two_gigabytes_is_refused_by_its_size():
    with pytest.raises(TableRefused) as caught:
        refuse_size(2 * 1024**3)

    assert caught.value.code == "tables.too_large"


def test_a_workbook_s_cells_are_texts_as_they_are_seen():
    met = datetime(2026, 3, 2, 14, 30)  # noqa: DTZ001 - a spreadsheet knows no zones
    data = workbook(
        {
            "Notes": [],
            "People": [
                ["Email", "Since", "Met", "Deals", "Share", "Active", "Zip", "Sum"],
                ["ana@acme.test", date(2026, 3, 2), met, 12, 0.25, True, "00123", ("=1+2", 3)],
            ],
        }
    )

    table = read(data, "list.xlsx", {})

    assert (table.sheet, table.sheets, table.encoding) == ("People", ("Notes", "People"), "")
    assert list(table.rows[0].values.values()) == [
        *("ana@acme.test", "2026-03-02", "2026-03-02 14:30", "12", "0.25", "TRUE", "00123", "3")
    ]


def test_a_sheet_is_chosen_by_its_name():
    data = workbook({"Old": [["email"], ["a@acme.test"]], "New": [["email"], ["b@acme.test"]]})

    assert read(data, "", {"sheet": "New"}).addresses() == ["b@acme.test"]
    assert refusal(data, {"sheet": "None"}).params == {"sheet": "None", "sheets": ["Old", "New"]}
    assert preview(data).encodings == ()


def test_a_sheet_that_claims_billions_of_cells_is_refused():
    data = workbook({"Far": [["email"], ["a@acme.test"]]}, corner="XFD1048576")

    assert refusal(data, {}).code == "tables.too_large"


def test_a_zip_that_grows_beyond_measure_is_refused_before_it_is_unpacked():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as parts:
        for number in range(5):
            parts.writestr(f"xl/worksheets/sheet{number}.xml", b" " * 90_000_000)

    assert refusal(packed.getvalue(), {}).code == "tables.too_large"


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04", b"\x00" * 100])
def test_a_workbook_that_is_damaged_is_refused(damage):
    data = workbook({"People": [["email"], ["a@acme.test"]]})

    assert refusal(data[:400] + damage, {}).code == "tables.not_text"


def test_a_zip_that_lies_about_its_size_is_refused_in_little_memory():
    """It says a kilobyte where two hundred million bytes come out."""
    part, lie = "xl/sharedStrings.xml", 1000
    packed = io.BytesIO(workbook({"People": [["email"], ["a@acme.test"]]}))
    with zipfile.ZipFile(packed, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as parts:
        with parts.open(part, "w") as words:
            words.write(b"<sst><si><t>" + b"A" * (lie - 12))
            for _ in range(200):
                words.write(b"A" * 1_000_000)
        header = parts.getinfo(part).header_offset
    data = bytearray(packed.getvalue())
    told = struct.pack("<I", zlib.crc32(b"<sst><si><t>" + b"A" * (lie - 12)))
    entry = data.rindex(part.encode()) - 46
    for crc, size in ((header + 14, header + 22), (entry + 16, entry + 24)):
        data[crc : crc + 4], data[size : size + 4] = told, struct.pack("<I", lie)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    assert refusal(bytes(data), {}).code == "tables.not_text"

    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000, "kilobytes"
