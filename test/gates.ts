/**
 * Gates that every template passes before it is deployed, for all architectures and stages, with and without optional settings,
 * offline: cdk-nag's AwsSolutions and Serverless packs, CloudFormation's validation, and Control Tower's guard rules.
 *
 * A finding is acknowledged in the code that causes it, with the reason; any other fails.
 */
import { CfnGuardValidator } from '@cdklabs/cdk-validator-cfnguard';
import {
  CfnResource,
  CloudFormationValidatePlugin,
  Validations,
  type App,
  type IPolicyValidationPlugin,
} from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import concurrently from 'concurrently';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseOptions, runCommand, UsageError } from '../operations/command-line/command';
import type { Stage } from '../lib/config';
import type { Settings } from '../scenarios/shared/scenario';
import { optionalFeatures } from './optional-features';
import { stages, synthesize } from './synthesis';

/** Gate for the CDK code itself. */
const code = 'code';

/** Control Tower rules that this app does not follow in any architecture. */
const declinedRules: { readonly rule: string; readonly stages: readonly Stage[]; readonly reason: string }[] = [
  {
    rule: 'lambda_inside_vpc_check',
    stages,
    reason:
      'A function belongs in a VPC when it reaches something there; otherwise the VPC adds endpoints and no safety.',
  },
  {
    rule: 's3_bucket_default_encryption_kms_check',
    stages,
    reason:
      'Buckets are encrypted with keys of S3; a customer key is for data whose readers differ from the bucket policy.',
  },
  {
    rule: 's3_bucket_object_lock_enabled_check',
    stages,
    reason: 'Object lock is for backups; elsewhere it would keep what its owner has deleted.',
  },
  {
    rule: 's3_event_notifications_enabled_check',
    stages,
    reason: 'A bucket notifies where something listens.',
  },
  {
    rule: 'cloudwatch_log_group_encrypted_check',
    stages,
    reason: 'CloudWatch encrypts every log group; logs hold allow-listed fields only.',
  },
  {
    rule: 'cloudwatch_log_group_retention_period_check',
    stages: ['sandbox'],
    reason: 'Sandbox logs are kept 30 days, prod logs 365.',
  },
  {
    rule: 'rds_instance_logging_enabled_check',
    stages,
    reason:
      "MySQL's general and audit logs would hold every statement with its values; its errors and slow ones are kept.",
  },
  {
    rule: 'kms_create_grant_aws_service_check',
    stages: ['prod'],
    reason: 'Only the account itself may make grants on its keys: services get their actions by name.',
  },
];

interface ReportedViolation {
  readonly ruleName: string;
  readonly description: string;
  readonly severity?: string;
  readonly violatingConstructs?: { readonly constructPath?: string }[];
}

/** Control Tower's rules for resource types that the app has. Nine in ten rules are for other types, and each takes its time. */
function guardRulesFor(app: App): string[] {
  const resources = app.node.findAll().filter((construct) => CfnResource.isCfnResource(construct));
  const types = new Set(resources.map(({ cfnResourceType }) => cfnResourceType));
  const folder = join(dirname(require.resolve('@cdklabs/cdk-validator-cfnguard/package.json')), 'rules/control-tower');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.guard'))
    .map((file) => join(folder, file))
    .filter((file) =>
      readFileSync(file, 'utf8')
        .match(/AWS::\w+::\w+/g)
        ?.some((type) => types.has(type)),
    );
}

/** Findings of one stage with the given settings, one line each. */
function findings(stage: Stage, settings: Readonly<Record<string, Settings>>): string[] {
  const { app } = synthesize({ stage, '@aws-cdk/core:validateAgainstDefaultRules': true, ...settings });
  for (const { rule, reason } of declinedRules.filter((one) => one.stages.includes(stage))) {
    Validations.of(app).acknowledge({ id: `cdk-validator-cfnguard::${rule}`, reason });
  }
  Validations.of(app).addPlugins(
    new AwsSolutionsChecks(app),
    new ServerlessChecks(app),
    // The cast: under exactOptionalPropertyTypes their optional `version` differs from the interface's.
    new CloudFormationValidatePlugin() as IPolicyValidationPlugin,
    new CfnGuardValidator({ controlTowerRulesEnabled: false, rules: guardRulesFor(app) }),
  );
  let thrown: unknown;
  try {
    app.synth();
  } catch (error) {
    thrown = error;
  }
  const report = JSON.parse(readFileSync(join(app.outdir, 'validation-report.json'), 'utf8')) as {
    pluginReports: { pluginName?: string; violations?: ReportedViolation[] }[];
  };
  const found = report.pluginReports.flatMap(({ violations = [] }) =>
    violations.map(({ ruleName, description, violatingConstructs = [] }) => {
      const where = violatingConstructs.map((one) => one.constructPath ?? '?').join(', ');
      return `${stage}: ${where}: ${ruleName}: ${description}`;
    }),
  );
  if (thrown !== undefined && found.length === 0) throw thrown as Error;
  return found;
}

const help = `Checks every template against rules written by others, and CDK code against those of eslint-plugin-awscdk, offline.

  npm run gates                    both stages and the code, two at a time
  npm run gates -- <gate> [gate]   only those: ${[...stages, code].join(', ')}
  --help                           this text

Exit code: 0 no finding, 1 findings, 2 wrong usage.`;

type Gate = Stage | typeof code;

function chosenGates(): readonly Gate[] | 'help' {
  const help = { type: 'boolean', short: 'h' } as const;
  const { values, positionals } = parseOptions({ allowPositionals: true, options: { help } });
  if (values.help) return 'help';
  const gates: readonly Gate[] = [...stages, code];
  const unknown = positionals.find((name) => !gates.some((gate) => gate === name));
  if (unknown !== undefined) throw new UsageError(`no gate '${unknown}': use one of ${gates.join(', ')}`);
  return positionals.length === 0 ? gates : gates.filter((gate) => positionals.includes(gate));
}

async function main(): Promise<number> {
  const chosen = chosenGates();
  if (chosen === 'help') {
    console.log(help);
    return 0;
  }
  const [only, ...others] = chosen;
  if (only !== undefined && only !== code && others.length === 0) return checkStage(only);
  return (await runEach(chosen)) ? 0 : 1;
}

function checkStage(stage: Stage): number {
  const all = new Set([...findings(stage, {}), ...findings(stage, optionalFeatures)]);
  for (const finding of all) console.error(finding);
  console.log(`gates: ${all.size} unacknowledged findings in ${stage}, with and without optional settings`);
  return all.size === 0 ? 0 : 1;
}

/** Runs each gate in a process of its own, two at a time; returns whether all passed. */
function runEach(gates: readonly Gate[]): Promise<boolean> {
  const commands = gates.map((gate) => ({
    name: gate,
    command: gate === code ? 'eslint bin lib' : `node --import tsx test/gates.ts ${gate}`,
  }));
  return concurrently(commands, { group: true, maxProcesses: 2, timings: true }).result.then(
    () => true,
    () => false,
  );
}

void runCommand(main);
