// Copies the text that the server gave, or the address of this page with the query that it gave, also where the page
// is not served over HTTPS.
export default function (component) {
  const { data, parentElement } = component;
  let button = parentElement.querySelector("button");
  let said = parentElement.querySelector("[role=status]");
  if (!button) {
    const row = document.createElement("span");
    button = document.createElement("button");
    button.type = "button";
    said = document.createElement("span");
    said.setAttribute("role", "status");
    row.append(button, said);
    parentElement.appendChild(row);
  }
  button.textContent = data.label;
  button.onclick = async () => {
    const text = data.query ? location.origin + location.pathname + data.query : data.text;
    let done = false;
    try {
      await navigator.clipboard.writeText(text);
      done = true;
    } catch {
      const area = document.createElement("textarea");
      area.value = text;
      area.style.position = "fixed";
      area.style.opacity = "0";
      document.body.appendChild(area);
      area.select();
      done = document.execCommand("copy");
      area.remove();
      button.focus();
    }
    said.textContent = done ? data.copied : data.failed;
    setTimeout(() => { said.textContent = ""; }, 4000);
  };
}
