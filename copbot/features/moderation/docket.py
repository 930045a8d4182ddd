"""One case as the store holds it at one moment, and its card, posted or brought up to date where it stands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from zoneinfo import ZoneInfo

from copbot.core.blocks import section
from copbot.core.community import Community
from copbot.core.delivery import Block, Outgoing
from copbot.core.ports import Context, Tx
from copbot.core.ports.case import Case, CaseAction, Report, Step
from copbot.core.records import Person
from copbot.core.time import from_us
from copbot.features.moderation import rules, views
from copbot.features.moderation.people import audience, moderators_channel
from copbot.features.moderation.views import Shown


@dataclass(frozen=True)
class Docket:
    """A case in one transaction; a changed case needs a new one."""

    ctx: Context
    tx: Tx
    community: Community
    case: Case
    now_us: int

    @cached_property
    def reports(self) -> Sequence[Report]:
        return self.tx.cases.reports(self.case.id)

    @cached_property
    def steps(self) -> Sequence[Step]:
        return self.tx.cases.steps(self.case.id)

    @cached_property
    def earlier(self) -> Sequence[Case]:
        since_us = self.case.opened_us - rules.REMEMBERED_US
        return self.tx.cases.earlier(self.case.community, self.case.author, since_us, self.case.id)

    @cached_property
    def author(self) -> Person | None:
        return self.tx.facts.person(self.case.author)

    @property
    def can_write(self) -> bool:
        """Whether whom it is about can be sent anything."""
        return self.author is None or not (self.author.is_deleted or self.author.is_bot)

    @property
    def offered(self) -> tuple[CaseAction, ...]:
        return rules.offered(self.case, self.steps, self.earlier, can_write=self.can_write)

    def shown(self) -> Shown:
        text, _ = self.tx.cases.message(self.case.channel, self.case.ts_us)
        return Shown(
            case=self.case,
            reports=self.reports,
            steps=self.steps,
            earlier=self.earlier,
            offered=self.offered,
            zone=ZoneInfo(self.community.timezone),
            link=self.ctx.permalink(self.case.channel, self.case.ts_us),
            text=text,
            has_left=self.author is not None and self.author.is_deleted,
        )

    def after(self, **changes: object) -> "Docket":
        """Keep a change of the case, and tell it to those who look into it now; to whoever did before, that others do."""
        before, now = self.case.shown_to, self._audience()
        case = replace(self.case, version=self.case.version + 1, shown_to=now, **changes)  # type: ignore[arg-type]
        self.tx.cases.save(case)
        changed = Docket(self.ctx, self.tx, self.community, case, self.now_us)
        shown = changed.shown()
        changed._tell(now, views.card_text(shown), views.card_blocks(shown))
        changed._tell([one for one in before if one not in now], views.ELSEWHERE, (section(views.ELSEWHERE),))
        return changed

    def _audience(self) -> tuple[str, ...]:
        """Who looks into it by who the people are now; while Slack does not name the moderators' channel, whoever did before."""
        reference = self.community.channels.moderators
        is_unnamed = reference is not None and moderators_channel(self.ctx, self.community) is None
        if is_unnamed and self.case.shown_to:
            return self.case.shown_to
        return audience(self.ctx, self.tx, self.community, self.case.author) or self.case.shown_to

    def _tell(self, targets: Iterable[str], text: str, blocks: tuple[Block, ...]) -> None:
        for target in targets:
            key = card_key(self.case, target)
            standing = self.tx.deliveries.get(key)
            if standing is not None and standing.state in ("failed", "skipped"):
                continue
            self.tx.deliveries.plan(
                Outgoing(
                    key=key if standing is None else f"{key}:v{self.case.version}",
                    kind="card",
                    target=target,
                    text=text,
                    blocks=blocks,
                    community=self.community.id,
                    due_us=self.now_us,
                    updates=None if standing is None else key,
                )
            )


def card_key(case: Case, target: str) -> str:
    return f"case:{case.community}:{case.id}:{target}"


def docket_of(ctx: Context, tx: Tx, case_id: int | None, now_us: int) -> Docket | None:
    """A case by its number, if it is there and its community too."""
    case = None if case_id is None else tx.cases.get(case_id)
    community = next((c for c in ctx.communities() if case is not None and c.id == case.community), None)
    return None if case is None or community is None else Docket(ctx, tx, community, case, now_us)


def days_open(case: Case, now_us: int) -> int:
    return (from_us(now_us) - from_us(case.opened_us)).days
