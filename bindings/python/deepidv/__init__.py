"""Identity verification sessions of deepidv: create them, and handle the redirects that come back.

::

    import deepidv

    with deepidv.Client("your API key") as client:
        session = client.create_session(
            first_name="Ada", last_name="Lovelace", email="ada@example.com", phone="+15192223333"
        )
        print(session.url)

    redirect = deepidv.parse_redirect("https://yourapp.com/cb?session_id=sess_abc&status=success")

Anyone can forge a redirect (see ``Redirect``): call ``Client.confirm_redirect`` to get the session's
status from the service. After a create, a session may exist although the call failed: see
``OutcomeUnknown``.
"""

from ._loading import version as _version

# As in typing, whose import takes longer than this one.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._public import *  # noqa: F403
else:
    from _thread import RLock

    # Before Python 3.9.3, a thread can get a module that another one still imports.
    _importing = RLock()

    def __getattr__(name: str) -> object:
        # Importing the package only loads the library, so that a program that may not need it starts fast.
        if name.startswith("_") and name != "__all__":
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        with _importing:
            if name == "AsyncClient":
                # asyncio takes longer than the rest, and many programs do not need it.
                from ._async_client import AsyncClient

                globals()[name] = AsyncClient
            elif "__all__" not in globals():
                from . import _public

                found = [known for known in _public.__all__ if known != "AsyncClient"]
                globals().update({known: getattr(_public, known) for known in found})
                globals()["__all__"] = [*_public.__all__, "__version__"]
        if name in globals():
            return globals()[name]
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def __dir__() -> list[str]:
        return sorted({*globals(), *__getattr__("__all__")})


__version__ = _version()
