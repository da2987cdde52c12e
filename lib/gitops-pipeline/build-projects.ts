import { ArnFormat, Stack, Validations } from 'aws-cdk-lib';
import { CfnProject } from 'aws-cdk-lib/aws-codebuild';
import type { Repository } from 'aws-cdk-lib/aws-codecommit';
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { Construct } from 'constructs';
import { join } from 'node:path';
import { buildSteps, type Step } from '../../lambda/gitops-pipeline/run';
import type { Config } from '../config';
import { dataRemovalPolicy } from '../constructs/data-removal-policy';
import type { PrivateBucket } from '../constructs/private-bucket';
import { allowArtifacts } from './artifact-access';
import { buildSpecOf } from './build-steps';
import type { GitopsPipelineSettings } from './gitops-pipeline-settings';

export interface BuildProjectsProps {
  readonly config: Config;
  readonly settings: GitopsPipelineSettings;
  readonly repository: Repository;
  readonly artifacts: PrivateBucket;
}

/** Steps that start from the commit; the others start from the artifact. */
const onCommit: readonly Step[] = ['scan', 'build', 'test'];
const withTools: readonly Step[] = ['scan', 'check', 'diff', 'deploy'];
const writing: readonly Step[] = ['scan', 'build', 'check', 'diff', 'deploy'];

/**
 * Project of each step, with a role of its own: what a build may read and write depends on its step alone.
 *
 * A role may write below the name of its step. Digests, and not paths, keep runs apart.
 */
export class BuildProjects extends Construct {
  readonly projects: Readonly<Record<Step, CfnProject>>;
  /** Programs that steps run beside the source; functions name them when they start a build. */
  readonly tools: Asset;

  constructor(scope: Construct, id: string, props: BuildProjectsProps) {
    super(scope, id);
    const path = join(__dirname, '..', '..', 'lambda', 'gitops-pipeline', 'build-tools');
    this.tools = new Asset(this, 'Tools', { path, exclude: ['node_modules'] });
    const projects = buildSteps.map((step) => [step, this.addProject(step, props)] as const);
    this.projects = Object.fromEntries(projects) as Record<Step, CfnProject>;
  }

  get arns(): string[] {
    return buildSteps.map((step) => this.projects[step].attrArn);
  }

  private addProject(step: Step, props: BuildProjectsProps): CfnProject {
    const { config, settings, repository, artifacts } = props;
    const id = `${step[0]?.toUpperCase() ?? ''}${step.slice(1)}`;
    const logs = new LogGroup(this, `${id}Logs`, {
      retention: config.logRetention,
      removalPolicy: dataRemovalPolicy(config),
    });
    const role = this.addRole(id, step, props, logs);
    const project = new CfnProject(this, id, {
      description: `Step ${step} of the pipeline`,
      serviceRole: role.roleArn,
      source: {
        ...(onCommit.includes(step)
          ? { type: 'CODECOMMIT', location: repository.repositoryCloneUrlHttp }
          : // The artifact of a run takes its place.
            { type: 'S3', location: `${artifacts.bucket.bucketName}/none` }),
        buildSpec: JSON.stringify(buildSpecOf(step, settings)),
      },
      artifacts: { type: 'NO_ARTIFACTS' },
      environment: {
        type: 'ARM_CONTAINER',
        computeType: 'BUILD_GENERAL1_SMALL',
        image: 'aws/codebuild/amazonlinux-aarch64-standard:3.0',
      },
      timeoutInMinutes: settings.buildTimeoutMinutes,
      queuedTimeoutInMinutes: settings.queuedTimeoutMinutes,
      logsConfig: { cloudWatchLogs: { status: 'ENABLED', groupName: logs.logGroupName } },
    });
    // CodeBuild uses the role as soon as a build starts.
    project.node.addDependency(role);
    Validations.of(project).acknowledge({
      id: 'AwsSolutions::AwsSolutions-CB4',
      reason: 'Artifacts go to a bucket that encrypts them with keys of S3; a customer key costs a dollar a month.',
    });
    return project;
  }

  private addRole(id: string, step: Step, props: BuildProjectsProps, logs: LogGroup): Role {
    const { settings, repository, artifacts } = props;
    const { executionPolicyArn: boundary } = settings;
    const role = new Role(this, `${id}Role`, {
      assumedBy: new ServicePrincipal('codebuild.amazonaws.com'),
      description: `What the step ${step} may do, and nothing else`,
      ...(step === 'deploy' && boundary !== undefined
        ? { permissionsBoundary: ManagedPolicy.fromManagedPolicyArn(this, 'DeployBoundary', boundary) }
        : {}),
    });
    const allow = (actions: string[], ...resources: string[]): void => {
      role.addToPolicy(new PolicyStatement({ actions, resources }));
    };
    allow(['logs:CreateLogStream', 'logs:PutLogEvents'], logs.logGroupArn);
    if (onCommit.includes(step)) allow(['codecommit:GitPull'], repository.repositoryArn);
    else allowArtifacts(role, artifacts, ['s3:GetObject', 's3:GetObjectVersion'], 'build/');
    if (step === 'smoke') allowArtifacts(role, artifacts, ['s3:GetObject', 's3:GetObjectVersion'], 'deploy/');
    if (withTools.includes(step)) {
      allow(['s3:GetObject', 's3:GetObjectVersion'], this.tools.bucket.arnForObjects(this.tools.s3ObjectKey));
    }
    if (writing.includes(step)) allowArtifacts(role, artifacts, ['s3:PutObject'], `${step}/`);
    // CodeBuild asks for the owner and the region of buckets that it reads from or writes to:
    // https://docs.aws.amazon.com/codebuild/latest/userguide/setting-up-service-role.html
    const buckets = [
      ...(step === 'test' ? [] : [artifacts.bucket.bucketArn]),
      ...(withTools.includes(step) ? [this.tools.bucket.bucketArn] : []),
    ];
    if (buckets.length > 0) allow(['s3:GetBucketAcl', 's3:GetBucketLocation'], ...buckets);
    if (step === 'diff' || step === 'deploy') allow(['sts:AssumeRole'], ...this.bootstrapRoles(step));
    return role;
  }

  /** Roles of CDK's bootstrap: https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html */
  private bootstrapRoles(step: 'diff' | 'deploy'): string[] {
    const names = step === 'diff' ? ['lookup'] : ['deploy', 'file-publishing', 'lookup'];
    const { account, region } = Stack.of(this);
    return names.map((name) =>
      Stack.of(this).formatArn({
        service: 'iam',
        region: '',
        resource: 'role',
        resourceName: `cdk-hnb659fds-${name}-role-${account}-${region}`,
        arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
      }),
    );
  }
}
