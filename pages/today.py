"""今日: what waits for whom, where the round stands, what changed since the last visit."""

from __future__ import annotations

from pages._shell import open_page

desk = open_page("今日", None, "待办、年度轮次进展，以及您上次来过之后的变化。")
