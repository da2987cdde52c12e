import { createInterface } from 'node:readline/promises';

/** Asks on the terminal; returns whether the expected text was typed. */
export async function typed(question: string, expected: string, signal?: AbortSignal): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return (await terminal.question(question, signal === undefined ? {} : { signal })).trim() === expected;
  } finally {
    terminal.close();
  }
}
