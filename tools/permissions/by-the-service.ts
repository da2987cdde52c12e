import { resourcesIn, type Template } from '../template/template';
import type { Grant } from '../template/grants';

/** Action that the stand-in for RDS Proxy checks when a connection opens. */
export const connecting = 'rds-db:connect';

/** Whether the local run denies a function that lacks it: calls of the function, and connections to the database proxy. */
export function isEnforced(grant: Grant, template: Template): boolean {
  return grant.action === connecting || byTheService(grant, template) === undefined;
}

/**
 * Returns why a function needs an action that its own code does not call, because AWS calls it in the function's name; undefined
 * if AWS does not.
 */
export function byTheService(grant: Grant, { Resources }: Template): string | undefined {
  if (/^logs:(CreateLogStream|PutLogEvents)$/.test(grant.action)) return 'Lambda writes the log';
  if (/^xray:Put/.test(grant.action)) return 'Lambda sends traces';
  if (grant.action === connecting) return 'RDS Proxy checks it when a connection opens; making a token is no request';
  const isInVpc = Resources[grant.function]?.Properties?.['VpcConfig'] !== undefined;
  if (isInVpc && /^ec2:\w+NetworkInterfaces?$/.test(grant.action)) {
    return 'Lambda creates the network interfaces in the VPC';
  }
  if (/^kms:(Decrypt|GenerateDataKey)$/.test(grant.action)) return 'the service that stores the data uses the key';
  const of = (type: string): Readonly<Record<string, unknown>>[] =>
    Object.values(Resources)
      .filter(
        ({ Type, Properties }) => Type === type && resourcesIn(Properties?.['FunctionName']).includes(grant.function),
      )
      .map(({ Properties }) => Properties ?? {});
  if (grant.action === 'sqs:SendMessage') {
    const destinations = of('AWS::Lambda::EventInvokeConfig').flatMap(({ DestinationConfig }) =>
      resourcesIn(DestinationConfig),
    );
    if (destinations.includes(grant.resource)) return 'Lambda sends events that failed to the on-failure destination';
  }
  if (/^sqs:(ReceiveMessage|DeleteMessage|GetQueueAttributes)$/.test(grant.action)) {
    const sources = of('AWS::Lambda::EventSourceMapping').flatMap(({ EventSourceArn }) => resourcesIn(EventSourceArn));
    if (sources.includes(grant.resource)) return 'the event source mapping polls the queue';
  }
  const mappings = of('AWS::Lambda::EventSourceMapping');
  if (/^(kinesis|dynamodb):(Describe|Get|List|SubscribeTo)\w*$/.test(grant.action)) {
    const streams = mappings.flatMap(({ EventSourceArn }) => resourcesIn(EventSourceArn));
    const consumed = streams.flatMap((id) => resourcesIn(Resources[id]?.Properties?.['StreamARN']));
    if (grant.action === 'dynamodb:ListStreams') return 'Lambda asks for it when it creates the mapping';
    const isReading = grant.action !== 'dynamodb:GetItem' && [...streams, ...consumed].includes(grant.resource);
    if (isReading) return 'the event source mapping reads the stream';
  }
  if (/^s3:(PutObject|ListBucket)$/.test(grant.action)) {
    const failures = mappings.flatMap(({ DestinationConfig }) => resourcesIn(DestinationConfig));
    if (failures.includes(grant.resource)) return 'Lambda writes records that failed to the on-failure destination';
  }
  return undefined;
}
