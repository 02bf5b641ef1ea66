"""An admin adds words, phrases, exceptions and whole languages in a folder; what cannot be read is refused by name."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from addon.cli import cli
from addon.domain.verdicts import PhraseRefused, What, hear_also, judge
from tests.domain.verdicts.mails import mail


@pytest.fixture
def folder(tmp_path):
    yield tmp_path
    hear_also(None)


def write(folder, name, text):
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")


def said(text):
    return {hit.what for hit in judge(mail(text)).facts.said}


def test_an_added_phrase_is_heard_beside_the_built_in_ones(folder):
    before = said("We would like to be put on the ramp-up plan.")
    write(folder, "en/contract.toml", 'anywhere = ["put <us> on the <ramp>"]\n\n[words]\nramp = ["ramp-up plan"]\n')

    hear_also(folder)

    assert What.CONTRACT not in before
    assert What.CONTRACT in said("Please put us on the ramp-up plan.")
    assert What.CONTRACT in said("The contract is signed.")


def test_a_word_that_is_added_to_a_group_is_found_in_its_phrases(folder):
    write(folder, "en/words.toml", 'offer = ["tariff sheet"]\n')

    hear_also(folder)

    assert What.OFFER in said("Could you send us your tariff sheet?")


def test_an_added_exception_is_respected(folder):
    write(folder, "en/meeting.toml", 'unless = ["call <us> Ishmael"]\n')

    hear_also(folder)

    assert What.MEETING not in said("Just call me Ishmael.")


def test_a_whole_language_can_be_added(folder):
    write(folder, "nl/sentences.toml", 'negations = ["niet", "geen"]\n')
    write(folder, "nl/interested.toml", 'anywhere = ["geïnteresseerd", "interesse"]\n')
    answer = "Bedankt voor uw bericht, wij zijn zeker geïnteresseerd in uw voorstel."
    refusal = "Bedankt voor uw bericht, maar wij zijn op dit moment niet geïnteresseerd."

    hear_also(folder)

    facts = judge(mail(answer)).facts
    assert (facts.language, facts.understood) == ("nl", True)
    assert What.INTERESTED in said(answer)
    assert What.NOT_INTERESTED in said(refusal)


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("en/offer.toml", 'anywhere = ["send <uss> an offer"]\n', ("offer.toml, anywhere", "<uss>", "words.toml")),
        ("en/offer.toml", 'anywhere = ["send (me/us an offer"]\n', ("offer.toml, anywhere", "not closed")),
        ("en/offer.toml", 'anywhere = ["before <when> please", "(by <when>/soon)"]\n', ("must stand by itself",)),
        ("en/offer.toml", "anywhere = [send us]\n", ("offer.toml", "quotation marks")),
        ("en/offer.toml", 'anywhere = "send us"\n', ("offer.toml", "list of phrases")),
        ("en/offer.toml", 'everywhere = ["send us"]\n', ("'everywhere'", "anywhere, opening, alone, unless")),
        ("en/offer.toml", 'words = ["send"]\n', ("offer.toml", "[words]")),
        ("en/times.toml", 'numbers = ["one"]\n', ("times.toml", "[numbers]")),
        ("en/times.toml", '[numbers]\nten = "10"\n', ("times.toml", "two = 2")),
        ("en/times.toml", 'months = ["january"]\n', ("times.toml", "12 lists")),
        ("en/times.toml", 'weekdays = ["mo", "tu", "we", "th", "fr", "sa", "su"]\n', ("times.toml", "list of phrases")),
        ("en/times.toml", 'nxt_week = ["the week to come"]\n', ("times.toml", "nxt_week", "next_week")),
        ("fy/language.toml", 'words = ["ik", "do"]\n', ("language.toml", "one text")),
        ("en/ofer.toml", 'anywhere = ["send us"]\n', ("ofer.toml", "offer")),
        ("offer.toml", 'anywhere = ["send us"]\n', ("outside a language", "en/")),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_by_name_and_nothing_changes(folder, name, text, told):
    write(folder, name, text)

    with pytest.raises(PhraseRefused) as refused:
        hear_also(folder)

    assert all(part in str(refused.value) for part in told)
    assert What.OFFER in said("Could you send us a quote?")


def test_the_command_line_says_what_is_wrong_with_the_phrases(folder, monkeypatch):
    write(folder, "en/offer.toml", 'anywhere = ["send <uss> an offer"]\n')
    write(folder, "answer.eml", "From: a@b.test\n\nYes.\n")
    monkeypatch.setenv("DEALTHREAD_PHRASES", str(folder))

    told = CliRunner().invoke(cli, ["explain-mail", str(folder / "answer.eml")])

    assert told.exit_code == 1
    assert "DEALTHREAD_PHRASES" in told.output
    assert "offer.toml" in told.output


def test_mails_are_explained_by_the_added_phrases(folder, monkeypatch):
    write(folder, "answer.eml", "From: a@b.test\n\nPop the kettle on.\n")
    write(folder, "phrases/en/meeting.toml", 'anywhere = ["pop the kettle on"]\n')
    monkeypatch.setenv("DEALTHREAD_PHRASES", str(folder / "phrases"))

    told = CliRunner().invoke(cli, ["explain-mail", "--json", str(folder / "answer.eml")])

    assert '"what": "meeting"' in told.output


def test_a_folder_that_is_not_there_is_refused(monkeypatch, tmp_path):
    monkeypatch.setenv("DEALTHREAD_PHRASES", str(tmp_path / "nowhere"))

    told = CliRunner().invoke(cli, ["explain-mail", str(tmp_path)])

    assert told.exit_code == 1
    assert "DEALTHREAD_PHRASES" in told.output
