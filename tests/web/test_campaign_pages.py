"""A campaign from the uploaded list to the last mail, as its pages show it."""

from __future__ import annotations

import io
import re
import zlib
from base64 import b64encode
from functools import partial
from html import unescape

import pytest
from sqlalchemy import select, update

from addon.domain import tables
from addon.domain.campaigns import importing, queries
from addon.models import Campaign, CampaignState, Mailbox, Outgoing, OutgoingState
from addon.web import uploads
from tests.web.web_world import MONDAY, World

LIST = """name,first_name,email,city
Siti Rahmawati,Siti,siti@gudang.test,Surabaya
Agus Wijaya,Agus,agus@gudang.test,
Nobody,,jan.kowalski@,
"""
SUBJECT, BODY = "Ramps in {{ city | default('your city') }}", "Hello {{ first_name }},\n\nshall we talk?"


def upload(made: World, data: bytes | str, *, name: str = "ramp_planner.csv", **more: str) -> object:
    content = data.encode() if isinstance(data, str) else data
    form = {"list": (io.BytesIO(content), name), **more}
    return made.post("/campaigns/list", form, content_type="multipart/form-data")


def texts(made: World, **more: str) -> dict[str, str]:
    kept = uploads.pack(LIST.encode())
    given = {"kept": kept, "kept_name": "ramp.csv", "name": "Autumn", "mailbox": str(made.mailbox.id)}
    return given | {"subject": SUBJECT, "body": BODY} | more


def draft(made: World, rows: str = LIST) -> int:
    table = tables.read(rows.encode(), "ramp.csv")
    wanted = importing.Draft(mailbox_id=made.mailbox.id, name="Autumn", subject=SUBJECT, body=BODY, table=table)
    return importing.create_campaign(partial(made.database.writing, made.viewer), wanted, at=MONDAY)


def launched(made: World, rows: str = LIST) -> int:
    campaign = draft(made, rows)
    importing.launch_campaign(partial(made.database.writing, made.viewer), campaign, at=MONDAY)
    return campaign


def mails(made: World, campaign_id: int, *states: OutgoingState) -> list[int]:
    """Put the campaign's mails into these states, in order; their ids."""
    with made.database.writing(made.viewer) as session:
        run = session.get_one(Campaign, campaign_id).run_id
        rows = session.scalars(select(Outgoing).where(Outgoing.run_id == run).order_by(Outgoing.id)).all()
        for row, state in zip(rows, states, strict=False):
            row.state = state
            if state == OutgoingState.SENT:
                row.gmail_message_id, row.sent_at = f"g{row.id}", MONDAY
        return [row.id for row in rows]


def state_of(made: World, campaign_id: int) -> CampaignState:
    with made.database.reading(made.viewer) as session:
        return queries.progress(session, campaign_id).state


class TestWriting:
    def test_an_empty_page_says_what_to_do_first(self, small_world):
        page = small_world.client().get("/campaigns").text

        assert "No campaign yet" in page
        assert "Upload a list" in page

    def test_without_a_mailbox_it_says_to_connect_one(self, small_world):
        assert "Connect your Gmail first" in small_world.client(small_world.dimas).get("/campaigns/new").text

    def test_an_uploaded_list_offers_its_columns_as_fields(self, small_world):
        page = upload(small_world, LIST).text

        assert "3 rows" in page
        assert 'data-insert="{{ first_name }}"' in page
        assert 'value="ramp planner"' in page, "the campaign is named after its list"
        assert "siti@gudang.test" in page

    @pytest.mark.parametrize(
        ("data", "said"),
        [
            ("", "This file is empty."),
            ("email,name\n", "no people below it"),
            ("a@b.test,Anna\nb@c.test,Ben\n", "The first row must hold names of columns"),
            ("email,name,name\na@b.test,x,y\n", "Two columns have the same name: name"),
            ('email,name\na@b.test,"never closed\n', "opened in line 2 is never closed"),
            (b"PK\x03\x04" + b"x" * 50, "Save the sheet as CSV"),
        ],
    )
    def test_a_list_that_cannot_be_read_says_why_and_keeps_what_was_written(self, small_world, data, said):
        answer = upload(small_world, data, subject="Kept subject", body="Kept body")

        assert answer.status_code == 422
        assert said in unescape(answer.text)
        assert "Kept subject" in answer.text
        assert "Kept body" in answer.text

    def test_a_list_without_addresses_cannot_become_a_campaign(self, small_world):
        kept = uploads.pack(b"name,city\nSiti,Surabaya\n")

        answer = small_world.post("/campaigns", texts(small_world, kept=kept, subject="Hi", body="Hello"))

        assert answer.status_code == 422
        assert "No column of this list holds mail addresses" in answer.text

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"body": "Hello {{ frist_name }}"}, "Line 1: No column is called frist_name. Did you mean first_name?"),
            ({"body": "Hello {{ first_name"}, "Line 1:"),
            ({"body": "x\n{% for a in b %}x{% endfor %}"}, "Line 2: A mail cannot repeat things."),
            ({"subject": "{{ ''.__class__ }}"}, "A field has no parts."),
            ({"subject": "  "}, "This is empty."),
            ({"name": ""}, "A campaign needs a name."),
            ({"mailbox": "99"}, "Choose one of your own mailboxes."),
        ],
    )
    def test_texts_that_cannot_be_used_stay_with_what_is_wrong(self, small_world, wrong, said):
        answer = small_world.post("/campaigns", texts(small_world) | wrong)

        assert answer.status_code == 422
        assert said in unescape(answer.text)
        for kept in wrong.values():
            assert kept.strip() in unescape(answer.text)
        assert "ramp.csv" in answer.text, "nobody uploads the list again"
        with small_world.database.reading(small_world.viewer) as session:
            assert not queries.all_of_team(session)

    def test_a_colleagues_mailbox_cannot_be_sent_from(self, small_world):
        answer = small_world.post("/campaigns", texts(small_world), user=small_world.dimas)

        assert answer.status_code == 422
        assert "Connect your Gmail first" in answer.text, "Dimas has none of his own"
        with small_world.database.reading(small_world.viewer) as session:
            assert not queries.all_of_team(session)

    @pytest.mark.parametrize("kept", ["x", b64encode(b"not packed").decode(), ""])
    def test_a_list_that_did_not_survive_the_way_is_asked_for_again(self, small_world, kept):
        assert small_world.post("/campaigns", texts(small_world, kept=kept)).status_code == 422

    def test_a_packed_list_cannot_grow_beyond_what_may_be_uploaded(self):
        bomb = b64encode(zlib.compress(b"x" * (uploads.LARGEST + 1))).decode()

        with pytest.raises(uploads.NotKept):
            uploads.unpack(bomb)

    def test_a_long_list_fits_through_the_form(self, small_world):
        rows = "email,name\n" + "".join(f"p{n}@firma{n}.test,Person {n} {hash(str(n))}\n" for n in range(12_000))
        form = texts(small_world, kept=uploads.pack(rows.encode()), body="Hello {{ nmae }}", subject="Hi")

        assert "12000 rows" in small_world.post("/campaigns", form).text


class TestPlan:
    def test_everybodys_real_mail_can_be_read_before_anything_is_sent(self, small_world):
        made = small_world.post("/campaigns", texts(small_world))
        client = small_world.client()
        first = client.get(made.headers["Location"]).text
        second = client.get(f"{made.headers['Location']}?person=2").text

        assert "2 people get one mail each." in first
        assert "Siti’s mail" in first
        assert "Ramps in Surabaya" in first
        assert "Hello Siti," in first
        assert "If you’d rather not get mails like this, unsubscribe: [each person’s own link]" in first
        assert "Ramps in your city" in second
        assert "2 / 2" in second
        assert client.get(f"{made.headers['Location']}?person=99").status_code == 200

    def test_the_end_it_promises_counts_the_mailboxs_own_limit_and_all_that_goes_before(self, small_world):
        first = launched(small_world)
        page = f"/campaigns/{draft(small_world)}"
        with small_world.database.writing(small_world.viewer) as session:
            session.get_one(Mailbox, small_world.mailbox.id).daily_cap = 2

        waiting = small_world.client().get(page).text
        mails(small_world, first, OutgoingState.SENT, OutgoingState.SENT)
        sent_today = small_world.client().get(page).text
        mails(small_world, first, OutgoingState.STOPPED, OutgoingState.STOPPED)
        with small_world.database.writing(small_world.viewer) as session:
            session.execute(update(Outgoing).values(sent_at=None))
        alone = small_world.client().get(page).text

        assert "Your limit is 2 mails in any 24 hours, so they leave over 2 days." in waiting
        assert "so they leave over 2 days." in sent_today
        assert "the last one about a minute after the launch" in alone

    def test_who_is_skipped_is_told_with_the_reason(self, small_world):
        page = small_world.client().get(f"/campaigns/{draft(small_world)}").text

        assert "1 of 3 rows is skipped" in page
        assert "Address is not valid" in page
        assert "Row 3: jan.kowalski@" in page

    def test_one_button_launches_and_names_the_number(self, small_world):
        campaign = draft(small_world)
        page = small_world.client().get(f"/campaigns/{campaign}").text
        assert page.count("btn-primary") == 1
        assert "Launch 2 mails" in page

        answer = small_world.post(f"/campaigns/{campaign}/launch")
        again = small_world.post(f"/campaigns/{campaign}/launch")

        assert answer.headers["Location"] == again.headers["Location"] == f"/campaigns/{campaign}"
        assert state_of(small_world, campaign) == CampaignState.SENDING

    def test_a_colleague_may_read_but_not_launch(self, small_world):
        campaign = draft(small_world)

        assert "Launch 2 mails" not in small_world.client(small_world.dimas).get(f"/campaigns/{campaign}").text
        assert small_world.post(f"/campaigns/{campaign}/launch", user=small_world.dimas).status_code == 409
        assert state_of(small_world, campaign) == CampaignState.DRAFT

    def test_a_list_of_nobody_cannot_be_launched(self, small_world):
        campaign = draft(small_world, "email,first_name,city\nnope,Siti,x\n")

        assert "Nobody on this list can be mailed." in small_world.client().get(f"/campaigns/{campaign}").text
        assert "nobody to mail" in small_world.post(f"/campaigns/{campaign}/launch").text

    def test_changing_the_mail_keeps_the_list_and_replaces_the_draft(self, small_world):
        campaign = draft(small_world)
        page = small_world.client().get(f"/campaigns/{campaign}/rewrite").text
        kept = re.search(r'name="kept" value="([^"]+)"', page)
        assert kept is not None
        assert "Ramps in {{ city" in unescape(page)

        form = texts(small_world, kept=kept[1], subject="Another subject", instead_of=str(campaign))
        made = small_world.post("/campaigns", form)

        assert "Another subject" in small_world.client().get(made.headers["Location"]).text
        assert state_of(small_world, campaign) == CampaignState.CANCELLED


class TestProgress:
    def test_true_numbers_and_what_needs_a_person(self, small_world):
        campaign = launched(small_world)
        mails(small_world, campaign, OutgoingState.SENT, OutgoingState.UNCERTAIN)

        page = small_world.client().get(f"/campaigns/{campaign}").text

        assert "1 of 2 mails are out." in page
        assert "1 sent, 1 uncertain, of 2" in page
        assert "Uncertain: mail to Agus Wijaya" in page
        assert "Nothing was sent twice." in page

    def test_a_script_gets_new_parts_only_when_the_truth_moved(self, small_world):
        campaign = launched(small_world)
        client, path = small_world.client(), f"/campaigns/{campaign}/state"
        known = client.get(path).json["print"]

        assert client.get(f"{path}?known={known}").status_code == 204
        mails(small_world, campaign, OutgoingState.SENT, OutgoingState.SENT)

        assert "All 2 mails are out." in client.get(f"{path}?known={known}").json["parts"]["head"]

    def test_pause_resume_and_cancel(self, small_world):
        campaign = launched(small_world)

        small_world.post(f"/campaigns/{campaign}/pause")
        assert "Paused by hand" in small_world.client().get(f"/campaigns/{campaign}").text
        small_world.post(f"/campaigns/{campaign}/resume")
        assert state_of(small_world, campaign) == CampaignState.SENDING
        assert (
            "2 mails that are still to come never leave"
            in small_world.client().get(f"/campaigns/{campaign}/cancel").text
        )
        small_world.post(f"/campaigns/{campaign}/cancel")
        assert "Cancelled: 0 of 2 mails went out." in small_world.client().get(f"/campaigns/{campaign}").text

    @pytest.mark.parametrize("act", ["pause", "resume", "cancel"])
    def test_a_colleague_cannot_touch_it(self, small_world, act):
        campaign = launched(small_world)

        assert small_world.post(f"/campaigns/{campaign}/{act}", user=small_world.dimas).status_code in (403, 409)
        assert state_of(small_world, campaign) == CampaignState.SENDING

    def test_an_uncertain_mail_goes_again_only_after_reading_what_that_means(self, small_world):
        campaign = launched(small_world)
        uncertain, _ = mails(small_world, campaign, OutgoingState.UNCERTAIN)
        path = f"/campaigns/{campaign}/mails/{uncertain}"

        assert "they get it twice" in small_world.client().get(f"{path}/again").text
        assert small_world.post(f"{path}/again", user=small_world.dimas).status_code == 403
        assert small_world.post(f"{path}/look").status_code == 302
        small_world.post(f"{path}/again")
        with small_world.database.reading(small_world.viewer) as session:
            assert session.get_one(Outgoing, uncertain).state == OutgoingState.DUE
        assert small_world.post(f"{path}/sent").status_code == 409, "it is settled meanwhile"

    def test_a_mail_of_another_campaign_is_not_there(self, small_world):
        first, second = launched(small_world), draft(small_world)
        uncertain, _ = mails(small_world, first, OutgoingState.UNCERTAIN)

        assert small_world.post(f"/campaigns/{second}/mails/{uncertain}/sent").status_code == 404

    def test_every_number_opens_into_its_people(self, small_world):
        campaign = launched(small_world)
        mails(small_world, campaign, OutgoingState.SENT, OutgoingState.FAILED)
        client = small_world.client()

        assert "Siti Rahmawati" in client.get(f"/campaigns/{campaign}/people?which=sent").text
        assert "Agus Wijaya" in client.get(f"/campaigns/{campaign}/people?which=failed").text
        assert "Nobody stands here now." in client.get(f"/campaigns/{campaign}/people?which=held").text
        assert client.get(f"/campaigns/{campaign}/people?which=nonsense").status_code == 200

    def test_the_list_of_campaigns_shows_how_far_each_is(self, small_world):
        mails(small_world, launched(small_world), OutgoingState.SENT)

        page = small_world.client().get("/campaigns").text

        assert "1 of 2 mails are out" in page
        assert "Sending" in page
