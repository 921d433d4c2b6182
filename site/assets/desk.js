// Comfort for the form of a record: what is written is kept now and then, and a
// new title is looked for in the library. Without script both are buttons.
const form = document.querySelector("form[data-keep]");
if (form) {
  const said = document.getElementById("kept");
  let timer = 0, waiting = false;
  const keep = async () => {
    waiting = false;
    try {
      const data = new FormData(form);
      data.delete("upload"); // files go with the form itself
      const answer = await fetch(form.dataset.keep, { method: "POST", body: new URLSearchParams(data) });
      if (answer.ok) said.textContent = form.dataset.kept + " " + new Date().toLocaleTimeString(document.documentElement.lang);
    } catch { /* a bad line: it is tried again at the next change */ }
  };
  form.addEventListener("input", () => { waiting = true; clearTimeout(timer); timer = setTimeout(keep, 3000); });
  form.addEventListener("submit", () => clearTimeout(timer));
  addEventListener("visibilitychange", () => { if (waiting && document.hidden) keep(); });

  // A file that is too large is told before it is sent over a bad line.
  form.querySelector("input[type=file]")?.addEventListener("change", ({ target }) => {
    const large = [...target.files].find((f) => f.size > Number(target.dataset.most));
    target.setCustomValidity(large ? large.name + ": " + target.dataset.large : "");
    target.reportValidity();
  });

  const near = form.querySelector(".similar");
  if (form.dataset.similar) {
    let asked = "", later = 0;
    const ask = async (title) => {
      asked = title;
      try {
        const answer = await fetch(form.dataset.similar + "?title=" + encodeURIComponent(title));
        const found = answer.ok && asked === title ? await answer.json() : [];
        near.hidden = !found.length;
        near.replaceChildren(form.dataset.near + " ", ...found.flatMap((f) => {
          const a = document.createElement("a");
          a.href = f.url;
          a.textContent = f.label;
          if (f.lang) { a.lang = f.lang; a.dir = f.dir; }
          return [a, " "];
        }));
      } catch { /* it is asked again when the form is sent */ }
    };
    form.addEventListener("input", (event) => {
      if (!event.target.name.startsWith("title.")) return;
      clearTimeout(later);
      later = setTimeout(ask, 500, event.target.value);
    });
  }
}
// A name that is being written offers the persons and organisations that the
// library has: buttons below the field, each of which completes the line.
for (const area of document.querySelectorAll("textarea[data-names]")) {
  const list = document.createElement("p");
  list.className = "offers";
  area.after(list);
  let timer = 0, asked = "";
  const line = () => {
    const start = area.value.lastIndexOf("\n", area.selectionStart - 1) + 1;
    const end = area.value.indexOf("\n", area.selectionStart);
    return [start, end < 0 ? area.value.length : end];
  };
  const ask = async () => {
    const words = asked = area.value.slice(...line()).trim();
    if (words.length < 2) return list.replaceChildren();
    try {
      const answer = await fetch(area.dataset.names + "?q=" + encodeURIComponent(words));
      const found = answer.ok && asked === words ? await answer.json() : [];
      list.replaceChildren(...found.filter((name) => name !== words).map((name) => {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "plain";
        button.textContent = name;
        button.addEventListener("click", () => {
          area.setRangeText(name + "\n", ...line(), "end");
          list.replaceChildren();
          area.focus();
          area.dispatchEvent(new Event("input", { bubbles: true }));
        });
        return button;
      }));
    } catch { /* the name is taken as it is written */ }
  };
  area.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 300); });
}
const problem = document.getElementById("problem");
if (problem) problem.focus();
