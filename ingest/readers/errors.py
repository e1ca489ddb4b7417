"""What every reader raises when a file cannot be read."""

from __future__ import annotations


class ReadError(Exception):
    """A file that cannot be read: what failed, where, and what to do, each in plain Japanese.

    >>> str(ReadError("ファイルが空です", "a.txt", "中身のあるファイルを指定してください"))
    'ファイルが空です（a.txt）。中身のあるファイルを指定してください。'
    """

    def __init__(self, what: str, where: str, what_to_do: str) -> None:
        super().__init__(what, where, what_to_do)
        self.what = what
        self.where = where
        self.what_to_do = what_to_do

    def __str__(self) -> str:
        return f"{self.what}（{self.where}）。{self.what_to_do}。"
