"""Benchmarks: every figure in the docs comes from one (``script/bench NAME``)."""
