import { setTimeout as sleep } from 'node:timers/promises';

interface SdkRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

type Item = Readonly<Record<string, { readonly S?: string; readonly N?: string }>>;

interface Input {
  readonly TableName: string;
  readonly Key?: Item;
  readonly Item?: Item;
  readonly ExpressionAttributeValues?: Item;
  readonly TransactItems?: readonly { readonly Put: { readonly TableName: string; readonly Item: Item } }[];
}

export const tables = { windows: 'Windows', seen: 'Seen', idempotency: 'Idempotency' } as const;

/** Used units and requests, as DynamoDB and S3 bill them. */
export interface Usage {
  readonly writeUnits: number;
  readonly readUnits: number;
  readonly objects: number;
}

/**
 * DynamoDB and S3 that answer after some milliseconds, for clients of the SDK. They keep windows and check no conditions: no
 * two invocations of a benchmark write the same window at once.
 */
export class Services {
  private readonly windows = new Map<string, Item>();
  private used = { writeUnits: 0, readUnits: 0, objects: 0 };

  constructor(private readonly milliseconds: number) {}

  get usage(): Usage {
    return { ...this.used };
  }

  /** Number of readings in all windows. */
  get readings(): number {
    return [...this.windows.values()].reduce((sum, { count }) => sum + Number(count?.N), 0);
  }

  /** Configuration of a client whose requests come here. */
  get clientConfig() {
    return {
      region: 'us-east-1',
      credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
      requestHandler: {
        handle: async (request: SdkRequest) => {
          await sleep(this.milliseconds);
          const body = Buffer.from(JSON.stringify(this.answer(request)));
          return { response: { statusCode: 200, headers: {}, body } };
        },
        updateHttpClientConfig: () => undefined,
        httpHandlerConfigs: () => ({}),
      },
    };
  }

  private answer({ headers, body }: SdkRequest): object {
    const target = headers['x-amz-target'];
    if (target === undefined) {
      this.used.objects += 1;
      return {};
    }
    // Not by its valueOf, which the SDK's bytes warn of.
    const { buffer, byteOffset, byteLength } = body as Uint8Array<ArrayBuffer>;
    const input = JSON.parse(Buffer.from(buffer, byteOffset, byteLength).toString()) as Input;
    switch (target.split('.')[1]) {
      case 'GetItem':
        this.used.readUnits += 1;
        return { Item: this.windows.get(keyOf(input.Key)) };
      case 'TransactWriteItems':
        return this.transact(input.TransactItems ?? []);
      case 'UpdateItem':
        return this.update(input);
      default:
        this.used.writeUnits += 1;
        return {};
    }
  }

  private transact(puts: NonNullable<Input['TransactItems']>): object {
    // Transactional writes take two units for each item.
    this.used.writeUnits += 2 * puts.length;
    for (const { Put } of puts) if (Put.TableName === tables.windows) this.windows.set(keyOf(Put.Item), Put.Item);
    return {};
  }

  private update({ TableName, Key, ExpressionAttributeValues }: Input): object {
    this.used.writeUnits += 1;
    if (TableName !== tables.windows) return {};
    const count =
      Number(this.windows.get(keyOf(Key))?.['count']?.N ?? 0) + Number(ExpressionAttributeValues?.[':one']?.N);
    this.windows.set(keyOf(Key), { count: { N: String(count) } });
    return {};
  }
}

function keyOf(item: Item | undefined): string {
  return `${item?.['deviceId']?.S} ${item?.['windowStart']?.S}`;
}
