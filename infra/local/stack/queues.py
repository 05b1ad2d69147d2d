"""The queues that the functions listen to; in Azure the infrastructure code makes them."""

QUEUES = ("payment-requests", "payment-results", "email-requests", "document-requests")


def create_queues(connection_string: str) -> None:
    from azure.core.exceptions import ResourceExistsError  # noqa: PLC0415 -- 0.3 s to import
    from azure.storage.queue import QueueServiceClient  # noqa: PLC0415 -- likewise

    # The queue is ready: no retries, which would hold up the stopping of a failed start.
    with QueueServiceClient.from_connection_string(connection_string, retry_total=0) as service:
        for name in (each + suffix for each in QUEUES for suffix in ("", "-poison")):
            try:
                service.create_queue(name)
            except ResourceExistsError:
                continue
