"""Every prompt that the files name, rendered with sample values before it is trusted."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from copbot.adapters.files import samples
from copbot.adapters.files.document import Document
from copbot.adapters.files.problem import Place, Problem
from copbot.adapters.files.prompt_sources import mended, places_of
from copbot.adapters.templates import JinjaTemplates, TemplateMistake, candidates, languages
from copbot.core.community import Community
from copbot.core.language import LAST_RESORT
from copbot.core.mrkdwn import MESSAGE_LIMIT
from copbot.core.posts import Post

TOP = Place(1, 1)


def check_rendering(
    community: Community, documents: Sequence[Document], prompts: Mapping[str, str], label: str
) -> list[Problem]:
    """The mistakes in a community's prompts: what cannot be read, sees a name that is not there, or makes no
    message.
    """
    templates = JinjaTemplates(lambda: prompts, label)
    problems: list[Problem] = []
    for name, values in _uses(community, prompts):
        for language in _readers(community, name, prompts):
            try:
                text = templates.render(community, name, values, language)
            except TemplateMistake as mistake:
                source = prompts.get(mistake.file.removeprefix(f"{label}/"), "")
                place, reason = mended(source, mistake.line, mistake.reason)
                problems.append(Problem(mistake.file, place.line, place.column, reason))
            else:
                problems += _size(f"{label}/{templates.path(community, name, language)}", text)
    posts: dict[str, dict[str, Post]] = defaultdict(dict)
    for post in community.posts:
        posts[post.source.rpartition(":")[0]][post.id] = post
    problems += [p for document in documents for p in _texts(community, document, posts[document.file], templates)]
    return problems


def _readers(community: Community, name: str, prompts: Mapping[str, str]) -> list[str | None]:
    """The languages in which a prompt is tried; one that no file names may be there in some alone."""
    own = languages(prompts, community.id, name)
    if name in samples.UNNAMED and not prompts.keys() & {*candidates(community.id, name, community.language)}:
        return [*own]
    return [None, LAST_RESORT, *own]


def _uses(community: Community, prompts: Mapping[str, str]) -> Iterator[tuple[str, dict[str, Any]]]:
    yield from _uses_of_posts(community, prompts)
    for name, sets in samples.UNNAMED.items():
        yield from ((name, values) for values in sets() if places_of(name, community.id, prompts))
    if community.digest is not None and community.digest.prompt not in samples.UNNAMED:
        yield from ((community.digest.prompt, values) for values in samples.of_digest())
    onboarding = community.onboarding
    if onboarding is not None:
        names = [onboarding.welcome, onboarding.guidelines, *(f.prompt for f in onboarding.follow_ups)]
        for name in filter(None, names):
            yield from ((name, values) for values in samples.of_onboarding(onboarding))
        for name in filter(None, (onboarding.referrals.prompt, onboarding.referrals.announcement)):
            yield name, samples.of_referrals(onboarding)
        if onboarding.introduction is not None:
            yield from ((onboarding.introduction, values) for values in samples.of_introduction(onboarding))


def _uses_of_posts(community: Community, prompts: Mapping[str, str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """A template that cannot tell posts apart is tried with its longest question and, where a post has none, without: hundreds
    of posts may share it.
    """
    tells_apart = {name: _tells_apart(name, prompts) for post in community.posts for name in post.prompts}
    tried: dict[tuple[str, bool], dict[str, Any]] = {}
    for post in community.posts:
        for name, values in product(post.prompts, samples.of_post(post)):
            if tells_apart[name]:
                yield name, values
                continue
            key = (name, values["question"] is not None)
            if key not in tried or len(values["question"] or "") > len(tried[key]["question"] or ""):
                tried[key] = values
    yield from ((name, values) for (name, _), values in tried.items())


def _tells_apart(name: str, prompts: Mapping[str, str]) -> bool:
    """Whether a template may say something else for one post than for another, by itself or by what it includes."""
    stem = name.removesuffix(".j2")
    texts = [text for place, text in prompts.items() if stem in place]
    return any(word in text for text in texts for word in ("post", "include", "import", "extends"))


def _texts(
    community: Community, document: Document, here: Mapping[str, Post], templates: JinjaTemplates
) -> list[Problem]:
    """The ``text:`` of each post in a file is a template too."""
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
