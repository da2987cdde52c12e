import { accessRules } from './access-rules';
import { alarmRules } from './alarm-rules';
import { dataRules } from './data-rules';
import { databaseRules } from './database-rules';
import { dependencyRules } from './dependency-rules';
import { functionRules } from './function-rules';
import { globalKeyRules } from './global-keys';
import { iamRules } from './iam-rules';
import type { Rule } from './rule';

/** All rules, which the conformance test checks against all templates. */
export const allRules: readonly Rule[] = [
  ...functionRules,
  ...accessRules,
  ...iamRules,
  ...globalKeyRules,
  ...dataRules,
  ...databaseRules,
  ...dependencyRules,
  ...alarmRules,
];
