"""The party in the grid: organisations, members, who answers for which grid, and the red line."""
