import { Duration, Stack, Validations } from 'aws-cdk-lib';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { Config } from '../config';
import { allowEmail } from '../constructs/allow-email';
import type { MessageTopic } from '../constructs/message-topic';
import { ServiceFunction, type ServiceFunctionProps } from '../constructs/service-function';
import type { ApprovalTables } from './approval-tables';
import type { ApprovalWorkflowSettings } from './approval-workflow-settings';

export interface ApprovalFunctionsProps {
  readonly config: Config;
  readonly settings: ApprovalWorkflowSettings;
  readonly topic: ITopic;
  readonly tables: ApprovalTables;
  readonly notices: MessageTopic;
  readonly policy: StringParameter;
}

/** Start of the headings that the alarms of all functions share in the runbook. */
export const functionRunbook = 'function';

type Options = Pick<ServiceFunctionProps, 'description'> & Partial<ServiceFunctionProps>;

/** Makes functions that change requests: tables and policy are known to each, permissions are added as they need them. */
export class ApprovalFunctions {
  constructor(
    private readonly stack: Stack,
    private readonly props: ApprovalFunctionsProps,
  ) {}

  /** Makes a function in the stack's own scope, so that its name begins with the construct id. */
  make(id: string, handler: string, { environment: more, ...options }: Options): ServiceFunction {
    const { config, topic, tables } = this.props;
    const made = new ServiceFunction(this.stack, id, {
      config,
      topic,
      handlerFile: `approval-workflow/${handler}`,
      timeout: Duration.seconds(30),
      memorySize: 512,
      runbook: functionRunbook,
      environment: {
        REQUESTS_TABLE_NAME: tables.requests.tableName,
        AUDIT_TABLE_NAME: tables.audit.tableName,
        LIMITS_TABLE_NAME: tables.limits.tableName,
        ...more,
      },
      ...options,
    });
    made.allow(['dynamodb:GetItem', 'dynamodb:PutItem'], tables.requests.tableArn);
    made.allow(['dynamodb:PutItem'], tables.audit.tableArn);
    return made;
  }

  /** Makes a function whose caller receives every error: the state machine, the page, or a person. */
  makeStep(id: string, handler: string, options: Options): ServiceFunction {
    const made = this.make(id, handler, options);
    Validations.of(made.function).acknowledge({
      id: 'Serverless::Serverless-LambdaDLQ',
      reason: 'It is never invoked asynchronously: the state machine, the page or the caller receives every error.',
    });
    return made;
  }

  /** Variables and permission of functions that read the policy. */
  readPolicy(by: ServiceFunction): void {
    const { policy } = this.props;
    by.function.addEnvironment('POLICY_PARAMETER_NAME', policy.parameterName);
    by.allow(['ssm:GetParameter'], policy.parameterArn);
  }

  /** Variables and permissions of functions that send mail. They find addresses in the policy. */
  sendNotices(by: ServiceFunction): void {
    const { notices, settings } = this.props;
    this.readPolicy(by);
    by.function.addEnvironment('NOTICES_TOPIC_ARN', notices.topic.topicArn);
    const { senderEmail } = settings;
    if (senderEmail === undefined) {
      notices.allowPublishing(by);
      return;
    }
    by.function.addEnvironment('SENDER_EMAIL', senderEmail);
    allowEmail(by, senderEmail, 'people of the policy');
  }
}
