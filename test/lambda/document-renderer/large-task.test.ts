import { setTimeout as sleep } from 'node:timers/promises';
import { renderWhenFree, reportWork, TaskInterruptedError } from '../../../lambda/document-renderer/large-task';
import {
  RenderBusyError,
  RenderRefusedError,
  RenderTimeoutError,
} from '../../../lambda/document-renderer/render-errors';
import { captureOutput } from '../../fakes/captured-output';

beforeEach(() => captureOutput());
afterEach(() => jest.restoreAllMocks());

/** State machine that waits for a token until `isVoid`, and what a task reported. */
function stateMachine() {
  const calls: { name: string; input: Record<string, unknown> }[] = [];
  const machine = { calls, isVoid: false, exits: 0 };
  const client = {
    send: (({ constructor, input }: { constructor: { name: string }; input: Record<string, unknown> }) => {
      calls.push({ name: constructor.name.replace('Command', ''), input });
      if (machine.isVoid) return Promise.reject(Object.assign(new Error('void'), { name: 'TaskTimedOut' }));
      return Promise.resolve({});
      // The fake answers every command alike.
    }) as never,
  };
  const exit = (): void => {
    machine.exits += 1;
  };
  const report = (work: () => Promise<string>, heartbeatMilliseconds = 10_000): Promise<void> =>
    reportWork({ client, token: 'token', heartbeatMilliseconds, exit }, work);
  return { machine, report };
}

describe('a task', () => {
  it('reports that it is there, then its outcome, and ends', async () => {
    const { machine, report } = stateMachine();
    await report(() => Promise.resolve('rendered'));
    expect(machine.calls.map(({ name }) => name)).toEqual(['SendTaskHeartbeat', 'SendTaskSuccess']);
    expect(machine.calls[1]?.input).toEqual({ taskToken: 'token', output: '{"outcome":"rendered"}' });
    expect(machine.exits).toBe(1);
  });

  it('begins no work if nobody waits for it', async () => {
    const { machine, report } = stateMachine();
    machine.isVoid = true;
    const work = jest.fn(() => Promise.resolve('rendered'));
    await report(work);
    expect(work).not.toHaveBeenCalled();
    expect(machine.exits).toBe(1);
  });

  it('sends heartbeats while it works, and none afterwards', async () => {
    const { machine, report } = stateMachine();
    const heartbeats = () => machine.calls.filter(({ name }) => name === 'SendTaskHeartbeat').length;
    await report(async () => {
      while (heartbeats() < 4) await sleep(1);
      return 'rendered';
    }, 1);
    const sent = heartbeats();
    await sleep(10);
    expect(heartbeats()).toBe(sent);
  });

  it('ends in the middle of its work by the first heartbeat whose token is void', async () => {
    const { machine, report } = stateMachine();
    const seen = await new Promise<number>((resolve) => {
      void report(async () => {
        machine.isVoid = true;
        while (machine.exits === 0) await sleep(1);
        resolve(machine.calls.length);
        return 'too late';
      }, 1);
    });
    expect(machine.exits).toBeGreaterThan(0);
    expect(seen).toBeGreaterThan(1);
  });

  it('goes on when a heartbeat is not sent, since the next may be', async () => {
    const { machine, report } = stateMachine();
    let failures = 0;
    const push = machine.calls.push.bind(machine.calls);
    machine.calls.push = (...calls) => {
      push(...calls);
      if (machine.calls.length === 2) {
        failures += 1;
        throw new Error('no answer');
      }
      return machine.calls.length;
    };
    await report(async () => {
      while (machine.calls.length < 4) await sleep(1);
      return 'rendered';
    }, 1);
    expect([failures, machine.calls.at(-1)?.name, machine.exits]).toEqual([1, 'SendTaskSuccess', 1]);
  });

  it.each([
    [new RenderRefusedError('too-many-pages', 'more than 5 pages'), 'RenderRefusedError', 'too-many-pages: more'],
    [new TaskInterruptedError('the task was asked to stop'), 'TaskInterruptedError', 'the task was asked'],
  ])('reports %s as a failure with its name and cause', async (thrown, error, cause) => {
    const { machine, report } = stateMachine();
    await report(() => Promise.reject(thrown));
    expect(machine.calls[1]).toMatchObject({
      name: 'SendTaskFailure',
      input: { error, cause: expect.stringContaining(cause) as string },
    });
    expect(machine.exits).toBe(1);
  });
});

describe('a document', () => {
  const enough = { hasTimeLeft: () => true };
  const never = new AbortController().signal;

  it('that another attempt renders is looked at again until it is there', async () => {
    let looks = 0;
    const render = () => {
      looks += 1;
      return looks < 3 ? Promise.reject(new RenderBusyError(0)) : Promise.resolve('reused');
    };
    expect(await renderWhenFree(render, enough, never)).toBe('reused');
  });

  it('that another attempt still renders at the end of the time is left to the next task', async () => {
    const render = () => Promise.reject(new RenderBusyError(1));
    await expect(renderWhenFree(render, { hasTimeLeft: () => false }, never)).rejects.toThrow(RenderBusyError);
  });

  it('that takes longer than a task may is refused, since no other task has more time', async () => {
    const render = () => Promise.reject(new RenderTimeoutError('not in time'));
    await expect(renderWhenFree(render, enough, never)).rejects.toThrow('out-of-time: not in time');
  });

  it('is not begun after an interruption', async () => {
    const render = jest.fn();
    const reason = new TaskInterruptedError('stopped');
    await expect(renderWhenFree(render, enough, AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(render).not.toHaveBeenCalled();
  });

  it.each([
    [
      'its work',
      (signal: AbortSignal) => () =>
        new Promise<string>((_, reject) => {
          signal.addEventListener('abort', () => reject(new RenderTimeoutError('killed')));
        }),
    ],
    ['its wait for another attempt', () => () => Promise.reject(new RenderBusyError(60))],
  ])('that is interrupted in %s ends with the interruption at once', async (_, renderOf) => {
    const controller = new AbortController();
    const reason = new TaskInterruptedError('stopped');
    const ended = renderWhenFree(renderOf(controller.signal), enough, controller.signal);
    setTimeout(() => controller.abort(reason), 5);
    await expect(ended).rejects.toBe(reason);
  });
});
