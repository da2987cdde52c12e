import { Stack, Validations } from 'aws-cdk-lib';
import {
  AccessLogField,
  AccessLogFormat,
  AuthorizationType,
  CognitoUserPoolsAuthorizer,
  EndpointType,
  LambdaIntegration,
  LogGroupLogDestination,
  Period,
  RestApi,
  type ApiKey,
  type IResource,
  type IRestApi,
  type JsonSchema,
  type MethodOptions,
  type StageOptions,
} from 'aws-cdk-lib/aws-apigateway';
import type { IUserPool } from 'aws-cdk-lib/aws-cognito';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { z } from 'zod';
import { machineScope, userScope, type Access } from '../../lambda/rest-api/caller';
import { documentPatchSchema, newDocumentSchema } from '../../lambda/rest-api/schemas';
import type { Config } from '../config';
import { dataRemovalPolicy } from '../constructs/data-removal-policy';
import { addGatewayResponses } from './gateway-responses';
import type { RestApiSettings } from './rest-api-settings';

/** Stage of the API: a text, so that what names it does not require the stage. */
export const stageName = 'v1';

export interface DocumentsApiProps {
  readonly config: Config;
  readonly settings: RestApiSettings;
  readonly userPool: IUserPool;
  readonly handler: IFunction;
  /** Whether requests are counted by route, which costs a metric each. */
  readonly metricsByRoute: boolean;
}

/** REST API of documents: every method wants an access token with a scope, an API key, and a valid body. */
export class DocumentsApi extends Construct {
  readonly api: RestApi;
  readonly apiKey: ApiKey;

  constructor(scope: Construct, id: string, props: DocumentsApiProps) {
    super(scope, id);
    const { config, settings, userPool, handler, metricsByRoute } = props;
    const { requestsPerSecond, burst } = settings;
    this.api = new RestApi(this, 'Api', {
      // A dimension of the API's metrics, so that the stages differ.
      restApiName: Stack.of(this).stackName,
      description: 'Documents, each of its owner (rest-api)',
      endpointTypes: [EndpointType.REGIONAL],
      // One role for all APIs of the account: a stack that sets it would take it along when it is deleted.
      cloudWatchRole: false,
      deployOptions: {
        stageName,
        tracingEnabled: true,
        metricsEnabled: metricsByRoute,
        throttlingRateLimit: requestsPerSecond,
        throttlingBurstLimit: burst,
        ...(settings.accessLogs ? this.accessLogs(config) : {}),
      },
    });
    addGatewayResponses(this.api, settings.corsOrigins);
    this.addMethods(userPool, handler, settings.corsOrigins.length > 0);
    this.apiKey = this.addUsagePlan(settings);
    acknowledgeFindings(this.api, settings);
  }

  /** Line for each request, those that no function sees included, without address, agent, token, key or query of the caller. */
  private accessLogs(config: Config): Pick<StageOptions, 'accessLogDestination' | 'accessLogFormat'> {
    const logs = new LogGroup(this, 'AccessLogs', {
      retention: config.logRetention,
      removalPolicy: dataRemovalPolicy(config),
    });
    const fields = {
      requestId: AccessLogField.contextRequestId(),
      at: AccessLogField.contextRequestTimeEpoch(),
      method: AccessLogField.contextHttpMethod(),
      route: AccessLogField.contextResourcePath(),
      status: AccessLogField.contextStatus(),
      milliseconds: AccessLogField.contextResponseLatency(),
      refusal: AccessLogField.contextErrorResponseType(),
    };
    return {
      accessLogDestination: new LogGroupLogDestination(logs),
      accessLogFormat: AccessLogFormat.custom(JSON.stringify(fields)),
    };
  }

  private addMethods(userPool: IUserPool, handler: IFunction, hasCors: boolean): void {
    // One permission for the API: those of each method would fill the policy of the function.
    const integration = new LambdaIntegration(handler, { scopePermissionToMethod: false });
    const authorizer = new CognitoUserPoolsAuthorizer(this, 'Authorizer', { cognitoUserPools: [userPool] });
    const requestValidator = this.api.addRequestValidator('ValidateRequest', {
      validateRequestBody: true,
      validateRequestParameters: true,
    });
    const optionsFor = (...accesses: Access[]): MethodOptions => ({
      authorizationType: AuthorizationType.COGNITO,
      authorizer,
      // Without a scope ID tokens pass too.
      authorizationScopes: [userScope, ...accesses.map(machineScope)],
      apiKeyRequired: true,
    });
    const add = (resource: IResource, method: string, access: Access, options: MethodOptions = {}): void => {
      resource.addMethod(method, integration, { ...optionsFor(access), ...options });
    };
    const bodyOf = (contentType: string, name: string, schema: z.core.$ZodType): MethodOptions => ({
      requestValidator,
      requestModels: { [contentType]: this.api.addModel(name, { contentType, schema: modelOf(schema) }) },
    });
    const { root } = this.api;
    const documents = root.addResource('documents');
    const document = documents.addResource('{id}');
    add(documents, 'GET', 'read');
    add(documents, 'POST', 'write', bodyOf('application/json', 'NewDocument', newDocumentSchema));
    add(document, 'GET', 'read');
    const patch = bodyOf('application/merge-patch+json', 'DocumentPatch', documentPatchSchema);
    add(document, 'PATCH', 'write', patch);
    add(document, 'DELETE', 'write');
    // All other requests get their 404 or 405 from the handler; the gateway would answer 403.
    for (const resource of [root, documents, document, root.addResource('{proxy+}')]) {
      resource.addMethod('ANY', integration, optionsFor('read', 'write'));
    }
    if (hasCors) for (const resource of [documents, document]) addPreflight(resource, integration);
  }

  /** Key and plan of the first client. Rates and quotas of plans are best effort; the key authorizes nobody. */
  private addUsagePlan({ usagePlan }: RestApiSettings): ApiKey {
    const plan = this.api.addUsagePlan('UsagePlan', {
      throttle: { rateLimit: usagePlan.requestsPerSecond, burstLimit: usagePlan.burst },
      quota: { limit: usagePlan.requestsPerDay, period: Period.DAY },
      // The cast: exactOptionalPropertyTypes finds RestApi's optional members unlike IRestApi's.
      apiStages: [{ api: this.api as IRestApi, stage: this.api.deploymentStage }],
    });
    const key = this.api.addApiKey('ApiKey') as ApiKey;
    plan.addApiKey(key);
    return key;
  }
}

/** Method that a browser asks before a request: it carries neither a token nor a key, and answers with headers alone. */
function addPreflight(resource: IResource, integration: LambdaIntegration): void {
  const method = resource.addMethod('OPTIONS', integration, { authorizationType: AuthorizationType.NONE });
  const reason = 'Browsers send no credentials with the question before a request; its answer has no data.';
  Validations.of(method).acknowledge(
    { id: 'AwsSolutions::AwsSolutions-APIG4', reason },
    { id: 'AwsSolutions::AwsSolutions-COG4', reason },
  );
}

/** Model of the gateway, which knows JSON Schema draft 4 alone. */
function modelOf(schema: z.core.$ZodType): JsonSchema {
  return z.toJSONSchema(schema, { target: 'draft-4', io: 'input' }) as JsonSchema;
}

function acknowledgeFindings(api: RestApi, { accessLogs }: RestApiSettings): void {
  const noAccessLogs =
    'Access logs need a role that is one for the whole account and region; the handler logs each request.';
  const noExecutionLogs = 'Execution logs hold tokens and bodies of callers, and need the role of the whole account.';
  if (!accessLogs) {
    Validations.of(api).acknowledge(
      { id: 'AwsSolutions::AwsSolutions-APIG1', reason: noAccessLogs },
      { id: 'Serverless::Serverless-APIGWAccessLogging', reason: noAccessLogs },
    );
  }
  Validations.of(api).acknowledge(
    {
      id: 'AwsSolutions::AwsSolutions-APIG3',
      reason: 'A web ACL costs 5 dollars a month and decides by what the users are: it is not on by default.',
    },
    { id: 'AwsSolutions::AwsSolutions-APIG6', reason: noExecutionLogs },
    { id: 'cdk-validator-cfnguard::api_gw_v1_execution_logging_enabled_check', reason: noExecutionLogs },
    {
      id: 'cdk-validator-cfnguard::lambda_function_public_access_prohibited_check',
      reason: 'The rule wants the source as a literal; here it is the API, whose id a deployment gives.',
    },
  );
}
