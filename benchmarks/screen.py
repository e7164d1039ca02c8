"""The whole way of an edit: from the click in Chromium to the new numbers on its screen.

    python benchmarks/screen.py --workspace FOLDER           a workspace of `make bench`, 200 edits
    python benchmarks/screen.py --workspace FOLDER --edits 50

Voilà, its kernel and the browser share the machine, as they do on an analyst's laptop.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import CDPSession, Page, sync_playwright

from segbench.model.ask import did, field, tag
from segbench.model.rules import Group
from segbench.ui.address import address_of
from segbench.ui.history import Page as Shown

CHROME = os.environ.get("CHROME", "/usr/bin/chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
WATCH = """() => {
    const builder = document.querySelector(".sb-builder");
    const numbers = ".sb-big, .sb-share, .sb-alone, .sb-after, .sb-words";
    window.seen = { changed: 0 };
    new MutationObserver((records) => {
        const here = (node) => (node.nodeType === 1 ? node : node.parentElement)?.closest(numbers);
        if (records.some((one) => here(one.target))) seen.changed = performance.now();
    }).observe(builder, { subtree: true, characterData: true, childList: true });
}"""
PRESS = """(control) => new Promise((done) => {
    const start = performance.now();
    seen.changed = 0;
    control.click();
    let quiet = 0;
    const look = (now) => {
        const counting = document.querySelector(".sb-updating:not(.sb-hidden)");
        quiet = counting ? 0 : quiet + 1;
        // Painted with the frame after the last change; ten quiet frames mean that none comes.
        if (quiet < 10) return requestAnimationFrame(look);
        done(seen.changed ? seen.changed - start + 16.7 : null);
    };
    requestAnimationFrame(look);
})"""

COUNTED = "!document.querySelector('.sb-updating:not(.sb-hidden)')"
KINDS = (
    ".sb-segmented input[value=and]:not(:checked), .sb-segmented input[value=or]:not(:checked)",
    ".sb-not",
    ".sb-switch",
)
"""AND/OR, NOT, on or off."""


def tree() -> Group:
    """Eight rows, two of them in a group of their own."""
    return (
        field("country").is_any_of("DE", "AT", "CH", "US", "GB")
        & (field("lead_score") >= 20)
        & field("subscribed").is_true()
        & did("email_opened").at_least(2).within(days=90)
        & did("email_sent").at_least(1).within(days=365)
        & ~tag("churn risk")
        & (tag("vip") | did("order_placed").within(days=180))
    )


def main() -> None:
    """Serve the workspace, edit in Chromium, print what it took and what was left behind."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--workspace", type=Path, required=True)
    parser.add_argument("--edits", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    with _served(given.workspace) as (address, server), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROME, args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        took = show(page, address, tree())
        print(f"first numbers after {took:.1f} s")
        _report(page, server, random.Random(given.seed), given.edits)
        browser.close()


def show(page: Page, address: str, group: Group) -> float:
    """Open a segment; how many seconds until its numbers are there."""
    page.set_default_timeout(60_000)
    kept = address_of(Shown(group))
    start = time.perf_counter()
    page.goto(f"{address}#segment={kept}")
    page.wait_for_selector(".sb-builder .sb-row .sb-alone")
    page.wait_for_function(COUNTED)
    took = time.perf_counter() - start
    page.wait_for_timeout(3_000)
    page.evaluate(WATCH)
    return took


def edit(page: Page, edits: int, chance: random.Random) -> list[float]:
    """Press that many switches; how many ms each took, of those that changed a number."""
    taken = []
    for _ in range(edits):
        page.wait_for_timeout(100)
        found = _press(page, chance)
        if found is not None:
            taken.append(found)
    return taken


def _report(page: Page, server: int, chance: random.Random, edits: int) -> None:
    edit(page, 20, chance)
    watch = page.context.new_cdp_session(page)
    watch.send("Performance.enable")
    before = _left(watch, server)
    taken = edit(page, edits, chance)
    cuts = statistics.quantiles(taken, n=20)
    print(
        f"{len(taken)} of {edits} edits changed numbers: median {statistics.median(taken):.0f} ms, "
        f"p95 {cuts[18]:.0f} ms, most {max(taken):.0f} ms"
    )
    after = _left(watch, server)
    for name, was in before.items():
        print(f"{name}: {was:,} before, {after[name]:,} after")


def _press(page: Page, chance: random.Random) -> float | None:
    """Press one of the switches: how many ms until the numbers were new."""
    off = page.locator(".sb-builder .sb-switch[aria-checked=false]").all()
    # With all rows off there would be no numbers to wait for.
    some = off if len(off) > 1 else page.locator(f".sb-builder :is({chance.choice(KINDS)})").all()
    found: float | None = chance.choice(some).evaluate(PRESS)
    return found


def _left(watch: CDPSession, server: int) -> dict[str, int]:
    """What grows where something leaks: on the page, and in the kernels of the server."""
    watch.send("HeapProfiler.collectGarbage")
    found: dict[str, Any] = {
        each["name"]: each["value"] for each in watch.send("Performance.getMetrics")["metrics"]
    }
    return {
        "nodes of the page": int(found["Nodes"]),
        "listeners of the page": int(found["JSEventListeners"]),
        "heap of the page, kB": int(found["JSHeapUsedSize"]) >> 10,
        "memory of the largest kernel, kB": max(map(_resident, _children(server))),
    }


def _children(server: int) -> list[int]:
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(server)], capture_output=True, text=True, check=True
    )
    return [int(pid) for pid in listed.stdout.split()]


def _resident(process: int) -> int:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


@contextmanager
def _served(workspace: Path) -> Iterator[tuple[str, int]]:
    """The address of Voilà over a workspace, and its process."""
    words = [sys.executable, "-m", "segbench.serve", "--workspace", str(workspace), "--no-browser"]
    process = subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True
    )
    try:
        assert process.stdout
        for line in process.stdout:
            if line.startswith("segbench is ready: "):
                yield line.split(": ", 1)[1].strip(), process.pid
                break
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)


if __name__ == "__main__":
    main()
