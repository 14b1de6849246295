"""A program that is killed while it answers leaves a city the old workbook or the new one, never half of one; and
what a city does while it answers is seen before anything is replaced."""

from __future__ import annotations

import hashlib
import random
import signal
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from core.intake.feedback import FeedbackRow, write_feedback
from tests.intake import rich

NOW = datetime(2026, 3, 2, 10, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
OTHERS = 15

# Writes one answer and dies at the N-th line that feedback.py executes; says "through" where it has fewer lines.
AT_A_LINE = """
import os, signal, sys
from datetime import datetime, timezone
from pathlib import Path
from core.intake import feedback
left = int(sys.argv[3])
def count(frame, event, _):
    global left
    if frame.f_code.co_filename != feedback.__file__:
        return None
    if event == "line":
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
    return count
row = feedback.FeedbackRow("SY-001", "平台指标", "N7", "专家数（人）", "错误", "新问题", "新建议")
sys.settrace(count)
feedback.write_feedback(Path(sys.argv[1]), sys.argv[2], [row], datetime(2026, 3, 2, 10, 30, tzinfo=timezone.utc))
sys.settrace(None)
print("through")
"""

# Does something beside the workbook at the moment when the new file has been made ready; says which way was gone.
MEANWHILE = """
import sys
from datetime import datetime, timezone
from pathlib import Path
from core.intake import feedback
path = Path(sys.argv[1])
def meanwhile(frame, event, _):
    if event == "call" and frame.f_code.co_name == "_prepared":
        sys.settrace(None)
        Path(sys.argv[3]).write_bytes(b"newer")
row = feedback.FeedbackRow("SY-001", "平台指标", "N7", "专家数（人）", "错误", "新问题", "新建议")
sys.settrace(meanwhile)
done = feedback.write_feedback(path, sys.argv[2], [row], datetime.now(timezone.utc))
print(done.way, done.sentence.partition("，")[0])
"""

# Answers now this, now that, without end, and says each time that it is done.
WITHOUT_END = """
import sys
from datetime import datetime, timezone
from pathlib import Path
from core.intake.feedback import FeedbackRow, write_feedback
path, sha256, number = Path(sys.argv[1]), sys.argv[2], 0
while True:
    number += 1
    row = FeedbackRow("SY-001", "平台指标", "N7", "专家数（人）", "错误", f"问题{number % 2}" * 500, "建议")
    sha256 = write_feedback(path, sha256, [row] * 50, datetime(2026, 3, 2, tzinfo=timezone.utc)).new_sha256
    print(sha256, flush=True)
"""


def put(folder: Path) -> tuple[Path, str]:
    data = rich.rich_workbook()
    path = folder / "2026-沈阳市.xlsx"
    path.write_bytes(data)
    return path, hashlib.sha256(data).hexdigest()


def test_killed_at_any_line_the_workbook_is_the_old_or_the_new_one(tmp_path: Path) -> None:
    path, old = put(tmp_path)
    before = path.read_bytes()
    row = FeedbackRow("SY-001", "平台指标", "N7", "专家数（人）", "错误", "新问题", "新建议")
    write_feedback(path, old, [row], NOW)
    new = hashlib.sha256(path.read_bytes()).hexdigest()
    found: list[str] = []
    line = 0
    while True:
        line += 3
        path.write_bytes(before)
        command = [sys.executable, "-c", AT_A_LINE, str(path), old, str(line)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        found.append(hashlib.sha256(path.read_bytes()).hexdigest())
        for left in tmp_path.glob(".~shifan-*.tmp"):
            left.unlink()
        if done.stdout == "through\n":
            break
        assert done.returncode == -signal.SIGKILL, done.stderr
    assert line > 60
    assert found == [old] * found.index(new) + [new] * (len(found) - found.index(new))
    assert found.index(new) > 0


def test_a_workbook_saved_by_the_city_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    path, sha256 = put(tmp_path)
    command = [sys.executable, "-c", MEANWHILE, str(path), sha256, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == "beside 2026-沈阳市.xlsx：工作簿在读取之后又被改动\n"
    assert path.read_bytes() == b"newer"
    assert [item for item in tmp_path.iterdir() if item.suffix == ".tmp"] == []


def test_a_workbook_opened_by_the_city_meanwhile_is_left_alone(tmp_path: Path) -> None:
    path, sha256 = put(tmp_path)
    before = path.read_bytes()
    command = [sys.executable, "-c", MEANWHILE, str(path), sha256, str(tmp_path / f"~${path.name}")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("beside 2026-沈阳市.xlsx：有人（WPS 或 Excel）从 ")
    assert path.read_bytes() == before


def test_killed_at_random_moments_every_other_part_is_whole(tmp_path: Path) -> None:
    chance = random.Random(20260302)
    for number in range(OTHERS):
        folder = tmp_path / str(number)
        folder.mkdir()
        path, sha256 = put(folder)
        known = rich.members(path.read_bytes())
        command = [sys.executable, "-c", WITHOUT_END, str(path), sha256]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            for _ in range(chance.randint(1, 3)):
                child.stdout.readline()
            hashlib.pbkdf2_hmac("sha256", b"wait", b"", chance.randint(1, 20_000))  # up to a write's own time
            child.kill()
        found = rich.members(path.read_bytes())
        part = "xl/worksheets/sheet3.xml"
        assert {name: content for name, content in found.items() if name != part} == {
            name: content for name, content in known.items() if name != part
        }
        assert found[part].count(b"</row>") == 51
        assert found[part].count("问题".encode()) in (25_000, 25_000 + 50)
        again = write_feedback(path, hashlib.sha256(path.read_bytes()).hexdigest(), [], NOW)
        assert again.way == "in_book"
