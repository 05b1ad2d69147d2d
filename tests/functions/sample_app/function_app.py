"""A small app with every kind of trigger; the host's tests and the official worker's run it.

It tells what it saw: HTTP functions in their answer, the others as JSON lines in `SAMPLE_RECORD`.
"""

import asyncio
import json
import os
import threading
import time
from pathlib import Path
from typing import Any

import azure.functions as func

app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)


def record(**what: Any) -> None:
    line = json.dumps({"at": time.time(), **what})
    with Path(os.environ["SAMPLE_RECORD"]).open("a", encoding="utf-8") as file:
        file.write(line + "\n")


async def web(scope: Any, receive: Any, send: Any) -> None:
    """A bare ASGI application: echoes what reached it."""
    message = await receive()
    seen = {
        "path": scope["path"],
        "query": scope["query_string"].decode(),
        "client": scope["client"],
        "body": message["body"].decode(),
        "headers": {name.decode(): value.decode() for name, value in scope["headers"]},
    }
    headers = [(b"content-type", b"application/json"), (b"set-cookie", b"a=1"),
               (b"set-cookie", b"b=2; Path=/")]  # fmt: skip
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(seen).encode()})


@app.route("asgi/{*path}")
async def Asgi(req: func.HttpRequest, context: func.Context) -> func.HttpResponse:  # noqa: N802 -- named as functions are
    middleware: Any = func.AsgiMiddleware  # untyped in the SDK
    response: func.HttpResponse = await middleware(web).handle_async(req, context)
    return response


@app.route("echo/{word}", methods=["GET", "POST"])
async def Echo(req: func.HttpRequest, context: func.Context) -> func.HttpResponse:  # noqa: N802 -- named as functions are
    seen = {
        "method": req.method,
        "url": req.url,
        "headers": dict(req.headers),
        "params": dict(req.params),
        "route": dict(req.route_params),
        "body": req.get_body().decode(),
        "trace_parent": context.trace_context.trace_parent,
        "trace_state": context.trace_context.trace_state,
        "function": context.function_name,
        "invocation": context.invocation_id,
    }
    return func.HttpResponse(json.dumps(seen), mimetype="application/json")


@app.route("ECHO/first", methods=["GET"])
def ADifferentEcho(req: func.HttpRequest) -> func.HttpResponse:  # noqa: N802 -- named as functions are
    return func.HttpResponse("ADifferentEcho")


@app.route("guarded", auth_level=func.AuthLevel.FUNCTION)
async def Guarded(req: func.HttpRequest) -> func.HttpResponse:  # noqa: N802 -- named as functions are
    return func.HttpResponse("let in")


@app.route("broken")
async def Broken(req: func.HttpRequest) -> func.HttpResponse:  # noqa: N802 -- named as functions are
    raise RuntimeError("broken on purpose")


@app.route("slow/{seconds}")
async def Slow(req: func.HttpRequest) -> func.HttpResponse:  # noqa: N802 -- named as functions are
    record(function="Slow")
    await asyncio.sleep(float(req.route_params["seconds"]))
    return func.HttpResponse("done")


@app.route("thread")
def Thread(req: func.HttpRequest) -> func.HttpResponse:  # noqa: N802 -- named as functions are
    time.sleep(0.3)
    return func.HttpResponse(threading.current_thread().name)


@app.queue_trigger(arg_name="message", queue_name="%SampleQueueName%", connection="SampleQueue")
async def Work(message: func.QueueMessage) -> None:  # noqa: N802 -- named as functions are
    order = message.get_json()
    record(function="Work", name=order["name"], id=message.id, count=message.dequeue_count)
    await asyncio.sleep(order.get("seconds", 0))
    if order.get("fail"):
        raise RuntimeError("failing on purpose")


@app.queue_trigger(
    arg_name="message", queue_name="%SampleQueueName%-poison", connection="SampleQueue"
)
async def WorkPoison(message: func.QueueMessage) -> None:  # noqa: N802 -- named as functions are
    record(function="WorkPoison", body=message.get_body().decode(), id=message.id)


@app.timer_trigger(arg_name="timer", schedule="* * * * * *")
async def Tick(timer: func.TimerRequest) -> None:  # noqa: N802 -- named as functions are
    record(function="Tick", past_due=timer.past_due)
