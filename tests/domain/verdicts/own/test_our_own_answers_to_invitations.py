"""Answers to invitations from seven languages' calendars: what was answered, by whom, to which meeting, and when."""

from __future__ import annotations

from addon.domain.verdicts import Kind, judge
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
