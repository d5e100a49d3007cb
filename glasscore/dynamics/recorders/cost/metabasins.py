"""Cost of the recorder of metabasins: the same as that of the recorder of basins."""

from glasscore.dynamics.recorders.cost import basins

NANOSECONDS_OF_A_VISIT = basins.NANOSECONDS_OF_A_VISIT
BYTES_OF_A_SAMPLE = basins.BYTES_OF_A_SAMPLE
bytes_of_a_pair = basins.bytes_of_a_pair
bytes_of_a_time = basins.bytes_of_a_time
