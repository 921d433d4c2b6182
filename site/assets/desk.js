// Comfort for the form of a record: what is written is kept now and then, and a
// new title is looked for in the library. Without script both are buttons.
const form = document.querySelector("form[data-keep]");
if (form) {
  const said = document.getElementById("kept");
  let timer = 0, waiting = false;
  const keep = async () => {
    waiting = false;
    try {
      const answer = await fetch(form.dataset.keep, { method: "POST", body: new URLSearchParams(new FormData(form)) });
      if (answer.ok) said.textContent = form.dataset.kept + " " + new Date().toLocaleTimeString(document.documentElement.lang);
    } catch { /* a bad line: it is tried again at the next change */ }
  };
  form.addEventListener("input", () => { waiting = true; clearTimeout(timer); timer = setTimeout(keep, 3000); });
  form.addEventListener("submit", () => clearTimeout(timer));
  addEventListener("visibilitychange", () => { if (waiting && document.hidden) keep(); });

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
const problem = document.getElementById("problem");
if (problem) problem.focus();
