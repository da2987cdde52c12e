/** Text that the code under test writes to standard output and error, which is a function's log. */
export interface CapturedOutput {
  readonly text: string;
  /** Lines that are JSON, of one message where it is given. */
  lines(message?: string): Record<string, unknown>[];
}

/** Captures output from now on, until `jest.restoreAllMocks()`. */
export function captureOutput(): CapturedOutput {
  let text = '';
  const write = (chunk: string | Uint8Array): boolean => {
    text += String(chunk);
    return true;
  };
  jest.spyOn(process.stdout, 'write').mockImplementation(write);
  jest.spyOn(process.stderr, 'write').mockImplementation(write);
  return {
    get text() {
      return text;
    },
    lines(message) {
      const all = text.split('\n').filter((line) => line.startsWith('{'));
      const parsed = all.map((line) => JSON.parse(line) as Record<string, unknown>);
      return message === undefined ? parsed : parsed.filter((line) => line['message'] === message);
    },
  };
}
