"""How the messages for the labels were drawn from the four real histories: run it, and the same messages come out.

The draw knows nothing of the rule that the labels judge. Random: of all first messages by people, each as likely. Border: those that
look like a question at first sight, or nearly: with a mark that does not end the message or in a short one, and without any mark
but with a word that questions use.
"""

import json
import random
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

DATA = Path(__file__).parents[3] / "shared" / "data"
DATASETS = {
    "dd2030-slack-2025": "dd2030.slack-export.zip",
    "gitter-livechat-2016-2020": "gitter-livechat.slack-export.zip",
    "haskell-jp-slack-2017-2026": "haskell-jp.slack-export.zip",
    "houstondatavis-slack-2015": "houstondatavis.slack-export.zip",
}
SEED = 20261122
SIZES = {"random": 50, "marked": 25, "worded": 35}
HUMAN = (None, "file_share", "me_message")
WITHOUT = (None, "", "[text removed]")

MARK = re.compile(r"[?？]")
CUE = re.compile(
    r"\b(?:how|what|why|where|who|which|when|any|anyone|anybody|someone|somebody|help|please|pls|can|could|"
    r"would|should|is there|"
    r"does|wondering|know|need|looking|trying|tried|issue|error|problem|fails?|failed|unable|can't|cannot|"
    r"doesn't|not work\w*|"
    r"thoughts|ideas?|suggest\w*|recommend\w*|advice|want\w* to|interested|join|feedback|let me know)\b"
    r"|か(?:[。、\n ]|$)|か[なね]|かしら|教え|"
    r"ください|下さい|お願い|でしょう|誰|どなた|何|どう|どこ|いつ|なぜ|なんで|知り|募集|助け|困|わから|分から|エラー|方法|いただけ|頂け",
    re.IGNORECASE,
)


class Drawn(NamedTuple):
    dataset: str
    channel: str
    ts: str
    drawn: str
    half: str


def history(dataset: str) -> tuple[dict[str, list[dict[str, Any]]], set[str]]:
    """All messages by channel folder in order of time, and the users who are bots."""
    found: dict[str, list[dict[str, Any]]] = {}
    with zipfile.ZipFile(DATA / dataset / DATASETS[dataset]) as export:
        bots = {user["id"] for user in json.loads(export.read("users.json")) if user.get("is_bot")} | {"USLACKBOT"}
        for name in export.namelist():
            if name.count("/") == 1 and name.endswith(".json"):
                found.setdefault(name.split("/")[0], []).extend(json.loads(export.read(name)))
    for messages in found.values():
        messages.sort(key=lambda message: message["ts"])
    return found, bots


def is_root(message: dict[str, Any], bots: set[str]) -> bool:
    """A first message by a person, with a text that was not removed before the history was published."""
    user = message.get("user")
    by_person = bool(user) and not message.get("bot_id") and user not in bots and message.get("subtype") in HUMAN
    return by_person and message.get("thread_ts") in (None, message["ts"]) and message.get("text") not in WITHOUT


def draw() -> Iterator[Drawn]:
    """Half of each kind of each history is for tuning, by lot; the other half is for the test."""
    for dataset in sorted(DATASETS):
        lot = random.Random(f"{SEED} {dataset}")
        channels, bots = history(dataset)
        roots = [
            (channel, message["ts"], message["text"])
            for channel in sorted(channels)
            for message in channels[channel]
            if is_root(message, bots)
        ]
        taken: set[tuple[str, str]] = set()
        for kind, size in SIZES.items():
            fitting = [root[:2] for root in roots if root[:2] not in taken and _fits(kind, root[2])]
            some = lot.sample(fitting, min(size, len(fitting)))
            taken.update(some)
            for number, (channel, ts) in enumerate(some):
                yield Drawn(dataset, channel, ts, kind, "tune" if number % 2 else "test")


def _fits(kind: str, text: str) -> bool:
    marked = MARK.search(text) is not None
    if kind == "random":
        return True
    if kind == "marked":
        return marked and (text.rstrip()[-1] not in "?？" or len(text) < 30)
    return not marked and CUE.search(text) is not None


if __name__ == "__main__":
    print("dataset\tchannel\tts\tdrawn\thalf")
    for drawn in draw():
        print("\t".join(drawn))
