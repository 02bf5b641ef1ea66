"""What a person said, by the phrase sets; and the one sentence that shows it best."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from addon.domain.verdicts.facts import QUOTE, Named, Said, What
from addon.domain.verdicts.language.guessing import is_foreign
from addon.domain.verdicts.language.lexicon import folded, languages
from addon.domain.verdicts.language.sentences import Sentence, sentences
from addon.domain.verdicts.language.words import Words, words_of
from addon.domain.verdicts.said.listening import Ear, Role, ears, likely
from addon.domain.verdicts.said.meaning import Meant, understand
from addon.domain.verdicts.said.people import people

_MOST = 20
_CLOSING = "\"'”» ):-^*"

# A wish to be left alone outweighs all; then what binds more outweighs what binds less.
_STRENGTH = (
    *(What.REMOVE_ME, What.NOT_INTERESTED, What.CONTRACT, What.OFFER, What.MEETING, What.INTERESTED, What.PRICE),
    *(What.WRONG_PERSON, What.LATER, What.QUESTION),
)
_NO_QUESTIONS = frozenset(What) - {What.INTERESTED, What.QUESTION}
"""What is said with a question mark and is no question: "Could you send us a quote?", "Where do I sign?"."""


def said_in(text: str, language: str, written: date | None = None) -> tuple[Said, ...]:
    """Everything that was said, in order of the text, each thing once a sentence.

    `language`: its code, or "" where it could not be told. `written`: the day of the mail, from which "next month" is
    counted. Of a text in a language that nobody here reads nothing is said to be said.
    """
    if not language and is_foreign(text):
        return ()
    spoken = [ears()[code] for code in likely(language)]
    heard = sentences(text)
    hits = [hit for place in range(len(heard)) for hit in _in_sentence(heard, place, spoken, written, text)]
    return tuple(hits[:_MOST])


def telling(said: Sequence[Said], text: str) -> tuple[str, int]:
    """The sentence that best shows what a person said, and its position; ("", 0) for an empty text."""
    strongest = min(said, key=lambda hit: (_STRENGTH.index(hit.what), hit.position), default=None)
    if strongest and strongest.what is not What.QUESTION:
        return strongest.sentence, strongest.position
    written = sentences(text)
    real = [sentence for sentence in written if not is_courtesy(sentence.text)] or written
    return (real[0].quote, real[0].position) if real else ("", 0)


def is_courtesy(sentence: str) -> bool:
    """Whether a sentence is only a greeting (`Dear Anna,`) or a farewell (`Kind regards`)."""
    words = folded(sentence).strip(" ,.!-–—:")
    if len(words.split()) > 6:
        return False
    return any(
        (found := pattern.match(words)) and (found.end() == len(words) or _only_names(words[found.end() :], sentence))
        for language in languages().values()
        for pattern in (language.greetings, language.farewells)
    )


def _only_names(rest: str, sentence: str) -> bool:
    """`Hi Anna Maria,` greets; `Hi, yes` and `Thanks for the offer.` say something."""
    if rest.startswith((",", ".", "!", ":")) or len(rest.split()) > 4:
        return False
    names = sentence.rstrip(" ,.!-–—:").split()[-len(rest.split()) :]
    return all(name[:1].isupper() for name in names)


def _in_sentence(
    heard: Sequence[Sentence], place: int, spoken: Sequence[Ear], written: date | None, text: str
) -> Iterator[Said]:
    sentence = heard[place]
    words = words_of(sentence.text)
    found = _meant(words, spoken, written)
    _settle(found)
    is_question = _is_question(sentence.text, words, found, spoken)
    for what, (meant, ear) in sorted(found.items(), key=lambda item: _STRENGTH.index(item[0])):
        if what is What.QUESTION:
            continue
        phrase, quote, position = _quoted(sentence, words, meant, text)
        refers_to = _named(heard, place, ear) if what is What.WRONG_PERSON else None
        yield Said(what=what, phrase=phrase, sentence=quote, position=position, when=meant.day, refers_to=refers_to)
    if is_question:
        phrase = (
            "?" if sentence.text.rstrip(_CLOSING).endswith("?") else _phrase(sentence, words, found[What.QUESTION][0])
        )
        yield Said(what=What.QUESTION, phrase=phrase, sentence=sentence.quote, position=sentence.position)


_SETTLED = (
    (What.REMOVE_ME, What.NOT_INTERESTED),  # "I do not want to get any more of it"
    (What.REMOVE_ME, What.LATER),  # "do not write again"
    (What.CONTRACT, What.INTERESTED),  # "let us proceed with the order"
    (What.MEETING, What.INTERESTED),  # "why not come by"
)
"""Of two things in the same words the first was said."""


def _settle(found: dict[What, tuple[Meant, Ear]]) -> None:
    """Of two things that one sentence cannot say at once, or not in the same words, the stronger stays."""
    if What.NOT_INTERESTED in found:
        found.pop(What.INTERESTED, None)
    if What.LATER in found:
        found.pop(What.MEETING, None)  # "call me after the summer"
    for stays, goes in _SETTLED:
        if stays in found and goes in found and found[stays][0].overlaps(found[goes][0]):
            del found[goes]


def _meant(words: Words, spoken: Sequence[Ear], written: date | None) -> dict[What, tuple[Meant, Ear]]:
    understood = [(ear, understand(words, ear, written)) for ear in spoken]
    found: dict[What, tuple[Meant, Ear]] = {}
    for ear, understanding in understood:
        for what, meant in understanding.meant.items():
            if not any(other.denies(what, meant) for _, other in understood):
                found.setdefault(what, (meant, ear))
    return found


def _is_question(text: str, words: Words, found: Mapping[What, tuple[Meant, Ear]], spoken: Sequence[Ear]) -> bool:
    """Whether an answer is asked for. "How are you?" and "Could you send us a quote?" ask for none."""
    if _NO_QUESTIONS & found.keys():
        return False
    if What.QUESTION in found:
        return True
    if not text.rstrip(_CLOSING).endswith("?") or len(words) < 2:
        return False
    return not any(
        hit.tag.role is Role.UNLESS and hit.tag.what is What.QUESTION for ear in spoken for hit in ear.book.find(words)
    )


def _phrase(sentence: Sentence, words: Words, meant: Meant) -> str:
    return sentence.text[words.spans[meant.start][0] : words.spans[meant.end - 1][1]][:100]


def _quoted(sentence: Sentence, words: Words, meant: Meant, text: str) -> tuple[str, str, int]:
    """The phrase, its sentence as far as it may be stored, and where that begins in the text: a long sentence is
    quoted from shortly before the phrase on.
    """
    phrase = _phrase(sentence, words, meant)
    if len(sentence.text) <= QUOTE or words.spans[meant.end - 1][1] < QUOTE:
        return phrase, sentence.quote, sentence.position
    first = next(place for place in range(meant.start + 1) if words.spans[meant.start][0] - words.spans[place][0] < 100)
    start = words.spans[first][0]
    rest = Sentence(sentence.text[start:], _place_in(text, sentence.position, sentence.text[:start]))
    return phrase, rest.quote, rest.position


def _place_in(text: str, position: int, before: str) -> int:
    """Where the text goes on behind a part of a sentence, which has other blanks than the text."""
    left = len("".join(before.split()))
    for place in range(position, len(text)):
        if not text[place].isspace():
            if not left:
                return place
            left -= 1
    return position


def _named(heard: Sequence[Sentence], place: int, ear: Ear) -> Named | None:
    """Whom the sentence names, or the next one, or the one before."""
    for near in (place, place + 1, place - 1):
        if 0 <= near < len(heard) and not is_courtesy(heard[near].text):
            named = people(heard[near].text, ear.naming)
            if named:
                return named[0]
    return None
