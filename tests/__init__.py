"""Tests: real processes, recorded real output, real terminals."""

from pathlib import Path

DATA = Path(__file__).parent / "data"
