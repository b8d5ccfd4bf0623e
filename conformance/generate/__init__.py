"""Generators of bindings from abi/deepidv.abi.json, one module for each language."""
