"""Beside a mail being written: whom it goes to, where their deal stands, and what a press puts into it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from addon.domain.access import Viewer
from addon.domain.contacts import addresses
from addon.domain.contacts import operations as contacts
from addon.domain.deals import operations as deals
from addon.domain.suppressions import operations as suppressions
from addon.domain.teams import operations as teams
from addon.i18n import catalogue
from addon.models import Address, Contact, Role, SuppressionReason, SuppressionScope
from addon.sandbox.inbox.events import Compose
from addon.sidebar.recipients import Recipients
from tests.domain.team_at_work import ANNA, BEN, JANE
from tests.sidebar.beside_gmail import (
    CARA,
    DRAFTS,
    GRANTED,
    HEADERS,
    NOON,
    PUBLIC_URL,
    BesideGmail,
    campaign,
    copied_deal,
)
from tests.sidebar.beside_gmail import unfolded as widgets_seen

COPY = "Copy in the others on this deal"


def katarzyna(desk: BesideGmail, *, locale: str = "") -> str:
    """Somebody with a company and a title; her address."""
    email = "katarzyna@bursztyn.example"
    with desk.team.acting() as session:
        company = contacts.create_company(session, "Bursztyn Logistyka", at=NOON)
        contacts.create(
            session,
            email,
            name="Katarzyna Wiśniewska",
            title="Purchasing",
            locale=locale,
            company=company,
            at=NOON,
        )
    return email


def cc(answer) -> list[str]:
    return [each["email"] for each in answer.draft_update["updateCcRecipients"]["ccRecipients"]]


# ---- whom it goes to -----------------------------------------------------------------------------------------------


def test_the_person_their_company_the_deal_its_stage_and_what_comes_next(desk: BesideGmail):
    email = katarzyna(desk)
    deal_id = desk.team.deal("Ramps for Bursztyn", person=email)
    with desk.team.acting() as session:
        deals.edit(session, deal_id, {"next_step": "Send the offer", "next_step_on": NOON.date()}, at=NOON)

    card = desk.write(email)

    order = ["Katarzyna Wiśniewska", "Bursztyn Logistyka", "Ramps for Bursztyn", "New", "Send the offer"]
    assert sorted(order, key=card.words.index) == order
    assert f"{PUBLIC_URL}/deals/{deal_id}" in str(card.card)
    assert card.primary == ["Insert greeting"]
    assert COPY not in card.words, "nobody else is on the deal"


def test_the_first_recipient_whom_we_know_counts(desk: BesideGmail):
    desk.team.deal()

    assert "Ramp for Acme" in desk.write(BEN, "stranger@x.example", "Jane Doe <JANE+spring@Acme.example>").words
    assert "Ramp for Acme" in desk.write("stranger@x.example", cc=(JANE,)).words


def test_several_deals_are_each_named_and_lead_to_their_pages(desk: BesideGmail):
    ids = [desk.team.deal(title) for title in ("First", "Second", "Third", "Fourth")]
    copied = copied_deal(desk, "Fifth")

    card = desk.write(JANE)
    answer = desk.press(card, "Copy in others")

    assert [title for title in ("Fifth", "Fourth", "Third") if title in card.words] == ["Fifth", "Fourth", "Third"]
    assert "And 2 more open deals" in card.words
    assert f"{PUBLIC_URL}/deals/{copied}" in str(card.card)
    assert f"{PUBLIC_URL}/deals/{ids[3]}" in str(card.card)
    assert cc(answer) == ["marek@acme.example", "lea@acme.example"]
    assert widgets_seen(card.card) <= 12


def test_without_an_open_deal_the_person_is_still_greeted(desk: BesideGmail):
    email = katarzyna(desk)

    card = desk.write(email)

    assert "No open deal." in card.words
    assert card.primary == ["Insert greeting"]


@pytest.mark.parametrize(
    ("to", "said"),
    [
        ((), "Nobody is in this mail yet. Type whom it goes to"),
        ((BEN, ANNA), "Only you and your colleagues are in this mail."),
        (("a@x.example",), "a@x.example isn’t among your people yet."),
        (("a@x.example", "b@x.example"), "None of these 2 people are among yours yet."),
        (("<b>@x.example", "no address"), "Nobody is in this mail yet."),
    ],
)
def test_where_nobody_is_known_it_says_what_it_is_for_and_what_to_do(desk: BesideGmail, to: tuple[str, ...], said: str):
    campaign(desk, "Spring")

    card = desk.write(*to)

    assert said in card.words
    assert "where their deal stands" in card.words
    assert "Spring" not in card.words
    assert card.primary == []


def test_after_typing_a_recipient_look_again_shows_them(desk: BesideGmail):
    desk.team.deal()
    card = desk.write()
    desk.draft = Compose((JANE,))

    assert "Ramp for Acme" in desk.press(card, "Look again").words


def test_without_word_of_the_recipients_the_headers_are_asked_for(desk: BesideGmail):
    desk.granted = tuple(scope for scope in GRANTED if scope != HEADERS)

    assert desk.write(JANE).asked_scopes == [], "Gmail told them: nothing more is needed"
    made = desk.event("/addon/compose", compose=Compose(shown=False))
    assert desk.post("/addon/compose", made).asked_scopes == [HEADERS]


def test_drafts_are_changed_only_with_permission(desk: BesideGmail):
    desk.team.deal()
    card = desk.write(JANE)
    desk.granted = tuple(scope for scope in GRANTED if scope != DRAFTS)

    assert desk.write(JANE).asked_scopes == [DRAFTS]
    assert desk.press(card, "Insert greeting").asked_scopes == [DRAFTS]


def test_another_teams_people_are_unknown_and_their_numbers_open_nothing(desk: BesideGmail):
    desk.team.deal(), campaign(desk, "Spring")
    card = desk.write(JANE)
    with desk.database.writing(Viewer.operator(0)) as session:
        other = teams.create_team(session, "Rivals", at=NOON).id
    with desk.database.writing(Viewer.operator(other)) as session:
        teams.add_user(session, CARA, at=NOON, name="Rival", role=Role.REP)

    assert "isn’t among your people" in desk.write(JANE, by=CARA).words
    for button in ("Insert greeting", "Insert"):
        answer = desk.press(card, button, by=CARA)
        assert "no longer there" in answer.notice
        assert answer.draft_update == {}


@pytest.mark.parametrize(
    ("gmail", "to", "cc"),
    [
        ({"toRecipients": ["Doe, Jane <j@x.example>", 5, None]}, ("j@x.example",), ()),
        ({"toRecipients": ['"Doe, Jane" <J@x.example>'], "ccRecipients": []}, ("J@x.example",), ()),
        ({"toRecipients": "j@x.example", "ccRecipients": ["a@x.example", "undisclosed:;", "(" * 9000]}, (), None),
        ({"bccRecipients": ["b c@x.example", "@", "d@"]}, (), ()),
    ],
)
def test_odd_lists_of_recipients_are_read_as_far_as_they_make_sense(gmail, to: tuple[str, ...], cc):
    read = Recipients.of(gmail)

    assert read is not None
    assert read.to == to
    assert cc is None or read.cc == cc


# ---- the greeting --------------------------------------------------------------------------------------------------


def test_the_greeting_calls_them_by_their_first_name(desk: BesideGmail):
    email = katarzyna(desk)

    answer = desk.press(desk.write(email), "Insert greeting")

    contents = [{"content": "Dear Katarzyna,\n\n", "contentType": "TEXT"}]
    assert answer.draft_update == {"updateBody": {"type": "INSERT_AT_START", "insertContents": contents}}
    assert answer.notice == "Greeting inserted."
    assert not answer.has_card


def test_it_is_in_the_language_of_the_person(desk: BesideGmail, monkeypatch: pytest.MonkeyPatch):
    italian = {"sidebar.compose.dear": "Gentile {name},"}
    monkeypatch.setattr("addon.i18n.catalogue", lambda language: italian if language == "it" else catalogue(language))
    email = katarzyna(desk, locale="it")

    answer = desk.press(desk.write(email), "Insert greeting")

    assert answer.draft_update["updateBody"]["insertContents"][0]["content"].startswith("Gentile Katarzyna,")
    assert answer.notice == "Greeting inserted."


def test_a_name_made_up_from_an_address_is_no_name_to_greet(desk: BesideGmail):
    desk.team.deal()

    answer = desk.press(desk.write(JANE), "Insert greeting")

    assert answer.draft_update["updateBody"]["insertContents"][0]["content"] == "Hello,\n\n"


# ---- the others on the deal ----------------------------------------------------------------------------------------


def test_the_others_get_a_copy_and_who_had_one_keeps_it(desk: BesideGmail):
    copied_deal(desk)

    answer = desk.press(desk.write(JANE, cc=("Boss@Acme.example", BEN)), COPY)

    assert cc(answer) == ["Boss@Acme.example", BEN, "marek@acme.example", "lea@acme.example"]
    assert set(answer.draft_update) == {"updateCcRecipients"}
    assert answer.notice == "Copied in: Marek Zając, Lea Lind."


def test_nobody_is_in_the_mail_twice_whatever_the_spelling(desk: BesideGmail):
    copied_deal(desk)

    answer = desk.press(desk.write(JANE, "LEA+news@acme.example", cc=("Marek@acme.example",)), COPY)

    assert answer.draft_update == {}
    assert answer.notice == "Everybody on this deal is in this mail already."


def test_who_came_in_after_the_card_was_drawn_stays_in(desk: BesideGmail):
    copied_deal(desk)
    card = desk.write(JANE)
    desk.draft = Compose((JANE,), ("late@x.example", "lea@acme.example"))

    assert cc(desk.press(card, COPY)) == ["late@x.example", "lea@acme.example", "marek@acme.example"]


def test_who_must_not_be_mailed_is_left_out_and_named(desk: BesideGmail):
    copied_deal(desk)
    with desk.team.acting() as session:
        suppressions.suppress(
            session,
            addresses.key_of(session, "marek@acme.example"),
            scope=SuppressionScope.CAMPAIGNS,
            reason=SuppressionReason.UNSUBSCRIBED,
            at=NOON,
        )
        lea = session.scalars(select(Address).where(Address.email == "lea@acme.example")).one()
        contacts.mark_bounced(session, lea, at=NOON)

    answer = desk.press(desk.write(JANE), COPY)

    assert answer.draft_update == {}
    expected = "Nobody was copied in. Left out: Marek Zając (unsubscribed), Lea Lind (mail to them comes back)."
    assert answer.notice == expected


def test_an_address_that_bounced_gives_way_to_another_one_but_no_means_no(desk: BesideGmail):
    copied_deal(desk)
    with desk.team.acting() as session:
        for name in ("marek", "lea"):
            first = session.scalars(select(Address).where(Address.email == f"{name}@acme.example")).one()
            second = contacts.ensure_address(session, f"{name}@home.example", at=NOON)
            second.contact_id = first.contact_id
            if name == "marek":
                contacts.mark_bounced(session, first, at=NOON)
            else:
                suppressions.suppress(
                    session,
                    first.key,
                    scope=SuppressionScope.EVERYTHING,
                    reason=SuppressionReason.BY_HAND,
                    at=NOON,
                )

    answer = desk.press(desk.write(JANE), COPY)

    assert cc(answer) == ["marek@home.example"]
    assert answer.notice == "Copied in: Marek Zając. Left out: Lea Lind (not to be mailed)."


def test_where_gmail_keeps_the_recipients_nobody_is_replaced(desk: BesideGmail):
    copied_deal(desk)
    card = desk.write(JANE, cc=("boss@acme.example",))
    desk.draft = Compose(shown=False)

    answer = desk.press(card, COPY)

    assert answer.draft_update == {}
    assert "Gmail didn’t say who is in this mail. Nothing was changed." in answer.notice


# ---- a text --------------------------------------------------------------------------------------------------------


def test_a_text_is_filled_for_this_person_and_goes_in_with_its_subject(desk: BesideGmail):
    email = katarzyna(desk)
    body = "Dear {{ first_name }},\n\nis {{ company }} <ready>?\nWe are.\n"
    campaign(desk, "Spring", body, subject="{{ company }} & us")

    answer = desk.press(desk.write(email), "Insert")

    html = "<p>Dear Katarzyna,</p><p>is Bursztyn Logistyka &lt;ready&gt;?<br>We are.</p>"
    contents = [{"content": html, "contentType": "MUTABLE_HTML"}]
    assert answer.draft_update == {
        "updateBody": {"type": "INSERT_AT_START", "insertContents": contents},
        "updateSubject": {"subject": "Bursztyn Logistyka & us"},
    }
    assert answer.notice == "The text of ‘Spring’ was inserted, and its subject."


def test_the_card_says_beforehand_that_the_subject_is_replaced(desk: BesideGmail):
    desk.team.deal()
    before = desk.write(JANE).words
    campaign(desk, "Spring")

    assert "replaces its subject" in desk.write(JANE).words
    assert "Use a text" not in before


def test_each_text_shows_its_subject_for_this_person_or_what_is_lacking(desk: BesideGmail):
    email = katarzyna(desk)
    campaign(desk, "Spring", subject="For {{ company }}")
    campaign(desk, "Autumn", "In {{ city_of_office }}")

    words = desk.write(email).words

    assert "Spring\nFor Bursztyn Logistyka · today" in words
    assert "Autumn\nNothing known for City of office · today" in words


def test_a_field_of_which_nothing_is_known_is_named_and_nothing_goes_in(desk: BesideGmail):
    email = katarzyna(desk)
    campaign(desk, "Spring", "Dear {{ first_name }}, in {{ city }} and {{ city_of_office }}{{ colour | default('') }}")

    answer = desk.press(desk.write(email), "Insert")

    assert answer.draft_update == {}
    assert "‘Spring’ needs city, City of office, and nothing is known of it for Katarzyna Wiśniewska." in answer.notice
    assert "Nothing was inserted." in answer.notice
    assert "Insert greeting" in answer.words


def test_a_name_made_up_from_an_address_fills_no_field(desk: BesideGmail):
    desk.team.deal()
    campaign(desk, "Spring", "Dear {{ first_name }}")

    assert "needs first_name" in desk.press(desk.write(JANE), "Insert").notice


def test_the_newest_five_of_ones_own_are_offered(desk: BesideGmail):
    desk.team.deal()
    for number in range(7):
        campaign(desk, f"Text {number}", by=ANNA)
    campaign(desk, "Bens", by=BEN)

    words = desk.write(JANE).words

    assert [line for line in words.splitlines() if line.startswith("Text ")] == [f"Text {n}" for n in (6, 5, 4, 3, 2)]
    assert "Bens" not in words
    assert "Bens" in desk.write(JANE, by=BEN).words


def test_a_colleagues_text_is_not_mine_to_use(desk: BesideGmail):
    desk.team.deal()
    campaign(desk, "Bens", by=BEN)
    card = desk.write(JANE, by=BEN)

    answer = desk.press(card, "Insert", by=ANNA)

    assert "no longer there" in answer.notice
    assert answer.draft_update == {}


def test_somebody_deleted_meanwhile_is_told_and_the_card_is_drawn_anew(desk: BesideGmail):
    email = katarzyna(desk)
    card = desk.write(email)
    with desk.team.acting() as session:
        session.scalars(select(Contact).where(Contact.name == "Katarzyna Wiśniewska")).one().deleted_at = NOON

    answer = desk.press(card, "Insert greeting")

    assert "no longer there" in answer.notice
    assert "isn’t among your people" in answer.words


# ---- reading only --------------------------------------------------------------------------------------------------


def test_no_press_opens_a_transaction_that_writes(desk: BesideGmail, monkeypatch: pytest.MonkeyPatch):
    copied_deal(desk), campaign(desk, "Spring", "Shall we?")

    def writes(*_: object, **__: object) -> None:
        raise AssertionError("a mail being written is nobody's to write about")

    monkeypatch.setattr(type(desk.database), "writing", writes)
    card = desk.write(JANE)

    for button in ("Insert greeting", COPY, "Insert"):
        assert desk.press(card, button).draft_update
