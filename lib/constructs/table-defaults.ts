import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, Billing, type Attribute, type TablePropsV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { Config } from '../config';

/** Props that every table starts from: paid by use, restorable to any second of 35 days, and kept in prod. */
export function tableDefaults(config: Config): Omit<TablePropsV2, 'partitionKey'> {
  return {
    billing: Billing.onDemand(),
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: config.retainData,
    removalPolicy: config.retainData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  };
}

/** Key attribute that holds text. */
export function textKey(name: string): Attribute {
  return { name, type: AttributeType.STRING };
}
