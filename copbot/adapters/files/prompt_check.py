"""Every prompt that the files name, rendered with sample values before it is trusted."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from copbot.adapters.files import samples
from copbot.adapters.files.document import Document, Place
from copbot.adapters.files.problem import Problem
from copbot.adapters.files.prompt_sources import column_in
from copbot.adapters.templates import JinjaTemplates, TemplateMistake, languages
from copbot.core.community import Community
from copbot.core.mrkdwn import MESSAGE_LIMIT

TOP = Place(1, 1)


def check_rendering(
    community: Community, documents: Sequence[Document], prompts: Mapping[str, str], label: str
) -> list[Problem]:
    """The mistakes in a community's prompts: what cannot be read, sees a name that is not there, or makes no
    message.
    """
    templates = JinjaTemplates(lambda: prompts, label)
    problems: list[Problem] = []
    for name, values in _uses(community):
        for language in (None, *languages(prompts, community.id, name)):
            try:
                text = templates.render(community, name, values, language)
            except TemplateMistake as mistake:
                source = prompts.get(mistake.file.removeprefix(f"{label}/"), "")
                problems.append(
                    Problem(mistake.file, mistake.line, column_in(source, mistake.line, mistake.reason), mistake.reason)
                )
            else:
                problems += _size(f"{label}/{name}", text)
    problems += [problem for document in documents for problem in _texts(community, document, templates)]
    return problems


def _uses(community: Community) -> Iterator[tuple[str, dict[str, Any]]]:
    for post in community.posts:
        if post.prompt is not None:
            yield from ((post.prompt, values) for values in samples.of_post(post))
    onboarding = community.onboarding
    if onboarding is not None:
        names = [onboarding.welcome, onboarding.guidelines, *(f.prompt for f in onboarding.follow_ups)]
        for name in filter(None, names):
            yield from ((name, values) for values in samples.of_onboarding(onboarding))
        if onboarding.introduction is not None:
            yield from ((onboarding.introduction, values) for values in samples.of_introduction(onboarding))


def _texts(community: Community, document: Document, templates: JinjaTemplates) -> list[Problem]:
    """The ``text:`` of each post in a file is a template too."""
    here = {post.id: post for post in community.posts if post.source.rpartition(":")[0] == document.file}
    problems: list[Problem] = []
    data = document.data if isinstance(document.data, dict) else {}
    for number, entry in enumerate(data.get("posts") or ()):
        post = here.get(entry["id"])
        if post is None or post.text is None:
            continue
        place = document.values[("posts", number, "text")]
        for values in samples.of_post(post):
            try:
                text = templates.render_text(community, post.text, values)
            except TemplateMistake as mistake:
                problems.append(Problem(document.file, place.line, place.column, mistake.reason))
            else:
                problems += _size(document.file, text, place)
    return problems


def _size(file: str, text: str, place: Place = TOP) -> list[Problem]:
    if not text:
        return [
            Problem(
                file, place.line, place.column, "with sample values this says nothing: write a text, or delete its use"
            )
        ]
    if len(text) > MESSAGE_LIMIT:
        reason = f"with sample values this has {len(text):,} characters, and a message {MESSAGE_LIMIT:,}: shorten it"
        return [Problem(file, place.line, place.column, reason)]
    return []
