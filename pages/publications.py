"""公布: what is still to be made public, what was made public when and on what document, and with which files."""

from __future__ import annotations

from datetime import date

import streamlit as st

from core.accounts import Permission
from core.services.publication_rows import PUBLISHED
from core.views.publications import STATES, PublicationView, publications, to_publish
from pages._parts.as_of import as_of
from pages._parts.filters import choice
from pages._parts.linked import linked
from pages._parts.publication import list_html, show_publication
from pages._parts.publication_new import ASKED, make_public, read_place
from pages._parts.publication_waiting import show_waiting
from pages._parts.tables import empty
from pages._shell import Desk, open_page, the_round

KINDS = {each.code: each.name for each in PUBLISHED.values()}
LONGEST = 9  # digits of a number in the address

desk = open_page(
    "公布",
    Permission.READ_LISTS,
    "登记哪天、凭什么文件、在哪里公布了哪份名单；公布过的名单和文件原样留存，只能重新公布，不能改动。",
)


def overview(desk: Desk) -> None:
    """What waits, then what was made public, newest first."""
    chosen = the_round(desk)
    bar = st.columns([1.2, 1.2, 2.4, 1.2], vertical_alignment="bottom")
    with bar[0]:
        kind = choice("公布的是什么", "kind", {"": "全部", **KINDS})
    with bar[1]:
        state = choice("状态", "state", {"": "全部", **STATES})
    on = as_of(desk, bar[3])
    found = publications(desk.app, chosen.id, on)
    if on is None:
        show_waiting(desk, chosen, to_publish(desk.app, chosen.id), found)
    _made(found, kind, state, on)


def _made(found: tuple[PublicationView, ...], kind: str, state: str, on: date | None) -> None:
    st.subheader("已公布", anchor=False)
    if not found:
        then = "那一天还没有" if on else "还没有"
        empty(f"{then}登记过公布。名单在网站等处公布以后，到这里登记，名单和文件就原样留存。")
        return
    shown = [each for each in found if kind in ("", each.kind) and state in ("", each.state)]
    if not shown:
        empty(f"共公布 {len(found):,} 次，没有符合筛选条件的。请把上面的筛选改回“全部”。")
        return
    among = "" if len(shown) == len(found) else f"（一共 {len(found):,} 次）"
    st.write(f"{len(shown):,} 次{among}，新的在前。点名称打开，里面有名单、文件和校验值。")
    opened = linked(list_html(shown, on), "publications")
    if opened:
        st.query_params["publication"] = opened
        st.rerun()


asked = st.query_params.get("publication", "")
place = read_place(st.query_params.get(ASKED, ""))
if asked.isdecimal() and len(asked) <= LONGEST:
    show_publication(desk, int(asked))
elif place is not None and desk.may(Permission.RUN_NOTICES):
    make_public(desk, place)
else:
    overview(desk)
