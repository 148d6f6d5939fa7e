// Elements and texts. Text becomes text nodes only, so nothing in a document can turn into markup.

/** An element with properties (class, data, on…) and children, which are nodes or texts. */
export function el(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (key === 'class') made.className = value;
    else if (key.startsWith('on')) made.addEventListener(key.slice(2), value);
    else if (key in made && typeof value !== 'string') made[key] = value;
    else made.setAttribute(key, value === true ? '' : value);
  }
  made.append(...children.filter(child => child !== null && child !== undefined));
  return made;
}

/** The element of an id. */
export const byId = id => document.getElementById(id);

/** A text as nodes, with places of it in marks. */
export function marked(text, places, tag = 'mark') {
  const nodes = [];
  let done = 0;
  for (const { start, end } of places) {
    if (start < done || end > text.length) continue;
    nodes.push(text.slice(done, start), el(tag, {}, text.slice(start, end)));
    done = end;
  }
  nodes.push(text.slice(done));
  return nodes;
}

/** A number for people, the same in every language. */
export const count = number => number.toLocaleString('en');
