import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Template } from './page';
import { RenderRefusedError } from './render-errors';

/** Templates of the project by `<name>.v<version>`: files `<name>.v<version>.html` or `.md` in a folder. */
export class Templates {
  readonly #templates: ReadonlyMap<string, Template>;

  constructor(folder: string) {
    this.#templates = new Map(
      readdirSync(folder).flatMap((file): [string, Template][] => {
        const [, name, format] = /^([a-z0-9-]+\.v\d+)\.(html|md)$/.exec(file) ?? [];
        if (name === undefined || (format !== 'html' && format !== 'md')) return [];
        return [[name, { format, source: readFileSync(join(folder, file), 'utf8') }]];
      }),
    );
  }

  /** @throws RenderRefusedError `unknown-template`, with the names that exist */
  get(template: string, version: number): Template {
    const found = this.#templates.get(`${template}.v${version}`);
    if (found !== undefined) return found;
    const known = [...this.#templates.keys()].sort().join(', ');
    throw new RenderRefusedError('unknown-template', `use one of ${known}`);
  }
}
