"""Logs on standard error, for people or for machines. No message text and no token is ever in them."""

import json
import logging
import re
import sys
from datetime import UTC, datetime
from typing import Literal

from copbot.adapters.store.engine import why_out_of_reach

SAID_AGAIN_S = 60.0
"""Seconds after which the log says again that the database is out of reach, as long as it is."""

_SECRET = re.compile(r"\bx(?:ox[a-z]|app)-[A-Za-z0-9-]+|(?<=ticket=)[^&\s]+")


class _WithoutSecrets(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = _SECRET.sub("(secret)", record.getMessage())
        record.args = ()
        return True


class _DatabaseAway(logging.Filter):
    """While the database is away every thread finds out, again and again: that is one line a minute, and no defect to be traced."""

    _silent_until = 0.0

    def filter(self, record: logging.LogRecord) -> bool:
        why = why_out_of_reach(record.exc_info[1]) if record.exc_info else ""
        if not why:
            return True
        if record.created < self._silent_until:
            return False
        self._silent_until = record.created + SAID_AGAIN_S
        record.msg, record.args = "the database is out of reach, trying again: %s", (why,)
        record.exc_info = record.exc_text = None
        return True


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            entry["error"] = _SECRET.sub("(secret)", self.formatException(record.exc_info))
        return json.dumps(entry, ensure_ascii=False)


class _Text(logging.Formatter):
    def formatException(self, ei: object) -> str:  # noqa: N802 - logging's own name
        return _SECRET.sub("(secret)", super().formatException(ei))  # type: ignore[arg-type]


def set_up_logs(level: str, style: Literal["text", "json"] | None) -> None:
    """Send the logs of the program to standard error; ``style`` None: text on a terminal, else JSON."""
    handler = logging.StreamHandler(sys.stderr)
    as_text = style == "text" or (style is None and sys.stderr.isatty())
    handler.setFormatter(_Text("%(asctime)s %(levelname)s %(name)s: %(message)s") if as_text else _Json())
    handler.addFilter(_DatabaseAway())
    handler.addFilter(_WithoutSecrets())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    # The libraries' own chatter may carry what members wrote. Failures of slack_sdk's calls come back as errors, which this
    # program tells in its own words; Bolt's are told nowhere else.
    logging.getLogger("slack_sdk").setLevel(logging.CRITICAL)
    logging.getLogger("slack_bolt").setLevel(logging.ERROR)
    for name in ("apscheduler", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)
