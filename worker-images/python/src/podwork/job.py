"""The type of `job`; only imported where somebody asks for it, since typing takes longer than all of this package."""

from __future__ import annotations

from typing import Any, TypedDict


class Job(TypedDict):
    """One execution, as it was submitted."""

    id: str
    """Name of the Job."""
    name: str
    """The flow's step, else the job's type."""
    type: str
    data: Any
    queue: str
    """Name of the WorkerDefinition."""
    attempt: int
    """1 for the first."""
