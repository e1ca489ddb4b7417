// Draws an answer's lines with their source marks, and the list of sources. Every text from the
// server goes through textContent: nothing of an answer or a document is ever read as markup.
export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const make = (tag, className, text) => {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text !== undefined) node.textContent = text;
    return node;
  };
  const sources = new Map(data.sources.map((source) => [source.number, source]));
  const link = (number, className) => {
    const source = sources.get(number);
    const anchor = make("a", className);
    anchor.href = source.href;
    anchor.target = "_blank";
    anchor.rel = "noopener";
    anchor.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      setTriggerValue("opened", number);
    });
    return anchor;
  };

  const root = make("div", "answer");
  let list = null;
  for (const line of data.lines) {
    const first = line.length ? line[0].text || "" : "";
    const bullet = /^\s*[・\-–]\s*/.exec(first);
    let node;
    if (bullet) {
      if (!list) list = root.appendChild(make("ul"));
      node = list.appendChild(make("li"));
    } else {
      list = null;
      if (!line.length) continue;
      node = root.appendChild(make("p"));
    }
    line.forEach((run, index) => {
      if (run.number) {
        const mark = link(run.number, "mark");
        mark.textContent = String(run.number);
        mark.setAttribute("aria-label", sources.get(run.number).open);
        mark.title = sources.get(run.number).open;
        node.appendChild(mark);
      } else {
        const text = bullet && index === 0 ? run.text.slice(bullet[0].length) : run.text;
        node.appendChild(run.strong ? make("strong", "", text) : document.createTextNode(text));
      }
    });
  }

  if (data.sources.length) {
    const section = root.appendChild(make("section", "sources"));
    section.setAttribute("aria-label", data.labels.sources);
    section.appendChild(make("div", "sources-title", data.labels.sources));
    const entry = (source) => {
      const item = make("li");
      const anchor = link(source.number, "source");
      anchor.appendChild(make("span", "number", String(source.number)));
      const words = anchor.appendChild(make("span", "words"));
      if (source.subject) words.appendChild(make("span", "subject", source.subject));
      words.appendChild(make("span", "place", source.place));
      item.appendChild(anchor);
      return item;
    };
    // Sources of one document stand together under its title.
    const draw = (parent, entries) => {
      let title = null;
      let group = null;
      for (const source of entries) {
        if (source.title !== title) {
          title = source.title;
          parent.appendChild(make("div", "document", title));
          group = parent.appendChild(make("ul", "source-list"));
        }
        group.appendChild(entry(source));
      }
    };
    draw(section, data.sources.slice(0, data.shown));
    if (data.sources.length > data.shown) {
      const more = section.appendChild(make("details"));
      more.appendChild(make("summary", "", data.labels.more));
      draw(more, data.sources.slice(data.shown));
    }
  }

  const before = parentElement.querySelector(".answer");
  if (before) before.replaceWith(root);
  else parentElement.appendChild(root);

  if (data.scroll && !window.kuseiScrolled?.has(data.scroll)) {
    window.kuseiScrolled = window.kuseiScrolled || new Set();
    window.kuseiScrolled.add(data.scroll);
    const turn = parentElement.host?.closest(`[class*="st-key-${data.scroll}"]`);
    if (turn) requestAnimationFrame(() => turn.scrollIntoView({ block: "start" }));
  }
}
