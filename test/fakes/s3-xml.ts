/** Characters that XML 1.0 cannot carry, not even as references. */
// oxlint-disable-next-line no-control-regex -- the characters that the expression is about
const notInXml = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

/** Writes an element; undefined content leaves it out. */
export function element(name: string, ...content: readonly (string | number | boolean | undefined)[]): string {
  if (content.some((one) => one === undefined)) return '';
  return `<${name}>${content.join('')}</${name}>`;
}

export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** Encodes a key for a listing with `EncodingType: url`: a blank is a plus. */
export function urlEncoded(text: string): string {
  const strict = encodeURIComponent(text).replace(
    /[!'()*]/g,
    (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return strict.replaceAll('%2F', '/').replaceAll('%20', '+');
}

/** Reads the texts of all elements of a name; undefined where the document is not XML. */
export function readAll(xml: string, name: string): string[] | undefined {
  // As a parser does: a bare carriage return is a line feed, one written as a reference stays.
  const texts = [...xml.replaceAll(/\r\n?/g, '\n').matchAll(new RegExp(`<${name}>(.*?)</${name}>`, 'gs'))];
  const decoded = texts.map(([, text = '']) => unescaped(text));
  return notInXml.test(xml) || decoded.some((text) => notInXml.test(text)) ? undefined : decoded;
}

export function unescaped(xml: string): string {
  const entities: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
  return xml.replaceAll(
    /&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi,
    (whole, hex?: string, decimal?: string, name?: string) => {
      if (name !== undefined) return entities[name] ?? whole;
      return String.fromCodePoint(hex === undefined ? Number(decimal) : parseInt(hex, 16));
    },
  );
}
