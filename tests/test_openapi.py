"""The web API held to its own OpenAPI: made-up requests, right and wrong ones, get no 5xx and the answers it tells."""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings

from assistant.web import uploads
from corpus.errors import InputError
from tests.test_api import make_client, make_site

DESCRIBED = "/api/v1/openapi.json"


@pytest.fixture(scope="module")
def described(tmp_path_factory, cache):
    """The OpenAPI of a server whose index may be spoiled."""
    client = make_client(make_site(tmp_path_factory.mktemp("spoiled"), cache))
    return schemathesis.openapi.from_asgi(DESCRIBED, client.app)


@pytest.fixture(autouse=True)
def offline(monkeypatch):
    """No address that the tests make up is fetched."""

    def fetch(url, **_):
        raise InputError("fetch-host", url=url, host="")

    monkeypatch.setattr(uploads, "fetch", fetch)


api = schemathesis.pytest.from_fixture("described")


@api.parametrize()
@settings(
    max_examples=12,
    derandomize=True,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_no_request_breaks_the_server_and_answers_are_as_described(case):
    case.call_and_validate()
