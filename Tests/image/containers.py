"""Containers as an engine runs them: runc in a network namespace, with the names of the others in /etc/hosts."""

import json
import os
import pathlib
import signal
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
USER = 65532


def run(*command, check=True, **options):
    """Run a command, and show its output if it fails."""
    options = {"timeout": 60, "stdin": subprocess.DEVNULL} | options
    command = [str(word) for word in command]
    options.setdefault("stderr", subprocess.PIPE)
    done = subprocess.run(command, check=False, stdout=subprocess.PIPE, text=True, **options)
    assert not check or done.returncode == 0, f"{command} failed with status {done.returncode}:\n{done.stderr}"
    return done


class Host:
    """A network namespace with an address, which ends with this process."""

    def __init__(self, folder, name, address):
        self.name, self.address = name, address
        self.hosts = folder / f"hosts-{name}"
        self._holder = subprocess.Popen(
            ["unshare", "--net", "sh", "-c", "echo && exec cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert self._holder.stdout.readline() == b"\n"
        self.pid = self._holder.pid
        self.namespace = f"/proc/{self.pid}/ns/net"

    def inside(self, *command):
        """Return the command that runs another one in this network, with its /etc/hosts."""
        script = 'mount --bind "$0" /etc/hosts && exec "$@"'
        return ["nsenter", f"--net={self.namespace}", "unshare", "--mount", "sh", "-c", script, self.hosts, *command]

    def ip(self, *arguments):
        run("nsenter", f"--net={self.namespace}", "ip", *arguments)

    def ask(self, url, method="GET", body=None, **headers):
        """Send a request from this host, with a body as JSON, and return the status and the body of the response."""
        text = "" if body is None else json.dumps(body)
        command = self.inside(sys.executable, HERE / "ask.py", method, url, json.dumps(headers))
        return json.loads(run(*command, stdin=None, input=text).stdout)

    def close(self):
        self._holder.communicate(timeout=10)


class Network:
    """Hosts at a switch. They reach neither this machine nor any other."""

    def __init__(self, folder, *names):
        self.hosts = [Host(folder, name, f"10.89.0.{number}") for number, name in enumerate(names, 2)]
        self._switch = Host(folder, "switch", "10.89.0.1")
        self._switch.ip("link", "add", "switch", "type", "bridge")
        self._switch.ip("link", "set", "switch", "up")
        for number, host in enumerate(self.hosts):
            self._plug_in(host, f"port{number}")

    def _plug_in(self, host, port):
        run(
            "ip",
            "link",
            "add",
            "eth0",
            "netns",
            host.pid,
            "type",
            "veth",
            "peer",
            "name",
            port,
            "netns",
            self._switch.pid,
        )
        self._switch.ip("link", "set", port, "master", "switch", "up")
        names = [f"{peer.address} {peer.name}\n" for peer in self.hosts]
        host.hosts.write_text("127.0.0.1 localhost\n" + "".join(names))
        host.ip("address", "add", f"{host.address}/24", "dev", "eth0")
        host.ip("link", "set", "eth0", "up")
        host.ip("link", "set", "lo", "up")

    def close(self):
        for host in [*self.hosts, self._switch]:
            host.close()


class Container:
    """The image under runc, without capabilities and with a read-only root file system."""

    def __init__(self, unpacked, folder, host, *options, state=None):
        self._name = f"deepidv-{os.getpid()}-{folder.name}"
        self._runc = ["runc", "--root", folder / "runc"]
        self.config = json.loads((unpacked / "config.json").read_text())
        self.config["root"] = {"path": str(unpacked / "rootfs"), "readonly": True}
        process = self.config["process"]
        process["terminal"] = False
        process["args"] += options
        process["capabilities"] = {}
        self.config["linux"]["namespaces"] = [
            space | ({"path": host.namespace} if space["type"] == "network" else {})
            for space in self.config["linux"]["namespaces"]
        ]
        self.config["mounts"] = [mount for mount in self.config["mounts"] if mount["type"] != "cgroup"]
        self._bind(host.hosts, "/etc/hosts", "ro")
        if state is not None:
            # Engines give a new volume the owner and the mode of the folder in the image.
            self._bind(state, "/state", "rw")
        (folder / "config.json").write_text(json.dumps(self.config))
        self.errors = folder / "stderr"
        with open(self.errors, "wb") as errors:
            self._process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "TERM", *self._runc, "run", "--bundle", folder, self._name],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, text=True,
            )  # fmt: skip
        self.ready_line = self._process.stdout.readline()
        assert "listening on http" in self.ready_line, self.errors.read_text()

    def _bind(self, source, target, mode):
        self.config["mounts"] = [mount for mount in self.config["mounts"] if mount["destination"] != target]
        self.config["mounts"].append(
            {"destination": target, "type": "bind", "source": str(source), "options": ["bind", mode, "nosuid", "nodev"]}
        )

    def execute(self, *command):
        """Run a command inside, and return its status and output."""
        done = run(*self._runc, "exec", self._name, *command, check=False)
        return done.returncode, done.stdout, done.stderr

    @property
    def pid(self):
        """The program's process, as this machine sees it."""
        return json.loads(run(*self._runc, "state", self._name).stdout)["pid"]

    def stop(self, number=signal.SIGTERM):
        """Send a signal, and return the exit status."""
        if self._process.poll() is None:
            run(*self._runc, "kill", self._name, number.name)
        self._process.communicate(timeout=20)
        return self._process.returncode


def volume(folder):
    """Return a new folder that the image's user owns."""
    folder.mkdir(mode=0o700)
    os.chown(folder, USER, USER)
    return folder
