const PATIENCE = 6_000;
const BEAT = 2_000;
const PAUSE = 300;
const MARK = "#segment=";

function banner() {
  const box = document.createElement("div");
  box.className = "sbp-lost";
  box.setAttribute("role", "alert");
  box.hidden = true;
  const text = document.createElement("span");
  text.textContent = "The kernel does not answer: it is busy, or it has ended. What is on screen may be old, and nothing can be changed.";
  const again = document.createElement("button");
  again.type = "button";
  again.textContent = "Reload";
  again.addEventListener("click", () => window.location.reload());
  box.append(text, again);
  return box;
}

/** Shows or hides the banner; while it is there, nothing else of the dashboard reacts. */
function tell(box, lost) {
  if (box.hidden === !lost) return;
  box.hidden = !lost;
  for (const part of box.closest(".sbp-page")?.children ?? []) {
    if (!part.contains(box)) part.inert = lost;
  }
}

/** Whether the page is ours: the address of a notebook belongs to JupyterLab. */
function isDashboard() {
  return document.body.dataset.voila !== undefined;
}

function addressed() {
  return isDashboard() && window.location.hash.startsWith(MARK) ? window.location.hash.slice(MARK.length) : "";
}

function showAddress(address) {
  if (!isDashboard() || addressed() === address) return;
  const { pathname, search } = window.location;
  window.history.replaceState(window.history.state, "", pathname + search + (address ? MARK + address : ""));
}

/** The handle of a core slider has no name of its own, and Python cannot give it one. */
function nameSliders(page) {
  for (const handle of page?.querySelectorAll("[role=slider]:not([aria-label])") ?? []) {
    const label = handle.closest(".widget-slider")?.querySelector(".widget-label")?.textContent;
    if (label) handle.setAttribute("aria-label", label);
  }
}

function render({ model, el }) {
  const box = banner();
  el.append(box);
  // Of a hidden page the timers stand still: what counts is how long a beat goes unanswered.
  let waiting = null;
  let writing = null;
  const heard = (message) => {
    if (!message || !message.pong) return;
    waiting = null;
    tell(box, false);
  };
  // Browsers allow an address to be written a hundred times in half a minute.
  let written = -PAUSE;
  const changed = () => {
    clearTimeout(writing);
    const write = () => {
      written = performance.now();
      showAddress(model.get("address"));
    };
    writing = setTimeout(write, Math.max(0, written + PAUSE - performance.now()));
  };
  const given = () => addressed() !== model.get("address") && model.send({ address: addressed() });
  model.on("msg:custom", heard);
  model.on("change:address", changed);
  window.addEventListener("hashchange", given);
  const drawn = new MutationObserver(() => nameSliders(box.closest(".sbp-page")));
  drawn.observe(document.body, { childList: true, subtree: true });
  const dark = document.body.dataset.jpThemeLight === "false";
  model.send({ hello: true, width: window.innerWidth, dark, address: addressed() });
  const beat = setInterval(() => {
    const now = performance.now();
    tell(box, waiting !== null && now - waiting >= PATIENCE);
    waiting ??= now;
    try {
      model.send({ ping: true });
    } catch {
      tell(box, true);
    }
  }, BEAT);
  return () => {
    clearInterval(beat);
    clearTimeout(writing);
    drawn.disconnect();
    window.removeEventListener("hashchange", given);
    model.off("msg:custom", heard);
    model.off("change:address", changed);
  };
}

export default { render };
