import { resourcesIn, type Template } from '../template/template';
import type { Grant } from '../template/grants';

/** What the stand-in for RDS Proxy asks for at its door; a connection that stands is not asked again. */
export const connecting = 'rds-db:connect';

/** Whether the local run refuses a function that lacks it: not what AWS does in the function's name, but for the database's door. */
export function isEnforced(grant: Grant, template: Template): boolean {
  return grant.action === connecting || byTheService(grant, template) === undefined;
}

/**
 * Why a function needs an action that its own code never calls, because AWS does it in its name; undefined where nothing
 * does.
 */
export function byTheService(grant: Grant, { Resources }: Template): string | undefined {
  if (/^logs:(CreateLogStream|PutLogEvents)$/.test(grant.action)) return 'Lambda writes the log';
  if (/^xray:Put/.test(grant.action)) return 'Lambda sends traces';
  if (grant.action === connecting) return 'the proxy asks for it at its door; a token is no request';
  if (/^ec2:\w+NetworkInterfaces?$/.test(grant.action)) return 'Lambda makes the network interfaces in the VPC';
  if (/^kms:(Decrypt|GenerateDataKey)$/.test(grant.action)) return 'the service that holds the data asks for the key';
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
  return undefined;
}
