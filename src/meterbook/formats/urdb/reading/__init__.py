"""One JSON object becomes one rate record: typed values, and by path what is lacking or had to be chosen."""

from meterbook.formats.urdb.reading.one import read_record

__all__ = ["read_record"]
