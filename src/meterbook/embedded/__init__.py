"""The embedded PostgreSQL server: a thin launcher over packaged binaries."""
