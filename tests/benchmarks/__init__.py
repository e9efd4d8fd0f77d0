"""Figures that issues ask for, as ratios within one run: `python -m tests.benchmarks`."""
