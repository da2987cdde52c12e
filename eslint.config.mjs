import eslint from '@eslint/js';
import awscdk from 'eslint-plugin-awscdk';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['cdk.out', '.build', '.local', '.native', 'coverage', '**/*.js', '**/*.mjs'] },
  eslint.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      // A number in a template literal prints as one means it to.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: true }],
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: false } }],
    },
  },
  {
    files: ['bin/**/*.ts', 'lib/**/*.ts'],
    ...awscdk.configs.strict,
  },
  {
    files: ['bin/**/*.ts', 'lib/**/*.ts'],
    rules: {
      // It does not see a rest parameter handed on to the parent: every inherited prop counts as unused.
      'awscdk/no-unused-props': 'off',
      // It takes any path with the word in it for a private folder: ours is a private bucket.
      'awscdk/no-import-private': 'off',
      // These are for published construct libraries; here a name that says it all needs no comment beside it.
      'awscdk/require-jsdoc': 'off',
      'awscdk/no-construct-in-interface': 'off',
      'awscdk/no-construct-in-public-property-of-construct': 'off',
    },
  },
  {
    // Cores are pure: only handlers and the adapters named after a service know AWS (docs/adr/0001-parallel-trees.md).
    files: ['lambda/**/*.ts'],
    ignores: ['lambda/*/{s3,sqs,sns,ses,dynamodb,lambda,states,secretsmanager}-*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['@aws-sdk/*', '@smithy/*'],
              message:
                'A core takes its clients as arguments: put the call into an adapter named after the service, such as s3-photos.ts.',
            },
            {
              group: ['aws-cdk-lib', 'constructs', '**/lib/**'],
              message: 'A handler knows nothing of the infrastructure.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['scenarios/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['**/local/**'],
              message: 'A scenario knows stack outputs and the AWS SDK, nothing of the emulator.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['bin/**/*.ts', 'lib/**/*.ts'],
    // A command of its own, not a part of the app.
    ignores: ['lib/bundling/install-native-packages.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: "MemberExpression[object.name='process'][property.name='env']",
          message: 'Only bin/app.ts reads context, nothing reads the environment: take it from Config.',
        },
      ],
    },
  },
  {
    files: ['test/**/*.ts'],
    // Typed rules take half the time of linting; in tests the type check and the test itself find what they would.
    ...tseslint.configs.disableTypeChecked,
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      'no-restricted-syntax': [
        'error',
        {
          selector: 'CallExpression[callee.name=/^(it|test|describe)$/] > Literal:first-child[value=/\\bshould\\b/]',
          message: 'A test name is a promise: write it without "should".',
        },
      ],
    },
  },
);
