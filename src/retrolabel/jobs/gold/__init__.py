"""Human labels: taken in, taken back, read in a version; label sets scored against them."""
