"""What a person said, in their own sentence."""

from __future__ import annotations

import pytest

from addon.domain.verdicts import Kind, What, judge, telling_sentence
from tests.domain.verdicts.mails import mail, multipart


def said(text):
    return {hit.what for hit in judge(mail(text)).facts.said}


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("We are very interested.", What.INTERESTED),
        ("Thanks, but we are not interested.", What.NOT_INTERESTED),
        ("We're not really that interested.", What.NOT_INTERESTED),
        ("Please remove me from your list.", What.REMOVE_ME),
        ("Could you send us a quote for ten seats?", What.OFFER),
        ("How much is it?", What.PRICE),
        ("Let's schedule a call next week.", What.MEETING),
        ("Get back to me in May, not right now.", What.LATER),
        ("I'm the wrong person, Eva handles that.", What.WRONG_PERSON),
        ("The contract is signed.", What.CONTRACT),
        ("Does it run on Linux?", What.QUESTION),
        ("Wir haben leider kein Interesse.", What.NOT_INTERESTED),
        ("Das klingt gut, was kostet das?", What.PRICE),
        ("Bitte nehmen Sie mich aus dem Verteiler.", What.REMOVE_ME),
        ("Non siamo interessati, grazie.", What.NOT_INTERESTED),
        ("Siamo interessati, ci mandi un preventivo.", What.OFFER),
        ("No estamos interesados, gracias.", What.NOT_INTERESTED),
        ("Me interesa, ¿hablemos mañana?", What.MEETING),
        ("Cela ne nous intéresse pas.", What.NOT_INTERESTED),
        ("Pouvez-vous m'envoyer un devis ?", What.OFFER),
        ("Nie jesteśmy zainteresowani.", What.NOT_INTERESTED),
        ("Jesteśmy zainteresowani, proszę o ofertę.", What.INTERESTED),
        ("Kami tidak tertarik, terima kasih.", What.NOT_INTERESTED),
        ("Kami tertarik, berapa harganya?", What.PRICE),
    ],
)
def test_the_phrase_is_heard(text, what):
    assert what in said(text)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("We are not interested.", What.INTERESTED),
        ("Wir sind nicht interessiert.", What.INTERESTED),
        ("Kami tidak tertarik.", What.INTERESTED),
        ("Please don't unsubscribe me!", What.REMOVE_ME),
        ("No contract yet.", What.CONTRACT),
        ("The weather is fine.", What.INTERESTED),
        ("Yes, let's talk.\n\n-- \nAna\nTo unsubscribe write to us", What.REMOVE_ME),
        ("Fine.\n\nOn Monday Bob wrote:\n> Are you interested?", What.INTERESTED),
    ],
)
def test_what_was_not_said_is_not_heard(text, what):
    assert what not in said(text)


def test_unknown_is_an_answer():
    assert said("The weather is fine today.") == set()


def test_each_hit_quotes_its_sentence_and_place():
    judged = judge(mail("Hi Bob,\n\nthank you. We are\ninterested in ten seats! Bye"))
    [hit] = judged.facts.said

    assert (hit.phrase, hit.sentence) == ("interested", "We are interested in ten seats!")
    assert judged.reply_text[hit.position :].startswith("We are\ninterested")


def test_a_long_sentence_is_quoted_to_300_characters():
    [hit] = judge(mail("We are interested " + "and " * 200 + "that is all")).facts.said

    assert len(hit.sentence) == 300


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Dear Bob,\n\nthe weather is fine. Really.\n\nKind regards\nAna", "the weather is fine."),
        ("Hi,\nok\n", "ok"),
        ("Hi Bob!\n\nAre you sure? Yes, let's meet on Friday.", "Yes, let's meet on Friday."),
        (
            "We are interested, but please remove me from the list.",
            "We are interested, but please remove me from the list.",
        ),
        ("Sehr geehrter Herr Kowalski,\n\nwir melden uns morgen.", "wir melden uns morgen."),
        ("Thanks", "Thanks"),
        ("", ""),
    ],
)
def test_the_telling_sentence_is_the_strongest_hit_or_the_first_real_one(text, sentence):
    assert telling_sentence(judge(mail(text)))[0] == sentence


class TestNewText:
    @pytest.mark.parametrize(
        "text",
        [
            "Yes.\n\nOn Mon, 3 Mar 2025 at 10:00, Bob <bob@dealer.test> wrote:\n> Shall we?",
            "Yes.\n\nOn Mon, 3 Mar 2025 at 10:00, Bob Kowalski of Dealer\n<bob@dealer.test> wrote:\n> Shall we?",
            "Yes.\n\nAm 03.03.2025 um 10:00 schrieb Bob:\n> Wollen wir?",
            "Yes.\n\nIl giorno lun 3 mar 2025 Bob ha scritto:\n\n> Allora?",
            "Yes.\n\nLe lun. 3 mars 2025 à 10:00, Bob a écrit :\n\n> Alors ?",
            "Yes.\n\nEl lun, 3 mar 2025, Bob escribió:\n> ¿Vale?",
            "Yes.\n\npon., 3 mar 2025 o 10:00 Bob <bob@dealer.test> napisał(a):\n\n> Tak?",
            "Yes.\n\nPada tanggal Sen, 3 Mar 2025 Bob menulis:\n> Jadi?",
            "Yes.\n\n-----Original Message-----\nFrom: Bob\nShall we?",
            f"Yes.\n\n{'_' * 32}\nFrom: Bob <bob@dealer.test>\nSent: Monday\nTo: Ana\nSubject: x\n\nShall we?",
            "Yes.\n\nVon: Bob\nGesendet: Montag\nAn: Ana\nBetreff: x\n\nWollen wir?",
            "Yes.\n\n-- \nAna Rossi\nAcme",
            "Yes.\n\nSent from my iPhone",
            "> Shall we?\n\nYes.",
            "On Monday Bob wrote:\n> Shall we?\n\nYes.",
        ],
    )
    def test_quotation_and_signature_are_cut_off(self, text):
        assert judge(mail(text)).reply_text == "Yes."

    def test_answers_between_quotations_are_kept(self):
        text = "On Monday Bob wrote:\n> Ten seats?\nTwelve.\n> In May?\nIn June.\n"

        assert judge(mail(text)).reply_text == "Twelve.\nIn June."

    @pytest.mark.parametrize(
        "text", ["> yes", "-- \nyes", "Sent from my iPhone: yes", "-----Original Message-----\nyes"]
    )
    def test_an_answer_is_never_emptied(self, text):
        assert "yes" in judge(mail(text)).reply_text

    def test_html_is_read_as_text(self):
        page = (
            "<html><head><style>p {}</style></head><body><p>Yes &amp; no.</p><p>Let&#39;s<br>talk</p>"
            '<div class="gmail_quote">On Monday Bob wrote:<blockquote>Shall we?</blockquote></div></body></html>'
        )

        assert judge(mail(page, content_type="text/html")).reply_text == "Yes & no.\n\nLet's\ntalk"

    def test_a_mail_of_only_an_image_says_nothing(self):
        judged = judge(multipart(("image/png; name=a.png", "AAAA")))

        assert (judged.reply_text, judged.facts.reply_digest) == ("", "")
        assert [(file.filename, file.content_type) for file in judged.facts.attachments] == [("a.png", "image/png")]


@pytest.mark.parametrize(
    "text",
    [
        "Ok!",
        "Yes please",
        "Sounds good, let's talk Tuesday, Jane Doe, Acme Ltd",
        "Thanks, we have read it and will come back to you.",
        "Vielen Dank, wir haben das Angebot und melden uns.",
        "Yes, I'd like to see how this would work. Could you show it to us?\n\nMarta Jankowska\nHala sp. z o.o.",
    ],
)
def test_short_answers_and_languages_that_are_read_are_understood(text):
    assert judge(mail(text)).facts.understood


@pytest.mark.parametrize(
    "text",
    [
        "Bedankt voor uw bericht, maar wij hebben op dit moment al een andere leverancier.",
        "Obrigado pela sua mensagem, mas no momento já temos outro fornecedor para isso.",
        "Tack men vi har redan en annan leverantör och vill inte byta nu",
        "Děkujeme, ale momentálně spolupracujeme jinou firmou, proto nabídku nevyužijeme",
    ],
)
def test_longer_answers_in_other_languages_are_not(text):
    facts = judge(mail(text)).facts

    assert (facts.kind, facts.language, facts.understood) == (Kind.HUMAN, "", False)


@pytest.mark.parametrize(
    "text",
    ["No, Wednesday works better.", "Nein, Mittwoch passt besser.", "Non, mercredi est mieux.", "Nie, lepiej w środę."],
)
def test_a_no_that_answers_a_question_refuses_nothing(text):
    assert What.NOT_INTERESTED not in {hit.what for hit in judge(mail(text)).facts.said}


@pytest.mark.parametrize("text", ["No.", "No, sorry.", "Nein.", "Nein, danke.", "Nie."])
def test_a_no_that_is_the_whole_answer_refuses(text):
    assert [hit.what for hit in judge(mail(text)).facts.said] == [What.NOT_INTERESTED]


@pytest.mark.parametrize(
    "text",
    [
        "Bedankt, maar we hebben nu geen interesse.",
        "Geen interesse, dank u.",
        "vi er desværre ikke interesseret",
        "não temos interesse",
        "Não estamos interessados. Por favor, remova o meu e-mail.",
        "Stuur ons geen offerte meer, stop met mailen",
    ],
)
def test_a_no_in_a_language_nobody_reads_is_no_yes(text):
    facts = judge(mail(text)).facts

    assert (facts.kind, facts.said, facts.understood) == (Kind.HUMAN, (), False)
