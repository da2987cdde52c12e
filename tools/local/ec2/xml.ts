/** Element of a response in XML; attributes other than the root's are not needed. */
export interface Element {
  readonly name: string;
  readonly attributes: string;
  children: Element[];
  /** Text with its XML escapes, of an element without children. */
  text: string;
}

/** Parses the XML of the emulator's responses: elements, text and comments. */
export function parseXml(xml: string): Element {
  const root: Element = { name: '', attributes: '', children: [], text: '' };
  const open = [root];
  const tokens = /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<(\/?)([\w:.-]+)([^>]*?)(\/?)>|([^<]+)/g;
  for (const [, closing, name, attributes = '', empty, text] of xml.matchAll(tokens)) {
    const parent = open.at(-1) ?? root;
    if (text !== undefined) parent.text += text;
    if (name === undefined) continue;
    if (closing === '/') open.pop();
    else {
      const element: Element = { name, attributes, children: [], text: '' };
      parent.children.push(element);
      if (empty !== '/') open.push(element);
    }
  }
  const [document] = root.children;
  if (document === undefined) throw new Error(`no XML element in ${JSON.stringify(xml.slice(0, 100))}`);
  return document;
}

export function formatXml({ name, attributes, children, text }: Element): string {
  const content = children.length > 0 ? children.map(formatXml).join('') : text.trim();
  return `<${name}${attributes}>${content}</${name}>`;
}

/** Makes an element with text. */
export function textElement(name: string, text: string): Element {
  return { name, attributes: '', children: [], text: escapeXml(text) };
}

/** Child by name, if there is one. */
export function childOf(element: Element | undefined, name: string): Element | undefined {
  return element?.children.find((child) => child.name === name);
}

/** Sets the text of a child, which is added if it is missing. */
export function setChild(element: Element, name: string, text: string): void {
  const child = childOf(element, name);
  if (child === undefined) element.children.push(textElement(name, text));
  else child.text = escapeXml(text);
}

/** Texts at a path such as `attachmentSet/item/instanceId`, unescaped: one for each item. */
export function textsAt(element: Element, path: string): string[] {
  const found = path
    .split('/')
    .reduce<Element[]>(
      (elements, name) => elements.flatMap(({ children }) => children.filter((child) => child.name === name)),
      [element],
    );
  return found.map(({ text }) => unescapeXml(text.trim()));
}

const escapes = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#x27;' } as const;

export function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => escapes[character as keyof typeof escapes]);
}

function unescapeXml(text: string): string {
  const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
  return text.replace(/&(?:#x([\da-f]+)|#(\d+)|(\w+));/gi, (_, hex?: string, decimal?: string, name?: string) => {
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    return named[name ?? ''] ?? '';
  });
}
