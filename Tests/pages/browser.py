"""Headless Chromium."""

import base64
import pathlib

import axe_core_python
from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException, WebDriverException
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

DESKTOP = (1280, 800)
PHONE = (390, 844)

AXE = (pathlib.Path(axe_core_python.__file__).parent / "axe.min.js").read_text()


class Browser:
    """A Chromium with scripts disabled unless a test enables them."""

    def __init__(self, folder):
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        for argument in (
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--hide-scrollbars",
            "--force-color-profile=srgb",
            "--disable-background-networking",
            f"--user-data-dir={folder}",
        ):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        # The redirect target has a self-signed certificate.
        options.accept_insecure_certs = True
        service = webdriver.ChromeService("/usr/bin/chromedriver")
        self.driver = webdriver.Chrome(options, service)
        self.allow_scripts(False)
        self.show_as(DESKTOP)

    def allow_scripts(self, allow):
        self.scripts = allow
        self.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": not allow})

    def close(self):
        self.driver.quit()

    def show_as(self, size, dark=False):
        """Sets the screen size and the color scheme."""
        width, height = size
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": size == PHONE},
        )
        self.driver.execute_cdp_cmd(
            "Emulation.setEmulatedMedia",
            {"features": [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]},
        )

    def open(self, url):
        self.driver.get(url)

    def find(self, css):
        return self.driver.find_element(By.CSS_SELECTOR, css)

    def click(self, css):
        """Clicks, and waits until another page has loaded."""
        page = self.find("html")
        self.find(css).click()
        WebDriverWait(self.driver, 20).until(lambda _: is_gone(page))

    @property
    def text(self):
        return self.find("body").text

    def wait_for(self, prefix):
        """Waits until the URL starts with a prefix, and returns the URL."""
        WebDriverWait(self.driver, 20).until(lambda driver: driver.current_url.startswith(prefix))
        return self.driver.current_url

    def wait_for_title(self, prefix):
        """Waits until the page has a title, which may take some reloads of a page that reloads itself."""
        WebDriverWait(self.driver, 20).until(lambda driver: driver.title.startswith(prefix))

    def complaints(self):
        """Returns the errors in the browser's log, such as violations of the content security policy."""
        return [entry["message"] for entry in self.driver.get_log("browser") if "/favicon.ico" not in entry["message"]]

    def violations(self):
        """Returns the accessibility problems that axe finds."""
        # axe needs scripts.
        before = self.scripts
        self.allow_scripts(True)
        try:
            self.driver.execute_script(AXE + "; window.axe = axe;")
            found = self.driver.execute_async_script(
                "const done = arguments[0]; axe.run(document).then(r => done(r.violations));"
            )
        finally:
            self.allow_scripts(before)
        return [(rule["id"], [node["html"] for node in rule["nodes"]][:3]) for rule in found]

    def overflow(self):
        """Returns by how many pixels the page is wider than the screen."""
        return self.driver.execute_script(
            "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )

    def picture(self, path, whole=False):
        clip = {}
        if whole:
            size = self.driver.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]
            clip = {"captureBeyondViewport": True, "clip": {**size, "scale": 1}}
        shot = self.driver.execute_cdp_cmd("Page.captureScreenshot", {"format": "png", **clip})
        pathlib.Path(path).write_bytes(base64.b64decode(shot["data"]))


def is_gone(element):
    try:
        element.is_enabled()
    except StaleElementReferenceException:
        return True
    except WebDriverException as error:
        # Chromium's error while the page is being replaced.
        if "does not belong to the document" in str(error):
            return True
        raise
    return False
