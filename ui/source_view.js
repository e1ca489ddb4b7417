// Draws stored lines of a document with their numbers, and brings the marked one into view.
// Every text goes through textContent: markup in a document is shown, never run.
export default function (component) {
  const { data, parentElement } = component;
  const make = (tag, className, text) => {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text !== undefined) node.textContent = text;
    return node;
  };
  const root = make("div", "lines");
  root.tabIndex = 0;
  root.setAttribute("role", "region");
  root.setAttribute("aria-label", data.label);
  if (data.height) root.style.maxHeight = `${data.height}px`;
  for (const row of data.rows) {
    const line = root.appendChild(make("div", row.cited ? "row cited" : "row"));
    if (row.gap) line.classList.add("after-gap");
    line.appendChild(make("span", "number", String(row.number)));
    const text = line.appendChild(make("span", "text"));
    for (const [words, marked] of row.runs) {
      text.appendChild(marked ? make("mark", "", words) : document.createTextNode(words));
    }
  }
  const before = parentElement.querySelector(".lines");
  if (before) before.replaceWith(root);
  else parentElement.appendChild(root);
  const target = root.querySelector("mark") || root.querySelector(".cited");
  if (target && data.height) {
    const place = () => {
      const offset = target.getBoundingClientRect().top - root.getBoundingClientRect().top;
      root.scrollTop += offset - root.clientHeight / 3;
    };
    place();
    requestAnimationFrame(place);
  } else {
    root.scrollTop = 0;
  }
}
