"""What every table module shares: the metadata and the type of long keys."""

from __future__ import annotations

from sqlalchemy import BigInteger, Integer, MetaData

metadata = MetaData()
BigKey = BigInteger().with_variant(Integer, "sqlite")
