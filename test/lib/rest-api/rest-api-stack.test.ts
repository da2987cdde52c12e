import { Match } from 'aws-cdk-lib/assertions';
import { synthesize } from '../../synthesis';
import { templatesChangeOnlyOnPurpose } from '../../template-snapshots';

const template = synthesize().template('RestApi');

interface Method {
  readonly HttpMethod: string;
  readonly AuthorizationType: string;
  readonly AuthorizationScopes?: readonly string[];
  readonly ApiKeyRequired?: boolean;
  readonly RequestModels?: Readonly<Record<string, { readonly Ref: string }>>;
  readonly RequestValidatorId?: unknown;
}

const methods = Object.values(template.findResources('AWS::ApiGateway::Method')).map(
  ({ Properties }) => Properties as Method,
);

/** Returns the logical id of the only resource of a type whose id starts with `start`. */
function idOf(type: string, start: string): string {
  const ids = Object.keys(template.findResources(type)).filter((id) => id.startsWith(start));
  expect(ids).toHaveLength(1);
  return ids[0]!;
}

it('every method wants an access token with a scope, and an API key', () => {
  expect(methods).toHaveLength(9);
  for (const { AuthorizationType, AuthorizationScopes = [], ApiKeyRequired } of methods) {
    expect(AuthorizationType).toBe('COGNITO_USER_POOLS');
    expect(AuthorizationScopes.length).toBeGreaterThan(0);
    expect(ApiKeyRequired).toBe(true);
  }
});

it('machine clients read with one scope and write with another', () => {
  const scopes = methods.map(({ HttpMethod, AuthorizationScopes = [] }) => [
    HttpMethod,
    AuthorizationScopes.filter((scope) => scope.startsWith('documents/')),
  ]);
  expect(Object.fromEntries(scopes)).toEqual({
    GET: ['documents/read'],
    POST: ['documents/write'],
    PATCH: ['documents/write'],
    DELETE: ['documents/write'],
    ANY: ['documents/read', 'documents/write'],
  });
});

it('the gateway validates bodies by models of JSON Schema draft 4', () => {
  const validated = methods.filter(({ RequestValidatorId }) => RequestValidatorId !== undefined);
  expect(validated.map(({ HttpMethod, RequestModels = {} }) => [HttpMethod, Object.keys(RequestModels)])).toEqual([
    ['PATCH', ['application/merge-patch+json']],
    ['POST', ['application/json']],
  ]);
  template.allResourcesProperties('AWS::ApiGateway::Model', {
    Schema: { $schema: 'http://json-schema.org/draft-04/schema#', type: 'object', additionalProperties: false },
  });
});

it('every answer of the gateway is a problem with its own status and the id of the request', () => {
  const responses = Object.values(template.findResources('AWS::ApiGateway::GatewayResponse')) as {
    Properties: { ResponseType: string; StatusCode?: string; ResponseTemplates: Record<string, string> };
  }[];
  expect(responses).toHaveLength(21);
  for (const { Properties } of responses) {
    // A status of a default answer would replace those of all others.
    expect(Properties.StatusCode === undefined).toBe(Properties.ResponseType.startsWith('DEFAULT'));
    const text = Properties.ResponseTemplates['application/json']!.replace(/\$context\.error\.messageString/, '"m"');
    const problem = JSON.parse(text) as Record<string, unknown>;
    expect(problem).toMatchObject({ type: 'about:blank', title: expect.any(String), detail: expect.any(String) });
    expect(problem['status']).toBe(Properties.StatusCode && Number(Properties.StatusCode));
    expect(problem['requestId']).toBe('$context.requestId');
  }
});

it('a change of a method or of an answer makes a new deployment of the API', () => {
  const [id] = Object.keys(template.findResources('AWS::ApiGateway::Deployment'));
  const dependencies = Object.values(template.findResources('AWS::ApiGateway::Deployment'))[0] as {
    DependsOn: string[];
  };
  const parts = ['AWS::ApiGateway::Method', 'AWS::ApiGateway::GatewayResponse', 'AWS::ApiGateway::Model'];
  const ids = parts.flatMap((type) => Object.keys(template.findResources(type)));
  expect(id).toMatch(/Deployment[0-9A-F]{8}[0-9a-f]{32}$/);
  expect(dependencies.DependsOn).toEqual(expect.arrayContaining(ids));
});

it('only the API and S3 of this account may invoke the functions', () => {
  template.resourceCountIs('AWS::Lambda::Permission', 2);
  template.hasResourceProperties('AWS::Lambda::Permission', {
    FunctionName: { 'Fn::GetAtt': [idOf('AWS::Lambda::Function', 'ServeDocuments'), 'Arn'] },
    Principal: 'apigateway.amazonaws.com',
    SourceArn: Match.anyValue(),
  });
  template.hasResourceProperties('AWS::Lambda::Permission', {
    FunctionName: { 'Fn::GetAtt': [idOf('AWS::Lambda::Function', 'RecordUpload'), 'Arn'] },
    Principal: 's3.amazonaws.com',
    SourceAccount: { Ref: 'AWS::AccountId' },
  });
});

it('users are added by an administrator and sign in without sending the password', () => {
  template.hasResourceProperties('AWS::Cognito::UserPool', {
    AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
  });
  template.hasResourceProperties('AWS::Cognito::UserPoolClient', {
    AllowedOAuthFlowsUserPoolClient: false,
    ExplicitAuthFlows: ['ALLOW_ADMIN_USER_PASSWORD_AUTH', 'ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
    PreventUserExistenceErrors: 'ENABLED',
  });
});

it('an upload that fails is tried three times within an hour and then set aside', () => {
  template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
    MaximumRetryAttempts: 2,
    MaximumEventAgeInSeconds: 3_600,
    DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': [idOf('AWS::SQS::Queue', 'Failures'), 'Arn'] } } },
  });
});

it('each function has exactly the permissions that it uses', () => {
  const policies = Object.values(template.findResources('AWS::IAM::Policy')) as {
    Properties: {
      Roles: { Ref: string }[];
      PolicyDocument: { Statement: { Action: string | string[]; Resource: unknown; Effect: string }[] };
    };
  }[];
  const granted = policies.flatMap(({ Properties: { Roles, PolicyDocument } }) =>
    PolicyDocument.Statement.map(({ Effect, Action, Resource }) => {
      const on = [
        ...JSON.stringify(Resource).matchAll(/"Fn::GetAtt":\["(\w+?)[0-9A-F]{8}"|"Ref":"(\w+?)[0-9A-F]{8}"/g),
      ];
      const role = Roles[0]!.Ref.replace(/Role\w+$/, '');
      const actions = [Action].flat().sort().join(' ');
      return `${Effect} ${role} ${actions} on ${on.map(([, one, other]) => one ?? other).join(' ') || String(Resource)}`;
    }),
  );
  expect(granted.sort()).toEqual([
    'Allow RecordUpload dynamodb:UpdateItem on StoreDocuments',
    'Allow RecordUpload logs:CreateLogStream logs:PutLogEvents on RecordUploadLogs',
    'Allow RecordUpload s3:DeleteObject on StoreUploads',
    'Allow RecordUpload sqs:SendMessage on Failures',
    'Allow RecordUpload xray:PutTelemetryRecords xray:PutTraceSegments on *',
    'Allow ServeDocuments dynamodb:DeleteItem dynamodb:GetItem dynamodb:PutItem dynamodb:Query dynamodb:UpdateItem on StoreDocuments',
    'Allow ServeDocuments dynamodb:PutItem on StoreIdempotencyKeys',
    'Allow ServeDocuments logs:CreateLogStream logs:PutLogEvents on ServeDocumentsLogs',
    'Allow ServeDocuments s3:DeleteObject s3:GetObject s3:PutObject on StoreUploads',
    'Allow ServeDocuments secretsmanager:GetSecretValue on StoreCursorKey',
    'Allow ServeDocuments ssm:GetParameter on Writes',
    'Allow ServeDocuments xray:PutTelemetryRecords xray:PutTraceSegments on *',
  ]);
});

it('writes are accepted until an operator pauses them, by one of two values and without a deployment', () => {
  template.hasResourceProperties('AWS::SSM::Parameter', {
    ...{ Type: 'String', Value: 'accepted', AllowedPattern: '^(accepted|paused)$' },
    Name: '/RestApi/writes',
  });
  template.hasResourceProperties('AWS::Lambda::Function', {
    Environment: {
      Variables: Match.objectLike({ WRITES_PARAMETER_NAME: { Ref: idOf('AWS::SSM::Parameter', 'Writes') } }),
    },
  });
});

it('rates, quota, memory and timeout are those of the settings', () => {
  const settings = {
    'rest-api': {
      ...{ requestsPerSecond: 500, burst: 700, memoryMegabytes: 512, timeoutSeconds: 5 },
      usagePlan: { requestsPerSecond: 7, burst: 9, requestsPerDay: 1_000 },
    },
  };
  const other = synthesize(settings).template('RestApi');
  other.hasResourceProperties('AWS::Lambda::Function', { MemorySize: 512, Timeout: 5 });
  other.hasResourceProperties('AWS::ApiGateway::UsagePlan', {
    Throttle: { RateLimit: 7, BurstLimit: 9 },
    Quota: { Limit: 1_000, Period: 'DAY' },
  });
  other.hasResourceProperties('AWS::ApiGateway::Stage', {
    TracingEnabled: true,
    MethodSettings: [Match.objectLike({ ThrottlingRateLimit: 500, ThrottlingBurstLimit: 700 })],
  });
});

it('pages of configured origins may use the API, its refusals and the bucket; by default none may', () => {
  const corsOrigins = ['https://app.example.com', 'http://localhost:5173'];
  const other = synthesize({ 'rest-api': { corsOrigins } }).template('RestApi');
  other.resourcePropertiesCountIs('AWS::ApiGateway::Method', { HttpMethod: 'OPTIONS', AuthorizationType: 'NONE' }, 2);
  other.allResourcesProperties('AWS::ApiGateway::GatewayResponse', {
    ResponseParameters: Match.objectLike({
      'gatewayresponse.header.Access-Control-Allow-Origin': 'method.request.header.Origin',
    }),
  });
  other.hasResourceProperties('AWS::S3::Bucket', {
    CorsConfiguration: {
      CorsRules: [Match.objectLike({ AllowedOrigins: corsOrigins, AllowedHeaders: ['content-type', 'if-none-match'] })],
    },
  });
  expect(JSON.stringify(template.toJSON())).not.toMatch(/Access-Control|CorsConfiguration|"OPTIONS"/);
});

it('access logs have each request and its refusal, and nothing that tells who the caller is', () => {
  const other = synthesize({ 'rest-api': { accessLogs: true } }).template('RestApi');
  const stage = Object.values(other.findResources('AWS::ApiGateway::Stage'))[0] as {
    Properties: { AccessLogSetting: { Format: string; DestinationArn: unknown } };
  };
  const { Format, DestinationArn } = stage.Properties.AccessLogSetting;
  expect(JSON.stringify(DestinationArn)).toMatch(/GatewayAccessLogs/);
  const values = Object.values(JSON.parse(Format) as Record<string, string>).sort();
  expect(values.map((value) => value.replace('$context.', ''))).toEqual([
    'error.responseType',
    'httpMethod',
    'requestId',
    'requestTimeEpoch',
    'resourcePath',
    'responseLatency',
    'status',
  ]);
  expect(JSON.stringify(template.toJSON())).not.toContain('AccessLogSetting');
});

it('initialized environments follow use and schedules, behind the alias that the gateway invokes', () => {
  const schedules = [{ cron: '0 7 ? * MON-FRI *', minimum: 10, maximum: 50 }];
  const provisionedConcurrency = { minimum: 2, maximum: 20, schedules };
  const other = synthesize({ 'rest-api': { provisionedConcurrency } }).template('RestApi');
  const [alias] = Object.keys(other.findResources('AWS::Lambda::Alias'));
  other.hasResourceProperties('AWS::Lambda::Alias', {
    Name: 'live',
    ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 2 },
  });
  other.hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', {
    ...{ MinCapacity: 2, MaxCapacity: 20, ScalableDimension: 'lambda:function:ProvisionedConcurrency' },
    ScheduledActions: [
      Match.objectLike({
        Schedule: 'cron(0 7 ? * MON-FRI *)',
        ScalableTargetAction: { MinCapacity: 10, MaxCapacity: 50 },
      }),
    ],
  });
  other.hasResourceProperties('AWS::ApplicationAutoScaling::ScalingPolicy', {
    TargetTrackingScalingPolicyConfiguration: {
      TargetValue: 0.7,
      PredefinedMetricSpecification: { PredefinedMetricType: 'LambdaProvisionedConcurrencyUtilization' },
    },
  });
  for (const { Properties } of Object.values(other.findResources('AWS::ApiGateway::Method'))) {
    expect(JSON.stringify((Properties as { Integration: unknown }).Integration)).toContain(`"Ref":"${alias}"`);
  }
});

it('a new version gets a tenth of the requests, and is taken back on an alarm of the API', () => {
  const other = synthesize({ 'rest-api': { canary: true } }).template('RestApi');
  const alarms = Object.keys(other.findResources('AWS::CloudWatch::Alarm')).filter((id) =>
    id.startsWith('ApiAlarmsServerErrors'),
  );
  other.hasResourceProperties('AWS::CodeDeploy::DeploymentGroup', {
    DeploymentConfigName: 'CodeDeployDefault.LambdaCanary10Percent10Minutes',
    AlarmConfiguration: { Enabled: true, Alarms: alarms.map((id) => ({ Name: { Ref: id } })) },
    AutoRollbackConfiguration: { Enabled: true },
  });
  other.hasResource('AWS::Lambda::Alias', { UpdatePolicy: { CodeDeployLambdaAliasUpdate: Match.anyValue() } });
  expect(JSON.stringify(other.findResources('AWS::IAM::Role'))).not.toContain('AWSCodeDeployRole');
  const ofLambda = ['lambda:GetAlias', 'lambda:UpdateAlias', 'lambda:GetProvisionedConcurrencyConfig'];
  const [role] = Object.keys(other.findResources('AWS::IAM::Role')).filter((id) => id.includes('DeploymentRole'));
  other.hasResourceProperties('AWS::IAM::Policy', {
    Roles: [{ Ref: role }],
    PolicyDocument: {
      Statement: [
        Match.objectLike({ Action: ofLambda.slice(0, 2) }),
        Match.objectLike({ Action: ofLambda[2] }),
        Match.objectLike({ Action: 'cloudwatch:DescribeAlarms' }),
      ],
    },
  });
});

it('a machine client has a secret, its scopes and no other way to a token, and the function knows it', () => {
  const machineClients = [{ name: 'nightly-report', access: ['read'] }];
  const other = synthesize({ 'rest-api': { machineClients } }).template('RestApi');
  const [id] = Object.keys(other.findResources('AWS::Cognito::UserPoolClient')).filter((one) =>
    one.includes('nightly'),
  );
  other.hasResourceProperties('AWS::Cognito::UserPoolClient', {
    ...{ GenerateSecret: true, AllowedOAuthFlows: ['client_credentials'] },
    AllowedOAuthScopes: [{ 'Fn::Join': ['', [Match.anyValue(), '/read']] }],
    ExplicitAuthFlows: Match.absent(),
  });
  other.hasResourceProperties('AWS::Lambda::Function', {
    Environment: { Variables: { USER_POOL_CLIENT_IDS: { 'Fn::Join': ['', [Match.anyValue(), ',', { Ref: id }]] } } },
  });
  template.resourceCountIs('AWS::Cognito::UserPoolDomain', 0);
});

it('a web ACL filters the stage and keeps no samples of requests', () => {
  const other = synthesize({ 'rest-api': { webAcl: true } }).template('RestApi');
  other.resourceCountIs('AWS::WAFv2::WebACLAssociation', 1);
  other.hasResourceProperties('AWS::WAFv2::WebACL', {
    ...{ Scope: 'REGIONAL', DefaultAction: { Allow: {} } },
    VisibilityConfig: { SampledRequestsEnabled: false },
    Rules: Match.arrayWith([Match.objectLike({ Name: 'AWSManagedRulesCommonRuleSet', OverrideAction: { None: {} } })]),
  });
});

templatesChangeOnlyOnPurpose('RestApi', [{ stage: 'prod' }]);
