import { CfnOutput, Stack, Validations } from 'aws-cdk-lib';
import { Repository } from 'aws-cdk-lib/aws-codecommit';
import { ProjectionType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { openIndexName } from '../../lambda/gitops-pipeline/adapters/dynamodb-items';
import type { ArchitectureProps } from '../config';
import { AlarmTopic } from '../constructs/alarm-topic';
import { dataRemovalPolicy } from '../constructs/data-removal-policy';
import { FailureQueue } from '../constructs/failure-queue';
import { AccessLogBucket, PrivateBucket } from '../constructs/private-bucket';
import { ServiceStateMachine } from '../constructs/service-state-machine';
import { stackUniqueName } from '../constructs/stack-unique-name';
import { tableDefaults, textKey } from '../constructs/table-defaults';
import { BuildProjects } from './build-projects';
import type { GitopsPipelineSettings } from './gitops-pipeline-settings';
import { PipelineAlarms } from './pipeline-alarms';
import { pipelineDefinition } from './pipeline-definition';
import { addPipelineEvents } from './pipeline-events';
import { addPipelineSteps, allowEarlierResults, functionArns } from './pipeline-functions';
import { ReportsTopic } from './reports-topic';

/**
 * A pushed commit is scanned, built once, tested, signed, approved and deployed, or the last good version runs.
 *
 *     push -> EventBridge -> StartRun -> Pipeline machine: scan -> build -> test -> sign -> diff -> approve -> verify -> deploy -> smoke
 *     Sweep -> lost events, lost runs      | builds: StartBuild -> CodeBuild -> EventBridge -> FinishBuild     fails -> roll back
 *     approver -> DecideApproval ----------+-> Runs table, Artifacts bucket, Reports topic
 */
export class GitopsPipelineStack extends Stack {
  constructor(scope: Construct, id: string, props: ArchitectureProps<GitopsPipelineSettings>) {
    const { config, settings, ...stackProps } = props;
    super(scope, id, { description: 'Commits are built, signed and deployed (gitops-pipeline)', ...stackProps });

    const { topic } = new AlarmTopic(this, 'Alarms', { config });
    const reports = new ReportsTopic(this, 'Reports', { config });
    const repository = new Repository(this, 'Source', { repositoryName: stackUniqueName(this, 'Source') });
    repository.applyRemovalPolicy(dataRemovalPolicy(config));
    const accessLogs = new AccessLogBucket(this, 'AccessLogs', { config });
    const artifacts = new PrivateBucket(this, 'Artifacts', { config, accessLogs });
    const signingKey = new Key(this, 'SigningKey', {
      description: 'Signs statements about artifacts; one function may sign, one may verify.',
      keySpec: KeySpec.ECC_NIST_P256,
      keyUsage: KeyUsage.SIGN_VERIFY,
      removalPolicy: dataRemovalPolicy(config),
    });
    Validations.of(signingKey).acknowledge({
      id: 'cdk-validator-cfnguard::kms_create_grant_aws_service_check',
      reason:
        'No role of the stack may create grants: that is for administrators of the account, who may change the key as well.',
    });
    const runs = new TableV2(this, 'Runs', {
      ...tableDefaults(config),
      partitionKey: textKey('id'),
      timeToLiveAttribute: 'expiresAt',
      // Sparse: only runs and builds that have not ended have these attributes.
      globalSecondaryIndexes: [
        {
          indexName: openIndexName,
          partitionKey: textKey('open'),
          sortKey: textKey('since'),
          projectionType: ProjectionType.KEYS_ONLY,
        },
      ],
    });

    const projects = new BuildProjects(this, 'Steps', { config, settings, repository, artifacts });
    const resources = { config, settings, topic, reports, runs, artifacts, repository, projects, signingKey };
    const steps = addPipelineSteps(this, resources);
    const machine = new ServiceStateMachine(this, 'Pipeline', {
      config,
      topic,
      description: 'Permissions of the state machine of runs',
      definition: pipelineDefinition(steps, settings),
      runbook: 'run',
      alarms: {
        failed: 'A run failed; the report to the team says why.',
        timedOut: 'A run exceeded its timeout.',
        aborted: 'Somebody stopped the execution of a run.',
      },
    });
    machine.allow(['lambda:InvokeFunction'], ...functionArns(steps));
    allowEarlierResults(this, [steps.startBuild, steps.requestApproval], machine.stateMachine);

    const { queue: failed } = new FailureQueue(this, 'FailedEvents', { config, topic, runbook: 'failed-events' });
    const { approveUrl, startRun, sweep, decideApproval } = addPipelineEvents(this, { ...resources, machine, failed });
    new PipelineAlarms(this, 'Outcomes', { topic, runs, settings });

    new CfnOutput(this, 'RepositoryName', { value: repository.repositoryName });
    new CfnOutput(this, 'RepositoryCloneUrl', { value: repository.repositoryCloneUrlHttp });
    new CfnOutput(this, 'PipelineStateMachineArn', { value: machine.stateMachine.stateMachineArn });
    new CfnOutput(this, 'ArtifactsBucketName', { value: artifacts.bucket.bucketName });
    new CfnOutput(this, 'SigningKeyArn', { value: signingKey.keyArn });
    new CfnOutput(this, 'RunsTableName', { value: runs.tableName });
    new CfnOutput(this, 'ApproveUrl', { value: approveUrl.url });
    new CfnOutput(this, 'StartRunFunctionName', { value: startRun.function.functionName });
    new CfnOutput(this, 'SweepFunctionName', { value: sweep.function.functionName });
    new CfnOutput(this, 'DecideApprovalFunctionName', { value: decideApproval.function.functionName });
    new CfnOutput(this, 'VerifyArtifactFunctionName', { value: steps.verifyArtifact.function.functionName });
    new CfnOutput(this, 'FailedEventsUrl', { value: failed.queueUrl });
    new CfnOutput(this, 'ReportsTopicArn', { value: reports.topic.topicArn });
    new CfnOutput(this, 'AlarmTopicArn', { value: topic.topicArn });
  }
}
