"""Whether a mail comes from a mail system and speaks of a mail that failed: by its sender, subject, form and words."""

from __future__ import annotations

import re

from addon.domain.verdicts.bounces.own_words import own_words
from addon.domain.verdicts.facts import Evidence
from addon.domain.verdicts.mail import Mail, header_evidence

SYSTEM = re.compile(
    r"mailer-?daemon|post[-_]?master|mail-?daemon|mdaemon|mail ?delivery|delivery ?(?:system|subsystem|service)|"
    r"mailsystem|mail ?system|"
    r"^mailer$|^mail-?admin|bounce|mmdf|^uucp|^root$|^pmdf|^system ?administrator|^administrator|"
    r"microsoft ?exchange|internet mail|"
    r"smtp|complaints|^mrmail|^daemon|^ms-?exchange|^devnull|^nobody$|^no-?reply|mail ?server",
    re.IGNORECASE,
)
"""Senders, and names of senders, that are mail systems."""

# No two of the choices in a loop may begin alike, or one subject holds up a mailbox for ever.
_FAILED_ABROAD = (
    r"nicht (?:zugestellt|ausgeliefert|übermittelt)|unzustellbar|zustell(?:ung|fehler)|nicht erreicht|"
    r"n['’](?:a|ont) (?:pas |pu |encore )+(?:été |être )*(?:remis|distribu|livr|délivr|achemin|transmis|envoy)|"
    r"(?:échec|erreur) (?:de|d['’]|lors de) ?(?:la |l['’])?(?:remise|distribution|livraison|envoi|acheminement)|"
    r"non[- ](?:distribu|remis|délivr)|"
    r"no (?:se )?(?:ha |han |pudo |puede |pudieron )*(?:podido |sido |ser |fue )*(?:entreg|enviar|enviad|envió)|"
    r"(?:fallo|error|falla) (?:en la |de la |de |en el |al )(?:entreg|env)|"
    r"(?:mancat[ao]|fallit[ao]) (?:consegna|recapito)|(?:consegna|recapito|invio) (?:non riuscit|fallit)|"
    r"(?:non|impossibile)(?: è| e'| stat[oa]| può essere| ancora)*(?: possibile)? "
    r"(?:consegn|recapit|inviat|inviare)|"
    r"nie (?:został[ao]? |zostala |mogł[ao] zostać |mógł zostać |udało się |można |dało się |jest możliwe |jeszcze )*"
    r"(?:doręcz|dorecz|dostarcz|wysł|przekaz)|niedoręcz|(?:błąd|blad) (?:doręcz|dostarcz)|"
    r"(?:tidak|belum|gagal) (?:dapat |bisa |berhasil |sampai )*"
    r"(?:di)?(?:ter)?(?:kirim|sampaikan|antar|mengirim|pengiriman)|"
    r"pengiriman (?:gagal|pesan gagal)|"
    r"niet (?:worden |kunnen worden |kunnen )?(?:bezorg(?:d|en)|afgeleverd|besteld|verzonden)|"
    r"onbestelbaar|bezorging (?:is )?mislukt|"
    r"não (?:foi |pôde |pode |foi possível |ser )*(?:entreg|envi)|falha (?:na|de|no) (?:entrega|envio)|"
    r"(?:nachricht|message|courriel|messaggio|mensaje|wiadomość|pesan|bericht|mensagem)\b.{0,80}?"
    r"(?:abgelehnt|zurückgewiesen|refusé|rejeté|respinto|rifiutato|rechazado|odrzucon|ditolak|geweigerd|recusad|rejeitad|"
    r"verzögert|retardé|en retard|in ritardo|retrasado|opóźnion|tertunda|vertraagd|atrasad)"
)
"""What mail systems say in other languages than English."""

# Senders that are mail systems and nothing else.
_CERTAIN = re.compile(
    r"mailer-?daemon|post[-_]?master|mail-?daemon|mdaemon|mail ?delivery|delivery ?(?:sub)?(?:system|service)|"
    r"mail ?system|microsoft ?exchange|internet mail|mail ?server|mmdf|pmdf|uucp|mailer\b|system ?administrator",
    re.IGNORECASE,
)
_OF_MAIL = re.compile(
    r"mailbox|undeliver|returned (?:e-?)?mail|return to sender|user unknown|unknown user|smtp|"
    r"(?<![\d.])5\.\d\.\d{1,2}(?![\d.])|"
    r"(?:message|mail|notification|nachricht|messaggio|mensaje|wiadomo\S+|pesan)\b[\s\S]{0,100}?\b"
    r"(?:not|\w+n't|unable|fail\w*|reject\w*|nicht|non|no|pas|nie|tidak)\b[^.]{0,25}"
    r"(?:deliver|sen[dt]|reach|process|zugestellt|consegn|entreg|dostarcz|terkirim|dikirim|remis|livr)|メール|送信|"
    + _FAILED_ABROAD,
    re.IGNORECASE,
)
ABOUT_FAILURE = re.compile(
    r"undeliver|deliver(?:y|ed)?\b.{0,30}(?:fail|status|notif|report|problem|error|delay|unsuccess|denied|"
    r"incomplete|suspend|warning)|"
    r"fail(?:ed|ure).{0,30}(?:deliver|notice|notif|send|mail)|return(?:ed|ing).{0,15}(?:mail|message|to sender|"
    r"e-?mail)|mail (?:system )?error|"
    r"non.?d[eé]liv|nondeliverable|non remis|unzustellbar|nicht zugestellt|zustell|niet-?bestelbaar|"
    r"mancato recapito|non recapitabil|"
    r"no se (?:pudo|puede) entregar|devuelto|niedostarcz|nie dostarczono|zwrot|tidak terkirim|gagal (?:terkirim|"
    r"dikirim)|"
    r"could ?n(?:o|')t (?:be )?(?:deliver|send)|cannot (?:be )?(?:deliver|send)|unable to deliver|"
    r"not (?:be )?delivered|bounce|rejected|"
    r"(?:user|address|recipient) (?:unknown|not found)|warning:.{0,40}(?:deliver|mail|message|sen[dt])|delayed|"
    r"permanent (?:fatal )?error|mail failure|"
    r"message (?:status|not|error|delayed|undeliv)|\bndr\b|\bdsn\b|failure|verzögert|problem with|"
    r"mailbox (?:full|unavailable)|unknown user|"
    r"not found|\bnot deliver|error sending|mail could not|" + _FAILED_ABROAD,
    re.IGNORECASE,
)
FAILED = re.compile(
    r"(?:could|can|did|was|were|has|have)(?: ?not|n't)(?: have)?(?: yet)?(?: been| be)? (?:deliver|sen[dt]|"
    r"process|complet|reach|found|accept)|undeliver|"
    r"unable to (?:deliver|send|relay)|fail(?:ed|ure) |returned (?:mail|to sender)|permanent|"
    r"user (?:is )?unknown|unknown (?:user|recipient|address)|"
    r"no such (?:user|recipient|mailbox|address)|does ?n.t exist|mailbox (?:is )?(?:full|unavailable)|"
    r"over ?quota|rejected|unrouteable|"
    r"not listed in|account (?:is )?(?:disabled|inactive)|(?<!\d)5\d\d[ -]\d?\.?|not known|bounced|blocked|"
    r"quota|invalid|expired|"
    r"nicht zugestellt|n'a pas pu|non è stato|no se pudo|nie mog|tidak dapat|отправ|доставить|配信|送信|メール|宛先|"
    r"not delivered|gave up|giving up|refused|" + _FAILED_ABROAD,
    re.IGNORECASE,
)
_OPENING = 1_000
_LOST_FORM = re.compile(r"^(?:--\S+|content-[\w-]+:.*|boundary=.*)$\n?", re.IGNORECASE | re.MULTILINE)


def suspicion(mail: Mail) -> tuple[Evidence, ...]:
    """The headers that speak for a mail system as sender and for a failure; empty for other people's mail."""
    envelope, headers = mail.envelope, mail.headers
    sender = [header_evidence("From", headers.get("from"))] if is_system(mail) else []
    empty = [header_evidence("Return-Path", "<>")] if headers.get("return-path").replace(" ", "") == "<>" else []
    failed = [header_evidence("X-Failed-Recipients", value) for value in headers.all("x-failed-recipients")[:1]]
    about = [header_evidence("Subject", envelope.subject)] if ABOUT_FAILURE.search(envelope.subject) else []
    report = mail.root.content_type == "multipart/report"
    reported = [header_evidence("Content-Type", headers.get("content-type"))] if report else []
    told = (*failed, *sender, *empty, *about, *reported)
    if failed or reported or (empty and about):
        return told
    return told if sender and _speaks(mail, about=bool(about)) else ()


def _speaks(mail: Mail, *, about: bool) -> bool:
    """Whether a mail system's mail is about a mail that failed. Shops and carriers, too, write of what failed."""
    if _is_answer(mail):
        return _opens_with_failure(mail)
    text = own_words(mail.text)
    if not _is_certain(mail) and not _OF_MAIL.search(text):
        return False
    return about or bool(FAILED.search(text))


def _is_answer(mail: Mail) -> bool:
    """Whether it answers a mail or went over a list: so do people's, whatever they call themselves."""
    listed = any(mail.headers.all(name) for name in ("list-post", "list-id", "x-mailing-list", "mailing-list"))
    return bool(mail.envelope.in_reply_to) or (listed and not _is_certain(mail))


def _is_certain(mail: Mail) -> bool:
    return bool(_CERTAIN.search(mail.headers.get("from").partition("@")[0]))


def _opens_with_failure(mail: Mail) -> bool:
    """Mail systems come to the point at once."""
    opening = _LOST_FORM.sub("", own_words(mail.text)[:_OPENING]).strip().partition("\n\n")[0]
    return bool(FAILED.search(" ".join(opening.split()[:12])))


def is_system(mail: Mail) -> bool:
    local = mail.envelope.from_address.partition("@")[0]
    # Some mail systems write senders that are no addresses: the raw field still names them.
    told = (local, mail.envelope.from_name, mail.headers.get("from").partition("@")[0])
    return any(SYSTEM.search(text) for text in told)
