"""What columns are called in the files that people bring, in seven languages, and which field that means. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

from addon.models import Subject

_PERSON: Mapping[str, Sequence[str]] = {
    "email": (
        *("email", "e mail", "mail", "email address", "e mail address", "work email", "primary email", "email 1"),
        *("adres e mail", "adres email", "poczta", "indirizzo email", "posta elettronica", "surel", "alamat email"),
        *("e mail adresse", "mailadresse", "correo", "correo electronico", "courriel", "adresse e mail"),
    ),
    "first_name": (
        *("first name", "firstname", "given name", "imie", "nome", "vorname", "nombre", "prenom", "nama depan"),
    ),
    "last_name": (
        *("last name", "lastname", "surname", "family name", "nazwisko", "cognome", "nachname", "apellido"),
        *("apellidos", "nom", "nom de famille", "nama belakang", "nama keluarga"),
    ),
    "name": (
        *("name", "full name", "contact", "contact name", "person", "imie i nazwisko", "nome completo", "nominativo"),
        *("nama", "nama lengkap", "ansprechpartner", "vollstandiger name", "nombre completo", "nom complet", "osoba"),
    ),
    "job": (
        *("job", "job title", "position", "role", "title", "stanowisko", "ruolo", "qualifica", "jabatan", "beruf"),
        *("funktion", "cargo", "puesto", "fonction", "poste"),
    ),
    "phone": (
        *("phone", "phone number", "mobile", "telephone", "tel", "cell", "telefon", "numer telefonu", "telefono"),
        *("cellulare", "telepon", "nomor telepon", "hp", "telefonnummer", "handy", "movil", "telephone portable"),
    ),
    "locale": ("language", "locale", "lang", "jezyk", "lingua", "bahasa", "sprache", "idioma", "langue"),
}
_COMPANY = (
    *("company", "company name", "organization", "organisation", "account", "firma", "nazwa firmy", "azienda"),
    *("societa", "ragione sociale", "perusahaan", "nama perusahaan", "unternehmen", "empresa", "entreprise", "societe"),
)
_DOMAIN = ("domain", "website", "web", "company domain", "domena", "strona", "dominio", "sito", "situs", "webseite")
_OWNER = (
    *("owner", "manager", "account manager", "sales rep", "responsible", "opiekun", "wlasciciel", "handlowiec"),
    *("responsabile", "proprietario", "pemilik", "penanggung jawab", "verantwortlich", "betreuer", "responsable"),
)
_DEAL: Mapping[str, Sequence[str]] = {
    "id": ("id", "deal id", "dealthread id"),
    "title": (
        *("title", "deal", "deal name", "deal title", "opportunity", "opportunity name", "name", "szansa", "tytul"),
        *("nazwa", "trattativa", "titolo", "opportunita", "judul", "peluang", "titel", "geschaft", "titulo", "titre"),
    ),
    "stage": ("stage", "status", "deal stage", "etap", "fase", "stadio", "tahap", "phase", "etapa", "etape"),
    "owner": _OWNER,
    "value": (
        *("value", "amount", "deal value", "price", "sum", "wartosc", "kwota", "valore", "importo", "nilai", "jumlah"),
        *("wert", "betrag", "valor", "importe", "montant", "valeur"),
    ),
    "currency": ("currency", "waluta", "valuta", "mata uang", "wahrung", "moneda", "devise"),
    "product": ("product", "plan", "produkt", "prodotto", "produk", "producto", "produit"),
    "channel": ("channel", "source", "lead source", "kanal", "zrodlo", "canale", "fonte", "saluran", "canal"),
    "expected_close": (
        *("expected close", "close date", "expected close date", "closing date", "data zamkniecia", "data chiusura"),
        *("chiusura prevista", "tanggal tutup", "abschlussdatum", "fecha de cierre", "date de cloture"),
    ),
    "next_step": ("next step", "next action", "nastepny krok", "prossimo passo", "langkah berikutnya"),
    "next_step_on": ("next step date", "next step on", "follow up date", "data nastepnego kroku"),
    "lost_reason": ("lost reason", "reason lost", "powod przegranej", "motivo perdita"),
    "company": _COMPANY,
    "company.domain": _DOMAIN,
    "contact.email": ("contact email", "person email", *_PERSON["email"]),
    "contact.first_name": ("contact first name", *_PERSON["first_name"]),
    "contact.last_name": ("contact last name", *_PERSON["last_name"]),
    "contact.name": ("contact name", "contact", "person", "kontakt", "contatto", "kontak", "contacto", "osoba"),
    "contact.phone": ("contact phone", *_PERSON["phone"]),
    "contact.job": ("contact job", "job title", "position", "stanowisko", "ruolo", "jabatan"),
}
KNOWN: Mapping[Subject, Mapping[str, Sequence[str]]] = {
    Subject.CONTACT: {
        "id": ("id", "person id", "contact id", "dealthread id"),
        **_PERSON,
        "company": _COMPANY,
        "company.domain": _DOMAIN,
        "owner": _OWNER,
    },
    Subject.COMPANY: {
        "id": ("id", "company id", "dealthread id"),
        "name": ("name", "nazwa", "nome", "nama", "nombre", "nom", *_COMPANY),
        "domain": _DOMAIN,
        "owner": _OWNER,
    },
    Subject.DEAL: _DEAL,
}
"""By subject: what a column may mean, and what it is called then, folded, the likeliest name first."""


def fold(label: str) -> str:
    """A heading without case, accents and signs.

    >>> fold("Imię i nazwisko"), fold("E-Mail_Adresse "), fold("Größe")
    ('imie i nazwisko', 'e mail adresse', 'grosse')
    """
    bare = unicodedata.normalize("NFKD", label.replace("ł", "l").replace("Ł", "L").casefold())
    return " ".join(re.findall(r"[^\W_]+", "".join(letter for letter in bare if not unicodedata.combining(letter))))


def meant(subject: Subject, labels: Mapping[str, str], own: Mapping[str, str]) -> dict[str, str]:
    """Column key -> target, where a heading says so. `own` are the team's fields, folded name -> key."""
    found: dict[str, str] = {}
    folded = {column: fold(label) for column, label in labels.items()}
    for heading, name in folded.items():
        if name in own and own[name] not in found.values():
            found[heading] = own[name]
    for target, names in KNOWN[subject].items():
        said = {name: heading for heading, name in reversed(folded.items()) if heading not in found}
        column = next((said[name] for name in names if name in said), None)
        if column is not None:
            found[column] = target
    return found
