from __future__ import annotations

from datetime import UTC, datetime

import pytest

from addon.sandbox.gmail.mailbox.labels import SYSTEM
from addon.sandbox.gmail.mailbox.mime import Mail
from addon.sandbox.own_mail import dates
from addon.sandbox.own_mail.labels import Labels, _tables, of_folder, of_takeout
from tests.sandbox.own_mail.conftest import letter

NOW = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("told", "ids", "names"),
    [
        ("Inbox,Opened,Category Updates", ["INBOX", "CATEGORY_UPDATES"], []),
        ("Sent,Opened,Work/Clients", ["SENT"], ["Work/Clients"]),
        ("Archived,Important,Starred,Unread", ["IMPORTANT", "STARRED", "UNREAD"], []),
        ("Category Purchases,Muted,IMAP_$NotJunk", [], []),
        ('Posteingang,Ungelesen,Kategorie: "Neuigkeiten"', ["INBOX", "UNREAD", "CATEGORY_UPDATES"], []),
        ("Archiviert,Geöffnet,Kategorie „Werbung“,Kunden", ["CATEGORY_PROMOTIONS"], ["Kunden"]),
        ("Entwürfe,Papierkorb", ["DRAFT", "TRASH"], []),
        (
            "Odebrane,Nieprzeczytane,Ważne,Kategoria: Społeczności",
            ["INBOX", "UNREAD", "IMPORTANT", "CATEGORY_SOCIAL"],
            [],
        ),
        ("Wysłane,Oznaczone gwiazdką,Klienci/Północ", ["SENT", "STARRED"], ["Klienci/Północ"]),
        ("Messages archivés,Ouvert,Catégorie\u00a0: E-mails personnels", ["CATEGORY_PERSONAL"], []),
        ("Posta in arrivo,Da leggere,Speciali", ["INBOX", "UNREAD", "STARRED"], []),
        ("Kotak Masuk,Belum dibaca,Sampah", ["INBOX", "UNREAD", "TRASH"], []),
        ('Inbox,"Müller, Söhne & Co",Inbox', ["INBOX"], ["Müller, Söhne & Co"]),
        ("", [], []),
    ],
)
def test_takeout_names_labels_in_the_persons_language(told: str, ids: list[str], names: list[str]) -> None:
    assert of_takeout(told) == Labels(tuple(ids), tuple(names))


def test_names_in_encoded_words_are_read_across_folded_lines() -> None:
    header = '=?UTF-8?Q?Messages_archiv=C3=A9s,Ouvert,Non_l?=\r\n =?UTF-8?Q?us,"Culture,_caf=C3=A9s"?='

    assert of_takeout(Mail(f"X-Gmail-Labels: {header}\r\n\r\n".encode()).first("X-Gmail-Labels")) == Labels(
        ("UNREAD",), ("Culture, cafés",)
    )


def test_every_known_name_stands_for_a_label_that_gmail_has() -> None:
    known = {label for kind in ("labels", "marks", "categories") for label in _tables()[kind].values()}

    assert known - {"ARCHIVE", "OPENED", "NOTHING"} <= set(SYSTEM)


@pytest.mark.parametrize(
    ("path", "labels"),
    [
        ("Inbox", Labels(("INBOX",))),
        ("Local Folders/Gesendete Elemente", Labels(("SENT",))),
        ("Archives", Labels()),
        ("Unread", Labels(names=("Unread",))),
        ("Kunden/Nord", Labels(names=("Kunden/Nord",))),
        ("", Labels()),
    ],
)
def test_a_folder_is_one_of_gmails_own_places_or_a_label(path: str, labels: Labels) -> None:
    assert of_folder(path) == labels


@pytest.mark.parametrize(
    ("headers", "line", "exact", "expected"),
    [
        (
            {"Received": "from x; Wed, 4 Mar 2026 08:00:00 +0000"},
            "From - Thu Mar  5 09:00:05 2026",
            False,
            "2026-03-04 08:00",
        ),
        (
            {"Received": "from x; Wed, 4 Mar 2026 08:00:00 +0000"},
            "From 1@xxx Thu Mar 05 09:00:05 +0200 2026",
            True,
            "2026-03-05 07:00",
        ),
        ({}, "From - Thu Mar  5 09:00:05 2026", False, "2026-03-03 09:00"),
        ({"Date": "some day"}, "From a@b.example Thu Mar  5 09:00:05 2026", False, "2026-03-05 09:00"),
        ({"Date": "Tue, 3 Mar 2099 10:00:00 +0100"}, "", False, "2026-01-02 00:00"),
        ({"Date": "Thu, 1 Jan 1970 00:00:00 +0000"}, "From a Thu Jan  1 00:00:00 1970", False, "2026-01-02 00:00"),
        ({"Date": "99 Foo 2026 77:00 +9999999999"}, "From ", False, "2026-01-02 00:00"),
    ],
)
def test_the_receipt_is_told_by_the_best_of_what_an_export_keeps(
    headers: dict[str, str], line: str, exact: bool, expected: str
) -> None:
    mail = Mail(letter(**{"date": headers.pop("Date", "Tue, 3 Mar 2026 10:00:00 +0100")}, **headers).encode())
    file = datetime(2026, 1, 2, tzinfo=UTC).timestamp()

    assert f"{dates.receipt(mail, line, exact=exact, modified=file, now=NOW):%Y-%m-%d %H:%M}" == expected


def test_a_mail_that_no_date_can_be_found_for_came_now() -> None:
    assert dates.receipt(Mail(b"Subject: x\r\n\r\n"), "", exact=False, modified=0, now=NOW) == NOW
