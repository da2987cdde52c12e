import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';

export interface ApiWebAclProps {
  readonly api: RestApi;
}

/** Requests of one address within five minutes. */
const requestsOfAnAddress = 2_000;

/**
 * AWS's managed rules, which capacity units and prices allow together.
 *
 * SizeRestrictions_BODY of the common rules blocks bodies over 8 KB. It stays on: the largest valid body has about 4 KB, so that
 * the answer to others is 403 of WAF instead of 413.
 * https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html
 */
const managedRules = [
  'AWSManagedRulesAmazonIpReputationList',
  'AWSManagedRulesCommonRuleSet',
  'AWSManagedRulesKnownBadInputsRuleSet',
];

/** Web ACL of the API: addresses with a bad reputation, known attacks, and one address that sends too much. */
export class ApiWebAcl extends Construct {
  constructor(scope: Construct, id: string, props: ApiWebAclProps) {
    super(scope, id);
    const { api } = props;
    const webAcl = new CfnWebACL(this, 'WebAcl', {
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      visibilityConfig: visible('Requests'),
      rules: [
        ...managedRules.map((name, priority) => ({
          ...{ name, priority, overrideAction: { none: {} }, visibilityConfig: visible(name) },
          statement: { managedRuleGroupStatement: { vendorName: 'AWS', name } },
        })),
        {
          ...{ name: 'RateOfAnAddress', priority: managedRules.length, action: { block: {} } },
          statement: { rateBasedStatement: { aggregateKeyType: 'IP', limit: requestsOfAnAddress } },
          visibilityConfig: visible('RateOfAnAddress'),
        },
      ],
    });
    new CfnWebACLAssociation(this, 'Association', {
      resourceArn: api.deploymentStage.stageArn,
      webAclArn: webAcl.attrArn,
    });
  }
}

/** Without sampled requests, which would show headers and paths of callers. */
function visible(metricName: string): CfnWebACL.VisibilityConfigProperty {
  return { metricName, cloudWatchMetricsEnabled: true, sampledRequestsEnabled: false };
}
