import { ProjectionType, StreamViewType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { statusIndexName } from '../../lambda/approval-workflow/request-record';
import type { Config } from '../config';
import { tableDefaults, textKey } from '../constructs/table-defaults';

export interface ApprovalTablesProps {
  readonly config: Config;
}

/** Tables of requests, their history, the counters of their limits, and the hashes of approvers' links. */
export class ApprovalTables extends Construct {
  /** Key `requestId`; the index has the requests of each status. The task token of an open approval is here and nowhere else. */
  readonly requests: TableV2;
  /** Key `requestId` and `entry`, the number of the change. Written in one transaction with it; its stream has the events. */
  readonly audit: TableV2;
  /** Key `owner`: `team#data`, `person#ana`. */
  readonly limits: TableV2;
  /** Key `linkHash`; deleted a week after the link has expired. */
  readonly links: TableV2;

  constructor(scope: Construct, id: string, props: ApprovalTablesProps) {
    super(scope, id);
    const defaults = tableDefaults(props.config);
    this.requests = new TableV2(this, 'Requests', {
      ...defaults,
      partitionKey: textKey('requestId'),
      globalSecondaryIndexes: [
        {
          indexName: statusIndexName,
          partitionKey: textKey('status'),
          sortKey: textKey('submittedAt'),
          projectionType: ProjectionType.ALL,
        },
      ],
    });
    this.audit = new TableV2(this, 'Audit', {
      ...defaults,
      partitionKey: textKey('requestId'),
      sortKey: textKey('entry'),
      dynamoStream: StreamViewType.NEW_IMAGE,
    });
    this.limits = new TableV2(this, 'Limits', { ...defaults, partitionKey: textKey('owner') });
    this.links = new TableV2(this, 'Links', {
      ...defaults,
      partitionKey: textKey('linkHash'),
      timeToLiveAttribute: 'deleteAfter',
    });
  }
}
