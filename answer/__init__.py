"""Question -> Plan -> evidence -> Answer; no input or output of its own but the index."""
