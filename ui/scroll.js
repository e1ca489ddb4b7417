// Brings a new answer to the top of the window, once, and again when what stands above it has settled.
export default function (component) {
  const { data } = component;
  window.kuseiShown = window.kuseiShown || new Set();
  if (window.kuseiShown.has(data.target)) return;
  window.kuseiShown.add(data.target);
  let moved = false;
  const stop = () => { moved = true; };
  const events = ["wheel", "touchmove", "keydown", "pointerdown"];
  const show = () => {
    if (!moved) document.querySelector(`.st-key-${CSS.escape(data.target)}`)?.scrollIntoView({ block: "start" });
  };
  setTimeout(() => events.forEach((name) => window.addEventListener(name, stop, { once: true, passive: true })), 50);
  for (const wait of [0, 150, 400, 800]) setTimeout(show, wait);
}
