"""What a campaign says, which jobs follow from it, and which of their files are there."""
