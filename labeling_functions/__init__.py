"""The tasks that ship: labeling functions and schemas that domain experts copy."""
