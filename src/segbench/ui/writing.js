// The rules in writing: an editor in step with the rows, and forms to copy. writing_widget.py has
// the messages.

const PAUSE = 300;
const NAMES = { text: "Text", json: "JSON", sql: "SQL", python: "Python" };
const HINTS = {
  text: "Type or paste rules; the rows follow. A comment is lost when the rows change: a note stays.",
  json: "The whole segment. Change it or paste another one, then import it.",
  sql: "The keys of the same contacts, from the tables contacts, tags and events. To copy, not to change.",
  python: "The same contacts as a pandas DataFrame, in a notebook. To copy, not to change.",
};
const EXAMPLE = 'country is any of ("DE", "AT")\nand order_placed at least 2 times in last 90 days';
const ACCEPT = ".json,.yaml,.yml,.txt,.segment";

function el(tag, props = {}, ...kids) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name in made && name !== "list") made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...kids);
  return made;
}

function button(text, act, props = {}) {
  return el("button", { type: "button", className: "sbw-button", textContent: text, onclick: act, ...props });
}

/** Python counts characters, a browser counts halves of some. */
function unitsTo(text, offset) {
  return [...text].slice(0, offset).join("").length;
}

/** The word at a place, at least one sign: what is marked as wrong. */
function wordEnd(text, start) {
  return start + Math.max(1, (/^[\p{L}\p{N}_.-]+/u.exec(text.slice(start)) || [""])[0].length);
}

// --- the parts of the page -------------------------------------------------------------------

function build(app) {
  const name = `sbw-${Math.random().toString(36).slice(2)}`;
  const choice = ([form, text]) => {
    const input = el("input", { type: "radio", name, value: form, onchange: () => choose(app) });
    app.forms[form] = input;
    return el("label", { className: "sbw-form" }, input, el("span", {}, text));
  };
  app.dialect = el("select", { "aria-label": "Dialect of the SQL", className: "sbw-select", onchange: () => choose(app) });
  app.copy = button("Copy", () => copy(app));
  app.save = button("Download", () => download(app));
  app.file = el("input", { type: "file", accept: ACCEPT, hidden: true, tabIndex: -1, "aria-label": "Segment file", onchange: () => take(app) });
  app.import = button("Import file…", () => app.file.click());
  app.use = button("Import this JSON", () => send(app, { take: app.area.value, file: "" }), { className: "sbw-button sbw-primary" });
  app.area = el("textarea", { className: "sbw-area", spellcheck: false, autocapitalize: "off", oninput: () => typed(app), onblur: () => left(app), placeholder: EXAMPLE });
  app.area.setAttribute("aria-describedby", `${name}-hint ${name}-problem`);
  app.back = el("pre", { className: "sbw-back", "aria-hidden": "true" });
  app.problem = el("div", { id: `${name}-problem`, className: "sbw-problem", role: "status" });
  app.notes = el("ul", { className: "sbw-notes" });
  app.hint = el("p", { id: `${name}-hint`, className: "sbw-hint" });
  app.live = el("span", { className: "sbw-live", role: "status" });
  const forms = el("div", { className: "sbw-forms", role: "radiogroup", "aria-label": "Form of the rules" }, ...Object.entries(NAMES).map(choice));
  const tools = el("div", { className: "sbw-tools" }, forms, app.dialect, app.live, app.use, app.copy, app.save, app.import, app.file);
  const paper = el("div", { className: "sbw-paper" }, app.back, app.area);
  app.box = el("details", { className: "sbw", ontoggle: () => send(app, { open: app.box.open }) });
  app.box.append(el("summary", {}, "The rules as text, JSON, SQL, Python"), tools, paper, app.problem, app.notes, app.hint);
}

// --- what is sent ----------------------------------------------------------------------------

function send(app, message) {
  app.sent += 1;
  app.model.send({ ...message, id: app.sent });
}

function choose(app) {
  stop(app);
  app.own = false;
  send(app, { form: Object.keys(app.forms).find((form) => app.forms[form].checked), dialect: app.dialect.value });
}

function typed(app) {
  app.own = true;
  mark(app, null);
  shape(app);
  if (shownForm(app) !== "text") return;
  clearTimeout(app.timer);
  app.timer = setTimeout(() => write(app), PAUSE);
}

function write(app) {
  stop(app);
  send(app, { write: app.area.value, typing: app.typing });
  app.typing = true;
}

function left(app) {
  if (app.timer) write(app);
  app.typing = false;
  if (shownForm(app) === "text") send(app, { left: true });
}

function stop(app) {
  clearTimeout(app.timer);
  app.timer = null;
}

async function take(app) {
  const [file] = app.file.files;
  if (!file) return;
  app.own = false;
  app.last = { take: (await file.text()).replace(/\r\n?/g, "\n"), file: file.name };
  app.file.value = "";
  send(app, app.last);
}

function drop(app) {
  stop(app);
  app.own = false;
  send(app, { drop: true });
  app.area.focus();
}

// --- copies and files ------------------------------------------------------------------------

/** The clipboard is there on https and localhost alone; elsewhere the old command works. */
async function copy(app) {
  try {
    await navigator.clipboard.writeText(app.area.value);
  } catch {
    const selected = [app.area.selectionStart, app.area.selectionEnd];
    app.area.select();
    document.execCommand("copy");
    app.area.setSelectionRange(...selected);
    app.copy.focus();
  }
  say(app, `${NAMES[shownForm(app)]} copied.`);
}

function download(app) {
  const url = URL.createObjectURL(new Blob([app.area.value], { type: "text/plain" }));
  el("a", { href: url, download: app.model.get("state").file }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
  say(app, `${app.model.get("state").file} downloaded.`);
}

function say(app, text) {
  app.live.textContent = text;
  clearTimeout(app.saying);
  app.saying = setTimeout(() => (app.live.textContent = ""), 4_000);
}

// --- drawing ---------------------------------------------------------------------------------

function shownForm(app) {
  return app.model.get("state").form;
}

function draw(app) {
  const state = app.model.get("state");
  if (state.heard >= app.sent) for (const [form, input] of Object.entries(app.forms)) input.checked = form === state.form;
  if (app.dialect.length !== state.dialects.length) app.dialect.replaceChildren(...state.dialects.map((each) => el("option", { value: each, textContent: each })));
  app.dialect.value = state.dialect;
  // What was typed since Python heard of it stays; so does JSON that nobody has imported yet.
  const newer = app.timer || state.heard < app.sent || (app.own && state.form === "json" && !state.draft);
  if (!newer) {
    if (app.area.value !== state.text) replaceText(app, state.text);
    app.own = state.draft;
    mark(app, state.problem, state.behind, state.draft);
  }
  shape(app);
  app.notes.replaceChildren(...(state.problem ? [] : state.notes).map((note) => el("li", {}, note)));
  app.hint.textContent = HINTS[state.form];
}

function replaceText(app, text) {
  const focused = app.area.getRootNode().activeElement === app.area;
  const place = app.area.selectionStart;
  app.area.value = text;
  if (focused) app.area.setSelectionRange(Math.min(place, text.length), Math.min(place, text.length));
}

/** What can be done with the form that is shown. */
function shape(app) {
  const { form, draft } = app.model.get("state");
  const written = form === "text" || form === "json";
  app.area.readOnly = !written;
  app.area.setAttribute("aria-label", written ? `The rules as ${NAMES[form]}` : `The rules as ${NAMES[form]}, to copy`);
  app.dialect.hidden = form !== "sql";
  app.import.hidden = !written;
  app.use.hidden = form !== "json" || !app.own;
  app.copy.disabled = app.save.disabled = Boolean(draft) || !app.area.value;
  if (!app.marked) app.back.textContent = `${app.area.value}\n`;
}

/** Says what is wrong, and marks the place in the text. */
function mark(app, problem, behind = false, draft = false) {
  app.marked = problem && Number.isInteger(problem.offset) ? problem : null;
  app.area.toggleAttribute("aria-invalid", false);
  app.problem.replaceChildren();
  if (!problem) return;
  app.area.setAttribute("aria-invalid", "true");
  app.problem.append(el("span", {}, problem.message));
  const acts = el("span", { className: "sbw-acts" });
  if (app.marked) {
    const text = app.area.value;
    const start = Math.min(unitsTo(text, problem.offset), text.length);
    const end = wordEnd(text, start);
    app.back.replaceChildren(text.slice(0, start), el("mark", {}, text.slice(start, end) || " "), `${text.slice(end)}\n`);
    acts.append(button("Show the place", () => (app.area.focus(), app.area.setSelectionRange(start, end))));
  }
  if (draft) acts.append(button("Back to the rows", () => drop(app)));
  if (draft && app.last && app.last.take === app.area.value && !app.marked) acts.prepend(button("Import it", () => send(app, app.last), { className: "sbw-button sbw-primary" }));
  app.problem.append(acts);
  if (draft) app.problem.append(el("span", { className: "sbw-hint" }, behind ? "The rows have changed since; they are not what is written here." : "The rows stay as they are."));
}

function render({ model, el: host }) {
  const app = { model, forms: {}, sent: 0, timer: null, typing: false, own: false, last: null, marked: null };
  host.classList.add("sbw-host");
  host.setAttribute("data-lm-suppress-shortcuts", "true");
  build(app);
  host.append(app.box);
  const change = () => draw(app);
  model.on("change:state", change);
  app.box.open = model.get("state").open;
  app.sent = model.get("state").heard;
  draw(app);
  return () => {
    stop(app);
    clearTimeout(app.saying);
    model.off("change:state", change);
  };
}

export default { render };
