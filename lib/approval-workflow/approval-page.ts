import { Stack, Validations } from 'aws-cdk-lib';
import { CfnStage, HttpApi, HttpMethod, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Config } from '../config';
import { dataRemovalPolicy } from '../constructs/data-removal-policy';
import { stackUniqueName } from '../constructs/stack-unique-name';

export interface ApprovalPageProps {
  readonly config: Config;
}

/** Requests in a second: links are opened by people and by scanners of their mail. */
const throttle = { rateLimit: 20, burstLimit: 40 };

/** HTTP API that serves approvers' pages. Their links are secrets, so its log has the route and never the path. */
export class ApprovalPage extends Construct {
  readonly api: HttpApi;
  /** Address of the API, with a slash at its end. */
  readonly url: string;

  constructor(scope: Construct, id: string, props: ApprovalPageProps) {
    super(scope, id);
    const { config } = props;
    this.api = new HttpApi(this, 'Api', {
      apiName: stackUniqueName(this, 'ApprovalPage'),
      description: 'Pages on which approvers decide',
      createDefaultStage: false,
    });
    const { region, urlSuffix } = Stack.of(this);
    this.url = `https://${this.api.apiId}.execute-api.${region}.${urlSuffix}/`;
    const logs = new LogGroup(this, 'Logs', {
      logGroupName: `/aws/vendedlogs/apis/${stackUniqueName(this, 'ApprovalPage')}`,
      retention: config.logRetention,
      removalPolicy: dataRemovalPolicy(config),
    });
    const stage = this.api.addStage('Stage', { stageName: '$default', autoDeploy: true, throttle });
    const fields = ['requestId', 'requestTime', 'routeKey', 'status', 'responseLength', 'integrationErrorMessage'];
    const format = Object.fromEntries(fields.map((field) => [field, `$context.${field}`]));
    (stage.node.defaultChild as CfnStage).accessLogSettings = {
      destinationArn: new LogGroupLogDestination(logs).bind(stage).destinationArn,
      format: JSON.stringify(format),
    };
  }

  serve(page: IFunction): void {
    const integration = new HttpLambdaIntegration('Page', page);
    const routes = this.api.addRoutes({
      path: '/approvals/{link}',
      methods: [HttpMethod.GET, HttpMethod.POST],
      integration,
    });
    const reason =
      'The personal link authorizes: 256 random bits that expire. The README says how to put a login before it.';
    for (const route of routes) {
      Validations.of(route).acknowledge(
        { id: 'AwsSolutions::AwsSolutions-APIG4', reason },
        { id: 'cdk-validator-cfnguard::api_gw_v2_authorization_type_configured_check', reason },
        {
          id: 'cdk-validator-cfnguard::lambda_function_public_access_prohibited_check',
          reason: 'The permission is for API Gateway, and for this route alone.',
        },
      );
    }
  }
}
