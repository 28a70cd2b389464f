#!/usr/bin/env python3
"""Replays the recorded calls of clients (vectors/*Client*.jsonl, GroupsManager.jsonl) through the published Python
package, to see what a newer version of it does differently.

    python3 -m venv /somewhere/outside && /somewhere/outside/bin/pip install globus-sdk
    /somewhere/outside/bin/python conformance/replay.py                   # every client: differences, exit code 1 if any
    /somewhere/outside/bin/python conformance/replay.py GroupsClient      # one of them
    /somewhere/outside/bin/python conformance/replay.py --record OUT      # write the vectors as they are now to OUT/

Nothing is sent anywhere: the package's HTTP session is replaced by one that answers what the vector says.
"""

import argparse
import datetime
import importlib
import inspect
import io
import json
import os
import pathlib
import pkgutil
import sys
import time
import urllib.parse
import uuid
import warnings
from unittest import mock

import globus_sdk
import requests

VECTORS = pathlib.Path(__file__).parent / "vectors"
FRESH_ID = uuid.UUID("11111111-1111-11d1-8111-111111111111")
ALWAYS = ("accept", "authorization", "content-type")


def public_names():
    """Every public class of the package, wherever it lives: clients, payload helpers, enumerations."""
    found = {}
    modules = [globus_sdk]
    for info in pkgutil.walk_packages(globus_sdk.__path__, "globus_sdk."):
        try:
            modules.append(importlib.import_module(info.name))
        except ImportError:  # an optional dependency
            continue
    for name, value in (entry for module in modules for entry in vars(module).items()):
        if not name.startswith("_") and inspect.isclass(value):
            found.setdefault(name, value)
    return found


NAMES = public_names()


def build(value):
    """Python objects from the notation (see README.md)."""
    if isinstance(value, list):
        return [build(item) for item in value]
    if not isinstance(value, dict):
        return value
    key = next(iter(value), "")
    if not key.startswith("__"):
        return {name: build(item) for name, item in value.items()}
    inner = value[key]
    if key in ("__payload__", "__authorizer__", "__client__"):
        made = NAMES[inner](*build(value.get("args", [])), **build(value.get("kwargs", {})))
        for method, args, kwargs in value.get("calls", []):
            getattr(made, method)(*build(args), **build(kwargs))
        return made
    if key == "__enum__":
        name, member = inner.split(".")
        return NAMES[name][member]
    return {
        "__missing__": lambda: globus_sdk.MISSING,
        "__scope__": lambda: globus_sdk.Scope.parse(inner),
        "__uuid__": lambda: uuid.UUID(inner),
        "__bytes__": lambda: inner.encode(),
        "__tuple__": lambda: tuple(build(inner)),
        "__datetime__": lambda: datetime.datetime.fromisoformat(inner),
        "__date__": lambda: datetime.date.fromisoformat(inner),
        "__timedelta_seconds__": lambda: datetime.timedelta(seconds=inner),
    }[key]()


def answer(recorded, request):
    response = requests.Response()
    response.status_code, response.request, response.url = recorded["status"], request, request.url
    response.reason = requests.status_codes._codes.get(recorded["status"], ("",))[0]
    body = recorded.get("body_text", json.dumps(recorded["body"]) if "body" in recorded else "")
    response.headers.update(recorded["headers"])
    if "body" in recorded:
        response.headers.setdefault("Content-Type", "application/json")
    response.raw = io.BytesIO(body.encode())
    return response


def seen(request, full):
    """A request as the vectors write it."""
    parts = urllib.parse.urlsplit(request.url)
    names = {name.lower(): name for name in request.headers}
    kept = sorted({*names} - {"accept-encoding", "connection"}) if full else [name for name in ALWAYS if name in names]
    headers = {name: request.headers[names[name]] for name in kept}
    headers = {name: text.decode() if isinstance(text, bytes) else text for name, text in headers.items()}
    body = request.body.decode() if isinstance(request.body, bytes) else request.body
    if body:
        written = {"text": body}
        if headers.get("content-type") == "application/json":
            written = {"json": json.loads(body)}
        elif headers.get("content-type") == "application/x-www-form-urlencoded":
            written = {"form": [list(pair) for pair in urllib.parse.parse_qsl(body, keep_blank_values=True)]}
        body = {**written, "raw": body} if full and "text" not in written else written
    query = urllib.parse.parse_qsl(parts.query, keep_blank_values=True)
    written = {"method": request.method, "path": parts.path, "query": [list(pair) for pair in query]}
    return {**written, "raw_url": request.url, "headers": headers, "body": body or None}


def replay(vector):
    """The requests of a vector's call, and the core of its result."""
    sent, answers = [], list(vector["responses"])

    def send(session, request, **options):
        sent.append(seen(request, vector.get("full_headers", False)))
        return answer(answers.pop(0), request)

    result = {}
    with (
        mock.patch.object(requests.Session, "send", send),
        mock.patch.object(time, "sleep", lambda seconds: None),
        mock.patch.object(time, "time", lambda: 1700000000.0),
        mock.patch.object(uuid, "uuid1", lambda *args: FRESH_ID),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        try:
            construct = vector["construct"]
            client = NAMES[vector["client"]](*build(construct["args"]), **build(construct["kwargs"]))
            for method, args, kwargs in vector.get("setup", []):
                getattr(client, method)(*build(args), **build(kwargs))
            holder = client.paginated if vector["paginated"] else client
            got = getattr(holder, vector["method"])
            if not vector.get("attribute"):
                got = got(*build(vector["args"]), **build(vector["kwargs"]))
            result = {"ok": True}
            if vector["paginated"]:
                result["data"] = [page.data for page in got]
            elif isinstance(got, globus_sdk.GlobusHTTPResponse):
                result["data"] = got.data
        except globus_sdk.GlobusAPIError as error:
            names = ("http_status", "code", "message", "messages", "request_id")
            result = {"ok": False, "error": type(error).__name__, **{name: getattr(error, name) for name in names}}
        except Exception as error:  # whatever the package raises is what is recorded
            result = {"ok": False, "error": type(error).__name__}
    return {"requests": json.loads(json.dumps(sent)), "result": json.loads(json.dumps(result))}


def differences(vector, now):
    for name in now["result"]:
        if vector["result"].get(name) != now["result"][name]:
            yield f"result.{name}: recorded {vector['result'].get(name)!r}, now {now['result'][name]!r}"
    if len(vector["requests"]) != len(now["requests"]):
        yield f"{len(vector['requests'])} requests recorded, now {len(now['requests'])}"
    for index, (recorded, request) in enumerate(zip(vector["requests"], now["requests"])):
        for name in recorded:
            if recorded[name] != request[name]:
                yield f"requests[{index}].{name}: recorded {recorded[name]!r}, now {request[name]!r}"


def main():
    os.environ["TZ"] = "UTC"  # times without a zone
    time.tzset()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clients", nargs="*", help="class names; all of them when there is none")
    parser.add_argument("--record", type=pathlib.Path, metavar="OUT", help="write the vectors as they are now")
    arguments = parser.parse_args()
    files = sorted(path for path in VECTORS.glob("*.jsonl") if path.stem[0].isupper())
    found = total = 0
    for path in files:
        if arguments.clients and path.stem not in arguments.clients:
            continue
        lines = []
        for vector in map(json.loads, path.read_text().splitlines()):
            now = replay(vector)
            total += 1
            for difference in differences(vector, now):
                found += 1
                print(f"{vector['id']}: {difference}")
            vector["requests"] = now["requests"]
            vector["result"].update(now["result"])
            lines.append(json.dumps(vector, ensure_ascii=False))
        if arguments.record:
            arguments.record.mkdir(parents=True, exist_ok=True)
            (arguments.record / path.name).write_text("\n".join(lines) + "\n")
    print(f"{total} calls replayed with globus-sdk {globus_sdk.__version__}: {found} difference(s)")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
