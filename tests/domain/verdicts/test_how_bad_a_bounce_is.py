"""A dead address is told from one that is full, busy, or does not want this mail: as servers of all makes say it."""

from __future__ import annotations

import pytest

from addon.domain.verdicts import Severity
from addon.domain.verdicts.bounces.severity import severity_of

HARD, SOFT, BLOCKED = Severity.HARD, Severity.SOFT, Severity.BLOCKED


@pytest.mark.parametrize(
    ("said", "severity"),
    [
        # Google
        (
            "550-5.1.1 The email account that you tried to reach does not exist. Please try\n550-5.1.1 double-checking",
            HARD,
        ),
        ("550 5.2.1 The email account that you tried to reach is disabled. Learn more", SOFT),
        ("452-4.2.2 The email account that you tried to reach is over quota.", SOFT),
        ("552 5.2.2 The recipient's inbox is out of storage space.", SOFT),
        ("550-5.7.26 This mail is unauthenticated, which poses a security risk", BLOCKED),
        ("550-5.7.1 [192.0.2.4] Our system has detected that this message is likely unsolicited mail.", BLOCKED),
        ("550 5.2.1 The user you are trying to contact is receiving mail at a rate that prevents additional", SOFT),
        (
            "550 5.7.1 The user or domain that you are sending to (or from) has a policy that prohibited the mail",
            BLOCKED,
        ),
        # Microsoft
        ("550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient ana@acme.test not found by SMTP address lookup", HARD),
        ("550 5.1.1 RESOLVER.ADR.ExRecipNotFound; not found", HARD),
        ("550 5.4.1 Recipient address rejected: Access denied. AS(201806281)", HARD),
        ("550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302).", HARD),
        ("550 5.2.2 STOREDRV.Deliver; mailbox full", SOFT),
        (
            "554 5.2.2 mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException.MapiException",
            SOFT,
        ),
        (
            "550 5.7.1 Messages from [192.0.2.4] weren't sent. Part of their network is on our block list",
            BLOCKED,
        ),
        ("550 5.7.606 Access denied, banned sending IP [192.0.2.4]", BLOCKED),
        ("550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required", BLOCKED),
        ("550 5.4.310 DNS domain gone.test does not exist [Message=InfoDomainNonexistent]", HARD),
        ("550 5.4.300 Message expired -> 451 4.7.500 Server busy. Please try again later", SOFT),
        ("550 5.2.3 RESOLVER.RST.RecipSizeLimit; message too large for this recipient", BLOCKED),
        # Yahoo and AOL
        ("554 delivery error: dd This user doesn't have a yahoo.com account (ana@yahoo.com) [0]", HARD),
        ("554 delivery error: dd Not a valid recipient - mta1.mail.test", HARD),
        ("552 1 Requested mail action aborted, mailbox not found", HARD),
        ("554 30 Sorry, your message to ana@yahoo.com cannot be delivered. This mailbox is disabled (554.30).", SOFT),
        (
            "553 5.7.1 [BL21] Connections will not be accepted from 192.0.2.4, because the ip is in Spamhaus's list",
            BLOCKED,
        ),
        ("421 4.7.0 [TSS04] Messages temporarily deferred due to user complaints", SOFT),
        # Apple
        ("550 5.1.1 unknown or illegal alias: ana@icloud.com", HARD),
        ("552 5.2.2 ana@icloud.com: user is over quota", SOFT),
        ("554 5.7.1 [CS01] Message rejected due to local policy.", BLOCKED),
        ("550 5.1.6 recipient no longer on server: ana@me.com", HARD),
        # Gateways
        ("550 Invalid Recipient - https://community.mimecast.com/docs/DOC-1369#550", HARD),
        ("554 Email rejected due to security policies - MCSpamSignature.x.2.2", BLOCKED),
        ("550 Rejected by header based manually blocked senders: ben@ours.test", BLOCKED),
        ("554 5.7.0 Blocked - see https://ipcheck.proofpoint.com/?ip=192.0.2.4", BLOCKED),
        ("550 permanent failure for one or more recipients (ana@acme.test:blocked)", BLOCKED),
        ("554 Service unavailable; Client host [gw.spam.test] blocked using Barracuda Reputation", BLOCKED),
        ("553-Message filtered. Refer to the Troubleshooting page", BLOCKED),
        ("5.1.0 - Unknown address error 550-'5.7.1 Access denied'", BLOCKED),
        # Postfix, Exim, qmail, Sendmail, Courier
        ("550 5.1.1 <ana@acme.test>: Recipient address rejected: User unknown in local recipient table", HARD),
        ("450 4.2.0 <ana@acme.test>: Recipient address rejected: Greylisted, see http://postgrey.test/help", SOFT),
        ("554 5.7.1 <ben@ours.test>: Sender address rejected: Access denied", BLOCKED),
        ("554 5.7.1 <ana@acme.test>: Relay access denied", BLOCKED),
        ("Host or domain name not found. Name service error for name=gone.test type=A: Host not found", HARD),
        ("connect to mx.acme.test[192.0.2.4]:25: Connection timed out", SOFT),
        ("mail for acme.test loops back to myself", SOFT),
        ("Domain gone.test does not accept mail (nullMX)", HARD),
        ("550 Unrouteable address", HARD),
        ("all relevant MX records point to non-existent hosts", HARD),
        ("retry timeout exceeded", SOFT),
        ("550 Sender verify failed", BLOCKED),
        ("an MX or SRV record indicated no SMTP service", HARD),
        ("Sorry, no mailbox here by that name. (#5.1.1)", HARD),
        ("Sorry, I couldn't find any host named gone.test. (#5.1.2)", HARD),
        ("Sorry, I wasn't able to establish an SMTP connection. (#4.4.1)", SOFT),
        ("553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)", BLOCKED),
        ("550 5.1.2 <ana@gone.test>... Host unknown (Name server: gone.test: host not found)", HARD),
        ("553 5.1.8 <ben@ours.test>... Domain of sender address ben@ours.test does not exist", BLOCKED),
        ("552 5.3.4 Message size exceeds fixed maximum message size", BLOCKED),
        ("This address no longer accepts mail.", HARD),
        # Domino, GroupWise, Zimbra
        ("550 ana@acme.test... No such user", HARD),
        ("User Ana Rossi (ana@acme.test) not listed in Domino Directory", HARD),
        ("550 5.1.1 User not listed in public Name & Address Book", HARD),
        ("Maximum hop count exceeded.  Message probably in a routing loop.", SOFT),
        # Elsewhere
        (
            "550 Message was not accepted -- invalid mailbox.  Local mailbox a@mail.ru is unavailable: user not found",
            HARD,
        ),
        ("550 spam message rejected. Please visit http://help.mail.test/notspam-support/", BLOCKED),
        ("550 Mailbox not found. https://open.qq.test/help", HARD),
        ("550 Connection frequency limited", SOFT),
        ("550 Mail content denied", BLOCKED),
        ("550-Requested action not taken: mailbox unavailable", HARD),
        ("550 5.1.1 Adresse d au moins un destinataire invalide. Invalid recipient. OFR_416", HARD),
        ("552 5.1.1 Boite du destinataire pleine. Recipient overquota. OFR_417", SOFT),
        ("550 5.2.0 Mail rejete. Mail rejected. ofr_506", BLOCKED),
        ("550 Konto nie istnieje", HARD),
        ("550 Postfach existiert nicht", HARD),
        ("552 Das Postfach ist voll", SOFT),
        ("550 : El usuario no existe", HARD),
        ("550 Utente sconosciuto", HARD),
        ("550 Casella piena", SOFT),
    ],
)
def test_the_servers_own_words_decide(said, severity):
    assert severity_of("", said) is severity


@pytest.mark.parametrize(
    ("status", "severity"),
    [
        ("5.1.1", HARD),
        ("5.1.2", HARD),
        ("5.1.3", HARD),
        ("5.1.6", HARD),
        ("5.1.10", HARD),
        ("5.1.7", BLOCKED),
        ("5.1.8", BLOCKED),
        ("5.2.0", SOFT),
        ("5.2.1", SOFT),
        ("5.2.2", SOFT),
        ("5.2.3", BLOCKED),
        ("5.3.0", SOFT),
        ("5.3.4", BLOCKED),
        ("5.4.4", HARD),
        ("5.4.6", SOFT),
        ("5.4.7", SOFT),
        ("5.5.0", SOFT),
        ("5.6.1", BLOCKED),
        ("5.7.1", BLOCKED),
        ("4.1.1", SOFT),
        ("4.7.1", SOFT),
        ("5.0.0", SOFT),
        ("", SOFT),
    ],
)
def test_without_words_the_status_decides_and_nobody_is_given_up_for_nothing(status, severity):
    assert severity_of(status, "") is severity


@pytest.mark.parametrize(
    ("status", "said", "severity"),
    [
        ("5.0.0", "smtp; 550 5.1.1 whatever", HARD),
        ("5.1.1", "smtp; 552 5.2.2 Mailbox full", SOFT),
        ("5.1.1", "smtp; 554 5.7.1 rejected as spam", BLOCKED),
        ("5.2.2", "smtp; 552 rejected", SOFT),
        ("5.7.1", "smtp; 550 5.7.1 No such user!", HARD),
    ],
)
def test_the_servers_words_are_believed_before_a_relays_status(status, said, severity):
    assert severity_of(status, said) is severity


def test_names_of_people_and_hosts_tell_no_reason():
    assert severity_of("", "550 <spam.quota@blocked.test>: host mx.spamfilter.test said: User unknown") is HARD
    assert severity_of("", "550 refused, see https://www.spamhaus.org/query/bl?ip=192.0.2.4") is BLOCKED


def test_who_is_called_unknown_only_after_the_mail_was_read_is_there():
    assert severity_of("", "550 : User unknown (in reply to end of DATA command)") is BLOCKED
    assert severity_of("", "550 : User unknown (in reply to RCPT TO command)") is HARD
    assert severity_of("", "550 5.1.1 User unknown (in reply to end of DATA command)") is HARD


def test_while_a_server_still_tries_no_address_is_dead():
    assert severity_of("4.1.1", "450 4.1.1 User unknown", final=False) is SOFT
    assert severity_of("4.1.1", "450 4.1.1 User unknown") is HARD, "it gave up, and that is why"
    assert severity_of("4.4.3", "Host not found, try again") is SOFT


def test_what_is_said_about_an_address_is_asked_where_the_report_is_silent():
    assert severity_of("5.0.0", "", "Your message wasn't delivered because the address couldn't be found.") is HARD
    assert severity_of("5.0.0", "smtp; 554 rejected", "The mailbox is full.") is SOFT
