import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { raceAbort } from '../../shared/race-abort';
import { BrowserFailedError, BrowserNotReadyError, RenderRefusedError, RenderTimeoutError } from '../render-errors';
import { browserArguments } from './browser-arguments';
import { unpackBrowser } from './browser-files';
import { DevTools } from './devtools';
import { printPage, type PrintLimits, type RenderedPage } from './print-page';

export interface BrowserSettings {
  /** Folder of the layer, or of what is mounted in its place: the browser, compressed or not, its libraries and fonts. */
  readonly layerFolder: string;
  /** Digest of the browser, if a mounted file system has it: SHA-256 in Base64. */
  readonly sha256?: string | undefined;
  /** Folder that the browser is unpacked into and works in. */
  readonly workFolder: string;
  /** Memory at which the browser is killed. The environment would end with it otherwise, and its request be tried in vain. */
  readonly maximumMegabytes: number;
  /** Executable to use instead of the layer's, where that is built for another machine. */
  readonly executable?: string | undefined;
}

/** Time between two looks at the browser's memory, which grows by some 200 MB a second at most (milliseconds). */
const memoryInterval = 100;

/**
 * The environment's browser. It is started for the first document and used for the next; one that fails or does not answer in
 * time is killed, and the next document starts another.
 */
export class DocumentBrowser {
  readonly #settings: BrowserSettings;
  #process: ChildProcess | undefined;
  #devTools: DevTools | undefined;
  /** The executable, once for the environment: an attempt that ran out of time leaves it to the next to go on. */
  #unpacked: Promise<string> | undefined;
  #program: string | undefined;
  #peakMegabytes: number | undefined;
  /** Documents of the browser that runs: it keeps some memory of each. */
  #documents = 0;

  constructor(settings: BrowserSettings) {
    this.#settings = settings;
  }

  /**
   * Prints a page, with another browser if one ends: Chromium crashes now and then (SIGSEGV), whatever the document.
   *
   * @param signal ends the work, and the browser with it
   * @throws RenderTimeoutError, BrowserFailedError, RenderRefusedError
   */
  async render(html: string, limits: PrintLimits, signal: AbortSignal): Promise<RenderedPage> {
    try {
      return await this.#print(html, limits, signal);
    } catch (error) {
      if (!(error instanceof BrowserFailedError)) throw error;
      return this.#print(html, limits, signal);
    }
  }

  async #print(html: string, limits: PrintLimits, signal: AbortSignal): Promise<RenderedPage> {
    const { maximumMegabytes } = this.#settings;
    const tooLarge = new AbortController();
    const watch = setInterval(() => {
      if ((megabytesOf(this.#process, 'VmRSS') ?? 0) <= maximumMegabytes) return;
      tooLarge.abort();
      this.#peakMegabytes = megabytesOf(this.#process, 'VmHWM');
      this.#process?.kill('SIGKILL');
    }, memoryInterval);
    try {
      // The browser may hang in any call, and would answer nothing more.
      return await raceAbort(signal, async () => {
        const browser = await this.#start();
        const page = await Promise.race([printPage(browser, html, limits), browser.end]);
        this.#peakMegabytes = megabytesOf(this.#process, 'VmHWM');
        this.#documents += 1;
        return page;
      });
    } catch (error) {
      this.#peakMegabytes = megabytesOf(this.#process, 'VmHWM') ?? this.#peakMegabytes;
      const isFirst = this.#documents === 0;
      this.kill();
      if (tooLarge.signal.aborted && !isFirst) {
        throw new BrowserFailedError('the browser had too little memory left: another one is started');
      }
      if (tooLarge.signal.aborted)
        throw new RenderRefusedError('out-of-memory', `the browser needs more than ${maximumMegabytes} MB`);
      if (signal.aborted) throw new RenderTimeoutError('the browser did not finish in time', { cause: error });
      if (error instanceof RenderRefusedError || error instanceof BrowserFailedError) throw error;
      throw new BrowserFailedError(error instanceof Error ? error.message : String(error), { cause: error });
    } finally {
      clearInterval(watch);
    }
  }

  /** Peak memory of the browser that had a document since the last call; undefined if none had, or the system does not tell. */
  takePeakMegabytes(): number | undefined {
    const peak = this.#peakMegabytes;
    this.#peakMegabytes = undefined;
    return peak;
  }

  /** Path of the executable that was started: it tells whether the browser was unpacked or copied first. */
  get program(): string | undefined {
    return this.#program;
  }

  /** Ends the browser at once; the next document starts another. */
  kill(): void {
    this.#process?.kill('SIGKILL');
    this.#process = undefined;
    this.#devTools = undefined;
    this.#documents = 0;
  }

  /** Unpacks the browser at a cold start, which takes seconds and says nothing about the document. @throws BrowserNotReadyError, BrowserFailedError */
  async prepare(signal: AbortSignal): Promise<void> {
    try {
      await raceAbort(signal, () => this.#unpack());
    } catch (error) {
      // It goes on, for the next attempt.
      if (signal.aborted) throw new BrowserNotReadyError('the browser was not unpacked in time', { cause: error });
      throw new BrowserFailedError(error instanceof Error ? error.message : String(error), { cause: error });
    }
  }

  #unpack(): Promise<string> {
    const { layerFolder, workFolder, sha256, executable } = this.#settings;
    if (executable !== undefined) return Promise.resolve(executable);
    this.#unpacked ??= unpackBrowser(layerFolder, join(workFolder, 'chromium'), sha256).catch((error: unknown) => {
      this.#unpacked = undefined;
      throw error;
    });
    return this.#unpacked;
  }

  async #start(): Promise<DevTools> {
    if (this.#devTools?.isOpen === true) return this.#devTools;
    const { layerFolder, workFolder, executable } = this.#settings;
    const program = await this.#unpack();
    this.#program = program;
    const profile = join(workFolder, 'profile');
    rmSync(profile, { recursive: true, force: true });
    mkdirSync(profile, { recursive: true });
    this.#process = spawn(program, browserArguments(profile, executable === undefined ? 'layer' : 'machine'), {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
      // Nothing of the function's environment, which holds the role's credentials.
      env: {
        HOME: profile,
        TMPDIR: profile,
        TZ: 'UTC',
        LANG: 'en_US.UTF-8',
        FONTCONFIG_FILE: join(layerFolder, 'fonts.conf'),
        XDG_CACHE_HOME: join(workFolder, 'cache'),
        // A copied browser has its libraries beside it.
        LD_LIBRARY_PATH: [dirname(program), layerFolder].map((folder) => join(folder, 'lib')).join(':'),
      },
    });
    this.#devTools = new DevTools(this.#process);
    return this.#devTools;
  }
}

/**
 * Resident memory of the browser's process now, or at its peak; undefined where the system does not tell.
 *
 * Lambda's report has the peak of the whole environment, which never falls: https://man7.org/linux/man-pages/man5/proc_pid_status.5.html
 */
function megabytesOf(browser: ChildProcess | undefined, field: 'VmRSS' | 'VmHWM'): number | undefined {
  try {
    const status = readFileSync(`/proc/${browser?.pid}/status`, 'utf8');
    const [, kilobytes] = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status) ?? [];
    return kilobytes === undefined ? undefined : Math.ceil(Number(kilobytes) / 1_024);
  } catch {
    return undefined;
  }
}
