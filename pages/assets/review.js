// The sheet of an expert. What is typed goes to the server after a pause and when a box is left; until the server has
// said that it is kept, it also lies in this tab (sessionStorage), so that a reload or a lost connection loses nothing.
// A shared office computer keeps none of it: what is kept is removed at once, and the rest goes with the tab.

const PAUSE = 600, PATIENCE = 5000, AGAIN = 2500;
const PREFIX = "shifan-review-";
const LOST = "连接中断，所填内容留在本页，恢复后自动保存";

export default function (component) {
  const { parentElement: root, data, setTriggerValue } = component;
  root.setAttribute("data-own-words", "");
  root.sheet ??= new Sheet(root.appendChild(document.createElement("div")));
  root.sheet.tell = (message) => setTriggerValue("sent", message);
  root.sheet.show(data);
}

class Sheet {
  constructor(root) {
    this.root = root;
    this.sent = new Map(); // what was sent and is not answered yet, by its mark
    this.waiting = this.timer = this.held = null;
    this.dirty = this.shut = this.begun = this.looked = false;
    this.watch();
    window.addEventListener("offline", () => this.alive() && this.dirty && this.lost());
    window.addEventListener("online", () => this.alive() && this.soon(0));
    window.addEventListener("beforeunload", (event) => {
      if (this.alive() && this.dirty) event.preventDefault();
    });
  }

  alive() { return this.root.isConnected; }

  // While the page has no connection it covers itself with a message in a window; here one goes on typing.
  watch() {
    const seen = new MutationObserver(() => {
      if (!connected() && this.alive()) document.querySelector('[role="dialog"] button[aria-label]')?.click();
    });
    seen.observe(document.body, { childList: true, subtree: true });
    const timer = setInterval(() => {
      if (this.alive()) return this.tellConnection();
      clearInterval(timer);
      seen.disconnect();
    }, 1000);
  }
  tellConnection() {
    if (this.dirty || !this.begun) return;
    const lost = this.one("status").textContent === LOST;
    if (!connected() && !lost) this.say(LOST, "bad");
    if (connected() && lost) this.say(this.data.saved ? `已保存 ${this.data.saved}` : "填写后自动保存", "kept");
  }

  one(name) { return this.root.querySelector(`[data-${name}]`); }
  boxes() { return [...this.root.querySelectorAll("[data-part]")]; }

  // ---- what stands in the boxes, in one order, so that two texts can be compared
  read() { return this.ordered((box) => box.value); }
  of(texts) { return this.ordered((box) => texts[box.dataset.part]?.[box.dataset.code] ?? ""); }
  ordered(value) {
    const found = { scores: {}, comments: {}, counts: {} };
    for (const box of this.boxes()) {
      const text = value(box);
      if (text.trim()) found[box.dataset.part][box.dataset.code] = text;
    }
    return found;
  }
  write(texts) {
    for (const box of this.boxes()) box.value = texts[box.dataset.part]?.[box.dataset.code] ?? "";
  }

  // ---- what the server says
  show(data) {
    const typed = this.begun ? this.read() : null;
    if (this.held !== data.html) {
      this.held = data.html;
      this.root.innerHTML = data.html;
      this.bind();
      if (typed) this.write(typed);
    }
    this.data = data;
    this.key = `${PREFIX}${data.account}-${data.sheet}`;
    if (!this.begun) this.begin();
    else if (data.answer && this.sent.has(data.answer.mark)) this.answered(data.answer);
    else if (data.version !== this.base) this.elsewhere();
    else if (this.dirty && !this.waiting) this.soon(0);
  }

  begin() {
    this.begun = true;
    this.forgetOthers();
    const { data } = this, server = this.of(data.texts), left = this.left();
    this.base = data.version;
    this.write(server);
    this.notes(data);
    data.saved ? this.say(`已保存 ${data.saved}`, "kept") : this.say("填写后自动保存", "none");
    if (!left || same(this.of(left.typed), server)) return this.store();
    this.write(left.typed);
    this.dirty = true;
    if (left.base === data.version || left.unanswered.some((one) => same(this.of(one), server))) {
      this.say("找回了没有存上的内容，正在保存", "busy");
      return this.soon(0);
    }
    this.conflict(data);
  }

  elsewhere() {
    const server = this.of(this.data.texts);
    if (this.dirty) return this.waiting ? undefined : this.soon(0);
    this.base = this.data.version;
    if (!same(server, this.read())) {
      this.write(server);
      this.say(`已换成另一个窗口保存的内容（${this.data.saved}）`, "kept");
    }
    this.notes(this.data);
  }

  answered(answer) {
    const { kind, typed } = this.sent.get(answer.mark);
    if (this.waiting === answer.mark) this.waiting = null;
    if (answer.kept) {
      this.forget(answer.mark);
      this.base = answer.version;
      this.dirty = !same(typed, this.read());
      this.store();
      this.notes(answer);
      this.say(`已保存 ${answer.saved}`, "kept");
      if (kind !== "save" || this.looked) this.problems(answer, kind !== "save");
      if (this.dirty && !this.waiting) this.soon(PAUSE);
    } else if (answer.stale) {
      const server = this.of(answer.texts);
      if (answer.version === this.base || [...this.sent.values()].some((one) => same(one.typed, server))) {
        // our own words, whose answer came late or got lost: the rest is written on top of them
        this.sent.clear();
        this.waiting = null;
        this.base = answer.version;
        this.send(kind === "check" ? "check" : "save");
      } else this.conflict(answer);
    } else {
      this.shut = true;
      this.say("没有保存", "bad");
      this.warn(answer.sentence);
    }
  }

  // what was sent before an answered message, too: it was written, or written over by this one
  forget(mark) {
    for (const one of [...this.sent.keys()]) {
      this.sent.delete(one);
      if (one === mark) return;
    }
  }

  // ---- what goes to the server
  changed() {
    this.one("sure").hidden = true;
    this.dirty = true;
    this.store();
    if (!this.shut) this.soon(PAUSE);
  }
  soon(pause) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send("save"), pause);
  }
  send(kind) {
    clearTimeout(this.timer);
    if (!this.alive() || this.shut || !this.one("conflict").hidden) return;
    if (kind === "save" && (!this.dirty || this.waiting)) return;
    if (!connected()) return this.lost();
    const typed = this.read(), mark = `${Date.now()}-${Math.random()}`;
    this.sent.set(mark, { kind, typed });
    this.waiting = mark;
    this.store();
    this.say("正在保存", "busy");
    this.tell({ mark, kind, texts: typed, version: this.base, settings: this.data.settings });
    setTimeout(() => this.alive() && this.waiting === mark && this.lost(), PATIENCE);
  }
  lost() {
    this.waiting = null;
    this.say(LOST, "bad");
    if (this.dirty) this.soon(AGAIN);
  }

  // ---- what lies in this tab until the server has it
  left() {
    try { return JSON.parse(sessionStorage.getItem(this.key)); } catch { return null; }
  }
  store() {
    if (!this.dirty) return sessionStorage.removeItem(this.key);
    const unanswered = [...this.sent.values()].map((one) => one.typed);
    sessionStorage.setItem(this.key, JSON.stringify({ base: this.base, typed: this.read(), unanswered }));
  }
  forgetOthers() {
    for (const key of Object.keys(sessionStorage)) {
      if (key.startsWith(PREFIX) && !key.startsWith(`${PREFIX}${this.data.account}-`)) sessionStorage.removeItem(key);
    }
  }

  // ---- what the person sees
  bind() {
    this.root.oninput = (event) => event.target.dataset.part && this.changed();
    this.root.onfocusout = (event) => event.target.dataset.part && this.dirty && !this.shut && this.send("save");
    this.root.onkeydown = (event) => {
      if (event.key === "Escape") this.one("sure").hidden = true;
    };
    this.root.onclick = (event) => this[event.target.closest("button")?.dataset.do]?.();
  }
  say(text, tone) {
    const status = this.one("status");
    status.textContent = text;
    status.dataset.tone = tone;
  }
  warn(text) {
    const place = this.one("warning");
    place.textContent = text;
    place.hidden = !text;
  }
  notes({ notes, total }) {
    for (const place of this.root.querySelectorAll("[data-note]")) {
      place.textContent = notes[place.dataset.note] ?? "";
    }
    this.one("total").textContent = total;
  }
  // after the first look each saving tells what is still wrong, without taking the cursor away
  problems({ problems, total }, asked) {
    this.looked = true;
    let first = null;
    for (const place of this.root.querySelectorAll("[data-error]")) {
      const said = problems[place.dataset.error] ?? [], part = place.closest("fieldset");
      place.textContent = said.join("");
      part.toggleAttribute("data-wrong", said.length > 0);
      if (said.length) first ??= part.querySelector("[data-part]");
    }
    const count = Object.keys(problems).length;
    this.warn(count ? `还有 ${count} 项指标没有填好，请按红字改正后再提交。` : "");
    if (!asked || this.dirty) return;
    if (first) return first.focus();
    const sure = this.one("sure");
    this.one("sure-total").textContent = total;
    sure.hidden = false;
    sure.querySelector("button").focus();
  }
  check() { this.dirty = true; this.send("check"); }
  submit() { this.one("sure").hidden = true; this.send("submit"); }
  wait() { this.one("sure").hidden = true; }

  // ---- two windows
  conflict(theirs) {
    this.theirs = theirs;
    const { texts, saved } = theirs, mine = this.read(), server = this.of(texts), rows = this.one("rows");
    rows.replaceChildren();
    for (const box of this.boxes()) {
      const { part, code } = box.dataset, [here, there] = [mine[part][code] ?? "", server[part][code] ?? ""];
      if (here === there) continue;
      const row = document.createElement("tr");
      for (const text of [box.getAttribute("aria-label"), here || "（空）", there || "（空）"]) {
        row.appendChild(document.createElement("td")).textContent = text;
      }
      rows.appendChild(row);
    }
    this.one("theirs").textContent = saved ? `另一个窗口（${saved} 保存）` : "另一个窗口";
    this.one("conflict").hidden = false;
    this.one("conflict").querySelector("button").focus();
    this.say("没有保存：另一个窗口改过这份评审", "bad");
  }
  decided(dirty) {
    this.base = this.theirs.version;
    this.one("conflict").hidden = true;
    this.sent.clear();
    this.waiting = null;
    this.dirty = dirty;
    this.store();
  }
  mine() { this.decided(true); this.send("save"); }
  take() {
    this.write(this.theirs.texts);
    this.decided(false);
    this.notes(this.theirs);
    this.say("已换成另一个窗口保存的内容", "kept");
  }
}

function same(one, other) { return JSON.stringify(one) === JSON.stringify(other); }

// what the page itself shows of its connection; where it shows nothing, waiting for the answer tells
function connected() {
  const state = document.querySelector('[data-testid="stApp"]')?.dataset.testConnectionState;
  return navigator.onLine && (!state || state === "CONNECTED");
}
