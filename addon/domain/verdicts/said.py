"""What a person said, by the phrase sets; and the one sentence that shows it best."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from addon.domain.verdicts.facts import Said, What
from addon.domain.verdicts.language import likely
from addon.domain.verdicts.lexicon import Language, folded, languages
from addon.domain.verdicts.sentences import Sentence, sentences

_MOST = 20
_NEGATION_REACH = 4  # words between a negation and what it negates
_CLAUSE = re.compile(r"[,;:]| but | aber | sondern | ma | mais | pero | ale | tapi ")

# A wish to be left alone outweighs all; then what binds more outweighs what binds less.
_STRENGTH = (
    *(What.REMOVE_ME, What.NOT_INTERESTED, What.CONTRACT, What.OFFER, What.MEETING, What.INTERESTED, What.PRICE),
    *(What.WRONG_PERSON, What.LATER, What.QUESTION),
)
# Their phrases carry their own negation.
_NEGATIVE = frozenset({What.REMOVE_ME, What.NOT_INTERESTED, What.LATER, What.WRONG_PERSON})


def said_in(text: str, language: str) -> tuple[Said, ...]:
    """Everything that was said, in order of the text, each thing once a sentence."""
    spoken = likely(language)
    hits = [hit for sentence in sentences(text) for hit in _in_sentence(sentence, spoken)]
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


def _in_sentence(sentence: Sentence, spoken: Sequence[Language]) -> Iterator[Said]:
    text = folded(sentence.text)
    found: dict[What, str] = {}
    for language in spoken:
        for what, pattern in language.said.items():
            for hit in pattern.finditer(text):
                meant = _meant(what, text, hit, language)
                if meant:
                    found.setdefault(meant, sentence.text[hit.start() : hit.end()])
    if What.NOT_INTERESTED in found:
        found.pop(What.INTERESTED, None)
    if sentence.text.rstrip("\"'”» )").endswith("?"):
        found.setdefault(What.QUESTION, "?")
    for what, phrase in sorted(found.items(), key=lambda item: _STRENGTH.index(item[0])):
        yield Said(what=what, phrase=phrase[:100], sentence=sentence.quote, position=sentence.position)


def _meant(what: What, text: str, hit: re.Match[str], language: Language) -> What | None:
    """The same, its opposite, or nothing, where a negation stands before it in its clause (in French also within)."""
    if what in _NEGATIVE:
        # "Please do not unsubscribe me" and "I don't want to be removed" ask for nothing.
        negated = what is What.REMOVE_ME and _is_negated(text, hit, language)
        return None if negated else what
    if not _is_negated(text, hit, language):
        return what
    return What.NOT_INTERESTED if what is What.INTERESTED else None


def _is_negated(text: str, hit: re.Match[str], language: Language) -> bool:
    clause = _CLAUSE.split(text[: hit.start()])[-1]
    reach = " ".join(clause.split()[-_NEGATION_REACH:])
    behind = " ".join(text[hit.end() :].split()[:1]) if language.code in ("de", "fr") else ""
    return bool(language.negations.search(reach) or (behind and language.negations.match(behind)))
