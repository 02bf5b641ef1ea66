"""Connecting a mailbox, keeping its token fresh, and giving the grant back, against a Google over HTTP."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from addon.domain.ports.identity import NotVerified
from addon.domain.ports.mailbox import AnswerLost, GrantLost, RefusedForGood, RefusedForNow, TokenRefused
from addon.integrations.google.certificates import Certificates
from addon.integrations.google.consent import MAIL_SCOPES, Asked, Connected, Consent
from addon.integrations.google.endpoints import ISSUER, Endpoints
from addon.integrations.google.identity import GoogleIdentity
from addon.integrations.google.oauth import GoogleAccounts
from addon.integrations.google.parts import Google
from addon.settings import load
from tests.contract.mailboxes import ANNA, CALL_SECONDS, CLIENT, SECRET, Place

RETURN = "http://localhost/connected"


def parts(place: Place, **settings: Any) -> Google:
    given = {"google_url": place.url, "google_client_id": CLIENT, "google_client_secret": SECRET}
    return Google.of(load(**{**given, "call_seconds": CALL_SECONDS, **settings}))


def allow(place: Place, asked: Asked, *scopes: str) -> dict[str, str]:
    """Anna says yes on the consent page, to these scopes; what her browser brings back."""

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_args: Any) -> None:
            return None

    form = [("decision", "allow"), ("account", ANNA), ("question", urlsplit(asked.url).query)]
    body = urlencode(form + [("scope", scope) for scope in scopes]).encode()
    try:
        urllib.request.build_opener(Stay).open(asked.url.partition("?")[0], body, timeout=5).close()
    except urllib.error.HTTPError as redirect:
        with redirect:
            return {name: values[0] for name, values in parse_qs(urlsplit(redirect.headers["Location"]).query).items()}
    raise AssertionError("the consent page did not send the browser back")


def connected(place: Place, google: Google, *scopes: str) -> Connected:
    asked = google.consent.ask(redirect_uri=RETURN, login_hint=ANNA)
    returned = allow(place, asked, *(scopes or MAIL_SCOPES))
    assert returned["state"] == asked.state
    return google.consent.exchange(returned["code"], verifier=asked.verifier, redirect_uri=RETURN)


def test_a_person_who_agrees_has_a_mailbox_connected(place: Place):
    google = parts(place)

    grant = connected(place, google)

    assert grant.identity.email == ANNA
    assert grant.lacking == frozenset()
    mailbox = google.accounts.mailbox(grant.access.token)
    assert mailbox.profile().email == ANNA
    mailbox.close()
    assert grant.refresh_token
    assert grant.refresh_token not in repr(grant)
    google.close()


def test_what_the_person_left_unticked_is_named(place: Place):
    google = parts(place)

    assert connected(place, google, MAIL_SCOPES[0]).lacking == {MAIL_SCOPES[1]}
    google.close()


def test_connecting_again_gives_a_refresh_token_again(place: Place):
    google = parts(place)

    assert connected(place, google).refresh_token != connected(place, google).refresh_token
    google.close()


def test_a_code_is_worth_something_once_and_to_the_session_that_asked(place: Place):
    google = parts(place)
    asked, other = (google.consent.ask(redirect_uri=RETURN) for _ in range(2))
    assert asked.state != other.state
    code = allow(place, asked, *MAIL_SCOPES)["code"]

    with pytest.raises(RefusedForGood):
        google.consent.exchange(code, verifier=other.verifier, redirect_uri=RETURN)
    with pytest.raises(RefusedForGood):
        google.consent.exchange(code, verifier=asked.verifier, redirect_uri=RETURN)
    google.close()


def test_the_address_of_the_consent_page_asks_for_lasting_access(place: Place):
    google = parts(place)

    asked = google.consent.ask(redirect_uri=RETURN, login_hint=ANNA)

    query = {name: values[0] for name, values in parse_qs(urlsplit(asked.url).query).items()}
    assert asked.url.startswith(place.url + "/o/oauth2/v2/auth?")
    assert query["access_type"] == "offline"
    assert query["prompt"] == "consent"
    assert query["include_granted_scopes"] == "true"
    assert query["code_challenge_method"] == "S256"
    assert query["login_hint"] == ANNA
    assert asked.verifier not in asked.url
    assert asked.verifier not in repr(asked)
    google.close()


def test_an_access_token_is_refreshed_with_one_request(place: Place):
    refresh = place.gmail.grants.issue(ANNA, MAIL_SCOPES)

    access = place.accounts.refresh(refresh)

    mailbox = place.accounts.mailbox(access.token)
    assert mailbox.profile().email == ANNA
    mailbox.close()
    assert place.gmail.calls["token"] == 1


def test_a_fresh_token_says_when_it_ends_by_the_walls_clock(place: Place):
    wall = time.time()

    access = place.accounts.refresh(place.gmail.grants.issue(ANNA, MAIL_SCOPES))

    assert wall + 3500 < access.ends < wall + 3700


def test_a_grant_that_was_taken_back_is_lost(place: Place):
    refresh = place.gmail.grants.issue(ANNA, MAIL_SCOPES)
    token = place.accounts.refresh(refresh).token
    place.gmail.grants.revoke(ANNA)

    with pytest.raises(GrantLost) as lost:
        place.accounts.refresh(refresh)
    mailbox = place.accounts.mailbox(token)
    with pytest.raises(TokenRefused):
        mailbox.profile()
    mailbox.close()

    assert (lost.value.code, place.gmail.calls["token"]) == ("invalid_grant", 2)


@pytest.mark.parametrize(
    ("kind", "trouble"),
    [
        ("500", AnswerLost),
        ("503_after", AnswerLost),
        ("hangup_before", AnswerLost),
        ("hangup_after", AnswerLost),
        ("timeout_before", AnswerLost),
        ("429", RefusedForNow),
        ("403", RefusedForNow),
    ],
)
def test_a_token_door_in_trouble_is_asked_once_and_the_grant_stays(place: Place, kind: str, trouble: type):
    refresh = place.gmail.grants.issue(ANNA, MAIL_SCOPES)
    place.gmail.faults.add(method="token", kind=kind)

    with pytest.raises(trouble):
        place.impatient.refresh(refresh)

    assert place.gmail.calls["token"] == 1
    assert place.accounts.refresh(refresh).token


def test_a_wrong_client_secret_is_no_lost_grant(place: Place):
    wrong = GoogleAccounts(Endpoints.at(place.url), client_id=CLIENT, client_secret="wrong", call_seconds=1)

    with pytest.raises(RefusedForNow) as refused:
        wrong.refresh(place.gmail.grants.issue(ANNA, MAIL_SCOPES))

    assert refused.value.code == "invalid_client"
    wrong.close()


def test_a_grant_is_given_back_and_giving_it_back_again_is_no_error(place: Place):
    refresh = place.gmail.grants.issue(ANNA, MAIL_SCOPES)

    place.accounts.revoke(refresh)
    place.accounts.revoke(refresh)

    with pytest.raises(GrantLost):
        place.accounts.refresh(refresh)


def test_the_tokens_that_this_google_signs_are_verified(place: Place):
    url = "http://localhost:8000/addon/home"
    google = parts(place, addon_service_account="addon@sandbox.example", pubsub_service_account="push@sandbox.example")

    google.identity.addon_call(place.gmail.sign_id_token({"aud": url, "email": "addon@sandbox.example"}), url=url)
    google.identity.push(place.gmail.sign_id_token({"aud": url, "email": "push@sandbox.example"}), url=url)
    assert google.identity.addon_user(place.gmail.id_token(ANNA, CLIENT)).email == ANNA
    with pytest.raises(NotVerified):
        google.identity.addon_user(place.gmail.id_token(ANNA, "another client"))
    assert place.gmail.calls["certs"] == 1
    google.close()


def test_the_sidebars_tokens_are_made_out_to_the_add_ons_own_client_and_a_mailbox_is_connected_all_the_same(
    place: Place,
):
    google = parts(place, addon_client_id="addon.apps.googleusercontent.com")

    told = google.identity.addon_user(place.gmail.id_token(ANNA, "addon.apps.googleusercontent.com"))

    assert told.email == ANNA
    with pytest.raises(NotVerified):
        google.identity.addon_user(place.gmail.id_token(ANNA, CLIENT))
    assert connected(place, google).identity.email == ANNA
    google.close()


def test_googles_own_addresses_are_used_where_none_is_named():
    google = Endpoints.at("")

    assert google.authorize == "https://accounts.google.com/o/oauth2/v2/auth"
    assert (google.token, google.revoke) == (
        "https://oauth2.googleapis.com/token",
        "https://oauth2.googleapis.com/revoke",
    )
    assert google.certs == "https://www.googleapis.com/oauth2/v1/certs"
    assert google.keys == "https://www.googleapis.com/oauth2/v3/certs"
    assert (google.gmail, google.issuer) == ("https://gmail.googleapis.com", ISSUER)


def test_one_address_moves_all_of_google_but_its_name():
    google = Endpoints.at("http://localhost:8025/google/")

    assert google.gmail == "http://localhost:8025/google"
    assert google.token == "http://localhost:8025/google/token"
    assert google.issuer == "https://accounts.google.com"


def test_a_consent_whose_identity_is_somebody_elses_is_refused(place: Place):
    google = parts(place)
    elsewhere = GoogleIdentity(Certificates(google.endpoints.certs, timeout=1), client_id="another client")
    consent = Consent(google.endpoints, google.accounts.connections, elsewhere, client_id=CLIENT, client_secret=SECRET)
    asked = consent.ask(redirect_uri=RETURN)
    code = allow(place, asked, *MAIL_SCOPES)["code"]

    with pytest.raises(NotVerified):
        consent.exchange(code, verifier=asked.verifier, redirect_uri=RETURN)
    google.close()
