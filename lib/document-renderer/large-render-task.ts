import { Duration, Fn, Stack, Validations } from 'aws-cdk-lib';
import {
  Capability,
  ContainerImage,
  CpuArchitecture,
  FargateTaskDefinition,
  LinuxParameters,
  LogDrivers,
  OperatingSystemFamily,
} from 'aws-cdk-lib/aws-ecs';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Config } from '../config';
import { dataRemovalPolicy } from '../constructs/data-removal-policy';
import { metricEnvironment } from '../constructs/service-metric';
import { BrowserImage } from './browser-image';
import { browserMegabytes, type DocumentRendererSettings } from './document-renderer-settings';
import { containerName } from './large-render-definition';

export interface LargeRenderTaskProps {
  readonly config: Config;
  readonly settings: DocumentRendererSettings;
  readonly handlerFile: string;
  /** Environment of whatever renders documents. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Writable folder of the container, owned by its user in the image: lambda/document-renderer/native/Dockerfile. */
const workFolder = '/work';
const user = '1000:1000';

/** Task definition that renders one large document: the handler's bundle in a container without root, on a read-only file system. */
export class LargeRenderTask extends Construct {
  readonly role: Role;
  readonly definition: FargateTaskDefinition;
  /** By it, executions that a deployment overtakes find the newest revision: the one before it is taken away. */
  readonly family: string;

  constructor(scope: Construct, id: string, props: LargeRenderTaskProps) {
    super(scope, id);
    const { settings } = props;
    const memoryLimitMiB = megabytesOf(settings);
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
      description: 'What a task that renders a large document may do, and nothing else',
    });
    this.definition = new FargateTaskDefinition(this, 'Definition', {
      cpu: settings.largeRenderProcessors * 1_024,
      memoryLimitMiB,
      runtimePlatform: {
        cpuArchitecture: CpuArchitecture.X86_64,
        operatingSystemFamily: OperatingSystemFamily.LINUX,
      },
      taskRole: this.role,
      // 20 GB of the task's own storage: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-task-storage.html
      volumes: [{ name: 'work' }],
    });
    this.family = Fn.select(0, Fn.split(':', Fn.select(1, Fn.split('/', this.definition.taskDefinitionArn))));
    this.addContainer(props);
    Validations.of(this.definition).acknowledge({
      id: 'AwsSolutions::AwsSolutions-ECS2',
      reason: 'The variables are names and limits: none is a secret.',
    });
    Validations.of(this.definition).acknowledge({
      id: 'AwsSolutions::AwsSolutions-IAM5[Resource::*]',
      reason: 'ECR has no resource for its tokens: ecr:GetAuthorizationToken takes only *.',
    });
  }

  /** Allows the task exactly these actions on exactly these resources. */
  allow(actions: string[], ...resources: string[]): void {
    this.role.addToPolicy(new PolicyStatement({ actions, resources }));
  }

  private addContainer({ config, settings, handlerFile, environment }: LargeRenderTaskProps): void {
    const { asset } = new BrowserImage(this, 'Image', { config, handlerFile });
    // An init process: Node.js as the first one would ignore signals until it listens to them, and keep ended browsers.
    const linuxParameters = new LinuxParameters(this, 'Linux', { initProcessEnabled: true });
    linuxParameters.dropCapabilities(Capability.ALL);
    const container = this.definition.addContainer(containerName, {
      image: ContainerImage.fromDockerImageAsset(asset),
      entryPoint: ['/var/lang/bin/node', '-e', "require('/var/task/index.js').renderLarge()"],
      memoryLimitMiB: megabytesOf(settings),
      user,
      readonlyRootFilesystem: true,
      linuxParameters,
      environment: {
        ...metricEnvironment(this),
        ...environment,
        TMPDIR: workFolder,
        MAXIMUM_PAGES: String(settings.largeRenderPages),
        RENDER_SECONDS: String(settings.largeRenderMinutes * 60),
        BROWSER_MEGABYTES: String(browserMegabytes(megabytesOf(settings))),
        HEARTBEAT_SECONDS: String(Math.floor(settings.largeRenderHeartbeatSeconds / 4)),
      },
      logging: LogDrivers.awsLogs({
        streamPrefix: 'task',
        logGroup: new LogGroup(this, 'Logs', {
          retention: config.logRetention,
          removalPolicy: dataRemovalPolicy(config),
        }),
      }),
      // Spot's notice; the longest that Fargate allows.
      stopTimeout: Duration.seconds(120),
    });
    container.addMountPoints({ sourceVolume: 'work', containerPath: workFolder, readOnly: false });
  }
}

function megabytesOf({ largeRenderProcessors }: DocumentRendererSettings): number {
  return largeRenderProcessors * 4_096;
}
