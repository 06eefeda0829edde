// Elements made of text, never of markup: what a record says stays text.

export const get = (id) => document.getElementById(id);

/** An element with attributes and children, each an element or text. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}
