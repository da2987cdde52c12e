import { Duration } from 'aws-cdk-lib';
import type { ServiceFunction } from '../constructs/service-function';
import type { ApprovalFunctions } from './approval-functions';
import type { ApprovalPage } from './approval-page';
import { decideTimeoutSeconds } from './approval-states';
import type { ApprovalTables } from './approval-tables';

export interface ApprovalStepsProps {
  readonly functions: ApprovalFunctions;
  readonly tables: ApprovalTables;
  readonly page: ApprovalPage;
}

export interface ApprovalSteps {
  readonly checkRequest: ServiceFunction;
  readonly askApproval: ServiceFunction;
  readonly decideRequest: ServiceFunction;
}

/** Adds the functions between a request and its decision: by the policy, and by people on their pages. */
export function addApprovalSteps({ functions, tables, page }: ApprovalStepsProps): ApprovalSteps {
  const checkRequest = functions.makeStep('CheckRequest', 'check-request', {
    description: 'Checks a request against the policy and its limits',
  });
  functions.readPolicy(checkRequest);
  checkRequest.allow(['dynamodb:UpdateItem'], tables.limits.tableArn);

  const links = { LINKS_TABLE_NAME: tables.links.tableName };
  const askApproval = functions.makeStep('AskApproval', 'ask-approval', {
    description: 'Mails approvers their links',
    environment: { ...links, PAGE_URL: page.url },
  });
  functions.sendNotices(askApproval);
  askApproval.allow(['dynamodb:PutItem'], tables.links.tableArn);

  const decideRequest = functions.makeStep('DecideRequest', 'decide-request', {
    description: "Serves an approver's page and takes the decision",
    timeout: Duration.seconds(decideTimeoutSeconds),
    environment: links,
  });
  decideRequest.allow(['dynamodb:GetItem'], tables.links.tableArn);
  page.serve(decideRequest.function);
  return { checkRequest, askApproval, decideRequest };
}
