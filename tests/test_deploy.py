"""What deploy/ holds, looked through as far as it can be where no container engine and no cluster run: rules as hadolint, kubeconform and
promtool have them, and systemd's own check where systemd is."""

import os
import re
import shutil
import signal
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from copbot import __version__
from copbot.adapters import metrics
from copbot.settings import Settings

DEPLOY = Path(__file__).parent.parent / "deploy"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
UID = 10001


def read(name: str) -> Any:
    return YAML(typ="safe").load((DEPLOY / name).read_text(encoding="utf-8"))


# -- the image


def instructions() -> list[tuple[str, str]]:
    lines = re.sub(r"\\\n\s*", "", re.sub(r"(?m)^\s*#.*\n", "", DOCKERFILE)).splitlines()
    return [(line.split()[0], line.split(maxsplit=1)[1]) for line in lines if line.strip()]


def last_stage() -> list[tuple[str, str]]:
    all_of_them = instructions()
    begins = max(number for number, (name, _) in enumerate(all_of_them) if name == "FROM")
    return all_of_them[begins:]


def test_the_image_has_two_stages_of_the_same_named_version() -> None:
    bases = [value.split()[0] for name, value in instructions() if name == "FROM"]
    assert len(bases) == 2
    assert bases[0] == bases[1]
    assert re.fullmatch(r"python:3\.\d+-slim-\w+", bases[0]), "a version, and the small one"


def test_the_image_runs_as_nobody_and_starts_without_a_shell() -> None:
    found = dict(last_stage())
    assert found["USER"] == f"{UID}:{UID}"
    assert found["ENTRYPOINT"] == '["copbot"]'
    assert found["CMD"] == '["run"]'
    assert found["WORKDIR"].startswith("/")
    assert "/healthz" in found["HEALTHCHECK"]
    order = [name for name, _ in last_stage()]
    assert order.index("USER") > max(number for number, name in enumerate(order) if name == "RUN")


def test_the_image_holds_no_compiler_no_cache_and_no_secret() -> None:
    assert "apt-get" not in DOCKERFILE
    assert "PIP_NO_CACHE_DIR=1" in DOCKERFILE
    assert "-c constraints.txt" in DOCKERFILE
    assert not [name for name, value in instructions() if name == "ADD" or "curl" in value or "sudo" in value]
    assert not re.search(r"xox[abp]|TOKEN=|SECRET=|PASSWORD=", DOCKERFILE)
    assert "*" in (DEPLOY.parent / ".dockerignore").read_text().splitlines()


def test_what_the_image_copies_is_there_and_is_let_through() -> None:
    let_through = {line[1:] for line in (DEPLOY.parent / ".dockerignore").read_text().splitlines() if line[:1] == "!"}
    for name, value in instructions():
        if name == "COPY" and "--from" not in value:
            for source in [word.removeprefix("./") for word in value.split() if not word.startswith("--")][:-1]:
                assert (DEPLOY.parent / source).exists()
                assert source in let_through


def settings_of(text: str) -> set[str]:
    return set(re.findall(r"\b((?:SLACK|COPBOT|DATABASE)_[A-Z_]+)(?==)", text))


def test_the_settings_named_in_deploy_exist() -> None:
    known = {name.upper() for name in Settings.model_fields}
    for file in DEPLOY.rglob("*"):
        if file.is_file():
            assert settings_of(file.read_text(encoding="utf-8")) <= known, file.name


# -- what stands still where another start would not help


@pytest.fixture
def a_copbot(tmp_path: Path) -> dict[str, str]:
    program = tmp_path / "copbot"
    program.write_text('#!/bin/sh\ntrap "exit 0" TERM\n[ "$1" = run ] || exit "$1"\nwhile :; do sleep 0.05; done\n')
    program.chmod(0o755)
    return {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}


@pytest.mark.parametrize("code", [0, 1])
def test_what_a_restart_may_mend_ends(a_copbot: dict[str, str], code: int) -> None:
    assert subprocess.run([DEPLOY / "copbot-hold", str(code)], env=a_copbot, timeout=60).returncode == code


@pytest.mark.parametrize(("argument", "code"), [("3", 3), ("2", 2), ("run", 0)])
def test_what_a_person_must_mend_stands_still_and_a_stop_reaches_copbot(
    a_copbot: dict[str, str], argument: str, code: int
) -> None:
    with subprocess.Popen(
        [DEPLOY / "copbot-hold", argument], env=a_copbot, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as held:
        try:
            if argument != "run":
                assert held.stderr is not None
                assert f"copbot ended with {code}" in held.stderr.readline()
            with pytest.raises(subprocess.TimeoutExpired):
                held.wait(0.3)
            held.send_signal(signal.SIGTERM)
            assert held.wait(60) == code
        finally:
            with suppress(ProcessLookupError):
                os.killpg(held.pid, signal.SIGKILL)


# -- compose


def test_compose_gives_copbot_nothing_that_it_does_not_need() -> None:
    document = read("compose.yaml")
    copbot = document["services"]["copbot"]
    assert copbot["read_only"] is True
    assert copbot["cap_drop"] == ["ALL"]
    assert copbot["security_opt"] == ["no-new-privileges:true"]
    assert copbot["entrypoint"] == ["copbot-hold"]
    assert any(mount.startswith("/tmp") for mount in copbot["tmpfs"])
    assert all(port.startswith("127.0.0.1:") for port in copbot["ports"])
    assert copbot["image"] == f"copbot:{__version__}"
    assert "environment" not in copbot, "tokens come from the file alone"
    named = {volume.split(":")[0] for one in document["services"].values() for volume in one["volumes"]}
    assert {name for name in named if not name.startswith(".")} == set(document["volumes"])
    for mount in copbot["volumes"]:
        source = mount.split(":")[0]
        assert not source.startswith(".") or (DEPLOY / source).exists()
    assert (DEPLOY / copbot["build"]["context"] / copbot["build"]["dockerfile"]).exists()


def test_compose_has_postgresql_as_a_profile_that_copbot_waits_for() -> None:
    services = read("compose.yaml")["services"]
    assert services["postgresql"]["profiles"] == ["postgresql"]
    assert "profiles" not in services["copbot"]
    assert services["copbot"]["depends_on"]["postgresql"] == {"condition": "service_healthy", "required": False}
    assert services["postgresql"]["healthcheck"]["test"][0] == "CMD-SHELL"
    assert not re.search(r"POSTGRES_PASSWORD: [^$]", (DEPLOY / "compose.yaml").read_text())


# -- systemd


def test_systemd_takes_the_unit_and_finds_it_well_locked_up(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd here")
    text = (DEPLOY / "copbot.service").read_text()
    unit = tmp_path / "copbot.service"
    unit.write_text(re.sub(r"ExecStart=\S+", "ExecStart=/bin/true", text))
    verified = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, timeout=60)
    assert (verified.returncode, verified.stderr) == (0, "")
    rated = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=20", unit],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert rated.returncode == 0, rated.stdout[-300:]


def test_the_unit_does_not_start_again_what_a_restart_does_not_mend() -> None:
    unit = (DEPLOY / "copbot.service").read_text()
    assert "\nRestart=on-failure\n" in unit
    assert "\nRestartPreventExitStatus=2 3\n" in unit
    assert int(re.findall(r"TimeoutStopSec=(\d+)", unit)[0]) > 10


# -- Kubernetes


def kubernetes() -> dict[str, Any]:
    names = read("kubernetes/kustomization.yaml")["resources"]
    assert {f"kubernetes/{name}" for name in names} | {"kubernetes/kustomization.yaml"} == {
        f"kubernetes/{file.name}" for file in (DEPLOY / "kubernetes").iterdir()
    }
    documents = [read(f"kubernetes/{name}") for name in names]
    assert all({"apiVersion", "kind", "metadata", "spec"} <= set(document) for document in documents)
    return {document["kind"]: document for document in documents}


def test_the_deployment_is_two_that_may_do_nothing_but_their_work() -> None:
    deployment = kubernetes()["Deployment"]
    assert deployment["apiVersion"] == "apps/v1"
    assert deployment["spec"]["replicas"] == 2
    assert deployment["spec"]["strategy"] == {"type": "Recreate"}
    pod = deployment["spec"]["template"]["spec"]
    assert pod["automountServiceAccountToken"] is False
    assert pod["terminationGracePeriodSeconds"] > 10
    assert pod["securityContext"] == {
        "runAsNonRoot": True,
        "runAsUser": UID,
        "runAsGroup": UID,
        "fsGroup": UID,
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    (container,) = pod["containers"]
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert container["resources"]["limits"]["memory"]
    assert container["envFrom"] == [{"secretRef": {"name": "copbot"}}]
    assert {mount["name"] for mount in container["volumeMounts"]} == {volume["name"] for volume in pod["volumes"]}


def test_the_probes_ask_what_copbot_answers_on_the_port_that_it_has() -> None:
    (container,) = kubernetes()["Deployment"]["spec"]["template"]["spec"]["containers"]
    ports = {port["name"]: port["containerPort"] for port in container["ports"]}
    asked = {kind: container[f"{kind}Probe"]["httpGet"] for kind in ("startup", "liveness", "readiness")}
    paths = {kind: probe["path"] for kind, probe in asked.items()}
    assert paths == {"startup": "/healthz", "liveness": "/healthz", "readiness": "/readyz?only=intake"}
    assert {probe["port"] for probe in asked.values()} == {"http"}
    assert f"COPBOT_HTTP_PORT={ports['http']}" in DOCKERFILE


def test_a_drained_node_leaves_one_and_the_service_finds_them() -> None:
    found = kubernetes()
    labels = read("kubernetes/kustomization.yaml")["labels"][0]["pairs"]
    assert found["PodDisruptionBudget"]["apiVersion"] == "policy/v1"
    assert found["PodDisruptionBudget"]["spec"] == {"minAvailable": 1, "selector": {"matchLabels": labels}}
    assert found["Service"]["spec"]["selector"] == labels
    assert found["Service"]["spec"]["ports"][0]["targetPort"] == "http"
    assert read("kubernetes/kustomization.yaml")["images"] == [{"name": "copbot", "newTag": __version__}]


def test_kustomize_takes_them(tmp_path: Path) -> None:
    if shutil.which("kubectl") is None:
        pytest.skip("no kubectl here")
    made = subprocess.run(
        ["kubectl", "kustomize", DEPLOY / "kubernetes"],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "HOME": str(tmp_path)},
    )
    assert made.returncode == 0, made.stderr
    assert f"image: copbot:{__version__}" in made.stdout


# -- watching


def test_the_alerts_ask_for_metrics_that_there_are_and_say_what_to_do() -> None:
    exposed = metrics.Metrics(lambda: 0.0, "socket", "sqlite")
    exposed.ask(lambda: dict.fromkeys(metrics.GAUGES, 0.0))
    names = set(re.findall(r"^# TYPE (\w+)", exposed.exposed()[1].decode(), re.MULTILINE))
    (group,) = read("alerts.yaml")["groups"]
    assert len({rule["alert"] for rule in group["rules"]}) == len(group["rules"])
    for rule in group["rules"]:
        asked = set(re.findall(r"\bcopbot_\w+", rule["expr"]))
        assert asked <= names, rule["alert"]
        assert asked or "up{" in rule["expr"]
        assert rule["labels"]["severity"] in {"page", "ticket"}
        assert set(rule["annotations"]) == {"summary", "description"}
        assert rule["expr"].count("(") == rule["expr"].count(")")


def test_litestream_copies_the_file_that_the_unit_works_on() -> None:
    (database,) = read("litestream.yml")["dbs"]
    folder = re.findall(r"WorkingDirectory=(\S+)", (DEPLOY / "copbot.service").read_text())[0]
    assert database["path"] == f"{folder}/copbot.db"
