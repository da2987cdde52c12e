import { Tags, type App, type Stack, type StackProps } from 'aws-cdk-lib';
import type { z } from 'zod';
import { approvalWorkflowSettings } from './approval-workflow/approval-workflow-settings';
import { ApprovalWorkflowStack } from './approval-workflow/approval-workflow-stack';
import type { BundleVariables } from './bundling/bundle-options';
import { addProviderLogs } from './constructs/provider-logs';
import { stackName } from './stack-name';
import { loadSettings, type ArchitectureProps, type Config } from './config';
import { databaseAccessSettings } from './database-access/database-access-settings';
import { DatabaseAccessStack } from './database-access/database-access-stack';
import { documentRendererSettings } from './document-renderer/document-renderer-settings';
import { DocumentRendererStack } from './document-renderer/document-renderer-stack';
import { etlPipelineSettings } from './etl-pipeline/etl-pipeline-settings';
import { EtlPipelineStack } from './etl-pipeline/etl-pipeline-stack';
import { gitopsPipelineSettings } from './gitops-pipeline/gitops-pipeline-settings';
import { GitopsPipelineStack } from './gitops-pipeline/gitops-pipeline-stack';
import { imageResizeSettings } from './image-resize/image-resize-settings';
import { ImageResizeStack } from './image-resize/image-resize-stack';
import { orderWorkflowSettings } from './order-workflow/order-workflow-settings';
import { OrderWorkflowStack } from './order-workflow/order-workflow-stack';
import { queueProcessorSettings } from './queue-processor/queue-processor-settings';
import { QueueProcessorStack } from './queue-processor/queue-processor-stack';
import { resourceTaggerSettings } from './resource-tagger/resource-tagger-settings';
import { ResourceTaggerStack } from './resource-tagger/resource-tagger-stack';
import { restApiSettings } from './rest-api/rest-api-settings';
import { RestApiStack } from './rest-api/rest-api-stack';
import { scheduledBackupSettings } from './scheduled-backup/scheduled-backup-settings';
import { ScheduledBackupStack } from './scheduled-backup/scheduled-backup-stack';
import { streamProcessorSettings } from './stream-processor/stream-processor-settings';
import { StreamProcessorStack } from './stream-processor/stream-processor-stack';
import { volumeCleanupSettings } from './volume-cleanup/volume-cleanup-settings';
import { VolumeCleanupStack } from './volume-cleanup/volume-cleanup-stack';

/** An architecture, as the app deploys it and tests, docs and tools list it. */
export interface Architecture {
  /** Construct id, as in `cdk deploy ImageResize`. The stack has the same name, with `-prod` in that stage. */
  readonly id: string;
  /** Folder in `lib/`, `lambda/` and `test/`, scenario file, and context key of its settings. */
  readonly slug: string;
  /** Data flow in one line. */
  readonly flow: string;
  readonly settings: z.ZodType;
  /** Environment variables of its functions that are known at synthesis, so that bundles leave out other values' code. */
  readonly bundleVariables: (context: Readonly<Record<string, unknown>>) => BundleVariables;
  /** Adds the stack, with the settings in the context. */
  readonly addTo: (app: App, config: Config, context: Readonly<Record<string, unknown>>) => Stack;
}

interface Definition<Schema extends z.ZodType> {
  readonly id: string;
  readonly slug: string;
  readonly flow: string;
  readonly settings: Schema;
  readonly stack: new (app: App, id: string, props: ArchitectureProps<z.output<Schema>>) => Stack;
  /** @default none */
  readonly bundleVariables?: (settings: z.output<Schema>) => BundleVariables;
}

export const architectures: readonly Architecture[] = [
  define({
    id: 'ImageResize',
    slug: 'image-resize',
    flow: 'photo -> Upload bucket -> ResizeImage -> Resized bucket',
    settings: imageResizeSettings,
    stack: ImageResizeStack,
  }),
  define({
    id: 'QueueProcessor',
    slug: 'queue-processor',
    flow: 'order -> Orders queue -> FulfilOrder -> Fulfilments and Stock tables',
    settings: queueProcessorSettings,
    stack: QueueProcessorStack,
  }),
  define({
    id: 'ScheduledBackup',
    slug: 'scheduled-backup',
    flow: 'schedule -> Backup machine -> list, copy, verify, manifest -> Backup bucket -> Restore machine',
    settings: scheduledBackupSettings,
    stack: ScheduledBackupStack,
  }),
  define({
    id: 'OrderWorkflow',
    slug: 'order-workflow',
    flow: 'order -> ReceiveOrder -> state machine -> Orders table, events',
    settings: orderWorkflowSettings,
    stack: OrderWorkflowStack,
  }),
  define({
    id: 'DatabaseAccess',
    slug: 'database-access',
    flow: 'caller -> DataProcessor -> RDS Proxy -> database',
    settings: databaseAccessSettings,
    stack: DatabaseAccessStack,
    bundleVariables: ({ engine }) => ({ DATABASE_ENGINE: engine }),
  }),
  define({
    id: 'RestApi',
    slug: 'rest-api',
    flow: 'client -> API Gateway -> ServeDocuments -> Documents table, S3 links',
    settings: restApiSettings,
    stack: RestApiStack,
  }),
  define({
    id: 'EtlPipeline',
    slug: 'etl-pipeline',
    flow: 'file -> Incoming bucket -> Etl machine -> split, transform, load -> Rows table, report',
    settings: etlPipelineSettings,
    stack: EtlPipelineStack,
  }),
  define({
    id: 'DocumentRenderer',
    slug: 'document-renderer',
    flow: 'request -> Renders queue -> RenderDocument (Chromium) -> Documents bucket, event',
    settings: documentRendererSettings,
    stack: DocumentRendererStack,
  }),
  define({
    id: 'StreamProcessor',
    slug: 'stream-processor',
    flow: 'reading -> Kinesis -> AggregateReadings -> Windows table; change -> ProjectChanges -> Summaries table, events',
    settings: streamProcessorSettings,
    stack: StreamProcessorStack,
  }),
  define({
    id: 'ResourceTagger',
    slug: 'resource-tagger',
    flow: 'CloudTrail event (EventBridge) -> Events queue -> TagResources -> tags; notices -> mail',
    settings: resourceTaggerSettings,
    stack: ResourceTaggerStack,
  }),
  define({
    id: 'GitopsPipeline',
    slug: 'gitops-pipeline',
    flow: 'push -> Pipeline machine (builds by CodeBuild, signature, approval) -> stacks',
    settings: gitopsPipelineSettings,
    stack: GitopsPipelineStack,
  }),
  define({
    id: 'VolumeCleanup',
    slug: 'volume-cleanup',
    flow: 'schedule -> FindCandidates -> notice -> snapshot -> deletion of unattached volumes',
    settings: volumeCleanupSettings,
    stack: VolumeCleanupStack,
  }),
  define({
    id: 'ApprovalWorkflow',
    slug: 'approval-workflow',
    flow: 'request -> policy and approval -> EC2 machine -> end',
    settings: approvalWorkflowSettings,
    stack: ApprovalWorkflowStack,
  }),
];

function define<Schema extends z.ZodType>(definition: Definition<Schema>): Architecture {
  const { id, slug, flow, settings } = definition;
  const addTo: Architecture['addTo'] = (app, config, context) => {
    const own = { config, settings: loadSettings(context, slug, settings) };
    const tags = { application: 'serverless-reference-architectures', architecture: slug, stage: config.stage };
    // On the stack too: CloudFormation passes a stack's tags to resources that CDK adds and does not tag.
    const stack = new definition.stack(app, id, { ...stackProps(id, config), tags, ...own });
    addProviderLogs(stack, config);
    for (const [key, value] of Object.entries(tags)) Tags.of(stack).add(key, value);
    return stack;
  };
  const bundleVariables: Architecture['bundleVariables'] = (context) =>
    definition.bundleVariables?.(loadSettings(context, slug, settings)) ?? {};
  return { id, slug, flow, settings, bundleVariables, addTo };
}

function stackProps(id: string, config: Config): StackProps {
  return {
    stackName: stackName(id, config.stage),
    terminationProtection: config.protectStack,
  };
}
