"""Whom a fault strikes and how often, and the catalogue that a panel draws."""

from __future__ import annotations

import pytest
import requests

from addon.sandbox.gmail.fault_kinds import CATALOGUE
from addon.sandbox.gmail.faults import BadFault, Faults, Kind
from tests.sandbox.gmail.conftest import ANNA, BEN

METHODS = ("drafts.create", "drafts.send", "messages.send", "messages.get", "messages.attachments.get", "getProfile")


def struck(faults, *methods, mailbox=ANNA):
    return [method for method in methods if faults.draw(method, mailbox)]


@pytest.mark.parametrize(
    ("method", "hit"),
    [
        ("drafts.send", ["drafts.send"]),
        (["drafts.create", "drafts.send"], ["drafts.create", "drafts.send"]),
        ("drafts.create, getProfile", ["drafts.create", "getProfile"]),
        ("messages.*", ["messages.send", "messages.get", "messages.attachments.get"]),
        ("sends", ["drafts.send", "messages.send"]),
        ("reads", ["messages.get", "messages.attachments.get", "getProfile"]),
        ("writes", ["drafts.create", "drafts.send", "messages.send"]),
        ("api", list(METHODS)),
        ("*", [*METHODS, "token"]),
    ],
    ids=str,
)
def test_a_fault_is_for_one_method_for_several_for_a_prefix_or_for_a_group(method, hit):
    faults = Faults()
    faults.add(kind="500", method=method, times=99)

    assert struck(faults, *METHODS, "token", "push") == hit


def test_every_nth_call_is_hit():
    faults = Faults()
    faults.add(kind="500", method="getProfile", every=3)

    assert [bool(faults.draw("getProfile", ANNA)) for _ in range(7)] == [False, False, True, False, False, True, False]


def test_a_fault_lasts_as_long_as_it_was_told(monkeypatch):
    now = 500.0
    monkeypatch.setattr("addon.sandbox.gmail.fault.time.monotonic", lambda: now)
    faults = Faults()
    faults.add(kind="503", lasts=60)
    faults.add(kind="history_late", lasts=60, mailbox=BEN)

    during = [bool(faults.draw("getProfile", ANNA)) for _ in range(3)]
    late = (faults.standing(Kind.HISTORY_LATE, ANNA), faults.standing(Kind.HISTORY_LATE, BEN))
    now += 60

    assert during == [True, True, True]
    assert [found is not None for found in late] == [False, True]
    assert not faults.draw("getProfile", ANNA)
    assert faults.standing(Kind.HISTORY_LATE, BEN) is None


def test_one_fault_is_taken_back_and_the_others_stay():
    faults = Faults()
    first, second = faults.add(kind="500", times=9), faults.add(kind="503", times=9)

    assert faults.remove(first.number)
    assert not faults.remove(first.number)
    assert [fault.number for fault in faults.all()] == [second.number]


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_can_be_asked_for_with_nothing_but_its_name(kind):
    fault = Faults().add(kind=kind)

    assert fault.kind is kind
    assert fault.shown()["kind"] == kind


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"kind": "history_late", "times": 2}, "stands until it is taken back"),
        ({"kind": "slow_before", "seconds": -1}, "seconds must lie"),
        ({"kind": "429", "retry_after": "soon"}, "whole number"),
        ({"kind": "429", "retry_in": "mind"}, "one of header, text, both"),
        ({"kind": "500", "nth": 0}, "nth must lie"),
        ({"kind": "500", "every": 0}, "every must lie"),
        ({"kind": "500", "method": "drafts send"}, "names no method"),
        ({"kind": "error", "status": 299}, "status must lie"),
        ({"kind": "418"}, "Unknown reason"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_reason(asked, why):
    with pytest.raises(BadFault, match=why):
        Faults().add(**asked)


class TestControl:
    def test_the_catalogue_names_every_kind_its_parameters_and_all_methods(self, server):
        told = requests.get(f"{server.url}/sandbox/faults/kinds", timeout=5).json()

        assert [entry["kind"] for entry in told["kinds"]] == list(Kind) == list(CATALOGUE)
        late = next(entry for entry in told["kinds"] if entry["kind"] == "history_late")
        assert late["when"] == "meanwhile"
        assert {each["name"]: each["default"] for each in late["parameters"]}["seconds"] == 10.0
        assert {"drafts.send", "history.list", "token"} <= set(told["methods"])
        assert "sends" in told["groups"]

    def test_faults_are_added_listed_removed_one_by_one_and_cleared(self, server):
        url = f"{server.url}/sandbox/faults"

        one = requests.post(url, json={"kind": "503", "method": ["drafts.*", "sends"]}, timeout=5).json()
        two = requests.post(url, json={"kind": "daily_limit"}, timeout=5).json()

        assert (one["method"], one["remaining"], two["method"]) == ("drafts.*, sends", None, "sends")
        assert 4 * 3600 - 60 < two["remaining"] <= 4 * 3600
        assert requests.delete(f"{url}/{one['number']}", timeout=5).status_code == 200
        assert requests.delete(f"{url}/{one['number']}", timeout=5).status_code == 404
        assert [fault["kind"] for fault in requests.get(url, timeout=5).json()["faults"]] == ["daily_limit"]
        requests.delete(url, timeout=5)
        assert requests.get(url, timeout=5).json() == {"faults": [], "late": 0}

    @pytest.mark.parametrize(
        "asked",
        [
            {"kind": "503", "method": "drafts.sned"},
            {"kind": "503", "colour": "red"},
            {},
            {"kind": "mood"},
            {"kind": 5},
            {"kind": "503", "method": 5},
            {"kind": "503", "method": ["send", 5]},
            {"kind": "503", "mailbox": ["anna"]},
            {"kind": "503", "mailbox": "nobody@nowhere.example"},
        ],
        ids=str,
    )
    def test_a_request_that_makes_no_sense_is_a_400_with_a_sentence(self, server, asked):
        refused = requests.post(f"{server.url}/sandbox/faults", json=asked, timeout=5)

        assert refused.status_code == 400
        assert len(refused.json()["error"]) > 10
        assert "argument" not in refused.json()["error"]

    @pytest.mark.parametrize("to", [5, [None], [{}]], ids=str)
    def test_a_mail_for_nobody_that_can_be_named_is_a_400_too(self, server, to):
        refused = requests.post(f"{server.url}/sandbox/deliver", json={"raw": "", "to": to}, timeout=5)

        assert refused.status_code == 400
