"""People outside answer, each once a conversation, in the world's time; neither a restart nor a crash doubles it."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import ModuleType

import pytest

from addon.sandbox import world_clock
from addon.sandbox.gmail import Gmail
from addon.sandbox.people import CAST, Answering, Kind
from tests.sandbox.people.outside_world import (
    ANNA,
    NOW,
    answer,
    arrived,
    arrived_in,
    in_days,
    persona,
    send,
    texts_of,
    thread_of,
)

DaysPass = Callable[[float], int]
LANGUAGES = {"en", "it", "id", "pl", "de", "fr"}


def test_the_cast_is_large_and_speaks_six_languages() -> None:
    assert len(CAST) >= 24
    assert {one.language for one in CAST} == LANGUAGES
    assert {one.kind for one in CAST} == set(Kind)
    for language in LANGUAGES:
        assert len({one.kind for one in CAST if one.language == language}) >= 3, language
    addresses = [address for one in CAST for address in one.addresses]
    assert len(set(addresses)) == len(addresses)
    assert all(address.endswith(".example") for address in addresses)
    assert {one.colleague for one in CAST if one.kind is Kind.WRONG_PERSON} <= set(addresses)


def test_everybody_else_stays_silent(gmail: Gmail, people: Answering) -> None:
    send(gmail, "rina@contoh.example")

    assert people.deliver_due(in_days(90)) == 0
    assert arrived(gmail) == []


def test_every_answer_names_the_real_message_id_and_all_but_notes_stand_in_our_thread(
    gmail: Gmail, people: Answering
) -> None:
    ours = {one.email: send(gmail, one.email) for one in CAST}
    people.deliver_due(in_days(90))

    mails = [(thread, mail) for thread, mail in arrived_in(gmail) if mail["Sender"] is None]
    for thread, mail in mails:
        sent = str(mail["In-Reply-To"])
        assert sent in ours.values()
        assert str(mail["References"]) == sent
        note = mail["Auto-Submitted"] is not None and not mail.is_multipart()
        exchange = str(mail["Subject"]).startswith("Unzustellbar")
        assert (thread == thread_of(gmail, sent)) is not note or exchange
    assert {str(mail["In-Reply-To"]) for _, mail in mails} == {
        ours[one.email] for one in CAST if one.kind is not Kind.MEETING
    }


@pytest.mark.parametrize("kind", [Kind.YES, Kind.BOUNCE, Kind.SLOW])
def test_an_answer_takes_its_time_of_the_world(gmail: Gmail, people: Answering, kind: Kind) -> None:
    who = persona(kind)
    send(gmail, who.email)
    left = datetime.fromtimestamp(gmail.outside.mails(who.email)[0].date / 1000, UTC)

    assert people.deliver_due(left + who.after - timedelta(seconds=1)) == 0
    assert people.next_at == left + who.after
    assert people.deliver_due(left + who.after) == 1
    assert people.next_at is None


def test_three_days_pass_and_the_answer_bears_the_day_that_it_was_written(gmail: Gmail, days_pass: DaysPass) -> None:
    send(gmail, persona(Kind.SLOW).email)
    assert days_pass(0) == 0

    assert days_pass(5) == 1

    [mail] = arrived(gmail)
    assert mail["Date"].datetime == NOW + timedelta(days=3)


def test_a_second_mail_gets_the_second_text_and_a_third_gets_none(gmail: Gmail, days_pass: DaysPass) -> None:
    send(gmail, "priya.nair@harbourline.example")
    days_pass(1)
    for _ in range(2):
        answer(gmail, arrived(gmail)[-1], "It is 90 euros a month.")
        days_pass(1)

    first, second = arrived(gmail)
    assert "what would it cost" in texts_of(first)
    assert "Let's go ahead" in texts_of(second)


def test_whoever_has_not_answered_yet_answers_two_mails_once(gmail: Gmail, days_pass: DaysPass) -> None:
    who = persona(Kind.SLOW)
    first = send(gmail, who.email)
    days_pass(1)
    send(gmail, who.email, f"In-Reply-To: {first}", f"References: {first}", subject="Re: Plan for your ramps")

    assert days_pass(30) == 1


def test_a_new_conversation_is_answered_anew(gmail: Gmail, days_pass: DaysPass) -> None:
    who = persona(Kind.YES)
    for subject in ("The first", "The second"):
        send(gmail, who.email, subject=subject)
        days_pass(1)

    assert [mail["Subject"] for mail in arrived(gmail)] == ["Re: The first", "Re: The second"]
    assert len({texts_of(mail)[:100] for mail in arrived(gmail)}) == 1


def test_every_mail_to_nowhere_comes_back(gmail: Gmail, people: Answering) -> None:
    who = persona(Kind.BOUNCE)
    first = send(gmail, who.email)
    send(gmail, who.email, f"In-Reply-To: {first}", subject="Re: Plan for your ramps")

    assert people.deliver_due(in_days(1)) == 2


def test_a_vacation_note_comes_once_in_four_days_and_an_answer_after_the_return(
    gmail: Gmail, days_pass: DaysPass
) -> None:
    for day in range(6):
        send(gmail, "siti.rahmawati@gudangbeku.example", subject=f"Mail {day}")
        days_pass(1)

    assert [mail["Subject"] for mail in arrived(gmail)] == ["Balasan otomatis: Mail 0", "Balasan otomatis: Mail 4"]
    assert len({texts_of(mail) for mail in arrived(gmail)}) == 1, "both name one day of return"

    days_pass(30)
    back = [mail for mail in arrived(gmail) if mail["Auto-Submitted"] is None]
    assert [mail["Subject"] for mail in back] == [f"Re: Mail {day}" for day in range(6)]
    assert {mail["Date"].datetime.date() for mail in back} == {date(2026, 12, 3)}


def test_later_is_not_before_the_day_that_was_named(gmail: Gmail, days_pass: DaysPass) -> None:
    send(gmail, "d.colombo@colombofrigo.example")
    came = []
    for days in (1, 2, 3, 90, 1):
        came.append(days_pass(days))
        answer(gmail, arrived(gmail)[-1])
    came.append(days_pass(1))

    assert came == [1, 1, 0, 0, 1, 0]
    wish, reminder, ready = map(texts_of, arrived(gmail))
    assert "mi ricontatti dopo venerdì 8 gennaio 2027" in " ".join(wish.split())
    assert "prima di venerdì 8 gennaio 2027" in " ".join(reminder.split())
    assert "Fissiamo una chiamata" in ready


def test_whoever_asked_for_no_more_mail_says_so_again(gmail: Gmail, days_pass: DaysPass) -> None:
    for subject in ("A campaign", "Another campaign"):
        send(gmail, "z.sobczak@stalsobczak.example", subject=subject)
        days_pass(1)

    first, again = map(texts_of, arrived(gmail))
    assert first.startswith("Dzień dobry,\n\nproszę do mnie nie pisać")
    assert again.startswith("Dzień dobry,\n\njuż raz prosiłem")


def test_a_private_address_goes_on_with_the_same_conversation(gmail: Gmail, days_pass: DaysPass) -> None:
    who = persona(Kind.OTHER_ADDRESS)
    send(gmail, who.email)
    days_pass(1)
    [first] = arrived(gmail)
    assert first["From"].addresses[0].addr_spec == who.private

    answer(gmail, first)
    days_pass(1)

    assert [mail["From"].addresses[0].addr_spec for mail in arrived(gmail)] == [who.private] * 2
    assert len({texts_of(mail)[:60] for mail in arrived(gmail)}) == 2


def test_nobody_answers_a_robot(gmail: Gmail, people: Answering) -> None:
    for one in CAST:
        if one.kind not in (Kind.BOUNCE, Kind.SCANNER):
            send(gmail, one.email, "Auto-Submitted: auto-replied")

    assert people.deliver_due(in_days(90)) == 0


# ---- restarts ------------------------------------------------------------------------------------------------------


def test_what_is_not_answered_yet_is_answered_after_a_restart_and_only_once(tmp_path: Path) -> None:
    file = tmp_path / "mailboxes.db"
    gmail = Gmail(file)
    gmail.accounts.add(ANNA, name="Anna Kowalczyk")
    for one in CAST:
        send(gmail, one.email)
    half = Answering(gmail).deliver_due(datetime.now(UTC) + timedelta(minutes=2))
    gmail.close()

    again = Gmail(file)
    rest = Answering(again).deliver_due(in_days(90))

    assert half > 5
    assert rest > 5
    assert Answering(again).deliver_due(in_days(90)) == 0
    ids = [str(mail["Message-ID"]) for mail in arrived(again)]
    assert len(ids) == len(set(ids))
    assert len(ids) == half + rest - 1, "the scanner writes only later"
    again.close()


def test_an_answer_that_was_deleted_does_not_come_again(gmail: Gmail, people: Answering) -> None:
    send(gmail, persona(Kind.YES).email)
    people.deliver_due(in_days(1))
    account = gmail.accounts.get(ANNA)
    with gmail.store.read() as db:
        [(id,)] = db.execute("SELECT id FROM messages WHERE labels LIKE '%INBOX%'").fetchall()
    gmail.messages.delete(account, [id])

    assert Answering(gmail).deliver_due(in_days(1)) == 0


def test_a_letter_and_its_note_are_one_commit(gmail: Gmail, monkeypatch: pytest.MonkeyPatch) -> None:
    send(gmail, persona(Kind.YES).email)
    with monkeypatch.context() as broken:
        broken.setattr(gmail, "deliver", _fails)
        assert Answering(gmail).deliver_due(in_days(1)) == 0

    assert Answering(gmail).deliver_due(in_days(1)) == 1
    assert len(arrived(gmail)) == 1


def _fails(*_: object, **__: object) -> None:
    raise sqlite3.OperationalError("no room on the disk")


# ---- the world's clock ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("speed", [60.0, 3600.0])
def test_with_a_thread_answers_come_by_themselves_however_fast_the_world_runs(
    gmail: Gmail, people: Answering, clock: ModuleType, speed: float
) -> None:
    clock.set_world(NOW)
    people.start()
    try:
        send(gmail, persona(Kind.SLOW).email if speed > 100 else persona(Kind.AWAY).email)
        world_clock.run(speed)
        if speed > 100:
            world_clock.forward(timedelta(days=2, hours=23, minutes=30))
        _wait_for_mail(gmail)
    finally:
        people.stop()

    assert len(arrived(gmail)) == 1


def _wait_for_mail(gmail: Gmail) -> None:
    until = time.monotonic() + 10
    while not arrived(gmail) and time.monotonic() < until:
        time.sleep(0.02)
