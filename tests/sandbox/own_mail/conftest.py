"""Exports of mail, written for these tests, and a mailbox to load them into."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from addon.sandbox.gmail import Gmail
from addon.sandbox.gmail.mailbox.listing import Wanted
from addon.sandbox.own_mail.loading import Loading
from addon.sandbox.own_mail.source import Source

ME = "jan.nowak@firma.example"


def letter(
    subject: str = "Hello",
    sender: str = "Ola <ola@kunde.example>",
    to: str = ME,
    body: str = "Some words.",
    date: str = "Tue, 3 Mar 2026 10:00:00 +0100",
    **headers: str,
) -> str:
    """A mail with bare line feeds; further headers by keyword, underscores for hyphens."""
    given = {"From": sender, "To": to, "Subject": subject, "Date": date}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    return "\n".join([*(f"{name}: {value}" for name, value in given.items() if value), "", body, ""])


def takeout(thread: int, labels: str, mail: str, at: str = "Tue Mar 03 09:00:05 +0000 2026") -> str:
    """A mail as Takeout writes it into its mbox."""
    return f"From {thread}@xxx {at}\nX-GM-THRID: {thread}\nX-Gmail-Labels: {labels}\n{mail}\n"


def mbox(*letters: str) -> str:
    """A plain mbox (mboxrd)."""
    lines = "\n".join(f"From ola@kunde.example Tue Mar  3 09:00:05 2026\n{_quoted(one)}" for one in letters)
    return f"{lines}\n"


def _quoted(text: str) -> str:
    return "\n".join(f">{line}" if line.lstrip(">").startswith("From ") else line for line in text.split("\n"))


class Box:
    """The mailbox of the person whose mail it is."""

    def __init__(self, gmail: Gmail) -> None:
        self.gmail = gmail
        self.account = gmail.accounts.add(ME, name="Jan Nowak")

    def load(self, path: Path) -> Loading:
        loading = Loading(self.gmail, ME, Source(path))
        loading.run()
        return loading

    def numbers(self, *labels: str, query: str = "") -> list[int]:
        """The messages with these labels, newest first; what is in the bin and spam too."""
        found: list[int] = []
        token = ""
        while True:
            wanted = Wanted(labels=labels, query=query, hidden=True, limit=500, token=token)
            page = self.gmail.listing.messages(self.account, wanted)
            found += [number for number, _, _ in page.rows]
            if not (token := page.next_token):
                return found

    def raw(self, number: int) -> bytes:
        return self.gmail.messages.raw(self.gmail.messages.find(self.account, number))

    def subjects(self, *labels: str) -> list[str]:
        """By date, newest first."""
        heads = [self.raw(number).split(b"\r\n\r\n")[0].decode().split("\r\n") for number in self.numbers(*labels)]
        return [line.removeprefix("Subject: ") for head in heads for line in head if line.startswith("Subject: ")]

    def labels(self, subject: str) -> set[str]:
        """Of the mail with this subject, the person's own by name."""
        own = {label["id"]: label["name"] for label in self.gmail.labels.list(self.account)}
        number = next(each for each in self.numbers() if f"Subject: {subject}\r\n".encode() in self.raw(each))
        return {own[label] for label in self.gmail.messages.find(self.account, number).labels}

    def threads(self) -> list[set[str]]:
        by_thread: dict[int, set[str]] = {}
        for number in self.numbers():
            message = self.gmail.messages.find(self.account, number)
            subject = next(line for line in self.raw(number).split(b"\r\n") if line.startswith(b"Subject: "))
            by_thread.setdefault(message.thread, set()).add(subject.decode().removeprefix("Subject: "))
        return sorted(by_thread.values(), key=sorted)


@pytest.fixture
def box() -> Iterator[Box]:
    gmail = Gmail()
    yield Box(gmail)
    gmail.close()


@pytest.fixture
def export(tmp_path: Path) -> Callable[..., Path]:
    """Writes files of an export, by their names; a lone text becomes one mbox."""

    def write(lone: str = "", /, **files: str) -> Path:
        if lone:
            (tmp_path / "mail.mbox").write_text(lone)
            return tmp_path / "mail.mbox"
        for name, text in files.items():
            file = tmp_path / "export" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        return tmp_path / "export"

    return write
