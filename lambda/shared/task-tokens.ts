/** Errors for a token that no state waits for: timed out, used before, or its execution has ended. */
const voidTokenErrors = ['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken'];

/** Returns whether a state waited for the token of a call to Step Functions, such as SendTaskSuccess. */
export async function isTokenAwaited(call: Promise<unknown>): Promise<boolean> {
  try {
    await call;
    return true;
  } catch (error) {
    if (error instanceof Error && voidTokenErrors.includes(error.name)) return false;
    throw error;
  }
}
