"""The options of a command that select the service and the account."""

from __future__ import annotations

import argparse
import os
from typing import Any

from ._input import read_text


def service_options(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return the options that override the environment."""
    options: dict[str, Any] = {}
    if arguments.base_url is not None:
        options["base_url"] = arguments.base_url
        # An invalid value there would be an error, although it has no effect.
        os.environ.pop("DEEPIDV_BASE_URL", None)
    if arguments.api_key_file is not None:
        options["api_key"] = read_text(arguments.api_key_file, "--api-key-file").strip()
        os.environ.pop("DEEPIDV_API_KEY", None)
    return options
