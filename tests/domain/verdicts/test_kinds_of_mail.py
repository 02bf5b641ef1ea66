"""Every incoming mail is one kind, and says why."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from addon.domain.verdicts import EvidenceKind, Kind, Severity, judge
from tests.domain.verdicts.mails import bounce, mail, multipart

ABSENT = "Hello,\n\nI am out of the office until 14 March and will reply when I return.\n\nAna"


def kind(raw, **kwargs):
    return judge(raw, **kwargs).facts.kind


def test_a_persons_answer_is_human():
    facts = judge(mail("Yes, let's talk on Monday.")).facts

    assert (facts.kind, facts.evidence, facts.headers) == (Kind.HUMAN, (), ())


@pytest.mark.parametrize("how", [{"own": ["Ana@Acme.test"]}, {"labels": ["SENT"]}])
def test_our_own_mail_is_own(how):
    assert kind(mail("Hi"), **how) is Kind.OWN


class TestReports:
    def test_a_bounce_names_recipient_severity_and_the_mail_it_speaks_of(self):
        facts = judge(bounce(), own=["bob@dealer.test"]).facts
        [recipient] = facts.recipients

        assert facts.kind is Kind.BOUNCE
        assert (recipient.address, recipient.severity, recipient.status, recipient.action) == (
            "cid@gone.test",
            Severity.HARD,
            "5.1.1",
            "failed",
        )
        assert facts.original_ids == ("<sent7@dealer.test>",)
        assert facts.original_ref == "6f1c.2"
        assert facts.evidence[0].kind is EvidenceKind.REPORT
        assert "User unknown" in facts.evidence[0].text
        assert facts.said == (), "the mail that came back is not an answer"

    @pytest.mark.parametrize(
        ("status", "diagnostic", "severity"),
        [
            ("5.2.2", "smtp; 552 5.2.2 Mailbox full", Severity.SOFT),
            ("4.4.1", "smtp; connection timed out", Severity.SOFT),
            ("5.7.1", "smtp; 554 5.7.1 Message blocked, listed by Spamhaus", Severity.BLOCKED),
            ("5.3.4", "smtp; 552 message size exceeds limit", Severity.BLOCKED),
            ("5.0.0", "smtp; 550 no such user here", Severity.HARD),
            ("5.0.0", "", Severity.SOFT),
        ],
    )
    def test_a_bounce_is_hard_soft_or_blocked(self, status, diagnostic, severity):
        assert judge(bounce(status=status, diagnostic=diagnostic)).facts.severity is severity

    @pytest.mark.parametrize(
        ("action", "expected"), [("delayed", Kind.DELAY), ("delivered", Kind.DELIVERED), ("relayed", Kind.DELIVERED)]
    )
    def test_a_delay_is_no_bounce_and_a_delivery_is_neither(self, action, expected):
        assert kind(bounce(action=action, status="4.4.1", diagnostic="")) is expected

    def test_a_bounce_in_prose_is_found(self):
        facts = judge(
            mail(
                "I'm afraid I wasn't able to deliver your message to the following addresses.\n\n"
                "<cid@gone.test>:\nSorry, no mailbox here by that name. (#5.1.1)\n",
                **{"from": "MAILER-DAEMON@mx.gone.test", "subject": "failure notice", "in_reply_to": None},
            )
        ).facts

        assert facts.kind is Kind.BOUNCE
        assert [recipient.address for recipient in facts.recipients] == ["cid@gone.test"]

    def test_a_person_who_writes_about_a_bounce_is_a_person(self):
        text = "Your mail to cid@gone.test came back: 550 user unknown, could not be delivered. Try me instead."

        assert kind(mail(text, subject="Re: Undelivered mail")) is Kind.HUMAN

    def test_a_read_receipt_is_read(self):
        receipt = (
            "Final-Recipient: rfc822; ana@acme.test\r\nDisposition: manual-action/MDN-sent-manually; displayed\r\n"
        )

        assert kind(multipart(("text/plain", "Read."), ("message/disposition-notification", receipt))) is Kind.READ

    def test_a_feedback_report_is_a_complaint(self):
        report = "Feedback-Type: abuse\r\nUser-Agent: X/1\r\nOriginal-Rcpt-To: ana@acme.test\r\n"
        facts = judge(multipart(("text/plain", "Spam"), ("message/feedback-report", report), kind="report")).facts

        assert (facts.kind, facts.recipients[0].address) == (Kind.COMPLAINT, "ana@acme.test")


class TestCalendars:
    ICS = (
        "BEGIN:VCALENDAR\r\nMETHOD:{method}\r\nBEGIN:VTIMEZONE\r\nDTSTART:19700101T000000\r\nEND:VTIMEZONE\r\n"
        "BEGIN:VEVENT\r\nUID:u-1@x\r\nDTSTART;TZID=Europe/Rome:20250310T150000\r\n"
        'ATTENDEE;CN="Rossi, Ana: sales";PARTSTAT={answer}\r\n ;ROLE=REQ-PARTICIPANT:mailto:Ana@acme.test\r\n'
        "END:VEVENT\r\nEND:VCALENDAR\r\n"
    )

    def facts(self, method, answer):
        ics = self.ICS.format(method=method, answer=answer)
        return judge(multipart(("text/plain", "Yes"), (f"text/calendar; method={method}", ics))).facts

    @pytest.mark.parametrize(
        ("answer", "expected"),
        [
            ("ACCEPTED", Kind.CALENDAR_ACCEPTED),
            ("DECLINED", Kind.CALENDAR_DECLINED),
            ("TENTATIVE", Kind.CALENDAR_TENTATIVE),
            ("DELEGATED", Kind.CALENDAR_OTHER),
        ],
    )
    def test_a_meeting_answer_tells_who_when_and_what(self, answer, expected):
        facts = self.facts("REPLY", answer)

        assert facts.kind is expected
        assert facts.calendar.uid == "u-1@x"
        assert facts.calendar.attendee == "ana@acme.test"
        assert facts.calendar.starts == datetime(2025, 3, 10, 14, tzinfo=UTC)
        assert facts.evidence[0].kind is EvidenceKind.CALENDAR

    def test_an_invitation_is_no_answer(self):
        facts = self.facts("REQUEST", "ACCEPTED")

        assert (facts.kind, facts.calendar.partstat) == (Kind.CALENDAR_OTHER, "")


class TestRobots:
    @pytest.mark.parametrize(
        "raw",
        [
            mail(ABSENT, auto_submitted="auto-replied"),
            mail(ABSENT, subject="Automatic reply: Your offer"),
            mail(ABSENT),
            mail("Thank you for your mail.", subject="Out of office: Your offer", in_reply_to=None),
            mail(
                "Ich bin bis zum 14.03.2025 nicht im Büro. In dringenden Fällen hilft Eva.",
                subject="Abwesenheitsnotiz: x",
            ),
            mail("Jestem na urlopie do 14 marca. Po powrocie odpowiem.", subject="Autoodpowiedź: oferta"),
            mail("Sono in ferie fino al 14 marzo. Per urgenze scrivere a Eva."),
            mail("Estoy de vacaciones hasta el 14 de marzo. En mi ausencia contacte con Eva."),
            mail("Je suis absente jusqu'au 14 mars. En cas d'urgence, contactez Eva."),
            mail("Saya sedang cuti sampai 14 Maret. Untuk hal mendesak hubungi Eva."),
            mail("Ik ben tot en met 14 maart niet op kantoor. Voor dringende zaken kunt u terecht bij Eva."),
            mail("Wegens vakantie ben ik afwezig. Bij spoed kunt u Eva bellen.", subject="Afwezig: uw offerte"),
            mail("Estou de férias até 14 de março. Em caso de urgência, fale com a Eva."),
            mail("Encontro-me ausente do escritório e responderei no meu regresso."),
        ],
    )
    def test_an_absence_note_is_out_of_office_in_nine_languages(self, raw):
        assert kind(raw) is Kind.OUT_OF_OFFICE

    @pytest.mark.parametrize(
        ("text", "day"),
        [
            ("I am out of the office until 14 March.", date(2025, 3, 15)),
            ("I am out of office. I will be back on January 7th.", date(2026, 1, 7)),
            ("I am on vacation until 2025-03-20 and will return after that.", date(2025, 3, 21)),
            ("Ich bin bis zum 14.04.2025 nicht im Büro und danach wieder da.", date(2025, 4, 15)),
            ("Je suis absent jusqu'au 3 juillet. De retour le 4 juillet.", date(2025, 7, 4)),
            ("Ik ben met vakantie tot en met 14 april en daarna weer bereikbaar.", date(2025, 4, 15)),
            ("Estou de férias até 14 de abril e respondo depois.", date(2025, 4, 15)),
            ("I am out of the office until 3/4/2025.", None),
            ("I am out of the office.", None),
        ],
    )
    def test_the_day_of_return_is_read_where_it_is_plain(self, text, day):
        assert judge(mail(text, auto_submitted="auto-replied")).facts.returns == day

    def test_an_absence_note_refers_to_the_mail_it_answers_and_moves_nothing_by_what_it_quotes(self):
        facts = judge(mail(f"{ABSENT}\n\nOn Monday Bob wrote:\n> Yes, let's talk, I am interested.\n")).facts

        assert (facts.kind, facts.said, facts.original_ids) == (Kind.OUT_OF_OFFICE, (), ("<sent1@dealer.test>",))

    @pytest.mark.parametrize(
        "raw",
        [
            mail("Got it.", auto_submitted="auto-generated"),
            mail("Got it.", headers=[("X-Auto-Response-Suppress", "All")]),
            mail("We have received your request. A ticket has been opened."),
            mail("News of the day", **{"from": "no-reply@acme.test"}),
            mail("Anything", headers=[("Return-Path", "<>")]),
            mail("Anna Schmidt ist nicht mehr im Unternehmen.", headers=[("Precedence", "junk")]),
        ],
    )
    def test_other_robots_are_automatic_replies(self, raw):
        assert kind(raw) is Kind.AUTO_REPLY

    @pytest.mark.parametrize(
        "text",
        [
            "Anna Schmidt ist nicht mehr im Unternehmen.",
            "La nuova PEC è acme@pec.test, la vecchia non è più attiva.",
            "Nie pracuję już w zakupach, przeszłam do jakości. Proszę pisać do Pana Górala: goral@acme.test.",
            "On holiday. Ask Liam.",
            "Urlaub bis Freitag, danach Inventur. Vor April wird das nichts.",
            "Je ne suis pas disponible cette semaine, mais la suivante oui. Lundi ?",
            "I'm away until Monday, but send me the quote and I'll forward it.",
        ],
    )
    def test_a_short_answer_that_a_note_might_begin_with_is_left_to_a_person(self, text):
        assert kind(mail(text)) is Kind.HUMAN

    def test_a_note_that_somebody_hands_on_is_a_persons(self):
        text = "I pass on Paul's automatic reply.\n\nThis is an automatic reply. I am out of the office until Monday."

        assert kind(mail(text, subject="Fwd: Automatic reply: Your offer")) is Kind.HUMAN
        assert kind(mail(text, subject="TR: Réponse automatique : Votre offre")) is Kind.HUMAN

    def test_an_alert_sent_to_many_is_bulk_though_it_says_that_no_person_wrote_it(self):
        alert = [("Auto-Submitted", "auto-generated"), ("List-Unsubscribe", "<https://forum.test/off>")]

        assert kind(mail("Somebody answered in the forum.", subject="[Forum] Pallets", headers=alert)) is Kind.BULK

    @pytest.mark.parametrize(
        "text",
        [
            "John Smith no longer works at Acme. Please contact mary@acme.test for anything you need.",
            "Anna Schmidt arbeitet nicht mehr bei Acme. Bitte wenden Sie sich an Eva.",
            "Mme Durand a quitté l'entreprise. Veuillez contacter Eva.",
            "Juan Pérez ya no trabaja en Acme. Póngase en contacto con Eva.",
            "Mario Rossi ha lasciato l'azienda. Per ogni richiesta scriva a Eva.",
            "Pan Kowalski nie pracuje już w Acme. Proszę o kontakt z Ewą.",
            "Budi sudah tidak bekerja di Acme. Silakan hubungi Eva.",
            "Jan de Vries is niet meer werkzaam bij Acme. Neem contact op met Eva.",
            "João Silva já não trabalha na Acme. Fale com a Eva.",
        ],
    )
    def test_a_notice_that_somebody_left_is_a_robots_though_no_header_says_so(self, text):
        assert kind(mail(text)) is Kind.AUTO_REPLY

    @pytest.mark.parametrize(
        "text",
        [
            "This mailbox is not monitored. Please use the form on our website.",
            "Dieses Postfach wird nicht gelesen. Bitte nutzen Sie das Formular.",
            "Cette adresse n'est pas surveillée. Utilisez notre formulaire.",
            "Este buzón no está atendido. Utilice el formulario.",
            "Questa casella non è presidiata. Usi il modulo sul sito.",
            "Ta skrzynka nie jest monitorowana. Prosimy o skorzystanie z formularza.",
            "Kotak surat ini tidak dipantau. Gunakan formulir kami.",
            "Deze mailbox wordt niet gelezen. Gebruik het formulier.",
            "Este e-mail não é monitorado. Use o formulário.",
        ],
    )
    def test_so_is_one_that_nobody_reads_the_mailbox(self, text):
        assert kind(mail(text)) is Kind.AUTO_REPLY

    @pytest.mark.parametrize(
        "text",
        [
            "Before your message can be delivered, please click the link to verify that you are a real sender.",
            "Bevor Ihre Nachricht zugestellt wird, klicken Sie auf den folgenden Link.",
            "Avant que votre message ne soit remis, cliquez sur le lien ci-dessous.",
            "Antes de que su mensaje sea entregado, haga clic en el enlace.",
            "Prima che il suo messaggio sia consegnato, clicchi sul link qui sotto.",
            "Zanim państwa wiadomość zostanie dostarczona, prosimy kliknąć link.",
            "Sebelum pesan anda dapat dikirim, klik tautan di bawah ini.",
            "Voordat uw bericht wordt afgeleverd, klik op de link hieronder.",
            "Antes que a sua mensagem seja entregue, clique no link abaixo.",
        ],
    )
    def test_so_is_one_that_wants_a_proof_of_the_sender_first(self, text):
        assert kind(mail(text)) is Kind.AUTO_REPLY

    def test_a_newsletter_is_bulk_and_names_its_header(self):
        facts = judge(mail("News", subject="News", headers=[("List-Unsubscribe", "<https://x.test/u>")])).facts

        assert facts.kind is Kind.BULK
        assert [seen.name for seen in facts.headers] == ["List-Unsubscribe"]

    def test_a_mail_to_the_list_address_unsubscribes(self):
        assert kind(mail("", to="bob+unsubscribe@dealer.test", subject="unsubscribe")) is Kind.UNSUBSCRIBE

    @pytest.mark.parametrize(
        "text",
        [
            "I am not out of the office, so let's talk today.",
            "I'm out of the office until Monday, but I'm interested. Can you call me on Tuesday?",
            "Sorry for the delay, I was on vacation. We accept your offer.",
            "Our out of office template is attached, as promised.",
            "Is she out of the office until Friday?",
        ],
    )
    def test_a_person_who_speaks_of_absence_is_a_person(self, text):
        assert kind(mail(text)) is Kind.HUMAN

    def test_an_auto_submitted_no_is_a_person(self):
        assert kind(mail("Yes.", auto_submitted="no")) is Kind.HUMAN
