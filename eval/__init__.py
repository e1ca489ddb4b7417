"""Questions with gold, metrics, runs and public benchmarks.

`eval` shadows a builtin when imported bare: write `from eval.metrics import ...`.
"""
