#!/usr/bin/env python3
"""Prints a binding from abi/deepidv.abi.json: binding.py LANGUAGE [FILE]."""

import importlib
import pathlib
import sys

from generate.abi import Interface


def main():
    generator = importlib.import_module(f"generate.{sys.argv[1]}")
    text = "\n".join(generator.generate(Interface())) + "\n"
    if len(sys.argv) > 2:
        pathlib.Path(sys.argv[2]).write_text(text)
    else:
        sys.stdout.write(text)


if __name__ == "__main__":
    main()
