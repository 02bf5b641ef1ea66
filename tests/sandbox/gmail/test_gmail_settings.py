"""What a person sets for a mailbox, by Google's own client."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Callable, Iterator
from typing import Any

import google_auth_httplib2
import httplib2
import pytest
from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build_from_document
from googleapiclient.errors import HttpError

from addon.sandbox.gmail import Gmail, serve
from tests.sandbox.gmail.conftest import ANNA, BEN, decoded, encoded, mail
from tests.sandbox.gmail.discovery_schema import CheckedHttp, patched

SCOPES = [
    "https://mail.google.com/",
    "https://www.googleapis.com/auth/gmail.settings.basic",
    "https://www.googleapis.com/auth/gmail.settings.sharing",
]


@pytest.fixture(scope="module")
def people() -> Iterator[Callable[[str], Any]]:
    """`people(email)`: the settings of a mailbox of its own, opened when it is first asked for."""
    gmail, opened = Gmail(), []
    with serve(gmail) as server:

        def make(email: str, *scopes: str) -> Any:
            gmail.accounts.add(email, name=email.partition("@")[0].title())
            http = CheckedHttp(timeout=10)
            opened.append(http)
            credentials = Credentials(gmail.access_token(email, scopes or SCOPES))
            authorized = google_auth_httplib2.AuthorizedHttp(credentials, http=http, refresh_status_codes=())
            return build_from_document(patched(server.url), http=authorized).users()

        make.gmail = gmail
        yield make
    for http in opened:
        http.close()
    gmail.close()


def refusal(call: Any) -> tuple[int, str]:
    with pytest.raises(HttpError) as refused:
        call.execute()
    return refused.value.status_code, json.loads(refused.value.content)["error"]["errors"][0]["reason"]


class TestSendAs:
    def test_an_alias_of_the_own_domain_may_be_used_at_once_and_keeps_its_signature(self, people):
        api = people("alia@one.example").settings().sendAs()
        body = {"sendAsEmail": "Sales@one.example", "displayName": "Sales", "signature": "<b>Hi</b><script>x</script>"}

        made = api.create(userId="me", body=body).execute()

        assert made["verificationStatus"] == "accepted"
        assert (made["sendAsEmail"], made["signature"], made["isDefault"]) == ("sales@one.example", "<b>Hi</b>", False)
        assert refusal(api.create(userId="me", body=body)) == (409, "alreadyExists")
        assert refusal(api.create(userId="me", body={"sendAsEmail": "nonsense"})) == (400, "invalidArgument")

    def test_exactly_one_is_the_default_and_the_primary_one_stays(self, people):
        api = people("bela@one.example").settings().sendAs()
        api.create(userId="me", body={"sendAsEmail": "b2@one.example", "isDefault": True}).execute()

        defaults = [one["sendAsEmail"] for one in api.list(userId="me").execute()["sendAs"] if one["isDefault"]]

        unset = api.patch(userId="me", sendAsEmail="b2@one.example", body={"isDefault": False})
        assert defaults == ["b2@one.example"]
        assert refusal(unset) == (400, "invalidArgument")
        assert refusal(api.delete(userId="me", sendAsEmail="bela@one.example")) == (400, "invalidArgument")
        api.delete(userId="me", sendAsEmail="b2@one.example").execute()
        assert api.get(userId="me", sendAsEmail="bela@one.example").execute()["isDefault"] is True
        assert refusal(api.get(userId="me", sendAsEmail="b2@one.example")) == (404, "notFound")

    def test_patch_changes_what_it_names_and_update_empties_the_rest(self, people):
        api = people("cara@one.example").settings().sendAs()
        where = {"userId": "me", "sendAsEmail": "cara@one.example"}

        patched_once = api.patch(**where, body={"signature": "<i>C</i>", "replyToAddress": "c@two.example"}).execute()
        updated = api.update(**where, body={"displayName": "Cara C."}).execute()

        assert patched_once["displayName"] == "Cara"
        assert (patched_once["replyToAddress"], patched_once["isPrimary"]) == ("c@two.example", True)
        assert (updated["displayName"], updated["signature"], updated["replyToAddress"]) == ("Cara C.", "", "")
        assert refusal(api.patch(**where, body={"replyToAddress": "?"})) == (400, "invalidArgument")

    def test_an_address_of_another_domain_waits_for_its_owner_and_gets_no_mail(self, people):
        users, gmail = people("dora@one.example"), people.gmail
        api, relay = users.settings().sendAs(), {"host": "smtp.two.example", "port": 587, "securityMode": "starttls"}
        body = {"sendAsEmail": "dora@two.example", "smtpMsa": relay | {"username": "d", "password": "p"}}

        pending = api.create(userId="me", body=body).execute()
        api.verify(userId="me", sendAsEmail="dora@two.example").execute()
        before = self._sender(users, "dora@two.example")
        agreed = gmail.send_as.accept(gmail.accounts.get("dora@one.example"), "dora@two.example")

        asked = gmail.outside.mails("dora@two.example")
        assert (pending["verificationStatus"], pending["smtpMsa"]) == ("pending", relay)
        assert len(asked) == 2
        assert b"Confirmation code: " in asked[0].raw
        assert agreed
        assert (before, self._sender(users, "dora@two.example")) == ("dora@one.example", "dora@two.example")
        assert refusal(api.verify(userId="me", sendAsEmail="dora@two.example")) == (400, "failedPrecondition")

    def test_a_mail_without_a_sender_leaves_as_the_default_address(self, people):
        users = people("hugo@one.example")
        alias = {"sendAsEmail": "h2@one.example", "displayName": "Hugo the Second", "isDefault": True}
        users.settings().sendAs().create(userId="me", body=alias).execute()

        raw = mail(sender="")
        sent = users.messages().send(userId="me", body={"raw": encoded(raw)}).execute()

        shown = users.messages().get(userId="me", id=sent["id"], format="metadata", metadataHeaders="From").execute()
        assert shown["payload"]["headers"] == [{"name": "From", "value": "Hugo the Second <h2@one.example>"}]

    def test_signatures_are_kept_for_those_who_compose_and_sending_adds_none(self, people):
        users = people("edda@one.example")
        body = {"signature": "<p>Edda, by hand</p>"}
        users.settings().sendAs().patch(userId="me", sendAsEmail="edda@one.example", body=body).execute()

        raw = mail(to="ana@acme.test", sender="edda@one.example")
        sent = users.messages().send(userId="me", body={"raw": encoded(raw)}).execute()

        stored = users.messages().get(userId="me", id=sent["id"], format="raw").execute()["raw"]
        assert b"by hand" not in decoded(stored)

    def test_writing_needs_the_settings_scopes_and_reading_a_mail_scope_or_them(self, people):
        mail_only = people("fay@one.example", "https://mail.google.com/").settings()
        basic = people("fay@one.example", SCOPES[1]).settings()

        assert mail_only.sendAs().list(userId="me").execute()["sendAs"]
        patch = {"userId": "me", "sendAsEmail": "fay@one.example", "body": {"displayName": "F"}}
        assert refusal(mail_only.sendAs().patch(**patch)) == (403, "insufficientPermissions")
        assert refusal(mail_only.updateVacation(userId="me", body={})) == (403, "insufficientPermissions")
        assert basic.sendAs().patch(**patch).execute()["displayName"] == "F"
        create = basic.sendAs().create(userId="me", body={"sendAsEmail": "x@one.example"})
        assert refusal(create) == (403, "insufficientPermissions")
        with pytest.raises(HttpError) as refused:
            create.execute()
        assert b"ACCESS_TOKEN_SCOPE_INSUFFICIENT" in refused.value.content

    @staticmethod
    def _sender(users: Any, address: str) -> str:
        raw = mail(sender=address)
        sent = users.messages().send(userId="me", body={"raw": encoded(raw)}).execute()
        shown = users.messages().get(userId="me", id=sent["id"], format="metadata", metadataHeaders="From").execute()
        return shown["payload"]["headers"][0]["value"].rpartition("<")[2].rstrip(">")


class TestForwardingAndTheRest:
    def test_all_mail_goes_on_to_a_confirmed_address_with_its_sender_unchanged(self, people):
        settings, gmail = people("gil@one.example").settings(), people.gmail
        addresses = settings.forwardingAddresses()
        auto = {"enabled": True, "emailAddress": "gil@two.example", "disposition": "archive"}
        assert settings.getAutoForwarding(userId="me").execute() == {"enabled": False}
        assert addresses.list(userId="me").execute() == {}

        made = addresses.create(userId="me", body={"forwardingEmail": "gil@two.example"}).execute()
        early = refusal(settings.updateAutoForwarding(userId="me", body=auto))
        gmail.forwarding.accept(gmail.accounts.get("gil@one.example"), "gil@two.example")
        assert settings.updateAutoForwarding(userId="me", body=auto).execute() == auto
        [arrived] = gmail.deliver(mail(to="gil@one.example", sender="zoe@acme.test"), ["gil@one.example"])

        _asked, gone_on = gmail.outside.mails("gil@two.example")
        kept = gmail.messages.find(gmail.accounts.get("gil@one.example"), int(arrived.message_id, 16))
        assert (made["verificationStatus"], early) == ("pending", (400, "failedPrecondition"))
        assert (gone_on.header("From"), gone_on.header("X-Forwarded-To")) == ("zoe@acme.test", "gil@two.example")
        assert kept.labels == ("UNREAD",)
        assert refusal(addresses.create(userId="me", body={"forwardingEmail": "gil@two.example"}))[0] == 409
        assert addresses.get(userId="me", forwardingEmail="gil@two.example").execute()["forwardingEmail"]
        addresses.delete(userId="me", forwardingEmail="gil@two.example").execute()
        assert settings.getAutoForwarding(userId="me").execute() == {"enabled": False}
        assert refusal(addresses.get(userId="me", forwardingEmail="gil@two.example")) == (404, "notFound")

    def test_two_mailboxes_that_forward_to_each_other_do_so_once(self, people):
        gmail = people.gmail
        for own, other in (("hal@one.example", "hans@one.example"), ("hans@one.example", "hal@one.example")):
            people(own)
            account = gmail.accounts.get(own)
            gmail.forwarding.create(account, {"forwardingEmail": other})
            everything = {"enabled": True, "emailAddress": other, "disposition": "leaveInInbox"}
            gmail.forwarding.update_auto(account, everything)

        gmail.deliver(mail(to="hal@one.example", sender="zoe@acme.test"), ["hal@one.example"])

        counts = [gmail.messages.totals(gmail.accounts.get(own))[0] for own in ("hal@one.example", "hans@one.example")]
        assert counts == [2, 1]

    def test_imap_pop_and_language_are_kept_and_nonsense_is_refused(self, people):
        settings = people("ida@one.example").settings()
        imap = {"enabled": True, "autoExpunge": False, "expungeBehavior": "trash", "maxFolderSize": 1000}

        assert settings.getImap(userId="me").execute()["expungeBehavior"] == "archive"
        assert settings.updateImap(userId="me", body=imap).execute() == imap
        assert settings.getImap(userId="me").execute() == imap
        pop = {"accessWindow": "allMail", "disposition": "markRead"}
        assert settings.updatePop(userId="me", body=pop).execute() == settings.getPop(userId="me").execute() == pop
        assert settings.updateLanguage(userId="me", body={"displayLanguage": "pl"}).execute() == {
            "displayLanguage": "pl"
        }
        assert settings.getLanguage(userId="me").execute() == {"displayLanguage": "pl"}
        for wrong in (
            settings.updateImap(userId="me", body={"maxFolderSize": 7}),
            settings.updatePop(userId="me", body={"accessWindow": "sometimes"}),
            settings.updateLanguage(userId="me", body={"displayLanguage": "?"}),
        ):
            assert refusal(wrong) == (400, "invalidArgument")

    def test_a_colleague_can_be_a_delegate_and_nobody_else(self, people):
        delegates = people("jan@one.example").settings().delegates()
        people("jo@one.example")

        made = delegates.create(userId="me", body={"delegateEmail": "jo@one.example"}).execute()

        assert made == delegates.get(userId="me", delegateEmail="jo@one.example").execute()
        assert delegates.list(userId="me").execute() == {"delegates": [made]}
        assert refusal(delegates.create(userId="me", body={"delegateEmail": "jo@one.example"}))[0] == 409
        assert refusal(delegates.create(userId="me", body={"delegateEmail": "zoe@acme.test"}))[0] == 400
        delegates.delete(userId="me", delegateEmail="jo@one.example").execute()
        assert delegates.list(userId="me").execute() == {}
        assert refusal(delegates.delete(userId="me", delegateEmail="jo@one.example"))[0] == 404

    def test_nobody_has_certificates_here(self, people):
        settings = people("kim@one.example").settings()
        who = {"userId": "me", "sendAsEmail": "kim@one.example"}

        assert settings.cse().identities().list(userId="me").execute() == {}
        assert settings.cse().keypairs().list(userId="me").execute() == {}
        assert settings.sendAs().smimeInfo().list(**who).execute() == {}
        assert refusal(settings.sendAs().smimeInfo().get(**who, id="1")) == (404, "notFound")
        assert refusal(settings.cse().keypairs().get(userId="me", keyPairId="1")) == (404, "notFound")
        assert refusal(settings.cse().identities().get(userId="me", cseEmailAddress="x@y.example")) == (404, "notFound")


def test_an_address_can_be_confirmed_and_quota_set_from_outside(gmail, server, anna):
    """The control endpoints, as another process uses them."""
    http = httplib2.Http(timeout=10)

    def post(path: str, **values: Any) -> tuple[int, Any]:
        headers = {"Content-Type": "application/json"}
        response, content = http.request(f"{server.url}/sandbox/{path}", "POST", json.dumps(values), headers)
        return response.status, json.loads(content)

    account = gmail.accounts.get(ANNA)
    gmail.send_as.create(account, {"sendAsEmail": "anna@two.example"})

    confirmed = post("confirmations", mailbox=ANNA, address="anna@two.example")
    unknown = post("confirmations", mailbox=BEN, address="anna@two.example")
    limited, wrong = post("quota", per_user=6000), post("quota", per_user=-1)
    googles = post("quota", google=True)
    http.close()

    assert confirmed == (200, {"confirmed": ["sendAs"]})
    assert unknown[0] == wrong[0] == 400
    assert (limited[1]["per_user"], limited[1]["per_project"]) == (6000, None)
    assert (googles[1]["per_project"], googles[1]["daily_sends"]) == (1_200_000, 2_000)


def test_settings_outlive_a_restart_and_a_file_without_them_opens_as_before(tmp_path):
    path = tmp_path / "mail.sqlite"
    gmail = Gmail(path)
    account = gmail.accounts.add(ANNA, name="Anna")
    gmail.send_as.add(account, "sales@halyard.example")
    gmail.close()
    with contextlib.closing(sqlite3.connect(path)) as earlier:
        for column in ("receives", "treat_as_alias", "relay", "code"):
            earlier.execute(f"ALTER TABLE send_as DROP COLUMN {column}")
        for table in ("preferences", "filters", "forwarding_addresses", "vacation_answers", "delegates", "departures"):
            earlier.execute(f"DROP TABLE {table}")

    gmail = Gmail(path)
    assert gmail.accounts.receiving("sales@halyard.example") == account
    gmail.vacation.update(account, {"enableAutoReply": True, "responseSubject": "Away"})
    gmail.filters.create(account, {"from": "zoe"}, {"addLabelIds": ["STARRED"]})
    gmail.send_as.change(account, ANNA, {"signature": "<b>A</b>"}, whole=False)
    gmail.close()
    gmail = Gmail(path)

    assert gmail.vacation.get(account)["responseSubject"] == "Away"
    assert gmail.send_as.default(account)["signature"] == "<b>A</b>"
    gmail.deliver(mail(to=ANNA, sender="zoe@acme.test"), [ANNA])
    assert gmail.labels.get(account, "STARRED")["messagesTotal"] == 1
    assert gmail.outside.counts() == {"zoe@acme.test": 1}
    gmail.close()


def test_a_mailbox_has_ten_thousand_labels_at_most(gmail, anna):
    account = gmail.accounts.get(ANNA)
    with gmail.store.write() as db:
        db.executemany(
            "INSERT INTO labels (account, id, name, folded) VALUES (?, ?, ?, ?)",
            [(account.number, f"Label_x{n}", f"x{n}", f"x{n}") for n in range(9_999)],
        )

    anna.labels().create(userId="me", body={"name": "The last one"}).execute()

    assert refusal(anna.labels().create(userId="me", body={"name": "One more"})) == (400, "invalidArgument")
