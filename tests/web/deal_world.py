"""A deal with everything on it: fields of every kind, a playbook, people with parts, tasks, a long name everywhere."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from addon.domain.access import Viewer
from addon.domain.contacts import operations as contacts
from addon.domain.contacts import queries as known
from addon.domain.deals import operations as deals
from addon.domain.deals import playbook
from addon.domain.fields import operations as fields
from addon.domain.fields.keys import key_of
from addon.domain.money import Money
from addon.domain.pipelines import operations as pipelines
from addon.domain.pipelines import shaping
from addon.domain.tasks import operations as tasks
from addon.models import FieldKind, Role, StageKind, Subject
from tests.web.web_world import MONDAY, World

POLISH = "Liczba stanowisk w okresie próbnym"
INDONESIAN = "Jangka waktu pembayaran setelah penyerahan barang"
WORD = "W" * 280
SENTENCE = "Could you send us a proposal for 40 seats by Thursday?"

KINDS = {
    POLISH: FieldKind.NUMBER,
    INDONESIAN: FieldKind.TEXT,
    "Notes": FieldKind.LONG_TEXT,
    "Licence": FieldKind.MONEY,
    "Go-live": FieldKind.DATE,
    "Plan": FieldKind.SELECT,
    "Tags": FieldKind.MULTI_SELECT,
    "Technical lead": FieldKind.PERSON,
    "Site": FieldKind.LINK,
    "Reception": FieldKind.PHONE,
    "Signed NDA": FieldKind.CHECKBOX,
    "Reseller": FieldKind.COMPANY,
    "Decision maker": FieldKind.CONTACT,
}


def admin(made: World) -> Viewer:
    """Whoever shapes pipelines and fields."""
    with made.database.writing(Viewer.operator(made.anna.team_id)) as session:
        user = session.get_one(type(made.anna), made.anna.id)
        user.role = Role.ADMIN
        session.flush()
        return Viewer.of(user)


def with_fields(made: World) -> dict[str, str]:
    """Keys of custom fields of every kind, by name."""
    with made.database.writing(admin(made)) as session:
        keys = {}
        for name, kind in KINDS.items():
            options = ["Basic", "Plus"] if kind in (FieldKind.SELECT, FieldKind.MULTI_SELECT) else []
            made_field = fields.create(session, Subject.DEAL, kind, name, options=options, at=MONDAY)
            keys[name] = key_of(made_field.id)
        return keys


def shaped(made: World, stage: str, **changes: object) -> None:
    with made.database.writing(admin(made)) as session:
        shaping.edit_stage(session, made.stage(stage), changes, at=MONDAY)


def after_sales(made: World) -> int:
    """A pipeline in which won deals go on."""
    with made.database.writing(admin(made)) as session:
        stages = [
            pipelines.StageDraft("Onboarding"),
            pipelines.StageDraft("Renewed", kind=StageKind.WON),
            pipelines.StageDraft("Gone", kind=StageKind.LOST),
        ]
        line = pipelines.create(session, "After-sales", stages, at=MONDAY)
        pipelines.edit(session, made.pipeline.id, {"after_sales_id": line.id}, at=MONDAY)
        return line.id


def furnished(made: World) -> dict[str, str]:
    """Addresses of pages, by name."""
    keys = with_fields(made)
    after_sales(made)
    endless = made.deal(WORD, "Negotiation", company=WORD, amount="1", step=WORD)
    won = made.deal("Kartonex pilot", "Negotiation", company="Kartonex", amount="18200")
    made.move(won, "Won")
    shaped(made, "Negotiation", required_to_enter=[keys["Decision maker"], keys[POLISH]])
    checklist = [{"id": "a", "text": "Ask who signs"}, {"id": "b", "text": "Send two references from their trade"}]
    shaped(made, "Proposal", help="Send it within two days.\nOne page, one price.", checklist=checklist)
    katarzyna = ("Katarzyna Wiśniewska", "katarzyna@bursztyn.test")
    deal = made.deal(
        "Bursztyn: 40 seats, yearly",
        company="Bursztyn Logistyka sp. z o.o.",
        amount="64800",
        currency="PLN",
        at=MONDAY - timedelta(days=31),
        person=katarzyna,
        step="Send the proposal",
        on=(MONDAY + timedelta(days=3)).date(),
    )
    made.move(deal, "Meeting", at=MONDAY - timedelta(days=14))
    made.answer_moves(deal, "Proposal", SENTENCE, at=MONDAY - timedelta(minutes=44))
    with made.database.writing(made.viewer) as session:
        pawel = contacts.create(session, "pawel@bursztyn.test", name="Paweł Nowicki", at=MONDAY)
        deals.add_person(session, deal, pawel, role="IT, technical contact", at=MONDAY - timedelta(minutes=30))
        values = {
            "product": "Ramp planner",
            "channel": "Trade fair Gdańsk",
            "value": Money(Decimal(86400), "PLN"),
            keys[INDONESIAN]: "30 hari setelah penyerahan",
            keys["Site"]: "https://bursztyn.test/about",
            keys["Reception"]: "+48 58 123 45 67",
            keys["Signed NDA"]: True,
        }
        deals.edit(session, deal, values, at=MONDAY - timedelta(minutes=20))
        playbook.tick(session, deal, made.stage("Proposal"), "a", at=MONDAY - timedelta(minutes=15))
        late = MONDAY.date() - timedelta(days=2)
        tasks.create(session, "Call Paweł", assignee_id=made.anna.id, deal_id=deal, due_on=late, at=MONDAY)
        contract = "Put service hours into the contract"
        tasks.create(session, contract, assignee_id=made.dimas.id, deal_id=deal, due_on=MONDAY.date(), at=MONDAY)
        tasks.create(session, WORD, assignee_id=made.anna.id, deal_id=endless, at=MONDAY)
        wide = known.by_email(session, "pawel@bursztyn.test")
        assert wide is not None
        words = {keys[INDONESIAN]: WORD, keys["Notes"]: WORD, "channel": "Z" * 190, "referred_by": wide.id}
        deals.edit(session, endless, words, at=MONDAY)
        deals.add_person(session, endless, wide, role="R" * 95, at=MONDAY)
    return {
        "deal": f"/deals/{deal}",
        "endless": f"/deals/{endless}",
        "won": f"/deals/{won}",
        "moving": f"/deals/{deal}/to/{made.stage('Negotiation')}",
        "losing": f"/deals/{deal}/to/{made.stage('Lost')}",
        "elsewhere": f"/deals/{deal}/elsewhere",
        "fact": f"/deals/{deal}/facts/{keys['Tags']}",
        "form": f"/deals/{deal}/edit",
        "endless-form": f"/deals/{endless}/edit",
        "tasks": "/tasks",
        "task": "/tasks/1",
        "search": "/search?q=bursz",
        "search-none": "/search?q=zzzz",
        "search-empty": "/search",
    }
