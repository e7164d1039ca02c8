// A small keyed patcher: h() describes elements, patch() makes the page agree with the description.
// Data reaches the page as text nodes and attributes only, never as HTML.

const SVG = "http://www.w3.org/2000/svg";
const CONTROLS = new Set(["button", "input", "select", "textarea"]);

function h(tag, props, ...kids) {
  const shown = kids
    .flat(Infinity)
    .filter((kid) => kid !== null && kid !== undefined && typeof kid !== "boolean" && kid !== "")
    .map((kid) => (typeof kid === "object" ? kid : { text: String(kid) }));
  return { tag, props: props || {}, kids: shown };
}

function patch(el, props, kids) {
  const seen = (el._sb ??= { props: {}, on: {} });
  for (const name of Object.keys(seen.props)) if (!(name in props)) assign(el, name, undefined);
  for (const [name, value] of Object.entries(props)) assign(el, name, value);
  seen.props = props;
  patchKids(el, kids);
  // After the children, since a select takes a value only once it has the option.
  if ("value" in props) writeValue(el, props.value);
}

function create(v, inSvg) {
  if (v.text !== undefined) return document.createTextNode(v.text);
  const svg = inSvg || v.tag === "svg";
  const el = svg ? document.createElementNS(SVG, v.tag) : document.createElement(v.tag);
  if (CONTROLS.has(v.tag)) el.setAttribute("data-lm-suppress-shortcuts", "true");
  if (v.tag === "button") el.type = "button";
  el._svg = svg;
  patch(el, v.props, v.kids);
  el._made = v;
  return el;
}

function patchKids(parent, kids) {
  const keyed = new Map();
  const loose = [];
  for (const node of parent.childNodes) {
    const key = node._sb?.props.key;
    // Of two with one key the second is as good as without: it is used for something else, or goes.
    if (key === undefined || keyed.has(key)) loose.push(node);
    else keyed.set(key, node);
  }
  const wanted = kids.map((v) => {
    const old = v.text === undefined && v.props.key !== undefined ? takeKeyed(keyed, v) : takeLoose(loose, v);
    if (!old) return create(v, parent._svg);
    if (v === old._made) return old;
    if (v.text === undefined) patch(old, v.props, v.kids);
    else if (old.data !== v.text) old.data = v.text;
    old._made = v;
    return old;
  });
  for (const node of [...loose, ...keyed.values()]) node.remove();
  let next = parent.firstChild;
  for (const node of wanted) {
    if (node === next) next = next.nextSibling;
    else parent.insertBefore(node, next);
  }
}

function takeKeyed(keyed, v) {
  const node = keyed.get(v.props.key);
  if (!node || node.localName !== v.tag) return undefined;
  keyed.delete(v.props.key);
  return node;
}

function takeLoose(loose, v) {
  const fits = (node) => (v.text === undefined ? node.localName === v.tag : node.nodeType === 3);
  const at = loose.findIndex(fits);
  return at < 0 ? undefined : loose.splice(at, 1)[0];
}

function assign(el, name, value) {
  if (name === "key" || name === "value") return;
  if (name.startsWith("on")) listen(el, name.slice(2), value);
  else if (name === "checked" || name === "selected") el[name] = Boolean(value);
  else if (value === undefined || value === null || value === false) el.removeAttribute(name);
  else {
    const text = value === true ? "" : String(value);
    if (el.getAttribute(name) !== text) el.setAttribute(name, text);
  }
}

function listen(el, event, handler) {
  if (!(event in el._sb.on)) el.addEventListener(event, (e) => el._sb.on[event]?.(e));
  el._sb.on[event] = handler;
}

function writeValue(el, value) {
  // What is being typed is the analyst's; it is written over only once they leave the control.
  // A search text is known here at once, and may be written at any time.
  if (!("local" in el.dataset) && el._typed && el.getRootNode().activeElement === el) return;
  if (el.value !== String(value)) el.value = value;
}

const ICONS = {
  undo: "M9 14 4 9l5-5M4 9h10a6 6 0 0 1 0 12h-3",
  redo: "m15 14 5-5-5-5M20 9H10a6 6 0 0 0 0 12h3",
  clear: "m7 21-4-4a2 2 0 0 1 0-3L13 4a2 2 0 0 1 3 0l5 5a2 2 0 0 1 0 3l-9 9H7Zm0 0h14M8 9l8 8",
  plus: "M12 5v14M5 12h14",
  trash: "M4 7h16M10 11v6M14 11v6M6 7l1 13h10l1-13M9 7V4h6v3",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  close: "M6 6l12 12M18 6 6 18",
  down: "m6 9 6 6 6-6",
  right: "m9 6 6 6-6 6",
  up: "m6 15 6-6 6 6",
  grip: "M9 5.500v.01M15 5.500v.01M9 12v.01M15 12v.01M9 18.500v.01M15 18.500v.01",
  locked: "M6 11h12v9H6zM8.500 11V8a3.500 3.500 0 0 1 7 0v3M12 15v1.500",
  unlocked: "M6 11h12v9H6zM8.500 11V7a3.500 3.500 0 0 1 6.700-1.400M12 15v1.500",
  check: "m5 12 5 5L20 7",
  search: "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM20 20l-4-4",
  error: "M12 8v5M12 16.5v.01M12 3 2 20h20L12 3Z",
  warning: "M12 7v6M12 16.5v.01M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Z",
  hint: "M12 11v6M12 7.5v.01M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Z",
  field: "M4 6h16M4 12h10M4 18h13",
  tag: "M3 12V4h8l10 10-8 8L3 12ZM8 8.5v.01",
  event: "M3 12h4l3-8 4 16 3-8h4",
  prebuilt: "M12 3l2.5 6 6.5.5-5 4.3 1.6 6.4L12 16.8 6.4 20.2 8 13.8 3 9.5 9.5 9 12 3Z",
  segment: "M12 3v9h9A9 9 0 0 0 12 3ZM9 6a8 8 0 1 0 9 9H9V6Z",
  measure: "M4 20V10M10 20V4M16 20v-8M22 20H2",
  sequence: "M5 8a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5ZM19 21a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5ZM7.500 5.500H15a4 4 0 0 1 0 6.500H9a4 4 0 0 0 0 6.500h7.500",
  sample: "M4 4h16v16H4zM8.500 8.500v.01M15.500 8.500v.01M12 12v.01M8.500 15.500v.01M15.500 15.500v.01",
  note: "M5 4h14v11l-5 5H5zM14 20v-5h5M8.500 9h7M8.500 12.500h4",
  group: "M4 4h7v7H4zM13 13h7v7h-7zM16 4v5M13.500 6.500h5M6.500 13.500v5M4 16h5",
  scrub: "M8 8l-4 4 4 4M16 8l4 4-4 4M4 12h16",
  audience: "M9 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM2 21v-2a5 5 0 0 1 5-5h4a5 5 0 0 1 5 5v2M16 3.500a4 4 0 0 1 0 7.200M22 21v-2a5 5 0 0 0-4-4.800",
};

function icon(name) {
  const box = { class: "sb-icon sb-icon-" + name, viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" };
  return h("svg", { ...box, key: "icon-" + name }, h("path", { d: ICONS[name] }));
}
