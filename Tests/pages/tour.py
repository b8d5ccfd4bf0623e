"""Takes the screenshots for the emulator's README: tour.py FOLDER."""

import contextlib
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "emulator"))

import pictures
import scene
from browser import DESKTOP, PHONE, Browser
from callback import Site
from emulator_process import Emulator


def main(folder):
    with contextlib.ExitStack() as stack:
        receiver = Site()
        stack.callback(receiver.close)
        emulator = Emulator("--rate", "0")
        stack.callback(emulator.close)
        browser = Browser(stack.enter_context(tempfile.TemporaryDirectory()))
        stack.callback(browser.close)
        ids = scene.fill(emulator, f"{receiver.url}/webhook")
        # One event for each created session, and four for changes of three sessions.
        for _ in range(len(ids) + 4):
            receiver.seen.get(timeout=20)
        for name, page, size, dark in (
            ("sessions", "/", DESKTOP, False),
            ("session", f"/dashboard/sessions/{ids[0]}", DESKTOP, True),
            ("applicant", f"/session/{ids[2]}", PHONE, False),
            ("applicant-dark", f"/session/{ids[4]}", PHONE, True),
            ("webhooks", "/dashboard/webhooks", DESKTOP, False),
            ("clock", "/dashboard/clock", PHONE, True),
        ):
            browser.show_as(size, dark)
            browser.open(emulator.url + page)
            pictures.take(browser, folder / f"{name}.png")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
