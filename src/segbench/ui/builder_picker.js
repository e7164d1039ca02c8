// The picker of what a row asks about.

/** Everything a row may ask about, in groups, as one list for the picker. */
function subjectsOf(catalog, searching) {
  const known = lowered.get(catalog);
  if (known) return searching ? known.searched : known.all;
  const entry = (subject, name, label, description, side, type) => ({ subject, name, label: label || name, description: description || "", side, type });
  const all = [
    ...(catalog.fields || []).map((f) => entry("field", f.name, f.label, f.description, f.known, TYPE_WORDS[f.type] ?? f.type)),
    entry("tag", "", "Tags", "Has any, all or none of the tags you choose", undefined),
    entry("sequence", "", "Sequence of events", "One event after another, or none after another", undefined),
    ...(catalog.events || []).map((e) => entry("event", e.name, e.label, e.description, e.contacts)),
    ...(catalog.prebuilt || []).map((p) => ({ ...entry("prebuilt", p.key, p.label, p.description, undefined), group: p.group })),
    ...(catalog.segments || []).map((s) => entry("segment", s.name, s.name, s.description, undefined)),
    entry("sample", "", "Random sample", "A fixed share of all contacts, or a part of a split", undefined),
  ];
  // Single tags would drown the rest of the list; they are found by their name.
  const tags = (catalog.tags || []).map(([tag, count]) => entry("tag", tag, tag, "Has this tag", count));
  const searched = [...all, ...tags];
  lowered.set(catalog, { all, searched });
  return searching ? searched : all;
}

const TYPE_WORDS = { text: "Text", number: "Number", boolean: "Yes or no", date: "Date", datetime: "Date and time", list: "List" };

/** What is said of a field, an event or another subject, where there is room or under the pointer. */
function aboutSubject(type, description) {
  return [type, description].filter(Boolean).join(" · ");
}

const SUBJECT_TITLES = { field: "Fields", tag: "Tags", sequence: "Events", event: "Events", prebuilt: "Pre-built segments", segment: "Saved segments", sample: "Samples" };

/** The entries under their titles. They come best match first, so that Enter takes the best. */
function titled(entries) {
  const groups = new Map();
  for (const entry of entries) {
    const title = entry.group ? "Pre-built: " + entry.group : SUBJECT_TITLES[entry.subject];
    if (!groups.has(title)) groups.set(title, []);
    groups.get(title).push(entry);
  }
  return [...groups];
}

function subjectPicker(ctx, definition, choose) {
  const { app, rule, key, where } = ctx;
  const id = key + ":subject";
  const open = app.open?.id === id ? app.open : null;
  const name = { field: rule.field, event: rule.event, measure: rule.event, prebuilt: rule.prebuilt, segment: rule.segment }[rule.kind] ?? "";
  const unset = rule.kind === "field" && !rule.field;
  const label = unset ? "Choose a filter…" : definition?.label || definition?.name || name;
  const toggle = () => app.setOpen(open ? null : { id, query: "", active: 0 });
  const button = h(
    "button",
    {
      key: id,
      "data-id": id,
      "data-anchor": id,
      class: unset ? "sb-subject sb-unset" : "sb-subject",
      "aria-haspopup": "dialog",
      "aria-expanded": String(Boolean(open)),
      "aria-label": `Subject, ${where}: ${label}`,
      title: aboutSubject(rule.kind === "field" && (TYPE_WORDS[definition?.type] ?? definition?.type), definition?.description) || undefined,
      onclick: toggle,
      onkeydown: (e) => {
        if (e.key !== "ArrowDown" || open || e.altKey) return;
        e.preventDefault();
        toggle();
      },
    },
    icon(definition ? (unset ? "search" : rule.kind) : unset ? "search" : "warning"),
    h("span", { class: "sb-subject-label" }, label),
    icon("down"),
  );
  return [button, open && subjectList(app, id, where, rule, name, choose)];
}

function subjectList(app, id, where, rule, name, choose) {
  const { open } = app;
  const { shown, more } = matching(subjectsOf(app.catalog, Boolean(open.query.trim())), open.query, (s) => [s.label, s.name, s.description, s.subject]);
  const groups = titled(shown);
  const list = { app, id, where, open, groups, flat: groups.flatMap(([, entries]) => entries), listId: `${app.uid}-${id}-list` };
  list.close = () => {
    app.focusNext = [id];
    app.setOpen(null);
  };
  list.pick = (entry) => {
    list.close();
    choose(entry.subject, entry.name);
  };
  list.isHere = (entry) => entry.subject === (rule.kind === "measure" ? "event" : rule.kind) && entry.name === name;
  const note = !list.flat.length ? "Nothing matches. Try a shorter word." : more > 0 ? `${number.format(more)} more: type to filter` : null;
  return popover(
    id,
    { class: "sb-pop sb-pop-subjects", role: "dialog", "aria-label": "Choose a filter" },
    h("div", { class: "sb-search-box" }, icon("search"), subjectSearch(list)),
    h("div", { id: list.listId, role: "listbox", class: "sb-list", "aria-label": "Filters" }, groups.map((group) => subjectGroup(list, group))),
    note && h("div", { class: "sb-pop-note", role: "status" }, note),
  );
}

function subjectSearch({ app, id, where, open, flat, listId, close, pick }) {
  const keydown = (e) => {
    if (e.key === "Enter") {
      e.preventDefault();
      if (flat[open.active]) pick(flat[open.active]);
    } else if (e.key === "Escape" || e.key === "Tab") {
      if (e.key === "Escape") e.preventDefault();
      close();
    } else listKeys(app, e, flat.length, id);
  };
  return h("input", {
    key: id + "-search",
    "data-id": id + "-search",
    "data-local": true,
    class: "sb-input sb-search",
    type: "text",
    role: "combobox",
    autocomplete: "off",
    spellcheck: "false",
    placeholder: "Search filters…",
    "aria-label": "Search filters, " + where,
    "aria-expanded": "true",
    "aria-autocomplete": "list",
    "aria-controls": listId,
    "aria-activedescendant": flat[open.active] ? `${listId}-${open.active}` : undefined,
    value: open.query,
    oninput: (e) => app.setOpen({ id, query: e.target.value, active: 0 }),
    onkeydown: keydown,
  });
}

function subjectGroup(list, [title, entries]) {
  const headId = `${list.listId}-${title.replace(/\W/g, "")}`;
  return h("div", { key: headId, role: "group", "aria-labelledby": headId }, h("div", { id: headId, class: "sb-list-title", role: "presentation" }, title), entries.map((entry) => subjectOption(list, entry)));
}

function subjectOption({ flat, open, listId, pick, isHere }, entry) {
  const index = flat.indexOf(entry);
  const about = aboutSubject(entry.type, entry.description);
  return optionRow(`${listId}-${index}`, index === open.active, isHere(entry), () => pick(entry), [
    icon(entry.subject),
    h("span", { class: "sb-option-label", title: about || undefined }, h("span", null, entry.label), about && h("span", { class: "sb-option-note" }, about)),
    h("span", { class: "sb-option-count" }, entry.side === undefined ? "" : number.format(entry.side)),
  ]);
}
