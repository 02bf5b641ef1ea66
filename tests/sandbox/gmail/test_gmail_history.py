from __future__ import annotations

import pytest
from googleapiclient.errors import HttpError

from tests.sandbox.gmail.conftest import ANNA, encoded, mail


@pytest.fixture
def start(anna):
    return anna.getProfile(userId="me").execute()["historyId"]


def records(anna, start, **wanted):
    return anna.history().list(userId="me", startHistoryId=start, **wanted).execute()


def arrive(gmail, many=1):
    return [gmail.deliver(mail(to=ANNA, sender="ana@acme.test", subject=f"S{n}"), [ANNA])[0] for n in range(many)]


def test_where_nothing_happened_there_is_no_list_at_all(anna, start):
    assert records(anna, start) == {"historyId": start}


def test_numbers_rise_with_gaps_and_the_answer_carries_the_latest(gmail, anna, start):
    arrive(gmail, 20)

    answer = records(anna, start)
    numbers = [int(record["id"]) for record in answer["history"]]

    assert numbers == sorted(set(numbers))
    assert numbers[-1] == int(answer["historyId"])
    assert numbers[-1] - int(start) > 20


def test_every_page_is_there_once_and_in_order(gmail, anna, start):
    arrived = arrive(gmail, 25)
    seen, token = [], None
    while True:
        page = records(anna, start, maxResults=10, **({"pageToken": token} if token else {}))
        seen += [record["messagesAdded"][0]["message"]["id"] for record in page["history"]]
        if not (token := page.get("nextPageToken")):
            break

    assert seen == [one.message_id for one in arrived]


def test_types_and_labels_narrow_what_is_told(gmail, anna, start):
    [one] = arrive(gmail)
    anna.messages().modify(
        userId="me", id=one.message_id, body={"addLabelIds": ["STARRED"], "removeLabelIds": ["UNREAD"]}
    ).execute()
    anna.messages().send(userId="me", body={"raw": encoded(mail())}).execute()
    anna.messages().delete(userId="me", id=one.message_id).execute()

    def told(**wanted):
        return [
            key for r in records(anna, start, **wanted).get("history", []) for key in r if key not in ("id", "messages")
        ]

    assert told() == ["messagesAdded", "labelsAdded", "labelsRemoved", "messagesAdded", "messagesDeleted"]
    assert told(historyTypes=["labelAdded", "labelRemoved"]) == ["labelsAdded", "labelsRemoved"]
    assert told(labelId="SENT") == ["messagesAdded"]
    assert told(labelId="UNREAD", historyTypes=["labelRemoved"]) == ["labelsRemoved"]
    assert told(labelId="SPAM") == []
    [removed] = records(anna, start, historyTypes=["labelRemoved"])["history"][0]["labelsRemoved"]
    assert removed["labelIds"] == ["UNREAD"]
    assert removed["message"]["labelIds"] == ["INBOX", "STARRED"]


def test_a_change_that_changes_nothing_leaves_no_trace(gmail, anna):
    [one] = arrive(gmail)
    start = anna.getProfile(userId="me").execute()["historyId"]

    anna.messages().modify(userId="me", id=one.message_id, body={"addLabelIds": ["UNREAD"]}).execute()

    assert records(anna, start) == {"historyId": start}


def test_a_forgotten_cursor_is_not_found(gmail, anna, start):
    arrive(gmail)
    gmail.history.expire(gmail.accounts.get(ANNA))

    with pytest.raises(HttpError) as gone:
        records(anna, start)

    assert gone.value.status_code == 404
    assert gone.value.error_details[0]["reason"] == "notFound"
    latest = anna.getProfile(userId="me").execute()["historyId"]
    assert records(anna, latest) == {"historyId": latest}


def test_a_message_shows_the_number_of_its_last_change(gmail, anna, start):
    [one] = arrive(gmail)
    anna.messages().trash(userId="me", id=one.message_id).execute()

    answer = records(anna, start)
    message = anna.messages().get(userId="me", id=one.message_id, format="minimal").execute()

    assert message["historyId"] == answer["history"][-1]["id"]
    assert message["labelIds"] == ["INBOX", "UNREAD", "TRASH"]


@pytest.mark.parametrize("token", ["nonsense", "²", "-1", "9" * 40])
def test_a_token_that_is_no_page_of_ours_is_refused(anna, start, token):
    with pytest.raises(HttpError) as refused:
        records(anna, start, pageToken=token)

    assert refused.value.status_code == 400
