"""Is a GitHub issue a bug, a feature request or a question?"""
