import type { Template } from '../template/template';

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

/** Sentences about what a first run in an account meets, before anything is deployed. */
export function noticesOf(
  { Resources }: Template,
  { concurrency, leftOut, variants }: { concurrency: number | undefined; leftOut: number; variants: readonly string[] },
): string[] {
  const types = new Set(Object.values(Resources).map(({ Type }) => Type));
  const notices = Object.entries(byType).flatMap(([type, notice]) => (types.has(type) ? [notice] : []));
  if (concurrency !== undefined && concurrency < ampleConcurrency) {
    notices.unshift(
      `Functions of this account run ${concurrency} at a time in all: proofs with more work than that are throttled, take longer and may fail. A new account has 10; ask Service Quotas for more (L-B99A9384).`,
    );
  }
  if (leftOut > 0) notices.push(`${leftOut} proofs are left out: they inject faults, which only a local run can.`);
  if (variants.length > 0) {
    notices.push(`The proofs of ${variants.join(', ')} need a stack with other settings and are left out.`);
  }
  return notices;
}
