"""资源清单 and 问题清单: what a grid can call on, and what is to be put right in it."""
