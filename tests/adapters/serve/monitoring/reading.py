"""Reading what is exposed, as Prometheus does."""

from __future__ import annotations

from dataclasses import dataclass

from prometheus_client.parser import text_string_to_metric_families

from adapters.serve.monitoring.metrics import Metrics

Labels = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Samples:
    """Values by name and labels."""

    values: dict[tuple[str, Labels], float]

    @property
    def names_and_labels(self) -> set[tuple[str, Labels]]:
        return set(self.values)

    @property
    def names(self) -> set[str]:
        return {name for name, _ in self.values}

    def all(self, name: str) -> dict[Labels, float]:
        return {labels: value for (one, labels), value in self.values.items() if one == name}

    def one(self, name: str, **labels: str) -> float:
        return self.values[name, tuple(sorted(labels.items()))]


def parse_samples(text: str) -> Samples:
    """The samples of a page of metrics, without those of when something was created."""
    families = text_string_to_metric_families(text)
    found = [one for family in families for one in family.samples]
    return Samples(
        {
            (one.name, tuple(sorted(one.labels.items()))): one.value
            for one in found
            if not one.name.endswith("_created")
        }
    )


def read_samples(metrics: Metrics) -> Samples:
    return parse_samples(metrics.write("")[0].decode())
