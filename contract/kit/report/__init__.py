"""Reports: each of them is rendered from results.json and from nothing else."""
