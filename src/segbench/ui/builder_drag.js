// Dragging rows and groups by their handle, with a mouse, a pen or a finger.

const DRAG_FROM = 5; // px that a press moves before it is a drag
const EDGE = 14; // px at the top and bottom of a group that mean before and after it
const REACH = 24; // px around the tree in which a row can still be dropped
const SCROLL_EDGE = 56; // px at the ends of what scrolls in which it scrolls by itself

function startDrag(app, view, e) {
  if (e.button !== 0 || app.drag || lockOf(app, view)) return;
  const drag = { key: view.key, from: [e.clientX, e.clientY], at: [e.clientX, e.clientY], copies: e.altKey, active: false, place: null };
  const handle = e.currentTarget;
  const stop = new AbortController();
  const on = (target, name, act) => target.addEventListener(name, act, { signal: stop.signal, capture: true });
  const mine = (act) => (event) => event.pointerId === e.pointerId && act(event);
  app.drag = drag;
  drag.end = () => {
    stop.abort();
    if (drag.active) swallowClick(handle);
    hideDrag(app, drag);
    app.drag = null;
  };
  handle.setPointerCapture(e.pointerId);
  on(document, "pointermove", mine((event) => dragTo(app, drag, event)));
  on(document, "pointerup", mine(() => drop(app, drag)));
  on(document, "pointercancel", mine(() => cancelDrag(app)));
  on(window, "blur", (event) => event.target === window && cancelDrag(app));
  on(document, "keyup", (event) => event.key === "Alt" && setCopies(app, drag, false));
  on(document, "keydown", (event) => dragKeys(app, drag, event));
}

/** The press that made a drag is no click on the handle, wherever it ends and whenever. */
function swallowClick(handle) {
  const next = new AbortController();
  handle.addEventListener("click", (e) => e.stopImmediatePropagation(), { capture: true, signal: next.signal });
  document.addEventListener("pointerdown", () => next.abort(), { capture: true, once: true });
  document.addEventListener("keydown", (e) => e.key !== "Escape" && e.key !== "Alt" && next.abort(), { capture: true, signal: next.signal });
}

function dragKeys(app, drag, e) {
  if (!drag.active) return;
  e.stopPropagation();
  e.preventDefault();
  if (e.key === "Escape") cancelDrag(app);
  if (e.key === "Alt") setCopies(app, drag, true);
}

function setCopies(app, drag, copies) {
  drag.copies = copies;
  if (drag.active) showDrag(app, drag);
}

function dragTo(app, drag, e) {
  drag.at = [e.clientX, e.clientY];
  drag.copies = e.altKey;
  if (drag.active) return showDrag(app, drag);
  if (Math.hypot(e.clientX - drag.from[0], e.clientY - drag.from[1]) < DRAG_FROM) return undefined;
  return beginDrag(app, drag);
}

function beginDrag(app, drag) {
  const view = viewOf(app, drag.key);
  if (!view) return cancelDrag(app);
  flush(app);
  if (app.open) app.setOpen(null);
  drag.active = true;
  drag.line = addedTo(app.host, "sb-drop-line");
  drag.ghost = addedTo(app.host, "sb-ghost");
  say(app, `Dragging ${nameOf(view).toLowerCase()}. Escape leaves it where it is.`);
  showDrag(app, drag);
  const scroll = () => {
    if (app.drag !== drag) return;
    if (scrollNear(app, drag)) showDrag(app, drag);
    requestAnimationFrame(scroll);
  };
  requestAnimationFrame(scroll);
  return undefined;
}

function addedTo(host, name) {
  const made = document.createElement("div");
  made.className = name;
  made.setAttribute("aria-hidden", "true");
  host.append(made);
  return made;
}

/** Shows the row in the hand, the line where it would land and the group that would take it. */
function showDrag(app, drag) {
  const view = viewOf(app, drag.key);
  if (!view || lockOf(app, view)) return cancelDrag(app);
  const place = placeAt(app, view, ...drag.at);
  drag.place = place;
  const lands = place && !place.why && (drag.copies || !place.same);
  app.host.dataset.drag = !place || place.why ? "none" : drag.copies ? "copy" : "move";
  mark(app, "dragging", elementOf(app, view));
  mark(app, "drop", lands ? elementOf(app, place.group) : null);
  const { left, top, width } = app.host.getBoundingClientRect();
  drag.line.hidden = !lands;
  if (lands) Object.assign(drag.line.style, { left: `${place.line.left - left}px`, top: `${place.line.y - top}px`, width: `${place.line.width}px` });
  drag.ghost.textContent = ghostText(app, view, place, drag.copies);
  const room = Math.max(0, width - drag.ghost.offsetWidth);
  Object.assign(drag.ghost.style, { left: `${Math.max(0, Math.min(drag.at[0] - left + 14, room))}px`, top: `${drag.at[1] - top + 14}px` });
  return undefined;
}

function ghostText(app, view, place, copies) {
  const shown = nameOf(view);
  if (!place) return `${shown}: let go here to leave it`;
  if (place.why) return place.why;
  return copies ? `Copy of ${shown.toLowerCase()}` : shown;
}

/** Puts the mark on that element alone. The patcher leaves it, since it never set it. */
function mark(app, name, element) {
  for (const old of app.box.querySelectorAll(`[data-${name}]`)) if (old !== element) delete old.dataset[name];
  if (element) element.dataset[name] = "true";
}

function hideDrag(app, drag) {
  drag.line?.remove();
  drag.ghost?.remove();
  delete app.host.dataset.drag;
  mark(app, "dragging", null);
  mark(app, "drop", null);
}

function cancelDrag(app) {
  const { drag } = app;
  if (!drag) return;
  const view = viewOf(app, drag.key);
  drag.end();
  if (drag.active && view) say(app, `${nameOf(view)} stays where it is`);
}

function drop(app, drag) {
  const view = viewOf(app, drag.key);
  const { place, copies } = drag;
  const lands = drag.active && view && place && !place.why && (copies || !place.same);
  if (!lands) return cancelDrag(app);
  drag.end();
  return putNode(app, view.key, place.group.key, place.index, copies);
}

/** Scrolls what holds the widget while the hand is near its top or bottom; whether it did. */
function scrollNear(app, drag) {
  let box = app.host.parentElement;
  const scrolls = (el) => /auto|scroll/.test(getComputedStyle(el).overflowY) && el.scrollHeight > el.clientHeight;
  while (box && !scrolls(box)) box = box.parentElement;
  const page = document.scrollingElement;
  const whole = !box || box === page || box === document.body;
  const { top, bottom } = whole ? { top: 0, bottom: innerHeight } : box.getBoundingClientRect();
  const y = drag.at[1];
  const by = y < top + SCROLL_EDGE ? -12 : y > bottom - SCROLL_EDGE ? 12 : 0;
  const target = whole ? page : box;
  const before = target.scrollTop;
  if (by) target.scrollTop += by;
  return target.scrollTop !== before;
}

// --- where it would land ---------------------------------------------------------------------

function elementOf(app, view) {
  return app.box.querySelector(`[data-node="${CSS.escape(view.key)}"]`);
}

/** The place at a point: {group, index, why, same, line}; null away from the tree. */
function placeAt(app, dragged, x, y) {
  const whole = elementOf(app, app.root).getBoundingClientRect();
  if (x < whole.left - REACH || x > whole.right + REACH || y < whole.top - REACH || y > whole.bottom + REACH) return null;
  let group = app.root;
  for (let inner = group; inner; inner = innerAt(app, group, x, y)) group = inner;
  const boxes = group.kids.map((kid) => elementOf(app, kid)?.getBoundingClientRect());
  const folded = boxes.includes(undefined);
  const index = folded ? boxes.length : boxes.filter((box) => y > box.top + box.height / 2).length;
  const own = dragged.path.at(-1);
  const same = group === dragged.parent && (index === own || index === own + 1);
  const line = lineAt(elementOf(app, group), folded ? [] : boxes, index);
  return { group, index, same, why: whyNotInto(app, dragged, group), line };
}

/** The member group that holds the point, its edges left out; those mean before and after it. */
function innerAt(app, group, x, y) {
  return group.kids.find((kid) => {
    if (kid.node.kind !== "group") return false;
    const box = elementOf(app, kid)?.getBoundingClientRect();
    return box && x >= box.left && x <= box.right && y >= box.top + EDGE && y <= box.bottom - EDGE;
  });
}

/** The line between two members, or where the first one would be. */
function lineAt(element, boxes, index) {
  const around = element.getBoundingClientRect();
  const body = element.querySelector(":scope > .sb-body")?.getBoundingClientRect();
  const [before, after] = [boxes[index - 1], boxes[index]];
  const side = before ?? after ?? { left: around.left + 12, width: around.width - 24 };
  const free = body ? body.top + 2 : around.bottom - 4;
  const y = before && after ? (before.bottom + after.top) / 2 : before ? before.bottom + 5 : after ? after.top - 3 : free;
  return { left: side.left, width: side.width, y };
}
