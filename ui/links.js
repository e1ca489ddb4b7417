// Follows links to this app's own pages without loading the app again, so that the conversation stays,
// and tells of a source that the reader opens. With a modifier key the browser does what it always does.
export default function (component) {
  const { setTriggerValue } = component;
  const follow = (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button !== 0) return;
    const anchor = event.target.closest?.(".stHtml a[href]");
    if (!anchor) return;
    const href = anchor.getAttribute("href");
    if (!/^(documents|search)\?/.test(href)) return;
    event.preventDefault();
    setTriggerValue(anchor.classList.contains("kusei-source") ? "source" : "page", href);
  };
  document.addEventListener("click", follow);
  document.documentElement.dataset.kusei = "ready";
  return () => document.removeEventListener("click", follow);
}
