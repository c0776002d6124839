"""Floor 8: settings to adapters; the only place that knows them all."""
