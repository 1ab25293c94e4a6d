"""Benchmarks of Podwork on a real cluster."""
