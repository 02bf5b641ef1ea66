"""Somebody keeps order in the mail: folders, labels, acts on many threads at once, and all of it taken back."""

from __future__ import annotations

import html
import re

import pytest

from addon.sandbox.gmail import Gmail
from tests.sandbox.inbox.conftest import ANNA, Browser, mail

BUDI, RINA = "Budi Santoso <budi@gudang.example>", "Rina <rina@contoh.example>"


@pytest.fixture
def threads(gmail: Gmail) -> list[str]:
    """Three, the newest last."""
    named = ((RINA, "Offer"), (BUDI, "Gudang"), (RINA, "Lunch"))
    return [gmail.deliver(mail(who, ANNA.email, what, "Halo"), [ANNA.email])[0].thread_id for who, what in named]


@pytest.fixture
def anna(browser: Browser, threads: list[str]) -> Browser:
    browser.sit(ANNA)
    return browser


def labels_of(gmail: Gmail, thread: str) -> set[str]:
    account = gmail.accounts.get(ANNA.email)
    return {label for message in gmail.threads.get(account, int(thread, 16)) for label in message.labels}


def label_named(gmail: Gmail, name: str) -> str:
    [found] = [each["id"] for each in gmail.labels.list(gmail.accounts.get(ANNA.email)) if each["name"] == name]
    return str(found)


def shown_in(anna: Browser, place: str) -> list[str]:
    anna.get(place)
    return [name for name in ("Offer", "Gudang", "Lunch") if f"<b>{name}</b>" in anna.page]


def undo(anna: Browser) -> None:
    [number] = re.findall(r'name="undo" value="(\w+)"', anna.page)
    anna.post("/undo", undo=number)


def test_many_threads_are_archived_at_once_and_brought_back_by_one_undo(
    anna: Browser, gmail: Gmail, threads: list[str]
) -> None:
    anna.get("/")

    anna.post("/act", act="archive", ids=threads[:2])

    assert "2 threads archived." in anna.page
    assert shown_in(anna, "/") == ["Lunch"]
    assert shown_in(anna, "/?folder=all") == ["Offer", "Gudang", "Lunch"]
    undo(anna)
    assert shown_in(anna, "/") == ["Offer", "Gudang", "Lunch"]
    assert labels_of(gmail, threads[0]) == {"INBOX", "UNREAD"}


def test_an_undo_gives_each_mail_back_what_it_had_and_no_other(anna: Browser, gmail: Gmail, threads: list[str]) -> None:
    account = gmail.accounts.get(ANNA.email)
    [first] = gmail.threads.get(account, int(threads[0], 16))
    chain = gmail.messages.raw(first).partition(b"Message-ID: <")[2].partition(b">")[0].decode()
    headers = [f"In-Reply-To: <{chain}>", f"References: <{chain}>"]
    gmail.insert(ANNA.email, mail(ANNA.email, RINA, "Re: Offer", "Yes", *headers), ["SENT"])
    before = [message.labels for message in gmail.threads.get(account, int(threads[0], 16))]
    assert len(before) == 2
    anna.get("/")

    anna.post("/act", act="bin", ids=threads[0])
    assert shown_in(anna, "/?folder=bin") == ["Offer"]
    undo(anna)

    after = [message.labels for message in gmail.threads.get(account, int(threads[0], 16))]
    assert list(map(set, after)) == list(map(set, before))


def test_what_was_done_stays_in_sight_until_the_next_act_or_until_it_is_closed(
    anna: Browser, threads: list[str]
) -> None:
    anna.get("/")
    anna.post("/act", act="archive", ids=threads[:1])
    anna.get("/?folder=sent")
    assert "Archived." in anna.page

    anna.post("/act", act="read", ids=threads[1:])
    assert "Archived." not in anna.page
    assert "2 threads marked as read." in anna.page

    anna.post("/hush")
    assert "marked as read." not in anna.page


def test_what_cannot_be_taken_back_is_said_once_and_the_rest_until_the_next_act(
    anna: Browser, threads: list[str]
) -> None:
    anna.get("/")
    anna.post("/act", act="archive", ids=threads[:1])
    anna.get("/?folder=all")
    assert "Archived." in anna.page
    undo(anna)
    assert "Taken back." in anna.page
    anna.get("/")
    assert "Taken back." not in anna.page


def test_an_undo_works_once_and_for_its_own_person_only(anna: Browser, threads: list[str]) -> None:
    anna.get("/")
    anna.post("/act", act="archive", ids=threads[:1])
    [number] = re.findall(r'name="undo" value="(\w+)"', anna.page)
    undo(anna)

    anna.post("/undo", undo=number)

    assert "This can no longer be taken back." in anna.page


def test_nothing_chosen_changes_nothing_and_says_so(anna: Browser) -> None:
    anna.get("/")

    anna.post("/act", act="archive")

    assert "Choose some mail first." in anna.page
    assert shown_in(anna, "/") == ["Offer", "Gudang", "Lunch"]


def test_a_star_marks_the_newest_mail_and_fills_the_starred_folder(
    anna: Browser, gmail: Gmail, threads: list[str]
) -> None:
    anna.get("/")
    assert "Nothing is starred." not in anna.page

    anna.post("/act", act=f"one:star:{threads[1]}")

    assert labels_of(gmail, threads[1]) == {"INBOX", "UNREAD", "STARRED"}
    assert shown_in(anna, "/?folder=starred") == ["Gudang"]
    anna.post("/act", act=f"one:unstar:{threads[1]}")
    anna.get("/?folder=starred")
    assert "Nothing is starred." in anna.page


def test_spam_leaves_the_inbox_and_comes_back_as_not_spam(anna: Browser, threads: list[str]) -> None:
    anna.get("/")
    anna.post("/act", act="spam", ids=threads[1])
    assert shown_in(anna, "/?folder=spam") == ["Gudang"]
    assert "Not spam" in anna.page

    anna.post("/act?folder=spam", act="inbox", ids=threads[1])

    assert shown_in(anna, "/?folder=spam") == []
    assert "Gudang" in shown_in(anna, "/")


def test_only_what_lies_in_the_bin_is_deleted_for_good(anna: Browser, gmail: Gmail, threads: list[str]) -> None:
    anna.get("/")
    anna.post("/act", act="bin", ids=threads[0])

    anna.post("/act?folder=bin", act="forever", ids=threads[:2])

    assert "Deleted for good." in anna.page
    assert shown_in(anna, "/?folder=all") == ["Gudang", "Lunch"]
    assert shown_in(anna, "/?folder=bin") == []


def test_the_bin_is_emptied(anna: Browser, threads: list[str]) -> None:
    anna.get("/")
    anna.post("/act", act="bin", ids=threads[:2])
    anna.get("/?folder=bin")
    assert "2 threads are deleted for good. Nothing brings them back." in anna.page

    anna.post("/empty?folder=bin")

    assert "2 mails deleted for good." in anna.page
    assert "The bin is empty." in anna.page
    assert anna.post("/empty?folder=inbox").status_code == 400


def test_marked_as_unread_a_thread_is_bold_again_and_one_is_back_in_the_list(anna: Browser, threads: list[str]) -> None:
    anna.get(f"/t/{threads[2]}")
    anna.post(f"/t/{threads[2]}/read")
    anna.get(f"/t/{threads[2]}")

    answer = anna.post(f"/act?open={threads[2]}", act="unread", ids=threads[2])

    assert answer.request.path == "/mail/"
    assert anna.page.count("mx-row new") == 3


def test_a_label_is_made_nested_coloured_and_put_on_a_thread(anna: Browser, gmail: Gmail, threads: list[str]) -> None:
    anna.get("/labels")
    anna.post("/labels", name="Klienci", hue="green")
    anna.post("/labels", name=" Klienci / Żuławy ", hue="red")
    label = label_named(gmail, "Klienci/Żuławy")

    anna.get(f"/t/{threads[0]}")
    anna.post(f"/act?open={threads[0]}", act=f"label:{label}", ids=threads[0])

    assert "Labelled Klienci/Żuławy." in anna.page
    assert 'aria-label="Take the label Klienci/Żuławy off"' in anna.page
    assert re.search(r'mx-in1" title="Klienci/Żuławy"><i class="mx-dot" data-hue="red"></i>', anna.page)
    assert shown_in(anna, f"/?folder={label}") == ["Offer"]
    anna.post(f"/act?folder={label}", act=f"unlabel:{label}", ids=threads[0])
    assert "No mail is labelled Klienci/Żuławy" in anna.page


def test_a_new_label_is_made_where_it_is_put_on(anna: Browser, gmail: Gmail, threads: list[str]) -> None:
    anna.get("/")

    anna.post("/act", act="new_label", name="Penawaran", ids=threads[:2])
    anna.post("/act", act="new_label", name="penawaran", ids=threads[2])

    assert "Labelled Penawaran." in anna.page
    assert shown_in(anna, f"/?folder={label_named(gmail, 'Penawaran')}") == ["Offer", "Gudang", "Lunch"]


def test_moved_threads_are_under_the_label_and_no_longer_in_the_inbox(
    anna: Browser, gmail: Gmail, threads: list[str]
) -> None:
    anna.get("/labels")
    anna.post("/labels", name="Later", hue="blue")
    later = label_named(gmail, "Later")

    anna.post("/act?folder=inbox", act=f"move:{later}", ids=threads[0])

    assert "Moved to Later." in anna.page
    assert labels_of(gmail, threads[0]) == {"UNREAD", later}
    undo(anna)
    assert labels_of(gmail, threads[0]) == {"UNREAD", "INBOX"}


def test_a_renamed_label_takes_along_what_is_nested_in_it(anna: Browser, gmail: Gmail) -> None:
    anna.get("/labels")
    for name in ("Clients", "Clients/Poland", "Clientele"):
        anna.post("/labels", name=name, hue="blue")

    anna.post(f"/labels/{label_named(gmail, 'Clients')}", name="Klienci", hue="pink")

    names = {each["name"] for each in gmail.labels.list(gmail.accounts.get(ANNA.email))}
    assert {"Klienci", "Klienci/Poland", "Clientele"} <= names
    assert "Clients" not in names


@pytest.mark.parametrize(
    ("name", "said"), [("taken", "Another label is called taken."), ("INBOX", "cannot take"), ("", "cannot take")]
)
def test_a_name_that_cannot_be_is_refused_in_words(anna: Browser, name: str, said: str) -> None:
    anna.get("/labels")
    anna.post("/labels", name="Taken", hue="blue")

    anna.post("/labels", name=name, hue="blue")

    assert said in anna.page
    assert "Nothing was changed." in anna.page


def test_a_deleted_label_leaves_its_mail(anna: Browser, gmail: Gmail, threads: list[str]) -> None:
    anna.get("/")
    anna.post("/act", act="new_label", name="Old", ids=threads[0])
    old = label_named(gmail, "Old")
    anna.get("/labels")
    assert "1 thread loses the label Old; the mail stays." in anna.page

    anna.post(f"/labels/{old}/delete")

    assert "The label Old was deleted." in anna.page
    assert shown_in(anna, "/") == ["Offer", "Gudang", "Lunch"]
    assert anna.get(f"/?folder={old}").status_code == 404


def test_folders_count_what_is_unread(anna: Browser, threads: list[str]) -> None:
    anna.get("/")
    assert "1–3 of 3" in anna.page
    assert '<span class="visually-hidden">3 unread</span>' in anna.page

    anna.post("/act", act="read", ids=threads[:2])

    assert '<span class="visually-hidden">1 unread</span>' in anna.page


def test_a_long_folder_is_paged_both_ways_and_an_act_stays_on_its_page(anna: Browser, gmail: Gmail) -> None:
    for number in range(53):
        gmail.deliver(mail(BUDI, ANNA.email, f"Crate {number:02}", "Halo"), [ANNA.email])
    anna.get("/")
    assert "1–50 of 56" in anna.page

    [older] = re.findall(r'href="/mail(/[^"]+)" aria-label="Older"', anna.page)
    anna.get(html.unescape(older))
    assert "51–56 of 56" in anna.page
    [action] = re.findall(r'action="/mail(/act[^"]+)"', anna.page)
    [thread] = re.findall(r'data-thread="(\w+)"', anna.page)[:1]
    anna.post(html.unescape(action), act=f"one:star:{thread}")
    assert "51–56 of 56" in anna.page

    [newer] = re.findall(r'href="/mail(/[^"]*)" aria-label="Newer"', anna.page)
    anna.get(html.unescape(newer))
    assert "1–50 of 56" in anna.page


def test_an_open_thread_keeps_folder_search_and_page(anna: Browser, threads: list[str]) -> None:
    anna.get("/?q=subject:offer")
    [link] = re.findall(r'class="mx-row new" href="/mail(/[^"]+)"', anna.page)

    anna.get(html.unescape(link))

    assert 'value="subject:offer"' in anna.page
    anna.post(f"/act?open={threads[0]}&q=subject:offer", act="archive", ids=threads[0])
    assert "Found for “subject:offer”" in anna.page
    assert shown_in(anna, "/?q=subject:offer") == ["Offer"]


def test_nothing_found_offers_to_look_in_bin_and_spam_too(anna: Browser, threads: list[str]) -> None:
    anna.get("/")
    anna.post("/act", act="bin", ids=threads[0])

    assert shown_in(anna, "/?q=offer") == []
    assert "Nothing fits “offer”." in anna.page
    [everywhere] = re.findall(r'href="/mail(/[^"]+)">Look in bin and spam too', anna.page)
    assert shown_in(anna, html.unescape(everywhere)) == ["Offer"]


def test_the_search_options_become_the_words_of_the_search_box(anna: Browser) -> None:
    anna.get("/search?from=rina@contoh.example&subject=offer&in=inbox&words=&within=")

    assert 'value="from:rina@contoh.example subject:offer in:inbox"' in anna.page
    assert "<b>Offer</b>" in anna.page
    assert "<b>Lunch</b>" not in anna.page


def test_gmail_that_does_not_answer_is_said_and_nothing_breaks(anna: Browser, gmail: Gmail) -> None:
    gmail.faults.add(kind="error", method="threads.list", status=503, times=2)

    answer = anna.get("/")

    assert answer.status_code == 503
    assert "Gmail does not answer" in anna.page
    assert anna.get("/").status_code == 200


def test_a_thread_that_gmail_will_not_show_now_stands_in_the_list_by_its_words(anna: Browser, gmail: Gmail) -> None:
    gmail.deliver(mail(BUDI, ANNA.email, "Crate", "Halo dari Surabaya"), [ANNA.email])
    gmail.faults.add(kind="error", method="threads.get", status=429, times=1)

    anna.get("/")
    assert "Not read yet" in anna.page
    assert "<b>Halo dari Surabaya</b>" in anna.page
    assert len(re.findall(r'class="mx-row', anna.page)) == 4

    anna.get("/")
    assert "<b>Crate</b>" in anna.page


def test_an_act_nobody_knows_is_refused(anna: Browser, gmail: Gmail, threads: list[str]) -> None:
    anna.get("/")

    assert anna.post("/act", act="explode", ids=threads[0]).status_code == 400
    anna.get("/")
    anna.post("/act", act="label:Label_99", ids=threads[0])
    assert "Gmail refused this." in anna.page
    assert labels_of(gmail, threads[0]) == {"INBOX", "UNREAD"}
