"""The colours of a report, in light and in dark.

Checked for contrast against their surface: text 4.5 to 1 and more, marks 3 to 1. What is told apart by colour is told apart by place
or by words too.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Palette:
    """``parts`` are those of a whole, in order; ``warmth`` goes from nobody to most."""

    surface: str
    ink: str
    faint: str
    line: str
    mark: str
    pale: str
    parts: tuple[str, ...]
    on_parts: tuple[str, ...]
    warmth: tuple[str, ...]

    def variables(self) -> dict[str, str]:
        """CSS custom property -> colour."""
        named = {"surface": self.surface, "ink": self.ink, "faint": self.faint, "line": self.line}
        named |= {"mark": self.mark, "pale": self.pale}
        named |= {f"part-{number}": colour for number, colour in enumerate(self.parts)}
        named |= {f"on-part-{number}": colour for number, colour in enumerate(self.on_parts)}
        named |= {f"warmth-{number}": colour for number, colour in enumerate(self.warmth)}
        return named


LIGHT = Palette(
    surface="#ffffff",
    ink="#1b1f24",
    faint="#57606a",
    line="#d5dae0",
    mark="#0b6a74",
    pale="#86bcc2",
    parts=("#0b4f57", "#1f7a84", "#a9d3d6", "#e3e6e9", "#f2c572"),
    on_parts=("#ffffff", "#ffffff", "#1b1f24", "#1b1f24", "#1b1f24"),
    warmth=("#f0f3f4", "#d2e7e9", "#a6d0d4", "#6fb1b8", "#37888f", "#0d5c65"),
)
DARK = Palette(
    surface="#161b20",
    ink="#e8ecef",
    faint="#a3adb7",
    line="#37404a",
    mark="#5cc4cf",
    pale="#2f6a72",
    parts=("#8fe0e8", "#3d9ba5", "#28606a", "#39424b", "#c8923a"),
    on_parts=("#0d1114", "#0d1114", "#ffffff", "#ffffff", "#0d1114"),
    warmth=("#222930", "#1f3d43", "#235a62", "#2f818b", "#4aaab5", "#8fe0e8"),
)


def placeholders() -> Palette:
    """Colours that stand for the names of the variables while a chart is drawn: no two alike, none of them a colour of its own."""
    names = list(LIGHT.variables())
    stand_in = {name: f"#fe{number:02x}{number + 101:02x}" for number, name in enumerate(names)}

    def some(prefix: str) -> tuple[str, ...]:
        return tuple(
            colour
            for name, colour in stand_in.items()
            if name.startswith(f"{prefix}-") and name[len(prefix) + 1 :].isdecimal()
        )

    return Palette(
        **{name: stand_in[name] for name in ("surface", "ink", "faint", "line", "mark", "pale")},
        parts=some("part"),
        on_parts=some("on-part"),
        warmth=some("warmth"),
    )
