import { measureInTurn } from '../../../../tools/bench/measuring/in-turn';

function contestants(acts: string[]) {
  return (['ours', 'peer'] as const).map((name) => ({ name, act: async () => acts.push(name) }));
}

test('measures every contestant equally often, every second turn in the opposite order', async () => {
  const acts: string[] = [];
  const samples = await measureInTurn(contestants(acts), { turns: 3 });
  expect(acts).toEqual(['ours', 'peer', 'peer', 'ours', 'ours', 'peer']);
  expect(samples).toEqual({ ours: [1, 4, 5], peer: [2, 3, 6] });
});

test('does not count warm-up turns', async () => {
  const turns: number[] = [];
  const samples = await measureInTurn(contestants([]), { turns: 1, warmUps: 2, onTurn: (one) => turns.push(one) });
  expect(samples).toEqual({ ours: [5], peer: [6] });
  expect(turns).toEqual([-2, -1, 0]);
});
