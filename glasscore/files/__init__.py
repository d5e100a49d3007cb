"""Result files: whole or not there, sealed, labelled with what made them, and restartable."""
