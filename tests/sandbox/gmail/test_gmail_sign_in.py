from __future__ import annotations

import base64
import hashlib
import json
import re
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests
from google.auth.exceptions import RefreshError
from google.auth.transport.requests import Request
from google.oauth2 import id_token
from google.oauth2.credentials import Credentials
from googleapiclient.errors import HttpError

from addon.sandbox.gmail import serve
from addon.sandbox.gmail.gmail import Gmail
from tests.sandbox.gmail.conftest import ANNA, BEN, MODIFY, mail

BACK = "http://localhost:8000/google/callback"
SCOPES = f"openid email {MODIFY} https://www.googleapis.com/auth/gmail.labels"
VERIFIER = "v" * 50
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
ADDON = "https://www.googleapis.com/auth/gmail.addons.current.message.readonly"


@pytest.fixture
def browser():
    with requests.Session() as session:
        session.trust_env = False
        yield session


@pytest.fixture
def google(gmail, server, browser):
    """Talks to the pages and the token endpoint as a browser and a client would."""
    gmail.clients.add("client-1", "s3cret:/", [BACK])
    return Google(server.url, browser)


class Google:
    def __init__(self, url, browser):
        self.url, self.browser = url, browser

    def question(self, **changed):
        values = {
            "client_id": "client-1",
            "redirect_uri": BACK,
            "response_type": "code",
            "scope": SCOPES,
            "state": "st&te",
            "nonce": "n0nce",
            "access_type": "offline",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
        }
        return urlencode({key: value for key, value in (values | changed).items() if value})

    def page(self, **changed):
        return self.browser.get(f"{self.url}/o/oauth2/v2/auth?{self.question(**changed)}", allow_redirects=False)

    def decide(self, decision="allow", email=ANNA, scopes=None, **changed):
        chosen = SCOPES.split() if scopes is None else scopes
        form = {"question": self.question(**changed), "account": email, "scope": chosen, "decision": decision}
        answer = self.browser.post(f"{self.url}/o/oauth2/v2/auth", data=form, allow_redirects=False)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith(BACK)
        return {key: value for key, [value] in parse_qs(urlsplit(answer.headers["Location"]).query).items()}

    def token(self, auth=("client-1", "s3cret%3A%2F"), **form):
        return self.browser.post(f"{self.url}/token", data=form, auth=auth)

    def redeem(self, code, **changed):
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "code_verifier": VERIFIER}
        return self.token(**(form | changed))


def test_the_consent_page_shows_everybody_what_is_asked_and_marks_the_hinted_one(google):
    page = google.page(login_hint=BEN, scope=SCOPES + ' <script>"')

    assert page.status_code == 200
    assert ANNA in page.text
    assert re.search(rf'value="{BEN}" required checked', page.text)
    assert "Read, write and send email" in page.text
    assert "<script" not in page.text
    assert "script-src" not in page.headers["Content-Security-Policy"]
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_allowing_leads_back_with_a_code_that_is_good_once(google):
    back = google.decide()
    answer = google.redeem(back["code"])
    again = google.redeem(back["code"])

    assert back["state"] == "st&te"
    assert set(answer.json()) == {*("access_token", "expires_in", "scope", "token_type", "refresh_token", "id_token")}
    assert answer.json()["scope"] == SCOPES
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


def test_another_site_cannot_decide_for_the_person(google):
    form = {"question": google.question(), "account": ANNA, "scope": MODIFY, "decision": "allow"}

    answer = google.browser.post(
        f"{google.url}/o/oauth2/v2/auth", data=form, headers={"Origin": "https://evil.test"}, allow_redirects=False
    )

    assert answer.status_code == 403


def test_cancelling_leads_back_with_access_denied(google):
    assert google.decide("cancel") == {"state": "st&te", "error": "access_denied"}


def test_a_person_may_allow_less_than_was_asked(google):
    back = google.decide(scopes=[MODIFY])

    assert google.redeem(back["code"]).json()["scope"] == f"openid email {MODIFY}"


def test_the_refresh_token_comes_the_first_time_only_unless_consent_is_asked_for(google):
    first = google.redeem(google.decide()["code"]).json()
    second = google.redeem(google.decide()["code"]).json()
    asked = google.redeem(google.decide(prompt="consent")["code"]).json()
    online = google.redeem(google.decide(access_type="online", prompt="consent")["code"]).json()

    assert ["refresh_token" in answer for answer in (first, second, asked, online)] == [True, False, True, False]


@pytest.mark.parametrize(
    ("changed", "status", "error"),
    [
        ({"client_id": "nobody"}, 401, "invalid_client"),
        ({"redirect_uri": "https://evil.test/"}, 400, "redirect_uri_mismatch"),
        ({"response_type": "token"}, 400, "invalid_request"),
        ({"scope": ""}, 400, "invalid_request"),
        ({"code_challenge_method": "plain"}, 400, "invalid_request"),
    ],
)
def test_an_impossible_request_ends_on_a_page_and_goes_nowhere(google, changed, status, error):
    page = google.page(**changed)

    assert page.status_code == status
    assert error in page.text
    assert "Location" not in page.headers


def test_prompt_none_is_answered_without_a_page(google):
    page = google.page(prompt="none")

    assert page.status_code == 302
    assert "error=interaction_required" in page.headers["Location"]


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"code_verifier": "wrong"}, "invalid_grant"),
        ({"redirect_uri": BACK + "/other"}, "redirect_uri_mismatch"),
        ({"code": "4/unknown"}, "invalid_grant"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
    ],
)
def test_a_code_is_worth_nothing_to_a_stranger(google, changed, error):
    form = {"code": google.decide()["code"], **changed}

    assert google.redeem(**form).json()["error"] == error


def test_a_client_proves_itself_in_the_header_or_the_body(google):
    body = {"client_id": "client-1", "client_secret": "s3cret:/"}

    assert google.redeem(google.decide()["code"], auth=None, **body).status_code == 200
    wrong = google.redeem(google.decide()["code"], auth=("client-1", "wrong"))
    assert (wrong.status_code, wrong.json()["error"]) == (401, "invalid_client")


def test_googles_own_library_refreshes_and_a_revoked_grant_is_invalid(gmail, google, server):
    credentials = Credentials(
        None,
        refresh_token=gmail.grants.issue(ANNA, SCOPES.split()),
        token_uri=f"{server.url}/token",
        client_id="client-1",
        client_secret="s3cret:/",
    )
    request = Request(google.browser)

    credentials.refresh(request)
    good = gmail.grants.access(credentials.token)
    gmail.grants.revoke(ANNA)

    assert good.account.email == ANNA
    assert gmail.grants.access(credentials.token) is None
    with pytest.raises(RefreshError, match="invalid_grant"):
        credentials.refresh(request)


def test_revoking_over_http_kills_refresh_and_access_token(gmail, google, server):
    token = gmail.grants.issue(ANNA, [MODIFY], client="client-1")
    access = google.token(grant_type="refresh_token", refresh_token=token).json()["access_token"]

    assert google.browser.post(f"{server.url}/revoke", data={"token": access}).status_code == 200
    assert google.token(grant_type="refresh_token", refresh_token=token).json()["error"] == "invalid_grant"
    assert google.browser.post(f"{server.url}/revoke", params={"token": access}).status_code == 400


def test_id_tokens_are_verified_by_googles_own_library(gmail, google, server):
    answer = google.redeem(google.decide()["code"]).json()
    certs = f"{server.url}/oauth2/v1/certs"

    person = id_token.verify_token(answer["id_token"], Request(google.browser), "client-1", certs_url=certs)
    system = gmail.sign_id_token({"aud": "https://addon.test/x", "sub": "1", "email": "sa@x.iam.gserviceaccount.com"})
    machine = id_token.verify_token(system, Request(google.browser), "https://addon.test/x", certs_url=certs)

    assert person["iss"] == "https://accounts.google.com"
    assert (person["email"], person["email_verified"], person["nonce"]) == (ANNA, True, "n0nce")
    assert person["sub"] == gmail.accounts.get(ANNA).sub
    assert (machine["email"], machine["email_verified"]) == ("sa@x.iam.gserviceaccount.com", True)
    user = id_token.verify_token(gmail.id_token(BEN, "c"), Request(google.browser), "c", certs_url=certs)
    assert user["email"] == BEN


def test_the_same_key_comes_as_a_jwk_set_and_survives_a_restart(tmp_path, browser):
    found = []
    for _ in range(2):
        gmail = Gmail(tmp_path / "mail.sqlite")
        with serve(gmail) as server:
            [jwk] = browser.get(f"{server.url}/oauth2/v3/certs").json()["keys"]
            pem = browser.get(f"{server.url}/oauth2/v1/certs").json()
        gmail.close()
        assert list(pem) == [jwk["kid"]]
        found.append(json.dumps([jwk, pem]))

    assert found[0] == found[1]


class TestAdmission:
    def call(self, server, browser, token, path="profile", **headers):
        url = f"{server.url}/gmail/v1/users/me/{path}"
        return browser.get(url, headers={"Authorization": f"Bearer {token}", **headers})

    def test_no_token_an_unknown_and_an_expired_one_are_unauthenticated(self, gmail, server, browser):
        for token in ("", "unknown", gmail.access_token(ANNA, [MODIFY], 0)):
            answer = self.call(server, browser, token)

            assert answer.status_code == 401
            assert answer.json()["error"]["status"] == "UNAUTHENTICATED"
            assert answer.json()["error"]["errors"][0]["reason"] == ("authError" if token else "required")
            assert "WWW-Authenticate" in answer.headers

    def test_a_scope_that_does_not_reach_is_refused_with_its_reason(self, client):
        with pytest.raises(HttpError) as refused:
            client(ANNA, "https://www.googleapis.com/auth/gmail.send").users().messages().list(userId="me").execute()

        error = json.loads(refused.value.content)["error"]
        assert (error["code"], error["errors"][0]["reason"]) == (403, "insufficientPermissions")
        assert error["details"][0]["reason"] == "ACCESS_TOKEN_SCOPE_INSUFFICIENT"

    def test_metadata_scope_shows_headers_only_and_does_not_search(self, gmail, client):
        [one] = gmail.deliver(mail(to=ANNA), [ANNA])
        messages = client(ANNA, "https://www.googleapis.com/auth/gmail.metadata").users().messages()

        assert messages.get(userId="me", id=one.message_id, format="metadata").execute()["payload"]["headers"]
        for call in (messages.get(userId="me", id=one.message_id), messages.list(userId="me", q="x")):
            with pytest.raises(HttpError) as refused:
                call.execute()
            assert refused.value.status_code == 403

    def test_the_open_message_is_read_with_its_own_token_and_no_other_is(self, gmail, server, browser):
        ours, theirs = (gmail.deliver(mail(to=ANNA), [ANNA])[0].message_id for _ in range(2))
        user = gmail.access_token(ANNA, [ADDON])
        message = gmail.access_token(ANNA, [ADDON], message_id=ours)
        expired = gmail.access_token(ANNA, [ADDON], 0, message_id=ours)

        def status(number, token):
            headers = {"X-Goog-Gmail-Access-Token": token} if token else {}
            return self.call(server, browser, user, f"messages/{number}", **headers).status_code

        assert [status(ours, message), status(f"msg-f:{int(ours, 16)}", message)] == [200, 200]
        assert [status(theirs, message), status(ours, ""), status(ours, expired)] == [403, 403, 403]
        assert self.call(server, browser, message).status_code == 401, "it is no token for anything else"
