"""The drivers of the reference cloud for what one machine does not have: wires, disks, amphorae."""
