"""`campaign preview`: what a person will read, or why they get nothing."""

from __future__ import annotations

import pytest

PEOPLE = "email,first_name\na@x.test,Ada\nnope,B\nc@x.test,Cleo\n"


def test_the_first_persons_mail_is_shown_whole_and_says_that_it_ends_with_a_way_out(office, create):
    number = office.json(*create(PEOPLE))["campaign"]

    told = office.done("campaign", "preview", number)

    assert "To:      Ada <a@x.test>" in told or "To:      a@x.test" in told
    assert "From:    ana@halyard.example" in told
    assert "Ada" in told
    assert told.rstrip().endswith("[each person's own link]")


def test_a_row_of_the_list_can_be_named_and_programs_get_json(office, create):
    number = office.json(*create(PEOPLE))["campaign"]

    mail = office.json("campaign", "preview", number, "--row", 3)

    assert mail["campaign"] == number
    assert (mail["row"], mail["to"], mail["from"]) == (3, "c@x.test", "ana@halyard.example")
    assert "Cleo" in mail["body"] + mail["subject"]
    assert set(mail) == {"campaign", "row", "from", "to", "to_name", "subject", "body"}


@pytest.mark.parametrize(
    ("row", "sentence"),
    [(2, "Row 2 (nope) is skipped: no e-mail address."), (4, "has no row 4"), (2**31 - 1, "has no row 2147")],
)
def test_a_row_without_a_mail_says_why(office, create, row, sentence):
    number = office.json(*create(PEOPLE))["campaign"]

    assert sentence in office.refused("campaign", "preview", number, "--row", row)


def test_where_everybody_is_skipped_there_is_nothing_to_show(office, create):
    number = office.json(*create("email,first_name\nnope,A\n"))["campaign"]

    assert "no mail to show" in office.refused("campaign", "preview", number)


def test_an_unknown_campaign_has_no_preview(office):
    assert "There is no campaign 7" in office.refused("campaign", "preview", 7)
    assert office("campaign", "preview", "seven").exit_code == 2
    assert office("campaign", "preview", 10**30).exit_code == 2
