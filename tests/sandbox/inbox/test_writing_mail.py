"""Somebody writes: a draft that Gmail keeps, files with it, answers to one or all, passing on, and sending."""

from __future__ import annotations

import html
import io
import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from flask import Flask

from addon.sandbox.gmail import Gmail
from addon.sandbox.gmail.mailbox.mime import Mail
from addon.sandbox.inbox import drafting, writing
from addon.sandbox.inbox.addresses import NotAnAddress, addresses
from tests.sandbox.inbox.conftest import ANNA, DIMAS, Browser, mail

RINA = "Rina <rina@contoh.example>"


@pytest.fixture
def anna(browser: Browser, gmail: Gmail) -> Browser:
    browser.sit(ANNA)
    browser.get("/write")
    return browser


def save(anna: Browser, **fields: Any) -> dict[str, Any]:
    """As the page's script does."""
    answer = anna.post("/draft", scripts=True, **fields)
    assert answer.json is not None
    return dict(answer.json)


def draft_in(gmail: Gmail, id: str) -> EmailMessage:
    account = gmail.accounts.get(ANNA.email)
    raw = gmail.messages.raw(gmail.drafts.get(account, int(id.removeprefix("r"))).message)
    made = message_from_bytes(raw, policy=policy.default)
    assert isinstance(made, EmailMessage)
    return made


def drafts(gmail: Gmail) -> int:
    with gmail.store.read() as db:
        return int(db.execute("SELECT count(*) FROM drafts").fetchone()[0])


def text_of(made: EmailMessage) -> str:
    body = made.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n").removesuffix("\n")


def names(made: EmailMessage) -> list[str | None]:
    return [part.get_filename() for part in made.iter_attachments()]


def field(anna: Browser, name: str) -> str:
    found = re.search(rf'<input[^>]*\bname="{name}" value="([^"]*)"', anna.page.partition('id="compose"')[2])
    return html.unescape(found[1]) if found else ""


def body(anna: Browser) -> str:
    found = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", anna.page, re.DOTALL)
    assert found is not None
    return html.unescape(found[1])


# ---- the draft ----


def test_what_is_written_becomes_a_draft_whose_id_stays(anna: Browser, gmail: Gmail) -> None:
    first = save(anna, to="rina@contoh.example", subject="Penawaran", body="Halo")
    second = save(anna, to="rina@contoh.example", subject="Penawaran", body="Halo Rina", draft=first["draft"])

    assert first["said"] == "Saved in Drafts"
    assert second["draft"] == first["draft"]
    assert drafts(gmail) == 1
    assert text_of(draft_in(gmail, first["draft"])) == "Halo Rina"


def test_looking_at_the_compose_window_or_writing_nothing_makes_no_draft(anna: Browser, gmail: Gmail) -> None:
    assert save(anna, to="", subject="", body="  ")["draft"] == ""
    assert drafts(gmail) == 0


def test_a_draft_is_gone_on_with_from_its_folder(anna: Browser) -> None:
    kept = save(anna, to=RINA, cc="b@c.example", bcc="d@e.example", subject="Zażółć", body="Gęślą\njaźń")
    anna.get("/?folder=drafts")
    assert '<em class="mx-draft">Draft</em>' in anna.page
    [link] = re.findall(r'class="mx-row" href="/mail(/write\?draft=[^"]+)"', anna.page)

    anna.get(html.unescape(link))

    assert [field(anna, name) for name in ("draft", "to", "cc", "bcc", "subject")] == [
        kept["draft"],
        RINA,
        "b@c.example",
        "d@e.example",
        "Zażółć",
    ]
    assert body(anna) == "Gęślą\njaźń"


def test_half_an_address_does_not_keep_the_rest_from_being_saved(anna: Browser, gmail: Gmail) -> None:
    kept = save(anna, to="rina@contoh.example, bud", subject="Hi", body="Halo")

    assert str(draft_in(gmail, kept["draft"])["To"]) == "rina@contoh.example"


def test_a_draft_that_was_sent_elsewhere_is_not_written_again_by_itself(anna: Browser, gmail: Gmail) -> None:
    kept = save(anna, to="rina@contoh.example", subject="Hi", body="Halo")
    anna.post("/discard", draft=kept["draft"])
    assert "Draft discarded." in anna.page

    answer = anna.post("/draft", scripts=True, to="x@y.example", subject="Hi", body="More", draft=kept["draft"])

    assert answer.status_code == 409
    assert answer.json is not None
    assert answer.json["gone"] is True
    assert drafts(gmail) == 0


def test_without_scripts_a_draft_is_saved_by_its_button(anna: Browser, gmail: Gmail) -> None:
    answer = anna.post("/write", do="save", to="rina@contoh.example", subject="Hi", body="Halo")

    assert answer.request.path == "/mail/write"
    assert answer.request.args["draft"]
    assert body(anna) == "Halo"
    assert drafts(gmail) == 1


def test_a_header_of_a_draft_made_by_a_program_survives_writing_on(anna: Browser, gmail: Gmail) -> None:
    made = mail(ANNA.email, RINA, "Hi", "Halo", "X-Dealthread-Ref: 1.1")
    draft = gmail.drafts.create(gmail.accounts.get(ANNA.email), Mail(made), None)
    anna.get(f"/write?draft=r{draft.id}")

    save(anna, to=RINA, subject="Hi", body="Halo Rina", draft=f"r{draft.id}")

    assert draft_in(gmail, f"r{draft.id}")["X-Dealthread-Ref"] == "1.1"


# ---- files ----


def test_files_join_the_draft_and_leave_it_again(anna: Browser, gmail: Gmail) -> None:
    kept = save(anna, to=RINA, subject="Hi", body="Halo", files=_files("cena.txt", "Żółty plan.pdf"))
    assert [file["name"] for file in kept["files"]] == ["cena.txt", "Żółty plan.pdf"]

    left = save(anna, to=RINA, subject="Hi", body="Halo", draft=kept["draft"], keep=["1"])

    assert [(file["value"], file["name"]) for file in left["files"]] == [("0", "Żółty plan.pdf")]
    [part] = draft_in(gmail, kept["draft"]).iter_attachments()
    assert part.get_filename() == "Żółty plan.pdf"
    assert part.get_content_type() == "application/pdf"
    anna.get(f"/write?draft={kept['draft']}")
    assert 'aria-label="Leave out Żółty plan.pdf"' in anna.page


def test_files_go_out_with_the_mail(anna: Browser, gmail: Gmail) -> None:
    kept = save(anna, to=RINA, subject="Hi", body="Halo", files=_files("a.bin"))

    anna.post("/write", do="send", to=RINA, subject="Hi", body="Halo", draft=kept["draft"], keep=["0"])

    [sent] = gmail.outside.mails("rina@contoh.example")
    made = message_from_bytes(sent.raw, policy=policy.default)
    assert isinstance(made, EmailMessage)
    assert names(made) == ["a.bin"]
    assert drafts(gmail) == 0


def test_too_many_bytes_are_refused_in_words_and_nothing_is_lost(
    anna: Browser, gmail: Gmail, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafting, "MOST_BYTES", 30_000)
    kept = save(anna, to=RINA, subject="Hi", body="Halo")
    heavy = (io.BytesIO(b"\0" * 40_000), "film.mov")

    answer = anna.post(
        "/draft", scripts=True, to=RINA, subject="Hi", body="Halo more", draft=kept["draft"], files=heavy
    )

    assert answer.status_code == 409
    assert answer.json is not None
    assert answer.json["said"].startswith("The files weigh 39 KB together; a mail takes 25 MB.")
    assert names(draft_in(gmail, kept["draft"])) == []


def _files(*named: str) -> list[tuple[io.BytesIO, str]]:
    return [(io.BytesIO(b"content of " + name.encode()), name) for name in named]


def test_what_is_too_much_to_be_read_at_all_is_refused_in_words(anna: Browser, inbox_app: Flask) -> None:
    inbox_app.config["MAX_CONTENT_LENGTH"] = 20_000

    answer = anna.post("/draft", scripts=True, to=RINA, body="Halo", files=(io.BytesIO(b"\0" * 40_000), "film.mov"))

    assert answer.status_code == 413
    assert answer.json is not None
    assert answer.json["said"].startswith("This is too much for one mail")


# ---- answers ----


@pytest.fixture
def thread(gmail: Gmail) -> tuple[str, str]:
    """Its id, and the id of its one mail."""
    raw = mail(
        RINA,
        f"Anna <{ANNA.email}>, Dimas <{DIMAS.email}>",
        "Offer",
        "How much\nis it?",
        'Cc: "Santoso, Budi" <budi@c.example>',
    )
    arrived = gmail.deliver(raw, [ANNA.email])[0]
    return arrived.thread_id, arrived.message_id


def test_an_answer_quotes_the_mail_and_goes_to_its_writer(anna: Browser, thread: tuple[str, str]) -> None:
    anna.get(f"/write?thread={thread[0]}")

    assert (field(anna, "to"), field(anna, "cc")) == (RINA, "")
    assert re.match(
        r"\n\nOn \w+, \d+ \w+ \d+ at \d\d:\d\d, Rina <rina@contoh.example> wrote:\n> How much\n> is it\?", body(anna)
    )


def test_an_answer_to_all_leaves_oneself_out(anna: Browser, thread: tuple[str, str]) -> None:
    anna.get(f"/write?thread={thread[0]}&all=yes")

    assert field(anna, "to") == RINA
    assert field(anna, "cc") == f'Dimas <{DIMAS.email}>, "Santoso, Budi" <budi@c.example>'


def test_an_answer_kept_as_a_draft_stays_in_its_thread(anna: Browser, gmail: Gmail, thread: tuple[str, str]) -> None:
    kept = save(anna, to=RINA, subject="Re: Offer", body="Soon", thread=thread[0], message=thread[1])
    anna.get(f"/t/{thread[0]}")
    assert "Go on writing" in anna.page
    anna.get(f"/write?draft={kept['draft']}")

    answer = anna.post(
        "/write", do="send", to=RINA, subject="Re: Offer", body="Now", draft=kept["draft"], thread=field(anna, "thread")
    )

    assert answer.request.path == f"/mail/t/{thread[0]}"
    [sent] = gmail.outside.mails("rina@contoh.example")
    assert sent.header("In-Reply-To") == sent.header("References") != ""


def test_a_mail_is_passed_on_with_its_files(anna: Browser, gmail: Gmail) -> None:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"], made["Message-ID"] = RINA, ANNA.email, "Plan", "<plan@c.example>"
    made.set_content("See the plan.")
    made.add_attachment(b"plan", maintype="application", subtype="pdf", filename="plan.pdf")
    inner = EmailMessage()
    inner["Subject"] = "Inner"
    inner.set_content("inside")
    made.add_attachment(inner, filename="old.eml")
    arrived = gmail.deliver(made.as_bytes(), [ANNA.email])[0]

    anna.get(f"/write?forward={arrived.message_id}")
    assert field(anna, "subject") == "Fwd: Plan"
    assert "---------- Forwarded message ---------\nFrom: Rina <rina@contoh.example>" in body(anna)
    carried = re.findall(r'name="carry" value="([^"]+)"', anna.page)
    anna.post("/write", do="send", to="budi@c.example", subject="Fwd: Plan", body=body(anna), carry=carried)

    [sent] = gmail.outside.mails("budi@c.example")
    passed = message_from_bytes(sent.raw, policy=policy.default)
    assert isinstance(passed, EmailMessage)
    assert names(passed) == ["plan.pdf", "old.eml"]
    assert "See the plan." in text_of(passed)


# ---- sending ----


def test_a_wrong_address_is_named_beside_its_field(anna: Browser, gmail: Gmail) -> None:
    anna.post("/write", to="rina@contoh.example", cc="Budi, b@c.example", subject="Hi", body="My words")

    assert "“Budi” is not a mail address." in anna.page
    assert re.search(r'id="cc"[^>]*aria-invalid="true" aria-describedby="wrong"', anna.page)
    assert body(anna) == "My words"
    assert not gmail.outside.mails()
    assert drafts(gmail) == 0


def test_one_may_write_to_a_hidden_copy_alone(anna: Browser, gmail: Gmail) -> None:
    anna.post("/write", to="", bcc="budi@c.example", subject="Hi", body="Halo")

    [sent] = gmail.outside.mails("budi@c.example")
    assert b"Bcc" not in sent.raw


def test_another_address_of_ones_own_may_stand_in_from(anna: Browser, gmail: Gmail) -> None:
    gmail.send_as.add(gmail.accounts.get(ANNA.email), "sales@halyard.example", name="Halyard Sales")
    anna.get("/write")
    assert "Halyard Sales &lt;sales@halyard.example&gt;" in anna.page

    anna.post("/write", to=RINA, subject="Hi", body="Halo", sender="sales@halyard.example")

    [sent] = gmail.outside.mails("rina@contoh.example")
    assert sent.header("From") == "Halyard Sales <sales@halyard.example>"
    anna.get("/write")
    assert anna.post("/write", to=RINA, subject="Hi", body="x", sender="boss@halyard.example").status_code == 400


def test_gmail_that_refuses_keeps_the_draft_and_says_so(anna: Browser, gmail: Gmail) -> None:
    gmail.faults.add(kind="error", method="drafts.send", status=503, times=1)

    anna.post("/write", to=RINA, subject="Hi", body="Halo")

    assert "Gmail did not take the mail." in anna.page
    assert drafts(gmail) == 1
    assert not gmail.outside.mails()
    anna.post("/write", to=RINA, subject="Hi", body="Halo", draft=field(anna, "draft"))
    assert len(gmail.outside.mails()) == 1
    assert drafts(gmail) == 0


def test_an_answer_that_is_lost_after_the_mail_went_out_does_not_send_it_again(anna: Browser, gmail: Gmail) -> None:
    gmail.faults.add(kind="error_after", method="drafts.send", status=503, times=1)

    answer = anna.post("/write", to=RINA, subject="Hi", body="Halo")

    assert "It is in Sent, most likely" in anna.page
    assert answer.request.args["folder"] == "sent"
    assert len(gmail.outside.mails()) == 1


def test_people_one_wrote_with_are_suggested(anna: Browser, gmail: Gmail) -> None:
    gmail.deliver(mail("Budi Santoso <budi@gudang.example>", ANNA.email, "Gudang", "Halo"), [ANNA.email])
    gmail.deliver(mail("Mailer <mailer-daemon@x.example>", ANNA.email, "Failed", "No"), [ANNA.email])

    anna.get("/write")

    assert '<option value="Budi Santoso &lt;budi@gudang.example&gt;">' in anna.page
    assert '<option value="Dimas Prasetyo &lt;dimas@halyard.example&gt;">' in anna.page
    assert "mailer-daemon" not in anna.page.partition("<datalist")[2]


@pytest.mark.parametrize("wrong", ["nobody", "a b@c.example", "a@b@c.example", "<a@>", "@c.example", "żółty@c.example"])
def test_what_is_no_address(wrong: str) -> None:
    with pytest.raises(NotAnAddress, match=re.escape(wrong)):
        addresses(f"rina@contoh.example, {wrong}")


def test_a_domain_of_any_alphabet_is_an_address() -> None:
    [found] = addresses("Rina <rina@żółw.example>")

    assert found.addr_spec == "rina@xn--w-uga1v8h.example"


def test_html_of_a_draft_stays_while_its_words_do() -> None:
    made = EmailMessage()
    made.set_content("Halo")
    made.add_alternative("<p>Halo</p>", subtype="html")
    before = writing.draft_in(made.as_bytes())

    same = writing.compose_draft(ANNA, {"body": "Halo"}, before=before)
    other = writing.compose_draft(ANNA, {"body": "Halo, Rina"}, before=before)

    assert (writing.draft_in(same).html, writing.draft_in(other).html) == ("<p>Halo</p>", "")
