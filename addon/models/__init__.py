"""What Dealthread remembers: one file per noun. Import the nouns from here."""

from __future__ import annotations

from addon.models.activity import Activity, ActivityDetail, ActorKind, Evidence, EvidenceKind
from addon.models.base import Model, OfTeam, UtcDateTime
from addon.models.bulk import Bulk, BulkKind, BulkState
from addon.models.campaign import Campaign, CampaignState, PauseReason, Recipient
from addon.models.contact import Address, Company, Contact, Suppression, SuppressionReason, SuppressionScope
from addon.models.deal import Deal, DealContact, DealTotal
from addon.models.field import (
    CompanyValue,
    ContactValue,
    DealValue,
    Field,
    FieldKind,
    FieldOption,
    Subject,
    Value,
)
from addon.models.import_ import Import, ImportFile, ImportMapping, ImportRow, ImportState, RowState, RowUndone
from addon.models.mailbox import Mailbox, MailboxLease, MailboxQuota, MailboxState, Sharing
from addon.models.message import LinkedHow, LinkQuestion, Message, MessageFacts, Sighting, Thread, ThreadLink
from addon.models.outgoing import DeadAttempt, Outgoing, OutgoingState, Run, RunKind
from addon.models.pipeline import ChecklistTick, Pipeline, PipelineMember, Stage, StageDefinition, StageKind
from addon.models.rule import Reaction, Rule, RuleEvidence, RuleVersion
from addon.models.search import SearchPlace, SearchSlip, SearchWord
from addon.models.task import Task
from addon.models.team import Installation, Role, RoleSight, Sight, Team, User
from addon.models.view import Shape, View

__all__ = [
    "Activity",
    "ActivityDetail",
    "ActorKind",
    "Address",
    "Bulk",
    "BulkKind",
    "BulkState",
    "Campaign",
    "CampaignState",
    "ChecklistTick",
    "Company",
    "CompanyValue",
    "Contact",
    "ContactValue",
    "DeadAttempt",
    "Deal",
    "DealContact",
    "DealTotal",
    "DealValue",
    "Evidence",
    "EvidenceKind",
    "Field",
    "FieldKind",
    "FieldOption",
    "Import",
    "ImportFile",
    "ImportMapping",
    "ImportRow",
    "ImportState",
    "Installation",
    "LinkQuestion",
    "LinkedHow",
    "Mailbox",
    "MailboxLease",
    "MailboxQuota",
    "MailboxState",
    "Message",
    "MessageFacts",
    "Model",
    "OfTeam",
    "Outgoing",
    "OutgoingState",
    "PauseReason",
    "Pipeline",
    "PipelineMember",
    "Reaction",
    "Recipient",
    "Role",
    "RoleSight",
    "RowState",
    "RowUndone",
    "Rule",
    "RuleEvidence",
    "RuleVersion",
    "Run",
    "RunKind",
    "SearchPlace",
    "SearchSlip",
    "SearchWord",
    "Shape",
    "Sharing",
    "Sight",
    "Sighting",
    "Stage",
    "StageDefinition",
    "StageKind",
    "Subject",
    "Suppression",
    "SuppressionReason",
    "SuppressionScope",
    "Task",
    "Team",
    "Thread",
    "ThreadLink",
    "User",
    "UtcDateTime",
    "Value",
    "View",
]
