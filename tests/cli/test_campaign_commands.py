"""`campaign create | send | status`: JSON for scripts, sentences for people."""

from __future__ import annotations

import pytest

COUNTS = ("pending", "drafted", "sent", "failed", "uncertain", "held", "withdrawn", "stopped", "skipped")


def test_creating_says_who_gets_it_and_who_is_skipped_as_one_json_document(office, create):
    made = office.json(*create("email,first_name\na@x.test,A\nnope,B\nA+x@x.test,C\nd@x.test,\n"))

    assert made == {
        "campaign": made["campaign"],
        "recipients": 1,
        "skipped": [
            {"row": 2, "email": "nope", "reason": "bad_address"},
            {"row": 3, "email": "A+x@x.test", "reason": "duplicate"},
            {"row": 4, "email": "d@x.test", "reason": "missing_field"},
        ],
    }
    assert isinstance(made["campaign"], int)


def test_for_people_the_reasons_are_sentences(office, create):
    told = office.done(*create("email,first_name\na@x.test,A\n,B\na@x.test,C\nd@x.test,\n"))

    assert "1 person gets the mail, 3 skipped" in told
    assert "Row 2 (no address) is skipped: no e-mail address." in told
    assert "Row 3 (a@x.test) is skipped: the same person as row 1." in told
    assert "nothing in first_name, and the text has no fallback" in told


def test_a_campaign_goes_from_draft_to_sending_and_sending_again_changes_nothing(office, create):
    number = office.json(*create("email,first_name\na@x.test,A\nb@x.test,B\nnope,C\n"))["campaign"]
    assert office.json("campaign", "status", number) == {"state": "draft", **dict.fromkeys(COUNTS, 0), "skipped": 1}

    assert "2 mails are due" in office.done("campaign", "send", number)
    assert "Nothing was changed" in office.done("campaign", "send", number)

    status = office.json("campaign", "status", number, "--recipients")
    assert status == {
        "state": "sending",
        **dict.fromkeys(COUNTS, 0),
        "pending": 2,
        "skipped": 1,
        "recipients": [
            {"email": "a@x.test", "state": "due", "message_id": None},
            {"email": "b@x.test", "state": "due", "message_id": None},
        ],
    }


def test_status_reads_for_people_too(office, create):
    number = office.json(*create("email,first_name\na@x.test,A\n"))["campaign"]

    told = office.done("campaign", "status", number, "--recipients")

    assert "state: draft" in told
    assert "a@x.test  draft" in told


@pytest.mark.parametrize(
    ("csv", "sentence"),
    [
        ("", "The file is empty"),
        ("email,first_name\n", "no people below it"),
        ("a@x.test,A\nb@x.test,B\n", "must name the columns"),
        ("email,first_name,first_name\na@x.test,A,B\n", "same name: first_name"),
        ('email,first_name\na@x.test,"A\nb@x.test,B\n', "quotation mark opened in line 2"),
        ("name,first_name\nx,A\n", "No column of the list holds e-mail addresses"),
        (b"PK\x03\x04zip", "not a CSV file but xlsx"),
    ],
)
def test_a_list_that_cannot_be_read_is_refused_with_the_reason_and_nothing_is_made(office, create, csv, sentence):
    assert sentence in office.refused(*create(csv), "--json")
    assert "There is no campaign 1" in office.refused("campaign", "status", 1)


def test_a_list_as_spreadsheets_save_it_is_read(office, create):
    told = office(*create("\ufeffE-Mail;First name\r\na@x.test;Zoë\r\n".encode()), "--json")
    latin = office(*create("E-Mail;First name\r\na@x.test;Zoë\r\n".encode("latin-1")), "--json")

    assert told.exit_code == latin.exit_code == 0
    assert told.stderr == ""
    assert "which is a guess" in latin.stderr


def test_texts_that_cannot_be_used_are_refused_line_by_line(office, create):
    told = office.refused(*create("email,first_name\na@x.test,A\n", subject="{{ frist_name }}", body="x\n{{ a.b() }}"))

    assert "Subject, line 1: No column is called “frist_name”. Did you mean “first_name”?" in told
    assert "Body, line 2: A mail can't call functions" in told


def test_a_fallback_for_a_column_that_is_not_there_is_a_hint_on_standard_error(office, create):
    result = office(*create("email\na@x.test\n", body='Hi {{ nick | default("there") }}'), "--json")

    assert result.exit_code == 0
    assert "everybody gets the fallback" in result.stderr


def test_a_text_that_is_not_utf8_is_refused(office, create):
    arguments = create("email,first_name\na@x.test,A\n")
    office.file("body.txt", "Zoë".encode("latin-1"))

    assert "body.txt is not UTF-8" in office.refused(*arguments)


@pytest.mark.parametrize("command", [("send", 77), ("status", 77), ("status", 77, "--json")])
def test_a_campaign_that_is_not_there_is_named(office, command):
    assert office.refused("campaign", *command) == "There is no campaign 77."


def test_a_mailbox_that_is_not_connected_and_a_list_of_nobody(office, create):
    arguments = create("email,first_name\nnope,A\n")
    number = office.json(*arguments)["campaign"]

    assert "nobody to mail" in office.refused("campaign", "send", number)
    arguments[arguments.index("ana@halyard.example")] = "ben@halyard.example"
    assert "No mailbox ben@halyard.example is connected" in office.refused(*arguments)


def test_a_file_that_is_not_there_is_misunderstood(office, create):
    arguments = create("email\na@x.test\n")
    (office.folder / "people.csv").unlink()

    result = office(*arguments, "--json")

    assert (result.exit_code, result.stdout) == (2, "")
