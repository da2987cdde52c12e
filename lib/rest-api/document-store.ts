import { Stack, Validations } from 'aws-cdk-lib';
import { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { CfnPermission, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { HttpMethods, type CfnBucket, type CorsRule } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { Config } from '../config';
import { dataRemovalPolicy } from '../constructs/data-removal-policy';
import { AccessLogBucket, PrivateBucket } from '../constructs/private-bucket';
import { tableDefaults, textKey } from '../constructs/table-defaults';

export interface DocumentStoreProps {
  readonly config: Config;
  /** Origins whose pages upload and download. */
  readonly corsOrigins: readonly string[];
}

/** Documents, their content, and the key that cursors are signed with. */
export class DocumentStore extends Construct {
  readonly documents: TableV2;
  /** Keys of requests, with the document that each has created. */
  readonly idempotencyKeys: TableV2;
  readonly uploads: PrivateBucket;
  readonly cursorKey: Secret;

  constructor(scope: Construct, id: string, props: DocumentStoreProps) {
    super(scope, id);
    const { config, corsOrigins } = props;
    this.documents = new TableV2(this, 'Documents', {
      ...tableDefaults(config),
      partitionKey: textKey('owner'),
      sortKey: textKey('documentId'),
      timeToLiveAttribute: 'expiresAt',
    });
    this.idempotencyKeys = new TableV2(this, 'IdempotencyKeys', {
      ...tableDefaults(config),
      partitionKey: textKey('owner'),
      sortKey: textKey('idempotencyKey'),
      timeToLiveAttribute: 'expiresAt',
    });
    const accessLogs = new AccessLogBucket(this, 'AccessLogs', { config });
    this.uploads = new PrivateBucket(this, 'Uploads', {
      config,
      accessLogs,
      ...(corsOrigins.length === 0 ? {} : { cors: [corsRule(corsOrigins)] }),
    });
    this.cursorKey = new Secret(this, 'CursorKey', {
      description: 'Signs the cursors of document lists',
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      removalPolicy: dataRemovalPolicy(config),
    });
    Validations.of(this.cursorKey).acknowledge({
      id: 'AwsSolutions::AwsSolutions-SMG4',
      reason: 'A cursor of an old key is refused, and a caller starts its list again: it is changed by hand, if ever.',
    });
  }

  /**
   * Tells a function of each upload, by a property of the bucket: CDK's `addEventNotification` would add a function of its own
   * with permissions on every bucket.
   *
   * The permission names only the account, since naming the bucket would be a circular reference; S3 requires nothing more.
   */
  notify(target: IFunction): void {
    const permission = new CfnPermission(this, 'MayInvoke', {
      principal: 's3.amazonaws.com',
      action: 'lambda:InvokeFunction',
      functionName: target.functionArn,
      sourceAccount: Stack.of(this).account,
    });
    Validations.of(permission).acknowledge({
      id: 'cdk-validator-cfnguard::lambda_function_public_access_prohibited_check',
      reason: 'The rule wants sourceAccount as a literal; here it is the account that the stack is deployed to.',
    });
    const bucket = this.uploads.bucket.node.defaultChild as CfnBucket;
    bucket.notificationConfiguration = {
      lambdaConfigurations: [{ event: 's3:ObjectCreated:*', function: target.functionArn }],
    };
    bucket.addResourceDependency(permission);
  }
}

/** The links need these headers, and no credentials of the page. */
function corsRule(origins: readonly string[]): CorsRule {
  return {
    allowedOrigins: [...origins],
    allowedMethods: [HttpMethods.GET, HttpMethods.PUT],
    allowedHeaders: ['content-type', 'if-none-match'],
    exposedHeaders: ['ETag'],
    maxAge: 7_200,
  };
}
