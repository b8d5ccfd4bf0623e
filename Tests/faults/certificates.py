"""A certificate authority for tests, and certificates good and bad. Made anew by openssl, for a day."""

import subprocess


def _openssl(folder, *arguments):
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True, timeout=20)


def _authority(folder, name):
    _openssl(
        folder,
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-days",
        "2",
        "-subj",
        f"/CN={name}",
        "-keyout",
        f"{name}.key",
        "-out",
        f"{name}.pem",
        "-addext",
        "basicConstraints=critical,CA:TRUE",
        "-addext",
        "keyUsage=critical,keyCertSign",
    )


def _server(folder, name, authority, names, days=2):
    _openssl(
        folder,
        "req",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-subj",
        f"/CN={name}",
        "-keyout",
        f"{name}.key",
        "-out",
        f"{name}.csr",
    )
    (folder / f"{name}.ext").write_text(f"subjectAltName={names}\n")
    _openssl(
        folder,
        "x509",
        "-req",
        "-in",
        f"{name}.csr",
        "-CA",
        f"{authority}.pem",
        "-CAkey",
        f"{authority}.key",
        "-CAcreateserial",
        "-days",
        str(days),
        "-extfile",
        f"{name}.ext",
        "-out",
        f"{name}.pem",
    )


def _early(folder, name, authority, names):
    """A certificate that is valid from 2090 on, which only ``openssl ca`` can make."""
    _server(folder, name, authority, names)
    (folder / "ca").mkdir()
    (folder / "ca" / "index").touch()
    (folder / "ca.conf").write_text(
        "[ca]\ndefault_ca = this\n[this]\ndatabase = ca/index\nnew_certs_dir = ca\nrand_serial = yes\n"
        "default_md = sha256\npolicy = any\nx509_extensions = names\nunique_subject = no\n"
        f"[any]\ncommonName = supplied\n[names]\nsubjectAltName = {names}\n"
    )
    _openssl(
        folder,
        "ca",
        "-batch",
        "-notext",
        "-config",
        "ca.conf",
        "-cert",
        f"{authority}.pem",
        "-keyfile",
        f"{authority}.key",
        "-startdate",
        "20900101000000Z",
        "-enddate",
        "20910101000000Z",
        "-in",
        f"{name}.csr",
        "-out",
        f"{name}.pem",
    )


def make(folder):
    """Make the files into a folder: ``NAME.pem`` and ``NAME.key`` for each of the names below."""
    here = "DNS:localhost,IP:127.0.0.1"
    _authority(folder, "authority")
    _authority(folder, "stranger")
    _server(folder, "good", "authority", here)
    _server(folder, "elsewhere", "authority", "DNS:elsewhere.example")
    _server(folder, "expired", "authority", here, days=-1)
    _server(folder, "strange", "stranger", here)
    _early(folder, "early", "authority", here)
