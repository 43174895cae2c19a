"""What the strategies reach, and what they stay out of."""
