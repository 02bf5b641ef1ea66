"""`python -m addon.sandbox --mail`: whoever brings mail joins the team, and the product works on that mail."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select
from werkzeug.test import Client

from addon.domain.access import doors
from addon.i18n import Words
from addon.models import Mailbox, Sighting
from addon.sandbox import demo
from addon.sandbox.__main__ import main
from addon.sandbox.demo import Demo
from addon.sandbox.folder import Folder, usual
from addon.sandbox.own_mail.choice import OwnMail, choose
from addon.sandbox.own_mail.loading import State
from addon.sandbox.own_mail.parts import MailRefused
from addon.sandbox.own_mail.telling import Line
from tests.sandbox.own_mail.conftest import ME, letter, mbox, takeout

Export = Callable[..., Path]


@pytest.fixture(autouse=True)
def _nobody_serves_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Demo, "serve", lambda _self: None)


@contextmanager
def started(data: Path, mail: Path | None, me: str = "") -> Iterator[Demo]:
    folder = Folder.open(data)
    try:
        with demo.listen(0) as listening:
            here = demo.start(listening, folder, choose(folder, mail, me))
            try:
                yield here
            finally:
                here.close()
    finally:
        folder.close()


def until(happened: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + 30
    while not (found := happened()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return found


def refused(*arguments: object) -> str:
    """The one sentence that it ends with."""
    done = CliRunner().invoke(main, ["--port", "0", *map(str, arguments)])
    assert (done.exit_code, "Open " in done.stdout) == (1, False), done.output
    return done.stderr


def test_a_persons_mail_is_loaded_shown_and_synced(
    tmp_path: Path, export: Export, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEALTHREAD_POLL_SECONDS", "1")
    lately = datetime.now(UTC) - timedelta(days=2)
    offer = letter("Offer", Delivered_To=ME, to=f"Jan Nowak <{ME}>", date=format_datetime(lately))
    path = export(
        takeout(1, "Inbox", offer, at=f"{lately:%a %b %d %H:%M:%S +0000 %Y}")
        + takeout(2, "Inbox", letter("Long ago", Delivered_To=ME), at="Tue Mar 03 09:00:05 +0000 2020")
        + "From x@y.example Tue Mar  3 09:00:05 2026\n\n"
    )

    with started(tmp_path / "demo", path) as here:
        client = pages(here)
        assert re.findall(r'name="email" value="([^"]+)"', client("who"))[0] == ME
        assert "data-loading" in client("who")
        assert here.mail is not None
        here.mail.start()
        now = until(lambda: (state := json.loads(client("loading")))["finished"] and state)
        assert {key: now[key] for key in ("messages", "broken", "done", "stopped")} == {
            "messages": 2,
            "broken": 1,
            "done": 1.0,
            "stopped": "",
        }
        assert now["say"].startswith("Your mail is loaded: 2 mails. One mail could not be read;")
        assert client("loading/broken.txt").endswith(": nothing is in it\n")
        assert "data-loading" not in client("who")
        until(lambda: sightings(here) == 1)
        assert owners(here)[ME] == ("Jan Nowak", "admin")

    with started(tmp_path / "demo", None) as here:
        assert here.mail is not None
        here.mail.run()
        assert (here.mail.state().messages, here.mail.state().finished) == (2, True)
        assert len(owners(here)) == 4


def pages(here: Demo) -> Callable[[str], str]:
    """Reads pages of the inbox, with no server between."""
    client = Client(here.web.application)

    def read(path: str) -> str:
        answer = client.get(f"/mail/{path}", environ_base={"REMOTE_ADDR": "127.0.0.1"})
        assert answer.status_code == 200, answer
        return answer.text

    return read


def sightings(here: Demo) -> int:
    viewer = doors.user_by_address(here.house.database, ME)
    with here.house.database.reading(viewer) as session:
        return len(
            session.scalars(
                select(Sighting).join(Mailbox, Mailbox.id == Sighting.mailbox_id).where(Mailbox.email == ME)
            ).all()
        )


def owners(here: Demo) -> dict[str, tuple[str, str]]:
    viewer = doors.user_by_address(here.house.database, ME)
    with here.house.database.reading(viewer) as session:
        return {
            mailbox.email: (mailbox.owner.name, str(mailbox.owner.role)) for mailbox in session.scalars(select(Mailbox))
        }


def test_a_mailbox_can_be_said_to_be_somebodys(tmp_path: Path, export: Export) -> None:
    folder = Folder.open(tmp_path)
    try:
        own = choose(folder, export(mbox(letter())), " Ewa.Lis@firma.example ")
        assert own == OwnMail(str(tmp_path / "mail.mbox"), "ewa.lis@firma.example", "Ewa Lis")
        assert choose(folder, None, "") == own
        assert choose(folder, tmp_path / "mail.mbox", own.email) == own
        (tmp_path / "mail.mbox").unlink()
        assert own.source() is None, "what was loaded stays, and the demo goes on without the file"
        with pytest.raises(MailRefused):
            choose(folder, tmp_path / "mail.mbox", "")
    finally:
        folder.close()


def test_own_mail_has_a_folder_of_its_own() -> None:
    assert (usual().name, usual(own_mail=True).name) == (".demo", ".demo-mail")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--mail", "{tmp}/nowhere.mbox"], "{tmp}/nowhere.mbox is not there.\n"),
        (["--mail", "{tmp}/song.mp3"], "There is no mail in {tmp}/song.mp3. Name an mbox file"),
        (["--mail", "{tmp}/mail.tgz"], "{tmp}/mail.tgz is packed in a way that cannot be read from here."),
        (["--mail", "{tmp}/nobody.mbox"], "The mails in {tmp}/nobody.mbox do not show whose they are."),
        (["--mail", "{tmp}/nobody.mbox", "--me", "jan"], "jan is no mail address."),
        (["--me", "jan@firma.example"], "--me says whose mail --mail loads: name that as well."),
    ],
)
def test_what_cannot_be_loaded_is_said_in_one_sentence(tmp_path: Path, given: list[str], said: str) -> None:
    (tmp_path / "song.mp3").write_bytes(b"ID3")
    (tmp_path / "mail.tgz").write_bytes(b"\x1f\x8b")
    (tmp_path / "nobody.mbox").write_text(mbox(letter(sender="nobody", to="")))
    tmp = str(tmp_path)

    told = refused("--data", tmp_path / "demo", *(each.format(tmp=tmp) for each in given))

    assert told.startswith(said.format(tmp=tmp))
    assert told.count("\n") == 1
    assert not (tmp_path / "demo" / "mailboxes.db").exists()


def test_a_folder_keeps_one_persons_mail(tmp_path: Path, export: Export) -> None:
    first = export(mbox(letter()))
    (tmp_path / "other.mbox").write_text(mbox(letter()))
    folder = Folder.open(tmp_path / "demo")
    choose(folder, first, "")
    folder.close()

    for given in (["--mail", tmp_path / "other.mbox"], ["--mail", first, "--me", "eva@firma.example"]):
        told = refused("--data", tmp_path / "demo", *given)
        assert told.startswith(f"The folder {tmp_path / 'demo'} holds the mail in {first}, of {ME}.")


def test_a_demo_without_own_mail_does_not_take_some_later(tmp_path: Path, export: Export) -> None:
    folder = Folder.open(tmp_path / "demo")
    folder.mailboxes.touch()
    folder.note_filled()
    folder.close()

    told = refused("--data", tmp_path / "demo", "--mail", export(mbox(letter())))

    assert told.startswith(f"The folder {tmp_path / 'demo'} holds a demo without your mail.")


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_shows_the_progress_in_one_line() -> None:
    out = Terminal()
    line = Line(out, Words())

    line(State(total_bytes=200, bytes_done=100, messages=1500, per_second=1234.5))
    line(State(total_bytes=200, bytes_done=101, messages=1501))
    line(State(total_bytes=200, bytes_done=200, messages=3000, broken=2, finished=True))

    assert out.getvalue().split("\r\x1b[K")[1:] == [
        "Loading your mail: 50 %, 1,500 mails so far, 1,234 a second.",
        "Your mail is loaded: 3,000 mails. 2 mails could not be read; /mail/loading/broken.txt says which.\n",
    ]


def test_a_file_gets_the_end_only_and_nothing_where_all_was_loaded_before() -> None:
    out = StringIO()
    line = Line(out, Words())

    line(State(messages=5, finished=True))
    assert out.getvalue() == ""
    line(State(messages=5, total_bytes=9))
    line(State(messages=6, stopped="mail_missing"))

    assert out.getvalue() == "Your mail is no longer where it was. The 6 mails that are loaded stay.\n"
