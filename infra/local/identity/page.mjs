/** The frame of every page here: small, readable, without scripts. */

const STYLE = `
  :root { color-scheme: light dark; --ink: #16202c; --soft: #566575; --line: #cfd8e1; --brand: #0b5fff; }
  @media (prefers-color-scheme: dark) { :root { --ink: #e8edf2; --soft: #9aa9b8; --line: #344454; --brand: #7fb0ff; } }
  body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); margin: 0 auto; max-width: 24rem; padding: 2rem 1rem; }
  h1 { font-size: 1.5rem; } h2 { font-size: 1rem; margin: 2rem 0 .5rem; color: var(--soft); }
  form { display: grid; gap: .8rem; } label { display: grid; gap: .25rem; }
  input, button { font: inherit; padding: .6rem .7rem; border: 1px solid var(--line); border-radius: .5rem; }
  button { cursor: pointer; } button.main { background: var(--brand); border-color: var(--brand); color: Canvas; font-weight: 600; }
  :focus-visible { outline: 3px solid var(--brand); outline-offset: 2px; }
  .people form + form { margin-top: .4rem; } .people button { text-align: left; background: transparent; color: inherit; }
  small { color: var(--soft); display: block; } [role=alert] { border-left: 4px solid #c4314b; padding-left: .7rem; }`;

export function escape(text) {
  const entities = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return String(text).replace(/[&<>"']/g, (character) => entities[character]);
}

export function page(title, body, language = "pt-BR") {
  return `<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)} · RentACar</title><style>${STYLE}</style></head>
<body><main><h1>${escape(title)}</h1>${body}</main></body>
</html>`;
}
