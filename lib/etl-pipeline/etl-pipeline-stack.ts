import { CfnOutput, Stack } from 'aws-cdk-lib';
import { ProjectionType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { watchedIndexName } from '../../lambda/etl-pipeline/file';
import type { ArchitectureProps } from '../config';
import { AlarmTopic } from '../constructs/alarm-topic';
import { FailureQueue } from '../constructs/failure-queue';
import { MessageTopic } from '../constructs/message-topic';
import type { ServiceFunction } from '../constructs/service-function';
import { ServiceStateMachine } from '../constructs/service-state-machine';
import { tableDefaults, textKey } from '../constructs/table-defaults';
import { addApiExtract } from './api-extract';
import { EtlAlarms } from './etl-alarms';
import { allowListing, allowObjects, EtlBuckets } from './etl-buckets';
import { EtlDashboard } from './etl-dashboard';
import { etlDefinition, type EtlSteps } from './etl-definition';
import { addEtlSteps } from './etl-functions';
import type { EtlPipelineSettings } from './etl-pipeline-settings';
import { mapResultsPrefix } from './etl-states';
import { FileEvents } from './file-events';
import { addFileWatch } from './file-watch';

/**
 * Uploaded files become rows of a table, and every row that does not is accounted for.
 *
 *     Incoming bucket -> EventBridge -> Etl machine: claim -> inspect -> split -> transform (map) -> decide -> load (map) -> report
 *       | cannot start                    Work bucket: chunks, staged rows   |           |              Reports topic <-+
 *       +-> UnstartedFiles -> alarm       Curated bucket: rejected rows <----+           +-> Rows table
 *     WatchFiles -> Files table -> alarms
 *     schedule -> ExtractFromApi -> Incoming bucket (by setting)
 */
export class EtlPipelineStack extends Stack {
  constructor(scope: Construct, id: string, props: ArchitectureProps<EtlPipelineSettings>) {
    const { config, settings, ...stackProps } = props;
    super(scope, id, { description: 'Files become rows, all accounted for (etl-pipeline)', ...stackProps });

    const { topic } = new AlarmTopic(this, 'Alarms', { config });
    const reports = new MessageTopic(this, 'Reports', {
      config,
      messages: 'reports',
      sandboxReason: 'Sandbox reports have counts and no rows',
    });
    const buckets = new EtlBuckets(this, 'Buckets', { config, workDays: settings.workDays });
    const { incoming, work, curated } = buckets;
    const rows = new TableV2(this, 'Rows', { ...tableDefaults(config), partitionKey: textKey('id') });
    const files = new TableV2(this, 'Files', {
      ...tableDefaults(config),
      partitionKey: textKey('fileId'),
      // Sparse: only files that have reached no end have these attributes.
      globalSecondaryIndexes: [
        {
          indexName: watchedIndexName,
          partitionKey: textKey('watch'),
          sortKey: textKey('since'),
          projectionType: ProjectionType.KEYS_ONLY,
        },
      ],
    });

    const steps = addEtlSteps(this, { config, settings, topic, buckets, files, rows });
    const machine = new ServiceStateMachine(this, 'Etl', {
      config,
      topic,
      description: 'Permissions of the state machine of uploaded files',
      definition: etlDefinition({
        steps,
        workBucketName: work.bucket.bucketName,
        reportsTopicArn: reports.topic.topicArn,
        settings,
      }),
      runbook: 'file',
      alarms: {
        failed: 'A file could not be processed.',
        timedOut: 'A file exceeded its timeout.',
        aborted: 'Somebody stopped the execution of a file.',
      },
    });
    machine.allow(['lambda:InvokeFunction'], ...functionArns(steps));
    allowListing(machine, work);
    // https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html
    const writing = ['s3:PutObject', 's3:GetObject', 's3:ListMultipartUploadParts', 's3:AbortMultipartUpload'];
    allowObjects(machine, work, writing, mapResultsPrefix);
    machine.allowDistributedMap();
    reports.allowPublishing(machine);

    const { queue: unstarted } = new FailureQueue(this, 'UnstartedFiles', {
      config,
      topic,
      runbook: 'unstarted-files',
    });
    new FileEvents(this, 'FileEvents', {
      bucketName: incoming.bucket.bucketName,
      datasets: settings.datasets,
      target: machine.stateMachine,
      unstarted,
    });
    addFileWatch(this, { config, topic, files, rows, deadLetters: unstarted });
    const { extract, memoryMegabytes } = settings;
    const extracted = settings.datasets.find(({ name }) => name === extract?.dataset);
    if (extract !== undefined && extracted !== undefined) {
      const { prefix } = extracted;
      addApiExtract(this, { config, topic, buckets, rows, extract, prefix, memoryMegabytes, deadLetters: unstarted });
    }
    const { lateMinutes, alarmRejectPercent } = settings;
    new EtlAlarms(this, 'Outcomes', { topic, rows, lateMinutes, alarmRejectPercent });
    if (settings.dashboard ?? config.dashboards) {
      new EtlDashboard(this, 'Overview', { rows, stateMachine: machine.stateMachine });
    }

    new CfnOutput(this, 'IncomingBucketName', { value: incoming.bucket.bucketName });
    new CfnOutput(this, 'CuratedBucketName', { value: curated.bucket.bucketName });
    new CfnOutput(this, 'RowsTableName', { value: rows.tableName });
    new CfnOutput(this, 'FilesTableName', { value: files.tableName });
    new CfnOutput(this, 'EtlStateMachineArn', { value: machine.stateMachine.stateMachineArn });
    new CfnOutput(this, 'UnstartedFilesUrl', { value: unstarted.queueUrl });
    new CfnOutput(this, 'ReportsTopicArn', { value: reports.topic.topicArn });
    new CfnOutput(this, 'AlarmTopicArn', { value: topic.topicArn });
  }
}

function functionArns(steps: Readonly<Record<keyof EtlSteps, ServiceFunction>>): string[] {
  return Object.values(steps).map((step) => step.function.functionArn);
}
