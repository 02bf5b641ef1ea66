"""Imports: a file is brought and looked at, its columns mapped; it runs, stops, goes on, and is taken back as one."""

from __future__ import annotations

import html
import io
import re
from datetime import timedelta

from werkzeug.test import TestResponse

from addon.domain.access import Viewer
from addon.domain.contacts import operations as contacts
from addon.domain.imports import operations, running
from addon.models import Contact, ImportRow, Role, User
from addon.web.imports import import_choices
from addon.worker.importing import Importer
from tests.domain.tables.workbook import workbook
from tests.web.web_world import MONDAY, World

PEOPLE = "name,email,phone\nAnna Nowak,anna@kartonex.test,123\nBea,nope,456\nCarl,carl@kartonex.test,+48 58 1\n"


def text(answer: TestResponse, status: int = 200) -> str:
    assert answer.status_code == status, answer.get_data(as_text=True)[-600:]
    return html.unescape(answer.get_data(as_text=True))


def bring(made: World, rows: str = PEOPLE, **form: str) -> str:
    """The address of an import of pasted rows."""
    answer = made.post("/imports", {"subject": "contact", "rows": rows, **form})
    assert answer.status_code == 302, answer.get_data(as_text=True)[-600:]
    return str(answer.location)


def as_suggested(made: World, address: str) -> dict[str, str]:
    """The form of the columns as the page shows it."""
    page = text(made.client().get(address))
    selects = re.findall(r'<select class="form-select" name="(to-[^"]+)".*?</select>', page, re.S)
    found = {}
    for name in selects:
        inside = re.search(rf'name="{re.escape(name)}".*?</select>', page, re.S)
        chosen = re.search(r'value="([^"]*)" selected', inside[0]) if inside else None
        found[name] = chosen[1] if chosen else ""
    return found


def begin(made: World, address: str) -> None:
    assert made.post(f"{address}/begin", as_suggested(made, address)).status_code == 302


def work(made: World, address: str) -> None:
    Importer(made.database).turn(number(address), made.anna.team_id)


def number(address: str) -> int:
    return int(address.rpartition("/")[2])


def test_an_empty_page_says_what_to_do_first(small_world):
    page = text(small_world.client().get("/imports"))
    assert "No import yet" in page
    assert "/imports/new" in page


def test_a_file_is_read_and_shown_before_anything_comes_in(small_world):
    rows = "Imię i nazwisko;E-mail;Uwagi\r\nŻaneta Łoś;z@x.test;brak\r\n".encode("cp1250")
    answer = small_world.post("/imports", {"subject": "contact", "file": (io.BytesIO(rows), "klienci.csv")})

    page = text(small_world.client().get(answer.location))

    assert "1 row waits" in page
    assert "Żaneta Łoś" in page
    assert "Central European (Windows-1250), parted by semicolons" in page
    assert "We guessed how this file spells its letters" in page
    assert as_suggested(small_world, answer.location) == {
        "to-imię_i_nazwisko": "name",
        "to-e_mail": "email",
        "to-uwagi": "",
    }
    with small_world.database.reading(small_world.viewer) as session:
        assert session.query(Contact).count() == 0


def test_another_way_to_read_a_file_is_chosen_and_reads_it_again(small_world):
    address = bring(small_world, "Anna;anna@x.test\nBea;bea@x.test\n")
    page = text(small_world.client().get(address))
    assert "2 rows wait" in page, "no row of headings was found"

    answer = small_world.post(
        f"{address}/read", {"header": "yes", "delimiter": ";", "encoding": "utf-8", "dates": "month"}
    )

    page = text(small_world.client().get(answer.location))
    assert "1 row waits" in page
    assert '<option value="month" selected' in page
    bad = small_world.post(f"{address}/read", {"encoding": "klingon"})
    assert "Choose another encoding" in text(bad, 422)


def test_nobody_waits_while_a_file_is_parsed(small_world, monkeypatch):
    """Seconds, for 50,000 rows: so it is done before the writing begins, and not again in it."""
    monkeypatch.setattr(operations, "tables", None)
    address = bring(small_world)

    assert small_world.post(f"{address}/read", {"header": "no"}).status_code == 302
    assert small_world.post(f"{address}/read", {"header": "yes"}).status_code == 302
    begin(small_world, address)


def test_a_sheet_of_a_workbook_is_chosen(small_world):
    data = workbook({"Notes": [["Notes"], ["nothing here"]], "Osoby": [["name", "email"], ["Anna", "anna@x.test"]]})
    answer = small_world.post("/imports", {"subject": "contact", "file": (io.BytesIO(data), "a.xlsx")})

    small_world.post(f"{answer.location}/read", {"sheet": "Osoby", "header": "yes"})

    page = text(small_world.client().get(answer.location))
    assert "anna@x.test" in page
    assert "The sheet “Osoby”" in page
    begin(small_world, answer.location)
    work(small_world, answer.location)
    assert "1 person came in." in text(small_world.client().get(answer.location))


def test_good_rows_come_in_and_bad_ones_are_listed_with_their_field_and_can_be_downloaded(small_world):
    address = bring(small_world)
    begin(small_world, address)
    assert "0 of 3 rows are in." in text(small_world.client().get(address))

    work(small_world, address)

    page = text(small_world.client().get(address))
    assert "2 people came in, 1 row was left out." in page
    assert "E-mail: “nope” is not an e-mail address." in page
    assert "Row 3" in page
    csv = small_world.client().get(f"{address}/bad.csv")
    assert csv.data.startswith(b"\xef\xbb\xbfname,email,phone,Why it was left out")
    assert "Bea,nope,456," in csv.get_data(as_text=True)
    assert "attachment" in csv.headers["Content-Disposition"]


def test_the_columns_are_remembered_and_a_second_import_updates(small_world):
    first = bring(small_world)
    assert "by its heading" in text(small_world.client().get(first))
    form = as_suggested(small_world, first) | {"to-phone": ""}
    small_world.post(f"{first}/begin", form)
    work(small_world, first)

    again = bring(small_world, PEOPLE.replace("Anna Nowak", "Anna Nowakowska"))

    assert "remembered" in text(small_world.client().get(again))
    assert as_suggested(small_world, again) == form
    begin(small_world, again)
    work(small_world, again)
    page = text(small_world.client().get(again))
    assert "1 row updated what was there, 1 was there already, 1 row was left out." in page


def test_two_columns_for_one_field_are_refused_and_the_choice_stays(small_world):
    address = bring(small_world)
    form = as_suggested(small_world, address) | {"to-phone": "name"}

    page = text(small_world.post(f"{address}/begin", form), 422)

    assert "Two columns are to become Name" in page
    assert "Nothing was imported." in page
    assert page.count('<option value="name" selected') == 2
    nobody = text(small_world.post(f"{address}/begin", {}), 422)
    assert "No column says who it is" in nobody


def test_deals_begin_in_the_pipeline_that_was_chosen(small_world):
    rows = 'title,value,stage,company\nBig one,"1.200,50",Meeting,Kartonex\nOdd one,many,,\n'
    address = bring(small_world, rows, subject="deal", pipeline=str(small_world.pipeline.id))
    assert "New deals begin in Outbound." in text(small_world.client().get(address))
    begin(small_world, address)
    work(small_world, address)

    page = text(small_world.client().get(address))

    assert "1 deal came in, 1 row was left out." in page
    assert "Value" in page
    assert "“many” can't be read as an amount" in page


def test_the_progress_is_the_truth_and_nothing_is_said_twice(small_world):
    address = bring(small_world, "name,email\n" + "".join(f"P{n},p{n}@x.test\n" for n in range(40)))
    begin(small_world, address)
    with small_world.database.writing(small_world.viewer) as session:
        assert running.run_slice(session, number(address), at=MONDAY, size=10)

    said = small_world.client().get(f"{address}/state").get_json()

    assert said["stage"] == "running"
    assert "10 of 40 rows are in." in said["parts"]["head"]
    assert small_world.client().get(f"{address}/state?known={said['print']}").status_code == 204
    stopped = small_world.post(f"{address}/stop")
    page = text(small_world.client().get(stopped.location))
    assert "Stopped at 10 of 40 rows. 10 people came in." in page
    assert "Go on" in page
    small_world.post(f"{address}/go-on")
    work(small_world, address)
    assert "40 people came in." in text(small_world.client().get(address))
    assert "is being imported or was imported already" in text(small_world.post(f"{address}/go-on"), 409)


def test_undo_says_beforehand_what_goes_and_what_stays_and_lists_what_stayed(small_world):
    address = bring(small_world)
    begin(small_world, address)
    work(small_world, address)
    with small_world.database.writing(small_world.viewer) as session:
        row = session.query(ImportRow).where(ImportRow.state == "created").order_by(ImportRow.number).first()
        assert row is not None
        assert row.contact_id is not None
        contact_id = row.contact_id
        contacts.edit(session, contact_id, {"job": "Boss"}, at=MONDAY + timedelta(minutes=1))
    page = text(small_world.client().get(address))
    assert "Undo takes back what 1 row brought" in page
    assert "1 row stays, because somebody changed since" in page
    assert f'href="/people/{contact_id}"' in page

    small_world.post(f"{address}/undo")
    work(small_world, address)

    page = text(small_world.client().get(address))
    assert "1 row was taken back, 1 stayed because somebody changed it." in page
    assert "What stayed" in page
    assert f'href="/people/{contact_id}"' in page
    assert "Undo the import" not in page
    assert "taken back already" in text(small_world.post(f"{address}/undo"), 409)


def test_a_draft_is_given_up(small_world):
    address = bring(small_world)
    assert "waits here for 7 days" in text(small_world.client().get(address))
    answer = small_world.post(f"{address}/give-up")
    assert answer.location == "/imports"
    assert small_world.client().get(address).status_code == 404
    begun = bring(small_world)
    begin(small_world, begun)
    small_world.post(f"{begun}/stop")
    assert "waits here for 7 days" in text(small_world.client().get(begun))
    small_world.post(f"{begun}/give-up")
    page = text(small_world.client().get(begun))
    assert "Stopped at 0 of 3 rows. Nothing came in." in page
    assert "Go on" not in page


def test_nothing_chosen_and_files_that_cannot_be_read_are_told_and_what_was_pasted_stays(small_world):
    assert "Choose a file or paste rows first." in text(small_world.post("/imports", {"subject": "deal"}), 422)
    lone = text(small_world.post("/imports", {"subject": "contact", "rows": 'name,email\n"open,x\n'}), 422)
    assert "never closed" in lone
    assert '"open,x' in lone
    for data, why in ((b"%PDF-1.7 \x00\x01", "a PDF"), (b"", "Choose a file"), (b"name,email\n", "nothing below it")):
        answer = small_world.post("/imports", {"subject": "contact", "file": (io.BytesIO(data), "a.csv")})
        assert why in text(answer, 422)


def test_two_gigabytes_are_refused_before_they_are_read(small_world):
    class Unread(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, room: object) -> int:
            raise AssertionError("somebody read it")

    client = small_world.client()
    page = client.get("/preferences").get_data(as_text=True)
    token = re.search(r'name="csrf-token" content="([^"]+)"', page)
    assert token is not None

    answer = client.post(
        "/imports",
        content_type="multipart/form-data; boundary=x",
        headers={"X-CSRFToken": token[1]},
        environ_overrides={"CONTENT_LENGTH": str(2 * 1024**3), "wsgi.input": Unread()},
    )

    assert "up to 50 MB" in text(answer, 413)


def test_a_body_that_does_not_say_how_long_it_is_is_read_up_to_the_limit_and_no_further(small_world):
    class Endless(io.RawIOBase):
        sent = 0

        def readable(self) -> bool:
            return True

        def readinto(self, room: bytearray) -> int:
            head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
            some = (head if not self.sent else b"a" * len(room))[: len(room)]
            room[: len(some)] = some
            self.sent += len(some)
            assert self.sent < 2 * import_choices.LARGEST, "somebody goes on reading"
            return len(some)

    client = small_world.client()
    token = re.search(r'name="csrf-token" content="([^"]+)"', client.get("/preferences").get_data(as_text=True))
    assert token is not None

    answer = client.post(
        "/imports",
        content_type="multipart/form-data; boundary=x",
        headers={"X-CSRFToken": token[1], "Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True, "wsgi.input": Endless()},
    )

    assert "up to 50 MB" in text(answer, 413)


def test_somebody_elses_import_is_not_there_for_a_rep_but_for_a_manager(small_world):
    address = bring(small_world)
    for path in ("", "/state", "/bad.csv"):
        assert small_world.client(small_world.dimas).get(f"{address}{path}").status_code == 404, path
    for path in ("read", "begin", "go-on", "stop", "give-up", "undo"):
        assert small_world.post(f"{address}/{path}", user=small_world.dimas).status_code == 404, path
    assert "Pasted rows" not in text(small_world.client(small_world.dimas).get("/imports"))
    with small_world.database.writing(Viewer.operator(small_world.anna.team_id)) as session:
        session.get_one(User, small_world.dimas.id).role = Role.MANAGER
    assert "by Anna Kowalczyk" in text(small_world.client(small_world.dimas).get("/imports"))


def test_html_and_formulas_in_a_file_are_only_text(small_world):
    rows = '<b>name</b>,email\n"<script>alert(1)</script>",=cmd()\n'
    address = bring(small_world, rows)
    page = small_world.client().get(address).get_data(as_text=True)
    assert "<script>alert" not in page
    assert "<b>name" not in page
    small_world.post(
        f"{address}/begin",
        {key: value for key, value in as_suggested(small_world, address).items()} | {"to-email": "email"},
    )
    work(small_world, address)
    page = small_world.client().get(address).get_data(as_text=True)
    assert "<script>alert" not in page
    assert ",'=cmd()," in small_world.client().get(f"{address}/bad.csv").get_data(as_text=True)
