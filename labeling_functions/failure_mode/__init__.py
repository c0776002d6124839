"""Was an assistant's answer good, and if not, which part of it failed?"""
