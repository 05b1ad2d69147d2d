"""The containers that hold files; in Azure the infrastructure code makes them."""

from shared.blobs import CONTAINERS


def create_containers(connection_string: str) -> None:
    from azure.core.exceptions import ResourceExistsError  # noqa: PLC0415 -- 0.3 s to import
    from azure.storage.blob import BlobServiceClient  # noqa: PLC0415 -- likewise

    # The service is ready: no retries, which would hold up the stopping of a failed start.
    with BlobServiceClient.from_connection_string(connection_string, retry_total=0) as service:
        for name in CONTAINERS:
            try:
                service.create_container(name)
            except ResourceExistsError:
                continue
