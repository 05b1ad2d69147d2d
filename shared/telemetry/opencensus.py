"""The OpenCensus backend: our items as Application Insights envelopes, sent by its exporter.

Known faults of ``opencensus-ext-azure`` 1.1.15 (support ended on 30 September 2024) are met here:
with its own statistics off it loses what it could not send, so it is told that they are on after
it has started without them.
"""

import os
from collections.abc import Sequence
from typing import Any

from shared.settings import Settings
from shared.telemetry.credential import credential_of
from shared.telemetry.envelopes import to_envelopes
from shared.telemetry.pump import Send

RETRY_SECONDS = 5
TIMEOUT_SECONDS = 5.0


def open_sender(settings: Settings) -> Send:
    """Start the exporter; what it returns sends a batch and keeps on disk what could not go."""
    # It would report on itself to an address of Microsoft's.
    os.environ.setdefault("APPLICATIONINSIGHTS_STATSBEAT_DISABLED_ALL", "true")
    from opencensus.ext.azure.common import utils  # noqa: PLC0415 -- in the thread, not before
    from opencensus.ext.azure.common.transport import (  # noqa: PLC0415 -- likewise
        TransportStatusCode,
    )
    from opencensus.ext.azure.trace_exporter import AzureExporter  # noqa: PLC0415 -- likewise

    exporter = AzureExporter(
        connection_string=settings.applicationinsights_connection_string,
        credential=credential_of(settings),
        export_interval=RETRY_SECONDS,  # how often its own thread offers again what is on disk
        minimum_retry_interval=RETRY_SECONDS,
        timeout=TIMEOUT_SECONDS,
    )
    exporter._check_stats_collection = lambda: True  # noqa: SLF001 -- the fault named above
    tags = {**utils.azure_monitor_context, **_role()}

    def send(items: Sequence[Any]) -> None:
        if not items:
            return  # what waits on disk is sent by the exporter's own thread
        key = exporter.options.instrumentation_key
        envelopes = to_envelopes(items, key, tags, settings.telemetry_sampling_percent)
        if exporter._transmit(envelopes) is TransportStatusCode.RETRY:  # noqa: SLF001 -- no other way
            exporter.storage.put(envelopes, RETRY_SECONDS)

    return send


def _role() -> dict[str, str]:
    """Under which name the parts of the map and the instances appear."""
    role = {"ai.cloud.role": os.environ.get("WEBSITE_SITE_NAME", "rentacar")}
    if instance := os.environ.get("WEBSITE_INSTANCE_ID"):
        role["ai.cloud.roleInstance"] = instance
    return role
