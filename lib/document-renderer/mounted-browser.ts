import { CustomResource, Duration, Size, Validations } from 'aws-cdk-lib';
import {
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpointAwsService,
  Peer,
  Port,
  SecurityGroup,
  SubnetType,
  type IVpc,
  type Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Architecture, type CfnFunction, type FunctionProps } from 'aws-cdk-lib/aws-lambda';
import { CfnAccessPoint, CfnFileSystem, CfnMountTarget } from 'aws-cdk-lib/aws-s3files';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { nativeSourceHash } from '../bundling/native-source';
import type { Config } from '../config';
import { makeIsolatedVpc, networkInterfaceActions } from '../constructs/isolated-vpc';
import { PrivateBucket, type AccessLogBucket } from '../constructs/private-bucket';
import { ServiceFunction } from '../constructs/service-function';
import { BrowserLayer } from './browser-layer';
import { browserFolder, nativeSource } from './browser-source';
import { makeSyncRole } from './sync-role';

export interface MountedBrowserProps {
  readonly config: Config;
  readonly topic: ITopic;
  readonly accessLogs: AccessLogBucket;
  /** Whether the function starts executions of a state machine. */
  readonly startsExecutions: boolean;
}

const mountPath = '/mnt/browser';
const nfs = Port.tcp(2049);

/**
 * Browser, unpacked, in a bucket that functions mount by S3 Files, with the network that it takes. A deployment puts it there.
 *
 *     SeedBrowser (with the layer) -> BrowserFiles <- file system <- function
 */
export class MountedBrowser extends Construct {
  /** Network of the function that mounts it. */
  readonly placement: Pick<FunctionProps, 'vpc' | 'vpcSubnets' | 'securityGroups'>;
  /** Where the function finds the browser, and what it must be. */
  readonly environment: { readonly CHROMIUM_FOLDER: string; readonly CHROMIUM_SHA256: string };
  private readonly files: PrivateBucket;
  private readonly fileSystem: CfnFileSystem;
  private readonly accessPoint: CfnAccessPoint;
  private readonly mountTargets: CfnMountTarget[];
  private readonly seeded: CustomResource;

  constructor(scope: Construct, id: string, props: MountedBrowserProps) {
    super(scope, id);
    const { config, accessLogs, startsExecutions } = props;
    this.files = new PrivateBucket(this, 'Files', { config, accessLogs });
    this.fileSystem = new CfnFileSystem(this, 'FileSystem', {
      bucket: this.files.bucket.bucketArn,
      roleArn: makeSyncRole(this, this.files).roleArn,
    });
    const { attrFileSystemId: fileSystemId } = this.fileSystem;
    this.accessPoint = new CfnAccessPoint(this, 'AccessPoint', {
      fileSystemId,
      // Whatever the function's user is: files are root's, and others may read and execute them.
      posixUser: { uid: '1000', gid: '1000' },
    });
    const network = this.addNetwork(config, startsExecutions);
    const { vpc, functionGroup, mountGroup } = network;
    this.mountTargets = vpc.isolatedSubnets.map(
      ({ subnetId }, zone) =>
        new CfnMountTarget(this, `MountTarget${zone + 1}`, {
          ...{ fileSystemId, subnetId, securityGroups: [mountGroup.securityGroupId] },
        }),
    );
    // A browser of other packages is in another folder.
    const folder = nativeSourceHash(nativeSource).slice(0, 16);
    this.seeded = this.addSeeding(props, folder);
    this.placement = {
      // The cast: under exactOptionalPropertyTypes its `vpnGatewayId` differs from the interface's.
      vpc: vpc as IVpc,
      vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
      securityGroups: [functionGroup],
    };
    this.environment = {
      CHROMIUM_FOLDER: `${mountPath}/${folder}`,
      CHROMIUM_SHA256: this.seeded.getAttString('Sha256'),
    };
  }

  /**
   * Mounts the browser, to be read.
   *
   * CDK's mount would let the function write too: a page that breaks out of the browser could then change the one of all others.
   * https://docs.aws.amazon.com/lambda/latest/dg/configuration-filesystem-s3files.html
   */
  mountOn(mounting: ServiceFunction): void {
    const { attrAccessPointArn: arn } = this.accessPoint;
    (mounting.function.node.defaultChild as CfnFunction).fileSystemConfigs = [{ arn, localMountPath: mountPath }];
    // The files are there and can be mounted when the first document comes.
    mounting.function.node.addDependency(this.seeded, ...this.mountTargets);
    mounting.role.addToPolicy(
      new PolicyStatement({
        actions: ['s3files:ClientMount'],
        resources: [this.fileSystem.attrFileSystemArn],
        conditions: { ArnEquals: { 's3files:AccessPointArn': arn } },
      }),
    );
    // Reads of 128 KB and more come from the bucket itself.
    mounting.allow(['s3:GetObject', 's3:GetObjectVersion'], this.files.bucket.arnForObjects('*'));
    mounting.allow(networkInterfaceActions, '*');
    Validations.of(mounting.role).acknowledge({
      id: this.files.objectsFinding(''),
      reason: 'All files of the browser.',
    });
  }

  private addNetwork(
    config: Config,
    startsExecutions: boolean,
  ): { readonly vpc: Vpc; readonly functionGroup: SecurityGroup; readonly mountGroup: SecurityGroup } {
    const vpc = makeIsolatedVpc(this, {
      ...{ config, cidr: '10.40.0.0/24', subnets: 'Functions', subnetMask: 26, zones: 2 },
      gatewayEndpoints: {
        S3: { service: GatewayVpcEndpointAwsService.S3 },
        DynamoDB: { service: GatewayVpcEndpointAwsService.DYNAMODB },
      },
    });
    const group = { vpc: vpc as IVpc, allowAllOutbound: false };
    const functionGroup = new SecurityGroup(this, 'FunctionGroup', { ...group, description: 'RenderDocument' });
    const mountGroup = new SecurityGroup(this, 'MountGroup', { ...group, description: 'Mount targets of the browser' });
    const endpointGroup = new SecurityGroup(this, 'EndpointGroup', { ...group, description: 'Endpoints of services' });
    functionGroup.connections.allowTo(mountGroup, nfs, 'RenderDocument mounts the browser');
    functionGroup.connections.allowTo(endpointGroup, Port.HTTPS, 'RenderDocument calls AWS services');
    // The prefix lists of S3 and DynamoDB have other ids in each region; the subnets have no other route.
    functionGroup.addEgressRule(Peer.anyIpv4(), Port.HTTPS, 'S3 and DynamoDB, by their gateways');
    const interfaces = {
      Queues: InterfaceVpcEndpointAwsService.SQS,
      Events: InterfaceVpcEndpointAwsService.EVENTBRIDGE,
      ...(startsExecutions ? { States: InterfaceVpcEndpointAwsService.STEP_FUNCTIONS } : {}),
    };
    for (const [name, service] of Object.entries(interfaces)) {
      vpc.addInterfaceEndpoint(name, { service, securityGroups: [endpointGroup], open: false });
    }
    return { vpc, functionGroup, mountGroup };
  }

  private addSeeding({ config, topic }: MountedBrowserProps, folder: string): CustomResource {
    const handlerFile = 'document-renderer/seed-browser';
    const timeout = Duration.minutes(5);
    const seedBrowser = new ServiceFunction(this, 'SeedBrowser', {
      ...{ config, topic, handlerFile, timeout },
      description: 'Puts the unpacked browser into the bucket that functions mount',
      architecture: Architecture.X86_64,
      layers: [new BrowserLayer(this, 'Chromium', { config, handlerFile }).layer],
      // The unpacked browser is held in memory, and in /tmp.
      memorySize: 2_048,
      ephemeralStorageSize: Size.gibibytes(1),
      errorThreshold: 1,
      environment: { BROWSER_FILES_BUCKET_NAME: this.files.bucket.bucketName, CHROMIUM_FOLDER: browserFolder },
    });
    seedBrowser.allow(['s3:PutObject'], this.files.bucket.arnForObjects('*'));
    Validations.of(seedBrowser.role).acknowledge({
      id: this.files.objectsFinding(''),
      reason: 'It alone puts files there, in a folder for each browser.',
    });
    Validations.of(seedBrowser.function).acknowledge({
      id: 'Serverless::Serverless-LambdaDLQ',
      reason: 'CloudFormation invokes it and waits for its answer: a failure fails the deployment.',
    });
    const resource = new CustomResource(this, 'Seeded', {
      serviceToken: seedBrowser.function.functionArn,
      resourceType: 'Custom::SeededBrowser',
      properties: { Folder: folder },
      serviceTimeout: timeout.plus(Duration.minutes(1)),
    });
    resource.node.addDependency(seedBrowser.role);
    return resource;
  }
}
