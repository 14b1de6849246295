/* Searches the registry in the page itself: the data lie beside it in data.js, nothing is asked of a server. */
"use strict";
(function () {
  const held = window.REGISTRY;
  const PAGE = 50;
  const FIELDS = ["text", "city", "kind", "group", "year"];
  const at = (id) => document.getElementById(id);
  const form = at("search"), list = at("hits"), more = at("more");
  const folded = (text) => text.normalize("NFKC").toLowerCase();
  // what each object is searched in; widths and upper or lower case make no difference
  const texts = held.objects.map((each) =>
    folded([each.name, ...each.former, each.operator, each.services, each.industry].join("\n")));
  let found = held.objects, shown = 0;

  function wanted() {
    return Object.fromEntries(FIELDS.map((field) => [field, at(field).value.trim()]));
  }

  function search() {
    const asked = wanted(), sought = folded(asked.text).split(/\s+/).filter(Boolean);
    const year = Number(asked.year);
    found = held.objects.filter((each, place) =>
      (!asked.city || held.cities[each.city][0] === asked.city) &&
      (!asked.kind || each.kind === asked.kind) &&
      (!asked.group || held.groups[each.group] === asked.group) &&
      (!year || each.years.includes(year)) &&
      sought.every((word) => texts[place].includes(word)));
    shown = 0;
    list.textContent = "";
    show(PAGE);
    at("found").textContent = `${FIELDS.some((field) => asked[field]) ? "查到" : "共"} ${found.length} 个`;
    at("nothing").hidden = found.length > 0;
    const kept = new URLSearchParams(Object.entries(asked).filter((pair) => pair[1])).toString();
    // in the address, so that a reload and a link lead to the same; without a step back for every letter
    history.replaceState(null, "", kept ? "#" + kept : location.pathname + location.search);
  }

  function show(count) {
    const part = document.createDocumentFragment();
    for (const each of found.slice(shown, shown + count)) part.append(line(each));
    shown = Math.min(found.length, shown + count);
    list.append(part);
    more.hidden = shown >= found.length;
    more.textContent = `再显示 ${Math.min(PAGE, found.length - shown)} 个（还有 ${found.length - shown} 个）`;
  }

  function element(tag, text, css) {
    const made = document.createElement(tag);
    made.textContent = text;
    if (css) made.className = css;
    return made;
  }

  function line(each) {
    const made = document.createElement("li"), link = element("a", each.name);
    link.href = `${held.cities[each.city][1]}#${each.id}`;
    made.append(link, element("span", each.status, "tag " + each.group));
    const category = each.category ? `（${each.category}）` : "";
    const told = [held.cities[each.city][0], each.kind + category];
    if (each.operator) told.push(`运营主体：${each.operator}`);
    if (each.created) told.push(`${each.created}确定为创建对象`);
    if (each.recognized) told.push(`${each.recognized}认定`);
    if (each.revoked) told.push(`${each.revoked}撤销认定`);
    made.append(element("p", told.join("，")));
    if (each.former.length) made.append(element("p", `曾用名称：${each.former.join("、")}`));
    if (each.services) made.append(element("p", `服务内容：${each.services}`));
    if (each.industry) made.append(element("p", `主导产业：${each.industry}`));
    return made;
  }

  function restore() {
    const asked = new URLSearchParams(location.hash.slice(1));
    for (const field of FIELDS) {
      at(field).value = asked.get(field) || "";
      // a value that no option has leaves the box empty
      if (at(field).value === "") at(field).value = "";
    }
    search();
  }

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", (event) => { if (!event.isComposing) search(); });
  form.addEventListener("compositionend", search);
  form.addEventListener("reset", () => { setTimeout(() => { search(); at("text").focus(); }); });
  more.addEventListener("click", () => {
    const first = shown;
    show(PAGE);
    list.children[first].querySelector("a").focus();
  });
  // on paper everything that was found
  window.addEventListener("beforeprint", () => show(found.length));
  window.addEventListener("hashchange", restore);
  form.hidden = at("results").hidden = false;
  restore();
})();
