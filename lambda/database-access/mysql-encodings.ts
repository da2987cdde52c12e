interface Decoder {
  readonly write: (bytes: Uint8Array) => string;
  readonly end: () => undefined;
}

/**
 * Returns a decoder for what Buffer cannot decode, such as the text of a server whose default is not UTF-8.
 *
 * The bundler puts this module in place of `iconv-lite`, a third of MySQL's bundle, hence the names. Node knows the
 * encodings of browsers; MySQL's `utf8` without supplementary characters, which the driver calls `cesu8`, is UTF-8.
 */
export function getDecoder(encoding: string): Decoder {
  const decoder = new TextDecoder(encoding === 'cesu8' ? 'utf-8' : encoding);
  return { write: (bytes) => decoder.decode(bytes), end: () => undefined };
}

/** Refuses: the connection's character set is `utf8mb4`, which Buffer encodes. */
export function getEncoder(encoding: string): never {
  throw new RangeError(`no text is sent to MySQL in ${encoding}`);
}
