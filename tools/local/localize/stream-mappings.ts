import { nameOf, resourcesOf, type StackResource } from './assembly';
import { referenceOf } from './removal';
import type { Rule } from './rule';

const streams = [
  'AWS::Kinesis::Stream',
  'AWS::Kinesis::StreamConsumer',
  'AWS::DynamoDB::GlobalTable',
  'AWS::DynamoDB::Table',
];

/** Whether an event source mapping has a stream as its source. */
export function isStreamMapping({ stack, resource }: StackResource): boolean {
  const source = referenceOf(resource.Properties?.['EventSourceArn'])?.id ?? '';
  return streams.includes(stack.template.Resources[source]?.Type ?? '');
}

/** Disables event source mappings of streams; `tools/local/stream-poller` carries out their settings. */
export const streamMappings: Rule = {
  name: 'stream-mappings',
  reason:
    "the emulator's mappings of streams know no partial responses, bisecting, retries, record age, destinations and parallelization",
  apply(assembly) {
    return resourcesOf(assembly, 'AWS::Lambda::EventSourceMapping')
      .filter(isStreamMapping)
      .map((placed) => {
        placed.resource.Properties = { ...placed.resource.Properties, Enabled: false };
        return nameOf(placed);
      });
  },
};
