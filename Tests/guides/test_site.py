"""The site of the guides: its links, what it requests, how it looks on a phone, and its search."""

import functools
import html.parser
import http.server
import posixpath
import threading
import urllib.parse

import pytest
from blocks import ROOT
from browser import AXE, DESKTOP, PHONE, Browser
from selenium.webdriver.support.wait import WebDriverWait

SITE = ROOT / ".build-site"
# Pages that only developers read. They are not opened in the browser, since that takes a while.
FOR_DEVELOPERS = ("Benchmarks/", "Fuzz/", "Tests/", "source/")
# Attributes that make a browser request something, or lead to another page.
LOADED = {"script": "src", "img": "src", "source": "src", "iframe": "src", "link": "href"}


class Page(html.parser.HTMLParser):
    """What a page links, what it loads, and which names it has."""

    def __init__(self, path):
        super().__init__()
        self.links, self.loaded, self.names = [], [], set()
        self.feed(path.read_text("utf-8"))

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        self.names |= {values[name] for name in ("id", "name") if values.get(name)}
        if tag == "a" and values.get("href"):
            self.links.append(values["href"])
        if tag in LOADED and values.get(LOADED[tag]):
            self.loaded.append(values[LOADED[tag]])


@pytest.fixture(scope="module")
def pages():
    """Return the pages by their paths."""
    found = {str(path.relative_to(SITE)): Page(path) for path in SITE.rglob("*.html") if path.name != "404.html"}
    assert "index.html" in found, "there is no site: make docs-site"
    return found


@pytest.fixture(scope="module")
def url():
    """Return the URL of the site on a server of its own."""

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=SITE))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    browser = Browser(tmp_path_factory.mktemp("chromium"))
    browser.allow_scripts(True)
    browser.driver.execute_cdp_cmd("Network.enable", {})
    yield browser
    browser.close()


def target_of(page, link):
    """Return the file that a link of a page leads to, and its fragment."""
    parts = urllib.parse.urlsplit(link)
    path = posixpath.normpath(posixpath.join(posixpath.dirname(page), urllib.parse.unquote(parts.path)))
    path = page if not parts.path else path
    return (posixpath.join(path, "index.html") if (SITE / path).is_dir() else path), parts.fragment


def test_links(pages):
    """Each leads to a page, and to a heading of it; others are URLs."""
    broken = []
    for name, page in pages.items():
        for link in page.links + page.loaded:
            parts = urllib.parse.urlsplit(link)
            if parts.scheme in ("http", "https"):
                assert parts.hostname, f"{name}: {link}"
                continue
            file, fragment = target_of(name, link)
            known = (SITE / file).is_file() and (not fragment or file not in pages or fragment in pages[file].names)
            broken += [] if known and not parts.scheme and not parts.netloc else [f"{name}: {link}"]
    assert broken == []


def test_every_guide_is_a_page(pages):
    for path in (ROOT / "docs").glob("*.md"):
        assert f"docs/{path.stem}/index.html" in pages
    assert {"docs/abi/index.html", "Emulator/index.html", "bindings/python/index.html"} <= set(pages)


def test_nothing_is_loaded_from_elsewhere(pages):
    for name, page in pages.items():
        assert [link for link in page.loaded if urllib.parse.urlsplit(link).netloc] == [], name


def requested(browser):
    """Return the URLs that the page has requested."""
    return browser.driver.execute_script("return performance.getEntries().map(entry => entry.name)")


def test_in_a_browser(browser, url, pages):
    """No page for users requests another host, is wider than a phone, or logs an error."""
    browser.show_as(PHONE)
    for name in sorted(name for name in pages if not name.startswith(FOR_DEVELOPERS)):
        browser.open(url + name.removesuffix("index.html"))
        elsewhere = [entry for entry in requested(browser) if entry.startswith("http") and not entry.startswith(url)]
        assert elsewhere == [], name
        assert browser.driver.execute_script("return document.documentElement.scrollWidth") <= PHONE[0], name
    assert browser.complaints() == []


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_contrast_and_pictures(browser, url, size, dark):
    browser.show_as(size, dark)
    for page in ("", "docs/outcomes/", "docs/start-python/"):
        browser.open(url + page)
        browser.driver.execute_script(AXE)
        rules = {"runOnly": ["color-contrast", "image-alt", "link-in-text-block"]}
        found = browser.driver.execute_async_script("axe.run('.md-content', arguments[0]).then(arguments[1])", rules)[
            "violations"
        ]
        assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found] == []
        pictures = "return [...document.querySelectorAll('.md-content img')].map(img => img.naturalWidth)"
        assert 0 not in browser.driver.execute_script(pictures)


def test_search(browser, url):
    browser.show_as(DESKTOP)
    browser.open(url)
    browser.driver.execute_script("document.querySelector('.md-search__input').focus()")
    browser.find(".md-search__input").send_keys("reconcile token")
    link = WebDriverWait(browser.driver, 20).until(lambda _: browser.find(".md-search-result__link"))
    assert link.get_attribute("href").startswith(url)
    assert [entry for entry in requested(browser) if entry.startswith("http") and not entry.startswith(url)] == []
