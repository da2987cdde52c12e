/**
 * The gates that every template passes before anyone deploys it, over all architectures and stages, as they come and with
 * their optional settings on, offline: cdk-nag's AwsSolutions and Serverless packs, CloudFormation's own
 * validation, and Control Tower's guard rules.
 *
 * A finding is acknowledged where it arises, with its reason; any other makes this exit with 1.
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
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseOptions, runCommand, UsageError } from '../operations/command-line/command';
import type { Stage } from '../lib/config';
import type { Settings } from '../scenarios/shared/scenario';
import { optionalFeatures } from './optional-features';
import { stages, synthesize } from './synthesis';

/** Control Tower rules that a serverless account of this kind decides against as a whole. */
const decidedAgainst: { readonly rule: string; readonly stages: readonly Stage[]; readonly reason: string }[] = [
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

/** Control Tower's rules on resources that the app has: each rule takes its time, and nine in ten are on others. */
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

/** The findings of one stage with some settings, one line each. */
function findings(stage: Stage, settings: Readonly<Record<string, Settings>>): string[] {
  const { app } = synthesize({ stage, '@aws-cdk/core:validateAgainstDefaultRules': true, ...settings });
  for (const { rule, reason } of decidedAgainst.filter((one) => one.stages.includes(stage))) {
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

const help = `Holds every template against rules that others wrote, offline.

  npm run gates                               both stages, and the rules on CDK code
  npm run gates:sandbox, npm run gates:prod   one stage
  node --import tsx test/gates.ts [stage …]   some, one after the other; without one: each

  --help  this text

Exit code: 0 no finding, 1 findings, 2 wrong usage.`;

function chosenStages(): readonly Stage[] | 'help' {
  const { values, positionals } = parseOptions({ allowPositionals: true, options: { help: { type: 'boolean' } } });
  if (values.help) return 'help';
  const unknown = positionals.find((name) => !stages.some((stage) => stage === name));
  if (unknown !== undefined) throw new UsageError(`no stage '${unknown}': use ${stages.join(' or ')}`);
  return positionals.length === 0 ? stages : stages.filter((stage) => positionals.includes(stage));
}

function main(): number {
  const chosen = chosenStages();
  if (chosen === 'help') {
    console.log(help);
    return 0;
  }
  const all = new Set(chosen.flatMap((stage) => [...findings(stage, {}), ...findings(stage, optionalFeatures)]));
  for (const finding of all) console.error(finding);
  console.log(
    `gates: ${all.size} unacknowledged findings in ${chosen.join(' and ')}, with and without optional settings`,
  );
  return all.size === 0 ? 0 : 1;
}

void runCommand(main);
