"""Ending slack_sdk's own Socket Mode client, which is a race inside it."""

from contextlib import suppress
from threading import Thread
from typing import Any

from copbot.workspace.server import Workspace


def let_go(workspace: Workspace, handler: Any) -> None:
    """Close a handler's connection, also where slack_sdk would spin for ever: its reader, when it starts just then, takes back the word
    that it should end."""
    handler.client.auto_reconnect_enabled = False
    workspace.faults.drop_sockets()  # or the client would wait out its three seconds of reading
    workspace.wait_for(lambda: not handler.client.is_connected())
    closing = Thread(target=_close, args=[handler], daemon=True)
    closing.start()
    while closing.is_alive():
        handler.client.current_session_state.terminated = True
        closing.join(0.05)
    handler.client.message_workers.shutdown()


def _close(handler: Any) -> None:
    with suppress(AttributeError, OSError):  # its socket may be gone meanwhile
        handler.close()
