"""What somebody does with a question for their story: tells it, puts it off, declines, changes their mind. Only they may."""

from collections.abc import Callable
from dataclasses import replace

from copbot.core.blocks import section
from copbot.core.community import Community
from copbot.core.delivery import Block, Outgoing
from copbot.core.interaction import ActionHandler, Answer, Press, Submission
from copbot.core.ports import Context, Tx
from copbot.core.time import to_us
from copbot.core.voices import STORY_STEPS, Story, Told, seen_with
from copbot.features.voices.stories import views
from copbot.features.voices.stories.service import key_of
from copbot.features.voices.words import words_to


def _by_its_teller(handle: Callable[[Context, Tx, Press, Story, int], Answer]) -> ActionHandler:
    """A press on a question, for the one whose story it is alone."""

    def pressed(ctx: Context, tx: Tx, press: Press) -> Answer:
        found = _theirs(ctx, tx, press.value, press.user)
        return found if isinstance(found, Answer) else handle(ctx, tx, press, *found)

    return pressed


@_by_its_teller
def tell(ctx: Context, tx: Tx, press: Press, story: Story, step: int) -> Answer:
    told = next((each for each in tx.stories.told(story.id) if each.step == step), None)
    return Answer(view=views.form(story, step, told, words_to(ctx, tx, press.user)))


@_by_its_teller
def put_off(ctx: Context, tx: Tx, press: Press, story: Story, step: int) -> Answer:
    if story.state in ("asked", "later"):
        tx.stories.save(replace(story, state="later"))
        _answer_below(ctx, tx, story, step, words_to(ctx, tx, press.user).story_put_off)
    return Answer()


@_by_its_teller
def decline(ctx: Context, tx: Tx, press: Press, story: Story, step: int) -> Answer:
    if story.state in ("asked", "later"):
        tx.stories.save(replace(story, state="declined"))
        _answer_below(ctx, tx, story, step, words_to(ctx, tx, press.user).story_declined)
    return Answer()


@_by_its_teller
def nothing_new(ctx: Context, tx: Tx, press: Press, story: Story, step: int) -> Answer:
    _answer_below(ctx, tx, story, step, words_to(ctx, tx, press.user).story_nothing_new)
    return Answer()


def send(ctx: Context, tx: Tx, submission: Submission) -> Answer:
    found = _theirs(ctx, tx, submission.private_metadata, submission.user)
    if isinstance(found, Answer):
        return found
    story, step = found
    words, now_us = words_to(ctx, tx, submission.user), to_us(ctx.clock.now())
    text, saved, consent = views.sent(submission)
    if not text:
        return Answer(errors={views.TEXT: words.story_text})
    story = replace(story, state="told", consent=consent)
    tx.stories.save(story)
    tx.stories.tell(story.id, Told(step, text, saved, now_us, consent))
    kept = views.kept_text(consent, words)
    _answer_below(ctx, tx, story, step, kept, views.own_blocks(f"{kept}\n{views.quote(text)}", story, step, words))
    for told in tx.stories.told(story.id):  # their last word may be less than they allowed before
        _show_coordinators(ctx, tx, story, told)
    return Answer()


def delete(ctx: Context, tx: Tx, press: Press) -> Answer:
    """Take it all back: what was told is gone, here, where coordinators read it, and from the record of what the bot said. At any
    time, also of a community that is no longer in the files."""
    found = _theirs(ctx, tx, press.value, press.user, even_if_gone=True)
    if isinstance(found, Answer):
        return found
    story, _ = found
    words = words_to(ctx, tx, press.user)
    for each in tx.stories.told(story.id):
        _show_coordinators(ctx, tx, replace(story, consent="none"), each)
        tx.deliveries.unsay(_told_keys(story, each.step), views.GONE_TEXT)
    tx.deliveries.unsay(key_of(story, ""), words.story_deleted)
    tx.stories.erase(story.id)
    tx.stories.save(replace(story, state="withdrawn", consent="none"))
    for each_step in STORY_STEPS:
        if tx.deliveries.get(key_of(story, each_step)) is not None:
            _answer_below(ctx, tx, story, each_step, words.story_deleted)
    return Answer(words.story_deleted)


def _theirs(ctx: Context, tx: Tx, value: str, user: str, *, even_if_gone: bool = False) -> tuple[Story, int] | Answer:
    """The story and the step that a button or form names, if it is this person's own. ``value`` comes from outside."""
    words = words_to(ctx, tx, user)
    number, _, step = value.partition(":")
    sound = number.isascii() and number.isdigit() and len(number) < 16 and step in {f"{each}" for each in STORY_STEPS}
    story = tx.stories.get(int(number)) if sound else None
    if story is None or story.user != user:
        return Answer(words.story_not_yours)
    if story.state == "withdrawn" or (_community(ctx, story) is None and not even_if_gone):
        return Answer(words.closed)
    return story, int(step)


def _community(ctx: Context, story: Story) -> Community | None:
    return next((one for one in ctx.communities() if one.id == story.community), None)


def _answer_below(
    ctx: Context, tx: Tx, story: Story, step: int, text: str, blocks: tuple[Block, ...] | None = None
) -> None:
    """The question gives way to what came of it."""
    key, now_us = key_of(story, step), to_us(ctx.clock.now())
    tx.deliveries.plan(
        Outgoing(
            key=f"{key}:{now_us}",
            kind="answer",
            target=story.user,
            text=text,
            blocks=(section(text),) if blocks is None else blocks,
            community=story.community,
            due_us=now_us,
            updates=key,
        )
    )


def _show_coordinators(ctx: Context, tx: Tx, story: Story, told: Told) -> None:
    """One message to each coordinator for what was told, as far as its teller allows, brought up to date in its place; gone where it
    stands with somebody who coordinates no longer."""
    community = _community(ctx, story)
    may_read = seen_with(story.consent, told.consent) != "none" and community is not None
    coordinators = ctx.directory.people(community.roles.coordinators) if community is not None else frozenset()
    standing = tx.deliveries.begun_with(_told_keys(story, told.step))
    stands = {one.outgoing.target: one.outgoing.key for one in standing if one.state not in ("skipped", "failed")}
    coordinators = coordinators or frozenset(stands)  # while Slack names nobody, those who had it
    now_us = to_us(ctx.clock.now())
    for user in sorted(coordinators | stands.keys()):
        shown = may_read and user in coordinators
        if not shown and (user not in stands or tx.deliveries.cancel(stands[user], "taken back by its teller")):
            continue
        text = views.shared_text(story, told, community.name) if shown and community is not None else views.GONE_TEXT
        key = f"{_told_keys(story, told.step)}{user}"
        tx.deliveries.plan(
            Outgoing(
                key=key if tx.deliveries.get(key) is None else f"{key}:{now_us}",
                kind="report",
                target=user,
                text=text,
                blocks=(section(text, verbatim=True),),
                community=story.community,
                due_us=now_us,
                updates=stands.get(user),
            )
        )


def _told_keys(story: Story, step: int) -> str:
    """How the keys of the messages begin in which coordinators read what was told at a step."""
    return f"story_told:{story.id}:{step}:"
