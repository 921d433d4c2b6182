// The quick exit takes this page out of the history instead of adding one.
document.getElementById("leave").addEventListener("click", function (event) {
  event.preventDefault();
  document.body.hidden = true;
  location.replace(this.href);
});

// A box of words offers suggestions: the combobox of the ARIA Authoring
// Practices. Without script the form searches as it is.
for (const input of document.querySelectorAll("input[data-suggest]")) {
  const list = document.createElement("ul");
  let options = [], active = -1, asked = "", timer = 0;
  list.id = input.id + "-suggestions";
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.dataset.label);
  for (const [name, value] of [["role", "combobox"], ["aria-expanded", "false"], ["aria-controls", list.id], ["aria-autocomplete", "list"]]) {
    input.setAttribute(name, value);
  }
  input.parentElement.classList.add("suggesting");
  input.after(list);

  const close = () => { show([]); };
  const mark = (i) => {
    if (options[active]) options[active].setAttribute("aria-selected", "false");
    active = i;
    if (!options[i]) return input.removeAttribute("aria-activedescendant");
    options[i].setAttribute("aria-selected", "true");
    options[i].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", options[i].id);
  };
  const part = (name, text) => {
    const span = document.createElement("span");
    span.className = name;
    span.textContent = text;
    return span;
  };
  const show = (found) => {
    options = found.map((s, i) => {
      const li = document.createElement("li"), label = part("label", s.label);
      li.id = list.id + "-" + i;
      li.setAttribute("role", "option");
      li.setAttribute("aria-selected", "false");
      if (s.lang) { label.lang = s.lang; label.dir = s.dir; }
      li.append(label, " ", part("kind", s.count ? s.kind + " · " + s.count : s.kind));
      li.addEventListener("mousedown", (event) => { event.preventDefault(); location.assign(s.url); });
      li.url = s.url;
      return li;
    });
    list.replaceChildren(...options);
    list.hidden = !options.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    mark(-1);
  };
  const ask = async () => {
    const words = asked = input.value.trim();
    if (!words) return close();
    try {
      const answer = await fetch(input.dataset.suggest + "?q=" + encodeURIComponent(words));
      const found = answer.ok ? await answer.json() : [];
      // One who is choosing already is not interrupted by a late answer.
      if (asked === words && active < 0) show(found);
    } catch { /* a bad line: the form still searches */ }
  };
  input.addEventListener("input", () => { mark(-1); clearTimeout(timer); timer = setTimeout(ask, 120); });
  input.form.addEventListener("submit", (event) => {
    if (active < 0) return;
    event.preventDefault();
    location.assign(options[active].url);
  });
  input.addEventListener("blur", () => { asked = ""; close(); });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || list.hidden) return;
    const to = { ArrowDown: active + 1, ArrowUp: active < 0 ? options.length - 1 : active - 1 }[event.key];
    if (to !== undefined) { event.preventDefault(); mark(to >= options.length ? -1 : to); }
    else if (event.key === "Escape") { event.preventDefault(); asked = ""; close(); }
  });
}

// The sign behind a section's heading also copies the section's lasting address.
for (const a of document.querySelectorAll("a[data-copy]")) {
  a.addEventListener("click", () => { navigator.clipboard?.writeText(new URL(a.dataset.copy, location.origin).href); });
}

// A citation can be copied at once. Without script it is text to select.
if (navigator.clipboard) for (const text of document.querySelectorAll("[data-copy]:not(a)")) {
  const button = document.createElement("button"), words = text.textContent;
  button.type = "button";
  button.className = "copy";
  button.textContent = text.dataset.copy;
  button.setAttribute("aria-live", "polite");
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(words);
    button.textContent = text.dataset.copied;
  });
  text.after(button);
}
