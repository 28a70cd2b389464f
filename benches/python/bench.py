"""The scenarios of globus-bench with the published globus-sdk: bench.py SCENARIO BASE_URL"""

import json
import os
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

COLLECTION = "6c54cade-bde5-45c1-bdea-f4bd71dba2cc"
SCOPE = "urn:globus:auth:scope:groups.api.globus.org:view_my_groups_and_memberships"
WORKERS = 16
COUNTS = {
    "cold": 1, "seq": 5000, "seq_large": 100, "conc": 5000, "page": 10_000,
    "ls1k": 1000, "ls10k": 10_000, "ls100k": 100_000, "body100k": 100_000, "body1m": 1_000_000,
    "store_json": 2000, "scope_wide1k": 1000, "scope_wide10k": 10_000, "scope_deps1k": 1000,
    "scope_deps10k": 10_000, "scope_deep200": 200, "stampede": 64, "stampede_rotating": 64,
    "faults_none": 2000, "faults_503": 2000, "faults_429": 2000, "faults_reset": 2000,
}

scenario, base_url = sys.argv[1:]
if scenario not in COUNTS:
    sys.exit(3)
count = int(os.environ.get("BENCH_N", COUNTS[scenario]))

import globus_sdk  # noqa: E402


class Meter:
    def __init__(self):
        self.wall, self.cpu = time.perf_counter(), time.process_time()

    def stop(self, items, **more):
        seconds, cpu = time.perf_counter() - self.wall, time.process_time() - self.cpu
        with open("/proc/self/status") as status:
            peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))
        print(json.dumps({"items": items, "seconds": seconds, "cpu_seconds": cpu, "peak_rss_kb": peak, **more}))


def groups(authorizer=None):
    return globus_sdk.GroupsClient(base_url=base_url, authorizer=authorizer or globus_sdk.AccessTokenAuthorizer("t"))


def timed(call):
    started = time.perf_counter()
    try:
        call()
        return time.perf_counter() - started, True
    except globus_sdk.GlobusError:
        return time.perf_counter() - started, False


def calls(meter, count, workers, call):
    with ThreadPoolExecutor(workers) as pool:
        took = list(pool.map(lambda _: timed(call), range(count)))
    times = sorted(seconds * 1000 for seconds, _ in took)
    at = lambda percent: times[min(len(times) * percent // 100, len(times) - 1)]  # noqa: E731
    meter.stop(count, ok=sum(ok for _, ok in took), mean_ms=sum(times) / len(times),
               p50_ms=at(50), p99_ms=at(99), max_ms=times[-1])


def cold():
    meter = Meter()
    auth = globus_sdk.ConfidentialAppAuthClient(COLLECTION, "secret", base_url=base_url)
    mine = groups(globus_sdk.ClientCredentialsAuthorizer(auth, SCOPE)).get_my_groups()
    for group in mine:
        print(group["id"], group["name"])
    meter.stop(len(list(mine)))


def seq(workers=1):
    client, query = groups(), {"n": 1000} if scenario == "seq_large" else {}
    get = lambda: len(client.get("/v2/groups/my_groups", query_params=query).data)  # noqa: E731
    get()
    meter = Meter()
    if workers == 1:
        for _ in range(count):
            get()
    else:
        with ThreadPoolExecutor(workers) as pool:
            list(pool.map(lambda _: get(), range(count)))
    meter.stop(count)


def page():
    client = globus_sdk.FlowsClient(base_url=base_url, authorizer=globus_sdk.AccessTokenAuthorizer("t"))
    groups().get_my_groups()
    meter = Meter()
    titles = [len(flow["title"]) for flow in client.paginated.list_flows().items()]
    meter.stop(len(titles))


def listing():
    client = globus_sdk.TransferClient(base_url=base_url, authorizer=globus_sdk.AccessTokenAuthorizer("t"))
    client.operation_ls(COLLECTION, query_params={"n": 1})
    meter = Meter()
    names = sum(1 for entry in client.operation_ls(COLLECTION, query_params={"n": count}) if entry["name"])
    meter.stop(names)


def body():
    from globus_sdk import TransferData
    from globus_sdk.transport.encoders import JSONRequestEncoder

    meter = Meter()
    data = TransferData(COLLECTION, COLLECTION)
    for item in range(count):
        data.add_item(f"/source/project/run-{item:07}.dat", f"/destination/project/run-{item:07}.dat")
    request = JSONRequestEncoder().encode("POST", base_url, {}, data, {}).prepare()
    assert len(request.body) > count
    meter.stop(count)


def store():
    from globus_sdk.token_storage import JSONTokenStorage, TokenStorageData

    with tempfile.TemporaryDirectory() as folder:
        storage = JSONTokenStorage(os.path.join(folder, "tokens.json"))
        meter = Meter()
        for turn in range(count):
            server = f"server-{turn % 8}.example.org"
            token = TokenStorageData(
                resource_server=server, identity_id=None, scope="openid", access_token=f"token-{turn}",
                refresh_token=None, expires_at_seconds=2_000_000_000, token_type="Bearer")
            storage.store_token_data_by_resource_server({server: token})
            assert storage.get_token_data(server)
        meter.stop(count)


def scopes():
    from globus_sdk.scopes import ScopeParser

    names = [f"urn:globus:auth:scope:example.org:scope_{scope:05}" for scope in range(count)]
    if "wide" in scenario:
        text, nodes = " ".join(names), count
    elif "deps" in scenario:
        text, nodes = f"urn:globus:auth:scope:example.org:all[{' '.join(names)}]", count + 1
    else:
        text, nodes = "[".join(names) + "]" * (count - 1), count
    meter = Meter()
    written = " ".join(str(scope) for scope in ScopeParser.parse(text))
    assert len(written) == len(text)
    meter.stop(nodes)


def stampede():
    groups().get_my_groups()
    auth = globus_sdk.NativeAppAuthClient(COLLECTION, base_url=base_url)
    client = groups(globus_sdk.RefreshTokenAuthorizer(
        "rt0", auth, access_token="expired-token", expires_at=int(time.time()) - 3600))
    calls(Meter(), count, count, client.get_my_groups)


def faults():
    client = groups()
    client.get_my_groups()
    calls(Meter(), count, WORKERS, client.get_my_groups)


kinds = {"cold": cold, "seq": seq, "conc": lambda: seq(WORKERS), "page": page, "ls": listing, "body": body,
         "store": store, "scope": scopes, "stampede": stampede, "faults": faults}
kinds[scenario.split("_")[0].rstrip("01km")]()
