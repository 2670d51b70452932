"""What supervisors ask: what waits, why something is or is not published."""
