const { availableParallelism } = require('node:os');

// The gates validate every template once; in each template test it would cost another second a template.
process.env.CDK_VALIDATION = 'false';

/** Packages that Node loads once for all test files of a worker (docs/adr/0079-cdk-is-loaded-once-a-worker.md). */
const loadedOnce = ['aws-cdk-lib', 'constructs', '@aws-cdk/cloudformation-diff', 'cdk-nag'].join('|');

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: '<rootDir>/test/environment/node-with-load-once.js',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  moduleFileExtensions: ['ts', 'js', 'mjs', 'json', 'node'],
  globalSetup: '<rootDir>/test/temporary-folder/make.js',
  globalTeardown: '<rootDir>/test/temporary-folder/remove.js',
  transform: {
    [`/node_modules/(${loadedOnce})/.+\\.js$`]: '<rootDir>/test/environment/load-once.js',
    '^.+\\.m?[tj]s$': [
      '@swc/jest',
      { jsc: { target: 'es2024', parser: { syntax: 'typescript' } }, sourceMaps: 'inline' },
    ],
  },
  // These are published as ESM alone.
  transformIgnorePatterns: [`/node_modules/(?!(kysely|p-map|@hpcc-js|hyparquet|hyparquet-writer|${loadedOnce})/)`],
  moduleNameMapper: {
    // Drivers are imported when they are needed, which TypeScript wants written with the file's ending.
    '^\\./(mysql|postgres)-database\\.js$': '<rootDir>/lambda/database-access/$1-database.ts',
    // Of zod's fifty languages one is spoken here; the others are half of what it loads, anew for each test file.
    '/locales/index\\.cjs$': '<rootDir>/node_modules/zod/v4/locales/en.cjs',
  },
  modulePathIgnorePatterns: ['<rootDir>/cdk.out', '<rootDir>/.local', '<rootDir>/.build', '<rootDir>/.native'],
  // No test takes a second; a machine that is busy with something else may take twenty for it.
  testTimeout: 30_000,
  // On two cores 52 s with three workers and 63 s with two: some tests wait for processes. A fourth makes it slower.
  maxWorkers: Math.max(3, availableParallelism() - 1),
};
