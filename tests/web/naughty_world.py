"""Every page with the worst that people write into names and fields: long words, HTML, letters from right to left."""

from __future__ import annotations

from addon.domain.access import Viewer
from addon.domain.contacts import companies
from addon.domain.contacts import operations as contacts
from addon.domain.deals import operations as deals
from addon.domain.fields import operations as fields
from addon.domain.fields.keys import key_of
from addon.domain.imports import mapping
from addon.domain.imports import operations as imports
from addon.domain.imports import running as taking_in
from addon.domain.pipelines import operations as pipelines
from addon.domain.pipelines import queries as lines
from addon.domain.tasks import operations as tasks
from addon.domain.views import asking
from addon.domain.views import operations as views
from addon.models import FieldKind, StageKind, Subject
from tests.web import deal_world
from tests.web.web_world import MONDAY, World

LONG = (
    "Przedsiębiorstwo Przeładunkowo-Spedycyjne „Żegluga Bałtycka i Śródlądowa” spółka z ograniczoną odpowiedzialnością"
)
ONE_WORD = "W" * 280
NAUGHTY = "<b onclick=x>Kontrakt</b> & \u202eשלום עולם\u202c 🚀 " + "مرحبا بالعالم " * 8
INDONESIAN = "Jangka waktu pembayaran setelah penyerahan barang di gudang pelanggan"


def furnish(made: World) -> dict[str, str]:
    """Fields of every kind with naughty names and values on a deal, a person and a company; what pages show of them."""
    admin = deal_world.admin(made)
    worst = (LONG, ONE_WORD[:190], NAUGHTY, INDONESIAN)
    values: dict[Subject, dict[str, object]] = {}
    with made.database.writing(admin) as session:
        for subject in Subject:
            for name in worst:
                one = fields.create(session, subject, FieldKind.TEXT, name[:190], at=MONDAY, help=name[:190])
                values.setdefault(subject, {})[key_of(one.id)] = name
            fields.create(session, subject, FieldKind.MULTI_SELECT, "Tags", at=MONDAY, options=[n[:190] for n in worst])
        ends = [pipelines.StageDraft("Won", kind=StageKind.WON), pipelines.StageDraft("Lost", kind=StageKind.LOST)]
        drafts = [pipelines.StageDraft(f"{worst[n % 4][:180]} {n}", 10, 7) for n in range(498)]
        many = pipelines.create(session, NAUGHTY[:190], [*drafts, *ends], at=MONDAY)
        first = lines.stages(session, many.id)[0].id
        pipelines.archive(session, many.id, at=MONDAY)  # else each board would offer its stages
        firm = companies.create(session, NAUGHTY, at=MONDAY)
        who = contacts.create(session, "rtl@kontrakt.example", name=NAUGHTY, company=firm, at=MONDAY)
        contacts.create(session, "w@kontrakt.example", name=ONE_WORD, company=firm, at=MONDAY)
        contacts.edit(session, who.id, values[Subject.CONTACT], at=MONDAY)
        companies.edit(session, firm.id, values[Subject.COMPANY], at=MONDAY)
        task = tasks.create(session, NAUGHTY, at=MONDAY, assignee_id=made.anna.id, contact_id=who.id).id
        field_id = int(next(iter(values[Subject.DEAL]))[1:])
    deal = made.deal(NAUGHTY, company=NAUGHTY, amount="9999999999.99", currency="IDR", step=NAUGHTY)
    key = next(iter(values[Subject.DEAL]))
    with made.database.writing(admin) as session:
        deals.edit(session, deal, {**values[Subject.DEAL], "product": NAUGHTY[:190], "channel": INDONESIAN}, at=MONDAY)
        ask = asking.Ask(subject=Subject.DEAL, pipeline_id=made.pipeline.id, group_by=key)
        ref = views.save(session, NAUGHTY[:190], ask, at=MONDAY, shared=True).ref
    draft, done = (_import(made, admin) for _ in range(2))
    with made.database.writing(admin) as session:
        mapping.choose(session, done, mapping.suggest(session, done), at=MONDAY)
        imports.begin(session, done, at=MONDAY)
    with made.database.writing(admin) as session:
        taking_in.run_slice(session, done, at=MONDAY)
    board = f"/board/{made.pipeline.id}"
    return {
        "naughty deal": f"/deals/{deal}",
        "naughty deal's form": f"/deals/{deal}/edit",
        "a fact": f"/deals/{deal}/facts/{key}",
        "moving elsewhere": f"/deals/{deal}/elsewhere",
        "moving": f"/deals/{deal}/to/{made.stage('Lost')}",
        "by a field": f"{board}?group={key}",
        "by company": f"{board}?group=company",
        "by owner": f"{board}?group=owner",
        "saved view": f"/views/{ref}",
        "deals": f"/deals?columns=title,company,{','.join(values[Subject.DEAL])}&changed=1",
        "filtered": "/deals?filter=all(title.contains(zzz),product.contains(yyy))&changed=1",
        "filter form": "/filters/edit?at=/deals&field=company",
        "a cell": f"/cells/{deal}?at={board}",
        "all people": "/people",
        "people by company": "/people?shape=board&group=company&changed=1",
        "person": f"/people/{who.id}",
        "person's form": f"/people/{who.id}/edit",
        "new person": "/people/new",
        "all companies": "/companies",
        "company": f"/companies/{firm.id}",
        "company's form": f"/companies/{firm.id}/edit",
        "found": "/search?q=kontrakt",
        "nothing found": "/search?q=qqqqqq",
        "tasks": "/tasks",
        "task": f"/tasks/{task}",
        "settings": "/settings",
        "pipelines": "/settings/pipelines",
        "new pipeline": "/settings/pipelines/new",
        "a pipeline of 500 stages": f"/settings/pipelines/{many.id}",
        "one of 500 stages": f"/settings/pipelines/{many.id}/stages/{first}",
        "fields of deals": "/settings/fields/deal",
        "fields of people": "/settings/fields/contact",
        "fields of companies": "/settings/fields/company",
        "a field": f"/settings/fields/deal/{field_id}",
        "roles": "/settings/roles",
        "imports": "/imports",
        "new import": "/imports/new",
        "import that waits": f"/imports/{draft}",
        "import that is done": f"/imports/{done}",
    }


def _import(made: World, admin: Viewer) -> int:
    heads = f'name,email,"{LONG}","{ONE_WORD[:190]}"'
    rows = f'{heads}\n"{NAUGHTY}",good@kontrakt.example,x,y\n{ONE_WORD},bad@,{ONE_WORD},"{LONG}"\n'
    with made.database.writing(admin) as session:
        return imports.start(session, Subject.CONTACT, f"{INDONESIAN}.csv", rows.encode(), at=MONDAY).id
