"""What the scripts beside this one share: how they look at answers, and how they tell the emulator what to do."""

import inspect
import json
import os
import sys
import urllib.request

import globus_sdk

CONTROL = os.environ["GLOBUS_SDK_SERVICE_URL_AUTH"] + "_emulator/"

called = set()


def check(what, got, wanted):
    """Ends the script unless the two are equal."""
    if got != wanted:
        sys.exit(f"{what}: got {got!r}, wanted {wanted!r}")
    print("ok", what)


def refused(what, call, status, code=None, detail=None, message=None):
    """The error of a call that has to end in one. It names the kind of its details, if it has any; `message` has to be in it."""
    try:
        call()
    except globus_sdk.GlobusAPIError as error:
        got = (error.http_status, code and error.code, getattr(error, "detail_data_type", None))
        check(what, got, (status, code, detail))
        if message:
            check(what + " says why", message in str(error.messages), True)
        return error
    sys.exit(f"{what}: nothing was raised")


def control(path, document=None, method=None):
    """Asks the emulator itself, or tells it `document`."""
    body = document and json.dumps(document).encode()
    request = urllib.request.Request(CONTROL + path, body, method=method or ("POST" if body else "GET"))
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def somebody(client, identity, scope):
    """A client with a token of a person who did not log in."""
    token = control("tokens", {"identity": identity, "scopes": [str(scope)]})["access_token"]
    return client(authorizer=globus_sdk.AccessTokenAuthorizer(token))


def watch_calls():
    """Notes from here on what is called."""
    sys.setprofile(lambda frame, event, arg: event == "call" and called.add(frame.f_code))


def every_method_of(*classes):
    """Ends the script unless each public method was called since, those that the class has of another of its service too."""
    sys.setprofile(None)
    for cls in classes:
        for base in cls.__mro__:
            if not base.__module__.startswith("globus_sdk.services."):
                continue
            for name, value in vars(base).items():
                if inspect.isfunction(value) and not name.startswith("_"):
                    if inspect.unwrap(value).__code__ not in called and getattr(cls, name) is value:
                        sys.exit(f"{cls.__name__}.{name} was not called")
        print("ok every method of", cls.__name__)
