// Numbers and words as the builder shows them, and finding texts in long lists.

const MOST_SHOWN = 100;
const number = new Intl.NumberFormat("en-US");
const percent = new Intl.NumberFormat("en-US", { maximumFractionDigits: 1, minimumFractionDigits: 1 });
const lowered = new WeakMap();

function share(part, whole) {
  if (!whole) return "0.0 %";
  const exact = (100 * part) / whole;
  if (part > 0 && exact < 0.05) return "< 0.1 %";
  if (part < whole && exact >= 99.95) return "> 99.9 %";
  return percent.format(exact) + " %";
}

function plural(count, word, words = word + "s") {
  return number.format(count) + " " + (count === 1 ? word : words);
}

function capital(text) {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** Up to `most` items that contain the query: where the first text starts with it, where the first
 * text has it inside, then where another text has it. */
function matching(items, query, texts, most = MOST_SHOWN) {
  const wanted = query.trim().toLowerCase();
  if (!wanted) return { shown: items.slice(0, most), more: Math.max(0, items.length - most) };
  if (!lowered.has(items)) {
    lowered.set(items, items.map((item) => texts(item).map((text) => String(text ?? "").toLowerCase())));
  }
  const all = lowered.get(items);
  const ranks = [[], [], []];
  items.forEach((item, index) => {
    const [first, ...others] = all[index];
    const at = first.indexOf(wanted);
    if (at >= 0) ranks[at ? 1 : 0].push(item);
    else if (others.some((text) => text.includes(wanted))) ranks[2].push(item);
  });
  const found = ranks.flat();
  return { shown: found.slice(0, most), more: Math.max(0, found.length - most) };
}

/** The node with a setting changed; what is at its usual value is left out. */
function toggled(node, setting, value, usual) {
  const { [setting]: _, ...rest } = node;
  return value === usual ? rest : { ...rest, [setting]: value };
}

/** The node with a list changed; an empty one is left out. */
function listed(node, name, list) {
  const { [name]: _, ...rest } = node;
  return list.length ? { ...rest, [name]: list } : rest;
}

function replaced(list, index, item) {
  return list.map((old, at) => (at === index ? item : old));
}

function without(list, index) {
  return list.filter((_, at) => at !== index);
}
