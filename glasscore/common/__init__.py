"""What all parts of the program share: errors, logs, progress, and how contracts are written."""
