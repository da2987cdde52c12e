import type { ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { BrowserFailedError } from '../render-errors';

/** Parameters and results of the protocol, which the pinned version of the browser fixes. */
type Values = Readonly<Record<string, unknown>>;

interface Message {
  readonly id?: number;
  readonly sessionId?: string;
  readonly method?: string;
  readonly params?: Values;
  readonly result?: Values;
  readonly error?: { readonly message: string };
}

interface Call {
  readonly resolve: (result: Values) => void;
  readonly reject: (error: Error) => void;
}

type Listener = (params: Values) => void;

/**
 * Client of the DevTools protocol over the pipes of a browser started with `--remote-debugging-pipe`: JSON, each message ended by
 * a zero byte. https://chromedevtools.github.io/devtools-protocol/
 */
export class DevTools {
  readonly #input: Writable;
  readonly #calls = new Map<number, Call>();
  readonly #listeners = new Map<string, Listener>();
  #lastId = 0;
  #ended: Error | undefined;
  readonly #end = Promise.withResolvers<never>();

  /** @param browser process with pipes at the file descriptors 3 (to it) and 4 (from it) */
  constructor(browser: ChildProcess) {
    const [, , , input, output] = browser.stdio;
    this.#input = input as Writable;
    // Whoever waits for it hears of it; an idle browser may end unheard.
    this.end.catch(() => undefined);
    // Written to a browser that has ended; the end of the process says so.
    this.#input.on('error', () => undefined);
    this.#read(output as Readable);
    browser.once('error', (error) => this.#close(error.message));
    browser.once('exit', (code, signal) => this.#close(`the browser ended (${signal ?? code ?? 'unknown'})`));
  }

  /** Never resolves; rejects when the browser ends. */
  get end(): Promise<never> {
    return this.#end.promise;
  }

  get isOpen(): boolean {
    return this.#ended === undefined;
  }

  /** @throws BrowserFailedError if the browser refuses the call, or ends before it answers */
  send(method: string, params: Values = {}, sessionId?: string): Promise<Values> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    const id = (this.#lastId += 1);
    return new Promise((resolve, reject) => {
      this.#calls.set(id, { resolve, reject });
      this.#input.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    });
  }

  /** Calls the listener at each event of a session, in place of an earlier listener. */
  on(event: string, sessionId: string, listener: Listener): void {
    this.#listeners.set(`${sessionId} ${event}`, listener);
  }

  /** Removes the listeners of a session. */
  forget(sessionId: string): void {
    for (const key of this.#listeners.keys()) if (key.startsWith(`${sessionId} `)) this.#listeners.delete(key);
  }

  #read(output: Readable): void {
    let parts: Buffer[] = [];
    output.on('error', () => undefined);
    output.on('data', (chunk: Buffer) => {
      let start = 0;
      for (let end = chunk.indexOf(0); end !== -1; end = chunk.indexOf(0, start)) {
        parts.push(chunk.subarray(start, end));
        // The browser's own messages.
        this.#receive(JSON.parse(Buffer.concat(parts).toString()) as Message);
        parts = [];
        start = end + 1;
      }
      if (start < chunk.length) parts.push(chunk.subarray(start));
    });
  }

  #receive({ id, sessionId = '', method, params = {}, result = {}, error }: Message): void {
    if (id === undefined) {
      this.#listeners.get(`${sessionId} ${method ?? ''}`)?.(params);
      return;
    }
    const call = this.#calls.get(id);
    this.#calls.delete(id);
    if (error === undefined) call?.resolve(result);
    else call?.reject(new BrowserFailedError(error.message));
  }

  #close(message: string): void {
    this.#ended ??= new BrowserFailedError(message);
    for (const { reject } of this.#calls.values()) reject(this.#ended);
    this.#calls.clear();
    this.#end.reject(this.#ended);
  }
}
