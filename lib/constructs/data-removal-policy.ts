import { RemovalPolicy } from 'aws-cdk-lib';
import type { Config } from '../config';

/**
 * Removal policy of everything that holds data: kept in prod, deleted with the stack in a sandbox.
 *
 * In prod it is kept from the second deployment on: a first one that fails takes back what it made, so that nothing is left
 * that is billed, or that the next try collides with.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
 */
export function dataRemovalPolicy({ retainData }: Config): RemovalPolicy {
  return retainData ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY;
}
