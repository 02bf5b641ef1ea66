from __future__ import annotations

import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from addon.sandbox.own_mail.owner import name_from, owner_of
from addon.sandbox.own_mail.parts import MailRefused
from addon.sandbox.own_mail.source import Place, Source
from tests.sandbox.own_mail.conftest import ME, Box, letter, mbox, takeout

Export = Callable[..., Path]


def test_every_mbox_of_a_folder_is_a_folder_of_its_own(box: Box, export: Export) -> None:
    files = {
        "Inbox": mbox(letter("In")),
        "Inbox.msf": "// <!-- <mdb:mork:z v='1.4'/> -->",
        "Sent": mbox(letter("Out", sender=ME)),
        "Clients": mbox(letter("Client"), letter("To a client", sender=f"Jan <{ME}>")),
        "Clients.sbd/North": mbox(letter("Northern")),
        "Apple.mbox/mbox": mbox(letter("From a Mac")),
        "Junk.mbox": mbox(letter("Buy")),
    }

    box.load(export(**files))

    assert {subject: box.labels(subject) for subject in box.subjects()} == {
        "In": {"INBOX"},
        "Out": {"SENT"},
        "Client": {"Clients"},
        "To a client": {"Clients", "SENT"},
        "Northern": {"Clients/North"},
        "From a Mac": {"Apple"},
        "Buy": {"SPAM"},
    }


def test_a_maildir_keeps_flags_and_folders(box: Box, export: Export) -> None:
    files = {
        "cur/1:2,S": letter("Seen"),
        "cur/2:2,FS": letter("Flagged"),
        "new/3": letter("New"),
        "tmp/4": letter("Half written"),
        ".Entw&APw-rfe/cur/5:2,DS": letter("Draft", sender=ME),
        ".Kunden.Nord/cur/6:2,": letter("Unseen"),
    }

    box.load(export(**files))

    assert {subject: box.labels(subject) for subject in box.subjects()} == {
        "Seen": {"INBOX"},
        "Flagged": {"INBOX", "STARRED"},
        "New": {"INBOX", "UNREAD"},
        "Draft": {"DRAFT"},
        "Unseen": {"Kunden/Nord", "INBOX", "UNREAD"},
    }


def test_files_of_one_mail_are_found_in_folders_within_folders(box: Box, export: Export) -> None:
    folder = export(
        **{"a.eml": letter("Top"), "2026/May/b.EML": letter("Nested"), "notes.txt": "Subject: none\n\nno mail"}
    )
    (folder / "2026" / "loop").symlink_to(folder)

    box.load(folder)

    assert {subject: box.labels(subject) for subject in box.subjects()} == {
        "Top": {"INBOX"},
        "Nested": {"INBOX", "2026/May"},
    }


def test_flags_that_mail_programs_write_into_an_mbox_are_kept(box: Box, export: Export) -> None:
    text = mbox(
        letter("Read", Status="RO"),
        letter("Unread", Status="O"),
        letter("Starred", Status="RO", X_Status="F"),
        letter("Thunderbird's", X_Mozilla_Status="0004"),
        letter("Expunged", X_Mozilla_Status="0009"),
    )

    box.load(export(text))

    assert {subject: box.labels(subject) for subject in box.subjects()} == {
        "Read": {"INBOX"},
        "Unread": {"INBOX", "UNREAD"},
        "Starred": {"INBOX", "STARRED"},
        "Thunderbird's": {"INBOX", "STARRED", "UNREAD"},
        "Expunged": {"TRASH"},
    }


def test_takeouts_zip_is_read_without_unpacking(box: Box, tmp_path: Path) -> None:
    path = tmp_path / "takeout.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("Takeout/archive_browser.html", "<html>")
        archive.writestr("Takeout/Mail/All mail.mbox", takeout(1, "Inbox,Opened", letter("Zipped")))
        archive.writestr("Takeout/Mail/User Settings/Filters.json", "{}")

    box.load(path)

    assert box.labels("Zipped") == {"INBOX"}


def test_reading_goes_on_in_the_middle_of_any_export(export: Export) -> None:
    one = mbox(letter("1"), letter("2"))
    source = Source(export(**{"b.mbox": one, "a/1.eml": letter("a1"), "a/2.eml": letter("a2"), "c": one}))
    found = list(source.found())

    assert [each.done for each in found] == sorted(each.done for each in found)
    assert found[-1].done == source.survey().size
    for number, each in enumerate(found, 1):
        place = Place.of(each.place.written())
        assert [later.raw for later in source.found(place)] == [later.raw for later in found[number:]]


def test_a_file_that_was_exchanged_is_not_taken_for_the_one_that_was_begun(export: Export) -> None:
    path = export(mbox(letter("1"), letter("2")))
    place = next(Source(path).found()).place
    path.write_text(mbox(letter("Another"), letter("2")))

    with pytest.raises(MailRefused) as refused:
        list(Source(path).found(place))

    assert refused.value.code == "mail_changed"


def test_an_unreadable_file_is_told_and_the_others_are_read(export: Export, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = export(**{"a.eml": letter("a"), "b.eml": letter("b"), "c.eml": ""})
    opened = Path.open

    def locked(path: Path, *rest: str) -> object:
        if path.name == "a.eml":
            raise PermissionError
        return opened(path, *rest)

    monkeypatch.setattr(Path, "open", locked)

    assert [(each.part.name, each.why) for each in Source(folder).found()] == [
        ("a.eml", "unreadable"),
        ("b.eml", ""),
        ("c.eml", "empty"),
    ]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("mail.tgz", b"\x1f\x8b\x08\x00 and so on", "mail_packed"),
        ("outlook.pst", b"!BDN\x00", "mail_packed"),
        ("broken.zip", b"PK\x03\x04 cut off", "mail_none"),
        ("picture.png", b"\x89PNG\r\n", "mail_none"),
        ("empty.mbox", b"", "mail_none"),
    ],
)
def test_what_is_no_mail_is_refused(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    (tmp_path / name).write_bytes(content)

    with pytest.raises(MailRefused) as refused:
        Source(tmp_path / name)

    assert refused.value.code == code


def test_a_folder_of_other_things_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    (tmp_path / "song.mp3").write_bytes(b"ID3")

    for path, code in ((tmp_path, "mail_none"), (tmp_path / "nowhere", "mail_missing")):
        with pytest.raises(MailRefused) as refused:
            Source(path)
        assert refused.value.code == code


def test_names_of_files_that_are_no_text_do_not_stop_the_load(box: Box, export: Export) -> None:
    folder = export(**{"a.eml": letter("Plain")})
    with open(os.fsencode(folder) + b"/\xff.eml", "w") as file:
        file.write(letter("Odd name"))
    os.mkdir(os.fsencode(folder) + b"/\xfe")
    with open(os.fsencode(folder) + b"/\xfe/x.eml", "w") as file:
        file.write(letter("Odd folder"))

    box.load(folder)

    assert sorted(box.subjects()) == ["Odd folder", "Odd name", "Plain"]


@pytest.mark.parametrize(
    ("letters", "owner"),
    [
        (
            [takeout(1, "Inbox", letter(Delivered_To=ME)), takeout(2, "Sent", letter(sender=f"Jan Nowak <{ME}>"))],
            (ME, "Jan Nowak"),
        ),
        ([takeout(1, "Gesendet", letter(sender=f"Jan N. <{ME}>", to="x@list.example"))], (ME, "Jan N.")),
        ([takeout(n, "Inbox", letter(to=f"Jan <{ME.replace('@', '+shop@')}>")) for n in (1, 2)], (ME, "Jan")),
        ([takeout(1, "Inbox", letter(sender="nobody", to=""))], ("", "")),
    ],
)
def test_whose_mail_it_is_shows_in_the_mails(export: Export, letters: list[str], owner: tuple[str, str]) -> None:
    letters = [*letters, *(takeout(9, "Inbox", letter(sender="news@shop.example", to="")) for _ in letters[1:])]

    assert owner_of(Source(export("".join(letters))).found()) == owner


def test_who_is_known_by_address_only_gets_a_name_from_it() -> None:
    assert name_from("jan.nowak+x@firma.example") == "Jan Nowak"
