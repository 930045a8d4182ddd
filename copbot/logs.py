"""Logs on standard error, for people or for machines. No message text and no token is ever in them."""

import json
import logging
import re
import sys
from datetime import UTC, datetime
from typing import Literal

_SECRET = re.compile(r"\bx(?:ox[a-z]|app)-[A-Za-z0-9-]+|(?<=ticket=)[^&\s]+")


class _WithoutSecrets(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = _SECRET.sub("(secret)", record.getMessage())
        record.args = ()
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
    handler.addFilter(_WithoutSecrets())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    # The libraries' own chatter may carry what members wrote. Failures of slack_sdk's calls come back as errors, which this
    # program tells in its own words; Bolt's are told nowhere else.
    logging.getLogger("slack_sdk").setLevel(logging.CRITICAL)
    logging.getLogger("slack_bolt").setLevel(logging.ERROR)
    for name in ("apscheduler", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)
