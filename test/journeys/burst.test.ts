import { afterAll, beforeAll, it } from 'vitest';
import { Desk, expect, lineOf, type Stage, setStage } from './desk.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await setStage({ channels: ['telegram'] });
});
afterAll(() => stage?.close());

it('stays at the newest message when many arrive at once', async () => {
  const { simulator } = lineOf(stage, 'telegram');
  const peer = simulator.peer(1);
  const desk = await Desk.open({ stage });
  await simulator.customerWrites({ peer, name: 'Sara', text: 'First words' });
  await desk.open('First words');
  await expect(desk.bubble('First words')).toBeVisible();
  for (let n = 1; n <= 25; n += 1) await simulator.customerWrites({ peer, name: 'Sara', text: `More ${n}.` });
  await expect(desk.bubble('More 25.')).toBeInViewport();
  await desk.close();
}, 60_000);
