from __future__ import annotations

import signal
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from addon.sandbox.gmail import Gmail
from addon.sandbox.gmail.errors import ApiError
from addon.sandbox.gmail.mailbox.old_mail import Trouble
from addon.sandbox.own_mail.loading import Loading, State
from addon.sandbox.own_mail.slices import MOST, Slices
from addon.sandbox.own_mail.source import Source
from tests.sandbox.own_mail.conftest import ME, Box, letter, mbox, takeout

Export = Callable[..., Path]
ROOT = Path(__file__).parents[3]


def test_takeouts_labels_and_threads_are_the_mailboxs(box: Box, export: Export) -> None:
    text = "".join(
        [
            takeout(11, "Posteingang,Ungelesen,Kunden/Nord", letter("Angebot")),
            takeout(12, "Spam,Ungelesen,Posteingang", letter("Gewinn")),
            takeout(11, '=?UTF-8?Q?Gesendet,"M=C3=BCller,_Co"?=', letter("Re: Angebot", sender=ME)),
            takeout(13, "Archiviert,Kunden/Nord", letter("Alt")),
        ]
    )

    loading = box.load(export(text))

    assert box.threads() == [{"Alt"}, {"Angebot", "Re: Angebot"}, {"Gewinn"}]
    assert box.labels("Angebot") == {"INBOX", "UNREAD", "Kunden/Nord"}
    assert box.labels("Re: Angebot") == {"SENT", "Müller, Co"}
    assert box.labels("Gewinn") == {"SPAM", "UNREAD"}
    assert box.labels("Alt") == {"Kunden/Nord"}
    [north] = [label["id"] for label in box.gmail.labels.list(box.account) if label["name"] == "Kunden/Nord"]
    counts = box.gmail.labels.get(box.account, north)
    assert [counts[name] for name in ("messagesTotal", "messagesUnread", "threadsTotal")] == [2, 1, 2]
    assert loading.state().shown() | {"per_second": 0} == {
        "done": 1.0,
        "total_bytes": len(text.encode()),
        "bytes_done": len(text.encode()),
        "messages": 4,
        "broken": 0,
        "per_second": 0,
        "finished": True,
        "stopped": "",
    }


def test_the_mail_is_as_it_was_without_what_takeout_added(box: Box, export: Export) -> None:
    mail = letter("As it was", body="Words.\n\n>From me")

    box.load(export(takeout(11, "Inbox", mail)))

    assert box.raw(box.numbers()[0]) == mail.replace(">From", "From").replace("\n", "\r\n").encode()


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.binary(max_size=60).filter(lambda octets: b"\r" not in octets), min_size=1, max_size=6))
def test_whatever_bytes_a_mail_has_come_back(tmp_path: Path, bodies: list[bytes]) -> None:
    letters = [letter(f"Mail {n}").encode() + body.replace(b"From ", b"from ") + b"\n" for n, body in enumerate(bodies)]
    path = tmp_path / "bytes.mbox"
    path.write_bytes(b"".join(b"From x@y.example Tue Mar  3 09:00:05 2026\n" + one + b"\n" for one in letters))
    gmail = Gmail()
    try:
        box = Box(gmail)
        box.load(path)
        expected = {one.removesuffix(b"\n\n") + b"\n" if one.endswith(b"\n\n\n") else one for one in letters}
        assert {box.raw(number).replace(b"\r\n", b"\n") for number in box.numbers()} >= expected & set(letters)
        assert len(box.numbers()) == len(letters)
    finally:
        gmail.close()


def test_replies_join_their_thread_in_whichever_order_they_lie(box: Box, export: Export) -> None:
    text = mbox(
        letter("Re: Plan", Message_ID="<3@x>", References="<1@x> <2@x>"),
        letter("Plan", Message_ID="<1@x>"),
        letter("Other", Message_ID="<9@x>", References="<1@x>"),
        letter("Re:  plan", Message_ID="<2@x>", In_Reply_To="<1@x>"),
    )

    box.load(export(text))

    assert box.threads() == [{"Other"}, {"Plan", "Re:  plan", "Re: Plan"}]


def test_a_mail_that_lies_in_several_of_takeouts_mboxes_is_one_with_all_labels(box: Box, export: Export) -> None:
    mail = letter("Twice", Message_ID="<1@x>")

    box.load(export(**{"Inbox.mbox": takeout(11, "Inbox", mail), "Work.mbox": takeout(11, "Inbox,Work", mail)}))

    assert box.subjects() == ["Twice"]
    assert box.labels("Twice") == {"INBOX", "Work"}


def test_drafts_are_drafts_that_can_be_sent(box: Box, export: Export) -> None:
    box.load(export(takeout(11, "Drafts,Opened", letter("Half", sender=ME, to="ola@kunde.example"))))

    [message] = [box.gmail.messages.find(box.account, number) for number in box.numbers("DRAFT")]
    [draft] = box.gmail.drafts.holding(box.account, [message])
    box.gmail.drafts.send(box.account, draft.id)
    assert box.gmail.outside.counts() == {"ola@kunde.example": 1}


def test_broken_mails_are_counted_and_listed_and_stop_nothing(box: Box, export: Export) -> None:
    odd = letter("Odd", X="1").replace("X: 1", "X-Gmail-Labels: =?unicode_escape?Q?a\\ud800?=")
    empty = "From x@y.example Tue Mar  3 09:00:05 2026\n\n"

    loading = box.load(
        export(takeout(11, "Inbox", letter("One")) + empty + f"{empty[:-1]}{odd}\n" + mbox(letter("Two")))
    )

    assert sorted(set(box.subjects()) - {"Odd"}) == ["One", "Two"]
    assert loading.state().broken == len(loading.troubles())
    assert loading.troubles()[0].why == "empty"
    assert loading.troubles()[0].where.startswith("@ ")
    assert loading.state().finished


def test_what_is_loaded_was_always_there_and_old_cursors_end(box: Box, export: Export) -> None:
    before = box.gmail.history.latest(box.account)

    box.load(export(mbox(letter("One"), letter("Two"))))

    latest = box.gmail.history.latest(box.account)
    numbers = [box.gmail.messages.find(box.account, number).history for number in box.numbers()]
    assert before < min(numbers) < max(numbers) <= latest
    assert box.gmail.history.list(box.account, latest) == {"historyId": str(latest)}
    with pytest.raises(ApiError) as gone:
        box.gmail.history.list(box.account, before)
    assert gone.value.status == 404


def many(count: int, kilobytes: int = 0) -> str:
    body = ("x" * 63 + "\n") * 16 * kilobytes
    return mbox(*(letter(f"Mail {n}", body=body, Message_ID=f"<{n}@x>") for n in range(count)))


@pytest.mark.parametrize("mail_at", [1, 150, 249])
def test_a_load_that_breaks_off_in_mid_slice_goes_on_without_doubles(
    box: Box, export: Export, monkeypatch: pytest.MonkeyPatch, mail_at: int
) -> None:
    path, stored = export(many(250)), iter(range(1, 1000))
    add = box.gmail.loading._messages.add

    def breaking(*given: object, **named: object) -> object:
        if next(stored) == mail_at:
            raise MemoryError
        return add(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(box.gmail.loading._messages, "add", breaking)
    with pytest.raises(MemoryError):
        box.load(path)
    assert len(box.numbers()) < mail_at

    loading = box.load(path)

    assert sorted(box.subjects()) == sorted(f"Mail {n}" for n in range(250))
    assert (loading.state().messages, loading.state().finished) == (250, True)


def test_a_load_in_a_thread_can_be_stopped_and_goes_on(box: Box, export: Export) -> None:
    path, seen = export(many(300)), []
    first = Loading(box.gmail, ME, Source(path))

    def stop(state: State) -> None:
        seen.append(state)
        if state.messages:
            first.stop(0)

    first.start(stop)
    first._thread.join(20)

    assert 0 < first.state().messages < 300
    assert not first.state().finished
    assert 0 < seen[-1].done < 1
    box.load(path)
    assert len(box.numbers()) == 300


KILLED = """
import sys, os, signal
from pathlib import Path
from addon.sandbox.gmail import Gmail
from addon.sandbox.own_mail.loading import Loading
from addon.sandbox.own_mail.source import Source

gmail = Gmail(sys.argv[1])
gmail.accounts.add("jan.nowak@firma.example")
loading = gmail.loading
put, stored = loading._put, iter(range(1000))
def dying(*given):
    if next(stored) == 230:
        os.kill(os.getpid(), signal.SIGKILL)
    return put(*given)
loading._put = dying
Loading(gmail, "jan.nowak@firma.example", Source(Path(sys.argv[2]))).run()
"""


def test_a_killed_load_goes_on_where_it_stopped(tmp_path: Path, export: Export) -> None:
    path, file = export(many(300)), tmp_path / "mailboxes.db"
    done = subprocess.run([sys.executable, "-c", KILLED, file, path], cwd=ROOT, timeout=60, check=False)
    assert done.returncode == -signal.SIGKILL

    gmail = Gmail(file)
    box = Box(gmail)
    before = len(box.numbers())
    box.load(path)

    assert 0 < before < 230
    assert sorted(box.subjects()) == sorted(f"Mail {n}" for n in range(300))
    gmail.close()


def test_mails_added_to_a_loaded_mbox_come_at_the_next_start_into_their_threads(box: Box, export: Export) -> None:
    path = export(takeout(11, "Inbox", letter("One")) + takeout(12, "Inbox", letter("Two")))
    box.load(path)
    with path.open("a") as file:
        file.write(takeout(11, "Inbox", letter("Later")))

    loading = box.load(path)

    assert box.threads() == [{"Later", "One"}, {"Two"}]
    assert (loading.state().messages, loading.state().finished) == (3, True)


def test_a_file_that_is_gone_or_changed_is_told_on_the_page(box: Box, export: Export) -> None:
    path = export(many(3))
    source = Source(path)
    box.load(path)
    path.write_text(mbox(letter("Another", body="quite")))

    for code in ("mail_changed", "mail_missing"):
        loading = Loading(box.gmail, ME, source)
        loading.start()
        loading._thread.join(20)
        assert loading.state().stopped == code
        path.unlink(missing_ok=True)


def test_the_memory_that_a_load_takes_does_not_grow_with_the_mail(tmp_path: Path) -> None:
    peaks = []
    for count in (100, 500):
        path = tmp_path / f"{count}.mbox"
        path.write_text(many(count, kilobytes=32))
        gmail = Gmail(tmp_path / f"{count}.db")
        box = Box(gmail)
        source = Source(path)
        tracemalloc.start()
        Loading(gmail, ME, source).run()
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert len(box.numbers()) == count
        gmail.close()

    assert peaks[1] < peaks[0] * 1.5


def test_slices_shrink_where_they_take_long_and_grow_where_they_do_not() -> None:
    one = Slices()
    one.adapt(1.0)
    assert one._most == 50
    for _ in range(9):
        one.adapt(0.001)
    assert one._most == MOST


def test_a_load_makes_way_while_somebody_reads(box: Box, export: Export, monkeypatch: pytest.MonkeyPatch) -> None:
    loading, rests = Loading(box.gmail, ME, Source(export(many(400)))), []
    monkeypatch.setattr(loading._stopping, "wait", rests.append)
    loading.run()
    assert rests == [], "alone, it takes all the time there is"

    asked = Loading(box.gmail, ME, Source(export(**{"more.mbox": many(1500)})))
    monkeypatch.setattr(asked._stopping, "wait", rests.append)
    asked._told = lambda _state: box.gmail.calls.count("messages.get")
    asked.run()
    assert rests


def test_all_collected_mail_is_loaded_and_listed(box: Box, corpora: Path) -> None:
    loading = box.load(corpora)

    files = [path for path in corpora.rglob("*.eml") if path.stat().st_size]
    assert len(box.numbers()) == len(files) == loading.state().messages
    assert loading.troubles() == []
    assert box.numbers(query="mailer OR delivery")


def test_troubles_are_kept_with_the_place(box: Box, export: Export) -> None:
    folder = export(**{"a.eml": "", "b.eml": letter("b")})

    assert box.load(folder).troubles() == [Trouble("a.eml", "empty")]
