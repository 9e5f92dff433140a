import { afterAll, beforeAll, describe, it } from 'vitest';
import { connectors } from '../../connectors/index.ts';
import type { Line } from '../world.ts';
import { Desk, expect, lineOf, type Stage, sent, setStage } from './desk.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage?.close());

/** A customer of this line has written, and their conversation is open. */
async function conversation(line: Line, n: number): Promise<Desk> {
  const desk = await Desk.open({ stage });
  const text = `Hello from customer ${n} of ${line.connector.manifest.id}`;
  await line.simulator.customerWrites({ peer: line.simulator.peer(n), name: `Customer ${n}`, text });
  await desk.open(text);
  await expect(desk.bubble(text)).toBeVisible();
  return desk;
}

/** Whose providers tell also of what went out over our own account. */
const echoed = new Set(['messenger', 'instagram', 'x']);

/** Into a telephone one speaks: nothing is written back. */
const written = Object.entries(connectors).filter(
  ([, { manifest }]) => manifest.capabilities.visibility.length > 0,
);

/** How a channel can know what became of an answer that was lost, and what it writes: one channel of each kind shows what follows. */
const kindOf = (id: string) => {
  const { lookup, letters } = connectors[id]?.manifest.capabilities ?? {};
  return [lookup, letters, echoed.has(id)].join();
};
const shows = new Set(
  new Map(
    written
      .filter(([, { manifest }]) => !manifest.capabilities.sessions)
      .map(([id]): [string, string] => [kindOf(id), id])
      .reverse(),
  ).values(),
);

describe.each(written)('%s', (id, { manifest }) => {
  const { capabilities } = manifest;
  const settled = capabilities.deliveryReceipts ? 'delivered' : 'sent';
  /** The sign that it has come as far as the channel can tell; a visitor reads as soon as it is there. */
  const tick = (desk: Desk, answer: string) =>
    desk.tick(settled, desk.bubble(answer)).or(desk.tick('read', desk.bubble(answer)));

  it('shows a message without a reload and sends the answer with the keyboard alone', async () => {
    const line = lineOf(stage, id);
    const peer = line.simulator.peer(1);
    const desk = await Desk.open({ stage });
    const question = `Where is my order? ${id}`;
    await line.simulator.customerWrites({ peer, name: 'Sara Ahmadi', text: question });
    await expect(desk.row(question)).toBeVisible();

    // A letter tells whole seconds: what was answered within the same one may stand above it.
    const place = Number(await desk.row(question).getAttribute('aria-posinset'));
    for (let step = 0; step < place; step += 1) await desk.page.keyboard.press('j');
    await expect(desk.row(question)).toHaveAttribute('aria-selected', 'true');
    await desk.page.keyboard.press('Enter');
    await expect(desk.bubble(question)).toBeVisible();
    await expect(desk.timeline).toBeFocused();

    const again = `It was due yesterday. ${id}`;
    await line.simulator.customerWrites({ peer, name: 'Sara Ahmadi', text: again });
    await expect(desk.bubble(again)).toBeVisible();

    // The server hears of the answer only after it was seen on screen.
    const answer = `It leaves today. ${id}`;
    let seen: () => void = () => undefined;
    const shown = new Promise<void>((resolve) => {
      seen = resolve;
    });
    await desk.page.route('**/api/conversations/*/messages', async (route) => {
      await shown;
      await route.continue();
    });
    await desk.answer(answer);
    await expect(desk.bubble(answer)).toBeVisible();
    await expect(desk.textbox).toHaveValue('');
    await expect(desk.textbox).toBeFocused();
    expect(sent(line, answer)).toHaveLength(0);
    seen();

    await expect(tick(desk, answer)).toBeVisible();
    await expect(desk.bubble(answer)).toHaveCount(1);
    expect(sent(line, answer)).toHaveLength(1);
    await expect(desk.row(answer)).toContainText(desk.t.row.you);
    expect(desk.loads).toBe(1);
    expect(desk.complaints).toEqual([]);
    await desk.close();
  });

  // Between a visitor and the server stands no provider that could refuse or forget.
  if (!shows.has(id)) return;

  it('offers to try again what the provider refused', async () => {
    const line = lineOf(stage, id);
    const desk = await conversation(line, 2);
    const answer = `Refused once. ${id}`;
    line.simulator.fail('blocked', { times: 1 });
    await desk.answer(answer);
    const question = desk.bubble(answer).getByRole('group', { name: desk.t.delivery.state.failed });
    await expect(question).toBeVisible();
    await expect(
      desk.row(/customer 2|Refused once/).getByRole('img', { name: desk.t.row.undelivered }),
    ).toBeVisible();
    const before = sent(line, answer).length;

    await desk.button(desk.t.delivery.retry, question).click();
    await expect(question).toBeHidden();
    await expect(tick(desk, answer)).toBeVisible();
    expect(sent(line, answer)).toHaveLength(before + 1);
    await expect(desk.row(answer).getByRole('img', { name: desk.t.row.undelivered })).toBeHidden();
    expect(desk.complaints).toEqual([]);
    await desk.close();
  });

  const asks = async () => {
    const line = lineOf(stage, id);
    const desk = await conversation(line, 3);
    const answer = `The answer to this was lost. ${id}`;
    line.simulator.fail('resetAfterAccept', { times: 1 });
    await desk.answer(answer);
    await expect(tick(desk, answer)).toBeVisible();
    await expect(desk.bubble(answer)).toHaveCount(1);
    expect(sent(line, answer)).toHaveLength(1);
    await desk.close();
  };

  const leavesToTheAgent = async () => {
    const line = lineOf(stage, id);
    const desk = await conversation(line, 4);
    const lost = async (text: string) => {
      line.simulator.fail('resetAfterAccept', { times: 1 });
      await desk.answer(text);
      const question = desk.bubble(text).getByRole('group', { name: desk.t.delivery.unknownTitle });
      await expect(question).toBeVisible();
      expect(sent(line, text)).toHaveLength(1);
      // Away from the text field: the next answer begins with the key R.
      await desk.page.keyboard.press('Escape');
      return question;
    };
    const first = `It arrived, surely. ${id}`;
    const marked = await lost(first);
    await desk.button(desk.t.delivery.markSent, marked).click();
    await expect(marked).toBeHidden();
    await expect(desk.tick('sent', desk.bubble(first))).toBeVisible();
    expect(sent(line, first)).toHaveLength(1);

    const second = `Once more, to be safe. ${id}`;
    const resent = await lost(second);
    await desk.button(desk.t.delivery.resend, resent).click();
    await expect(resent).toBeHidden();
    await expect(tick(desk, second)).toBeVisible();
    expect(sent(line, second)).toHaveLength(2);
    expect(desk.complaints).toEqual([]);
    await desk.close();
  };

  if (capabilities.lookup) it('asks the provider itself when its answer was lost', asks);
  else if (echoed.has(id)) it('hears from the provider what became of an answer that was lost', asks);
  else it('leaves an unknown outcome to the agent: mark as sent, or resend', leavesToTheAgent);
});
