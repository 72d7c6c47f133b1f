"""What the benchmarks of the web door share: people who answer, and a server they use."""
