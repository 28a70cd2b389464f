"""Writes down the answers that the published Python SDK registers for its users' tests.

They are the nearest thing to recorded answers of the services that is public: each typed answer of this library is
decoded from them, and written again, without loss.

    python conformance/fixtures.py            # writes crates/globus-sdk/fixtures/<Client>.jsonl

It wants `globus-sdk` and `responses` in its interpreter. Identifiers that the package draws at random are counted here,
so that the same package gives the same files.
"""

import json
import pathlib
import uuid

counter = 0


def counted(*_args, **_kwargs):
    global counter
    counter += 1
    return uuid.UUID(int=0xF1C7_0000_0000_4000_8000_0000_0000_0000 + counter)


uuid.uuid1 = uuid.uuid4 = counted

import globus_sdk  # noqa: E402  (it draws identifiers while it is imported)
from globus_sdk.testing import get_response_set  # noqa: E402

CLIENTS = {
    "auth": globus_sdk.AuthClient,
    "compute.v2": globus_sdk.ComputeClientV2,
    "compute.v3": globus_sdk.ComputeClientV3,
    "flows": globus_sdk.FlowsClient,
    "globus_connect_server": globus_sdk.GCSClient,
    "groups": globus_sdk.GroupsClient,
    "search": globus_sdk.SearchClient,
    "timer": globus_sdk.TimersClient,
    "transfer": globus_sdk.TransferClient,
    "transfer.v2": "TransferClientV2",
}
OTHERS = {
    "flows": [globus_sdk.SpecificFlowClient],
    "auth": [globus_sdk.ConfidentialAppAuthClient, globus_sdk.NativeAppAuthClient],
}


def client(folder, method):
    """The name of the client that has the method."""
    first = CLIENTS[folder]
    if isinstance(first, str):
        return first
    clients = [first, *OTHERS.get(folder, [])]
    return next(each.__name__ for each in clients if hasattr(each, method))


def answers(name):
    """Every answer of a set, with the name of its case."""
    known = get_response_set(name)
    for case in known.cases():
        found = known.lookup(case)
        for answer in getattr(found, "responses", [found]):
            if answer.json is not None:
                yield case, answer


def main():
    data = pathlib.Path(globus_sdk.__file__).parent / "testing" / "data"
    lines = {}
    for path in sorted(data.rglob("[!_]*.py")):
        *folder, method = path.relative_to(data).with_suffix("").parts
        folder = ".".join(folder)
        owner = client(folder, method)
        for case, answer in answers(f"{folder}.{method}"):
            line = {"operation": method, "case": case, "status": answer.status, "body": answer.json}
            text = json.dumps(line, ensure_ascii=False)
            if text not in lines.setdefault(owner, []):
                lines[owner].append(text)
    fixtures = pathlib.Path(__file__).parents[1] / "crates/globus-sdk/fixtures"
    fixtures.mkdir(exist_ok=True)
    for owner, texts in lines.items():
        (fixtures / f"{owner}.jsonl").write_text("\n".join(texts) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
