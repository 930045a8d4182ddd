"""A Jinja2 environment in which a prompt can do little: no harm, nothing endless, nothing that calls out to people by
accident.

Escaping has one choke point, ``show``: whatever is not ``Mrkdwn`` is a person's text. What a macro, a block or ``~``
puts together of shown parts is ``Mrkdwn`` again, so that nothing is escaped twice.
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from types import FrameType
from typing import Any

from jinja2 import StrictUndefined, Undefined, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.exceptions import SecurityError, UndefinedError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from copbot.core.mrkdwn import Mrkdwn, escape

MOST_CHARACTERS = 40_000
"""Of a rendered text, and of any string on the way to it; Slack takes 40,000 in a message at the most."""

MOST_ITEMS = 1_000
"""Of a range, and of a list that is put together."""

TIME_LIMIT_S = 2.0

_FILTERS = frozenset(
    """
    abs capitalize count d default dictsort first float groupby int items join last length list lower map max min reject
    rejectattr reverse round select selectattr sort string sum title trim truncate unique upper wordcount
    """.split()  # noqa: SIM905 - a list of words
)
_GLOBALS = frozenset({"range", "namespace", "dict", "cycler", "joiner"})
_METHODS: tuple[tuple[type, frozenset[str]], ...] = (
    (
        str,
        frozenset({"upper", "lower", "title", "capitalize", "strip", "startswith", "endswith", "split", "splitlines"}),
    ),
    (date, frozenset({"strftime", "date", "time", "weekday", "isoweekday", "isoformat"})),
    (dict, frozenset({"get", "items", "keys", "values"})),
    (list, frozenset({"index", "count"})),
    (tuple, frozenset({"index", "count"})),
)


class TooMuchError(Exception):
    """A prompt takes too long or grows too large. The message completes "this prompt …"."""


def show(value: Any) -> str:
    """A value as it is shown: the program's own mrkdwn as it is, everything else escaped, exactly once."""
    if isinstance(value, Mrkdwn):
        return value
    if value is None:
        raise UndefinedError("this value is empty here: put {% if … %} around what shows it")
    if isinstance(value, datetime):
        value = f"{value:%A}, {value.day} {value:%B %Y, %H:%M}"
    elif isinstance(value, date):
        value = f"{value:%A}, {value.day} {value:%B %Y}"
    return Mrkdwn(escape(str(value)))


def _joined(parts: Iterable[Any]) -> str:
    """The parts as one text. With one of them ``Mrkdwn`` the whole is, the others escaped."""
    items = list(parts)
    safe = any(isinstance(item, Mrkdwn) for item in items)
    texts = [show(item) if safe else str(item) for item in items]
    _limit(sum(map(len, texts)), MOST_CHARACTERS, "characters")
    return Mrkdwn("".join(texts)) if safe else "".join(texts)


def _concat(parts: Iterable[str]) -> Mrkdwn:
    """What the engine puts together of shown parts: of a macro, a block, an include."""
    pieces: list[str] = []
    size = 0
    for part in parts:
        size += len(part)
        _limit(size, MOST_CHARACTERS, "characters")
        pieces.append(part)
    return Mrkdwn("".join(pieces))


def _join(values: Iterable[Any], separator: str = "", attribute: str | None = None) -> str:
    """The filter ``join``, which knows mrkdwn."""
    parts: list[Any] = []
    for value in values:
        if attribute is not None:
            value = value[attribute] if isinstance(value, dict) else getattr(value, attribute.lstrip("_"))
        parts += [separator, value] if parts else [value]
        _limit(len(parts), 2 * MOST_ITEMS, "items")
    return _joined(parts)


def _range(*bounds: int) -> range:
    found = range(*bounds)
    _limit(len(found), MOST_ITEMS, "items")
    return found


def _limit(size: int, most: int, what: str) -> None:
    if size > most:
        raise TooMuchError(f"makes more than {most:,} {what}: shorten it")


class _Generator(CodeGenerator):
    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:  # noqa: N802 - the engine's name
        """``a ~ b`` by way of ``joined``, so that a mention stays one and a text cannot grow without end."""
        self.write("environment.joined((")
        for part in node.nodes:
            self.visit(part, frame)
            self.write(", ")
        self.write("))")


class PromptEnvironment(ImmutableSandboxedEnvironment):
    """The sandbox: a short list of filters and methods, bounded sizes, strict undefined names."""

    code_generator_class = _Generator
    intercepted_binops = frozenset({"+", "*", "**", "%"})
    concat = staticmethod(_concat)
    joined = staticmethod(_joined)

    def __init__(self, **options: Any) -> None:
        super().__init__(
            undefined=StrictUndefined, finalize=show, trim_blocks=True, lstrip_blocks=True, optimized=False, **options
        )
        self.filters = {name: self.filters[name] for name in _FILTERS} | {"join": _join}
        self.globals = {name: self.globals[name] for name in _GLOBALS} | {"range": _range}

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        if not super().is_safe_attribute(obj, attr, value):
            return False
        if not callable(value):
            return True
        for kind, methods in _METHODS:
            if isinstance(obj, kind):
                return attr in methods
        return type(obj).__module__.startswith("jinja2.")

    def wrap_str_format(self, value: Any) -> None:
        """``format`` is no method of a prompt's: a width in it could fill the memory."""

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        if operator == "+" and isinstance(left, str) and isinstance(right, str):
            return _joined((left, right))
        if operator == "+" and isinstance(left, list | tuple) and isinstance(right, list | tuple):
            _limit(len(left) + len(right), MOST_ITEMS, "items")
        elif operator == "**" or not _are_small_numbers(left, right):
            raise SecurityError(f"{operator} works with numbers up to a million here")
        return super().call_binop(context, operator, left, right)


def _are_small_numbers(*values: Any) -> bool:
    return all(
        isinstance(value, Undefined) or (isinstance(value, int | float) and abs(value) <= 1_000_000) for value in values
    )


@contextmanager
def time_limit(monotonic: Callable[[], float], seconds: float = TIME_LIMIT_S) -> Iterator[None]:
    """Raise TooMuchError in this thread when the block takes longer; looked at before each line that runs."""
    deadline = monotonic() + seconds
    before = sys.gettrace()

    def look(frame: FrameType, _event: str, _argument: Any) -> Any:
        if monotonic() > deadline and _is_rendering(frame):
            raise TooMuchError("takes too long: does a loop in it end?")
        return look

    sys.settrace(look)
    try:
        yield
    finally:
        sys.settrace(before)


def _is_rendering(frame: FrameType) -> bool:
    """Whether a prompt or the engine runs here: what Python calls in between by itself, to clear up, can raise nothing to anybody."""
    return "__jinja_template__" in frame.f_globals or str(frame.f_globals.get("__name__", "")).startswith("jinja2")
