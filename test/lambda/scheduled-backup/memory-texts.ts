import type { Texts, Written } from '../../../lambda/scheduled-backup/s3-journal';

/** A bucket of texts in memory, listed in pages as S3 lists. */
export class MemoryTexts implements Texts {
  readonly texts = new Map<string, string>();
  /** The most texts that were being read at once, and all reads. */
  reads = 0;
  #writes = 0;
  readonly #etags = new Map<string, string>();

  constructor(
    texts: Readonly<Record<string, string>> = {},
    readonly pageSize = 1_000,
  ) {
    for (const [key, text] of Object.entries(texts)) this.#set(key, text);
  }

  async read(key: string): Promise<Written | undefined> {
    this.reads += 1;
    const text = this.texts.get(key);
    return text === undefined ? undefined : { text, etag: this.#etags.get(key) ?? '' };
  }

  async write(key: string, text: string): Promise<void> {
    this.#set(key, text);
  }

  async writeIfUnchanged(key: string, text: string, before: Written | undefined): Promise<boolean> {
    if (this.#etags.get(key) !== before?.etag) return false;
    this.#set(key, text);
    return true;
  }

  async *pages(prefix: string, after = ''): AsyncIterable<readonly string[]> {
    const keys = [...this.texts.keys()].filter((key) => key.startsWith(prefix) && key > after).sort();
    for (let start = 0; start === 0 || start < keys.length; start += this.pageSize) {
      yield keys.slice(start, start + this.pageSize);
    }
  }

  async folders(prefix: string): Promise<string[]> {
    const rests = [...this.texts.keys()].filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
    return [...new Set(rests.filter((rest) => rest.includes('/')).map((rest) => rest.slice(0, rest.indexOf('/') + 1)))];
  }

  async remove(keys: readonly string[]): Promise<void> {
    for (const key of keys) this.texts.delete(key);
  }

  #set(key: string, text: string): void {
    this.texts.set(key, text);
    this.#etags.set(key, `"${++this.#writes}"`);
  }
}
