"""Agreement over time: figures of each period, a standardised series of them, and the charts that watch it."""
