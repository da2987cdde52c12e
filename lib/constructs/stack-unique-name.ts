import { Fn, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/**
 * Physical name that no other stack has, nor the same stack when it is made again: the stack's name, an id, and the first
 * part of the stack's UUID.
 *
 * For the few resources whose name must be known before they exist or must begin with a prefix. A plain name would collide
 * with what a deleted stack retained.
 */
export function stackUniqueName(scope: Construct, id: string): string {
  const { stackName, stackId } = Stack.of(scope);
  const uuid = Fn.select(2, Fn.split('/', stackId));
  return Fn.join('-', [stackName, id, Fn.select(0, Fn.split('-', uuid))]);
}
