"""What figures share: curves, styles, laws of solved models."""
