import type { Settings } from '../../scenarios/shared/scenario';
import { hoursAMonth } from '../costs/fixed-costs';
import { dollars } from '../costs/format';
import { priceTable } from '../costs/price-table';
import type { Template } from '../template/template';
import type { Account } from './account';

/** Least concurrency with which no proof is throttled by the account. */
const ampleConcurrency = 100;

const byType: Readonly<Record<string, string>> = {
  'AWS::RDS::DBInstance':
    'A database and its proxy take about 20 minutes to create and 10 to delete, and are billed by the hour.',
  'AWS::EC2::VPC':
    'It makes a VPC of its own (an account has five a region by default) and needs no default VPC. Lambda gives back its network interfaces up to 20 minutes after a function is deleted: deletion waits for that.',
  'AWS::SES::EmailIdentity':
    'In the sandbox of a new account, SES sends only between verified addresses: confirm the mails that it sends to both first.',
  'AWS::StepFunctions::StateMachine':
    'Executions are billed by the transition; failed tries wait as long as in production, so proofs take longer than locally.',
};

export interface Deployment {
  readonly account: Pick<Account, 'account' | 'region' | 'caller'>;
  readonly stack: string;
  /** Status of the stack; undefined where it is not deployed. */
  readonly status: string | undefined;
  readonly template: Template;
  readonly settings: Settings;
}

export interface Circumstances {
  /** Functions that the account runs at a time; undefined where it is not known. */
  readonly concurrency: number | undefined;
  /** Number of proofs that need fault injection. */
  readonly leftOut: number;
  readonly variants: readonly string[];
  readonly keep: boolean;
  /** Fixed cost in dollars. */
  readonly month: number;
}

/** Lines about where and what is deployed, what it costs, and what a first run meets. */
export function announcement(deployment: Deployment, circumstances: Circumstances): string[] {
  const { account, stack, status, template, settings } = deployment;
  const set = Object.entries(settings).map(([key, value]) => `${key} ${JSON.stringify(value)}`);
  const count = Object.keys(template.Resources).length;
  const cost = dollars(circumstances.month / hoursAMonth);
  return [
    `account ${account.account} in ${account.region}, as ${account.caller}`,
    status === undefined ? `deploys ${stack}: ${count} resources` : `${stack} is deployed (${status}): goes on with it`,
    ...(set.length === 0 ? [] : [`with the settings of its proofs: ${set.join(', ')}`]),
    `costs ${cost} an hour while it is deployed, and cents for the checks (list prices of ${priceTable.region})`,
    ...notices(template, circumstances),
    circumstances.keep ? 'the stack stays deployed' : 'at the end the stack is destroyed with all its data',
  ];
}

function notices({ Resources }: Template, { concurrency, leftOut, variants }: Circumstances): string[] {
  const types = new Set(Object.values(Resources).map(({ Type }) => Type));
  const all = Object.entries(byType).flatMap(([type, notice]) => (types.has(type) ? [notice] : []));
  if (concurrency !== undefined && concurrency < ampleConcurrency) {
    all.unshift(
      `Functions of this account run ${concurrency} at a time in all: proofs with more work than that are throttled, take longer and may fail. A new account has 10; ask Service Quotas for more (L-B99A9384).`,
    );
  }
  if (leftOut > 0) all.push(`${leftOut} proofs are left out: they inject faults, which only a local run can.`);
  if (variants.length > 0) {
    all.push(`The proofs of ${variants.join(', ')} need a stack with other settings and are left out.`);
  }
  return all;
}
