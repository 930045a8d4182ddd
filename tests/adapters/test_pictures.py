"""The picture of a week: drawn in a thread of its own, readable in light and dark mode, sharing nothing."""

import struct
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from copbot.adapters.pictures import png
from copbot.core.pictures import Heatmap

TABLE = [[float(hour * (7 - day)) for hour in range(24)] for day in range(7)]


def heatmap(**changed: object) -> Heatmap:
    values = {
        "title": "#data: best time Mon 23:00 (UTC)",
        "explained": ["Mon 23:00: 2.0 times", "x" * 300, "50 $ each"],
    }
    return Heatmap(**{**values, "table": TABLE, "unit": "people", "alt": "A heatmap", "marked": (0, 23), **changed})  # type: ignore[arg-type]


def size(content: bytes) -> tuple[int, int]:
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", content[16:24])
    return width, height


def test_it_is_a_png_1200_pixels_wide_that_says_in_words_what_it_shows() -> None:
    content = png(heatmap())
    assert size(content)[0] == 1200
    assert b"A heatmap" in content


def test_a_strip_of_working_hours_makes_it_higher() -> None:
    assert size(png(heatmap(strip=[0.5] * 24, strip_label="9-18 %")))[1] > size(png(heatmap()))[1]


def test_what_the_font_cannot_show_and_an_empty_week_are_no_trouble() -> None:
    assert png(heatmap(title="#雑談: $x$", explained=["雑談"], table=[[0.0] * 24] * 7, marked=None))


def test_its_card_is_opaque_so_that_dark_mode_does_not_swallow_the_print() -> None:
    """The colour type of the PNG header is true colour, with alpha at most where all is opaque."""
    from io import BytesIO

    from matplotlib.image import imread

    pixels = imread(BytesIO(png(heatmap())))
    assert pixels.shape[2] == 3 or float(pixels[:, :, 3].min()) == 1.0
    assert pixels[0, 0, :3].tolist() == [1.0, 1.0, 1.0]


def test_several_may_be_drawn_at_once() -> None:
    with ThreadPoolExecutor(3) as pool:
        assert len(set(pool.map(lambda _: png(heatmap()), range(3)))) == 1


def test_nothing_of_it_is_loaded_before_a_picture_is_drawn() -> None:
    code = "import sys, copbot.wiring; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
