"""The web API held to its own OpenAPI: made-up requests, right and wrong ones, get no 5xx and the answers it tells."""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from jsonschema import Draft202012Validator
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from assistant.web.api import uploads
from corpus.errors import InputError
from tests.test_api import make_client, make_site

DESCRIBED = "/api/v1/openapi.json"
OPERATIONS = (
    *("ask", "search", "documents", "document", "add", "delete", "rebuild", "jobs", "job"),
    *("list_collections", "create", "drop", "vote", "unvote", "votes", "health", "metrics"),
)
NEVER_WRONG = {"document", "delete", "jobs", "list_collections", "drop", "health", "metrics"}  # they take any text
TRIED = [(name, mode) for name in OPERATIONS for mode in GenerationMode if mode.is_positive or name not in NEVER_WRONG]
# a name or an address may be of the right form and still be refused: 400
PASSED_OVER = [positive_data_acceptance]


@pytest.fixture(scope="module")
def described(tmp_path_factory, cache):
    """The OpenAPI of a server whose index may be spoiled."""
    client = make_client(make_site(tmp_path_factory.mktemp("spoiled"), cache), raise_server_exceptions=False)
    return schemathesis.openapi.from_asgi(DESCRIBED, client.app)


@pytest.fixture(autouse=True)
def offline(monkeypatch):
    """No address that the tests make up is fetched."""

    def fetch(url, **_):
        raise InputError("fetch-host", url=url, host="")

    monkeypatch.setattr(uploads, "fetch", fetch)


def test_every_operation_is_tried(described):
    found = [operation.ok().definition.raw["operationId"] for operation in described.get_all_operations()]
    assert sorted(found) == sorted(OPERATIONS)


def test_the_models_are_schemas(described):
    for model in described.raw_schema["components"]["schemas"].values():
        Draft202012Validator.check_schema(model)


@pytest.mark.parametrize(("name", "mode"), TRIED)
def test_no_request_breaks_the_server_and_answers_are_as_described(described, name, mode):
    operation = described.find_operation_by_id(name)

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=15,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def tried(case):
        case.call_and_validate(excluded_checks=PASSED_OVER)

    tried()
