"""From trajectories to traps: averages over disorder samples of what the recorders wrote."""
