"""Every way into the product, by endpoint: how each page is looked at and each form is sent.

`{deal_id}` and its like stand for a thing that is kept from somebody; `{own_deal_id}` for one that they see. A word of
a kept thing is `{people}`, `{deals}`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from string import Formatter
from urllib.parse import quote

NO_RECORDS = frozenset(
    {
        "alive", "ready", "metrics", "bootstrap_files.static", "web.static", "sidebar.logo",
        "pushes.pushed", "unsubscribing.ask", "unsubscribing.leave",
        "web.signin.page", "web.signin.start", "web.signin.came_back", "web.signin.sign_out", "web.signin.signed_out",
        "web.mailboxes.connect", "web.mailboxes.connected", "web.preferences.save",
    }
)  # fmt: skip
"""Nobody is signed in there, or nothing of a team is asked for: tests of their own hold them."""


@dataclass(frozen=True)
class Way:
    path: str
    form: Mapping[str, str] | None = None
    """None: a page that is opened."""
    writes: bool = field(default=False, kw_only=True)
    """It does something of the person's own, whatever becomes of the kept thing."""

    @property
    def names(self) -> frozenset[str]:
        """Of the ids and words that it carries."""
        texts = [self.path, *(self.form or {}).values()]
        return frozenset(name for text in texts for _, name, _, _ in Formatter().parse(text) if name)


def at(path: str) -> str:
    """The address of a page, as a part of another's query; ids are written into it later."""
    return quote(path, safe="{}/()")


def asking_for(field_key: str, part: str) -> str:
    """A filter on one id."""
    return f"filter=all({field_key}.any_of({{{part}}}))"


# ruff: noqa: E501  a line a way in reads better than three
BOARD = "/board/{own_pipeline_id}"
GROUPED = ("company", "contact", "referred_by", "owner", "product", "channel", "value", "lost_reason", "stage")
PAGES: Mapping[str, Sequence[str]] = {
    "web.boards.home": ("",),
    "web.boards.first": ("",),
    "web.boards.page": ("", "?shape=table", *(f"?group={key}" for key in GROUPED)),
    "web.boards.saved": ("",),
    "web.boards.all_deals": (
        "",
        "?sort=-value",
        "?shape=board&group=pipeline&changed=1",
        "?columns=title,contact,company,product,lost_reason,pipeline,stage",
    ),
    "web.boards.stage": ("",),
    "web.boards.state": ("",),
    "web.boards.state_at": ("?at=/board/{pipeline_id}", "?at=/deals", "?at=/people", "?at=/views/{ref}"),
    "web.boards.more": (
        "?at=/board/{pipeline_id}&column={stage_id}",
        f"?at={at('/people?shape=board&changed=1')}&column=",
    ),
    "web.board_drops.reasons": ("?at=/board/{pipeline_id}",),
    "web.board_many.stages": ("?at=/board/{pipeline_id}", "?at=/deals"),
    "web.board_many.tags": ("?at=/board/{pipeline_id}", "?at=/deals", "?at=/people"),
    "web.board_many.under_way": ("?at=/board/{own_pipeline_id}",),
    "web.cells.edit": ("?at=/deals&keys=title,company,contact", "?at=/deals&part=1", "?at=/deals&keys=stage"),
    "web.filters.edit": (
        "?at=/deals&field=company",
        "?at=/deals&field=contact",
        "?at=/deals&field=stage",
        "?at=/deals&field=pipeline",
        "?at=/board/{pipeline_id}&field={key}",
    ),
    "web.filters.apply": ("?at=/deals&field=company&op=any_of&value={company_id}",),
    "web.filters.columns": ("?at=/deals&key=title",),
    "web.filters.shown": ("?at=/board/{pipeline_id}&key=x",),
    "web.views.file": (
        "?at=/deals",
        "?at=/people",
        "?at=/companies",
        "?at=/views/{ref}",
        f"?at={at('/board/{pipeline_id}?shape=table')}",
    ),
    "web.deals.page": ("", "?show=moves"),
    "web.deals.new": ("",),
    "web.deals.edit": ("",),
    "web.deals.before_deleting": ("",),
    "web.deal_moves.ask": ("",),
    "web.deal_moves.elsewhere": ("",),
    "web.fact_changes.form": ("", "?part=1"),
    "web.people.listing": ("", "?shape=board&changed=1", "?columns=name,company,email,owner&changed=1"),
    "web.people.page": ("", "?all=1"),
    "web.people.new": ("", "?company={company_id}"),
    "web.people.edit": ("",),
    "web.companies.listing": ("", "?shape=board&changed=1"),
    "web.companies.page": ("", "?all=1"),
    "web.companies.new": ("",),
    "web.companies.edit": ("",),
    "web.search.page": ("?q=quok", "?q=kodk", "?q=numb", "?q=bilb", "?q=acme&part=1", "?q={people}", "?q={deals}"),
    "web.search.company": ("?q=kod", "?q=bil", "?q=gmbh"),
    "web.search.person": ("?q=kod", "?q=lind", "?q=acme"),
    "web.tasks.listing": ("",),
    "web.tasks.edit": ("",),
    "web.imports.listing": ("",),
    "web.imports.new": ("", "?subject=deal&pipeline={pipeline_id}"),
    "web.imports.page": ("",),
    "web.imports.state": ("",),
    "web.imports.bad_rows": ("",),
    "web.settings.index": ("",),
    "web.pipelines.listing": ("",),
    "web.pipelines.new": ("",),
    "web.pipelines.page": ("",),
    "web.pipeline_stages.page": ("",),
    "web.field_settings.listing": ("", "?pipeline={pipeline_id}"),
    "web.field_settings.page": ("",),
    "web.roles.page": ("",),
    "web.preferences.page": ("",),
    "web.mailboxes.listing": ("",),
    "web.campaigns.listing": ("",),
    "web.campaigns.page": ("",),
    "web.campaigns.state": ("",),
    "web.campaigns.people": ("?which=pending",),
    "web.campaigns.before_cancelling": ("",),
    "web.campaigns.before_sending_again": ("",),
    "web.campaign_drafts.new": ("",),
    "web.campaign_drafts.rewrite": ("",),
}

ANYTHING = {
    "title": "x",
    "name": "x",
    "email": "new@x.example",
    "role": "x",
    "seen": "0",
    "at": "/deals",
    "keys": "title",
}
"""Sent to forms that name what they are about in their address."""
FORMS: Mapping[str, Mapping[str, str]] = {
    "web.board_drops.add": {"at": "/board/{pipeline_id}", "column": "{stage_id}", "title": "x"},
    "web.board_drops.drop": {"at": BOARD, "card": "{card}", "column": "{own_stage_id}", "left": "", "seen": "0"},
    "web.cells.save": ANYTHING,
    "web.views.save": {"at": "/board/{pipeline_id}", "name": "x"},
    "web.views.change": {"at": "/views/{ref}?sort=title&changed=1"},
    "web.views.rename": {"name": "x"},
    "web.views.share": {"shared": "yes"},
    "web.views.delete": {},
    "web.deals.create": {**ANYTHING, "owner_id": "{own_user_id}", "currency": "EUR"},
    "web.deals.save": ANYTHING,
    "web.deals.delete": {},
    "web.moves.move": {"stage": "{own_stage_id}", "seen": "0"},
    "web.moves.undo": {"back": "/deals"},
    "web.moves.unlink": {},
    "web.deal_moves.go": {"seen": "0"},
    "web.deal_moves.go_elsewhere": {"seen": "0", "stage": "{own_stage_id}"},
    "web.deal_people.add": {"person": "new@x.example", "role": "x"},
    "web.deal_people.change_role": {"role": "x"},
    "web.deal_people.remove": {},
    "web.deal_playbook.tick": {"stage": "{own_stage_id}", "item": "a", "done": "1"},
    "web.fact_changes.save": ANYTHING,
    "web.deal_mails.show": {},
    "web.twins.open_it": {},
    "web.people.save": ANYTHING,
    "web.people.delete": {},
    "web.companies.save": ANYTHING,
    "web.companies.delete": {},
    "web.contact_addresses.add": ANYTHING,
    "web.contact_addresses.make_first": {},
    "web.contact_addresses.take_away": {},
    "web.contact_tasks.create": ANYTHING,
    "web.tasks.create_for": ANYTHING,
    "web.tasks.save": ANYTHING,
    "web.tasks.act": {},
    "web.imports.start": {"subject": "deal", "pipeline": "{pipeline_id}", "rows": "title\nx\n"},
    "web.imports.read": {},
    "web.imports.begin": {},
    "web.imports.go_on": {},
    "web.imports.stop": {},
    "web.imports.give_up": {},
    "web.imports.take_back": {},
    "web.pipelines.edit": {"name": "x", "currency": "EUR"},
    "web.pipelines.open_to_team": {"to": "team"},
    "web.pipelines.add_member": {"user": "{own_user_id}"},
    "web.pipelines.remove_member": {},
    "web.pipelines.add_stage": {"name": "x"},
    "web.pipelines.order_stages": {"order": "{stage_id}"},
    "web.pipelines.archive": {},
    "web.pipelines.restore": {},
    "web.pipelines.order": {"order": "{pipeline_id}"},
    "web.pipeline_stages.edit": {"name": "x"},
    "web.pipeline_stages.delete": {},
    "web.pipeline_stages.restore": {},
    "web.field_settings.create": {"name": "x", "kind": "text", "pipeline": "{pipeline_id}"},
    "web.field_settings.add_ready": {"pipeline": "{pipeline_id}"},
    "web.field_settings.edit": {"name": "x"},
    "web.field_settings.delete": {},
    "web.field_settings.restore": {},
    "web.field_settings.restore_option": {},
    "web.field_settings.order": {"order": "{field_id}"},
    "web.roles.change_role": {"role": "rep"},
    "web.roles.deactivate": {},
    "web.roles.reactivate": {},
    "web.mailboxes.share": {"level": "full"},
    "web.mailboxes.disconnect": {},
    "web.campaigns.launch": {},
    "web.campaigns.pause": {},
    "web.campaigns.resume": {},
    "web.campaigns.cancel": {},
    "web.campaigns.look_again": {},
    "web.campaigns.treat_as_sent": {},
    "web.campaigns.send_again": {},
}
"""Forms that carry the id of what they are about, in their address or within."""

NAMING_NOBODY: Mapping[str, Mapping[str, str]] = {
    "web.board_many.act": {"at": BOARD, "act": "move", "value": "{own_stage_id}", "ids": "{card}:0"},
    "web.people.create": {"name": "{people} Lind", "company": "{people} GmbH"},
    "web.companies.create": {"name": "{people} GmbH"},
    "web.tasks.create": {"title": "x", "assignee_id": "{own_user_id}", "deal_id": "{deal_id}"},
    "web.pipelines.create": {"name": "{pipeline} line", "template": "fresh"},
    "web.roles.add": {"email": "new@x.example", "role": "rep"},
    "web.roles.set_sight": {"sight": "nonsense"},
    "web.campaign_drafts.create": {"mailbox": "{mailbox_id}", "name": "x", "subject": "x", "body": "x"},
    "web.campaign_drafts.read_list": {},
}
"""Forms that write something of one's own."""

_FIELDS = (("company", "company_id"), ("contact", "contact_id"), ("referred_by", "contact_id"),
           ("stage", "stage_id"), ("pipeline", "pipeline_id"), ("{key}", "option_id"))  # fmt: skip
_TOLD = ("/people", "/tasks", "/settings/pipelines", BOARD, "/people/{own_contact_id}", "/companies/{own_company_id}")
MORE: Sequence[Way] = (
    *(Way(f"{page}?done={{activity_id}}") for page in _TOLD),
    *(Way(f"/deals?{asking_for(key, part)}&changed=1") for key, part in _FIELDS),
    Way(f"{BOARD}?{asking_for('company', 'company_id')}&group=contact"),
    *(Way(f"/export?at={at('/deals?' + asking_for(key, part))}") for key, part in _FIELDS),
    *(Way(f"/filters/edit?at={at('/deals?' + asking_for(key, part))}&place=0") for key, part in _FIELDS),
    Way("/deals?columns=title,{key}&sort={key}&changed=1"),
    Way("/board/{own_pipeline_id}?group={key}"),
    Way("/deals/{own_deal_id}/to/{stage_id}"),
    Way("/deals/{own_deal_id}/edit?need={key}"),
    Way("/deals/{own_deal_id}/facts/{key}"),
    Way("/board/more?at=/board/{own_pipeline_id}&column={stage_id}"),
    Way("/board/{own_pipeline_id}/stages/{stage_id}"),
    *(
        Way("/board/drop", {"at": f"{BOARD}?group={key}", "card": "{own_card}", "column": column, "left": "", "seen": "0"})
        for key, column in (("stage", "{stage_id}"), ("company", "{company_id}"), ("contact", "{contact_id}"),
                            ("referred_by", "{contact_id}"), ("{key}", "{option_id}"))
    ),
    Way("/board/add", {"at": f"{BOARD}?group=company", "column": "{company_id}", "title": "x"}),
    Way("/deals/{own_deal_id}/edit", {"referred_by": "#{contact_id}"}),
    Way("/deals/{own_deal_id}/edit", {"contact": "#{contact_id}"}, writes=True),
    *(
        Way("/cells/{own_card}", {"at": "/deals", "keys": key, key: value})
        for key, value in (("company", "#{company_id}"), ("contact", "#{contact_id}"), ("referred_by", "{people} Lind"),
                           ("company", "{people} GmbH"), ("contact", "{people} Lind"), ("{key}", "#{option_id}"))
    ),
    Way("/deals/{own_deal_id}/facts/contact", {"contact": "#{contact_id}"}),
    Way("/deals/{own_deal_id}/people", {"person": "#{contact_id}", "role": "x"}),
    Way("/deals/{own_deal_id}/people", {"person": "{people} Lind", "role": "x"}),
    Way("/deals/{own_deal_id}/people/{contact_id}/role", {"role": "x"}),
    Way("/deals/{own_deal_id}/people/{contact_id}/remove", {}),
    Way("/deals/{own_deal_id}/move", {"stage": "{stage_id}", "seen": "0"}),
    Way("/deals/{own_deal_id}/elsewhere", {"stage": "{stage_id}", "seen": "0"}),
    Way("/deals/{own_deal_id}/to/{stage_id}", {"seen": "0"}),
    Way("/deals/{own_deal_id}/ticks", {"stage": "{stage_id}", "item": "a", "done": "1"}),
    Way("/deals/{own_deal_id}/threads/{thread_id}/unlink", {}),
    Way("/deals/{own_deal_id}/mails/{message_id}", {}),
    Way("/people/{own_contact_id}/edit", {"company": "#{company_id}"}),
    Way("/people/{own_contact_id}/addresses/{address_id}/first", {}),
    Way("/people/{own_contact_id}/addresses/{address_id}/remove", {}),
    Way("/settings/pipelines/{own_pipeline_id}", {"name": "Plain line", "currency": "EUR", "after_sales": "{pipeline_id}"}),
    Way("/settings/pipelines/{own_pipeline_id}/stages/{stage_id}", {"name": "x"}),
    Way("/settings/pipelines/{own_pipeline_id}/stages/{own_stage_id}/delete", {"target": "{stage_id}"}),
    Way("/undo/{activity_id}", {"back": BOARD}),
    *(
        Way("/board/many", {"at": BOARD, "act": act, "value": value, "ids": ids}, writes=True)
        for act, value, ids in (("delete", "", "{card}"), ("assign", "{own_user_id}", "{card}"), ("move", "{own_stage_id}", "{card}:0"),
                                ("move", "{stage_id}", "{own_card}:0"), ("tag", "{key}:{option_id}", "{own_card}"))
    ),
    *(Way("/views", {"at": f"/deals?{asking_for(key, part)}&changed=1", "name": "x"}, writes=True) for key, part in _FIELDS),
    *(Way("/views/{own_ref}/change", {"at": f"/views/{{own_ref}}?{asking_for(key, part)}&changed=1"}, writes=True) for key, part in _FIELDS),
)  # fmt: skip
"""What somebody tries who knows an id that they should not."""
