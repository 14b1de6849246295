// The table in which people choose who is listed. What is picked stands here and goes to the server as one works, which
// keeps it in the draft; filters, counts, quotas and groups of equals follow without asking the server.
// Rows stand in official order, whatever is picked: nothing here sorts.
const PAUSE = 350; // milliseconds without typing before what is picked is sent
const LATE = 8000; // milliseconds without an answer after which a person is told
const EMPTY = { outcome: "", reason: "", words: "", equal: "" };
const WORDS = { selected: "列入", not_selected: "不列入" };

const make = (tag, given = {}, ...children) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (name in made && name !== "list") made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children.filter((one) => one !== null && one !== undefined && one !== ""));
  return made;
};
const options = (pairs, chosen) => pairs.map(([value, text]) => make("option", { value, selected: value === chosen }, text));

class Table {
  constructor(root, data, send) {
    for (const row of data.rows) Object.assign(row, data.kinds[row.as]);
    Object.assign(this, { root, data, send, ticked: new Set(), timer: 0, mark: data.mark, heard: data.mark });
    this.picked = new Map(data.rows.map((row) => [row.id, { ...EMPTY, ...(data.picked[row.id] ?? {}) }]));
    this.reasons = new Map(data.reasons.map((one) => [one.code, one]));
    this.views = new Map();
    const parts = [this.filters(), data.acts ? this.bulk() : null, this.bars(), this.table(), this.equals()];
    root.replaceChildren(...parts.filter(Boolean));
    for (const row of data.rows) this.show(row);
    this.count();
  }

  // ---------------------------------------------------------------- parts

  filters() {
    const unique = (of) => [...new Set(this.data.rows.map(of))].map((text) => [text, text]);
    const select = (label, pairs) =>
      make("select", { "aria-label": label, onchange: () => this.filter() }, ...options([["", `${label}：全部`], ...pairs], ""));
    this.city = select("地区", unique((row) => row.city));
    this.group = select("评审结果", unique((row) => row.group));
    this.outcome = select("选定", [["open", "未定"], ["selected", "列入"], ["not_selected", "不列入"], ["done", "已办理"]]);
    this.told = make("span", { className: "told", role: "status" });
    this.saved = make("span", { className: "soft", textContent: this.data.saved });
    return make("div", { className: "sf-line sf-pickbar" }, this.city, this.group, this.outcome, this.told, this.saved);
  }

  bulk() {
    const outcome = make("select", { "aria-label": "勾选的一起选" }, ...options([["", "一起选……"], ["selected", "列入"], ["not_selected", "不列入"], ["clear", "改回未定"]], ""));
    const reason = make("select", { "aria-label": "勾选的一起用的理由" });
    const words = make("input", { type: "text", maxLength: this.data.longest, placeholder: "具体情况（可以不写）", "aria-label": "勾选的一起写的具体情况" });
    const fill = () => {
      const fits = this.data.reasons.filter((one) => one.of === outcome.value);
      reason.replaceChildren(...options([["", "理由……"], ...fits.map((one) => [one.code, one.text])], ""));
      reason.hidden = words.hidden = !WORDS[outcome.value];
    };
    outcome.onchange = fill;
    fill();
    this.apply = make("button", { type: "button", onclick: () => this.together(outcome.value, reason.value, words.value.trim()) });
    this.result = make("span", { className: "told", role: "status" });
    return make("div", { className: "sf-line sf-pickbar sf-bulk" }, outcome, reason, words, this.apply, this.result);
  }

  bars() {
    this.quota = new Map();
    const made = this.data.quotas.map((one) => {
      const fill = make("i");
      const text = make("span");
      this.quota.set(one.city, { ...one, fill, text });
      return make("div", {}, make("b", {}, one.city), make("span", { className: "bar" }, fill), text);
    });
    return make("div", { className: "sf-quotas", title: "名额是推荐名额；列入的包括以前已经列入的。" }, ...made);
  }

  table() {
    const all = make("input", { type: "checkbox", title: "勾选所列的全部", "aria-label": "勾选所列的全部", onchange: () => this.tickAll(all.checked) });
    this.all = all;
    const heads = ["地区", "名称", "审核", "专家评审", "同等", "选定", "理由"].map((text) => make("th", { scope: "col" }, text));
    heads[4].title = "同等条件的标成同一组，表下面列出第十八条、附件2 说明9 的情形和佐证，由人比较";
    const top = make("tr", {}, this.data.acts ? make("th", { scope: "col", className: "tick" }, all) : null, ...heads);
    const body = make("tbody", {}, ...this.data.rows.map((row) => this.row(row)));
    return make("div", { className: "sf-wrap" }, make("table", { className: "sf sf-tight sf-pick" }, make("thead", {}, top), body));
  }

  row(row) {
    const view = { line: make("tr") };
    this.views.set(row.id, view);
    const acts = this.data.acts && row.waits;
    const tags = row.supports.map((one) =>
      make("span", { className: `sf-state sf-tone-${one.found ? "act" : "none"}`, title: `${one.clause}　${one.evidence}` }, one.found ? one.name : `可查：${one.name}`));
    const name = make("td", { className: "name" },
      make("a", { href: row.case ? `/cases?case=${row.case}` : `/checks?app=${row.id}`, target: "_blank", title: `运营主体：${row.operator}` }, row.name),
      make("small", {}, `${row.kind}　${row.number}`), ...(acts && row.reasons.selected.length ? tags : []));
    const verdict = make("span", { className: `sf-v sf-${row.verdict}` }, make("i", {}, row.mark), row.word);
    const notes = [row.score && make("b", { className: "score" }, row.score), row.gap, ...row.marks.map((one) => `! ${one}`)].filter(Boolean);
    const scored = make("td", { className: "scored" }, row.group, ...notes.map((one) => make("small", {}, one)));
    view.tick = make("input", { type: "checkbox", "aria-label": `勾选：${row.name}`, onchange: () => this.tick(row, view.tick.checked) });
    view.equal = make("td", { className: "equal" });
    view.choice = make("td", { className: "choice" });
    view.reason = make("td", { className: "reason" });
    view.line.append(...[
      this.data.acts ? make("td", { className: "tick" }, row.waits ? view.tick : "") : null,
      make("td", { className: "nowrap" }, row.city), name, make("td", { className: "nowrap" }, verdict), scored, view.equal, view.choice, view.reason,
    ].filter(Boolean));
    if (acts) this.fields(row, view);
    return view.line;
  }

  fields(row, view) {
    view.group = make("select", { "aria-label": `同等条件：${row.name}`, onchange: () => this.set(row, { equal: view.group.value }) },
      ...options([["", "—"], ...this.data.equals.map((one) => [one, one])], ""));
    view.equal.append(view.group);
    view.buttons = Object.entries(WORDS).map(([outcome, word]) => {
      const shut = row.reasons[outcome].length ? "" : row.shut[outcome];
      return make("button", {
        type: "button", disabled: Boolean(shut), title: shut, "aria-label": `${word}：${row.name}`, value: outcome,
        onclick: () => this.choose(row, this.picked.get(row.id).outcome === outcome ? "" : outcome),
      }, word);
    });
    view.choice.append(...view.buttons);
    view.select = make("select", { "aria-label": `理由：${row.name}`, onchange: () => this.set(row, { reason: view.select.value }) });
    view.words = make("input", {
      type: "text", maxLength: this.data.longest, "aria-label": `具体情况：${row.name}`,
      oninput: () => this.set(row, { words: view.words.value }, true), onblur: () => this.flush(),
    });
    view.reason.append(view.select, view.words);
  }

  equals() {
    this.groups = make("div", { className: "sf-equals" });
    return this.groups;
  }

  // ---------------------------------------------------------------- what is picked

  choose(row, outcome) {
    const now = this.picked.get(row.id);
    const kept = outcome && row.reasons[outcome].includes(now.reason) ? now.reason : "";
    this.set(row, { outcome, reason: outcome ? kept || row.first[outcome] : "" });
  }

  set(row, change, typed = false) {
    Object.assign(this.picked.get(row.id), change);
    if (!typed) this.show(row);
    this.changed(typed);
  }

  changed(typed = false) {
    this.count();
    this.mark += 1;
    this.saved.textContent = "正在保存……";
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), typed ? PAUSE : 0);
  }

  flush() {
    if (!this.timer) return;
    clearTimeout(this.timer);
    this.timer = 0;
    clearTimeout(this.late);
    this.late = setTimeout(() => (this.saved.textContent = "还没有保存，连接可能已断开，请不要关闭页面"), LATE);
    const kept = [...this.picked].filter(([, one]) => Object.values(one).some(Boolean));
    this.send({ mark: this.mark, picked: Object.fromEntries(kept) });
  }

  // what came of the last thing sent; an answer to an earlier one says nothing yet
  answer(data) {
    if (data.mark !== this.mark) return;
    clearTimeout(this.late);
    this.heard = data.mark;
    this.saved.textContent = data.saved;
  }

  together(outcome, reason, words) {
    let done = 0;
    const left = [];
    for (const row of this.data.rows.filter((one) => this.ticked.has(one.id))) {
      const now = this.picked.get(row.id);
      if (outcome === "clear") Object.assign(now, { outcome: "", reason: "", words: "" });
      else if (!row.reasons[outcome]?.length || (reason && !row.reasons[outcome].includes(reason))) left.push(row.name);
      else Object.assign(now, { outcome, reason: reason || row.first[outcome], words: words || now.words });
      if (!left.includes(row.name)) done += 1;
      this.show(row);
    }
    this.changed();
    const rest = left.length ? `；${left.length} 个不能这样选，没有动：${left.slice(0, 3).join("、")}${left.length > 3 ? "等" : ""}` : "";
    this.result.textContent = `已填入 ${done} 个${rest}。`;
    this.tickAll(false);
  }

  // ---------------------------------------------------------------- what is shown

  show(row) {
    const view = this.views.get(row.id);
    const one = this.picked.get(row.id);
    view.line.dataset.outcome = row.waits ? one.outcome : "done";
    const reason = this.reasons.get(one.reason);
    if (!row.waits) {
      view.choice.replaceChildren(make("span", { className: "soft" }, row.status));
      return;
    }
    if (!this.data.acts) {
      view.equal.textContent = one.equal;
      view.choice.textContent = WORDS[one.outcome] ?? "未定";
      view.reason.replaceChildren(reason?.text ?? "", make("small", {}, one.words));
      return;
    }
    view.group.value = one.equal;
    for (const button of view.buttons) button.setAttribute("aria-pressed", String(button.value === one.outcome));
    const fits = one.outcome ? row.reasons[one.outcome] : [];
    view.select.replaceChildren(...options([["", "选一条理由……"], ...fits.map((code) => [code, this.reasons.get(code).text])], one.reason));
    view.select.title = reason ? `${reason.text}（${reason.clause}）` : "";
    view.select.hidden = view.words.hidden = !one.outcome;
    view.select.classList.toggle("lacking", !one.reason);
    view.words.placeholder = reason?.words ? "写明具体情况（必填）" : "具体情况（可以不写）";
    view.words.classList.toggle("lacking", Boolean(reason?.words) && !one.words.trim());
    if (view.words.value !== one.words) view.words.value = one.words;
  }

  count() {
    const waiting = this.data.rows.filter((row) => row.waits);
    const of = (outcome) => waiting.filter((row) => this.picked.get(row.id).outcome === outcome).length;
    this.told.textContent = `列入 ${of("selected")} 个，不列入 ${of("not_selected")} 个，未定 ${of("")} 个。`;
    if (this.apply) {
      this.apply.textContent = `填入勾选的 ${this.ticked.size} 个`;
      this.apply.disabled = !this.ticked.size;
    }
    for (const [city, one] of this.quota) {
      const chosen = one.chosen + waiting.filter((row) => row.city === city && this.picked.get(row.id).outcome === "selected").length;
      const most = one.quota ?? one.recommended;
      const over = one.quota !== null && chosen > one.quota;
      one.fill.style.width = `${most ? Math.min(100, (100 * chosen) / most) : 0}%`;
      one.fill.className = over ? "over" : "";
      one.text.textContent = `列入 ${chosen}／名额 ${one.quota ?? "不限"}，推荐 ${one.recommended}${over ? "，超额" : ""}`;
      one.text.className = over ? "over" : "";
    }
    for (const row of waiting) {
      const words = this.views.get(row.id).words;
      const reason = this.reasons.get(this.picked.get(row.id).reason);
      if (words) words.classList.toggle("lacking", Boolean(reason?.words) && !this.picked.get(row.id).words.trim());
    }
    this.tellEquals(waiting);
  }

  tellEquals(waiting) {
    const made = this.data.equals.map((group) => {
      const rows = waiting.filter((row) => this.picked.get(row.id).equal === group);
      if (!rows.length) return null;
      const items = rows.map((row) => {
        const outcome = WORDS[this.picked.get(row.id).outcome] ?? "未定";
        const grounds = row.supports.map((one) => make("li", {}, one.found ? `${one.clause}：${one.evidence}。` : `${one.clause}，${one.name}。看：${one.evidence}`));
        const none = make("li", { className: "soft" }, "没有第十八条的情形；平台类没有附件2 说明9 的优先支持。");
        return make("li", {}, make("b", {}, `${row.city}　${row.name}`), `　${outcome}`, make("ul", {}, ...(grounds.length ? grounds : [none])));
      });
      const alone = rows.length > 1 ? "" : make("span", { className: "soft" }, "　只有一个，请把与它同等条件的也标成这一组。");
      return make("section", {}, make("b", {}, `同等条件　${group}`), alone, make("ul", {}, ...items));
    });
    this.groups.replaceChildren(...made.filter(Boolean));
  }

  filter() {
    for (const row of this.data.rows) {
      const shown = this.outcome.value;
      const now = row.waits ? this.picked.get(row.id).outcome || "open" : "done";
      const fits = (!this.city.value || row.city === this.city.value) && (!this.group.value || row.group === this.group.value) && (!shown || now === shown);
      this.views.get(row.id).line.hidden = !fits;
      if (!fits) this.tick(row, false);
    }
  }

  tick(row, on) {
    const view = this.views.get(row.id);
    view.tick.checked = on && row.waits;
    this.ticked[view.tick.checked ? "add" : "delete"](row.id);
    if (!this.apply) return;
    this.apply.textContent = `填入勾选的 ${this.ticked.size} 个`;
    this.apply.disabled = !this.ticked.size;
  }

  tickAll(on) {
    this.all.checked = on;
    for (const row of this.data.rows) this.tick(row, on && !this.views.get(row.id).line.hidden);
  }
}

export default function (component) {
  const { parentElement: root, data, setStateValue } = component;
  const send = (picked) => setStateValue("picked", picked);
  if (root.dataset.stamp !== data.stamp) {
    root.dataset.stamp = data.stamp;
    root.setAttribute("data-own-words", "");
    if (!root.place) root.append((root.place = document.createElement("div"))); // beside the styles
    root.table = new Table(root.place, data, send);
    root.leave ??= () => root.table.flush();
    root.close ??= (event) => root.table.heard !== root.table.mark && event.preventDefault();
  }
  window.addEventListener("beforeunload", root.close);
  document.addEventListener("pointerdown", root.leave, true);
  root.table.send = send;
  root.table.answer(data);
  return () => {
    document.removeEventListener("pointerdown", root.leave, true);
    window.removeEventListener("beforeunload", root.close);
  };
}
