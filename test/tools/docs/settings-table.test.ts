import { z } from 'zod';
import { architectures } from '../../../lib/architectures';
import { settingsOf, withSettings } from '../../../tools/docs/settings-table';

const schema = z
  .strictObject({
    units: z.int().min(1).default(50_000).describe('Units a day.'),
    output: z.strictObject({ prefix: z.string().default('').describe('Before a | after.') }).prefault({}),
    zones: z.array(z.string()).optional().describe('Default: two.'),
    steps: z.array(z.string()).default(['a long default that would make the table unreadable']),
  })
  .superRefine(() => undefined);

it('lists settings by their path, with default and description', () => {
  expect(settingsOf(schema).slice(0, 3)).toEqual([
    { key: 'units', default: 50_000, description: 'Units a day.' },
    { key: 'output.prefix', default: '', description: 'Before a | after.' },
    { key: 'zones', default: undefined, description: 'Default: two.' },
  ]);
});

it('writes an aligned table between the marks, and nothing else', () => {
  const readme = 'before\n\n<!-- settings: written by npm run docs -->\nold\n<!-- /settings -->\n\nafter\n';
  const written = withSettings(readme, settingsOf(schema));
  expect(written).toBe(`before

<!-- settings: written by npm run docs -->

| Key             | Default        |                    |
| --------------- | -------------- | ------------------ |
| \`units\`         | 50,000         | Units a day.       |
| \`output.prefix\` | \`""\`           | Before a \\| after. |
| \`zones\`         |                | Default: two.      |
| \`steps\`         | see the schema |                    |

<!-- /settings -->

after
`);
  expect(withSettings(written, settingsOf(schema))).toBe(written);
});

it('fails on a README without the marks', () => {
  expect(() => withSettings('# orders', [])).toThrow('lacks the lines');
});

it.each(architectures)('every setting of $slug has a description', ({ settings }) => {
  const undescribed = settingsOf(settings).filter(({ description }) => description === undefined);
  expect(undescribed.map(({ key }) => key)).toEqual([]);
});
