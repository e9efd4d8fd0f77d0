"""envdoctor: why CPU-specific conda packages install with one client and not with another."""

__version__ = "0.1.0"
