"""What cards show. Texts are in the reader's words already, and not escaped: the widgets do that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from addon.sidebar.widgets import Choice


@dataclass(frozen=True)
class NoteView:
    """What happened, whether anything was lost, what to do. `page` is where its button leads, if it has one."""

    text: str
    button: str = ""
    page: str = ""


@dataclass(frozen=True, kw_only=True)
class PersonView:
    name: str
    email: str
    known: bool
    """Whether they are among our people."""
    title: str = ""
    company: str = ""

    @property
    def lines(self) -> list[str]:
        """Below the name."""
        return [line for line in (self.title, self.company) if line] or ([self.email] if self.name else [])


@dataclass(frozen=True, kw_only=True)
class HappenedView:
    """The latest act on a deal."""

    text: str
    detail: str
    undo: int | None = None
    """Number of the act that Undo takes back; None where it cannot be taken back."""
    undo_says: str = ""
    """What Undo would do."""


@dataclass(frozen=True)
class Top:
    """What a card says first."""

    note: NoteView | None = None
    happened: HappenedView | None = None


NOTHING = Top()


@dataclass(frozen=True)
class StageView:
    id: int
    name: str


@dataclass(frozen=True, kw_only=True)
class WhyView:
    quote: str
    """The sentence; empty where its owner does not share it."""
    words: str
    """The rule, or why the sentence is not shown."""


@dataclass(frozen=True)
class TouchView:
    """A mail that came or went."""

    text: str
    detail: str


@dataclass(frozen=True)
class DealLine:
    """A deal in a list."""

    id: int
    title: str
    detail: str


@dataclass(frozen=True, kw_only=True)
class DealView:
    id: int
    seen: int
    """Number of its last move: a press says which one it saw."""
    title: str
    detail: str
    stage: str
    stage_detail: str
    next_step: str
    next_step_detail: str
    next_step_ms: int | None
    """Midnight UTC of its day."""
    open: bool
    next_stage: StageView | None
    other_stages: Sequence[StageView]
    happened: HappenedView | None
    why: WhyView | None
    touches: Sequence[TouchView]
    touch_count: int


@dataclass(frozen=True)
class PipelineView:
    id: int
    name: str
    currency: str


@dataclass(frozen=True, kw_only=True)
class NewDealView:
    """What the form for a new deal begins with."""

    title: str
    pipelines: Sequence[PipelineView]
    company: str = ""
    """A company that owns the domain of the address: offered, never assumed."""


@dataclass(frozen=True)
class QuestionLine:
    """An open question on the homepage."""

    id: int
    subject: str
    detail: str


@dataclass(frozen=True)
class CampaignLine:
    id: int
    name: str
    detail: str


@dataclass(frozen=True)
class SharedDeal:
    """An open deal of the person who is written to; with others on it, or without."""

    line: DealLine
    others: bool


@dataclass(frozen=True)
class TextLine:
    """A text that can be put into the mail."""

    id: int
    name: str
    detail: str


@dataclass(frozen=True, kw_only=True)
class WritingView:
    """The person who is written to, and what can be put into the mail to them."""

    contact_id: int
    person: PersonView
    deal: DealView | None
    """The open deal, where there is just one."""
    deals: Sequence[SharedDeal]
    more_deals: int
    """Open deals that are not among `deals`."""
    texts: Sequence[TextLine]


@dataclass(frozen=True, kw_only=True)
class HomeView:
    note: NoteView | None
    due: Sequence[DealLine]
    more_due: int
    questions: Sequence[QuestionLine]
    campaigns: Sequence[CampaignLine]
    has_deals: bool


@dataclass(frozen=True, kw_only=True)
class FieldAskView:
    """An empty field that a stage asks for."""

    name: str
    label: str
    typed: str
    day: bool
    lines: bool
    choices: Sequence[Choice]
    hint: str


@dataclass(frozen=True, kw_only=True)
class NewDealAskView:
    """What the first stage asks for before a deal begins there, with what was typed so far."""

    pipeline_id: int
    title: str
    amount: str
    name: str
    """Of a person who is new."""
    company: bool
    """Whether they work for the company of their address."""
    text: str
    fields: Sequence[FieldAskView]


@dataclass(frozen=True, kw_only=True)
class AskView:
    """What a stage asks for before a deal goes there."""

    deal_id: int
    stage_id: int
    stage: str
    seen: int
    text: str
    fields: Sequence[FieldAskView]
    more: bool
    """There are more than fit: the page asks for them."""
    reason: str
    """Name of the input for why it is lost; empty where it is not."""
    said: str
    reasons: Sequence[str]
