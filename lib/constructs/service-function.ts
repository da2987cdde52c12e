import { Stack, Validations, type Duration } from 'aws-cdk-lib';
import { MathExpression, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  Code,
  Function,
  Handler,
  LoggingFormat,
  Runtime,
  Tracing,
  type CfnFunction,
  type FunctionProps,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { expectedErrorsMetric, functionDimension } from '../../lambda/shared/metric-names';
import { handlerFolder } from '../bundling/bundle-handlers';
import type { Config } from '../config';
import { alarmPeriod, RunbookAlarm } from './runbook-alarm';
import { dataRemovalPolicy } from './data-removal-policy';
import { environmentBytes, maximumEnvironmentBytes } from './environment-size';
import { metricEnvironment, serviceMetric } from './service-metric';

export interface ServiceFunctionProps extends Omit<
  FunctionProps,
  'code' | 'handler' | 'runtime' | 'role' | 'logGroup' | 'timeout' | 'memorySize' | 'description' | 'snapStart'
> {
  readonly config: Config;
  readonly topic: ITopic;
  /** Handler file in `lambda/`, without extension: `image-resize/resize-image`. */
  readonly handlerFile: string;
  readonly description: string;
  readonly timeout: Duration;
  /** Megabytes. At 1,769 a function has one full virtual processor. */
  readonly memorySize: number;
  /**
   * Image with the handler. Its repository is that of CDK's bootstrap, from which Lambda may pull.
   *
   * @default a zip of the bundle
   */
  readonly image?: Code;
  /**
   * Start of its alarms' headings in the runbook, for functions that share them.
   *
   * @default the construct id in lower case
   */
  readonly runbook?: string;
  /**
   * Errors in five minutes that raise the alarm.
   *
   * @default 3: a failure and its two asynchronous retries; below that, an error that a retry cleared would alarm
   */
  readonly errorThreshold?: number;
  /**
   * Errors that the handler counts by `countExpectedErrors` and that its alarm leaves out, such as `malformed requests`.
   *
   * @default none
   */
  readonly expectedErrors?: string;
}

/** Share of the timeout at which a slow function raises its alarm, before the first invocation times out. */
const nearTimeout = 0.8;

/**
 * Function on the newest Node.js runtime with its own role, log group and alarms.
 *
 * JSON logs with the stage's retention, traces to X-Ray, source maps on. Its alarms' headings in the runbook are
 * the construct id in lower case, or what `runbook` says, and `-errors`, `-throttles`, `-slow`.
 */
export class ServiceFunction extends Construct {
  readonly role: Role;
  readonly function: Function;

  constructor(scope: Construct, id: string, props: ServiceFunctionProps) {
    super(scope, id);
    const { config, handlerFile, image, environment, ...others } = props;
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `What ${id} may do, and nothing else`,
    });
    const logGroup = new LogGroup(this, 'Logs', {
      retention: config.logRetention,
      removalPolicy: dataRemovalPolicy(config),
    });
    // CDK grants traces to a role that it did not make, but not logs.
    logGroup.grants.write(this.role);
    this.function = new Function(this, 'Function', {
      ...(image === undefined
        ? {
            runtime: Runtime.NODEJS_24_X,
            code: Code.fromAsset(handlerFolder(config.handlersFolder, handlerFile)),
            handler: 'index.handler',
          }
        : { runtime: Runtime.FROM_IMAGE, code: image, handler: Handler.FROM_IMAGE }),
      architecture: config.architecture === 'arm64' ? Architecture.ARM_64 : Architecture.X86_64,
      tracing: Tracing.ACTIVE,
      loggingFormat: LoggingFormat.JSON,
      role: this.role,
      logGroup,
      environment: { ...metricEnvironment(this), ...environment },
      ...others,
    });
    this.node.addValidation({ validate: () => [...this.credentialErrors(), ...this.environmentErrors()] });
    this.addAlarms(id, props);
    Validations.of(this.role).acknowledge({
      id: 'AwsSolutions::AwsSolutions-IAM5[Resource::*]',
      reason: 'X-Ray has no resources: xray:PutTraceSegments takes only *.',
    });
    if (others.onFailure !== undefined) {
      Validations.of(this.function).acknowledge({
        id: 'Serverless::Serverless-LambdaDLQ',
        reason: 'Its failures go to an on-failure destination, which receives the error beside the event.',
      });
    }
  }

  /** Allows the function exactly these actions on exactly these resources. */
  allow(actions: string[], ...resources: string[]): void {
    this.role.addToPolicy(new PolicyStatement({ actions, resources }));
  }

  /** Bundles read the role's credentials from the environment alone (docs/adr/0017-credentials-from-the-environment.md). */
  private credentialErrors(): string[] {
    const { snapStart, capacityProviderConfig } = this.function.node.defaultChild as CfnFunction;
    const elsewhere = { SnapStart: snapStart, 'a capacity provider': capacityProviderConfig };
    return Object.entries(elsewhere)
      .filter(([, configured]) => configured !== undefined)
      .map(([what]) => `has ${what}, where credentials may not be in the environment: leave it out (docs/adr/0017)`);
  }

  private environmentErrors(): string[] {
    const { environment } = this.function.node.defaultChild as CfnFunction;
    const { variables = {} } = Stack.of(this).resolve(environment ?? {}) as { variables?: Record<string, unknown> };
    const bytes = environmentBytes(variables);
    if (bytes <= maximumEnvironmentBytes) return [];
    const sizes = Object.entries(variables).map(([name, value]) => ({
      name,
      size: environmentBytes({ [name]: value }),
    }));
    const { name, size } = sizes.reduce((one, other) => (other.size > one.size ? other : one));
    return [
      `has ${bytes} bytes of environment, and Lambda accepts ${maximumEnvironmentBytes}: shorten the settings, first ${name} (${size} bytes)`,
    ];
  }

  private addAlarms(name: string, props: ServiceFunctionProps): void {
    const { topic, timeout, runbook = name.toLowerCase(), errorThreshold = 3, expectedErrors } = props;
    const times = errorThreshold === 3 ? 'three' : errorThreshold;
    const often = errorThreshold === 1 ? '' : ` ${times} times or more in five minutes`;
    new RunbookAlarm(this, 'Errors', {
      topic,
      runbook: `${runbook}-errors`,
      meaning: `${name} failed${often}${expectedErrors === undefined ? '' : `; ${expectedErrors} do not count`}.`,
      metric:
        expectedErrors === undefined ? this.function.metricErrors({ period: alarmPeriod }) : this.unexpectedErrors(),
      threshold: errorThreshold,
      evaluationPeriods: 1,
    });
    new RunbookAlarm(this, 'Throttles', {
      topic,
      runbook: `${runbook}-throttles`,
      meaning: `Invocations of ${name} are turned away: the concurrency of the account or of the function is used up.`,
      metric: this.function.metricThrottles({ period: alarmPeriod }),
      threshold: 1,
      evaluationPeriods: 1,
    });
    new RunbookAlarm(this, 'Slow', {
      topic,
      runbook: `${runbook}-slow`,
      meaning: `${name} takes more than ${nearTimeout * 100} % of its timeout of ${timeout.toSeconds()} s (p99).`,
      metric: this.function.metricDuration({ period: alarmPeriod, statistic: 'p99' }),
      threshold: timeout.toMilliseconds() * nearTimeout,
      evaluationPeriods: 1,
    });
  }

  private unexpectedErrors(): IMetric {
    return new MathExpression({
      expression: 'errors - FILL(expected, 0)',
      label: `Errors - ${expectedErrorsMetric}`,
      usingMetrics: {
        errors: this.function.metricErrors({ period: alarmPeriod }),
        expected: serviceMetric(this, expectedErrorsMetric, {
          dimensionsMap: { [functionDimension]: this.function.functionName },
          statistic: 'Sum',
          period: alarmPeriod,
        }),
      },
      period: alarmPeriod,
    });
  }
}
