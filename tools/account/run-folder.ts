import type { Stack } from '@aws-sdk/client-cloudformation';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { scenarioReportSchema, type ScenarioReport } from '../scenario-runner/scenario-report';

const recordSchema = z.object({
  /** Start of the run that made the stack, in milliseconds since 1970. */
  startedAt: z.number(),
  /** Hash of the template that the checks ran on. */
  template: z.string(),
  /** Absent before the stack exists. */
  stackId: z.string().optional(),
});

/** Time between the start of a run and the creation of its stack, with an hour for the question. */
const longestCreation = 3_600_000;

/** Record of a run in one account and region, so that a run that was cut off goes on where it ended. */
export class RunFolder {
  constructor(readonly folder: string) {}

  get assembly(): string {
    return join(this.folder, 'assembly');
  }

  log(part: string): string {
    return join(this.folder, `${part}.log`);
  }

  /** Report of one check; its pictures are in a folder next to it. */
  checkFile(name: string): string {
    mkdirSync(this.checks, { recursive: true });
    return join(this.checks, `${name}.json`);
  }

  get checks(): string {
    return join(this.folder, 'checks');
  }

  /** Starts a run, or goes on with one: results on another template are forgotten. */
  begin(startedAt: number, template: unknown): void {
    const hash = createHash('sha256').update(JSON.stringify(template)).digest('hex');
    const before = this.record;
    if (before?.template !== hash) rmSync(this.checks, { recursive: true, force: true });
    this.write({ startedAt, ...before, template: hash });
  }

  /** Records which stack the run has made. */
  own(stackId: string): void {
    if (this.record !== undefined) this.write({ ...this.record, stackId });
  }

  /** Whether the run has made the stack, or was cut off while it did. */
  isOwn({ StackId, CreationTime = new Date(0) }: Pick<Stack, 'StackId' | 'CreationTime'>): boolean {
    if (this.record === undefined) return false;
    const { stackId, startedAt } = this.record;
    if (stackId !== undefined) return stackId === StackId;
    return Math.abs(CreationTime.getTime() - startedAt) < longestCreation;
  }

  /** Forgets the run; its report stays. */
  end(): void {
    rmSync(this.checks, { recursive: true, force: true });
    rmSync(join(this.folder, 'run.json'), { force: true });
    rmSync(this.assembly, { recursive: true, force: true });
  }

  /** Report of a check that has passed before the run was cut off. */
  passed(name: string): ScenarioReport | undefined {
    const file = this.checkFile(name);
    if (!existsSync(file)) return undefined;
    const { success, data } = scenarioReportSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    return success && data.failed === 0 ? data : undefined;
  }

  get record(): z.infer<typeof recordSchema> | undefined {
    const file = join(this.folder, 'run.json');
    if (!existsSync(file)) return undefined;
    return recordSchema.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data;
  }

  private write(record: z.infer<typeof recordSchema>): void {
    mkdirSync(this.folder, { recursive: true });
    writeFileSync(join(this.folder, 'run.json'), JSON.stringify(record));
  }
}
