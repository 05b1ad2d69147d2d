"""Runs under Python 3.13 beside `azure-functions-runtime`: Microsoft's worker without its host.

Reads `{"app": DIR, "invocations": [...]}` from stdin, writes one JSON line to the file named by the
only argument. The worker takes its protobuf classes by injection; these have the same fields.
"""

import asyncio
import json
import os
import sys
import types
from pathlib import Path
from typing import Any

import azure_functions_runtime as worker  # type: ignore[import-not-found,unused-ignore]  # only its own interpreter has it

_TYPED_DATA = ("string", "json", "bytes", "http", "int", "double")


class Message:
    """A protobuf message: the fields that were set, nothing else."""

    def __init__(self, **fields: Any) -> None:
        self.__dict__.update(fields)

    def WhichOneof(self, group: str) -> str | None:  # noqa: N802 - protobuf's name
        """Which of the group's fields is set."""
        names = ("rpc_data", "data") if group == "rpc_data" else _TYPED_DATA
        return next((name for name in names if name in self.__dict__), None)


class BindingInfo(Message):
    undefined, out, inout = 0, 1, 2


class StatusResult(Message):
    Failure, Success = 0, 1


class RpcHttpCookie(Message):
    SameSite = types.SimpleNamespace(None_=0, Lax=1, Strict=2, ExplicitNone=3)


setattr(RpcHttpCookie.SameSite, "None", 0)

_PLAIN = (
    "FunctionLoadResponse",
    "FunctionMetadataResponse",
    "InvocationResponse",
    "NullableBool",
    "NullableDouble",
    "NullableString",
    "NullableTimestamp",
    "ParameterBinding",
    "RpcException",
    "RpcFunctionMetadata",
    "RpcHttp",
    "RpcRetryOptions",
    "TypedData",
    "WorkerInitResponse",
    "WorkerMetadata",
)
PROTOS = types.SimpleNamespace(
    BindingInfo=BindingInfo,
    StatusResult=StatusResult,
    RpcHttpCookie=RpcHttpCookie,
    **{name: type(name, (Message,), {}) for name in _PLAIN},
)


def wrap(**request: Any) -> Message:
    return Message(request=Message(**request), properties={"host": "127.0.0.1", "protos": PROTOS})


def check(response: Any, what: str) -> None:
    """Fail loudly, with the worker's own words.

    Raises:
        RuntimeError: the worker answered Failure.
    """
    if response.result.status != StatusResult.Success:
        trouble = response.result.exception
        raise RuntimeError(f"{what}: {trouble.message}\n{trouble.stack_trace}")


async def index(app: str) -> list[Any]:
    init = Message(capabilities={}, function_app_directory=app)
    check(await worker.worker_init_request(wrap(worker_init_request=init)), "worker_init_request")
    response = await worker.functions_metadata_request(wrap(functions_metadata_request=Message()))
    check(response, "functions_metadata_request")
    return list(response.function_metadata_results or [])


async def load(function: Any) -> str:
    request = Message(function_id=function.function_id)
    response = await worker.function_load_request(wrap(function_load_request=request))
    check(response, f"function_load_request {function.name}")
    return str(function.name)


def typed_input(function: Any, invocation: dict[str, Any]) -> tuple[Message, dict[str, Message]]:
    """The trigger's value and metadata as the host sends them."""
    if http := invocation.get("http"):
        body = Message(bytes=http.get("body", "").encode())
        fields = {"headers": {}, "params": {}, "query": {}, **http, "body": body}
        return Message(http=Message(**fields)), {}
    if "queue" in invocation:
        metadata = {"Id": Message(string="m1"), "DequeueCount": Message(json="1"),
                    "PopReceipt": Message(string="r1")}  # fmt: skip
        return Message(string=invocation["queue"]), metadata
    return Message(json=json.dumps({"IsPastDue": False, "Schedule": {}})), {}


async def invoke(function: Any, invocation: dict[str, Any]) -> dict[str, Any]:
    trigger = next(
        name for name, info in function.bindings.items() if info.type.endswith("Trigger")
    )
    data, metadata = typed_input(function, invocation)
    request = Message(
        invocation_id="i1",
        function_id=function.function_id,
        input_data=[Message(name=trigger, data=data)],
        trigger_metadata=metadata,
        trace_context=Message(trace_parent="", trace_state="", attributes={}),
        retry_context=Message(retry_count=0, max_retry_count=0, exception=None),
    )
    response = await worker.invocation_request(wrap(invocation_request=request))
    succeeded = response.result.status == StatusResult.Success
    answer: dict[str, Any] = {"succeeded": succeeded}
    if not succeeded:
        answer["error"] = response.result.exception.message
    elif getattr(response, "return_value", None) is not None:
        http = response.return_value.http
        answer |= {"status": http.status_code, "headers": http.headers,
                   "body": http.body.bytes.decode()}  # fmt: skip
    return answer


async def run(order: dict[str, Any]) -> dict[str, Any]:
    functions = {function.name: function for function in await index(order["app"])}
    loaded = [await load(function) for function in functions.values()]
    answers = [
        await invoke(functions[invocation["function"]], invocation)
        for invocation in order["invocations"]
    ]
    return {"loaded": sorted(loaded), "answers": answers}


def main() -> None:
    order = json.load(sys.stdin)
    os.chdir(order["app"])
    sys.path[:] = [entry for entry in sys.path if Path(entry or ".").resolve() != Path.cwd()]
    sys.path.append(order["app"])  # last, as the real worker does
    worker.start_threadpool_executor()
    try:
        result = asyncio.run(run(order))
    except RuntimeError as error:
        result = {"error": str(error)}
    Path(sys.argv[1]).write_text(json.dumps(result), encoding="utf-8")
    worker.stop_threadpool_executor()


if __name__ == "__main__":
    main()
