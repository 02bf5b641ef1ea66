"""What people really upload."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addon.domain.tables import TableRefused, read

PLAIN = "Email,First name,City\nana@acme.test,Ana,Roma\nbob@globex.test,Bob,Łódź\n"


def cells(table, key):
    return [row.values[key] for row in table.rows]


def refusal(data, **kwargs):
    with pytest.raises(TableRefused) as caught:
        read(data, **kwargs)
    return caught.value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_a_byte_order_mark_and_any_newline_are_understood(encoding, newline):
    table = read(PLAIN.replace("\n", newline).encode(encoding))

    assert [column.key for column in table.columns] == ["email", "first_name", "city"]
    assert cells(table, "city") == ["Roma", "Łódź"]
    assert table.email_column == "email"
    assert not table.guessed


def test_utf_16_without_a_mark_is_guessed():
    table = read(PLAIN.replace("Łódź", "Oslo").encode("utf-16-le"))

    assert (table.encoding, table.guessed, cells(table, "city")) == ("utf-16-le", True, ["Roma", "Oslo"])


@pytest.mark.parametrize(
    ("encoding", "city"),
    [
        ("cp1252", "Köln"),
        ("cp1252", "Málaga"),
        ("cp1252", "Groß-Gerau, 20 m³"),
        ("latin-1", "Besançon"),
        ("cp1250", "Łódź"),
        ("cp1250", "Wąbrzeźno"),
        ("iso8859-2", "Wąchock"),
    ],
)
def test_old_encodings_are_guessed_and_the_guess_is_said(encoding, city):
    table = read(f'email;city\nana@acme.test;"{city}"\n'.encode(encoding))

    assert cells(table, "city") == [city]
    assert table.guessed


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_beside_quoted_newlines_and_other_delimiters(delimiter):
    text = delimiter.join(["email", "note"]) + "\n"
    text += delimiter.join(["ana@acme.test", '"one, two; three\nfour | five\t""six"""']) + "\n"
    text += delimiter.join(["bob@acme.test", '"a, b, c, d, e"']) + "\n"

    table = read(text.encode())

    assert table.delimiter == delimiter
    assert cells(table, "note") == ['one, two; three\nfour | five\t"six"', "a, b, c, d, e"]


def test_a_first_line_sep_names_the_delimiter_and_is_no_row():
    table = read(b"sep=^\r\nemail^name\r\nana@acme.test^Ana\r\n")

    assert (table.delimiter, cells(table, "name"), table.rows[0].sheet_row) == ("^", ["Ana"], 2)


def test_a_single_column_is_a_table():
    assert read(b"email\nana@acme.test\n").addresses() == ["ana@acme.test"]


def test_a_missing_header_is_refused_with_the_address_that_stands_there():
    trouble = refusal(b"ana@acme.test,Ana\nbob@acme.test,Bob\n")

    assert (trouble.code, trouble.params) == ("tables.no_header", {"address": "ana@acme.test"})


def test_a_doubled_header_is_refused_naming_it():
    trouble = refusal(b"email,First name,first-name,City\nana@acme.test,Ana,Anna,Rome\n")

    assert (trouble.code, trouble.params) == ("tables.doubled_header", {"names": ["First name", "first-name"]})


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xef\xbb\xbf", b",,\n,,\n"])
def test_an_empty_file_is_refused(data):
    assert refusal(data).code == "tables.empty"


def test_a_header_alone_is_refused():
    assert refusal(b"email,name\n\n").code == "tables.no_rows"


def test_an_unclosed_quote_is_refused_with_its_line():
    trouble = refusal(b'email,note\nana@acme.test,ok\nbob@acme.test,"never ends\ncid@acme.test,x\n')

    assert (trouble.code, trouble.params) == ("tables.unclosed_quote", {"line": 3})


def test_an_unclosed_quote_behind_a_sloppy_one_is_refused_too():
    trouble = refusal(b'email,note\na@acme.test,"Acme" Ltd\nb@acme.test,"never ends\nc@acme.test,x\n')

    assert (trouble.code, trouble.params) == ("tables.unclosed_quote", {"line": 3})


def test_text_behind_a_closing_quote_is_kept():
    assert cells(read(b'email,company\na@acme.test,"Acme" Ltd\n'), "company") == ["Acme Ltd"]


def test_stray_zeros_are_refused_with_their_line():
    trouble = refusal(b"email,name\n" + b"ana@acme.test,Ana\n" * 20 + b"bob@acme.test,B\0b\n")

    assert (trouble.code, trouble.params) == ("tables.nul_bytes", {"line": 22})


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32", "utf-16-le"])
def test_stray_zeros_are_refused_whatever_the_encoding(encoding):
    trouble = refusal(("email,name\n" + "ana@acme.test,Ana\n" * 20 + "bob@acme.test,B\0b\n").encode(encoding))

    assert (trouble.code, trouble.params) == ("tables.nul_bytes", {"line": 22})


@pytest.mark.parametrize(
    ("data", "kind"), [(b"PK\x03\x04abc", "xlsx"), (b"%PDF-1.7", "pdf"), (b"\x00\x01\x00\x00\x00\x02" * 9, "binary")]
)
def test_what_is_no_text_is_named(data, kind):
    trouble = refusal(data)

    assert (trouble.code, trouble.params) == ("tables.not_text", {"kind": kind})


def test_an_endless_cell_is_refused():
    assert refusal(b'email,note\na@acme.test,"' + b"x" * 200_000 + b'"\n').code == "tables.field_too_long"


def test_ragged_rows_lose_nothing_and_say_so():
    table = read(b"email,name,city\nana@acme.test\nbob@acme.test,Bob,Rome,,\ncid@acme.test,Cid,Rome,surplus\n")

    assert table.rows[0].values == {"email": "ana@acme.test", "name": "", "city": ""}
    assert [row.problem for row in table.rows] == ["", "", "tables.row_too_long"]
    assert table.rows[2].surplus == ("surplus",)


def test_rows_are_counted_as_people_count_them():
    table = read(b'email,note\nana@acme.test,"two\nlines"\n\nbob@acme.test,x\n')

    assert [(row.number, row.sheet_row) for row in table.rows] == [(1, 2), (3, 4)]


def test_leftover_commas_of_a_spreadsheet_make_no_columns():
    table = read(b"email,name,,\nana@acme.test,Ana,,\n")

    assert [column.key for column in table.columns] == ["email", "name"]


def test_an_unnamed_column_with_values_gets_a_name():
    assert [column.key for column in read(b"email,,city\nana@acme.test,x,y\n").columns] == ["email", "column_2", "city"]


@pytest.mark.parametrize(
    "heading", ["E-mail", "MAIL", "Adres e-mail", "Surel", "Indirizzo email", "Correo electrónico", "Courriel"]
)
def test_the_address_column_is_known_by_its_name(heading):
    table = read(f"Web,{heading}\ninfo@web.test,ana@acme.test\n".encode())

    assert table.addresses() == ["ana@acme.test"]


def test_the_address_column_is_known_by_its_values():
    table = read(b"who,where,reach\nAna,Rome,ana@acme.test\nBob,Bonn,bad address\nCid,Pisa,cid@acme.test\n")

    assert table.email_column == "reach"


def test_a_bad_address_in_the_middle_stays_a_row():
    table = read(b"email,name\nana@acme.test,Ana\nnot an address,Bob\ncid@acme.test,Cid\n")

    assert table.addresses() == ["ana@acme.test", "not an address", "cid@acme.test"]


def test_a_file_without_addresses_is_still_a_table():
    assert read(b"company,amount\nAcme,100\n").email_column is None


@given(st.binary(max_size=400) | st.text(alphabet='ab@.,;"\n\r\t |ż', max_size=200).map(str.encode))
def test_any_bytes_give_a_table_or_a_refusal(data):
    try:
        table = read(data)
    except TableRefused:
        return

    keys = {column.key for column in table.columns}
    assert all(set(row.values) == keys for row in table.rows)
