"""The monthly report on its way to a coordinator's direct messages: a few sentences, a picture, and the page as a file."""

import logging
from collections.abc import Sequence

from copbot.adapters.report.page import page
from copbot.adapters.report.picture import charts_shown, in_words, overview
from copbot.adapters.slack import SlackWeb
from copbot.adapters.uploads import upload
from copbot.core.delivery import Enclosed, Outgoing, enclosed_file
from copbot.core.errors import SlackGone, SlackRefused, SlackUnavailable
from copbot.core.feature import Feature
from copbot.core.months import Month
from copbot.core.mrkdwn import MESSAGE_LIMIT, escape, shorten
from copbot.core.ports import Context
from copbot.core.report import Report
from copbot.core.reports import asked_of, report_of

log = logging.getLogger(__name__)

WITHOUT_FILES = "The report itself is missing: {why}. `{command} report {month}` sends it once that is mended."


class Enclosing:
    """Makes and uploads what a message encloses that is named after a community and a month, such as ``data-2026-10``."""

    def __init__(self, ctx: Context, features: Sequence[Feature], slack: SlackWeb) -> None:
        self._ctx = ctx
        self._features = features
        self._slack = slack

    def __call__(self, outgoing: Outgoing) -> Enclosed:
        """For a message that the bot sends by itself. What cannot be made is told in its place, so that nothing else waits for it.

        Raises SlackUnavailable when it is to be tried again later, and SlackGone.
        """
        assert outgoing.encloses is not None
        try:
            report = self._made(outgoing.encloses)
            return Enclosed(outgoing.text) if report is None else self._uploaded(report, outgoing.encloses)
        except (SlackUnavailable, SlackGone):
            raise
        except Exception:
            log.exception("the report %s could not be made", outgoing.encloses)
            return Enclosed(outgoing.text)

    def share(self, user: str, encloses: str) -> None:
        """For somebody who asked for it just now. Raises the errors of ``core.errors``."""
        report = self._made(encloses)
        if report is None:
            return
        enclosed, channel = self._uploaded(report, encloses), self._slack.open_dm(user)
        if enclosed.files:
            self._slack.share(channel, enclosed.text, enclosed.files)
        else:
            self._slack.call("chat.postMessage", {"channel": channel, "text": enclosed.text})

    def _made(self, encloses: str) -> Report | None:
        """None where the community is not there any more."""
        name, _, month = encloses[:-3].rpartition("-")
        community = next((one for one in self._ctx.communities() if one.id == name), None)
        if community is None:
            return None
        asked = asked_of(self._ctx, community, Month(int(month), int(encloses[-2:])))
        with self._ctx.store.read() as tx:
            return report_of(self._ctx, tx, asked, self._features)

    def _uploaded(self, report: Report, encloses: str) -> Enclosed:
        text = summary(report)
        try:
            files = []
            if charts_shown(report):
                picture = upload(self._slack, f"{encloses}.png", overview(report), in_words(report))
                files.append((picture, f"{report.asked.month.name} in pictures"))
            file = upload(self._slack, enclosed_file(encloses), page(report).encode())
            return Enclosed(text, (*files, (file, f"The report on {report.asked.month.name}")))
        except SlackGone:
            raise
        except SlackRefused as refused:
            why = (
                "the app may not send files yet; update it from `copbot manifest`, at api.slack.com/apps, and install it again"
                if refused.error == "missing_scope"
                else f"Slack refused it ({refused.error})"
            )
            log.error("the report %s could not be uploaded: %s", encloses, refused.error)
            told = WITHOUT_FILES.format(why=why, command=self._ctx.command, month=report.asked.month.key)
            return Enclosed(f"{text}\n{told}")


def summary(report: Report) -> str:
    """The month in its sentences, as mrkdwn."""
    head = f"*{escape(report.asked.community.name)}: {report.asked.month.name}*"
    told = [f"• {escape(sentence)}" for sentence in report.part.sentences]
    return shorten("\n".join([head, *told]), MESSAGE_LIMIT)
