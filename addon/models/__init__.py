"""What Dealthread remembers: one file per noun. Import the nouns from here."""

from __future__ import annotations

from addon.models.activity import Activity, ActivityDetail, ActorKind, Evidence, EvidenceKind
from addon.models.base import Model, OfTeam, UtcDateTime
from addon.models.campaign import Campaign, CampaignState, PauseReason, Recipient
from addon.models.contact import Address, Company, Contact, Suppression, SuppressionReason, SuppressionScope
from addon.models.deal import Deal, DealContact
from addon.models.mailbox import Mailbox, MailboxLease, MailboxQuota, MailboxState, Sharing
from addon.models.message import LinkedHow, LinkQuestion, Message, MessageFacts, Sighting, Thread, ThreadLink
from addon.models.outgoing import DeadAttempt, Outgoing, OutgoingState, Run, RunKind
from addon.models.pipeline import Pipeline, Stage, StageDefinition, StageKind
from addon.models.rule import Reaction, Rule, RuleEvidence, RuleVersion
from addon.models.team import Installation, Role, Team, User

__all__ = [
    "Activity",
    "ActivityDetail",
    "ActorKind",
    "Address",
    "Campaign",
    "CampaignState",
    "Company",
    "Contact",
    "DeadAttempt",
    "Deal",
    "DealContact",
    "Evidence",
    "EvidenceKind",
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
    "Reaction",
    "Recipient",
    "Role",
    "Rule",
    "RuleEvidence",
    "RuleVersion",
    "Run",
    "RunKind",
    "Sharing",
    "Sighting",
    "Stage",
    "StageDefinition",
    "StageKind",
    "Suppression",
    "SuppressionReason",
    "SuppressionScope",
    "Team",
    "Thread",
    "ThreadLink",
    "User",
    "UtcDateTime",
]
