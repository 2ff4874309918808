"""The compose files and the Dockerfile, by parsing: no engine built them here."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import yaml

from tests.test_docs import NAMES, ROOT


def read_compose(name: str) -> dict[str, Any]:
    compose: dict[str, Any] = yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))
    return compose


ALONE, SCALED = "docker-compose.yml", "docker-compose.scale.yml"
SERVICES = [(file, name) for file in (ALONE, SCALED) for name in read_compose(file)["services"]]


class TestCompose:
    """What each file promises, and what the page for operators says of it."""

    def test_its_settings_exist(self) -> None:
        built = [read_compose(file)["services"][name] for file, name in SERVICES]
        ours = [service for service in built if "build" in service]
        assert len(ours) == 2
        for service in ours:
            assert set(service["environment"]) <= set(NAMES)
            assert service["environment"]["NARU_HTTP_HOST"] == "0.0.0.0"
            assert "naru-data:/data" in service["volumes"]

    def test_alone_naru_needs_nothing_but_a_volume(self) -> None:
        text = (ROOT / ALONE).read_text(encoding="utf-8")
        services = read_compose(ALONE)["services"]
        assert list(services) == ["naru"] and "${" not in text
        assert services["naru"]["volumes"] and "depends_on" not in services["naru"]

    def test_at_scale_the_stores_are_on_a_private_network(self) -> None:
        compose = read_compose(SCALED)
        assert compose["networks"]["inside"]["internal"] is True
        for name in ("postgres", "chroma"):
            service = compose["services"][name]
            assert service["networks"] == ["inside"] and "ports" not in service
        environment = compose["services"]["naru-scaled"]["environment"]
        address = environment["NARU_DATABASE_URL"]
        assert address.startswith("postgresql+psycopg://") and "@postgres/" in address
        assert environment["NARU_CHROMA_URL"] == "http://chroma:8000"

    def test_two_workers_wait_until_everything_else_is_well(self) -> None:
        services = read_compose(SCALED)["services"]
        assert services["naru-scaled"]["deploy"]["replicas"] == 2
        lasting = [one for name, one in services.items() if name != "chroma-volume"]
        assert all(service["healthcheck"]["test"][0] == "CMD" for service in lasting)
        assert services["naru-scaled"]["depends_on"] == {
            name: {"condition": "service_healthy"} for name in ("postgres", "chroma")
        }
        assert [one["user"] for one in lasting if "build" not in one] == ["postgres", "1000:1000"]
        assert "USER naru" in (ROOT / "Dockerfile").read_text(encoding="utf-8")

    @pytest.mark.parametrize(("file", "name"), SERVICES)
    def test_no_service_can_do_more_than_it_needs(self, file: str, name: str) -> None:
        service = read_compose(file)["services"][name]
        assert service["read_only"] is True and "/tmp" in service["tmpfs"]
        given = ["CHOWN"] if name == "chroma-volume" else []
        assert service["cap_drop"] == ["ALL"] and service.get("cap_add", []) == given
        assert bool(given) == (service.get("user") == "root") == ("entrypoint" in service)
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert not service.get("privileged") and service.get("network_mode") != "host"
        for port in service.get("ports", ()):
            assert str(port).startswith("127.0.0.1:")

    @pytest.mark.parametrize(("file", "name"), SERVICES)
    def test_the_log_of_no_service_fills_the_disk(self, file: str, name: str) -> None:
        assert read_compose(file)["services"][name]["logging"] == {
            "driver": "json-file", "options": {"max-size": "10m", "max-file": "5"},
        }  # fmt: skip

    def test_the_line_that_restarts_what_is_unhealthy_finds_our_containers_alone(self) -> None:
        page = (ROOT / "docs/run-it.md").read_text(encoding="utf-8")
        [pattern] = re.findall(r"--filter health=unhealthy --filter name=(\S+) \|", page)
        for file, name in SERVICES:
            compose = read_compose(file)
            is_ours = "build" in compose["services"][name]
            assert bool(re.search(pattern, f"{compose['name']}-{name}-1")) == is_ours

    def test_no_password_has_a_default_and_images_can_be_named_by_digest(self) -> None:
        text = (ROOT / SCALED).read_text(encoding="utf-8")
        passwords = re.findall(r"\$\{(\w*PASSWORD)([^}]*)\}", text)
        assert len(passwords) == 2 and all(rest.startswith(":?") for _, rest in passwords)
        services = read_compose(SCALED)["services"].values()
        images = [service["image"] for service in services if "image" in service]
        assert len(images) == 3
        assert all(re.fullmatch(r"\$\{\w+_IMAGE:-[\w/]+:[\d.]+\}", image) for image in images)

    @pytest.mark.parametrize("file", [ALONE, SCALED])
    def test_every_volume_is_declared(self, file: str) -> None:
        compose = read_compose(file)
        used = {
            str(volume).partition(":")[0]
            for service in compose["services"].values()
            for volume in service.get("volumes", [])
        }
        assert used == set(compose["volumes"])


def test_the_dockerfile_parses_and_copies_what_is_there() -> None:
    text = re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text("utf-8"), flags=re.MULTILINE)
    lines = re.sub(r"\\\n\s*", " ", text).splitlines()
    steps = [line.split(maxsplit=1) for line in lines if line.strip()]
    words = [word for word, _ in steps]
    known = {"FROM", "ENV", "WORKDIR", "COPY", "ARG", "RUN", "USER", "VOLUME", "EXPOSE",
             "HEALTHCHECK", "ENTRYPOINT", "CMD"}  # fmt: skip
    assert words[:2] == ["ARG", "FROM"] and set(words) <= known
    copied = [name for word, rest in steps if word == "COPY" for name in rest.split()[:-1]]
    assert {"requirements", "adapters", "bot", "ingest", "knowledge"} <= set(copied)
    assert [name for name in copied if not (ROOT / name).exists()] == []
    started = {word: json.loads(rest) for word, rest in steps if word in ("ENTRYPOINT", "CMD")}
    assert started == {"ENTRYPOINT": ["naru"], "CMD": ["serve"]}
    assert words.index("USER") < words.index("ENTRYPOINT")
    runs = [rest for word, rest in steps if word == "RUN"]
    assert re.search(r"install\.py runtime .*install\.py naru", " ".join(runs))
    assert "pip install" not in " ".join(runs)  # nothing comes in beside the locks
