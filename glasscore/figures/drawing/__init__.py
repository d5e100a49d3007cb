"""What several figures use: curves, styles, and which exact laws hold for which results."""
