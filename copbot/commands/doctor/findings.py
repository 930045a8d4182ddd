"""What was found about each thing that copbot stands on."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Finding:
    """``mend`` is the one step that makes it work again; empty where it works."""

    about: str
    works: bool
    says: str
    mend: str = ""


@dataclass(frozen=True)
class Examination:
    findings: tuple[Finding, ...]

    @property
    def is_well(self) -> bool:
        return all(finding.works for finding in self.findings)

    def as_json(self) -> dict[str, Any]:
        return {"works": self.is_well, "findings": [asdict(finding) for finding in self.findings]}

    def as_text(self) -> str:
        wrong = sum(not finding.works for finding in self.findings)
        told = f"{wrong} of {len(self.findings)} things are wrong." if wrong else "All of it works."
        return "\n".join([*(_line(finding) for finding in self.findings), told])


def _line(finding: Finding) -> str:
    told = f"{'works' if finding.works else 'WRONG':<6} {finding.about}: {finding.says}"
    return f"{told}\n       Mend: {finding.mend}" if finding.mend else told


Look = Callable[[], Iterable[Finding]]


def looked_at(about: str, looks: Iterable[Look]) -> Iterator[Finding]:
    """What several looks find. One that fails in a way nobody thought of is a finding too, and stops no other."""
    for look in looks:
        try:
            yield from look()
        except Exception as failed:  # noqa: BLE001  (a doctor who faints helps nobody)
            says = f"it could not be looked at ({type(failed).__name__})"
            yield Finding(about, False, says, "run `copbot doctor` again; if it stays so, report it with this line")
