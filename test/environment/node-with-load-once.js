const { TestEnvironment } = require('jest-environment-node');

/** Node's environment, and the function that files transformed by `load-once.js` call. */
module.exports = class extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    this.global.loadOnce = (file) => require(file);
  }
};
