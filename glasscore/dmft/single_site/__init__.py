"""Self-consistent single sites: one spin, the noise and the memory of all others."""
