"""Real libcurls of many versions, from wheels on PyPI that contain one.

As a program it downloads all of them: python libcurls.py [FOLDER]
"""

import pathlib
import sys
from dataclasses import dataclass

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "Tests" / "support"))
from wheels import unpack  # noqa: E402

FOLDER = ROOT / ".build-curl"
PLATFORMS = ["manylinux_2_17", "manylinux2010", "manylinux2014", "manylinux_2_28"]


@dataclass(frozen=True)
class Libcurl:
    """A version of libcurl, and the wheel that has it."""

    version: str
    project: str
    release: str
    python: str
    sha256: str

    @property
    def is_usable(self):
        return tuple(map(int, self.version.split("."))) >= (7, 76, 0)


# No wheel was found with 7.77 to 7.79, 7.81 to 7.87, 8.9 to 8.11, 8.15, and 8.18 to 8.22.
ALL = [
    Libcurl("7.75.0", "netCDF4", "1.5.7", "39", "aff200ee07495c73f4257f55d19d13f3678d7f3171d48a85481706e06a6db0e9"),
    Libcurl("7.76.1", "pyproj", "3.1.0", "39", "ebbba7707fe83a01e54bce8e3e7342feb0b3e0d74ff8c28df12f8bc59b76827c"),
    Libcurl("7.80.0", "rasterio", "1.3.0", "39", "82cf55e76a69296e41c06acaf5853ea5625b852c6ed0e9fe05867b3fbc29dd73"),
    Libcurl("8.0.1", "netCDF4", "1.6.5", "311", "ad1101d538077152b866782e44458356981526bf2ea9cc07930bf28b589c82a7"),
    Libcurl("8.1.2", "pyproj", "3.6.0", "311", "dfe392dfc0eba2248dc08c976a72f52ff9da2bddfddfd9ff5dcf18e8e88200c7"),
    Libcurl("8.4.0", "rasterio", "1.3.9", "311", "be9b343bd08245df22115775dc9513c912afb4134d832662fa165d70cb805c34"),
    Libcurl("8.6.0", "pyproj", "3.7.1", "311", "8c5dcf24ede53d8abab7d8a77f69ff1936c6a8843ef4fcc574646e4be66e5739"),
    Libcurl("8.8.0", "netCDF4", "1.7.2", "311", "902aa50d70f49d002d896212a171d344c38f7b8ca520837c56c922ac1535c4a3"),
    Libcurl("8.12.1", "pycurl", "7.45.6", "311", "0cd6b7794268c17f3c660162ed6381769ce0ad260331ef49191418dfc3a2d61a"),
    Libcurl("8.14.1", "netCDF4", "1.7.3", "311", "0c764ba6f6a1421cab5496097e8a1c4d2e36be2a04880dfd288bb61b348c217e"),
    Libcurl("8.16.0", "pycurl", "7.45.7", "311", "3d19b4a94c2e20976cbc7773e5398bae19e3bc65a0894fcd01d8477bfc5fdb2f"),
    Libcurl("8.17.0", "rasterio", "1.5.0", "312", "26dbcffcf0d01fc121cbb92186bc1cb78e16efe62b17be45ad7494446b325cf8"),
    Libcurl("8.23.0", "pycurl", "7.49.0", "312", "b02ca356fb9aaced336a2b5ecd74f5eb1896442ddbfb47250e5cddb2b8578fab"),
]


def prepare(libcurl, folder=FOLDER):
    """Return a folder with a ``libcurl.so.4`` and what it needs, for LD_LIBRARY_PATH; downloads it once."""
    place = folder / libcurl.version
    if (place / "libcurl.so.4").exists():
        return place
    unpack(libcurl.project, libcurl.release, libcurl.sha256, python=libcurl.python, platforms=PLATFORMS, place=place)
    [library] = place.glob("libcurl-*.so.4*")
    (place / "libcurl.so.4").symlink_to(library.name)
    return place


if __name__ == "__main__":
    for one in ALL:
        print(prepare(one, *map(pathlib.Path, sys.argv[1:])))
