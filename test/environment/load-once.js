/**
 * Transforms a file of a package into one that takes what Node loads, once for all test files of a worker.
 *
 * Jest loads modules anew for each test file. Modules that Node loads have other built-in classes than a test file: there,
 * `instanceof Error` is false for an error of CDK.
 */
module.exports = {
  process: (_source, file) => ({ code: `module.exports = loadOnce(${JSON.stringify(file)});` }),
};
