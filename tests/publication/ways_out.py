"""Every way by which something leaves the house, and which of them each button, command and writing module is.

What is new has to be entered here, or tests/publication/test_no_ranking.py fails.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import sqlalchemy as sa

from core import views
from core.publication.documents.kinds import words
from core.publication.lists import KINDS
from core.services import contacts, document_templates, documents, lists, rounds, scoring_books
from core.services import registry as public_registry
from core.services.due import Filters
from core.services.publication_content import papers
from core.services.received import received as given_back
from core.settings import program_version
from core.store import tables
from core.views.documents import document_form
from core.views.publications import choices, publication_preview
from core.views.scores import scores_view
from sheets_schema.template import build_cohort_template
from tests.notices import CONTACT
from tests.office import Office

Files = dict[str, bytes]


def listed(office: Office) -> Files:
    """Every list in every form."""
    found: Files = {}
    for kind in KINDS:
        found |= lists.list_files(office.app, office.round_id, kind)[1]
    return found


def announced(office: Office) -> Files:
    """The text of every notice, as it is copied out."""
    notices = [each.id for each in views.notices_of(office.app, office.round_id)]
    return {f"notice-{one}.txt": views.notice_view(office.app, one).text.whole.encode() for one in notices}


def published(office: Office) -> Files:
    """What would be kept as made public now: every list that has lines with its document, where one can be made."""
    found: Files = {}
    for place, _ in choices(office.app, office.round_id):
        made, begin = publication_preview(office.app, place)
        if made.listed.rows:
            document = not begin.problem
            found |= papers(office.app, office.staff, made, number="", signed=None, document=document).files
    return found


def documented(office: Office) -> Files:
    """Every official document that can be made, with the contact of the round, and the templates they are made with."""
    if views.round_contact(office.app, office.round_id).contact is None:
        contacts.set_contact(office.app, office.staff, office.round_id, 0, CONTACT)
    found: Files = {}
    for code, kind in words().kinds.items():
        found[f"{code}-template.docx"] = document_templates.template_file(office.app, office.staff, code)[1]
        held = [each.id for each in views.notices_of(office.app, office.round_id) if each.stage == kind.stage]
        for number in held if kind.stage else [None]:
            form = document_form(office.app, office.round_id, code, number)
            if not form.refusal:
                found |= documents.build(office.app, code, round_id=office.round_id, notice_id=number).files
    return found


def registered(office: Office) -> Files:
    """The public registry: its site with table and data."""
    return public_registry.site(office.app)[1]


def dated(office: Office) -> Files:
    """The calendar file, which is also what a private address gives."""
    return {"due.ics": views.calendar_file(office.app, Filters()).content}


def traced(office: Office) -> Files:
    """The ledger as its page gives it."""
    return {"ledger.csv": views.ledger(office.app).to_csv().encode()}


def sent(office: Office) -> Files:
    """What the cities find in the folder: their workbooks, with what we wrote into them."""
    return {path.name: path.read_bytes() for path in office.folder.iterdir()}


def forms(office: Office) -> Files:
    """What is sent out to be filled in, but for the scoring workbooks."""
    cohort = build_cohort_template(program_version())
    return {"templates.zip": rounds.template_zip(office.app, office.round_id), "cohort.xlsx": cohort}


def asked(office: Office) -> Files:
    """The scoring workbooks, which go to experts."""
    view = scores_view(office.app, office.round_id)
    assert view is not None
    experts = [one.expert.id for one in view.progress if one.assigned]
    return {"scoring.zip": scoring_books.archive(office.app, office.staff, office.round_id, experts)[1]}


def received(office: Office) -> Files:
    """The books of the cities as they were received."""
    with office.app.reader.connect() as connection:
        numbers = connection.execute(sa.select(tables.intakes.c.id)).scalars().all()
    files = (given_back(office.app, office.supervisor, number) for number in numbers)
    return {f"{number} {name}": data for number, (name, data) in zip(numbers, files, strict=True)}


WAYS: Mapping[str, Callable[[Office], Files]] = {
    "lists": listed, "notices": announced, "documents": documented, "publications": published,
    "registry": registered, "calendar": dated, "ledger": traced, "feedback": sent, "forms": forms,
    "scoring books": asked, "received": received,
}  # fmt: skip
# what changes as the round goes on is walked again and again, the rest once
CHANGING = ("lists", "notices", "documents", "publications", "registry", "calendar", "ledger")
# where lines stand in the measure's order and in no other
OFFICIAL = ("lists", "notices", "documents", "publications", "registry", "scoring books")
# words that a form cannot do without: what an expert is asked for
NEEDED = {"scoring books": {"得分", "总分"}}

BACKUP = "exception: a backup is the whole store, for the house alone; whoever has it has the scores"
DECISION = "exception: 申报办理卷 is internal and says so on every page: it has to show how it was decided"
NOTHING = "nothing of the store"

BUTTONS = {
    "pages/lists.py: label": "lists",
    "pages/_parts/document.py: f'下载全部 {len(made.files)} 份（压缩包）'": "documents",
    "pages/_parts/document.py: f'下载 {file}' if several else '下载文稿（docx）'": "documents",
    "pages/_parts/document_templates.py: '下载现用的模板'": "documents",
    "pages/_parts/document_templates.py: '下载自带的模板'": "documents",
    "pages/_parts/publication.py: '下载'": "publications",
    "pages/registry.py: '下载名录网站（压缩包）'": "registry",
    "pages/registry.py: '下载名录表格（csv）'": "registry",
    "pages/deadlines.py: '下载日历文件'": "calendar",
    "pages/ledger.py: '导出（表格文件）'": "ledger",
    "pages/cohort.py: '下载存量对象模板'": "forms",
    "pages/_parts/round_forms.py: '下载全部（压缩包）'": "forms",
    "pages/_parts/panel_books.py: f'下载 {named[whom[0]]} 的评分工作簿'": "scoring books",
    "pages/_parts/panel_books.py: f'下载 {len(whom)} 位专家的评分工作簿（压缩包）'": "scoring books",
    "pages/_parts/intake_acts.py: '下载收到的原件'": "received",
    "pages/decision.py: label": DECISION,
}
COMMANDS = {
    "template": "forms", "check": "printed", "intake": "feedback", "export": "printed", "workdays": NOTHING,
    "status": NOTHING, "backup": BACKUP, "restore": NOTHING, "verify": "printed", "app": NOTHING, "demo": NOTHING,
}  # fmt: skip
# modules of core that write files or put them together
WRITERS = {
    "core/cli.py": "forms",
    "core/services/rounds.py": "forms",
    "core/services/lists.py": "lists",
    "core/services/documents.py": "documents",
    "core/services/registry.py": "registry",
    "core/publication/registry/folder.py": "registry",
    "core/services/score_book_files.py": "scoring books",
    "core/services/uploads.py": "what was just uploaded, read by a process of its own",
    "core/publication/docx_parts.py": "lists",
    "core/intake/folder_source.py": "forms",
    "core/intake/online/source.py": "what a city sent, read by a process of its own",
    "core/intake/online/key.py": "the key of the service account, in a folder of its own",
    "core/intake/surgery.py": "feedback",
    "core/intake/feedback.py": "feedback",
    "core/intake/snapshots.py": "what the cities sent, kept in the store's own folder",
    "core/upkeep/archive.py": BACKUP,
    "core/upkeep/backup.py": BACKUP,
}
WRITING = {"write_bytes", "write_text", "writestr", "copyfile", "mkstemp"}
ADDRESSES = ["/login", "/logout", "/password", "/setup"]  # the pages of signing in; /calendar/ is "calendar"
