"""What a person said is quoted by the sentence: cut where it ends, and found again at its place."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addon.domain.verdicts.language.sentences import sentences


def cut(text):
    return [sentence.text for sentence in sentences(text)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Ich bin ab dem 30. November 2026 wieder im Büro.",
        "Das ist der 3. Punkt auf unserer Liste.",
        "Wir nehmen z.B. Montag, d.h. den 3., oder z. B. Dienstag.",
        "Bitte an Hr. Müller, Nr. 5, ca. 10 Stück, ggf. mehr.",
        "Mieszkam przy ul. Długa 3, m. 5, od 3. maja.",
        "Potrzebujemy np. Toyoty, ok. 10 sztuk, tj. wszystko.",
        "Proszę o kontakt z inż. J. Kowalskim, nr. 5.",
        "El Sr. López llega a las 10, aprox. 5 personas, p.ej. Ana.",
        "Servono viti, dadi, ecc. per il 3 marzo.",
        "Scriva alla Dott.ssa Rossi, ad es. domani.",
        "Kami perlu ban, oli, dll. untuk Bpk. Budi di Jl. Sudirman No. 5.",
        "M. Dupont et Mme. Martin viennent le 3 janv. prochain.",
        "Mr. Smith and Dr. Jones of St. Albans arrive at 10 a.m. on Monday, approx. 5 people.",
        "See https://x.test/a.b?c=d, it costs 1.500,00 or 1,500.00 at www.x.test/offer.",
        "We met J. R. R. Tolkien and A.B. Smith vs. the rest, i.e. nobody.",
        "Well... maybe it is no. 5 after all.",
        "Am 15. 1. 2027 um 10.30 Uhr passt es.",
        "Is it 3.5 or 4.5, e.g. 4.25?",
    ],
)
def test_a_full_stop_within_a_sentence_does_not_end_it(sentence):
    assert cut(f"Yes. {sentence} Good.") == ["Yes.", sentence, "Good."]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("No. We don't.", ["No.", "We don't."]),
        ("That is ok. Send it.", ["That is ok.", "Send it."]),
        ("We need 15. Call me.", ["We need 15.", "Call me."]),
        ("It was in 2026. Then it ended.", ["It was in 2026.", "Then it ended."]),
        ("yes. let's talk! when? now", ["yes.", "let's talk!", "when?", "now"]),
        ("Bolts, nuts, etc. We have them.", ["Bolts, nuts, etc.", "We have them."]),
        ("It is from Acme Inc. They are good.", ["It is from Acme Inc.", "They are good."]),
        ('He said "no." She said yes.', ['He said "no."', "She said yes."]),
        ("Really?! Yes.", ["Really?!", "Yes."]),
        ("Dear Anna,\nwe take it.\n\nRegards\nBob", ["Dear Anna,", "we take it.", "Regards", "Bob"]),
        ("1. Price?\n2. Time?", ["1. Price?", "2. Time?"]),
        ("We need:\n- tyres\n- oil", ["We need:", "- tyres", "- oil"]),
        ("はい。お願いします！", ["はい。", "お願いします！"]),
        ("...", []),
        ("", []),
    ],
)
def test_sentences_end_where_they_end(text, expected):
    assert cut(text) == expected


def test_a_sentence_that_was_wrapped_is_one():
    wrapped = "We would like to have forty winter tyres, ten rims and whatever else,\nif it can be here by May."

    assert cut(wrapped) == [wrapped.replace("\n", " ")]


TEXTS = st.lists(
    st.sampled_from(
        [
            "Yes",
            "no",
            ".",
            "!",
            "?",
            "...",
            " ",
            "\n",
            "\n\n",
            "\t",
            "3.",
            "Mr.",
            "z.B.",
            "ul.",
            "J.",
            "Ä",
            "ż",
            "\xa0",
            "\u2028",
            "- ",
        ]
    )
    | st.text(max_size=5),
    max_size=40,
).map("".join)


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_every_sentence_begins_at_its_position(text):
    ended = 0
    for sentence in sentences(text):
        assert not text[sentence.position].isspace()
        assert " ".join(text[sentence.position :].split()).startswith(sentence.text)
        assert sentence.position >= ended
        ended = sentence.position + 1


@pytest.mark.parametrize("piece", [".", ". A", "!?", "a\nB\n", "\n \n", "1. ", "z. B. ", "...x ", '" ', "A."])
def test_no_text_takes_long_to_cut(piece):
    text = (piece * 100_000)[:100_000]
    begun = time.perf_counter()

    sentences(text)

    assert time.perf_counter() - begun < 1
