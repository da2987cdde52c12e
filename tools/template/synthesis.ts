import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Stage } from '../../lib/config';
import type { Template } from './template';

const run = promisify(execFile);
const ending = '.template.json';

/** Returns the template of an architecture (by its id) in a stage, or undefined if there is none. */
export type TemplateOf = (id: string, stage: Stage) => Template | undefined;

/** Synthesizes the app of a checkout with `cdk synth`, one stage after the other; takes seconds each. */
export async function synthesizeAll(checkout: string, stages: readonly Stage[]): Promise<TemplateOf> {
  const folder = mkdtempSync(join(tmpdir(), 'templates-'));
  const cdk = join(checkout, 'node_modules', '.bin', 'cdk');
  const templates = new Map<string, Template>();
  try {
    for (const stage of stages) {
      const output = join(folder, stage);
      const options = ['synth', '--quiet', '--no-validation', '--no-notices', '--output', output];
      await run(cdk, [...options, '-c', `stage=${stage}`], { cwd: checkout });
      for (const file of readdirSync(output).filter((name) => name.endsWith(ending))) {
        const template = JSON.parse(readFileSync(join(output, file), 'utf8')) as Template;
        templates.set(`${stage} ${file.slice(0, -ending.length)}`, template);
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return (id, stage) => templates.get(`${stage} ${id}`);
}
