import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';

/** ZIP files, by the emulator's Python. */
export class Archives {
  constructor(private readonly python: string) {}

  /** Packs these files of a folder, or all of them for the pattern that means so. */
  pack(folder: string, archive: string, files: readonly string[]): void {
    this.run(['-c', archive, ...(files.includes('**/*') ? readdirSync(folder) : files)], folder);
  }

  unpack(archive: string, folder: string): void {
    mkdirSync(folder, { recursive: true });
    this.run(['-e', archive, folder], folder);
  }

  private run(arguments_: readonly string[], folder: string): void {
    const { status, stderr } = spawnSync(this.python, ['-m', 'zipfile', ...arguments_], {
      cwd: folder,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`python -m zipfile ${arguments_.join(' ')}: ${stderr}`);
  }
}
