"""The interface as objects, with what most languages need."""

import json
import pathlib
import re

PATH = pathlib.Path(__file__).resolve().parents[2] / "abi" / "deepidv.abi.json"


def words(table):
    """Return a JSON object whose members are attributes; those that are missing are None."""
    return Words(**table)


class Words:
    def __init__(self, **members):
        self.__dict__.update(members)

    def __getattr__(self, name):
        return None

    @property
    def short(self):
        """The name without its prefix."""
        return re.sub("^deepidv_", "", self.name, flags=re.IGNORECASE)

    @property
    def base(self):
        """The C type without const and stars."""
        return self.type.replace("const ", "").replace("*", "").strip()

    @property
    def stars(self):
        """The number of stars."""
        return self.type.count("*")


class Interface:
    def __init__(self):
        table = json.loads(PATH.read_text())
        self.soname = table["soname"]
        self.typedefs = table["typedefs"]
        self.groups = [words(group) for group in table["constants"]]
        self.constants = [words(constant) for group in table["constants"] for constant in group["constants"]]
        self.handles = [words(handle) for handle in table["handles"]]
        self.structures = [words(structure) for structure in table["structures"]]
        for structure in self.structures:
            structure.fields = [words(field) for field in structure.fields]
        self.functions = [words(function) for function in table["functions"]]
        for function in self.functions:
            function.parameters = [words(parameter) for parameter in function.parameters]
            function.returns = words(function.returns)
        self._handle_names = {handle.name for handle in self.handles}
        self._structure_names = {structure.name for structure in self.structures}

    def is_handle(self, value):
        return value.base in self._handle_names

    def is_structure(self, value):
        return value.base in self._structure_names

    def number(self, value):
        """The C type of a number, without typedefs."""
        return self.typedefs.get(value.base, value.base)
