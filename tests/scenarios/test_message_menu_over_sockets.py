"""What people do in a message's menu, and what they find again, with the whole bot as a process."""

from pathlib import Path
from typing import Any

from running import COMMUNITY, Community, Running

GUIDELINES = "• Disagree with the method, not with the person.\n• Never post personal data."


def last_card(community: Community, words: str) -> dict[str, Any]:
    """The newest of the bot's messages among the moderators in which these words stand."""
    workspace = community.workspace

    def found() -> dict[str, Any] | None:
        told = [m for m in workspace.messages(community.mods) if m.get("user") == workspace.bot_user]
        return next((m for m in reversed(told) if words in str(m)), None)

    message: dict[str, Any] = workspace.wait_for(found)
    return message


def test_a_thread_is_watched_marked_and_found_and_a_message_is_reported_and_dealt_with(tmp_path: Path) -> None:
    with Community(tmp_path) as community:
        workspace, ana, ben, mod = community.workspace, community.ana, community.ben, community.mod
        quiet = COMMUNITY.replace("after: 3s", "after: 10h") + '    attention: {quiet: "off"}\n'
        community.write("schedules/community.yaml", quiet)
        community.write("prompts/guidelines.j2", GUIDELINES)

        def heard(user: str, words: str) -> bool:
            return any(words in one["text"] for one in workspace.ephemerals(user))

        def dm(user: str, words: str) -> str:
            told: str = workspace.wait_for(
                lambda: next((one for one in community.said(workspace.dm(user)) if words in one), None)
            )
            return told

        with Running(community):
            # Given a question, when a moderator watches it, then it has its card at once; who is none may not
            root = workspace.post(community.data, ana, "How do I link two registers?")
            workspace.wait_for(lambda: not workspace.unacknowledged)
            workspace.message_shortcut(ben, community.data, root, "threads_watch")
            workspace.wait_for(lambda: heard(ben, "Moderators can do this."))
            workspace.message_shortcut(mod, community.data, root, "threads_watch")
            last_card(community, "has waited")
            # When the person who asked marks it, then the card closes
            workspace.message_shortcut(ana, community.data, root, "threads_answered")
            workspace.wait_for(lambda: heard(ana, "Noted as answered"))
            last_card(community, "Answered")

            # Given an answer, when somebody looks for it in other words, then it is found, with a way there
            workspace.post(community.data, ben, "Splink does that.", thread_ts=root)
            workspace.wait_for(lambda: not workspace.unacknowledged)
            workspace.command(mod, community.data, "/cop", "find linking registers")
            workspace.wait_for(lambda: heard(mod, "Answered threads with"))
            assert root.replace(".", "") in str(workspace.ephemerals(mod)[-1]["blocks"])

            # Given a bad message, when it is reported, then the moderators have a case without the reporter's name
            bad = workspace.post(community.data, ben, "Only a fool would ask that.")
            workspace.wait_for(lambda: not workspace.unacknowledged)
            workspace.message_shortcut(ben, community.data, bad, "moderation_report")
            workspace.wait_for(lambda: heard(ben, "This is your own message"))
            workspace.message_shortcut(ana, community.data, bad, "moderation_report")
            workspace.wait_for(lambda: workspace.view_of(ana))
            assert workspace.submit(ana, {"reason": "Disagree with the method, not with the person."}) == {}
            workspace.close_view(ana)
            case = last_card(community, "*Reported*")
            assert ana not in str(case)

            # When a moderator reminds, then the person reads it in private; only then can they be warned
            assert "moderation:step:warned" not in str(case)
            workspace.press(mod, community.mods, case["ts"], "moderation:step:reminded")
            workspace.wait_for(lambda: "Private reminder" in str(workspace.view_of(mod)))
            workspace.submit(mod, {})
            assert "> Disagree with the method" in dm(ben, "A quiet word")
            workspace.wait_for(lambda: "moderation:step:warned" in str(last_card(community, "*Reported*")), timeout=30)

            # When the case is closed, then the reporter hears that it was looked into, and nothing else
            workspace.press(mod, community.mods, case["ts"], "moderation:step:noted")
            workspace.wait_for(lambda: "Close the case" in str(workspace.view_of(mod)))
            workspace.submit(mod, {"note": "We talked."})
            assert "We talked" not in dm(ana, "They have looked into it")
            last_card(community, "*Closed*")
