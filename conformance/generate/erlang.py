"""The module of Erlang for the NIFs of erlang_nif.py."""


def inputs(function):
    """The parameters that a caller passes: no lengths, no buffers, no outputs."""
    return [
        one for one in function.parameters
        if one.direction != "out" and not one.length_of and not one.capacity_of
    ]  # fmt: skip


def generate(interface):
    counts = [(function.short, len(inputs(function))) for function in interface.functions]
    counts += [("copy", 1), ("select", 1), ("stop", 1)]
    yield "-module(deepidv).\n-on_load(load/0)."
    yield "-export([constant/1, " + ", ".join(f"{name}/{count}" for name, count in counts) + "])."
    yield 'load() -> erlang:load_nif(filename:rootname(code:which(?MODULE)) ++ "_nif", 0).'
    for name, count in counts:
        yield f"{name}({', '.join(['_'] * count)}) -> erlang:nif_error(not_loaded)."
    constants = [f"constant({one.short.lower()}) -> {one.value}" for one in interface.constants]
    yield ";\n".join(constants) + "."
