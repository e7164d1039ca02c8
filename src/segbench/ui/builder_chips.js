// Chips with a filterable list: for texts that may be one of many, and for tags.

function chipsEditor(ctx, values, choices, noun, keep) {
  const { app, key, where } = ctx;
  const id = key + ":chips";
  const open = app.open?.id === id ? app.open : null;
  const query = open?.query ?? "";
  const { shown, more } = open ? matching(choices, query, (choice) => [choice[0]]) : { shown: [], more: 0 };
  const typed = query.trim();
  const offered = shown.map(([value, count]) => ({ value, count, on: values.includes(value) }));
  if (typed && !choices.some(([value]) => value === typed)) offered.push({ value: typed, isNew: true });
  const chips = { app, id, where, open, query, typed, values, choices, offered, more, noun, keep, listId: `${app.uid}-${id}-list` };
  return h(
    "span",
    { key: id + "-box", class: "sb-chips", "data-anchor": id, onclick: (e) => e.target === e.currentTarget && e.currentTarget.querySelector("input").focus() },
    values.map((value) => chipView(chips, value)),
    chipsInput(chips),
    open && offered.length > 0 && chipsList(chips),
  );
}

function addChips({ values, keep }, texts) {
  const clean = texts.map((text) => text.trim()).filter(Boolean);
  const all = [...new Set([...values, ...clean])];
  if (all.length > values.length) keep(all);
}

function dropChip({ values, keep }, value) {
  keep(values.filter((other) => other !== value));
}

function toggleChip(chips, option) {
  const { app } = chips;
  if (option.on) dropChip(chips, option.value);
  else addChips(chips, [option.value]);
  app.setOpen({ ...app.open, query: "", active: option.isNew ? -1 : app.open?.active ?? -1 });
}

function chipView(chips, value) {
  const { app, id, where } = chips;
  const drop = () => {
    app.focusNext = [id];
    dropChip(chips, value);
  };
  const button = h("button", { key: "x", "data-id": `${id}-${value}`, class: "sb-chip-x", "aria-label": `Remove ${value}, ${where}`, onclick: drop }, icon("close"));
  return h("span", { key: "chip-" + value, class: "sb-chip" }, h("span", { class: "sb-chip-text", title: value }, value), button);
}

function chipsInput(chips) {
  const { app, id, where, open, query, typed, values, choices, offered, noun, listId } = chips;
  const listed = Boolean(open && offered.length);
  return h("input", {
    key: id,
    "data-id": id,
    "data-local": true,
    class: "sb-chips-input",
    type: "text",
    role: "combobox",
    autocomplete: "off",
    spellcheck: "false",
    "aria-label": `${noun === "tag" ? "Tags" : "Values"}, ${where}`,
    "aria-expanded": String(listed),
    "aria-autocomplete": "list",
    "aria-controls": listed ? listId : undefined,
    "aria-activedescendant": open && offered[open.active] ? `${listId}-${open.active}` : undefined,
    placeholder: values.length ? "add…" : choices.length ? `choose ${noun}s…` : "type, then Enter…",
    value: query,
    oninput: (e) => typeChips(chips, e.target.value),
    onclick: () => open || app.setOpen({ id, query: "", active: -1 }),
    onpaste: (e) => pasteChips(chips, e),
    onkeydown: (e) => chipsKeys(chips, e),
    onblur: () => {
      if (app.drawing) return;
      if (typed) addChips(chips, [typed]);
      if (app.open?.id === id) app.setOpen(null);
    },
  });
}

function typeChips(chips, text) {
  const parts = text.split(/[,\n]/);
  const rest = parts.pop();
  if (parts.length) addChips(chips, parts);
  chips.app.setOpen({ id: chips.id, query: rest.trimStart(), active: rest.trim() && chips.choices.length ? 0 : -1 });
}

function pasteChips(chips, e) {
  const text = e.clipboardData?.getData("text") ?? "";
  if (!/[,;\t\r\n]/.test(text)) return;
  e.preventDefault();
  addChips(chips, text.split(/[,;\t\r\n]+/));
  chips.app.setOpen({ id: chips.id, query: "", active: -1 });
}

function chipsKeys(chips, e) {
  const { app, id, open, offered, typed, values } = chips;
  const option = open && offered[open.active];
  if (e.key === "Enter") {
    e.preventDefault();
    if (option) toggleChip(chips, option);
    else if (typed) toggleChip(chips, { value: typed, isNew: true, on: values.includes(typed) });
  } else if (e.key === "Backspace" && !e.target.value && values.length) dropChip(chips, values[values.length - 1]);
  else listKeys(app, e, offered.length, id);
}

function chipsList(chips) {
  const { id, open, offered, more, noun, listId } = chips;
  const row = (option, index) =>
    optionRow(`${listId}-${index}`, index === open.active, option.on, () => toggleChip(chips, option), [
      h("span", { class: "sb-tick" }, option.on && icon("check")),
      h("span", { class: "sb-option-label" }, option.isNew ? `Add “${option.value}”` : option.value),
      h("span", { class: "sb-option-count" }, option.count === undefined ? "" : number.format(option.count)),
    ]);
  return popover(
    id,
    { class: "sb-pop sb-pop-list" },
    h("div", { id: listId, role: "listbox", class: "sb-list", "aria-multiselectable": "true", "aria-label": `Known ${noun}s` }, offered.map(row)),
    more > 0 && h("div", { class: "sb-pop-note" }, `${number.format(more)} more: type to filter`),
  );
}
