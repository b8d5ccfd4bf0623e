"""Creates certificates for tests with openssl. They are valid for two days, unless a test needs more."""

import ssl
import subprocess

LOCALHOST = "DNS:localhost,IP:127.0.0.1"
"""The names of this machine, for ``subjectAltName``."""

_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")


def _openssl(folder, *arguments):
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True, timeout=30)


def create_self_signed(folder, name, *extensions, days=2):
    """Create ``NAME.pem`` and ``NAME.key`` in a folder, with extensions such as ``subjectAltName=…``."""
    added = [word for extension in extensions for word in ("-addext", extension)]
    files = ("-keyout", f"{name}.key", "-out", f"{name}.pem")
    _openssl(folder, "req", "-x509", *_KEY, "-days", str(days), "-subj", f"/CN={name}", *files, *added)


def create_authority(folder, name, days=2):
    """Create the certificate of an authority, which can sign others."""
    create_self_signed(folder, name, "basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign", days=days)


def create_signed(folder, name, authority, names=LOCALHOST, days=2):
    """Create a server's certificate that an authority has signed."""
    files = ("-keyout", f"{name}.key", "-out", f"{name}.csr")
    _openssl(folder, "req", "-new", *_KEY, "-subj", f"/CN={name}", *files)
    (folder / f"{name}.ext").write_text(f"subjectAltName={names}\n")
    _openssl(
        folder, "x509", "-req", "-in", f"{name}.csr", "-CA", f"{authority}.pem", "-CAkey", f"{authority}.key",
        "-CAcreateserial", "-days", str(days), "-extfile", f"{name}.ext", "-out", f"{name}.pem",
    )  # fmt: skip


def create_valid_in(year, folder, name, authority):
    """Create a server's certificate that is valid for this year only, which needs ``openssl ca``."""
    create_signed(folder, name, authority)
    records = folder / f"{name}.ca"
    records.mkdir()
    (records / "index").touch()
    (folder / f"{name}.conf").write_text(
        f"[ca]\ndefault_ca = this\n[this]\ndatabase = {records}/index\nnew_certs_dir = {records}\nrand_serial = yes\n"
        "default_md = sha256\npolicy = any\nx509_extensions = names\nunique_subject = no\n"
        f"[any]\ncommonName = supplied\n[names]\nsubjectAltName = {LOCALHOST}\n"
    )
    _openssl(
        folder, "ca", "-batch", "-notext", "-config", f"{name}.conf", "-cert", f"{authority}.pem",
        "-keyfile", f"{authority}.key", "-startdate", f"{year}0101000000Z", "-enddate", f"{year}1231000000Z",
        "-in", f"{name}.csr", "-out", f"{name}.pem",
    )  # fmt: skip


def server_context(folder, name):
    """Return a TLS context for a server with ``NAME.pem`` and ``NAME.key``."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / f"{name}.pem", folder / f"{name}.key")
    return context
