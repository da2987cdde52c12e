import { AttributeType, Billing, type Attribute, type TablePropsV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { Config } from '../config';
import { dataRemovalPolicy } from './data-removal-policy';

/** Props that every table starts from: paid by use, restorable to any second of 35 days, and kept in prod. */
export function tableDefaults(config: Config): Omit<TablePropsV2, 'partitionKey'> {
  return {
    billing: Billing.onDemand(),
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: config.retainData,
    removalPolicy: dataRemovalPolicy(config),
  };
}

/** Key attribute that holds text. */
export function textKey(name: string): Attribute {
  return { name, type: AttributeType.STRING };
}
