import { JsonService, Refusal } from './json-service';

export interface FakeLogGroup {
  readonly bytes?: number;
  readonly retentionDays?: number;
  /** Messages of its log events, all of the same time. */
  readonly messages?: readonly string[];
}

/** CloudWatch Logs with these groups in memory. */
export class FakeLogs extends JsonService {
  readonly serviceId = 'CLOUDWATCH_LOGS';
  readonly groups: Map<string, FakeLogGroup>;

  constructor(groups: Readonly<Record<string, FakeLogGroup>>) {
    super();
    this.groups = new Map(Object.entries(groups));
  }

  protected readonly operationHandlers = {
    DescribeLogGroups: ({ logGroupNamePrefix }: { logGroupNamePrefix: string }) => ({
      logGroups: [...this.groups]
        .filter(([name]) => name.startsWith(logGroupNamePrefix))
        .map(([logGroupName, { bytes, retentionDays }]) => ({
          logGroupName,
          storedBytes: bytes ?? 0,
          ...(retentionDays === undefined ? {} : { retentionInDays: retentionDays }),
        })),
    }),
    DeleteLogGroup: ({ logGroupName }: { logGroupName: string }) => {
      this.#groupOf(logGroupName);
      this.groups.delete(logGroupName);
      return {};
    },
    FilterLogEvents: ({ logGroupName }: { logGroupName: string }) => ({
      events: (this.#groupOf(logGroupName).messages ?? []).map((message) => ({ message, timestamp: 0 })),
    }),
  };

  #groupOf(name: string): FakeLogGroup {
    const group = this.groups.get(name);
    if (group === undefined) throw new Refusal('ResourceNotFoundException', `no log group ${name}`);
    return group;
  }
}
