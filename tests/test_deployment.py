"""What is shipped to run the service elsewhere: manifests, units and compose files, checked as far as can be here."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from service.settings import Limits

ROOT = Path(__file__).parents[1]
MANIFESTS = sorted((ROOT / "deploy" / "kubernetes").glob("*.yaml"))
UNIT = ROOT / "deploy" / "systemd" / "pullquote.service"
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
USER = int(re.search(r"^USER (\d+)", DOCKERFILE, re.MULTILINE)[1])  # type: ignore[index]


def documents(path: Path) -> list[dict[str, Any]]:
    return [each for each in yaml.safe_load_all(path.read_text(encoding="utf-8")) if each]


def pod_of(path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the workload and its pod's specification."""
    workload = next(each for each in documents(path) if each["kind"] in ("Deployment", "StatefulSet"))
    return workload, workload["spec"]["template"]["spec"]


@pytest.mark.parametrize("path", MANIFESTS, ids=lambda path: path.name)
def test_the_manifests_fit_the_schemas_of_kubernetes(path: Path) -> None:
    validate = pytest.importorskip("kubernetes_validate", reason="`.ci/release` installs it")
    for each in documents(path):
        assert validate.validate(each, validate.latest_version(), strict=True)
        each["spec"]["notAField"] = 1
        with pytest.raises(validate.ValidationError):
            validate.validate(each, validate.latest_version(), strict=True)


@pytest.mark.parametrize("path", MANIFESTS, ids=lambda path: path.name)
def test_a_pod_has_no_rights_it_needs_not(path: Path) -> None:
    _, pod = pod_of(path)
    (container,) = pod["containers"]
    assert pod["securityContext"]["runAsNonRoot"] and pod["securityContext"]["runAsUser"] == USER
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert pod["automountServiceAccountToken"] is False
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert set(container["resources"]) == {"requests", "limits"}
    assert {each["mountPath"] for each in container["volumeMounts"]} >= {"/tmp"}


@pytest.mark.parametrize("path", MANIFESTS, ids=lambda path: path.name)
def test_a_pod_is_asked_whether_it_is_ready_and_alive_and_given_time_to_end(path: Path) -> None:
    _, pod = pod_of(path)
    (container,) = pod["containers"]
    paths = {name: container[f"{name}Probe"]["httpGet"]["path"] for name in ("startup", "readiness", "liveness")}
    assert paths == {"startup": "/readyz", "readiness": "/readyz", "liveness": "/healthz"}
    assert container["ports"] == [{"name": "http", "containerPort": 8000}]
    assert pod["terminationGracePeriodSeconds"] > Limits().seconds
    assert pod["enableServiceLinks"] is False, "PULLQUOTE_PORT would be taken for a setting"


@pytest.mark.parametrize("path", MANIFESTS, ids=lambda path: path.name)
def test_prometheus_finds_the_metrics_of_a_pod(path: Path) -> None:
    workload, pod = pod_of(path)
    annotations = workload["spec"]["template"]["metadata"]["annotations"]
    assert annotations["prometheus.io/port"] == str(pod["containers"][0]["ports"][0]["containerPort"])
    assert (annotations["prometheus.io/scrape"], annotations["prometheus.io/path"]) == ("true", "/metrics")


def test_a_store_of_one_machine_has_one_pod_and_a_volume() -> None:
    workload, pod = pod_of(ROOT / "deploy" / "kubernetes" / "sqlite.yaml")
    assert (workload["kind"], workload["spec"]["replicas"]) == ("StatefulSet", 1)
    claim = workload["spec"]["volumeClaimTemplates"][0]
    mounted = {each["name"]: each["mountPath"] for each in pod["containers"][0]["volumeMounts"]}
    assert mounted[claim["metadata"]["name"]] == "/data"
    assert "PULLQUOTE_STORE=file:/data" in DOCKERFILE
    assert pod["securityContext"]["fsGroup"] == USER


def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    text = UNIT.read_text(encoding="utf-8")
    assert int(re.search(r"TimeoutStopSec=(\d+)", text)[1]) > Limits().seconds  # type: ignore[index]
    if not shutil.which("systemd-analyze"):
        pytest.skip("there is no systemd")
    unit = tmp_path / UNIT.name
    unit.write_text(text.replace("/opt/pullquote/bin/pullquote", "/bin/true"), encoding="utf-8")
    verified = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True)
    about_it = [line for line in verified.stderr.splitlines() if UNIT.name in line]
    assert (verified.returncode, about_it) == (0, [])


@pytest.mark.parametrize("name", ["compose.yaml", "compose.scale.yaml"])
def test_services_are_given_time_to_end_and_no_rights(name: str) -> None:
    services = yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))["services"]
    ours = [each for each in services.values() if each.get("image") == "pullquote"]
    assert ours
    for each in ours:
        assert each["read_only"] and each["cap_drop"] == ["ALL"]
        assert int(each["stop_grace_period"].removesuffix("s")) > Limits().seconds


def test_open_webui_stands_beside_the_service_and_knows_it() -> None:
    alone = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]
    chat = yaml.safe_load((ROOT / "compose.chat.yaml").read_text(encoding="utf-8"))["services"]
    assert set(alone) < set(chat)
    assert chat["open-webui"]["environment"]["OPENAI_API_BASE_URL"] == "http://pullquote:8000/v1"
    public = chat["pullquote"]["environment"]["PULLQUOTE_PUBLIC_URL"]
    assert alone["pullquote"]["ports"] == [f"{public.removeprefix('http://')}:8000"]
    tried = re.search(r"open-webui@([\d.]+)", (ROOT / "tests" / "test_open_webui.py").read_text(encoding="utf-8"))
    assert tried and chat["open-webui"]["image"].endswith(f":v{tried[1]}"), "the version that is tried"
