"""The labels, and their texts where the real histories are. Run it, and it prints the tables of docs/questions.md."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import drawing

from copbot.core.asks import RULE_VERSION, asks
from copbot.core.intervals import wilson

FILE = Path(__file__).parent / "questions.tsv"


class Label(NamedTuple):
    dataset: str
    channel: str
    ts: str
    drawn: str
    half: str
    asks: bool
    doubtful: bool


def labels() -> list[Label]:
    rows = [line.split("\t") for line in FILE.read_text().splitlines()[1:]]
    return [Label(*row[:5], row[5] == "yes", row[6] == "yes") for row in rows]


def texts_of(some: Iterable[Label]) -> Iterator[tuple[Label, str]]:
    by_dataset: dict[str, list[Label]] = defaultdict(list)
    for label in some:
        by_dataset[label.dataset].append(label)
    for dataset, those in by_dataset.items():
        channels, _ = drawing.history(dataset)
        found = {
            (channel, one["ts"]): one["text"] for channel, every in channels.items() for one in every if one.get("text")
        }
        yield from ((label, found[label.channel, label.ts]) for label in those)


def _share(part: int, total: int) -> str:
    interval = wilson(part, total)
    if interval is None:
        return "-"
    return f"{part / total:.2f} ({part} of {total}; {interval[0]:.2f} to {interval[1]:.2f})"


def _table(half: str) -> Iterator[str]:
    groups: dict[tuple[str, str], list[tuple[bool, bool]]] = defaultdict(list)
    for label, text in texts_of(label for label in labels() if label.half == half):
        kind = "random" if label.drawn == "random" else "border"
        for group in (("all four", kind), ("all four", "both"), (label.dataset, kind), (label.dataset, "both")):
            groups[group].append((asks(text)[0], label.asks))
    yield f"rule {RULE_VERSION}, the half for the {half}"
    yield "| history | draw | messages | precision | recall |"
    yield "| --- | --- | --- | --- | --- |"
    for (dataset, kind), judged in sorted(groups.items(), key=lambda group: (group[0][0] != "all four", group[0])):
        right = sum(found and asking for found, asking in judged)
        said, asking = sum(found for found, _ in judged), sum(asking for _, asking in judged)
        yield f"| {dataset} | {kind} | {len(judged)} | {_share(right, said)} | {_share(right, asking)} |"


if __name__ == "__main__":
    for half in ("test", "tune"):
        print("\n".join([*_table(half), ""]))
