const PATIENCE = 10_000;
const BEAT = 4_000;

function banner() {
  const box = document.createElement("div");
  box.className = "sbp-lost";
  box.setAttribute("role", "alert");
  box.hidden = true;
  const text = document.createElement("span");
  text.textContent = "The kernel does not answer: it is busy, or it has ended. What is on screen may be old.";
  const again = document.createElement("button");
  again.type = "button";
  again.textContent = "Reload";
  again.addEventListener("click", () => window.location.reload());
  box.append(text, again);
  return box;
}

function render({ model, el }) {
  const box = banner();
  el.append(box);
  let answered = performance.now();
  const heard = (message) => {
    if (message && message.pong) answered = performance.now();
  };
  model.on("msg:custom", heard);
  model.send({ hello: true, width: window.innerWidth });
  const beat = setInterval(() => {
    box.hidden = performance.now() - answered < PATIENCE;
    try {
      model.send({ ping: true });
    } catch {
      box.hidden = false;
    }
  }, BEAT);
  return () => {
    clearInterval(beat);
    model.off("msg:custom", heard);
  };
}

export default { render };
