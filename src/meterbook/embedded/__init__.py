"""The embedded PostgreSQL server: a thin launcher over packaged binaries.

    from meterbook.embedded import EmbeddedServer, default_data_dir

    server = EmbeddedServer(default_data_dir())
    url = server.start()          # the server outlives this process
    server.stop()

POSIX only. Standard library only, so that it works before anything else does.
"""

from meterbook.embedded.errors import (
    BinariesNotFound,
    DataDirectoryUnusable,
    DataDirectoryVersionMismatch,
    EmbeddedServerError,
    ServerCommandFailed,
    ServiceUserUnavailable,
)
from meterbook.embedded.placement import default_data_dir
from meterbook.embedded.server import EmbeddedServer, ServerStatus

__all__ = [
    "BinariesNotFound",
    "DataDirectoryUnusable",
    "DataDirectoryVersionMismatch",
    "EmbeddedServer",
    "EmbeddedServerError",
    "ServerCommandFailed",
    "ServerStatus",
    "ServiceUserUnavailable",
    "default_data_dir",
]
