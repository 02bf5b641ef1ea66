"""Law 10: a header decides how much of a mail may be read; private mail is left alone."""

from __future__ import annotations

import pytest

from addon.domain.inbox.wanting import Known, Reading, is_skipped, wanted
from addon.domain.ports.mailbox import MailHead


def head(labels: tuple[str, ...] = ("INBOX",), **headers: str) -> MailHead:
    named = {name.replace("_", "-").lower(): (value,) for name, value in headers.items()}
    return MailHead("1", "t", frozenset(labels), named)


def test_private_mail_is_not_read() -> None:
    assert wanted(head(From="mum@home.example"), Known()) is Reading.NOTHING


@pytest.mark.parametrize("known", [Known(thread=True), Known(chain=True), Known(person=True)])
def test_mail_around_which_something_is_known_is_read(known: Known) -> None:
    assert wanted(head(From="jane@acme.example"), known) is Reading.WHOLE


def test_a_dismissed_thread_is_not_read_for_its_people_but_for_what_it_answers() -> None:
    assert wanted(head(), Known(person=True, dismissed=True)) is Reading.NOTHING
    assert wanted(head(), Known(chain=True, dismissed=True)) is Reading.WHOLE


@pytest.mark.parametrize(
    "report",
    [
        head(From="Mail Delivery Subsystem <mailer-daemon@googlemail.com>"),
        head(From="Postmaster@mx.example"),
        head(From="x@mx.example", Content_Type="multipart/report; report-type=delivery-status"),
        head(From="x@mx.example", X_Failed_Recipients="jane@acme.example"),
    ],
)
def test_reports_about_sent_mail_are_read(report: MailHead) -> None:
    assert wanted(report, Known()) is Reading.WHOLE


def test_our_own_send_is_proof_by_its_header_alone() -> None:
    ours = head(("SENT",), From="anna@halyard.example", X_Dealthread_Ref="a.1")

    assert wanted(ours, Known(thread=True, person=True)) is Reading.PROOF


def test_a_reference_in_a_mail_that_came_in_proves_nothing() -> None:
    assert wanted(head(X_Dealthread_Ref="a.1"), Known()) is Reading.NOTHING


@pytest.mark.parametrize("label", ["DRAFT", "SPAM", "TRASH", "CHAT"])
def test_drafts_spam_trash_and_chat_are_skipped(label: str) -> None:
    assert is_skipped(frozenset({"INBOX", label}))
    assert not is_skipped(frozenset({"INBOX", "SENT", "CATEGORY_PROMOTIONS"}))
