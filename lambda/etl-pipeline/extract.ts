import * as z from 'zod/mini';
import type { Page } from './api-pages';
import { AccountingError, ApiBusyError, ApiRefusedError, CursorExpiredError } from './errors';

/** Run of an extract: all pages of the API, which become one file. */
const runSchema = z.object({
  /** Time at which it began: it is part of the file's key. */
  startedAt: z.string(),
  /** Position of the page that comes next; undefined: the first. */
  position: z.optional(z.string()),
  pages: z.number(),
  rows: z.number(),
  bytes: z.number(),
  /** Times that the API forgot the cursor and the run began anew. */
  restarts: z.number(),
  complete: z.boolean(),
});

export type ExtractRun = z.output<typeof runSchema>;

/** State between invocations. */
export const extractStateSchema = z.object({
  run: z.optional(runSchema),
  /** Time before which nothing is requested: the API asked for it, or refused a request. */
  notBefore: z.optional(z.number()),
  /** Start of the last run that is finished. */
  lastStartedAt: z.optional(z.string()),
});

export type ExtractState = z.output<typeof extractStateSchema>;

/** Interval of the schedule; a run that is not finished goes on after it. */
export const tickMinutes = 15;

/** A run is one object that a function has in its memory at the end. */
const maximumBytes = 128_000_000;
const maximumRestarts = 3;

/** Returns the run that is to go on or to begin, or undefined if none is due. `force`: somebody started it. */
export function dueRun(state: ExtractState, now: Date, everyHours: number, force: boolean): ExtractRun | undefined {
  if (!force && now.getTime() < (state.notBefore ?? 0)) return undefined;
  if (state.run !== undefined) return state.run;
  // Half an interval early, since schedules are not exact to the second.
  const dueAt = Date.parse(state.lastStartedAt ?? '') + everyHours * 3_600_000 - (tickMinutes / 2) * 60_000;
  return !force && now.getTime() < dueAt ? undefined : newRun(now.toISOString());
}

/** Time until a run that failed begins anew, from the first page. */
const pauseMilliseconds = 3_600_000;

/** State after an error of a run: a busy API is asked for the same page later, and what else fails begins anew. */
export function stateAfter(error: unknown, { run, lastStartedAt }: ExtractState, now: Date): ExtractState {
  if (error instanceof ApiBusyError) return { run, lastStartedAt, notBefore: error.retryAt };
  const failed = [ApiRefusedError, CursorExpiredError, AccountingError].some((one) => error instanceof one);
  // A position that the API refuses would be refused for ever.
  return failed ? { lastStartedAt, notBefore: now.getTime() + pauseMilliseconds } : { run, lastStartedAt };
}

function newRun(startedAt: string, restarts = 0): ExtractRun {
  return { startedAt, pages: 0, rows: 0, bytes: 0, restarts, complete: false };
}

/** Folder of a run's pages in the Work bucket; a run that begins anew has another. */
export function pageKey({ startedAt, restarts }: ExtractRun, page: number): string {
  return `extracts/${startedAt}-${restarts}/${String(page).padStart(8, '0')}.jsonl`;
}

export interface ExtractEffects {
  readonly fetchPage: (position: string | undefined) => Promise<Page>;
  readonly savePage: (key: string, lines: string) => Promise<void>;
  /** Saves the progress; the page is there already. */
  readonly saveRun: (run: ExtractRun) => Promise<void>;
  readonly hasTimeLeft: () => boolean;
}

/** Fetches pages until the last, or until time runs out. @throws ApiBusyError, ApiRefusedError, CursorExpiredError */
export async function fetchPages(run: ExtractRun, effects: ExtractEffects): Promise<ExtractRun> {
  let current = run;
  while (!current.complete && effects.hasTimeLeft()) {
    current = await fetchNext(current, effects);
    await effects.saveRun(current);
  }
  return current;
}

async function fetchNext(run: ExtractRun, { fetchPage, savePage }: ExtractEffects): Promise<ExtractRun> {
  let page: Page;
  try {
    page = await fetchPage(run.position);
  } catch (error) {
    // Pages before an expired cursor may have changed since: only a run from the first page is one state of the API.
    if (error instanceof CursorExpiredError && run.restarts < maximumRestarts) {
      return newRun(run.startedAt, run.restarts + 1);
    }
    throw error;
  }
  const lines = page.items.map((item) => `${item}\n`).join('');
  const bytes = run.bytes + Buffer.byteLength(lines);
  if (bytes > maximumBytes) throw new ApiRefusedError(`the API has more than ${maximumBytes} bytes of records`);
  if (lines !== '') await savePage(pageKey(run, run.pages), lines);
  const progress = { ...run, pages: run.pages + 1, rows: run.rows + page.items.length, bytes };
  return page.next === undefined ? { ...progress, complete: true } : { ...progress, position: page.next };
}
