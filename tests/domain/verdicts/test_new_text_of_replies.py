"""Of a reply only what its writer wrote is read, whatever mail program quoted the rest, and in whatever language."""

from __future__ import annotations

import pytest

from addon.domain.verdicts import judge
from addon.domain.verdicts.replies.new_text import new_text
from tests.domain.verdicts.mails import mail, multipart

INTRODUCTIONS = {
    "gmail en": "On Mon, Mar 3, 2025 at 10:00 AM Bob Kowalski <bob@dealer.test> wrote:",
    "gmail en broken": "On Mon, Mar 3, 2025 at 10:00 AM Bob Kowalski of Dealer and Company <\nbob@dealer.test> wrote:",
    "gmail de": "Am Mo., 3. März 2025 um 10:00 Uhr schrieb Bob Kowalski <bob@dealer.test>:",
    "gmail it": "Il giorno lun 3 mar 2025 alle ore 10:00 Bob Kowalski <\nbob@dealer.test> ha scritto:",
    "gmail id": "Pada tanggal Sen, 3 Mar 2025 pukul 10.00 Bob Kowalski <bob@dealer.test>\nmenulis:",
    "gmail pl": "pon., 3 mar 2025 o 10:00 Bob Kowalski <bob@dealer.test> napisał(a):",
    "gmail es": "El lun, 3 mar 2025 a las 10:00, Bob Kowalski (<bob@dealer.test>) escribió:",
    "gmail fr": "Le lun. 3 mars 2025 à 10:00, Bob Kowalski <bob@dealer.test> a écrit :",
    "gmail nl": "Op ma 3 mrt 2025 om 10:00 schreef Bob Kowalski <bob@dealer.test>:",
    "gmail pt": "Em seg., 3 de mar. de 2025 às 10:00, Bob Kowalski <bob@dealer.test>\nescreveu:",
    "gmail sv": "Den mån 3 mars 2025 kl 10:00 skrev Bob Kowalski <bob@dealer.test>:",
    "gmail nb": "man. 3. mars 2025 kl. 10:00 skrev Bob Kowalski <bob@dealer.test>:",
    "gmail cs": "po 3. 3. 2025 v 10:00 odesílatel Bob Kowalski <bob@dealer.test> napsal:",
    "gmail ru": "пн, 3 мар. 2025 г. в 10:00, Bob Kowalski <bob@dealer.test>:",
    "gmail ja": "2025年3月3日(月) 10:00 Bob Kowalski <bob@dealer.test>:",
    "gmail zh": "Bob Kowalski <bob@dealer.test> 于2025年3月3日周一 10:00写道：",
    "gmail he": "\u202bבתאריך יום ב׳, 3 במרץ 2025 ב-10:00 מאת \u202aBob Kowalski\u202c\u200f "
    "<\u202abob@dealer.test\u202c\u200f>:\u202c",
    "gmail ar": "في الاثنين، 3 مارس 2025 في 10:00 ص تمت كتابة ما يلي بواسطة Bob <bob@dealer.test>:",
    "gmail tr": "Bob Kowalski <bob@dealer.test>, 3 Mar 2025 Pzt, 10:00 tarihinde şunu yazdı:",
    "gmail ko": "2025년 3월 3일 (월) 오전 10:00, Bob Kowalski <bob@dealer.test>님이 작성:",
    "gmail el": "Στις Δευ 3 Μαρ 2025 στις 10:00 π.μ., ο/η Bob <bob@dealer.test> έγραψε:",
    "gmail fi": "ma 3. maaliskuuta 2025 klo 10.00 Bob Kowalski\n<bob@dealer.test> kirjoitti:",
    "yandex": '03.03.2025, 10:00, "Bob" <bob@dealer.test>:',
    "spark": "On 3 Mar 2025, 10:00 +0100, Bob <bob@dealer.test>, wrote:",
    "polymail": "On Mon, Mar 3, 2025 at 10:00 AM Bob\n\n<\nmailto:Bob <bob@dealer.test>\n> wrote:",
    "horde": "Quoting Bob Kowalski <bob@dealer.test>:",
    "apple en": "On 3 Mar 2025, at 10:00, Bob Kowalski <bob@dealer.test> wrote:",
    "apple de": "Am 03.03.2025 um 10:00 schrieb Bob Kowalski <bob@dealer.test>:",
    "apple fr": "Le 3 mars 2025 à 10:00, Bob Kowalski <bob@dealer.test> a écrit :",
    "apple it": "Il giorno 3 mar 2025, alle ore 10:00, Bob Kowalski <bob@dealer.test> ha scritto:",
    "apple es": "El 3 mar 2025, a las 10:00, Bob Kowalski <bob@dealer.test> escribió:",
    "apple pl": "Wiadomość napisana przez Bob Kowalski <bob@dealer.test> w dniu 3 mar 2025, o godz. 10:00:",
    "apple id": "Pada 3 Mar 2025, pukul 10.00, Bob Kowalski <bob@dealer.test> menulis:",
    "apple nl": "Op 3 mrt 2025, om 10:00 heeft Bob Kowalski <bob@dealer.test> het volgende geschreven:",
    "thunderbird en": "On 03/03/2025 10:00 AM, Bob Kowalski wrote:",
    "thunderbird de": "Am 03.03.25 um 10:00 schrieb Bob Kowalski:",
    "thunderbird it": "Il 03/03/25 10:00, Bob Kowalski ha scritto:",
    "thunderbird pl": "W dniu 2025-03-03 o 10:00, Bob Kowalski pisze:",
    "thunderbird es": "El 3/3/25 a las 10:00, Bob Kowalski escribió:",
    "thunderbird fr": "Le 03/03/2025 à 10:00, Bob Kowalski a écrit :",
    "thunderbird id": "Pada 03/03/25 10:00, Bob Kowalski menulis:",
    "poczta pl": "Dnia 3 marca 2025 10:00 Bob Kowalski <bob@dealer.test> napisał(a):",
    "gmail pl of old": "W dniu 3 marca 2025 10:00 użytkownik Bob Kowalski <bob@dealer.test>\nnapisał:",
    "gmail of old": "2025-03-03 10:00 GMT+01:00 Bob Kowalski <bob@dealer.test>:",
    "yahoo en": "On Monday, March 3, 2025 at 10:00:00 AM GMT+1, Bob Kowalski <bob@dealer.test> wrote:  ",
    "yahoo it": "Il lunedì 3 marzo 2025 alle ore 10:00:00 CET, Bob Kowalski <bob@dealer.test> ha scritto:",
    "zoho": "---- On Mon, 03 Mar 2025 10:00:00 +0100 Bob Kowalski <bob@dealer.test> wrote ----",
    "android": "-------- Original message --------",
    "android pl": "-------- Oryginalna wiadomość --------",
    "outlook de": "-----Ursprüngliche Nachricht-----",
    "outlook fr": "-----Message d'origine-----",
    "outlook it": "-----Messaggio originale-----",
    "outlook es": "-----Mensaje original-----",
    "outlook id": "-----Pesan Asli-----",
    "zimbra de": "----- Ursprüngliche Mail -----",
    "proton": "‐‐‐‐‐‐‐ Original Message ‐‐‐‐‐‐‐",
    "qq": "------------------ 原始邮件 ------------------",
    "fields en": "From: Bob Kowalski <bob@dealer.test>\nSent: Monday, March 3, 2025 10:00 AM\nTo: Ana\nSubject: Offer",
    "fields bold": "*From:* Bob Kowalski\n*Sent:* Monday, March 3, 2025 10:00 AM\n*To:* Ana\n*Subject:* Offer",
    "fields de": "Von: Bob Kowalski\nGesendet: Montag, 3. März 2025 10:00\nAn: Ana Rossi\nBetreff: Angebot",
    "fields fr": "De : Bob Kowalski\nEnvoyé : lundi 3 mars 2025 10:00\nÀ : Ana Rossi\nObjet : Offre",
    "fields it": "Da: Bob Kowalski\nInviato: lunedì 3 marzo 2025 10:00\nA: Ana Rossi\nOggetto: Offerta",
    "fields es": "De: Bob Kowalski\nEnviado el: lunes, 3 de marzo de 2025 10:00\nPara: Ana Rossi\nAsunto: Oferta",
    "fields pl": "Od: Bob Kowalski\nWysłano: poniedziałek, 3 marca 2025 10:00\nDo: Ana Rossi\nTemat: Oferta",
    "fields id": "Dari: Bob Kowalski\nDikirim: Senin, 03 Maret 2025 10.00\nKepada: Ana Rossi\nSubjek: Penawaran",
    "fields nl": "Van: Bob Kowalski\nVerzonden: maandag 3 maart 2025 10:00\nAan: Ana Rossi\nOnderwerp: Aanbod",
    "fields sv": "Från: Bob Kowalski\nSkickat: den 3 mars 2025 10:00\nTill: Ana Rossi\nÄmne: Offert",
    "fields under a line": "________________________________\nFrom: Bob Kowalski <bob@dealer.test>\n"
    "Sent: Monday, 3 March 2025\nTo: Ana\nSubject: Re",
    "fields, wrapped": "From: Bob Kowalski\nSent: Monday, March 3, 2025 10:00\n"
    "To: Ana Rossi <ana@acme.test>;\n Cid <cid@acme.test>\nSubject: Offer",
    "fields of web.de": "Gesendet: Montag, 03. März 2025 um 10:00 Uhr\n"
    'Von: "Bob" <bob@dealer.test>\nAn: ana@acme.test\nBetreff: Angebot',
    "fields cs": "---------- Původní e-mail ----------\nOd: Bob <b@x.test>\nKomu: ana@x.test\nPředmět: Re",
    "fields of Outlook Express": "----- Original Message ----- \nFrom: Bob\nTo: Ana\nSent: 3 March 2025\nSubject: Re",
    "ticket": "##- Please type your reply above this line -##",
    "two fields": "From: bob@dealer.test\nDate: Mon, 3 Mar 2025 10:00:00 +0100",
}


@pytest.mark.parametrize("above", INTRODUCTIONS.values(), ids=INTRODUCTIONS)
@pytest.mark.parametrize("mark", ["> ", ""], ids=["marked", "unmarked"])
def test_what_was_quoted_is_left_out(above, mark):
    quoted = f"{mark}Shall we talk about tyres?\n{mark}\n{mark}Bob"

    assert new_text(f"Yes, let's talk.\nOn Friday?\n\n{above}\n\n{quoted}\n") == "Yes, let's talk.\nOn Friday?"


@pytest.mark.parametrize("above", INTRODUCTIONS.values(), ids=INTRODUCTIONS)
def test_an_answer_below_a_marked_quotation_is_kept(above):
    assert new_text(f"{above}\n> Shall we talk?\n> Bob\n\nYes, let's talk.\n") == "Yes, let's talk."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hi Bob,\n\n> How many?\n\n40\n\n> When?\nIn May.\n", "Hi Bob,\n\n40\n\nIn May."),
        (
            "Above.\n\nOn 3 Mar 2025, Bob wrote:\n> How many?\n\nBetween.\n\n> When?\n\nBelow.\n",
            "Above.\n\nBetween.\n\nBelow.",
        ),
        ("On 3 Mar 2025, Bob wrote:\n\n> How many?\n> When?\n> >> Long ago\n\n40, in May.", "40, in May."),
        ("reply On Mon, Mar 3, 2025 at 3:59 PM, bob@dealer.test wrote:\n> Hi", "reply"),
        ("reply --- On Mon, Mar 3, 2025 at 3:59 PM, bob@dealer.test wrote: Hi", "reply"),
        ("reply --- On Mon, Mar 3, 2025 at 3:59 PM, bob@dealer.test wrote:\n> Hi\nthere", "reply\nthere"),
        (
            "Yes.\n\nOn 3 Mar 2025, Bob wrote:\n"
            "> Next we can send all the forty boxes in the second week of May at,\nthe latest, if you want.\n> Bob\n",
            "Yes.",
        ),
        ("Yes.\n\nOn 3 Mar 2025, Bob wrote:\n> See (https://x.test/a\n?b=c)\n> Bob\n", "Yes."),
    ],
    ids=["between", "everywhere", "below", "beside", "beside unmarked", "beside and below", "wrapped", "link"],
)
def test_answers_stand_above_below_beside_and_between(text, expected):
    assert new_text(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "On this day\n\nI wrote something\n\nwhich was very interesting.",
        "The meeting:\n\nDate: Wednesday 3, October 2025\nTime: 7:00am\nAddress: 130 Fox St\n\nPlease be there.",
        "We go\n\nFrom: Jakarta\nTo: Surabaya\nDate: 3 March 2025\n\nCan you quote this?",
        "Dates\n-----\nMonday suits us. Then:\n\n- forty boxes\n- a pallet",
        "Please answer below.\n\n---------- Enter Feedback Below ----------\n\nAll was well.",
        "Here it is.\n\nSent from my desk, it is easier than from my telephone.",
        "It is >50 and < 60.\n>>> http://x.test <<<\nSee above.",
        "| a | b |\n| 1 | 2 |",
        "I am not the intended recipient, ask Cid. If you have received this offer, so have we.",
        "As I wrote:\nno, thank you.",
        "Unsubscribe me, please.\n\nThank you\nAna",
        "Yes!\n\nBest regards,\n\nAna Rossi",
        "Yes!\n\n-Ana",
        "Monday - yes\nTuesday - no\n\n— Ana",
        "Regards to Cid.\n\nCall me on +39 02 1234567 tomorrow, or write to cid@acme.test?",
    ],
)
def test_what_a_person_wrote_is_kept_whole(text):
    assert new_text(text) == text


@pytest.mark.parametrize(
    "below",
    [
        "-- \nAna Rossi\nAcme",
        "--\nAna",
        "__\nAna",
        "Sent from my iPhone",
        "Sent from my Samsung Galaxy smartphone.",
        "Get Outlook for iOS<https://aka.ms/o0ukef>",
        "Sent from Mail for Windows 10",
        "Sent from Yahoo Mail on Android",
        "Von meinem iPhone gesendet",
        "Gesendet mit der GMX Mail App",
        "Envoyé de mon iPhone",
        "Télécharger Outlook pour Android",
        "Inviato da iPhone",
        "Enviado desde mi iPhone",
        "Wysłane z iPhone'a",
        "Wysłano z aplikacji mobilnej WP Poczta",
        "Dikirim dari iPhone saya",
        "Verstuurd vanaf mijn iPhone",
        "Enviado do meu iPhone",
        "发自我的iPhone",
        "iPhoneから送信",
        "This e-mail and any attachments are confidential and intended solely for the addressee.",
        "CONFIDENTIALITY NOTICE: The contents of this message\nare for its recipient.",
        "Diese E-Mail enthält vertrauliche Informationen. Wenn Sie nicht der richtige Adressat sind, löschen Sie sie.",
        "Ce message et ses pièces jointes sont confidentiels.",
        "Le informazioni contenute in questa comunicazione sono riservate.",
        "Este mensaje y sus adjuntos son confidenciales.",
        "Niniejsza wiadomość zawiera informacje poufne.",
        "Email ini dan lampirannya bersifat rahasia.",
        "Virus-free. www.avast.com",
        "Please consider the environment before printing this email.",
        "Pomyśl o środowisku, zanim wydrukujesz tę wiadomość.",
        "You received this message because you are subscribed to the group.",
        "_______________________________________________\nriders mailing list\nriders@lists.x.test",
        "ᐧ",
        "[image: Acme]",
        "[cid:image001.png@01D9]",
    ],
)
def test_what_stands_below_a_text_is_left_out(below):
    quotation = "On Mon, Mar 3, 2025 at 10:00 AM Bob <bob@dealer.test> wrote:\n> Shall we?\n"

    assert new_text(f"Yes, let's talk.\n\n{below}\n") == "Yes, let's talk."
    assert new_text(f"Yes, let's talk.\n\n{below}\n\n{quotation}") == "Yes, let's talk."


def test_a_name_stays_and_the_visiting_card_below_it_goes():
    card = "Ana Rossi\nHead of Sales\nAcme S.r.l.\nTel. +39 02 1234567\nwww.acme.test"

    assert new_text(f"Yes, let's talk.\n\nKind regards,\n{card}\n") == "Yes, let's talk.\n\nKind regards,\nAna Rossi"


def test_nothing_is_taken_for_a_closing_that_stands_first():
    assert new_text("Sent from my iPhone") == "Sent from my iPhone"
    assert new_text("--\nyes") == "--\nyes"


def test_a_forward_keeps_its_comment():
    forward = (
        "---------- Forwarded message ---------\nFrom: Bob <bob@x.test>\nDate: Mon, 3 Mar 2025\nSubject: Hi\n\nOffer"
    )

    assert new_text(f"Cid, can you look at this?\n\n{forward}") == "Cid, can you look at this?"


def test_a_forward_without_a_comment_has_the_text_of_what_was_forwarded():
    forward = (
        "Begin forwarded message:\n\nFrom: Bob <bob@x.test>\nSubject: Hi\nDate: 3 Mar 2025\nTo: ana@x.test\n\nOffer"
    )

    assert new_text(forward) == "Offer"


def test_a_quotation_sent_back_says_nothing():
    assert new_text("On 3 Mar 2025, Bob wrote:\n> Shall we?\n") == ""


def html(body):
    return judge(mail(body, content_type="text/html; charset=utf-8")).reply_text


QUOTED = "<div>Shall we talk?</div>"
WROTE = "On Mon, Mar 3, 2025 at 10:00 AM Bob &lt;bob@dealer.test&gt; wrote:"


@pytest.mark.parametrize(
    "below",
    [
        f'<div class="gmail_quote"><div class="gmail_attr">{WROTE}<br></div><blockquote>{QUOTED}</blockquote></div>',
        f'<div class="gmail_quote gmail_quote_container">zu Ihrer Anfrage{QUOTED}</div>',
        f'<div><blockquote type="cite"><div>{WROTE}</div>{QUOTED}</blockquote></div>',
        f'<div class="moz-cite-prefix">{WROTE}</div><blockquote type="cite" cite="mid:x">{QUOTED}</blockquote>',
        f'<hr id="stopSpelling">From: bob@dealer.test<br>To: ana@acme.test<br>{QUOTED}',
        f'<div id="divRplyFwdMsg"><b>Kimden:</b> Bob</div>{QUOTED}',
        f'<div style="border:none;border-top:solid #E1E1E1 1.0pt"><p><b>Feladó:</b> Bob</p></div>{QUOTED}',
        f"<div><b>Von:</b> Bob<br><b>Gesendet:</b> Montag, 3. März 2025<br><b>An:</b> Ana<br>"
        f"<b>Betreff:</b> Hi</div>{QUOTED}",
        f'<div class="yahoo_quoted"><div>{WROTE}</div>{QUOTED}</div>',
        f'<hr id="zwchr"><div>{QUOTED}</div>',
        f'<div class="protonmail_quote">{WROTE}{QUOTED}</div>',
        f"<div>{WROTE}</div>{QUOTED}",
    ],
    ids=[
        "gmail",
        "gmail of now",
        "apple",
        "thunderbird",
        "hotmail",
        "outlook web",
        "outlook",
        "german",
        "yahoo",
        "zimbra",
        "proton",
        "none",
    ],
)
def test_pages_are_cut_where_their_quotation_begins(below):
    assert html(f"<html><body><p>Yes, let's talk.</p>{below}</body></html>") == "Yes, let's talk."


def test_answers_between_the_quotations_of_a_page_are_kept():
    quotes = f"{WROTE}<blockquote>How many?</blockquote>40<blockquote>When?</blockquote>In May"
    page = f'<div class="gmail_quote">{quotes}</div>'

    assert html(page) == "40\nIn May"


def test_the_title_of_a_page_is_not_its_text():
    assert html('<html><head lang="en"><title>Untitled</title></head><body>Yes</body></html>') == "Yes"


def test_the_signature_of_a_page_is_left_out():
    assert html('<div>Yes</div><br><div class="gmail_signature"><div>Ana</div><div>Acme</div></div>') == "Yes"


def test_text_from_right_to_left_is_read():
    text = "כן, בוא נדבר.\n\n\u202bב-3 במרץ 2025, 10:00, Bob <bob@dealer.test>:\u202c\n> Shall we?\n"

    assert new_text(text) == "כן, בוא נדבר."


def test_a_mail_of_only_an_image_has_no_text():
    image = ("image/png; name=photo.png\r\nContent-Transfer-Encoding: base64", "iVBORw0KGgo=")
    page = ("text/html", '<html><body><img src="cid:photo"></body></html>')

    assert judge(multipart(image)).reply_text == ""
    assert judge(multipart(page, image, kind="related")).reply_text == ""
    assert judge(multipart(("text/plain", "[image: photo.png]"), image)).reply_text == ""
