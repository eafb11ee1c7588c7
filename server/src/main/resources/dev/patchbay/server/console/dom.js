/* Elements, and a page that is drawn again without losing focus, scroll position or what somebody typed. */

const SVG = 'http://www.w3.org/2000/svg';

function fill(node, props, children) {
  for (const [name, value] of Object.entries(props || {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name === 'on') {
      node.handlers = Object.keys(value);
      for (const [type, handler] of Object.entries(value)) node['on' + type] = handler;
    } else if (name === 'style') {
      for (const [key, text] of Object.entries(value)) node.style.setProperty(key, text);
    } else if (name === 'key') {
      node.key = value;
    } else if (name === 'own') {
      node.own = true;
    } else {
      node.setAttribute(name, value === true ? '' : value);
    }
  }
  node.append(...children.flat(9).filter((child) => child !== undefined && child !== null && child !== false && child !== ''));
  return node;
}

/**
 * Makes an element. `on` are its handlers, `key` its identity among its siblings, `own` that it is drawn
 * once and then cares for itself.
 */
export const h = (name, props, ...children) => fill(document.createElement(name), props, children);

/** Makes an element of a drawing. */
export const s = (name, props, ...children) => fill(document.createElementNS(SVG, name), props, children);

function attributes(from, to) {
  for (const { name } of [...from.attributes]) {
    if (name === 'style' || (name === 'open' && !to.hasAttribute(name))) continue;
    if (!to.hasAttribute(name)) from.removeAttribute(name);
  }
  for (const { name, value } of to.attributes) {
    if (name === 'style' || (name === 'open' && from.nodeName === 'DETAILS')) continue;
    if (from.getAttribute(name) !== value) from.setAttribute(name, value);
  }
  if (from.style && from.style.cssText !== to.style.cssText) from.style.cssText = to.style.cssText;
  for (const type of from.handlers || []) if (!(to.handlers || []).includes(type)) from['on' + type] = null;
  for (const type of to.handlers || []) from['on' + type] = to['on' + type];
  from.handlers = to.handlers;
}

/** Makes one node look like another that was drawn anew; what did not change is not touched. */
export function morph(from, to) {
  if (from.nodeName !== to.nodeName || from.key !== to.key) {
    from.replaceWith(to);
    return;
  }
  if (from.nodeType !== Node.ELEMENT_NODE) {
    if (from.data !== to.data) from.data = to.data;
    return;
  }
  if (from.own) return;
  attributes(from, to);
  morphChildren(from, [...to.childNodes]);
}

/** Gives a node these children, keeping those it has as far as they are the same. */
export function morphChildren(parent, wanted) {
  const keyed = new Map();
  for (const child of parent.childNodes) if (child.key !== undefined) keyed.set(child.key, child);
  let at = parent.firstChild;
  for (const next of wanted) {
    if (next.key !== undefined && keyed.has(next.key)) {
      const known = keyed.get(next.key);
      if (known !== at) parent.insertBefore(known, at);
      else at = at.nextSibling;
      morph(known, next);
    } else if (at && at.key === undefined && next.key === undefined) {
      const old = at;
      at = at.nextSibling;
      morph(old, next);
    } else {
      parent.insertBefore(next, at);
    }
  }
  while (at) {
    const old = at;
    at = at.nextSibling;
    old.remove();
  }
}
