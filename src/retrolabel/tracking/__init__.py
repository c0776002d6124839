"""Floor 7: where runs are reported to, and what is known of the machine they ran on."""
