"""Takes the screenshots for the example application's README: onboarding_tour.py FOLDER."""

import contextlib
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "emulator"))

import pictures
from browser import Browser
from emulator_process import Emulator
from onboarding_app import SECRET, Application

# A small phone.
SIZE = (400, 780)
PERSON = {"first_name": "Ada", "last_name": "Lovelace", "email": "ada@people.net", "phone": "+15192223333"}


def main(folder):
    with contextlib.ExitStack() as stack:
        emulator = Emulator("--rate", "0", "--webhook-insecure")
        stack.callback(emulator.close)
        app = Application(pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory())), emulator.url)
        stack.callback(app.close)
        emulator.command("webhooks", url=f"{app.url}/webhook", secret=SECRET)
        browser = Browser(stack.enter_context(tempfile.TemporaryDirectory()))
        stack.callback(browser.close)
        browser.allow_scripts(True)

        def take(name, dark=False):
            browser.show_as(SIZE, dark)
            pictures.take(browser, folder / f"{name}.png")

        browser.open(app.url)
        for field, value in PERSON.items():
            browser.find(f"#{field}").send_keys(value)
        take("sign-up")
        browser.click("main button")
        take("start")
        browser.click("main a.button")
        for step in ("document", "selfie", "review", "success"):
            browser.click(f"main button[value={step}]")
        take("checking", dark=True)
        emulator.update(app.users()[0]["session_id"], "VERIFIED")
        browser.wait_for_title("You are verified")
        take("verified")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
