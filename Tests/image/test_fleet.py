"""The files of examples/fleet, as far as no container engine is needed.

docker-compose and the JSON schemas of Kubernetes check them. A test runs the programs of the services, with their
arguments and variables, on hosts with their names: with this machine's Python, Redis and PostgreSQL.
"""

import json
import os
import subprocess
import sys
import time

import kubernetes_validate
import pytest
import yaml
from conftest import ROOT, hosts
from containers import run
from postgresql import PostgreSQL

FOLDER = ROOT / "examples" / "fleet"
PASSWORD = "a password"
WORKERS = 3
ROWS = 150
# Shorter times than those of the file, for the same program.
QUICK = ["--timeout", "5", "--margin", "2", "--settle", "1"]


@pytest.fixture(scope="module")
def services():
    """Return the services, which docker-compose has checked."""
    run(
        "docker-compose",
        "-f",
        FOLDER / "compose.yaml",
        "config",
        "-q",
        env=os.environ | {"DATABASE_PASSWORD": PASSWORD},
    )
    text = (FOLDER / "compose.yaml").read_text()
    return yaml.safe_load(text.replace("${DATABASE_PASSWORD:?set DATABASE_PASSWORD}", PASSWORD))["services"]


@pytest.fixture(scope="module")
def objects():
    """Return the objects of kubernetes.yaml, by kind and name."""
    documents = list(yaml.safe_load_all((FOLDER / "kubernetes.yaml").read_text()))
    return {(each["kind"], each["metadata"]["name"]): each for each in documents}


def container_of(objects, kind, name):
    (container,) = objects[kind, name]["spec"]["template"]["spec"]["containers"]
    return container


def environment_of(container):
    """Return the variables of a container, with the values of secrets that its users create."""
    secrets = {"api-key": "dk_emulator", "database-password": PASSWORD}
    return {
        each["name"]: each["value"] if "value" in each else secrets[each["valueFrom"]["secretKeyRef"]["key"]]
        for each in container["env"]
    }


def test_without_a_password_compose_refuses():
    clean = {name: value for name, value in os.environ.items() if name != "DATABASE_PASSWORD"}
    done = run("docker-compose", "-f", FOLDER / "compose.yaml", "config", env=clean, check=False)
    assert done.returncode != 0
    assert "set DATABASE_PASSWORD" in done.stderr


@pytest.mark.parametrize("version", ["1.28", "1.37"])
def test_kubernetes_accepts_the_objects(objects, version):
    assert len(objects) == 8
    for each in objects.values():
        kubernetes_validate.validate(each, version, strict=True)


def test_the_schemas_find_errors(objects):
    wrong = json.loads(json.dumps(objects["Deployment", "worker"]))
    wrong["spec"]["template"]["spec"]["containers"][0]["arguments"] = []
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, "1.37", strict=True)


def test_services_select_pods(objects):
    for (kind, name), service in objects.items():
        if kind != "Service":
            continue
        (pods,) = (each for key, each in objects.items() if key[1] == name and key[0] != "Service")
        template = pods["spec"]["template"]
        assert service["spec"]["selector"].items() <= template["metadata"]["labels"].items()
        (port,), ((container),) = service["spec"]["ports"], template["spec"]["containers"]
        assert {"containerPort": port["port"]} in container["ports"]


def test_both_files_run_the_same(services, objects):
    worker, deployment = services["worker"], objects["Deployment", "worker"]["spec"]
    container = container_of(objects, "Deployment", "worker")
    assert (worker["image"], worker["command"]) == (container["image"], container["args"])
    assert worker["environment"] == environment_of(container)
    assert worker["deploy"]["replicas"] == deployment["replicas"] == WORKERS
    assert worker["stop_grace_period"] == f"{deployment['template']['spec']['terminationGracePeriodSeconds']}s"
    job = container_of(objects, "Job", "rows")
    assert (services["rows"]["command"], services["rows"]["environment"]) == (job["args"], environment_of(job))
    database = container_of(objects, "StatefulSet", "database")
    assert services["database"]["environment"].items() <= environment_of(database).items()
    assert services["database"]["image"] == database["image"]
    redis = container_of(objects, "Deployment", "redis")
    assert (services["redis"]["image"], services["redis"]["command"]) == (redis["image"], redis["args"])


def test_the_image_installs_what_is_locked():
    lines = (FOLDER / "Containerfile").read_text().splitlines()
    assert [line for line in lines if line.startswith("FROM ")] == [
        line
        for line in (ROOT / "examples/onboarding/Containerfile").read_text().splitlines()
        if line.startswith("FROM ")
    ]
    locked = (FOLDER / "requirements.txt").read_text()
    assert all(line in locked for line in ("sqlalchemy==", "psycopg-binary==", "redis=="))
    assert "!examples/fleet/requirements.txt" in (ROOT / ".dockerignore").read_text().splitlines()


class Cluster:
    """The services on hosts of their own."""

    def __init__(self, services, network, folder):
        self.services = services
        self.hosts = {host.name: host for host in network.hosts}
        self._folder = folder
        self._running = []

    def start(self, host, command, **environment):
        log = open(self._folder / f"log-{host}", "ab")
        process = subprocess.Popen(
            self.hosts[host].inside(*command),
            env=os.environ | environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        self._running.append((process, log))
        return process

    def deepidv(self, service, *options):
        """Return the command of a service of our image, and its variables."""
        command = [sys.executable, "-m", "deepidv", *self.services[service]["command"], *options]
        clean = {"PYTHONPATH": str(ROOT / "bindings" / "python"), **self.services[service]["environment"]}
        return command, clean

    def log(self, host):
        return (self._folder / f"log-{host}").read_text()

    def close(self):
        for process, _ in self._running:
            process.terminate()
        for process, log in self._running:
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            log.close()


def until(condition, what):
    for _ in range(600):
        if value := condition():
            return value
        time.sleep(0.1)
    raise AssertionError(what)


@pytest.fixture
def cluster(services, tmp_path):
    names = ["emulator", "database", "redis", "rows", *[f"worker{number}" for number in range(WORKERS)]]
    with hosts(tmp_path, *names) as network:
        cluster = Cluster(services, network, tmp_path)
        database = services["database"]["environment"]
        server = PostgreSQL(inside=cluster.hosts["database"].inside, network="10.89.0.0/24")
        try:
            server.run(f"CREATE ROLE {database['POSTGRES_USER']} LOGIN PASSWORD '{database['POSTGRES_PASSWORD']}'")
            server.run(f"CREATE DATABASE {database['POSTGRES_DB']} OWNER {database['POSTGRES_USER']}")
            yield cluster
        finally:
            cluster.close()
            server.close()


def test_a_worker_is_cut_off(cluster, services, tmp_path):
    emulator = os.environ.get("DEEPIDV_EMULATOR", ROOT / ".build-emulator" / "release" / "deepidv-emulator")
    options = [each for each in services["emulator"]["command"] if not each.startswith("--state")]
    cluster.start("emulator", [emulator, "--host", "0.0.0.0", *options])
    cluster.start("redis", [*services["redis"]["command"], "--protected-mode", "no", "--dir", str(tmp_path)])
    head, *_ = (FOLDER / "applicants.csv").read_text().splitlines(keepends=True)
    rows = tmp_path / "applicants.csv"
    line = "Ada,Lovelace,ada@example.com,+15192223333,customer-{}\n"
    rows.write_text(head + "".join(line.format(number) for number in range(ROWS)))
    command, environment = cluster.deepidv("rows")
    assert command[-1] == "/rows/applicants.csv"
    assert cluster.start("rows", [*command[:-1], rows], **environment).wait(60) == 0, cluster.log("rows")

    command, environment = cluster.deepidv("worker", *QUICK)
    workers = [cluster.start(f"worker{number}", command, **environment) for number in range(WORKERS)]

    def ask(path):
        return json.loads(cluster.hosts["rows"].ask(f"http://emulator:8080/emulator/{path}")[1])

    def status():
        show, variables = cluster.deepidv("rows")
        done = run(*cluster.hosts["rows"].inside(*show[:3], "fleet", "status", "--json"), env=os.environ | variables)
        return json.loads(done.stdout)

    until(lambda: ask("executions")["total"] > ROWS / 5, cluster.log("worker0"))
    # It reaches neither the database nor Redis nor the service.
    cluster.hosts["worker0"].ip("link", "set", "eth0", "down")
    until(lambda: status()["open"] == 0, "rows are left")
    assert status()["rows"] == {"created": ROWS}
    cluster.hosts["worker0"].ip("link", "set", "eth0", "up")
    executions = ask("executions")
    assert executions["total"] == len(executions["executions"]) == ROWS
    assert [worker.poll() for worker in workers] == [None] * WORKERS
    # The rate of the key, which three workers share.
    calls, accepted = ask("requests?limit=1")["total"], ask("accounts")["accounts"][0]["calls_today"]
    assert calls - accepted <= calls * 0.05
