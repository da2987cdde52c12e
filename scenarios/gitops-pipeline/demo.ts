/** Files of a small project of the proofs' own: it needs no packages, and its assembly has a stack for each environment. */
export interface Demo {
  /** Start of the names of its stacks. */
  readonly name: string;
  /** Value that the stacks publish. */
  readonly value: string;
  /** Value that the smoke test expects. @default the value */
  readonly expected?: string;
  readonly test?: string;
  /** Statement of a policy that its templates have. */
  readonly statement?: object;
  /** Another resource of its templates. */
  readonly resource?: object;
  /** More files; `while-building.mjs` is run by the build. */
  readonly more?: Readonly<Record<string, string>>;
}

/** More files of a commit, with what the scan finds. */
export const findable = { 'program.js': 'eval(process.argv[2]);\n' };

/**
 * https://docs.aws.amazon.com/cdk/v2/guide/deploy.html: an assembly is a manifest and templates. It is deployed by the roles that
 * the bootstrapping of the account has made, as assemblies of CDK are.
 */
const synthSource = `
import { mkdirSync, readFileSync, writeFileSync, copyFileSync, existsSync } from 'node:fs';
const { name, value, statement, resource } = JSON.parse(readFileSync('demo.json', 'utf8'));
const role = (what) => 'arn:aws:iam::\${AWS::AccountId}:role/cdk-hnb659fds-' + what + '-role-\${AWS::AccountId}-\${AWS::Region}';
mkdirSync('cdk.out', { recursive: true });
const artifacts = {};
for (const environment of ['staging', 'prod']) {
  const stack = name + '-' + environment;
  const template = {
    Resources: { Setting: { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Value: value } } },
    Outputs: { Value: { Value: { 'Fn::GetAtt': ['Setting', 'Value'] } } },
  };
  if (statement !== undefined) {
    const PolicyDocument = { Version: '2012-10-17', Statement: [statement] };
    template.Resources.Wide = { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument } };
  }
  if (resource !== undefined) template.Resources.More = resource;
  writeFileSync('cdk.out/' + stack + '.template.json', JSON.stringify(template));
  artifacts[stack] = {
    type: 'aws:cloudformation:stack',
    environment: 'aws://unknown-account/unknown-region',
    properties: {
      templateFile: stack + '.template.json',
      stackName: stack,
      assumeRoleArn: role('deploy'),
      cloudFormationExecutionRoleArn: role('cfn-exec'),
      lookupRole: { arn: role('lookup') },
    },
  };
}
writeFileSync('cdk.out/manifest.json', JSON.stringify({ version: '36.0.0', artifacts }));
copyFileSync('smoke-test.mjs', 'cdk.out/smoke-test.mjs');
copyFileSync('demo.json', 'cdk.out/demo.json');
if (existsSync('while-building.mjs')) await import('./while-building.mjs');
`;

const smokeTestSource = `
import { readFileSync } from 'node:fs';
const { expected } = JSON.parse(readFileSync('demo.json', 'utf8'));
const outputs = JSON.parse(readFileSync(process.env.OUTPUTS_FILE, 'utf8'));
const values = Object.values(outputs).map(({ Value }) => Value);
if (values.length !== 1 || values[0] !== expected) {
  console.error('expected ' + expected + ', got ' + JSON.stringify(outputs));
  process.exit(1);
}
`;

/** Paths and contents of the project. */
export function demoFiles({
  name,
  value,
  expected = value,
  test = 'node --version',
  statement,
  resource,
  more = {},
}: Demo): Record<string, string> {
  return {
    'package.json': JSON.stringify({ name: 'demo', private: true, scripts: { synth: 'node synth.mjs', test } }),
    'demo.json': JSON.stringify({ name, value, expected, statement, resource }),
    'synth.mjs': synthSource,
    'smoke-test.mjs': smokeTestSource,
    ...more,
  };
}
