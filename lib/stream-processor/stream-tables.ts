import { StreamViewType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import type { Config } from '../config';
import { tableDefaults, textKey } from '../constructs/table-defaults';

export interface StreamTablesProps {
  readonly config: Config;
}

/** Tables of windows and of accounts with their view. */
export class StreamTables extends Construct {
  /** Key `deviceId`, `windowStart`; exact `count`, `sum`, `min`, `max`. */
  readonly windows: TableV2;
  /** Key `reading`: readings that are in a window, until no repeated one can arrive. */
  readonly seen: TableV2;
  /** Key `accountId`; its writer raises `version` with each change. */
  readonly accounts: TableV2;
  /** Key `accountId`, `entry`: the current state and each change. */
  readonly summaries: TableV2;

  constructor(scope: Construct, id: string, props: StreamTablesProps) {
    super(scope, id);
    const defaults = tableDefaults(props.config);
    this.windows = new TableV2(this, 'Windows', {
      ...defaults,
      partitionKey: textKey('deviceId'),
      sortKey: textKey('windowStart'),
    });
    this.seen = new TableV2(this, 'Seen', {
      ...defaults,
      partitionKey: textKey('reading'),
      timeToLiveAttribute: 'expiresAt',
    });
    this.accounts = new TableV2(this, 'Accounts', {
      ...defaults,
      partitionKey: textKey('accountId'),
      dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES,
    });
    this.summaries = new TableV2(this, 'Summaries', {
      ...defaults,
      partitionKey: textKey('accountId'),
      sortKey: textKey('entry'),
    });
  }
}
