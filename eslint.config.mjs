import awscdk from 'eslint-plugin-awscdk';

/**
 * Rules that only a linter of constructs has; everything else is .oxlintrc.json's, which takes a tenth of the time
 * (docs/adr/0012-lint-without-eslint.md).
 */
export default [
  { ignores: ['**', '!bin', '!bin/**', '!lib', '!lib/**'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['bin/**/*.ts', 'lib/**/*.ts'],
    ...awscdk.configs.strict,
    languageOptions: { ...awscdk.configs.strict.languageOptions, parserOptions: { project: './tsconfig.lint.json' } },
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
];
