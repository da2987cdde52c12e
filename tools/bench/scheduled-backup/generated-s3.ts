import type { S3Client } from '@aws-sdk/client-s3';
import { recordsPrefix, resultsPrefix } from '../../../lambda/scheduled-backup/journal';
import {
  manifestsPrefix,
  partsPrefix,
  summaryKey,
  toLines,
  type Entry,
} from '../../../lambda/scheduled-backup/manifest';
import type { VirtualClock } from './virtual-clock';

export const day = '2026-11-21';
/** Day whose backup has expired. */
export const oldDay = '2026-01-01';
export const run = 'simulated-run';

export interface Sizes {
  readonly objects: number;
  readonly batchItems: number;
  readonly partEntries: number;
}

/** Time of S3's answer: small objects take 100 to 200 ms. https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance.html */
export const answerMilliseconds = 150;
/** Assumed time of S3's answer to a deletion of a thousand objects. */
const deletionMilliseconds = 1_000;

const pageKeys = 1_000;
const version = 'v'.repeat(32);

/** Entry of a typical object, in about 300 bytes. */
export function entryOf(index: number): Entry {
  return {
    status: 'copied',
    key: `some/folder/object-${index}`,
    version,
    copyVersion: version,
    size: 1,
    etag: 'e'.repeat(32),
    checksum: { algorithm: 'CRC64NVME', value: 'c'.repeat(12) },
    storageClass: 'STANDARD',
  };
}

interface Input {
  readonly Key?: string;
  readonly Prefix?: string;
  readonly Delimiter?: string;
  readonly ContinuationToken?: string;
  readonly StartAfter?: string;
  readonly Body?: string;
  readonly Delete?: { readonly Objects: readonly { readonly Key: string }[] };
}

/** S3 whose objects are generated when they are read, and whose writes are discarded, so that it holds nothing itself. */
export class GeneratedS3 {
  readonly requests = new Map<string, number>();
  /** Bytes of the longest text that was written. */
  longestText = 0;
  /** Most objects whose entries were read and not yet written. */
  mostHeld = 0;
  #held = 0;
  /** Copies of the expired day that were deleted, the first ones. */
  #deleted = 0;

  constructor(
    private readonly sizes: Sizes,
    private readonly clock: VirtualClock,
    /** Called before each write, when the most is in memory. */
    private readonly onWrite: () => void = () => undefined,
  ) {}

  get client(): Pick<S3Client, 'send'> {
    const send = async (command: { readonly input: Input }): Promise<object> => {
      const operation = command.constructor.name.replace(/Command$/, '');
      this.requests.set(operation, (this.requests.get(operation) ?? 0) + 1);
      await this.clock.wait(operation === 'DeleteObjects' ? deletionMilliseconds : answerMilliseconds);
      return this.#answer(operation, command.input);
    };
    return { send } as Pick<S3Client, 'send'>;
  }

  get batches(): number {
    return Math.ceil(this.sizes.objects / this.sizes.batchItems);
  }

  get parts(): number {
    return Math.ceil(this.sizes.objects / this.sizes.partEntries);
  }

  #answer(operation: string, input: Input): object {
    switch (operation) {
      case 'ListObjectsV2':
        return this.#page(input);
      case 'GetObject':
        return { Body: { transformToString: () => Promise.resolve(this.#text(input.Key ?? '')) } };
      case 'PutObject':
        this.onWrite();
        this.longestText = Math.max(this.longestText, input.Body?.length ?? 0);
        if (input.Key?.startsWith(partsPrefix(day, run)) === true) this.#held -= this.sizes.partEntries;
        return {};
      case 'HeadObject':
        return { VersionId: version, ETag: `"${'e'.repeat(32)}"`, ContentLength: 1, ChecksumCRC64NVME: 'c'.repeat(12) };
      case 'DeleteObjects':
        this.#deleted += input.Delete?.Objects.filter(({ Key }) => Key.startsWith(`${oldDay}/`)).length ?? 0;
        return {};
      case 'CopyObject':
        return { VersionId: version };
      default:
        return {};
    }
  }

  #text(key: string): string {
    if (key === 'lock.json') return JSON.stringify({ run, execution: '', day });
    if (key === summaryKey(day) || key === summaryKey(oldDay)) return this.#summary(key);
    if (key.startsWith(recordsPrefix(run))) return this.#record(numberIn(key));
    const result = { checked: this.sizes.partEntries, mismatched: 0, findings: [] };
    if (key.startsWith(resultsPrefix(run, 'verified'))) return JSON.stringify(result);
    const { partEntries: restored } = this.sizes;
    if (key.startsWith(resultsPrefix(run, 'restored'))) {
      return JSON.stringify({
        restored,
        identical: 0,
        kept: 0,
        failed: 0,
        notBackedUp: 0,
        bytes: restored,
        findings: [],
      });
    }
    throw Object.assign(new Error(`${key} does not exist`), { name: 'NoSuchKey' });
  }

  #record(number: number): string {
    const { batchItems } = this.sizes;
    this.#held += batchItems;
    this.mostHeld = Math.max(this.mostHeld, this.#held);
    return toLines(Array.from({ length: batchItems }, (_, item) => entryOf(number * batchItems + item)));
  }

  #summary(key: string): string {
    const counts = { copied: this.sizes.objects, skipped: 0, failed: 0, bytes: this.sizes.objects };
    const [, of = ''] = key.split('/');
    const times = { scheduledTime: '', startedAt: '', finishedAt: `${of}T05:00:00Z` };
    const parts = { prefix: partsPrefix(of, run), count: this.parts };
    const source = 'source';
    return JSON.stringify({
      day: of,
      status: 'complete',
      run,
      ...times,
      source,
      parts,
      counts,
      mismatched: 0,
      findings: [],
    });
  }

  #page({ Prefix: prefix = '', Delimiter, ContinuationToken, StartAfter }: Input): object {
    if (Delimiter !== undefined) {
      return { CommonPrefixes: [day, oldDay].map((one) => ({ Prefix: `${prefix}${one}/` })) };
    }
    const total = this.#numberUnder(prefix);
    const first = prefix === `${oldDay}/` ? this.#deleted : 0;
    const start = Number(ContinuationToken ?? (StartAfter === undefined ? first : numberIn(StartAfter) + 1));
    const end = Math.min(start + pageKeys, total);
    return {
      Contents: Array.from({ length: end - start }, (_, index) => ({
        Key: `${prefix}${String(start + index).padStart(9, '0')}`,
      })),
      ...(end < total ? { NextContinuationToken: String(end) } : {}),
    };
  }

  #numberUnder(prefix: string): number {
    if (prefix === recordsPrefix(run)) return this.batches;
    if (prefix === `${oldDay}/`) return this.sizes.objects;
    if (prefix === `${manifestsPrefix}${oldDay}/`) return this.parts + 1;
    return this.parts;
  }
}

function numberIn(key: string): number {
  return Number(key.slice(key.lastIndexOf('/') + 1));
}
