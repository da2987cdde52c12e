import { measureInTurn } from '../../../../tools/bench/measuring/in-turn';

function contestants(acts: string[]) {
  return (['ours', 'peer'] as const).map((name) => ({ name, act: async () => acts.push(name) }));
}

test('every contestant is measured as often, in turn, every second round the other way round', async () => {
  const acts: string[] = [];
  const samples = await measureInTurn(contestants(acts), { rounds: 3 });
  expect(acts).toEqual(['ours', 'peer', 'peer', 'ours', 'ours', 'peer']);
  expect(samples).toEqual({ ours: [1, 4, 5], peer: [2, 3, 6] });
});

test('rounds that warm up are not counted', async () => {
  const rounds: number[] = [];
  const samples = await measureInTurn(contestants([]), { rounds: 1, warmUps: 2, onRound: (one) => rounds.push(one) });
  expect(samples).toEqual({ ours: [5], peer: [6] });
  expect(rounds).toEqual([-2, -1, 0]);
});
