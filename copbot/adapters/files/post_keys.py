"""What the keys of a post must hold together."""

from typing import Any

from copbot.adapters.files.document import Document, Path
from copbot.adapters.files.entries import check_twice, entries_of
from copbot.adapters.files.words import shown, time_of_day

_KINDS = ("every", "cron", "date")
_WITH_EVERY = ("at", "on", "between", "otherwise", "window")


def check_posts(document: Document, posts: Any) -> None:
    """Note every mistake between the keys of a file's ``posts``."""
    for number, post in entries_of(posts):
        _check_post(document, ("posts", number), post)


def _check_post(document: Document, path: Path, post: dict[str, Any]) -> None:
    prompt, text, questions = (post.get(key) for key in ("prompt", "text", "questions"))
    if prompt not in (None, []) and text is not None:
        document.problem((*path, "text"), "`prompt` and `text` both say what to post: delete one of them", at_key=True)
    elif prompt in (None, []) and text is None and not questions:
        document.problem(
            path, "nothing says what to post: add `prompt: NAME.j2`, `text: …` or `questions:`", at_key=True
        )
    for key in ("prompt", "questions"):
        if isinstance(post.get(key), list):
            check_twice(document, (*path, key), post[key])
    first, last = post.get("from"), post.get("until")
    if isinstance(first, str) and isinstance(last, str) and last < first:
        document.problem((*path, "until"), f"`until` {shown(last)} lies before `from` {shown(first)}: exchange them")
    if isinstance(post.get("when"), dict):
        _check_when(document, (*path, "when"), post["when"])


def _check_when(document: Document, path: Path, when: dict[str, Any]) -> None:
    kinds = [kind for kind in _KINDS if when.get(kind) is not None]
    if not kinds:
        document.problem(
            path,
            '`when` needs one of `every`, `cron` and `date`: write one such as `{every: week, at: "10:00", on: [wed]}`',
            at_key=True,
        )
    for extra in kinds[1:]:
        document.problem(
            (*path, extra), f"`{kinds[0]}` and `{extra}` exclude each other: delete one of them", at_key=True
        )
    if kinds and "every" not in kinds:
        for key in _WITH_EVERY:
            if key in when:
                document.problem(
                    (*path, key), f"`{key}` goes with `every`, not with `{kinds[0]}`: delete it", at_key=True
                )
    if "every" in kinds:
        _check_every(document, path, when)


def _check_every(document: Document, path: Path, when: dict[str, Any]) -> None:
    at, every = when.get("at"), when["every"]
    learned = at in ("best", "active")
    if at is None:
        document.problem(path, '`at` is missing: add a time such as `at: "10:00"`, or `at: best`', at_key=True)
    if learned and when.get("otherwise") is None:
        document.problem(
            (*path, "at"),
            f"`at: {at}` needs `otherwise`, the time until enough is learned: add one such as `{_such_as(every)}`",
        )
    for key in ("between", "otherwise"):
        if key in when and _is_time(at):
            document.problem(
                (*path, key), f"`{key}` goes with `at: best` or `at: active`, not with a time: delete it", at_key=True
            )
    if "window" in when and (at == "best" or _is_time(at)):
        document.problem((*path, "window"), "`window` goes with `at: active`: delete it", at_key=True)
    on = when.get("on")
    number = on[0] if isinstance(on, list) and len(on) == 1 else on
    if isinstance(number, int) and not isinstance(number, bool) and every not in ("month", "quarter"):
        document.problem(
            (*path, "on"),
            f"a day of the month goes with `every: month` or `quarter`, not with {shown(every)}: name days of the week",
        )
    otherwise = when.get("otherwise")
    if every in ("day", "weekday") and isinstance(otherwise, str) and " " in otherwise.strip():
        document.problem(
            (*path, "otherwise"), f'with `every: {every}` `otherwise` is a time alone: write it without a day, "10:00"'
        )


def _such_as(every: Any) -> str:
    return 'otherwise: "10:00"' if every in ("day", "weekday") else 'otherwise: "wed 10:00"'


def _is_time(at: Any) -> bool:
    """Whether a time of day stands there, and not a mistake, which is told by itself."""
    try:
        time_of_day(at)
    except ValueError:
        return False
    return True
