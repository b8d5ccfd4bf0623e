"""Takes small screenshots for READMEs."""

import subprocess

LIMIT = 60_000


def take(browser, path):
    """Takes a screenshot, and fails if the file is too large."""
    browser.picture(path)
    subprocess.run(["pngquant", "--force", "--strip", "--speed", "1", "--output", path, "64", path], check=True)
    size = path.stat().st_size
    assert size <= LIMIT, f"{path} has {size} bytes"
    print(f"{path}: {size} bytes")
