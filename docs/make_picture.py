"""Make docs/demo.svg, the picture in the README: what ``retrolabel demo`` prints of the schema change.

python docs/make_picture.py
"""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import DIMMED_MONOKAI
from rich.text import Text

PICTURE = Path(__file__).parent / "demo.svg"
WIDTH = 82
FIRST, LAST = "3. Month 4", "Label models under"
FORMAT = """<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<title>retrolabel demo: a schema change goes through</title>
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace;
  font-size: {char_height}px; line-height: {line_height}px; font-variant-east-asian: full-width; }}
{styles}
</style>
<defs><clipPath id="{unique_id}-clip-terminal"><rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/>
</clipPath>{lines}</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}<g class="{unique_id}-matrix">{matrix}</g></g>
</svg>
"""


def demo_output() -> list[str]:
    """Return the lines that the demo prints, in a terminal of 80 columns."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-m", "retrolabel", "demo", str(Path(folder) / "demo")],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "COLUMNS": "80", "FORCE_COLOR": "1"},
        )
    return re.sub(r"\x1b\[[0-9;]*m", "", done.stdout).splitlines()


def main() -> None:
    """Run the demo, take the chapters about the change, write the picture."""
    lines = demo_output()
    start = next(place for place, line in enumerate(lines) if line.startswith(FIRST))
    end = next(place for place, line in enumerate(lines) if line.strip().startswith(LAST))
    ending = re.findall(r"^(?:What changed|How good):.*(?:\n  .*)*", "\n".join(lines), flags=re.MULTILINE)
    console = Console(record=True, width=WIDTH, file=io.StringIO(), legacy_windows=False)
    for line in [*lines[start:end], *ending]:
        heading = line[:2] in {f"{chapter}." for chapter in range(1, 6)}
        console.print(Text(line, style="bold cyan" if heading else ""))
    PICTURE.write_text(
        console.export_svg(title="retrolabel demo", theme=DIMMED_MONOKAI, code_format=FORMAT, unique_id="demo"),
        encoding="utf-8",
    )
    print(f"wrote {PICTURE}")


if __name__ == "__main__":
    main()
