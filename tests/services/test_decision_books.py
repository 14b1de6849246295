"""申报办理卷 where scores and recusals came by workbook, and where the workbook was taken back."""

from __future__ import annotations

from core.publication.decision_docx import as_docx
from core.services import decision_file, scoring_books
from tests.decided import at, number_of, section
from tests.decided import scores as handed_in_app
from tests.office import Office
from tests.panels import WANGHAI, YUNFAN, assigned, recused
from tests.score_books import RECUSAL, book, scores, take

FENG = "专家02"
REVIEW = "专家评审"


def bytes_of(office: Office) -> bytes:
    made = decision_file.decision_file(office.app, number_of(office), names=False)
    return as_docx(made.dossier)


def test_a_workbook_that_was_undone_says_so_and_what_holds_again(convened: Office) -> None:
    assigned(convened, (FENG, YUNFAN), ("专家01", WANGHAI), cleared=False)
    take(convened, *book(convened, FENG, {YUNFAN: scores(convened, 80)}))
    scoring_books.take_back(convened.app, convened.staff, 1, 1, "虚构冯某来电更正")
    taken, undone = at(convened, "score.book_taken"), at(convened, "score.book_undone")
    own = [line for line in section(convened, REVIEW, number_of(convened)) if " | " not in line]
    assert own[-2:] == [
        f"{taken}由评分工作簿受理（李经办）（已失效，不计入）：",
        f"{undone}由李经办撤销评分工作簿的受理，恢复为未交，理由：专家02来电更正。",
    ]
    told = section(convened, "操作留痕", number_of(convened))
    assert "撤销受理 专家02 的评分工作簿“2026-评分-专家02.xlsx”，1 项恢复为受理前的情况 | 专家02来电更正" in told[-1]
    elsewhere = section(convened, "操作留痕", number_of(convened, key="jd-001"))
    assert "评分工作簿" not in "\n".join(elsewhere)


def test_a_sheet_that_holds_again_is_told_as_such(convened: Office) -> None:
    [mine] = assigned(convened, ("专家01", YUNFAN))
    handed_in_app(convened, mine, 70)
    take(convened, *book(convened, "专家01", {YUNFAN: scores(convened, 90)}), why="专家来函更正")
    shown = section(convened, REVIEW, number_of(convened))
    assert f"{at(convened, 'score.book_taken')}由评分工作簿受理（李经办），理由：专家来函更正：" in shown
    assert "总分 | 90.00 | —" in shown
    scoring_books.take_back(convened.app, convened.staff, 1, 1, "来函不是本人所写")
    shown = section(convened, REVIEW, number_of(convened))
    undone = at(convened, "score.book_undone")
    assert f"{undone}由李经办撤销评分工作簿的受理，恢复以前交的评分，理由：来函不是本人所写：" in shown
    assert "总分 | 70.00 | —" in shown


def test_a_recusal_by_workbook_concerns_it_though_nothing_was_scored(convened: Office) -> None:
    assigned(convened, (FENG, YUNFAN), (FENG, WANGHAI), cleared=False)
    rows = {YUNFAN: {RECUSAL: "三年内任该公司顾问"}, WANGHAI: scores(convened, 80)}
    take(convened, *book(convened, FENG, rows))
    number, taken = number_of(convened), at(convened, "score.book_taken")
    row = f"专家02 | 专家本人申请回避 | 三年内任该公司顾问 | 李经办\n{taken} | "
    assert row in section(convened, REVIEW, number)
    assert section(convened, "操作留痕", number)[-1].startswith(f"{convened.last().id} | ")
    scoring_books.take_back(convened.app, convened.staff, 1, 1, "填错了行")
    undone = at(convened, "score.book_undone")
    assert f"{row}{undone}李经办撤销评分工作簿的受理：填错了行" in section(convened, REVIEW, number)
    assert section(convened, "操作留痕", number)[-1].startswith(f"{convened.last().id} | ")


def test_a_workbook_that_holds_nothing_for_it_changes_no_byte(convened: Office) -> None:
    recused(convened, FENG, YUNFAN)
    assigned(convened, (FENG, WANGHAI), cleared=False)
    before = bytes_of(convened)
    take(convened, *book(convened, FENG, {WANGHAI: {RECUSAL: "曾任职"}}))
    scoring_books.take_back(convened.app, convened.staff, 1, 1, "填错了行")
    assert bytes_of(convened) == before
