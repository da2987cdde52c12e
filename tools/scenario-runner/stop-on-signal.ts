/** Signal that the first SIGINT or SIGTERM aborts, so that checks end and clean up; the second one ends the process. */
export function stopOnSignal(): AbortSignal {
  const controller = new AbortController();
  const stop = (signal: NodeJS.Signals): void => {
    if (controller.signal.aborted) process.exit(1);
    console.error(`\n${signal}: cleaning up; press again to exit at once without cleaning up`);
    controller.abort(new Error(`stopped by ${signal}`));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return controller.signal;
}
