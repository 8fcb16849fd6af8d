"""What both sides know is declared once, and what has to be said twice says the same."""

import json
import re
from pathlib import Path
from typing import get_type_hints

import jsonschema
import pytest

from tests.architecture.sources import SRC
from yaguts.api.schemas.device import OfferedDoseOut, OfferOut
from yaguts.domain.jobs.planning import LONGEST_OPEN
from yaguts_wire import limits, offers, shapes
from yaguts_wire import words as w
from yaguts_wire.server_messages import build_job

GOLDEN_JOBS = sorted(Path(__file__).parent.glob("golden/job_*.json"))
OFFER: shapes.JobOffer = {
    "id": 7,
    "job_key": "ab12",
    "ttl_s": 600,
    "status": "queued",
    "recipe_id": 3,
    "people": 4,
    "multiplier": 1,
    "created_at": "2026-01-31T18:00:00Z",
    "started_at": "2026-01-31T18:00:05Z",
    "doses": [
        {
            "id": 9,
            "order": 1,
            "jar": 2,
            "spice": "Sal",
            "quantity_mg": 4_500,
            "duration_ms": 2_250,
            "status": "pending",
        }
    ],
    "motor": {"intensity": 75, "pre_start_ms": 500, "post_stop_ms": 300, "max_runtime_s": 300},
    "asks": True,
}


def test_the_domain_plans_no_dose_that_a_board_cuts_off() -> None:
    assert LONGEST_OPEN == limits.MAX_OPEN_MS
    assert f"{limits.MAX_OPEN_MS // 1000} s" in w.TOO_LONG


def test_every_jar_can_have_its_dose() -> None:
    assert limits.MAX_DOSES == limits.MAX_JARS


def test_a_limit_is_declared_nowhere_else() -> None:
    names = [name for name in vars(limits) if name.isupper()]
    declared = re.compile(rf"^\s*({'|'.join(names)})\s*(?::.*)?= *[\d_]+$", re.MULTILINE)
    files = [path for path in SRC.rglob("*.py") if declared.search(path.read_text("utf-8"))]

    assert len(names) >= 8
    assert files == [SRC / "yaguts_wire/limits.py"]


def test_an_offer_is_read_as_it_was_built() -> None:
    assert offers.read_job(build_job(OFFER)) == OFFER
    assert set(OFFER) == set(get_type_hints(shapes.JobOffer))
    assert set(OFFER["doses"][0]) == set(get_type_hints(shapes.OfferedDose))


def test_the_openapi_document_shows_the_offer_that_is_built() -> None:
    built = build_job(OFFER)

    assert set(OfferOut.model_json_schema(mode="serialization")["properties"]) == set(built)
    assert set(OfferedDoseOut.model_json_schema(mode="serialization")["properties"]) == set(
        built["itens"][0]
    )
    jsonschema.validate(built, OfferOut.model_json_schema(mode="serialization"))


@pytest.mark.parametrize("golden", GOLDEN_JOBS, ids=lambda path: path.stem)
def test_the_golden_offers_are_what_the_openapi_document_shows(golden: Path) -> None:
    schema = OfferOut.model_json_schema(mode="serialization")
    message = json.loads(golden.read_bytes())

    jsonschema.validate(message, schema)
    assert set(message) <= set(schema["properties"])
