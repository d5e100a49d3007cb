"""Result files, which are complete or absent, have a checksum, and tell what made them."""
