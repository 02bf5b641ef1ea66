"""Answers as people write them in seven languages, against what they mean. The sentences stand in own/said/*.toml."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest

from addon.domain.verdicts import Named, What, judge
from addon.domain.verdicts.language.guessing import guess
from addon.domain.verdicts.language.words import words_of
from addon.domain.verdicts.said.answers import said_in
from addon.domain.verdicts.said.listening import ears
from addon.domain.verdicts.said.phrasing import PhraseBook
from addon.domain.verdicts.said.reading import PhraseRefused
from tests.domain.verdicts.mails import mail

OWN = Path(__file__).parent / "own" / "said"
LANGUAGES = ("de", "en", "es", "fr", "id", "it", "pl")
WRITTEN = date(2026, 11, 23)


def read(name):
    return tomllib.loads((OWN / f"{name}.toml").read_text("utf-8"))


def hits(text):
    return said_in(text, guess(text), WRITTEN)


def whats(text):
    return {hit.what for hit in hits(text)}


def hit_of(text, what):
    return next((hit for hit in hits(text) if hit.what is what), None)


def judged(name):
    """Each sentence that was judged otherwise than it was written, and how many there are in all."""
    lists = [
        (What(what), key == "said", text) for what, told in read(name).items() for key in told for text in told[key]
    ]
    wrong = [(what.value, text, sorted(whats(text))) for what, meant, text in lists if (what in whats(text)) != meant]
    return wrong, len(lists)


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_wish_to_be_left_alone_is_heard(code):
    missed = [text for text in read("opt_outs")[code] if What.REMOVE_ME not in whats(text)]

    assert not missed


@pytest.mark.parametrize("code", LANGUAGES)
def test_nobody_is_taken_off_who_only_mentions_the_words(code):
    taken = [
        (text, hit_of(text, What.REMOVE_ME).phrase)
        for text in read("only_mentioned")[code]
        if What.REMOVE_ME in whats(text)
    ]

    assert not taken


def test_there_are_sixty_of_both():
    assert sum(map(len, read("opt_outs").values())) >= 60
    assert sum(map(len, read("only_mentioned").values())) >= 60


@pytest.mark.parametrize("name", ["says_other_things", "batch_two", "batch_three"])
def test_what_is_said_is_heard_and_what_only_looks_like_it_is_not(name):
    wrong, count = judged(name)

    assert len(wrong) <= count * 0.05, wrong


@pytest.mark.parametrize("name", ["whole_answers", "single_sentences"])
@pytest.mark.parametrize("code", LANGUAGES)
def test_of_a_whole_answer_all_is_heard_that_was_said_and_nothing_else(code, name):
    answers = read(name)[code]
    wrong = [
        (answer["text"], sorted(answer["said"]), sorted(whats(answer["text"])))
        for answer in answers
        if whats(answer["text"]) != set(answer["said"])
    ]

    assert len(wrong) <= len(answers) * 0.08, wrong
    assert not [told for told in wrong if ("remove_me" in told[1]) != ("remove_me" in told[2])]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Not now, please get back to me next quarter.", date(2027, 1, 1)),
        ("Please get back to me in January.", date(2027, 1, 1)),
        ("Please write to me again after 15 March.", date(2027, 3, 16)),
        ("Try me again in two weeks.", date(2026, 12, 7)),
        ("Bitte melden Sie sich nach den Sommerferien.", None),
        ("Bitte melden Sie sich ab dem 30. November 2026 wieder.", date(2026, 11, 30)),
        ("Melden Sie sich am 1.2.2027 noch einmal.", date(2027, 2, 1)),
        ("Momentan nicht, vielleicht im nächsten Jahr.", date(2027, 1, 1)),
        ("Proszę odezwać się po Nowym Roku.", date(2027, 1, 2)),
        ("Proszę o kontakt w styczniu.", date(2027, 1, 1)),
        ("Nanti saja, bulan depan kita bicara lagi.", date(2026, 12, 1)),
        ("Contácteme el próximo trimestre.", date(2027, 1, 1)),
        ("Mi ricontatti a metà febbraio.", date(2027, 2, 15)),
        ("Recontactez-moi dans deux mois.", date(2027, 1, 23)),
        ("Maybe later.", None),
    ],
)
def test_whoever_puts_us_off_names_a_day(text, day):
    assert hit_of(text, What.LATER).when == day


def test_days_are_counted_from_the_mails_own_date():
    [hit] = [hit for hit in judge(mail("Get back to me next month, please.")).facts.said if hit.what is What.LATER]

    assert hit.when == date(2025, 4, 1)


def test_a_mail_without_a_date_names_no_day_but_a_full_one():
    told = {
        judge(mail(f"Write to me again {day}.", date=None)).facts.said[0].when for day in ("in May", "on 1 May 2027")
    }

    assert told == {None, date(2027, 5, 1)}


@pytest.mark.parametrize(
    ("text", "name", "address"),
    [
        ("Please contact my colleague Maria Rossi, maria.rossi@x.it", "Maria Rossi", "maria.rossi@x.it"),
        ("Zajmuje się tym Pan Kowalski.", "Kowalski", ""),
        ("ask for Budi in purchasing", "Budi", ""),
        ("I'm the wrong person, Eva handles that.", "Eva", ""),
        ("Wrong person. Please write to purchasing@acme.test instead.", "", "purchasing@acme.test"),
        ("Bitte wenden Sie sich an Frau Anna Schmidt (a.schmidt@x.de).", "Anna Schmidt", "a.schmidt@x.de"),
        ("Dafür ist Herr Dr. Müller zuständig.", "Müller", ""),
        ("Ich bin nicht zuständig, bitte wenden Sie sich an den Einkauf.", "", ""),
        ("Se ne occupa la mia collega Anna Bianchi.", "Anna Bianchi", ""),
        ("eso lo ve mi compañera Ana", "Ana", ""),
        ("Veuillez contacter ma collègue Claire Dubois.", "Claire Dubois", ""),
        ("Bukan saya yang menangani, silakan hubungi Ibu Sari (sari@toko.test).", "Sari", "sari@toko.test"),
        ("I am the wrong person for that.", "", ""),
    ],
)
def test_whoever_refers_us_names_a_colleague(text, name, address):
    refers_to = hit_of(text, What.WRONG_PERSON).refers_to

    assert refers_to == (Named(name=name, address=address) if name or address else None)


def test_a_long_sentence_is_quoted_where_it_says_something():
    text = "Hello.  " + "We have been thinking\nabout this and that " * 12 + "and so please remove me from your list"
    answer = judge(mail(text))
    [hit] = [hit for hit in answer.facts.said if hit.what is What.REMOVE_ME]

    assert "remove me" in hit.sentence
    assert len(hit.sentence) <= 300
    assert answer.reply_text[hit.position :].split()[:5] == hit.sentence.split()[:5]


@pytest.mark.parametrize(
    "text", ["a " * 60_000, "not " * 20_000, "please remove " * 9_000, "1.2.2027 " * 9_000, "@" * 90_000]
)
def test_endless_sentences_are_read_in_no_time(text):
    assert isinstance(said_in(text, "", WRITTEN), tuple)


@pytest.mark.parametrize("phrase", ["...", "[only] [perhaps]", "send (me [or us]) it", "(never closed"])
def test_a_phrase_that_cannot_be_read_is_refused_by_name(phrase):
    with pytest.raises(PhraseRefused):
        PhraseBook().add([phrase], "tag")


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("send ... contract", "Send us the signed, final contract"),
        ("send [me/us] the contract", "send us the contract"),
        ("send [me/us] the contract", "send the contract"),
        ("(remove/delete) me", "DELETE me"),
        ("interest*", "interesting"),
        ("no, thanks", "no thanks"),
        ("don't", "dont"),
        ("für Sie", "fuer sie"),
        ("intéressé", "interesse"),
    ],
)
def test_phrases_are_found_as_people_write_them(phrase, text):
    book = PhraseBook()
    book.add([phrase], "tag")

    assert list(book.find(words_of(text)))


def test_people_are_understood_in_seven_languages():
    assert sorted(ears()) == sorted(LANGUAGES)


def test_the_language_of_an_answer_is_told():
    wrong = [
        (code, text, guess(text)) for code, texts in read("languages").items() for text in texts if guess(text) != code
    ]

    assert len(wrong) <= 0.03 * sum(map(len, read("languages").values())), wrong


def test_the_language_of_a_short_answer_is_told_or_left_open():
    texts = [(code, text) for code, told in read("opt_outs").items() for text in told if len(text.split()) <= 5]

    assert not [(code, text, guess(text)) for code, text in texts if guess(text) not in (code, "", "en")]
