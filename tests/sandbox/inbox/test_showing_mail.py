"""A thread as somebody reads it: HTML made safe, pictures, files, who wrote to whom, what is folded."""

from __future__ import annotations

import html
import re
from email.message import EmailMessage

import pytest

from addon.sandbox.gmail import Gmail
from addon.sandbox.inbox import safe_html
from tests.sandbox.inbox.conftest import ANNA, DIMAS, Browser, mail

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
HTML = """<style>p { color: red }</style><script>alert(1)</script><h1>Offer</h1>
<p onclick="x()" style="color: red">Could you send <b>us a proposal</b> for 40 seats by Thursday?</p>
<img src="cid:logo"><img src="https://track.example/p.gif" alt="Our logo"><a href="javascript:x()">no</a>
<form action="https://evil.example"><input name="secret"></form>
<div class="gmail_quote">On Monday Anna wrote:<blockquote>earlier words</blockquote></div>"""


def rich_mail() -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"] = "Rina Wijaya <rina@contoh.example>", f"Anna <{ANNA.email}>, Dimas <{DIMAS.email}>"
    made["Cc"], made["Subject"], made["Message-ID"] = "zarząd <zarzad@b.example>", "Offer", "<rich@contoh.example>"
    made.set_content("plain words")
    made.add_alternative(HTML, subtype="html")
    made.get_payload()[1].add_related(PNG, "image", "png", cid="<logo>")  # type: ignore[union-attr, index]
    made.add_attachment(b"%PDF-1.4 price", maintype="application", subtype="pdf", filename="Żółta wycena.pdf")
    made.add_attachment(b"<script>alert(1)</script>", maintype="text", subtype="html", filename="page.html")
    made.add_attachment(PNG, maintype="image", subtype="png", filename="hall.png")
    made.add_attachment(b"no picture at all", maintype="image", subtype="png", filename="liar.png")
    return made


@pytest.fixture
def thread(gmail: Gmail) -> str:
    return gmail.deliver(rich_mail().as_bytes(), [ANNA.email])[0].thread_id


@pytest.fixture
def anna(browser: Browser, thread: str) -> Browser:
    browser.sit(ANNA)
    browser.get(f"/t/{thread}")
    return browser


def files(anna: Browser) -> dict[str, str]:
    found = re.findall(r'class="mx-file" href="/mail(/file/[^"]+)" download title="([^"]+)"', anna.page)
    return {html.unescape(name): address for address, name in found}


def body_of(page: str) -> str:
    return page.partition('<main class="mx-mail"')[2].partition("</main>")[0]


def test_a_mails_html_is_shown_without_anything_that_runs_styles_or_asks_outside(anna: Browser) -> None:
    shown = body_of(anna.page)

    assert "us a proposal" in shown
    for bad in ("alert(1)", "onclick", "style=", "javascript:", "track.example", "evil.example"):
        assert bad not in shown, bad
    assert shown.count("<h1") == 1, "the page's own"
    assert "A picture from outside was not loaded: nothing leaves this machine." in shown
    assert '<span class="mx-nopic">Our logo</span>' in shown


def test_pictures_from_outside_come_only_when_asked_for(anna: Browser, thread: str) -> None:
    [ask] = re.findall(r'href="/mail(/t/[^"]+)">Load them', anna.page)

    anna.get(html.unescape(ask))

    assert 'src="https://track.example/p.gif"' in anna.page
    assert 'referrerpolicy="no-referrer"' in anna.page


def test_the_quoted_sentence_is_marked_in_html_across_its_tags(anna: Browser) -> None:
    shown = body_of(anna.page)

    assert '<mark class="dt-mark">Could you send </mark><b><mark class="dt-mark">us a proposal</mark></b>' in shown
    assert "The sidebar quotes the marked sentence." in shown


def test_a_picture_of_the_mails_own_stands_in_its_words_and_is_no_file_beneath(anna: Browser) -> None:
    words = body_of(anna.page).partition('class="mx-files"')[0]
    [address] = re.findall(r'<img[^>]*src="/mail(/file/[^"]+/picture)"', words)

    answer = anna.get(address)

    assert (answer.mimetype, answer.data) == ("image/png", PNG)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert set(files(anna)) == {"Żółta wycena.pdf", "page.html", "hall.png", "liar.png"}


def test_a_file_is_downloaded_under_its_name_and_never_as_a_page(anna: Browser) -> None:
    pdf, page = (anna.get(files(anna)[name]) for name in ("Żółta wycena.pdf", "page.html"))

    assert pdf.data == b"%PDF-1.4 price"
    assert pdf.headers["Content-Disposition"] == "attachment; filename*=UTF-8''%C5%BB%C3%B3%C5%82ta%20wycena.pdf"
    assert page.headers["Content-Type"] == "application/octet-stream"
    assert page.headers["Content-Disposition"].startswith("attachment")
    assert page.headers["X-Content-Type-Options"] == "nosniff"


def test_only_a_real_picture_is_shown_as_one(anna: Browser) -> None:
    named = files(anna)

    assert anna.get(named["hall.png"] + "/picture").mimetype == "image/png"
    assert anna.get(named["liar.png"] + "/picture").status_code == 404
    assert anna.get(named["page.html"] + "/picture").status_code == 404
    assert anna.get("/file/deadbeef/1").status_code == 404


def test_nobody_downloads_anothers_files(anna: Browser) -> None:
    address = files(anna)["hall.png"]
    anna.sit(DIMAS)

    assert anna.get(address).status_code == 404


def test_who_wrote_to_whom_is_said_in_short_and_in_full(anna: Browser) -> None:
    shown = body_of(anna.page)

    assert "rina@contoh.example, to me, Dimas, zarząd" in shown
    assert "<span>zarząd &lt;zarzad@b.example&gt;</span>" in shown


def test_the_earlier_mail_within_html_is_folded(anna: Browser) -> None:
    shown = body_of(anna.page)

    assert shown.index("Show the earlier mail") < shown.index("earlier words")


def test_a_long_thread_folds_what_was_read(browser: Browser, gmail: Gmail) -> None:
    first = mail("Rina <rina@contoh.example>", ANNA.email, "Plan", "First words")
    chain = re.search(rb"Message-ID: (<.+>)\r", first)
    assert chain is not None
    answer = [f"In-Reply-To: {chain[1].decode()}", f"References: {chain[1].decode()}"]
    read = gmail.deliver(first, [ANNA.email], labels=["INBOX"])[0]
    gmail.deliver(mail("Budi <b@c.example>", ANNA.email, "Re: Plan", "Second words", *answer), [ANNA.email])
    gmail.deliver(mail("Rina <rina@contoh.example>", ANNA.email, "Re: Plan", "Last words", *answer), [ANNA.email])
    browser.sit(ANNA)

    browser.get(f"/t/{read.thread_id}")

    folds = re.findall(r'<details class="mx-older[^"]*"( open)?>', browser.page)
    assert folds == ["", " open"], "what is unread is open, what was read is folded, the last stands beneath"
    shown = body_of(browser.page)
    assert shown.index("First words") < shown.index("Second words") < shown.rindex("Last words")


def test_a_web_address_in_plain_words_is_a_link(browser: Browser, gmail: Gmail) -> None:
    arrived = gmail.deliver(
        mail("Rina <r@c.example>", ANNA.email, "Link", "See https://a.example/x?y=1&z=2."), [ANNA.email]
    )
    browser.sit(ANNA)

    browser.get(f"/t/{arrived[0].thread_id}")

    link = 'href="https://a.example/x?y=1&amp;z=2" target="_blank" rel="noopener noreferrer"'
    assert link in browser.page


@pytest.mark.parametrize(
    "dirty",
    [
        '<a href="data:text/html,<script>x</script>">k</a>',
        '<img src="data:image/svg+xml;base64,PHN2Zz4=">',
        '<img src="http://in.clear.example/x.png">',
        '<svg onload="x()"><script>x</script></svg>',
        '<div class="mx-tools dt-panel">k</div>',
        '<img src="x" srcset="https://e.example/x 2x">',
    ],
)
def test_what_html_may_not_do(dirty: str) -> None:
    clean = str(safe_html.shown(dirty, {}, from_outside=True).body)

    for bad in ("data:", "http://", "onload", "mx-tools", "srcset", "<script"):
        assert bad not in clean


def test_an_answer_written_between_the_quotes_is_not_folded() -> None:
    text = "<blockquote>When?</blockquote><p>On Friday.</p>"

    shown = safe_html.shown(text, {})

    assert (shown.body, shown.quoted) == (text, "")
