"""Is somebody who writes about an airline content with it, and if not, what went wrong?"""
