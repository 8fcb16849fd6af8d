"""The rules, the configuration and the dashboard name what the server really counts."""

import json
import re
import subprocess
from collections import defaultdict
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.architecture.sources import ROOT
from tests.support.components import from_debian
from tests.support.kitchen.furnished import Furnished
from tests.support.kitchen.household import Household
from tests.support.kitchen.releases import publish
from yaguts.services.dispensers.updates.watching import choose

PROMETHEUS = ROOT / "deploy/prometheus"
DASHBOARD = json.loads((ROOT / "deploy/grafana/yaguts.json").read_text("utf-8"))
OF_PROMETHEUS = {"instance", "job"}
"""Labels that Prometheus adds to what it was given."""
PAGES = ("docs/operations/watch.md", "docs/pt/operacao/observar.md")


@pytest.fixture
def counted(tmp_path: Path, with_portal: None) -> dict[str, set[str]]:  # noqa: ARG001
    """Each sample's name, with the names of its labels."""
    home = Household(tmp_path, metrics="open")
    kitchen = Furnished(home)
    kitchen.browser().get("/health")
    publish(home, number=2)
    with home.site.database.write() as connection:
        choose(home.site, connection, kitchen.person.kitchen_id, kitchen.dispenser_id, 2)
    text = home.browser().get("/metrics").text
    home.close()
    found = defaultdict[str, set[str]](set)
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found[sample.name] |= set(sample.labels)
    return found


def insist_on_counted(expression: str, counted: dict[str, set[str]]) -> None:
    names = set(re.findall(r"\byaguts_\w+", expression))
    assert names, expression
    assert names <= set(counted), names - set(counted)
    labels = OF_PROMETHEUS.union(*(counted[name] for name in names))
    groups = re.findall(r"\b(?:by|without) \(([^)]*)\)", expression)
    used = {label.strip() for group in groups for label in group.split(",")}
    used |= set(re.findall(r"(\w+)(?:=~|!~|!=|=)\"", expression))
    assert used <= labels, used - labels


def family(sample: str) -> str:
    """The metric that a sample belongs to, but with the end that a counter has."""
    return re.sub(r"_(bucket|sum|count|created)$", "", sample.replace("_total", ""))


def expressions() -> list[tuple[str, str]]:
    """Every expression of the dashboard, with what it is called there."""
    return [
        (target["expr"], target["legendFormat"])
        for panel in DASHBOARD["panels"]
        for target in panel["targets"]
    ]


def test_the_dashboard_names_what_is_counted(counted: dict[str, set[str]]) -> None:
    for expression, legend in expressions():
        insist_on_counted(expression, counted)
        named = set(re.findall(r"\{\{(\w+)\}\}", legend))
        names = re.findall(r"\byaguts_\w+", expression)
        assert named <= OF_PROMETHEUS.union(*(counted[name] for name in names)), legend


def test_the_variables_of_the_dashboard_are_there(counted: dict[str, set[str]]) -> None:
    variables = {each["name"]: each for each in DASHBOARD["templating"]["list"]}
    text = json.dumps(DASHBOARD["panels"])

    used = set(re.findall(r"\$\{?([a-z]\w*)", text)) - {"__rate_interval"}
    assert used <= set(variables)
    asked = variables["instance"]["query"]["query"]
    assert re.fullmatch(r"label_values\((\w+), instance\)", asked)
    assert re.findall(r"\((\w+),", asked)[0] in counted


def test_the_panels_do_not_lie_on_each_other() -> None:
    taken = set[tuple[int, int]]()
    for panel in DASHBOARD["panels"]:
        at = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(at["x"], at["x"] + at["w"])
            for y in range(at["y"], at["y"] + at["h"])
        }
        assert not cells & taken, panel["title"]
        assert at["x"] + at["w"] <= 24
        taken |= cells
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])


def test_every_metric_is_on_the_dashboard(counted: dict[str, set[str]]) -> None:
    shown = {family(name) for text, _ in expressions() for name in re.findall(r"yaguts_\w+", text)}

    assert {family(name) for name in counted} == shown


def test_the_rules_name_what_is_counted(counted: dict[str, set[str]]) -> None:
    rules = (PROMETHEUS / "rules.yml").read_text("utf-8")
    written = re.findall(r"^ +expr: (.+)$", rules, re.MULTILINE)

    assert len(written) == rules.count("- alert:")
    for expression in written:
        insist_on_counted(expression, counted)


def test_every_rule_is_tried() -> None:
    rules = (PROMETHEUS / "rules.yml").read_text("utf-8")
    tests = (PROMETHEUS / "rules_test.yml").read_text("utf-8")

    for alert in re.findall(r"- alert: (\w+)", rules):
        assert re.search(rf"alertname: {alert}\n +exp_alerts:\n", tests), f"{alert} never fires"
        assert f"alertname: {alert}, exp_alerts: []" in tests, f"{alert} never rests"


@pytest.mark.parametrize(
    "words",
    [
        ("check", "config", "prometheus.yml"),
        ("check", "rules", "rules.yml"),
        ("test", "rules", "rules_test.yml"),
    ],
    ids=" ".join,
)
def test_prometheus_agrees(words: tuple[str, ...]) -> None:
    promtool = from_debian("promtool")

    done = subprocess.run(
        [promtool, *words], cwd=PROMETHEUS, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("page", PAGES)
def test_the_page_lists_every_metric_and_every_alert(
    page: str, counted: dict[str, set[str]]
) -> None:
    text = (ROOT / page).read_text("utf-8")
    rules = (PROMETHEUS / "rules.yml").read_text("utf-8")

    told = set(re.findall(r"^\| `(yaguts_\w+)", text, re.MULTILINE))
    assert {family(name) for name in told} == {family(name) for name in counted}
    assert {name for name in told if name.endswith("_total")} <= set(counted)
    assert set(re.findall(r"^\| `(Yaguts\w+)", text, re.MULTILINE)) == set(
        re.findall(r"- alert: (\w+)", rules)
    )
