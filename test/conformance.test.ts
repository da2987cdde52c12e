import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { architectures } from '../lib/architectures';
import { findHandlers } from '../lib/bundling/bundle-handlers';
import { expectedErrorsMetric } from '../lambda/shared/metric-names';
import { readRunbook } from '../scenarios/shared/runbook-entries';
import { alarmRows, staleCauses } from '../tools/runbook/alarm-rows';
import { readCauses } from '../tools/runbook/causes';
import type { Template } from '../tools/template/template';
import { allRules } from './rules/all-rules';
import { ofType, type Resource, type Subject } from './rules/rule';
import { optionalFeatures } from './optional-features';
import { root, stages, synthesize } from './synthesis';

const kinds = [
  { settings: 'defaults', context: {} },
  { settings: 'optional settings on', context: optionalFeatures },
] as const;

const subjects = stages.flatMap((stage) =>
  kinds.flatMap(({ settings, context }) => {
    const synthesis = synthesize({ stage, ...context });
    return architectures.map(({ id, slug }): Subject & { settings: string } => {
      const template = synthesis.template(id).toJSON() as { Resources: Record<string, Resource>; Outputs?: object };
      return {
        settings,
        id,
        slug,
        stage,
        resources: new Map(Object.entries(template.Resources)),
        outputs: new Map(Object.entries(template.Outputs ?? {})),
      };
    });
  }),
);

describe.each(subjects)('$id in $stage with $settings', (subject) => {
  it.each(allRules)('$promise', async ({ breaches }) => {
    expect(await breaches(subject)).toEqual([]);
  });
});

it('every architecture has an entry for its optional features', () => {
  expect(Object.keys(optionalFeatures).sort()).toEqual(architectures.map(({ slug }) => slug).sort());
});

it('CI runs the scenarios of every architecture', () => {
  const [, list = ''] =
    /^ +architecture:\s*\[([^\]]*)\]$/m.exec(readFileSync(join(root, '.github/workflows/ci.yml'), 'utf8')) ?? [];
  expect(
    list
      .split(',')
      .map((slug) => slug.trim())
      .filter((slug) => slug !== ''),
  ).toEqual(architectures.map(({ slug }) => slug));
});

describe.each(architectures)('$id', ({ id, slug }) => {
  it('has the same name in every tree', () => {
    const places = [
      `lib/${slug}/${slug}-stack.ts`,
      `lib/${slug}/${slug}-settings.ts`,
      `lib/${slug}/README.md`,
      `lambda/${slug}`,
      `scenarios/${slug}.ts`,
      `operations/${slug}`,
      `test/lib/${slug}`,
      `test/lambda/${slug}`,
    ];
    expect(places.filter((place) => !existsSync(join(root, place)))).toEqual([]);
    expect(id).toBe(slug.replace(/(^|-)(\w)/g, (_, _hyphen, letter: string) => letter.toUpperCase()));
  });

  it('imports no other architecture', () => {
    const others = architectures.map((one) => one.slug).filter((one) => one !== slug);
    const crossings = ['lib', 'lambda'].flatMap((tree) =>
      readdirSync(join(root, tree, slug), { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts') && !file.includes('node_modules'))
        .filter((file) =>
          others.some((other) => readFileSync(join(root, tree, slug, file), 'utf8').includes(`/${other}/`)),
        ),
    );
    expect(crossings).toEqual([]);
  });

  it('is listed in the README with its services and its idle cost', () => {
    const readme = readFileSync(join(root, 'README.md'), 'utf8');
    expect(readme).toMatch(
      new RegExp(`^\\| \\[${slug}\\]\\(lib/${slug}/README\\.md\\): .* \\| .*\\w.* \\| \\$[\\d.]+ *\\|$`, 'm'),
    );
  });
});

// A new architecture has marks to fill in; a pull request has none.
const inCi = process.env['CI'] === undefined ? it.skip : it;

inCi.each(architectures)('no TODO($slug) is left to fill in', ({ slug }) => {
  const { stdout } = spawnSync('git', ['grep', '-n', '-F', `TODO(${slug})`], { cwd: root, encoding: 'utf8' });
  expect(stdout).toBe('');
});

it.each(architectures)(
  'sandbox and prod of $id share no physical name, so that both fit into one account',
  ({ id }) => {
    for (const { settings } of kinds) {
      const mine = subjects.filter((subject) => subject.id === id && subject.settings === settings);
      const [sandbox = [], prod = []] = stages.map((stage) =>
        mine.filter((one) => one.stage === stage).flatMap(namesOf),
      );
      expect(sandbox.filter((name) => prod.includes(name))).toEqual([]);
    }
  },
);

/** Types whose names are within their API, function or user pool. */
const withinAnother = [
  'AWS::ApiGateway::Authorizer',
  'AWS::ApiGateway::Stage',
  'AWS::ApiGatewayV2::Stage',
  'AWS::Lambda::Alias',
  'AWS::Cognito::UserPoolResourceServer',
];

/** Physical names in a template. A metric may have many alarms; policies and target groups belong to their role or proxy. */
function namesOf({ resources }: Subject): string[] {
  const others = ['MetricName', 'PolicyName', 'TargetGroupName', 'BackupVaultName', 'DeploymentConfigName'];
  return [...resources.values()].flatMap(({ Type, Properties = {} }) =>
    Object.entries(Properties)
      .filter(([property, value]) => /(^|[a-z])Name$/.test(property) && typeof value === 'string')
      .filter(([property]) => !others.includes(property) && !withinAnother.includes(Type))
      .map(([property, value]) => `${Type} ${property} ${String(value)}`),
  );
}

it('every handler is deployed by a function', () => {
  const deployed = subjects.flatMap((subject) =>
    ofType(subject, 'AWS::Lambda::Function').map(({ id }) => `${subject.slug}/${id}`),
  );
  const isOf = (handler: string, id: string): boolean => {
    const [slug = '', construct = ''] = constructOf(handler).split('/');
    // A function may be within a construct of its architecture.
    return id.startsWith(`${slug}/`) && new RegExp(`${construct}Function[0-9A-F]{8}$`).test(id);
  };
  const orphans = findHandlers(root).filter((handler) => !deployed.some((id) => isOf(handler, id)));
  expect(orphans).toEqual([]);
});

/** Slug and construct id of a handler: `image-resize/ResizeImage`. */
function constructOf(handler: string): string {
  const [slug = '', file = ''] = handler.split('/');
  return `${slug}/${file.replace(/(^|-)(\w)/g, (_, _hyphen, letter: string) => letter.toUpperCase())}`;
}

it('an alarm leaves out expected errors exactly where the handler counts them', () => {
  const subtracting = new Set(
    subjects.flatMap((subject) =>
      ofType(subject, 'AWS::CloudWatch::Alarm')
        .filter(({ properties }) => JSON.stringify(properties['Metrics'] ?? '').includes(expectedErrorsMetric))
        .map(({ id }) => `${subject.slug}/${id.replace(/Errors[0-9A-F]{8}$/, '')}`),
    ),
  );
  const counting = findHandlers(root)
    .filter((handler) => readFileSync(join(root, 'lambda', `${handler}.ts`), 'utf8').includes('countExpectedErrors('))
    .map(constructOf);
  expect([...subtracting].sort()).toEqual(counting.sort());
});

it.each(architectures)(
  'every entry in the runbook of $id belongs to an alarm, and its heading is unique',
  ({ slug }) => {
    const anchors = readRunbook(slug).map(({ anchor }) => anchor);
    const named = subjects
      .filter((subject) => subject.slug === slug)
      .flatMap((subject) => ofType(subject, 'AWS::CloudWatch::Alarm'))
      .map(({ properties }) => String(properties['AlarmDescription']).replace(/^.*#/, ''));
    expect(anchors.filter((anchor) => !named.includes(anchor))).toEqual([]);
    expect(anchors).toEqual([...new Set(anchors)]);
  },
);

describe.each(architectures)('the alarms of $id', ({ slug }) => {
  const causes = readCauses(root, slug);
  const rows = subjects.filter((one) => one.slug === slug).flatMap((one) => alarmRows(templateOf(one), causes));

  it('have a proof that causes each, or a reason (scenarios/<slug>/alarm-causes.json)', () => {
    expect(rows.filter(({ cause }) => cause === undefined).map(({ heading }) => heading)).toEqual([]);
    expect(staleCauses(rows, causes)).toEqual([]);
  });
});

function templateOf({ resources }: Subject): Template {
  return { Resources: Object.fromEntries(resources) };
}

it('no folder has a vague name', () => {
  const vague = ['bin', 'lib', 'lambda', 'operations', 'scenarios', 'test', 'tools']
    .filter((tree) => existsSync(join(root, tree)))
    .flatMap((tree) =>
      readdirSync(join(root, tree), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isDirectory() && /^(utils?|helpers?|common|types|misc)$/.test(entry.name))
        .map((entry) => join(tree, entry.name)),
    );
  expect(vague).toEqual([]);
});
