"""Answers to invitations from seven languages' calendars: what was answered, by whom, to which meeting, and when."""

from __future__ import annotations

from addon.domain.verdicts import Kind, What, judge
from tests.domain.verdicts.own.invitations import UID, answer
from tests.domain.verdicts.own.letters import letters

KINDS = {
    "ACCEPTED": Kind.CALENDAR_ACCEPTED,
    "DECLINED": Kind.CALENDAR_DECLINED,
    "TENTATIVE": Kind.CALENDAR_TENTATIVE,
}
NO_ANSWERS = ("request", "cancel", "counter")
UNREADABLE = ("winmail", "broken")


def expected(told):
    """Kind, and who answered what when, where the file can be read."""
    shape = told["shape"]
    kind = Kind.CALENDAR_OTHER if shape in NO_ANSWERS else KINDS[told["answer"]]
    if shape in UNREADABLE:
        return kind, None
    return kind, (UID, "" if shape in ("request", "cancel") else "ana.rossi@acme.test", told["at"])


def test_answers_are_told_with_meeting_person_and_time():
    mails = letters("answers")
    lines = []
    for name, _, told in mails:
        facts = judge(answer(told), own=["bob@dealer.test"]).facts
        found = facts.calendar and (facts.calendar.uid, facts.calendar.attendee, facts.calendar.starts)
        if (facts.kind, found) != expected(told):
            lines.append(f"{name} {told['shape']} {told['subject']!r}: {facts.kind}, {found}, not {expected(told)}")

    assert len(mails) >= 60
    assert not lines, "\n".join(lines)


def test_what_a_person_wrote_into_an_answer_is_kept_as_its_text():
    said = [(judge(answer(told)).reply_text, told["said"]) for _, _, told in letters("answers") if "said" in told]

    assert len(said) >= 30
    assert [text for text, wanted in said if text != wanted] == []


def test_what_a_person_wrote_into_an_answer_is_heard_wherever_the_calendar_keeps_it():
    declined = {"shape": "google", "subject": "Declined: Demo", "answer": "DECLINED", "local": "20250310T100000Z"}
    told = {**declined, "said": "Ana Rossi has declined this invitation.", "comment": "Can we do Tuesday\\, please?"}

    judged = judge(answer(told))

    assert judged.facts.kind is Kind.CALENDAR_DECLINED
    assert judged.reply_text == "Can we do Tuesday, please?"
    assert What.QUESTION in {hit.what for hit in judged.facts.said}


def test_the_words_of_a_calendar_are_not_heard_as_a_persons():
    told = {"shape": "google", "subject": "Declined: Demo", "answer": "DECLINED", "local": "20250310T100000Z"}

    judged = judge(answer({**told, "said": "Ana is not interested in this invitation. Please remove me."}))

    assert judged.facts.said == ()


def test_outlook_leaves_the_mail_to_the_person():
    told = {"shape": "outlook", "subject": "Declined: Demo", "answer": "DECLINED", "local": "20250310T100000Z"}

    judged = judge(answer({**told, "said": "Could we meet on Tuesday instead?"}))

    assert What.MEETING in {hit.what for hit in judged.facts.said}
