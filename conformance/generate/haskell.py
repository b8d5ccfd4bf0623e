"""A module of Haskell: calls that block are safe, so that other threads run meanwhile, and all others unsafe."""

NUMBERS = {
    "void": "()", "int": "CInt", "size_t": "CSize", "char": "CChar", "int32_t": "Int32", "uint32_t": "Word32",
    "int64_t": "Int64", "uint64_t": "Word64",
}  # fmt: skip


def camel(name, capital=False):
    first, *rest = name.lower().split("_")
    return (first.capitalize() if capital else first) + "".join(word.capitalize() for word in rest)


def type_of(interface, value):
    base = NUMBERS.get(interface.number(value)) or camel(value.base.removeprefix("deepidv_"), capital=True)
    for _ in range(value.stars):
        base = f"Ptr ({base})" if " " in base else f"Ptr {base}"
    return base


def generate(interface):
    yield "{-# LANGUAGE ForeignFunctionInterface #-}"
    yield "module Deepidv where\n"
    yield "import Data.Int (Int32, Int64)\nimport Data.Word (Word32, Word64)"
    yield "import Foreign.C.Types (CChar, CInt(..), CSize(..))\nimport Foreign.Ptr (FunPtr, Ptr)\n"
    for constant in interface.constants:
        yield f"{camel(constant.short)} :: Int32\n{camel(constant.short)} = {constant.value}"
    for one in interface.handles + interface.structures:
        yield f"data {camel(one.short, capital=True)}"
    for structure in interface.structures:
        name = camel(structure.short)
        yield f"{name}Size :: Int\n{name}Size = {structure.size}"
        for field in structure.fields:
            yield f"{name}_{field.name} :: Int\n{name}_{field.name} = {field.offset}"
    for handle in interface.handles:
        name = camel(handle.free.removeprefix("deepidv_"))
        yield f'foreign import ccall "&{handle.free}" {name}Pointer'
        yield f"  :: FunPtr (Ptr {camel(handle.short, capital=True)} -> IO ())"
    for function in interface.functions:
        types = [type_of(interface, one) for one in function.parameters]
        returns = type_of(interface, function.returns)
        types.append(f"IO ({returns})" if " " in returns else f"IO {returns}")
        safety = "safe" if function.blocks else "unsafe"
        yield f'foreign import ccall {safety} "{function.name}" {camel(function.short)}'
        yield f"  :: {' -> '.join(types)}"
