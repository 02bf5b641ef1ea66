"""Bounces and delays that mail systems wrote in prose, in nine languages, about Cid."""

from __future__ import annotations

import pytest

from addon.domain.verdicts import Kind, Severity, judge

HARD, SOFT, BLOCKED = Severity.HARD, Severity.SOFT, Severity.BLOCKED


def facts(subject, text, sender="Mailer <mailer-daemon@gone.test>"):
    fields = [
        f"From: {sender}",
        "To: bob@dealer.test",
        f"Subject: {subject}",
        "Content-Type: text/plain; charset=utf-8",
    ]
    return judge("\r\n".join([*fields, "", text]).encode()).facts


@pytest.mark.parametrize(
    ("subject", "text", "severity"),
    [
        ("Zustellung fehlgeschlagen", "Ihre Nachricht an {} konnte nicht zugestellt werden: Postfach ist voll.", SOFT),
        ("Błąd dostarczenia", "Wiadomość do {} nie mogła zostać doręczona. Taki użytkownik nie istnieje.", HARD),
        ("Wiadomość nie została doręczona", "Skrzynka odbiorcy {} jest przepełniona (limit miejsca).", SOFT),
        ("Échec de remise", "Votre message n'a pas pu être remis à {}. L'adresse est introuvable.", HARD),
        ("Votre message n'a pas été remis", "Refusé pour {} : réputation de l'expéditeur insuffisante.", BLOCKED),
        ("Mancato recapito", "Il messaggio inviato a {} non è stato consegnato: casella piena.", SOFT),
        ("Messaggio respinto", "Il messaggio per {} è stato respinto: contenuto considerato spam.", BLOCKED),
        ("No se ha podido entregar", "El mensaje para {} no se ha podido entregar. El usuario no existe.", HARD),
        ("Pesan tidak terkirim", "Pesan Anda ke {} gagal dikirim karena alamat tidak ditemukan.", HARD),
        ("Niet bezorgd bericht", "Uw bericht aan {} kon niet worden bezorgd: postvak is vol.", SOFT),
        ("Mensagem não entregue", "A sua mensagem para {} não foi entregue. Utilizador desconhecido.", HARD),
    ],
)
def test_a_bounce_is_told_whatever_its_language(subject, text, severity):
    told = facts(subject, text.format("cid@gone.test"))

    assert told.kind is Kind.BOUNCE
    assert [(one.address, one.severity) for one in told.recipients] == [("cid@gone.test", severity)]


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Nachricht verzögert", "Ihre Nachricht an {} konnte noch nicht zugestellt werden. Es wird weiter versucht."),
        ("Message retardé", "Votre message pour {} n'a pas encore été remis. De nouvelles tentatives auront lieu."),
    ],
)
def test_so_is_a_delay(subject, text):
    told = facts(subject, text.format("cid@gone.test"))

    assert (told.kind, told.severity) == (Kind.DELAY, SOFT)


def test_a_parcel_that_did_not_arrive_is_none():
    told = facts("Your parcel could not be delivered", "Choose a new date for your parcel.", "Shop <noreply@shop.test>")

    assert told.kind is Kind.AUTO_REPLY
