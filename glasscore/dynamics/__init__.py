"""How the state moves: rules (``rules``), clocks, and recorders (``recorders``)."""
